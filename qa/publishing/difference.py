"""Differences between two snapshots: documents, passages, and the replies to golden questions."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus.document import Passage
from index.snapshots.snapshot import indexed_text
from index.snapshots.store import Store
from qa.evaluation.results import GoldenResult
from qa.publishing import records as snapshot_records

NOT_COMPARABLE = "其中一个版本没有问过检验题，答复无法比较"


@dataclass(frozen=True, slots=True)
class Change:
    """A document that was added, changed or removed, and how many of its passages came and went."""

    document: str
    kind: str
    passages_added: int
    passages_removed: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The changes by document, and the golden questions with other replies: before, after (None: not asked)."""

    changes: tuple[Change, ...]
    golden: tuple[tuple[GoldenResult | None, GoldenResult | None], ...]
    # Whether both were asked golden questions; False if a refresh was interrupted before that.
    comparable: bool = True

    def causes(self, before: GoldenResult | None, after: GoldenResult | None) -> tuple[str, ...]:
        """Return the changed documents that a question's other reply comes from; empty where none can be told."""
        cited = {name for given in (before, after) if given for name in given.documents}
        return self.of(cited)

    def of(self, cited: Collection[str]) -> tuple[str, ...]:
        """Return the changed documents that are cited; the only change brings about what comes of it, cited or not."""
        named = tuple(change.document for change in self.changes if change.document in cited)
        return named or (tuple(change.document for change in self.changes) if len(self.changes) == 1 else ())

    def as_json(self) -> dict[str, Any]:
        documents = [asdict(change) for change in self.changes]
        return {"documents": documents, "golden": [_pair(before, after) for before, after in self.golden]}


def between(store: Store, before: str, after: str) -> Difference:
    """Compare two snapshots. Raises `SnapshotMissing`, `SnapshotDamaged`."""
    then, now = store.manifest(before).documents, store.manifest(after).documents
    old, new = store.passages(before), store.passages(after)
    changes = []
    for document in sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name)):
        kind = "added" if document not in then else "removed" if document not in now else "changed"
        was, became = _texts(old.of_document(document)), _texts(new.of_document(document))
        changes.append(Change(document, kind, (became - was).total(), (was - became).total()))
    records = [snapshot_records.read(store, name) for name in (before, after)]
    then_given, now_given = (
        {given.question_id: given for given in record.golden} if record else {} for record in records
    )
    return Difference(tuple(changes), _golden(then_given, now_given), bool(then_given) == bool(now_given))


def _texts(passages: Sequence[Passage]) -> Counter[str]:
    return Counter(indexed_text(passage) for passage in passages)


def _golden(
    then: Mapping[str, GoldenResult], now: Mapping[str, GoldenResult]
) -> tuple[tuple[GoldenResult | None, GoldenResult | None], ...]:
    pairs = [(then.get(question), now.get(question)) for question in dict.fromkeys([*then, *now])]
    return tuple((old, new) for old, new in pairs if old is None or new is None or not old.same_as(new))


def _pair(before: GoldenResult | None, after: GoldenResult | None) -> dict[str, Any]:
    known = after or before
    assert known is not None
    return {
        "id": known.question_id,
        "question": known.question,
        "was": before.text if before else None,
        "was_acceptable": before.acceptable if before else None,
        "now": after.text if after else None,
        "now_acceptable": after.acceptable if after else None,
    }
