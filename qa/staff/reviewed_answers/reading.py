"""人工审核: the reviewed answers as staff read them, and where the words of their sources stand."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from corpus.document import Document
from index.snapshots.snapshot import SnapshotDamaged
from qa.answering.paraphrase import same, sense
from qa.answering.query_rewriting import matching_copy
from qa.runtime.errors import Unfit
from qa.staff.permissions import ModelArea, Role, needs
from qa.staff.reviewed_answers.answer import Near, ReviewedAnswer, as_seen, source_of
from qa.storage import versioned_rows
from qa.storage.database import Connection
from qa.storage.reviewed_answers import (
    DRAFT,
    LIVE,
    REVIEW,
    STATES,
    WITHDRAWN,
    Source,
    Stored,
    read,
    stored,
    why_not_shown,
)
from qa.storage.withdrawals import withdrawn

WHAT = "人工审核答案"
MOST_NEAR = 5


class ReviewedAnswerReading(ModelArea):
    """All reviewed answers, shown to citizens or not."""

    @needs(Role.EDITOR)
    def list(self, *, state: str = "", text: str = "") -> tuple[ReviewedAnswer, ...]:
        """Return the answers, the newest first."""
        if state and state not in STATES:
            raise Unfit(f"没有“{state}”这种状态；可选：{'、'.join(STATES)}")
        with self._database() as database:
            found = self._seen(database, read(database))
        wanted = text.strip()
        return tuple(
            answer
            for answer in found
            if (not state or answer.state == state or (state == DRAFT and answer.draft))
            and wanted in "\n".join((*answer.questions, answer.text))
        )

    @needs(Role.EDITOR)
    def get(self, number: int) -> ReviewedAnswer:
        """Return one answer. Raises `Missing`."""
        with self._database() as database:
            return self._one(database, number)

    @needs(Role.EDITOR)
    def may_approve(self, answer: ReviewedAnswer) -> bool:
        """Return whether this member may approve it, so that a page need not offer what would be refused."""
        own = self._who in answer.waiting.authors
        return self.may(Role.PUBLISHER) and not (self._settings.four_eyes and own)

    @needs(Role.EDITOR)
    def place(self, document: str, words: str) -> Source:
        """Return where words stand in a published document; white space may differ. Raises `Unfit`."""
        found, snapshot = self._document(document)
        wanted = "".join(words.split())
        at = "".join(found.text.split()).find(wanted) if wanted else -1
        if at < 0:
            raise Unfit(f"“{document}”的现行版本里没有这段文字，请从原文中复制")
        shown = (place for place, char in enumerate(found.text) if not char.isspace())
        start = next(islice(shown, at, None))
        end = start if len(wanted) == 1 else next(islice(shown, len(wanted) - 2, None))
        return source_of(found, snapshot, start, end + 1)

    @needs(Role.EDITOR)
    def source(self, document: str, start: int, end: int) -> Source:
        """Return the words `[start, end)` of a published document as a source. Raises `Unfit`."""
        found, snapshot = self._document(document)
        return source_of(found, snapshot, start, end)

    @needs(Role.EDITOR)
    def near(self, question: str) -> tuple[Near, ...]:
        """Return the answers whose questions are nearest to a question, at most `MOST_NEAR`."""
        with self._database() as database:
            answers = [answer for answer in self._seen(database, read(database)) if answer.state != WITHDRAWN]
        texts = [text for answer in answers for text in answer.questions]
        copies = [matching_copy(text, self._synonyms) for text in (question, *texts)]
        if not texts:
            return ()
        asked, *vectors = self._models.embedder().encode_queries(copies)
        similarities = iter(float(asked @ vector) for vector in vectors)
        meant = sense(question, self._synonyms)
        found = [
            Near(
                answer,
                max(next(similarities) for _ in answer.questions),
                answer.state == LIVE and any(same(meant, sense(text, self._synonyms)) for text in answer.questions),
            )
            for answer in answers
        ]
        return tuple(sorted(found, key=lambda near: (-near.matches, -near.similarity))[:MOST_NEAR])

    def _one(self, database: Connection, number: int) -> ReviewedAnswer:
        (answer,) = self._seen(database, [stored(versioned_rows.row(database, "reviewed", number, WHAT))])
        return answer

    def _seen(self, database: Connection, answers: Sequence[Stored]) -> Sequence[ReviewedAnswer]:
        """Return the answers as staff see them, each with what prevents it from being shown today."""
        documents: dict[str, Document | None] = {}
        seen = []
        for answer in answers:
            why = self._why(database, answer, documents) if answer.state == LIVE else ""
            draft = as_seen(answer.changed(), DRAFT) if answer.draft else None
            seen.append(as_seen(answer, REVIEW if why else answer.state, why=why, draft=draft))
        return seen

    def _why(self, database: Connection, answer: Stored, documents: dict[str, Document | None] | None = None) -> str:
        documents = {} if documents is None else documents
        name = answer.source.document
        if name not in documents:
            documents[name] = self._published(name)
        return why_not_shown(answer, documents[name], date.today(), withdrawn(database))

    def _snapshot(self) -> str | None:
        try:
            return self._store.published()
        except SnapshotDamaged:
            return None

    def _published(self, name: str) -> Document | None:
        try:
            snapshot = self._store.published()
            return self._store.document(snapshot, name) if snapshot else None
        except SnapshotDamaged:
            return None

    def _document(self, name: str) -> tuple[Document, str]:
        """Return a document of the published snapshot, and the snapshot's name. Raises `Unfit`."""
        found, snapshot = self._published(name), self._store.published()
        if found is None or snapshot is None:
            raise Unfit(f"现行版本里没有文件“{name}”；请先把文件加入并发布，或选另一份文件")
        return found, snapshot
