"""Offers the passages nearest to a question, cut into sentences of which staff mark those that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from corpus.document import Document, Passage, Span
from corpus.text.sentences import sentences
from index.retrieve import retrieve
from index.snapshots.snapshot import Snapshot, SnapshotDamaged
from qa.answering.query_rewriting import matching_copy
from qa.answering.reader.base import Finding
from qa.answering.replies.nearest import cite
from qa.answering.reply import REVIEWED, Answer
from qa.runtime.errors import Unfit
from qa.staff import loaded_snapshot
from qa.staff.permissions import ModelArea, Role, needs
from qa.staff.quality.evidence import Unfound, holds, unfound
from qa.storage.reviewed_answers import Source
from qa.storage.withdrawals import withdrawn

MOST = 4
MOST_OF_ONE = 12
# Passages found for an offer of `MOST`: forms and lists say the same under each of their headings.
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class OfferedSentence:
    """The characters `[start, end)` of a document."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A passage that may hold the answer."""

    document: str
    title: str
    headings: tuple[str, ...]
    place: str
    sentences: tuple[OfferedSentence, ...]


class Offers(ModelArea):
    """Finds in the published snapshot what an answer may be based on; what citizens see stays untouched."""

    @needs(Role.EDITOR)
    def near(self, question: str, *, count: int = MOST) -> tuple[Offer, ...]:
        """Return the passages in force nearest to a question, the best first; none without a published snapshot."""
        snapshot = self._snapshot()
        copy = matching_copy(question, self._synonyms)
        if snapshot is None or not copy.strip():
            return ()
        with self._database() as database:
            hidden = withdrawn(database).hides
        looked = max(count, LOOKED_AT)
        found = retrieve(snapshot, self._models.embedder(), copy, count=looked, today=date.today(), hidden=hidden)
        once: dict[tuple[str, str], Passage] = {}
        for passage in (hit.passage for hit in found if not hit.out_of_force):
            once.setdefault((passage.document.name, _words(passage)), passage)
        offers = map(_offered, once.values())
        return tuple(offer for offer in offers if offer.sentences)[:count]

    @needs(Role.EDITOR)
    def of_document(self, name: str) -> tuple[Offer, ...]:
        """Return the first passages of a published document; none without one of that name."""
        snapshot = self._snapshot()
        return tuple(map(_offered, snapshot.passages.of_document(name)[:MOST_OF_ONE])) if snapshot else ()

    @needs(Role.EDITOR)
    def marked(self, marks: Sequence[tuple[str, int, int]]) -> tuple[str, int, int]:
        """Return the document and the characters from the first to the last of the marked sentences.

        Raises `Unfit` if there are none, or if they are of several documents or lie apart.
        """
        if not marks:
            raise Unfit("请先在下面的原文里点选作为依据的句子")
        if len({document for document, _, _ in marks}) > 1:
            raise Unfit("依据只能选自同一份文件，请去掉另一份文件里选中的句子")
        document, start, end = marks[0][0], min(mark[1] for mark in marks), max(mark[2] for mark in marks)
        places = sorted({mark[1:] for mark in marks})
        gaps = [(before[1], after[0]) for before, after in pairwise(places) if before[1] < after[0]]
        if gaps and not self._holds_headings_only(document, gaps):
            raise Unfit("选中的句子要连在一起，请把中间的句子也选上，或只选一处")
        return document, start, end

    def _holds_headings_only(self, name: str, gaps: Sequence[tuple[int, int]]) -> bool:
        store = self._store
        try:
            published = store.published()
            document = store.document(published, name) if published else None
        except SnapshotDamaged:
            return False
        return document is not None and not any(_without_headings(document, *gap) for gap in gaps)

    @needs(Role.EDITOR)
    def unfound(self, words: str) -> Unfound | None:
        """Return how words differ from what documents say; None if a published document holds them, or if none is."""
        snapshot = self._snapshot() if words.strip() else None
        if snapshot is None or any(words in one.text for one in snapshot.documents):
            return None
        near = self.near(words)
        texts = {one.name: one.text for one in snapshot.documents}
        if any(holds(texts[one.document], words) for one in near):
            return None
        return unfound(words, [(one.title, sentence.text) for one in near for sentence in one.sentences])

    @needs(Role.EDITOR)
    def preview(self, question: str, text: str, source: Source) -> Answer:
        """Return the reply that citizens will see. Raises `Unfit` if the words are not in the published snapshot."""
        store = self._store
        try:
            document = store.document(source.snapshot, source.document)
        except SnapshotDamaged:
            document = None
        if document is None:
            raise Unfit(f"现行版本里没有文件“{source.document}”；请另选依据")
        finding = Finding(document, (), Span(source.start, source.end))
        asked: dict[str, Any] = {"question": question, "standalone_question": question, "snapshot": source.snapshot}
        return Answer(**asked, text=text, citations=(cite(finding, ""),), confidence=1.0, made_by=REVIEWED)

    def _snapshot(self) -> Snapshot | None:
        try:
            name = self._store.published()
        except SnapshotDamaged:
            return None
        return loaded_snapshot.load(self._settings, name, model=self._models.embedder().name) if name else None


def _without_headings(document: Document, start: int, end: int) -> str:
    """Return the characters `[start, end)` of a document without those of headings, and without outer white space."""
    kept, at = [], start
    for span in sorted(heading.span for heading in document.headings):
        if span.start < end and span.end > at:
            kept.append(document.text[at : max(at, span.start)])
            at = max(at, span.end)
    return "".join([*kept, document.text[at:end] if at < end else ""]).strip()


def _words(passage: Passage) -> str:
    return "".join(passage.text.split())


def _offered(passage: Passage) -> Offer:
    document = passage.document
    at = passage.span.start
    parts = [(at + start, at + end) for start, end in sentences(passage.text)]
    # A heading tells nothing by itself, so that it supports no answer.
    cut = [
        OfferedSentence(start, end, document.text[start:end])
        for start, end in parts
        if _without_headings(document, start, end)
    ]
    shown = tuple(one for one in cut if one.text.strip())
    return Offer(document.name, document.title, passage.headings, document.place(at), shown)
