"""Which of two rows was first is told by the dates of one column."""

import pytest

from qa.answering.forms.tables.rowwise.first import first_of_rows
from qa.answering.question.analysis import Question
from tests.support.doubles.toy import document

BRIDGES = document("""桥梁整修进度
批次：第一批；桥名：南门桥；投资：80万元；进展：2024年3月竣工。
批次：第一批；桥名：老街桥；投资：65万元；进展：2023年12月竣工。
批次：第二批；桥名：水口桥；投资：90万元；进展：2025年5月开工。""")


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("南门桥和老街桥哪个先竣工", "2023年12月早于2024年3月：老街桥"),
        ("南门桥和老街桥，整修哪座竣工晚", "2023年12月早于2024年3月：南门桥"),
    ],
)
def test_the_dates_of_a_column_tell_which_was_first(question: str, line: str) -> None:
    found = first_of_rows(Question.of(question).search, [BRIDGES])
    assert found is not None and found[0].line == line
    assert all(finding.short and "竣工" in finding.short.of(BRIDGES.text) for finding in found[1])


@pytest.mark.parametrize(
    "question",
    [
        "南门桥和水口桥哪个先竣工",  # the one is begun, the other done
        "南门桥和北门桥哪个先竣工",
        "南门桥和老街桥哪个先验收",
        "南门桥和老街桥哪个贵",
    ],
)
def test_nothing_is_first_where_the_dates_are_of_two_things(question: str) -> None:
    assert first_of_rows(Question.of(question).search, [BRIDGES]) is None
