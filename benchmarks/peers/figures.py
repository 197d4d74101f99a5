"""The figures of a program from what it showed, by the same rules for all."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.quality.scoring import holds
from benchmarks.quality.sets import Question
from corpus.text.sentences import sentences
from qa.evaluation.golden import holds_all

OURS = "ours"  # the key of this program
Row = Mapping[str, Any]  # of one question: passages, answer, refused, ms


@dataclass(frozen=True, slots=True)
class SetFigures:
    """What a program showed of one set; shares are 0 to 1, `read` and `until` characters, times milliseconds.

    `first` and `three` are shares of the answerable questions whose fact stands in what is shown first, and in the
    first three. `read` is the length of what is shown first, `until` of all down to the fact where it is there.
    `right` and `wrong` are shares of the answerable questions that got an answer, right or wrong; None where a
    program gives passages only. `refused` is the share of the near misses that were told to have no answer.
    """

    first: float
    three: float
    read: float
    until: float
    right: float | None
    wrong: float | None
    refused: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What one program gave: its raw result, and its figures by set; without figures `raw["missing"]` says why."""

    key: str
    label: str
    raw: Mapping[str, Any]
    figures: Mapping[str, SetFigures]


def of_set(questions: Sequence[Question], rows: Sequence[Row]) -> SetFigures:
    """Return the figures of a set; raises `ValueError` if the rows are of other questions."""
    if [question.question_id for question in questions] != [row["question_id"] for row in rows]:
        raise ValueError("The result answers other questions; remove it to ask again")
    pairs = list(zip(questions, rows, strict=True))
    answerable = [(question, row) for question, row in pairs if question.answerable]
    others = [row for question, row in pairs if not question.answerable]
    places = [_place(question, row) for question, row in answerable]
    answers = any(row["answer"] for row in rows)
    said = [(question, row) for question, row in answerable if not row["refused"]]
    right = sum(_said_right(question, row) for question, row in said)
    times = sorted(row["ms"] for row in rows)
    reach = [_length(row, place) for (_, row), place in zip(answerable, places, strict=True) if place]
    return SetFigures(
        first=_share(answerable, lambda number: places[number] == 1),
        three=_share(answerable, lambda number: 0 < places[number] <= 3),
        read=statistics.median(_length(row, 1) for _, row in answerable),
        until=statistics.median(reach) if reach else 0.0,
        right=right / len(answerable) if answers else None,
        wrong=(len(said) - right) / len(answerable) if answers else None,
        refused=_share(others, lambda number: others[number]["refused"]),
        p50=times[len(times) // 2],
        p95=times[min(len(times) - 1, int(len(times) * 0.95))],
    )


def _place(question: Question, row: Row) -> int:
    """Return the place, from 1, of the first passage with the fact, 0 if none has it; the answer stands beside it."""
    shown = [*row["passages"][:3]]
    for place, (document, text) in enumerate(shown, start=1):
        words = f"{row['answer']}\n{text}" if place == 1 else text
        if question.answer and document == question.document and holds(words, question.answer):
            return place
        if not question.answer and holds_all(question.must, words):
            return place
    return 0


def _said_right(question: Question, row: Row) -> bool:
    """Return whether the answer, or the sentences of the first passage that hold it, hold the fact."""
    (document, text), *_ = row["passages"] or [("", "")]
    quoted = _sentences_with(row["answer"], text)
    return _place(question, {"answer": row["answer"], "passages": [(document, quoted)]}) == 1


def _sentences_with(answer: str, passage: str) -> str:
    """Return the sentences that an answer stands in, or the whole passage where it does not stand there as it is."""
    start = passage.find(answer)
    if start < 0 or not answer:
        return passage
    touched = [(a, b) for a, b in sentences(passage) if a < start + len(answer) and b > start]
    return passage[touched[0][0] : touched[-1][1]]


def _length(row: Row, place: int) -> int:
    return len(row["answer"]) + sum(len(text) for _, text in row["passages"][:place])


def _share(rows: Sequence[object], is_so: Callable[[int], bool]) -> float:
    return sum(is_so(number) for number in range(len(rows))) / len(rows) if rows else 0.0
