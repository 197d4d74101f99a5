"""Computes what a refresh would do: new, changed, removed and renamed files, and the time it would take."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from corpus.files.scan import FileReport, Scan
from corpus.loaders import LOADERS
from qa.publishing.records import Record


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between the folder and the published snapshot; `seconds` is None without earlier refreshes.

    `changed` includes files that could not be read for lack of memory, of a library or of time.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    unchanged: int
    not_taken: tuple[FileReport, ...]
    seconds: float | None = 0.0

    @property
    def nothing(self) -> bool:
        """Return whether the folder is unchanged."""
        return not (self.added or self.changed or self.removed or self.renamed)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def loader_identities() -> dict[str, str]:
    """Return the reader of each file type; another reader may turn the same file into another document."""
    return {suffix: loader.identity for suffix, loader in LOADERS.items()}


def sources(scan: Scan) -> dict[str, tuple[str, int]]:
    """Return the hash and the size of each file."""
    return {file.name: (file.sha256, file.size) for file in scan.files}


def make(scan: Scan, published: Record | None, earlier: Sequence[Record]) -> Plan:
    """Compare a folder with the published snapshot's files; `earlier` refreshes show how long reading takes."""
    old, new = dict(published.sources) if published else {}, sources(scan)
    added, removed = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    gone_by_hash = {old[name][0]: name for name in removed}
    renamed = [(gone_by_hash.pop(new[name][0]), name) for name in added if new[name][0] in gone_by_hash]
    moved = {name for pair in renamed for name in pair}
    again = {file.name for file in published.files if file.again} if published else set()
    changed = [name for name in sorted(new.keys() & old.keys()) if name in again or new[name][0] != old[name][0]]
    added, removed = [[name for name in names if name not in moved] for names in (added, removed)]
    size = sum(new[name][1] for name in [*added, *changed])
    unchanged = len(new) - len(added) - len(changed) - len(renamed)
    plan = Plan(tuple(added), tuple(changed), tuple(removed), tuple(renamed), unchanged, scan.not_taken)
    return plan if published and plan.nothing else replace(plan, seconds=_seconds(size, earlier))


def _seconds(size: int, earlier: Sequence[Record]) -> float | None:
    """Return an estimate from earlier refreshes: time for each byte to read and embed, and a fixed time."""
    read = sum(record.bytes_read for record in earlier)
    embedded = sum(record.embedded for record in earlier)
    if not read or not embedded:
        return None
    spent = {step: sum(r.seconds.get(step, 0.0) for r in earlier) for step in ("read", "embed")}
    once = max(sum(s for step, s in r.seconds.items() if step not in spent) for r in earlier[-3:])
    return round(size * (spent["read"] + spent["embed"]) / read + once, 1)
