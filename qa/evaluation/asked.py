"""Asks of two snapshots what citizens asked lately, and finds the replies that would change."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from corpus.text.normalise import normalise
from qa.answering.reply import Answer, Reply
from qa.evaluation.results import GoldenResult


class ChangeKind(StrEnum):
    """How a reply changes: an answer is lost, another one is given, or a refused question is answered."""

    LOST = "lost"
    OTHER = "other"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class GivenReply:
    """What a snapshot replies: whether it answers, the text, and the documents cited."""

    answered: bool
    text: str
    documents: tuple[str, ...] = ()

    @classmethod
    def of(cls, reply: Reply) -> "GivenReply":
        """Return what is kept of a reply."""
        cited = reply.citations if isinstance(reply, Answer) else ()
        documents = tuple(dict.fromkeys(citation.document for citation in cited))
        return cls(isinstance(reply, Answer), reply.text, documents)


@dataclass(frozen=True, slots=True)
class ReplyChange:
    """A question of citizens whose reply changes; `confirmed` where a golden question found the new one right."""

    question: str
    was: GivenReply
    now: GivenReply
    confirmed: bool = False

    @property
    def kind(self) -> ChangeKind:
        if not self.now.answered:
            return ChangeKind.LOST
        return ChangeKind.OTHER if self.was.answered else ChangeKind.NEW

    @property
    def unseen(self) -> bool:
        """Return whether nobody looked at this answer: the question had none, and no golden question confirms it."""
        return self.kind is ChangeKind.NEW and not self.confirmed

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "kind": self.kind.value}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> "ReplyChange":
        """Return what `asdict` made. Raises `KeyError`, `TypeError` for anything else."""
        was, now = (
            GivenReply(bool(one["answered"]), str(one["text"]), tuple(map(str, one["documents"])))
            for one in (entry["was"], entry["now"])
        )
        return cls(str(entry["question"]), was, now, bool(entry["confirmed"]))


def replies(questions: Sequence[str], ask: Callable[[str], Reply], count: Callable[[], None]) -> list[GivenReply]:
    """Return the reply to each question; `count` is called after each."""
    given = []
    for question in questions:
        given.append(GivenReply.of(ask(question)))
        count()
    return given


def changes(
    questions: Sequence[str], was: Sequence[GivenReply], now: Sequence[GivenReply], golden: Iterable[GoldenResult]
) -> tuple[ReplyChange, ...]:
    """Return the questions whose reply changes; two refusals are the same, whatever their words."""
    right = {normalise(one.question) for one in golden if one.answerable and one.acceptable}
    found = (
        ReplyChange(question, before, after, normalise(question) in right)
        for question, before, after in zip(questions, was, now, strict=True)
        if (before.answered or after.answered) and (before.answered, before.text) != (after.answered, after.text)
    )
    return tuple(sorted(found, key=lambda one: list(ChangeKind).index(one.kind)))
