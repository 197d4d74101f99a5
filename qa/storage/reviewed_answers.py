"""Answers that staff wrote and approved, each with the words of a document that support it."""

import json
import logging
import math
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from corpus.document import Document, Span, named
from index.embedding.base import Embedder
from index.snapshots.snapshot import Snapshot
from qa.answering.overrides import Match, Withdrawn
from qa.answering.paraphrase import Sense, same, sense
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.reader.base import Finding
from qa.storage.database import Connection, DatabaseError, DatabaseNewer, DatabaseUnfit, Row, Where, open_database
from qa.storage.withdrawals import withdrawn

logger = logging.getLogger(__name__)

DRAFT, LIVE, REVIEW, WITHDRAWN = "draft", "live", "review", "withdrawn"
STATES = {DRAFT: "待审核", LIVE: "已启用", REVIEW: "待复核", WITHDRAWN: "已停用"}
# Questions of one sense are at least 0.927 alike (benchmarks/studies/paraphrase.py); below this the rules err.
NEAR = 0.9
LOOK_SECONDS = 1.0
ONCE = math.inf  # for one judging: what holds when it begins holds to its end


@dataclass(frozen=True, slots=True)
class Source:
    """The words of a document that support an answer; `content_hash` identifies the version of the document."""

    document: str
    content_hash: str
    snapshot: str
    start: int
    end: int
    words: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.words):
            raise ValueError(f"[{self.start}, {self.end}) are not the {len(self.words)} characters quoted")


@dataclass(frozen=True, slots=True)
class Written:
    """What staff wrote as a reviewed answer, and its state."""

    id: int
    questions: tuple[str, ...]
    text: str
    owner: str
    expires_on: date
    source: Source
    state: str


@dataclass(frozen=True, slots=True)
class Stored(Written):
    """A reviewed answer as staff left it; whether it is shown also depends on the date and on its source.

    `authors` are all who wrote in it since the last approval.
    """

    approved_by: str
    version: int
    changed_by: str
    changed_at: str
    authors: tuple[str, ...] = ()
    draft: str = ""

    def changed(self) -> "Stored":
        """Return it as it will be once its draft is approved; itself without a draft."""
        return filled_in(self, json.loads(self.draft)) if self.draft else self


class ReviewedAnswers:
    """The approved answers as a running server sees them, read again every `seconds`; safe to call from threads.

    With `whole` those are among them whose source is withdrawn.
    """

    def __init__(
        self,
        database: Where,
        embedder: Embedder,
        synonyms: Synonyms,
        *,
        seconds: float = LOOK_SECONDS,
        whole: bool = False,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._synonyms = synonyms
        self._seconds, self._whole = seconds, whole
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._revision = -1
        self._withdrawn = Withdrawn()
        self._live: tuple[tuple[Stored, tuple[tuple[str, Sense], ...]], ...] = ()

    @property
    def edition(self) -> str:
        """A key that changes with the approved answers."""
        self._look()
        return f"{self._revision} {hash(self._withdrawn)}"

    def find(self, question: str, snapshot: Snapshot, today: date) -> Match | None:
        """Return the answer approved for this question, if its source stands unchanged in `snapshot`; else None."""
        self._look()
        asked = sense(question, self._synonyms)
        for stored, known in self._live:
            alike = [other for other, its in known if same(asked, its)]
            if not alike:
                continue
            document = named(snapshot.documents, stored.source.document)
            if document is None or why_not_shown(stored, document, today, self._withdrawn):
                continue
            if (similarity := self._similarity(question, alike)) >= NEAR:
                return Match(stored.id, stored.text, _finding(stored.source, document, snapshot), similarity)
        return None

    def _similarity(self, question: str, others: Sequence[str]) -> float:
        copies = [matching_copy(text, self._synonyms) for text in (question, *others)]
        if copies[0] in copies[1:]:
            return 1.0
        asked, *vectors = self._embedder.encode_queries(copies)
        return min(1.0, max(float(asked @ vector) for vector in vectors))

    def _senses(self, answer: Stored) -> tuple[tuple[str, Sense], ...]:
        return tuple((question, sense(question, self._synonyms)) for question in answer.questions)

    def _look(self) -> None:
        """Read the answers again if any changed; after a failure the known ones stay."""
        with self._lock:
            if time.monotonic() - self._looked_at < self._seconds:
                return
            self._looked_at = time.monotonic()
            try:
                # Open a new connection each time: this object has no `close()`, so it must not keep one open.
                with closing(open_database(self._database)) as connection:
                    self._withdrawn = Withdrawn() if self._whole else withdrawn(connection)
                    # Rows are never deleted and each change counts one up, so the sum never repeats.
                    (revision,) = connection.execute("SELECT coalesce(sum(version), 0) FROM reviewed").fetchone()
                    if revision != self._revision:
                        found = [answer for answer in read(connection) if answer.state == LIVE]
                        self._live = tuple((answer, self._senses(answer)) for answer in found)
                        self._revision = revision
            except (DatabaseError, DatabaseUnfit, DatabaseNewer, OSError) as error:
                logger.error("The reviewed answers cannot be read: %s", error)


def read(connection: Connection) -> list[Stored]:
    """Return all reviewed answers, the newest first."""
    return [stored(row) for row in connection.execute("SELECT * FROM reviewed ORDER BY id DESC")]


def stored(row: Row) -> Stored:
    """Return a row as a value."""
    return Stored(
        row["id"],
        tuple(json.loads(row["questions"])),
        row["text"],
        row["owner"],
        date.fromisoformat(row["expires_on"]),
        Source(row["document"], row["content_hash"], row["snapshot"], row["start"], row["end"], row["words"]),
        row["state"],
        row["approved_by"],
        row["version"],
        row["changed_by"],
        row["changed_at"],
        tuple(json.loads(row["authors"])),
        row["draft"],
    )


def filled_in(answer: Stored, values: Mapping[str, Any]) -> Stored:
    """Return the answer with other values in the columns that staff write."""
    place = (values["document"], values["content_hash"], values["snapshot"], values["start"], values["end"])
    return replace(
        answer,
        questions=tuple(json.loads(values["questions"])),
        text=values["text"],
        owner=values["owner"],
        expires_on=date.fromisoformat(values["expires_on"]),
        source=Source(*place, values["words"]),
        authors=tuple(json.loads(values["authors"])),
        draft="",
    )


def why_not_shown(answer: Stored, document: Document | None, today: date, withdrawn: Withdrawn) -> str:
    """Return why an approved answer is not shown and waits for a new review; empty if it is shown."""
    source = answer.source
    if today > answer.expires_on:
        return f"已过有效期（{answer.expires_on}），请核对后延长有效期并重新审核"
    if document is None:
        return f"出处文件“{source.document}”不在现行版本中，请换一处出处或停用"
    if withdrawn.hides(document):
        return f"出处文件“{source.document}”已撤下，请换一处出处或停用"
    if document.content_hash != source.content_hash or Span(source.start, source.end).of(document.text) != source.words:
        return f"出处文件“{source.document}”有改动，请核对后重新选定出处并审核"
    if note := document.about.out_of_force(today):
        return f"出处文件“{source.document}”{note}，请换一处出处或停用"
    return ""


def _finding(source: Source, document: Document, snapshot: Snapshot) -> Finding:
    span = Span(source.start, source.end)
    headings = next(
        (
            passage.headings
            for passage in snapshot.passages.of_document(document.name)
            if passage.span.start <= span.start < passage.span.end
        ),
        (),
    )
    return Finding(document, headings, span)
