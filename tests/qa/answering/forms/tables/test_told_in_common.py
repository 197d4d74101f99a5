"""Rows told by what their cells have in common, and what a note below takes from a cell for the case asked for."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

LOTS = document(
    "标段：一标段；里程：12公里；中标单位：宏途市政工程公司；单价：80元。\n标段：二标段；里程：9公里；中标单位：远山路桥公司；单价：95元。\n"
    "标段：三标段；里程：7公里；中标单位：宏途市政工程公司；单价：70元。\n标段：四标段；里程：5公里；中标单位：新港公司；单价：88元。"
)
HALLS = document(
    "名称：东馆；街道：城南街道；停车：没有；票价：20元。\n名称：西馆；街道：城南街道；停车：地面30位；票价：25元。\n"
    "名称：北馆；街道：河口街道；停车：地下60位；票价：30元。\n名称：水上馆；街道：城南街道；停车：室内50位；票价：60元。"
)
LOANS = document("""借阅规则

城关图书馆免费办证。城关图书馆每人限办一张。

读者：成人证；册数：10册；期限：30天。
读者：少儿证；册数：6册；期限：30天。

注：1. 外文原版书不按上述期限，一律15天。
2. 少儿证可以由家长代还。地方文献阅览室不外借，册数不限。
3. 带光盘的书期限减半，不续借。
4. 城关图书馆闭馆的日子不计入期限。

开放时间

工具书期限另行通知。
""")


def findings(question: str, of: Document, short: str) -> list[str]:
    place = of.text.index(short)
    start, end = of.text.rfind("\n", 0, place) + 1, of.text.find("\n", place)
    found = Finding(of, (), Span(start, end if end >= 0 else len(of.text)), Span(place, place + len(short)))
    mended = in_the_right_cell(Question.of(question), Reading((found,), 0.9)).findings
    return [(one.short or one.quote).of(of.text) for one in mended]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("哪家公司中了两个标段", ["宏途市政工程公司", "宏途市政工程公司"]),
        ("哪家公司一共中了2个标段", ["宏途市政工程公司", "宏途市政工程公司"]),
        ("哪家公司中了三个标段", ["一标段"]),  # none has so many: as it was read
        ("哪家公司修了两条河", ["一标段"]),  # counts something else
        ("哪个厂家中了两个标段", ["一标段"]),  # calls no column
    ],
)
def test_the_value_that_stands_so_often_answers(question: str, expected: list[str]) -> None:
    assert findings(question, LOTS, "一标段") == expected


@pytest.mark.parametrize(
    ("question", "short", "expected"),
    [
        ("城南街道哪几个馆可以停车", "东馆", ["西馆", "水上馆"]),
        ("哪些馆能停车", "东馆", ["西馆", "北馆", "水上馆"]),
        ("哪些馆没有停车的地方", "东馆", ["东馆"]),  # denies it itself
        ("哪些街道有馆能停车", "东馆", ["城南街道", "河口街道", "城南街道"]),  # what is asked for is called by a column
        ("哪些馆不能停车", "东馆", ["东馆"]),
        ("东馆停车怎么样", "没有", ["没有"]),  # asks for no which
    ],
)
def test_rows_of_which_a_column_says_yes_answer_in_place_of_one_that_says_no(
    question: str, short: str, expected: list[str]
) -> None:
    assert findings(question, HALLS, short) == expected


@pytest.mark.parametrize(
    ("question", "short", "expected"),
    [
        ("成人证借外文原版书期限多久", "30天", "外文原版书不按上述期限，一律15天。"),
        ("成人证借带光盘的书期限多久", "30天", "带光盘的书期限减半，不续借。"),  # 的 within it
        ("成人证借书期限多久", "30天", "30天"),
        ("成人证借工具书期限多久", "30天", "30天"),  # stands below another heading
        ("成人证借地方文献册数多少", "10册", "地方文献阅览室不外借，册数不限。"),
        ("成人证在城关图书馆借书期限多久", "30天", "30天"),  # what is said again and again names no case
        ("少儿证家长代还期限多久", "30天", "30天"),  # says nothing of 期限
    ],
)
def test_a_note_that_takes_the_case_asked_for_from_the_cell_answers(question: str, short: str, expected: str) -> None:
    assert findings(question, LOANS, short)[0] == expected
