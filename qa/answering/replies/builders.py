"""Builds replies from what was found: answers with their citations, refusals with the nearest passages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate

from index.retrieve import Hit
from index.snapshots.snapshot import Snapshot
from qa.answering import screening
from qa.answering.forms.base import LOOKUP, OF_SEVERAL, AnswerForm, Form
from qa.answering.forms.shaping import silent
from qa.answering.forms.tables.cells.telling import said
from qa.answering.overrides import Match
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader import editions
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.structure.referring import with_referred
from qa.answering.replies import texts
from qa.answering.replies.english import in_english
from qa.answering.replies.nearest import cite, nearest
from qa.answering.reply import MAX_QUOTE, REVIEWED, UNSAID, Abstention, Answer, Choice, Citation, Reason
from qa.answering.screening.cards import EMERGENCIES

NEAREST = 3


def build_answer(
    question: Question, snapshot: Snapshot, reading: Reading, *, form: AnswerForm, missing: str, today: date
) -> Answer:
    """Build the answer that quotes a reading; `missing` names the parts of the question that it does not answer."""
    citations = _citations(with_referred(reading.findings), today)
    shorts = [said(finding) for finding in reading.findings if finding.short]
    if reading.contradictory:
        shorts = [editions.told_apart(reading.findings)]
    short = "；".join(dict.fromkeys(" ".join(one.split()) for one in shorts))
    return Answer(
        question=question.text,
        standalone_question=question.standalone,
        snapshot=snapshot.name,
        text=_joined([citation.text for citation in citations]),
        citations=citations,
        confidence=reading.confidence,
        short=_said_first(form, short),
        missing=missing,
        form=form if has_han(question.standalone) else in_english(form, _said_first(form, short) or ""),
        contradictory=reading.contradictory,
    )


def _said_first(form: AnswerForm, short: str) -> str | None:
    """Return the short answer: the conclusion, or the words found where they are none of its operands."""
    if form.verdict or form.kind is Form.PARTS:
        return form.line.replace("\n", "；")
    return None if form.kind in OF_SEVERAL else short or None


def leave_choice(answer: Answer, choices: Sequence[tuple[str, Finding]], today: date) -> Answer:
    """Turn an answer into one that quotes each document that may be meant, and leaves the choice."""
    citations = _citations([finding for _, finding in choices], today)
    values = [(label, said(finding)) for label, finding in choices if finding.short]
    short = "；".join(f"{label}：{value}" for label, value in values)
    return replace(
        answer,
        citations=citations,
        text=_joined([citation.text for citation in citations]),
        short=short if len(values) == len(choices) else None,
        choices=tuple(Choice(finding.document.name, label) for label, finding in choices),
    )


def build_reviewed(asked: str, whole: str, snapshot: Snapshot, match: Match) -> Answer:
    """Build the reply that staff approved for such a question."""
    return Answer(
        question=asked,
        standalone_question=whole,
        snapshot=snapshot.name,
        text=match.text,
        citations=(cite(match.finding, ""),),
        confidence=match.similarity,
        made_by=REVIEWED,
    )


def abstain(
    asked: str,
    whole: str,
    snapshot: Snapshot,
    reason: Reason,
    *,
    hits: Sequence[Hit] = (),
    confidence: float = 0.0,
    card: str = "",
) -> Abstention:
    """Build a refusal, with the nearest passages unless it is off topic; `card` names the words to show instead."""
    shown = hits[:NEAREST] if reason is not Reason.OFF_TOPIC else ()
    unsaid = reason is Reason.NOT_IN_DOCUMENTS and not card and confidence < UNSAID
    return Abstention(
        question=asked,
        standalone_question=whole,
        snapshot=snapshot.name,
        reason=reason,
        text=texts.card(card, asked) if card else texts.abstained(reason, asked),
        form=silent(asked) if unsaid else LOOKUP,
        nearest=nearest(shown, whole),
        contacts=_contacts(shown),
        confidence=confidence,
        card=card,
    )


def ask_back(
    question: Question, snapshot: Snapshot, hits: Sequence[Hit], names: Sequence[str], *, confidence: float
) -> Abstention:
    """Build the reply that asks which of several things, by their names, a question means."""
    nearest = abstain(
        question.text, question.standalone, snapshot, Reason.NOT_IN_DOCUMENTS, hits=hits, confidence=confidence
    )
    return replace(nearest, text=texts.which(names, question.text), form=LOOKUP)


def point_to_empty(reply: Abstention, row: str, column: str) -> Abstention:
    """Say in a refusal which cell of a table is empty."""
    return replace(reply, text=texts.unfilled(row, column, reply.question), form=LOOKUP)


def turn_into_help(reply: Abstention, card: str) -> Abstention:
    """Turn a refusal into the card's help. In an emergency no passages are shown beside it."""
    nearest = () if card in EMERGENCIES else reply.nearest
    return replace(reply, reason=Reason.HELP, card=card, text=texts.card(card, reply.question), nearest=nearest)


def reject(question: str, asked: str, snapshot: Snapshot) -> Abstention | None:
    """Return the refusal of input that cannot be a question; None where it can. `asked` is the cleaned input."""
    problem = _problem(question, asked)
    if not problem:
        return None
    return Abstention(
        question=question[: screening.MAX_QUESTION],
        standalone_question=asked[: screening.MAX_QUESTION],
        snapshot=snapshot.name,
        reason=Reason.UNCLEAR,
        text=problem,
        rejected=True,
    )


def _citations(findings: Sequence[Finding], today: date) -> tuple[Citation, ...]:
    return tuple(cite(one, one.document.about.out_of_force(today) or _amended(one)) for one in findings)


def _amended(finding: Finding) -> str:
    return f"的这一条已由“{finding.amended}”修改" if finding.amended else ""


def _problem(question: str, asked: str) -> str:
    if not question.strip():
        return texts.EMPTY
    if not asked:
        return texts.UNREADABLE
    return texts.TOO_LONG.format(limit=screening.MAX_QUESTION) if len(asked) > screening.MAX_QUESTION else ""


def _joined(quotes: Sequence[str]) -> str:
    """Join the first quotations, as many whole ones as fit into `MAX_QUOTE` characters; always the first."""
    lengths = accumulate(len(quote) + 1 for quote in quotes)
    fit = sum(length - 1 <= MAX_QUOTE for length in lengths)
    return "\n".join(quotes[: max(1, fit)])


def _contacts(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the contacts that the documents in force name, the nearest first, each once."""
    offices = [hit.passage.document.about.contact for hit in hits if not hit.out_of_force]
    return tuple(dict.fromkeys(filter(None, offices)))
