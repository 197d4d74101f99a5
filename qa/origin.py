"""Where an old answer's words came from: the document as the answer's own snapshot holds it, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from index.store import Store


class Standing(StrEnum):
    """What became of a document since a snapshot, seen from the one that is published today."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"  # the words quoted still stand in it
    REWORDED = "reworded"  # the words quoted do not stand in it any more
    WITHDRAWN = "withdrawn"


NOTES = {
    Standing.UNCHANGED: "",
    Standing.CHANGED: "该文件此后有修改，所引文字仍在现行版本中。",
    Standing.REWORDED: "该文件此后已修改，现行版本中没有这段文字。",
    Standing.WITHDRAWN: "该文件此后已撤下，现在的回答不再引用它。",
}


class QuotationMissing(Exception):
    """A snapshot holds no such document, or the document no such place."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The words quoted, the text before and after them, and what became of the document since."""

    snapshot: str
    document: str
    title: str
    place: str
    before: str
    text: str
    after: str
    standing: Standing

    @property
    def note(self) -> str:
        """What to tell who reads the quotation today; empty when the document is as it was."""
        return NOTES[self.standing]


def find(store: Store, snapshot: str, document: str, start: int, end: int, *, around: int = 600) -> Origin:
    """Open the words `[start, end)` of a document as `snapshot` holds it, with `around` characters on both sides.

    Raises `QuotationMissing`, `SnapshotMissing` when it was pruned since, and `SnapshotDamaged`.
    """
    found = store.document(snapshot, document)
    if found is None or not 0 <= start < end <= len(found.text):
        raise QuotationMissing(f"{snapshot}里没有《{document}》的第{start}到{end}字")
    text = found.text
    return Origin(
        snapshot,
        document,
        found.title,
        found.place(start),
        text[max(0, start - around) : start],
        text[start:end],
        text[end : end + around],
        _standing(store, snapshot, document, text[start:end]),
    )


def _standing(store: Store, snapshot: str, document: str, words: str) -> Standing:
    published = store.published()
    if published is None or published == snapshot:
        return Standing.UNCHANGED
    then, now = store.manifest(snapshot).documents, store.manifest(published).documents
    if document not in now:
        return Standing.WITHDRAWN
    if then[document] == now[document]:
        return Standing.UNCHANGED
    today = store.document(published, document)
    return Standing.CHANGED if today and words in today.text else Standing.REWORDED
