"""Jobs that machines share: what is asked and what is returned, in bytes; converting and embedding as one of them."""

import json
import logging
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from corpus import document_json
from corpus.conversion.container import Converted, is_container, origin
from corpus.conversion.converter import Converter, Converting
from corpus.errors import Failed, FileProblem, Quarantined
from corpus.files.scan import File, contents, file_hash, side_file
from corpus.limits import Limits
from index.embedding.base import Embedder, Vectors
from index.files.objects import Objects, ObjectsUnreachable
from qa.publishing.shared.contents import hash_of, object_name

logger = logging.getLogger(__name__)

_KINDS: Mapping[str, type[FileProblem]] = {"quarantined": Quarantined, "failed": Failed}


class ContentMissing(Exception):
    """The content of a file is not among what is shared, or not as it was stored."""


def convert_kind() -> str:
    """Return the kind of the jobs that convert: other loaders are asked for by another."""
    return f"convert {origin('')[:16]}"


def embed_kind(model: str) -> str:
    """Return the kind of the jobs that embed with a model."""
    return f"embed {model}"


def embed(embedder: Embedder, task: bytes) -> bytes:
    """Do a job that embeds."""
    return embedder.encode_passages(unpacked(task)).astype("<f4").tobytes()


class Conversion:
    """Does jobs that convert, one after another in the same process aside; call `close` at the end."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._converter: Converter | None = None
        self._limits = Limits()

    def __call__(self, task: bytes) -> bytes:
        """Return what is in a file, or why it is not read, or nothing if its content is not among the shared ones."""
        asked = unpacked(task)
        try:
            content, side = (_content(self._objects, sha256) for sha256 in (asked["content"], asked["side"]))
        except (ContentMissing, ObjectsUnreachable) as error:
            logger.error("%s is not converted here: %s", asked["name"], error)
            return packed(None)
        converter = self._with(Limits(**asked["limits"]))
        with tempfile.TemporaryDirectory(prefix="qa-worker-") as folder:
            path = Path(folder) / f"file{PurePosixPath(asked['name']).suffix}"
            path.write_bytes(content)
            if side:
                side_file(path).write_bytes(side)
            file = File(asked["name"], path, file_hash(content, side), len(content))
            try:
                return packed({"found": [_entry(one) for one in opened(converter, file)]})
            except FileProblem as problem:
                return packed({"problem": _told(problem)})

    def close(self) -> None:
        if self._converter:
            self._converter.__exit__(None, None, None)
        self._converter = None

    def _with(self, limits: Limits) -> Converter:
        if self._converter is None or limits != self._limits:
            self.close()
            self._converter, self._limits = Converter(limits), limits
        return self._converter


def opened(converter: Converting, file: File) -> list[Converted]:
    """Read a file, or all files within it. Raises `FileProblem`."""
    return converter.open(file) if is_container(file.name) else [Converted(file.name, converter.convert(file))]


def convert_task(file: File, limits: Limits) -> bytes:
    """Return the task to convert a file: the hashes of what is to be read, not its bytes."""
    try:
        content, side = contents(file.path, limits=limits)
    except OSError:  # said by who converts it here
        content, side = b"", b""
    hashes = {"content": hash_of(content), "side": hash_of(side) if side else ""}
    return packed({"name": file.name, **hashes, "limits": asdict(limits)})


def _content(objects: Objects, sha256: str) -> bytes:
    if not sha256:
        return b""
    try:
        content = b"".join(objects.get(object_name(sha256)))
    except FileNotFoundError as error:
        raise ContentMissing(sha256) from error
    if hash_of(content) != sha256:
        raise ContentMissing(sha256)
    return content


def _entry(one: Converted) -> dict[str, Any]:
    document = document_json.as_json(one.document) if one.document else None
    return {"name": one.name, "document": document, "problem": _told(one.problem) if one.problem else None}


def converted(entry: Mapping[str, Any]) -> Converted:
    """Return what a worker found in a file."""
    document = document_json.from_json(entry["document"]) if entry["document"] else None
    return Converted(entry["name"], document, problem_of(entry["problem"]) if entry["problem"] else None)


def _told(problem: FileProblem) -> list[Any]:
    kind = "quarantined" if isinstance(problem, Quarantined) else "failed"
    return [kind, str(problem), problem.again]


def problem_of(told: Sequence[Any]) -> FileProblem:
    """Return why a worker did not read a file."""
    kind, message, again = told
    return _KINDS[kind](message, again=again)


def packed(value: Any) -> bytes:
    """Return a JSON value as the bytes of a task or a result."""
    return zlib.compress(json.dumps(value).encode(), 1)


def unpacked(content: bytes) -> Any:
    """Return the JSON value in the bytes of a task or a result."""
    return json.loads(zlib.decompress(content))


def vectors(result: bytes, rows: int) -> Vectors:
    """Return the vectors that a worker made, one a row."""
    return np.frombuffer(result, dtype="<f4").reshape(rows, -1)
