"""The record of each snapshot: who made it, from which files, and its golden results."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from corpus.files.scan import FileReport, FileStatus
from index.snapshots.notes import SUFFIX
from index.snapshots.snapshot import SnapshotDamaged
from index.snapshots.store import Store
from qa.answering.overrides import Withdrawn
from qa.evaluation.asked import ReplyChange
from qa.evaluation.results import GoldenResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The making of a snapshot. `sources` maps each file to (SHA-256, size); `why_not` is the reason for a refusal.

    `golden_hash` identifies the golden questions that were asked; empty if unknown. `wanted_by` wants to publish the
    snapshot in spite of them, for the reason `wanted_why`, and waits for another person's consent; `wanted_then` is the
    `footing` of the wish. `changes` are the questions of citizens whose reply changes with it; `to_see` says why staff
    look at them before it is published.

    `judged_without` names the documents that were withdrawn when the questions were asked, `unjudged` maps those of
    them that were not judged before to the SHA-256 of their files.
    `judged_beside` names the snapshot that it was compared with on later days, too; empty without four eyes.
    `suspended` maps questions that a withdrawal keeps from a right reply to the documents that gave it; `fallen` are
    those that it answers worse.
    """

    who: str
    made_at: str
    documents: int
    passages: int
    embedded: int
    why: str = ""
    why_not: str = ""
    forced: bool = False
    loaders: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    files: tuple[FileReport, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    bytes_read: int = 0
    golden: tuple[GoldenResult, ...] = ()
    golden_hash: str = ""
    wanted_by: str = ""
    wanted_why: str = ""
    wanted_then: tuple[str, ...] = ()
    changes: tuple[ReplyChange, ...] = ()
    to_see: str = ""
    unjudged: Mapping[str, str] = field(default_factory=dict)
    suspended: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    judged_without: tuple[str, ...] = ()
    judged_beside: str = ""
    fallen: tuple[str, ...] = ()

    @property
    def still_suspended(self) -> dict[str, tuple[str, ...]]:
        """Return the suspended questions but for those that it was published in spite of."""
        released = self.fallen if self.forced else ()
        return {question: documents for question, documents in self.suspended.items() if question not in released}

    @property
    def golden_right(self) -> int:
        return sum(given.acceptable for given in self.golden)


# What a wish to publish in spite of the golden questions rests on, each with why it ends once that has changed.
_FOOTING = (
    "市民看到的版本换过了",
    "检验题改过了",
    "停止引用的文件有变化",
    "审核过的人工答案有变化，这一版里没有它的出处",
)


def footing(published: str, golden_hash: str, withdrawn: Withdrawn, answers: str) -> tuple[str, ...]:
    """Return what a wish to publish in spite of the golden questions rests on; it counts only while that stays.

    `answers` names those of staff whose words the wished version does not hold as the published one does.
    """
    return published, golden_hash, f"{sorted(withdrawn.names)} {sorted(withdrawn.files)}", answers


def lapsed(then: Sequence[str], now: Sequence[str]) -> str:
    """Return, in Chinese, what ended a wish that rested on `then`; empty if it still counts."""
    if len(then) != len(now):
        return "程序升级过了"
    return "、".join(why for was, given, why in zip(then, now, _FOOTING, strict=True) if was != given)


def write(store: Store, name: str, record: Record) -> None:
    """Store the record of a snapshot, replacing an earlier one. Call within `Store.writing`."""
    # Not `asdict` of thousands of files: it copies whatever it finds.
    entry = {**asdict(replace(record, files=(), sources={})), "files": record.files, "sources": record.sources}
    content = json.dumps(entry, ensure_ascii=False, default=_fields)
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    store.notes.write(name, f"{digest}\n{content}\n".encode("utf-8", "surrogatepass"))


def _fields(file: FileReport) -> dict[str, Any]:
    return {part.name: getattr(file, part.name) for part in fields(file)}


def read(store: Store, name: str) -> Record | None:
    """Return the record of a snapshot; None if its refresh ended before the judging. Raises `SnapshotDamaged`."""
    try:
        digest, content, *_ = store.notes.read(name).split(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            raise ValueError("another content")
        entry: dict[str, Any] = json.loads(content)
        files = (FileReport(**{**file, "status": FileStatus(file["status"])}) for file in entry["files"])
        golden = (GoldenResult(**{**given, "documents": tuple(given["documents"])}) for given in entry["golden"])
        sources = {name: (str(sha256), int(size)) for name, (sha256, size) in entry["sources"].items()}
        changes = tuple(map(ReplyChange.from_json, entry.get("changes", ())))
        suspended = {question: tuple(documents) for question, documents in entry.get("suspended", {}).items()}
        kept: dict[str, Any] = {"files": tuple(files), "golden": tuple(golden), "sources": sources, "changes": changes}
        kept |= {"suspended": suspended, "judged_without": tuple(entry.get("judged_without", ()))}
        kept |= {name: tuple(entry.get(name, ())) for name in ("fallen", "wanted_then")}
        return Record(**{**entry, **kept})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SnapshotDamaged(f"{name}的记录{name}{SUFFIX}已损坏；索引本身不受影响，删去该文件即可") from error


def touched(store: Store, name: str) -> tuple[int, ...]:
    """Return a key that changes when the record of a snapshot is written again."""
    return store.notes.touched(name)


def forget(store: Store, name: str) -> None:
    """Delete the record of a deleted snapshot."""
    store.notes.forget(name)
