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
    """Byte strings by 32-byte keys. One process appends at a time; damaged records are skipped.

    A record is compared with its digest when its value is asked for: most are not.
    """

    def __init__(self, path: Path) -> None:
        """Read what is at `path`, which need not exist."""
        self._path = path
        try:
            self._content = path.read_bytes()
        except FileNotFoundError:
            self._content = b""
        self._places: dict[bytes, tuple[int, int]] = {}
        self._added: dict[bytes, bytes] = {}
        self.used: set[bytes] = set()
        self._end = self._read()

    def __len__(self) -> int:
        return len(self._places.keys() | self._added.keys())

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key; None if missing."""
        self.used.add(key)
        return self._value(key)

    def add(self, values: Mapping[bytes, bytes]) -> None:
        """Store further values; they are on the disk on return."""
        new = {key: value for key, value in values.items() if self._value(key) != value}
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
        for key in new:
            self._added.pop(key, None)  # a newer record of a key also takes a later place
        self._added.update(new)

    def prune(self, *, most: int) -> None:
        """Drop the oldest values beyond `most`, never those asked for or added since the cache was opened."""
        keys = [*(key for key in self._places if key not in self._added), *self._added]
        spare = max(0, len(keys) - max(most, len(self.used.intersection(keys))))
        if not spare:
            return
        dropped = set([key for key in keys if key not in self.used][:spare])
        kept = ((key, self._value(key)) for key in keys if key not in dropped)
        self._content = b"".join(_record(key, value) for key, value in kept if value is not None)
        self._places, self._added = {}, {}
        self._end = self._read()
        atomic.replace(self._path, self._content)

    def _value(self, key: bytes) -> bytes | None:
        """Return a value, unless its record is damaged."""
        if key in self._added:
            return self._added[key]
        if key not in self._places:
            return None
        begin, end = self._places[key]
        value = self._content[begin:end]
        return value if self._content[end : end + _DIGEST] == _digest(key, value) else None

    def _read(self) -> int:
        """Find every record; return the offset where the last one ends."""
        content, position, end = self._content, 0, 0
        while (position := content.find(_MAGIC, position)) >= 0 and position + _HEAD.size <= len(content):
            _, key, length = _HEAD.unpack_from(content, position)
            begin = position + _HEAD.size
            stop = begin + length
            following = stop + _DIGEST
            # Where a length is damaged, neither a record nor the end follows.
            whole = following == len(content) or content.startswith(_MAGIC, following)
            if whole or content[stop:following] == _digest(key, content[begin:stop]):
                self._places.pop(key, None)  # a newer record of a key also takes a later place
                self._places[key] = (begin, stop)
                position = end = following
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
