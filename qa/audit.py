"""The log of what staff did: rows that are only ever added, each carrying the hash of the one before.

A small file beside the log holds the number of rows and the last hash, so that rows cut from the end are missed too.
Whoever can write both files can still forge both; print or copy the head elsewhere to guard against that.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index import disk

LOG, HEAD = "audit.jsonl", "audit.head"
BEGUN, DONE, FAILED, INTERRUPTED = "begun", "done", "failed", "interrupted"
_START = "0" * 64


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


@dataclass(slots=True)
class Action:
    """An action under way: what its last row will say of it."""

    target: str
    outcome: str = DONE


class Audit:
    """The log below the folder of everything the program makes; safe with several processes."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._log = home / LOG

    @contextmanager
    def action(self, who: str, action: str, *, target: str = "", why: str = "") -> Iterator[Action]:
        """A row before the block and one after it, which says how it ended; nothing is done that cannot be logged."""
        self.add(who, action, target=target, why=why, outcome=BEGUN)
        under_way = Action(target)
        try:
            yield under_way
        except BaseException as error:
            stopped = isinstance(error, KeyboardInterrupt)
            under_way.outcome = INTERRUPTED if stopped else f"{FAILED}: {error or type(error).__name__}"
            raise
        finally:
            self.add(who, action, target=under_way.target, why=why, outcome=under_way.outcome)

    def add(self, who: str, action: str, *, target: str = "", why: str = "", outcome: str = DONE) -> Row:
        """Add a row; it is on the disk when this returns."""
        self._home.mkdir(parents=True, exist_ok=True)
        with self._log.open("a+b") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            content = self._log.read_bytes()
            lines = _lines(content)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = Row(len(lines) + 1, now, who, action, target, why, outcome, _hash(lines[-1]) if lines else _START)
            line = json.dumps(asdict(row), ensure_ascii=False).encode("utf-8", "surrogatepass")
            torn = content and not content.endswith(b"\n")  # by a loss of power; `tampering` tells
            log.write((b"\n" if torn else b"") + line + b"\n")
            log.flush()
            os.fsync(log.fileno())
            disk.replace(self._home / HEAD, json.dumps({"rows": row.number, "last": _hash(line)}).encode())
        return row

    def copy(self) -> tuple[bytes, bytes]:
        """The log and its head as they belong together; empty where there are none."""
        with self._shared():
            head = self._home / HEAD
            return b"\n".join([*self._content(), b""]), head.read_bytes() if head.exists() else b""

    def rows(self) -> list[Row]:
        """All rows that can be read, the oldest first."""
        return [row for line in self._content() if (row := _row(line)) is not None]

    def tampering(self) -> list[str]:
        """What speaks against the log being whole, in Chinese; empty when nothing does."""
        with self._shared():
            lines, head = self._content(), self._head()
        found = [problem for number, line in enumerate(lines, start=1) for problem in _problems(number, line, lines)]
        if head is None:
            return [*found, f"{HEAD}缺失或损坏，无法核对末尾的记录"] if lines else found
        rows, last = head
        if rows > len(lines):
            found.append(f"末尾少了{rows - len(lines)}条记录（应有{rows}条，现有{len(lines)}条）")
        elif rows < len(lines) - 1:  # one more is what a crash between the two writes leaves
            found.append(f"末尾多出{len(lines) - rows}条不是由程序写入的记录")
        elif rows and _hash(lines[rows - 1]) != last:
            found.append(f"第{rows}条记录被改动过")
        return found

    @contextmanager
    def _shared(self) -> Iterator[None]:
        try:
            with self._log.open("rb") as log:
                fcntl.flock(log, fcntl.LOCK_SH)
                yield
        except FileNotFoundError:
            yield

    def _content(self) -> list[bytes]:
        try:
            return _lines(self._log.read_bytes())
        except FileNotFoundError:
            return []

    def _head(self) -> tuple[int, str] | None:
        try:
            head = json.loads((self._home / HEAD).read_bytes())
            return int(head["rows"]), str(head["last"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def _problems(number: int, line: bytes, lines: list[bytes]) -> Iterator[str]:
    """What is wrong with one line, seen from it and from the one before it."""
    row, earlier = _row(line), lines[number - 2] if number > 1 else None
    if row is None:
        yield f"第{number}条记录读不出来（写到一半断电，或被改动过）"
        return
    if row.before == (_hash(earlier) if earlier is not None else _START):
        if row.number != number:
            yield f"第{number}条记录的编号是{row.number}"
        return
    above = _row(earlier) if earlier is not None else None
    expected = above.number + 1 if above else 1
    if row.number > expected:
        yield f"第{number}条之前少了记录（编号从{expected - 1}跳到{row.number}）"
    elif row.number < expected:
        yield f"第{number}条记录的次序不对（编号{row.number}排在{expected - 1}之后）"
    else:
        yield f"第{number - 1 or 1}条记录被改动过"


def _row(line: bytes) -> Row | None:
    try:
        entry: dict[str, Any] = json.loads(line)
        row = Row(**entry)
    except (ValueError, TypeError):
        return None
    return row if isinstance(row.number, int) else None


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
