"""Messages between the reading and the converting process: a JSON object and bytes, preceded by their lengths.

They use JSON and not pickle, because the replies are made from files of unknown origin.
"""

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">II")


class MessageBroken(Exception):
    """The bytes from the pipe are not a message."""


def packed(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """Return a message in the form that goes over the pipe."""
    head = json.dumps(header).encode("ascii")
    return _LENGTHS.pack(len(head), len(body)) + head + body


def unpack(read: Callable[[int], bytes], *, longest: int) -> tuple[dict[str, Any], bytes]:
    """Return the next message; `read` returns exactly as many bytes as asked for, or raises `EOFError`.

    Raises `MessageBroken`.
    """
    head_length, body_length = _LENGTHS.unpack(read(_LENGTHS.size))
    if head_length + body_length > longest:
        raise MessageBroken(f"A message of {head_length + body_length} bytes")
    try:
        header = json.loads(read(head_length))
    except (ValueError, RecursionError) as error:
        raise MessageBroken("No JSON") from error
    if not isinstance(header, dict):
        raise MessageBroken("No JSON object")
    return header, read(body_length)


def send(stream: BinaryIO, header: Mapping[str, Any], body: bytes = b"") -> None:
    """Write a message to a pipe at once."""
    stream.write(packed(header, body))
    stream.flush()


def exactly(stream: BinaryIO, size: int) -> bytes:
    """Return exactly `size` bytes. Raises `EOFError` if the pipe ends earlier."""
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
