"""A price is told by the row that a question names, where words beside the table tell no figure."""

import pytest

from corpus.document import Span
from qa.answering.forms.tables.priced import by_its_row
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

FEES = document(
    "项目：标准墓位；单位：每座；收费：2600元。\n项目：墓位维护；单位：每年；收费：50元。\n项目：刻字；单位：每字；收费：3元。\n\n"
    "低保户免收标准墓位费。\n超期的每座加收100元。"
)


def said(question: str, quote: str) -> list[str]:
    place = FEES.text.index(quote)
    found = Finding(FEES, (), Span(place, place + len(quote)), None)
    findings = by_its_row(Question.of(question), Reading((found,), 0.9)).findings
    return [(one.short or one.quote).of(FEES.text) for one in findings]


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("标准墓位一座多少钱", "低保户免收标准墓位费。", ["2600元", "低保户免收标准墓位费。"]),
        ("标准墓位一座多少钱", "超期的每座加收100元。", ["超期的每座加收100元。"]),  # it tells a figure
        ("骨灰墙一格多少钱", "低保户免收标准墓位费。", ["低保户免收标准墓位费。"]),  # of no row
        ("低保户标准墓位要不要钱", "低保户免收标准墓位费。", ["低保户免收标准墓位费。"]),  # yes or no
        ("标准墓位和墓位维护一共多少钱", "低保户免收标准墓位费。", ["低保户免收标准墓位费。"]),  # of two rows
    ],
)
def test_the_row_named_tells_the_price_and_what_was_read_stays_behind_it(
    question: str, quote: str, expected: list[str]
) -> None:
    assert said(question, quote) == expected
