"""Who asks for several gets all rows of the value that is named."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

TOWNS = document(
    "支援城市：潮门市；结对乡镇：落雁乡；资金：2800万元。\n支援城市：潮门市；结对乡镇：白岩乡；资金：2800万元。\n"
    "支援城市：帆湾市；结对乡镇：云盘镇；资金：5200万元。"
)
COURSES = document(
    "序号：7；工种：焊工；地点：实训基地；开班：5月11日。\n序号：8；工种：叉车司机；地点：实训基地；开班：6月1日。\n"
    "序号：9；工种：电商直播；地点：创业中心；开班：6月8日。"
)

DUTIES = document(
    "姓名：张三；单位：社保中心；职责：参保登记。\n姓名：李四；单位：社保中心；职责：工伤认定。\n姓名：王五；单位：医保中心；职责：报销。"
)


def said(question: str, of: Document) -> list[str]:
    line = of.text.split("\n")[0]
    found = Finding(of, (), Span(0, len(line)), None)
    mended = in_the_right_cell(Question.of(question), Reading((found,), 0.9)).findings
    return [one.short.of(of.text) if one.short else "" for one in mended]


@pytest.mark.parametrize(
    ("question", "of", "expected"),
    [
        ("潮门市结对哪两个乡镇", TOWNS, ["落雁乡", "白岩乡"]),
        ("潮门市结对了哪些乡镇", TOWNS, ["落雁乡", "白岩乡"]),
        ("实训基地办哪几个班", COURSES, ["焊工", "叉车司机"]),  # 开班 is a day
    ],
)
def test_every_row_of_the_value_is_told(question: str, of: Document, expected: list[str]) -> None:
    assert said(question, of) == expected


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("潮门市结对哪三个乡镇", TOWNS),  # another number
        ("结对哪两个乡镇", TOWNS),  # no value that rows share
        ("潮门市结对哪个乡镇", TOWNS),  # one
        ("潮门市给落雁乡多少资金", TOWNS),
        ("社保中心张三管哪些事", DUTIES),  # one of the rows is told from the other
        ("除了社保中心还有哪些单位", DUTIES),
    ],
)
def test_other_questions_are_left_as_they_were(question: str, of: Document) -> None:
    assert len(said(question, of)) == 1
