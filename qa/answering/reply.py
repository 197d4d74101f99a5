"""The assistant's replies: an answer with its citations, or an abstention with its reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpus.document import Span
from qa.answering.forms.base import LOOKUP, AnswerForm

MAX_QUOTE = 240
# Below this confidence the documents are said to be silent; one in thirty answers all the same (docs/calibration.md).
UNSAID = 0.1

# How an answer was made: from quoted words alone, by staff with the quoted words as source, or by a language model
# with each sentence checked against them.
QUOTED, REVIEWED, WRITTEN = "quoted", "reviewed", "written"
# The label that every written answer must carry.
AI_LABEL = "AI 生成"


class Reason(StrEnum):
    """Why a question got no answer."""

    OFF_TOPIC = "off_topic"
    NOT_IN_DOCUMENTS = "not_in_documents"
    PREMISE_NOT_SUPPORTED = "premise_not_supported"
    UNCLEAR = "unclear"
    SMALL_TALK = "small_talk"
    UNSAFE = "unsafe"
    KEYWORD = "keyword"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the conversation.

    `understood` is the whole question as which the turn was answered, empty where that is not known.
    """

    question: str
    reply: str
    understood: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Characters `[start, end)` of a document, and the words that stand there.

    `marks` are ranges within `text` to highlight: the shortest answer where one was found, or the question's words in a
    nearest passage. `before` and `after` are the characters around it in the document, so that the reader sees the
    context. `place` is the page, slide or sheet where the words begin. `note` warns that the document is not in force,
    and why. `date` is the document's own date, `source` what it was made from; each is empty when unknown.
    """

    document: str
    title: str
    headings: tuple[str, ...]
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...] = ()
    before: str = ""
    after: str = ""
    place: str = ""
    note: str = ""
    date: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text):
            raise ValueError(f"A citation of {len(self.text)} characters cannot span [{self.start}, {self.end})")

    @property
    def span(self) -> Span:
        """Where the words stand in the document."""
        return Span(self.start, self.end)

    def as_json(self) -> dict[str, Any]:
        return {
            "document": self.document,
            "title": self.title,
            "headings": list(self.headings),
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "place": self.place,
            "note": self.note,
            "date": self.date,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """A document that a question may mean, by its name, and the words `label` that tell it from the others."""

    document: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContext:
    """The circumstances of a reply: the question as asked and as understood, its snapshot, the time it took.

    `form` is how it answers; the operands of an abstention cite its nearest passages.
    `card` names the fixed card shown with it (`qa.answering.screening.cards`), empty without a card.
    `document` names the one document that was asked, empty where all were.
    """

    question: str
    standalone_question: str
    snapshot: str
    elapsed_ms: float = 0.0
    form: AnswerForm = LOOKUP
    card: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a written answer, and the indices in `Answer.citations` of the words that support it."""

    text: str
    citations: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("A written sentence needs at least one citation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(ReplyContext):
    """An answer with the words of the documents that support it, and how it was made.

    `missing` names what the documents leave out, when the answer is partial. `contradictory` marks an answer that
    quotes documents in force which disagree, the newest first. A written answer has `sentences`. `left_out` holds the
    reasons why further sentences are not shown (`qa.generation.faults.Fault`). `unwritten` holds the reason why an
    answer that should have been written is the quoted one. `choices` holds the documents between which the question
    leaves open which is meant, in the order of their citations; empty for any other question.
    """

    text: str
    citations: tuple[Citation, ...]
    confidence: float
    short: str | None = None
    missing: str = ""
    made_by: str = QUOTED
    sentences: tuple[Sentence, ...] = ()
    left_out: tuple[str, ...] = ()
    unwritten: str = ""
    contradictory: bool = False
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("An answer needs at least one citation")
        if (self.made_by == WRITTEN) != bool(self.sentences):
            raise ValueError("A written answer, and no other, has sentences")
        if any(not 0 <= place < len(self.citations) for sentence in self.sentences for place in sentence.citations):
            raise ValueError("A sentence cites what the answer does not")
        if {choice.document for choice in self.choices} - {citation.document for citation in self.citations}:
            raise ValueError("A choice names a document that the answer does not quote")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"A confidence lies between 0 and 1, not at {self.confidence}")

    @property
    def status(self) -> str:
        return "partial" if self.missing else "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention(ReplyContext):
    """No answer: the reason, a fixed wording, the nearest passages, and the contacts that their documents name.

    `rejected` marks input that is not a question at all: empty, too long, unreadable.
    """

    reason: Reason
    text: str
    nearest: tuple[Citation, ...] = ()
    contacts: tuple[str, ...] = ()
    confidence: float = 0.0
    rejected: bool = False

    @property
    def status(self) -> str:
        return "rejected" if self.rejected else "abstained"


Reply = Answer | Abstention


def as_json(reply: Reply, *, question_id: str | None = None) -> dict[str, Any]:
    """Return the reply in the form that the command line and `POST /api/ask` share."""
    match reply:
        case Answer():
            outcome: dict[str, Any] = {
                "short": reply.short,
                "citations": reply.citations,
                "made_by": reply.made_by,
                "label": AI_LABEL if reply.made_by == WRITTEN else None,
                "sentences": [{"text": part.text, "citations": list(part.citations)} for part in reply.sentences],
                "left_out": list(reply.left_out),
                "unwritten": reply.unwritten or None,
                "choices": [{"document": one.document, "label": one.label} for one in reply.choices],
            }
        case Abstention():
            outcome = {"reason": reply.reason.value, "nearest": reply.nearest, "short": reply.form.line or None}
    return {
        "id": question_id,
        "question": reply.question,
        "standalone_question": reply.standalone_question,
        "status": reply.status,
        "reason": outcome.get("reason"),
        "text": reply.text,
        "short": outcome.get("short"),
        "confidence": round(reply.confidence, 4),
        "citations": [citation.as_json() for citation in outcome.get("citations", ())],
        "nearest": [citation.as_json() for citation in outcome.get("nearest", ())],
        "snapshot": reply.snapshot,
        "elapsed_ms": round(reply.elapsed_ms, 1),
        "made_by": outcome.get("made_by"),
        "label": outcome.get("label"),
        "sentences": outcome.get("sentences", []),
        "left_out": outcome.get("left_out", []),
        "unwritten": outcome.get("unwritten"),
        **reply.form.as_json(),
        "card": reply.card or None,
        "document": reply.document or None,
        "choices": outcome.get("choices", []),
    }
