"""The chain of the audit log: rows as lines of JSON, each with the hash of the line before it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

START = "0" * 64  # what the first row carries


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that staff did: when (ISO 8601, UTC), who, what, to what, why, and how it ended."""

    number: int
    at: str
    who: str
    action: str
    target: str
    why: str
    outcome: str
    before: str


def line_of(row: Row) -> bytes:
    """Return the row as its line, without the line's end."""
    return json.dumps(asdict(row), ensure_ascii=False).encode("utf-8", "surrogatepass")


def row_of(line: bytes) -> Row | None:
    """Return the row in a line; None if the line is not a row."""
    try:
        entry: dict[str, Any] = json.loads(line)
        row = Row(**entry)
    except (ValueError, TypeError, RecursionError):
        return None
    return row if isinstance(row.number, int) else None


def split(content: bytes) -> list[bytes]:
    """Return the lines of a log; the last one may lack its end."""
    lines = content.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def digest(line: bytes) -> str:
    """Return the hash of this line that the next row carries."""
    return hashlib.sha256(line).hexdigest()


def problems(lines: Sequence[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the faults of a chain of lines, in Chinese, each with the number of its line."""
    for number, line in enumerate(lines, start=1):
        for problem in _problems(number, line, lines):
            yield number, problem


def content_of(lines: Sequence[bytes]) -> str:
    """Return the number of these lines and their hash, which shows whether they have changed."""
    return f"{len(lines)} {digest(b''.join(b'%d %s' % (len(line), line) for line in lines))}"


def looked_at(lines: Sequence[bytes], action: str, outcome: str) -> tuple[int, Row | None]:
    """Return how many of the first lines an administrator has looked at, and the row that records it.

    It counts only while these lines are byte for byte the same.
    """
    for place in range(len(lines) - 1, -1, -1):
        row = row_of(lines[place]) if outcome.encode() in lines[place] else None
        if row is None or (row.action, row.outcome) != (action, outcome):
            continue
        text = row.target.partition(" ")[0]
        count = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        if 0 < count <= place and content_of(lines[:count]) == row.target:
            return count, row
    return 0, None


def _problems(number: int, line: bytes, lines: Sequence[bytes]) -> Iterator[str]:
    """Yield the faults of one line, compared with the line before it."""
    row, earlier = row_of(line), lines[number - 2] if number > 1 else None
    if row is None:
        yield f"第{number}条记录读不出来（写到一半断电，或被改动过）"
        return
    if row.before == (digest(earlier) if earlier is not None else START):
        if row.number != number:
            yield f"第{number}条记录的编号是{row.number}"
        return
    above = row_of(earlier) if earlier is not None else None
    expected = above.number + 1 if above else 1
    if row.number > expected:
        yield f"第{number}条之前少了记录（编号从{expected - 1}跳到{row.number}）"
    elif row.number < expected:
        yield f"第{number}条记录的次序不对（编号{row.number}排在{expected - 1}之后）"
    else:
        yield f"第{number - 1 or 1}条记录被改动过"
