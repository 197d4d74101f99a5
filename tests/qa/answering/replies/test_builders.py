"""The words of a reply are its first quotations, as many whole ones as fit, with no gap between them."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from corpus.document import Document, Span
from qa.answering.forms.base import LOOKUP, AnswerForm, Form
from qa.answering.question.analysis import analysed
from qa.answering.reader.base import Finding, Reading
from qa.answering.replies.builders import build_answer
from qa.answering.reply import MAX_QUOTE


def text_of(*lengths: int) -> str:
    """Return the words of a reply whose quotations have these lengths."""
    text = "".join(str(number) * length for number, length in enumerate(lengths))
    document, ends = Document("a.txt", "", text), [sum(lengths[: n + 1]) for n in range(len(lengths))]
    findings = tuple(Finding(document, (), Span(end - length, end)) for end, length in zip(ends, lengths, strict=True))
    snapshot = cast(Any, SimpleNamespace(name="1"))
    today = datetime.now(UTC).date()
    return build_answer(analysed("怎么办"), snapshot, Reading(findings, 0.9), form=LOOKUP, missing="", today=today).text


def test_a_quotation_that_does_not_fit_ends_the_words_of_a_reply() -> None:
    assert text_of(10, 20, 30) == "\n".join(("0" * 10, "1" * 20, "2" * 30))
    assert text_of(10, MAX_QUOTE, 5) == "0" * 10
    assert text_of(MAX_QUOTE + 5, 5) == "0" * (MAX_QUOTE + 5)


def test_an_operand_is_not_said_first_in_english_either() -> None:
    document = Document("a.txt", "", "2017年992元，2021年1402元。")
    found = Reading((Finding(document, (), Span(0, 21), Span(15, 20)),), 0.9)
    snapshot, today = cast(Any, SimpleNamespace(name="1")), datetime.now(UTC).date()
    lines = [
        build_answer(analysed("How much more?"), snapshot, found, form=form, missing="", today=today).form.line
        for form in (AnswerForm(Form.COMPUTE), LOOKUP)
    ]
    assert lines == ["", "1,402 yuan"]


def test_a_citation_of_amended_words_says_by_what_they_are_amended() -> None:
    document = Document("a.txt", "", "第五条　30日内办结。")
    snapshot, today = cast(Any, SimpleNamespace(name="1")), datetime.now(UTC).date()
    notes = [
        build_answer(
            analysed("几天办结"),
            snapshot,
            Reading((Finding(document, (), Span(0, 11), amended=by),), 0.9),
            form=LOOKUP,
            missing="",
            today=today,
        )
        .citations[0]
        .note
        for by in ("关于修改某办法的决定", "")
    ]
    assert notes == ["的这一条已由“关于修改某办法的决定”修改", ""]
