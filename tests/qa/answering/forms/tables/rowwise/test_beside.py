"""Two rows or columns of one table are compared, and both are cited."""

import pytest

from corpus.document import Document
from qa.answering.forms.base import Form
from qa.answering.forms.tables.rowwise.beside import beside
from qa.answering.question.analysis import Question
from tests.support.doubles.toy import document

TICKETS = document("""票种 | 旺季（4月至10月） | 淡季
成人票 | 60元 | 40元
学生票 | 30元 | 20元
家庭套票（两大一小） | 130元 | 约90元
""")
PARKING = document("""车型：小型车；首小时：4元；包月：200元。
车型：大型车；首小时：8元；包月：450元。
""")
COURTS = document("时段 | 价格（元/小时）\n工作日上午 | 20\n工作日晚上 | 45\n周末全天 | 50\n")


@pytest.mark.parametrize(
    ("question", "of", "line", "verdict"),
    [
        ("停车包月大型车和小型车哪个贵", PARKING, "450元 > 200元：大型车", "大型车"),
        ("大型车包月比小型车贵多少", PARKING, "450元 − 200元 = 250元", "250元"),
        ("小型车包月比大型车贵多少", PARKING, "", None),  # the other way round: both rows are quoted
        ("成人票比学生票贵多少", TICKETS, "旺季（4月至10月）：60元 − 30元 = 30元；淡季：40元 − 20元 = 20元", None),
        ("成人票旺季和淡季差多少", TICKETS, "60元 − 40元 = 20元", "20元"),
        ("淡季成人票和学生票哪个便宜", TICKETS, "40元 > 20元：学生票", "学生票"),
        ("周末比工作日晚上贵多少", COURTS, "50元/小时 − 45元/小时 = 5元/小时", "5元/小时"),
        ("小型车首小时加包月一共多少钱", PARKING, "4元 + 200元 = 204元", "204元"),
    ],
)
def test_two_of_one_table_are_computed(question: str, of: Document, line: str, verdict: str | None) -> None:
    found = beside(Question.of(question).search, [of])
    assert found is not None
    form, findings = found
    assert (form.line, form.verdict) == (line, verdict)
    assert form.kind is (Form.COMPARE if "哪个" in question else Form.COMPUTE)
    for operand in form.operands:
        finding = findings[operand.citation]
        assert finding.short and operand.text in finding.short.of(of.text)


@pytest.mark.parametrize(
    "question",
    [
        "家庭套票旺季和淡季差多少",  # 约90元 is no exact figure
        "成人票比儿童票贵多少",  # no such row
        "成人票和学生票哪个人多",  # prices tell of no people
        "成人票多少钱",
    ],
)
def test_nothing_is_computed_of_other_questions(question: str) -> None:
    assert beside(Question.of(question).search, [TICKETS]) is None


def test_a_table_in_two_documents_leaves_it_open() -> None:
    other = document(PARKING.text, name="b.txt")
    assert beside(Question.of("大型车包月比小型车贵多少").search, [PARKING, other]) is None
