"""Who wrote what a document says now, as far as the audit log knows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from qa.storage.audit import DONE
from qa.storage.audit_log.chain import Row

_WRITING = frozenset(["upload", "edit"])


def writers(rows: Sequence[Row], document: str, *, since: datetime, built_at: datetime) -> set[str]:
    """Return who uploaded or edited the file of a document after `since`.

    If the snapshot built at `built_at` holds nothing of theirs, the last person before `since` wrote what it says, and
    is returned too. Files that were copied into the folder have no known writer.
    """
    wrote = [(datetime.fromisoformat(row.at), row.who) for row in _writing(rows, document)]
    found = {who for at, who in wrote if at >= since}
    earlier = [who for at, who in wrote if at < since]
    if earlier and not any(since <= at <= built_at for at, _ in wrote):
        found.add(earlier[-1])
    return found


def written_since(rows: Sequence[Row], document: str, since: datetime) -> bool:
    """Return whether anybody uploaded or edited the file of a document later than `since`."""
    return any(datetime.fromisoformat(row.at) > since for row in _writing(rows, document))


def last_writer(rows: Sequence[Row], document: str) -> str:
    """Return who uploaded or edited the file of a document last; empty if nobody is known."""
    return next((row.who for row in _writing(list(reversed(rows)), document)), "")


def took_part(rows: Sequence[Row], document: str, who: str) -> bool:
    """Return whether a member uploaded the file of a document as it is, or edited it since it was uploaded."""
    for row in _writing(list(reversed(rows)), document):
        if row.who == who:
            return True
        if row.action == "upload":
            return False
    return False


def copied(rows: Sequence[Row], documents: Iterable[str]) -> list[str]:
    """Return the documents whose files nobody is known to have uploaded: they were copied into the folder."""
    uploaded = {row.target for row in rows if row.action == "upload" and row.outcome == DONE}
    return [name for name in documents if uploaded.isdisjoint((name, *map(str, PurePosixPath(name).parents)))]


def _writing(rows: Sequence[Row], document: str) -> Iterator[Row]:
    names = {document, *map(str, PurePosixPath(document).parents)}
    return (row for row in rows if row.action in _WRITING and row.outcome == DONE and row.target in names)
