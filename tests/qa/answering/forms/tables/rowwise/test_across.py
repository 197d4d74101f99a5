"""Which of several columns of one row is more is told by the row alone."""

import pytest

from corpus.document import Document
from qa.answering.forms.tables.rowwise.across import most_across
from qa.answering.question.analysis import Question
from tests.support.doubles.toy import document

FIGURES = document("""主要指标
指标：油菜产量；单位：万吨；2022年：3.1；2023年：2.8；2024年：3.4。
指标：生猪出栏；单位：万头；2022年：41；2023年：44；2024年：44。
指标：森林覆盖率；单位：%；2022年：61；2023年：约62；2024年：63。""")
DISTRICTS = document("""两区标准
项目：寄宿生补助；临江区：300元；山阳区：350元。
项目：取暖费；临江区：120元；山阳区：不补。""")


@pytest.mark.parametrize(
    ("question", "of", "line"),
    [
        ("油菜产量哪年高", FIGURES, "3.4万吨 > 3.1万吨：2024年"),
        ("油菜哪年产量最低", FIGURES, "2.8万吨 < 3.1万吨：2023年"),
        ("寄宿生补助哪个区多", DISTRICTS, "350元 > 300元：山阳区"),
    ],
)
def test_the_columns_of_a_row_are_compared(question: str, of: Document, line: str) -> None:
    found = most_across(Question.of(question).search, [of])
    assert found is not None and found[0].line == line
    short = found[1][0].short
    assert short and all(operand.text in short.of(of.text) for operand in found[0].operands)


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("生猪出栏哪年多", FIGURES),  # two have the most
        ("森林覆盖率哪年高", FIGURES),  # about 62
        ("油菜出口哪年多", FIGURES),
        ("2022年、2023年油菜产量哪年高", FIGURES),  # not of the third year
        ("取暖费哪个区多", DISTRICTS),
        ("寄宿生补助哪个镇多", DISTRICTS),
    ],
)
def test_nothing_is_said_where_a_column_tells_no_figure(question: str, of: Document) -> None:
    assert most_across(Question.of(question).search, [of]) is None
