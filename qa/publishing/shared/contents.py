"""The contents of shared files in an object store, each under its hash: written once, compared whenever it is read."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from index.files.objects import Objects, ObjectsUnreachable
from index.snapshots.errors import StoreError, StoreUnreachable

_AS_OBJECT = "documents"


class ContentDamaged(StoreError):
    """An object is not what was stored under its hash."""


class Contents:
    """The contents that one server stores and fetches. Every method may raise `StoreError`."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def store(self, content: bytes) -> str:
        """Store a content under its hash, which is returned; one that is stored already is written over."""
        sha256 = hash_of(content)
        with _reached():
            self._objects.put(object_name(sha256), content)
        return sha256

    def fetch(self, sha256: str, name: bytes) -> bytes:
        """Return the content of that hash; `name` is the file that a refusal names. Raises `ContentDamaged`."""
        try:
            with _reached():
                content = b"".join(self._objects.get(object_name(sha256)))
        except FileNotFoundError:
            content = None
        if content is None or hash_of(content) != sha256:
            raise ContentDamaged(
                f"{shown(name)}在对象存储里缺失或已损坏，没有取来；请在有这个文件的机器上重新上传它，或从备份恢复"
            )
        return content

    def forget(self, wanted: Collection[str]) -> None:
        """Delete all contents but those of the hashes that are wanted."""
        with _reached():
            stored = self._objects.names(_AS_OBJECT)
            self._objects.delete([name for name in stored if name.rpartition("/")[2] not in wanted])


def object_name(sha256: str) -> str:
    """Return the name of the object that holds a content."""
    return f"{_AS_OBJECT}/{sha256}"


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def shown(name: bytes) -> str:
    """Return the name of a file as staff read it."""
    return name.decode("utf-8", "replace")


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except ObjectsUnreachable as error:
        raise StoreUnreachable(f"对象存储连不上或拒绝（{error}），文件现在不能存入或取出；请稍后再试") from error
