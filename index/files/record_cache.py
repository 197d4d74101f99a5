"""A cache on disk: appended to, checked record by record, safe to lose."""

import hashlib
import os
import struct
from collections.abc import Mapping
from pathlib import Path

from index.files import atomic

_MAGIC = b"QAc1"
_HEAD = struct.Struct("<4s32sI")
_DIGEST = 16


class Cache:
    """Byte strings by 32-byte keys. One process appends at a time; damaged records are skipped."""

    def __init__(self, path: Path) -> None:
        """Read what is at `path`, which need not exist."""
        self._path = path
        self._values: dict[bytes, bytes] = {}
        self.used: set[bytes] = set()
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = b""
        self._end = self._read(content)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key; None if missing."""
        self.used.add(key)
        return self._values.get(key)

    def add(self, values: Mapping[bytes, bytes]) -> None:
        """Store further values; they are on the disk on return."""
        new = {key: value for key, value in values.items() if self._values.get(key) != value}
        self.used |= values.keys()
        if not new:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("r+b" if self._path.exists() else "w+b") as file:
            file.truncate(self._end)  # removes the half record of a writer that died
            file.seek(self._end)
            for key, value in new.items():
                file.write(_record(key, value))
            file.flush()
            os.fsync(file.fileno())
            self._end = file.tell()
        self._values.update(new)

    def prune(self, *, most: int) -> None:
        """Drop the oldest values beyond `most`, never those asked for or added since the cache was opened."""
        spare = max(0, len(self._values) - max(most, len(self.used & self._values.keys())))
        if not spare:
            return
        dropped = set([key for key in self._values if key not in self.used][:spare])
        self._values = {key: value for key, value in self._values.items() if key not in dropped}
        content = b"".join(_record(key, value) for key, value in self._values.items())
        atomic.replace(self._path, content)
        self._end = len(content)

    def _read(self, content: bytes) -> int:
        """Read every sound record; return the offset where the last one ends."""
        position = end = 0
        while (position := content.find(_MAGIC, position)) >= 0 and position + _HEAD.size <= len(content):
            _, key, length = _HEAD.unpack_from(content, position)
            stop = position + _HEAD.size + length
            value = content[position + _HEAD.size : stop]
            if content[stop : stop + _DIGEST] == _digest(key, value):
                self._values.pop(key, None)  # a newer record of a key also takes a later place
                self._values[key] = value
                position = end = stop + _DIGEST
            else:
                position += 1
        return end


def key_of(*parts: str | bytes) -> bytes:
    """Return a key for everything that a value depends on."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.digest()


def _record(key: bytes, value: bytes) -> bytes:
    return _HEAD.pack(_MAGIC, key, len(value)) + value + _digest(key, value)


def _digest(key: bytes, value: bytes) -> bytes:
    return hashlib.blake2b(key + len(value).to_bytes(4, "little") + value, digest_size=_DIGEST).digest()
