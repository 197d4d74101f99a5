"""Which of two things was first is told by their dates, where a text tells one of each."""

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.base import Form
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.concluding import CONCLUDERS
from qa.answering.forms.computing.statements import lines_of, statements

HALLS = """白水分馆2021年6月1日动工，2022年5月18日开馆。
河湾分馆2022年3月10日动工，2023年1月6日开馆。"""
SCHOOL = "2004年5月，代表团为友谊学校奠基。学校收到两封信。\n2008年4月，友谊学校收到回信。"
ROWS = (
    "场馆：白水馆；动工：2021年6月1日；开馆：2022年5月18日。\n场馆：河湾馆；动工：2022年3月10日；开馆：2023年1月6日。"
)


def concluded(question: str, text: str) -> Conclusion | None:
    lines, asked = lines_of(text, sentences(text)), digits(question)
    known = CONCLUDERS[Form.COMPARE]
    return known.conclude(asked, statements(lines), lines) if known.asked(asked) else None


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("白水分馆和河湾分馆哪个先开馆", HALLS, "2022年5月18日早于2023年1月6日：白水分馆"),
        ("白水分馆和河湾分馆，哪个开馆晚", HALLS, "2022年5月18日早于2023年1月6日：河湾分馆"),
        (
            "白水分馆和河湾分馆，土建哪个先动工",
            HALLS.replace("动工", "土建动工"),
            "2021年6月1日早于2022年3月10日：白水分馆",
        ),
        ("白水分馆先动工还是河湾分馆先动工", HALLS, "2021年6月1日早于2022年3月10日：白水分馆"),
        ("白水分馆开馆和河湾分馆动工哪个在前", HALLS, "2022年3月10日早于2022年5月18日：河湾分馆动工"),
        ("白水馆和河湾馆哪个先开馆", ROWS, "2022年5月18日早于2023年1月6日：白水馆"),
        ("友谊学校先奠基还是先收到回信", SCHOOL, "2004年5月早于2008年4月：奠基"),
        ("先收到回信还是先奠基", SCHOOL, "2004年5月早于2008年4月：奠基"),
    ],
)
def test_two_dates_tell_what_was_first(question: str, text: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and conclusion.line == line and conclusion.certain
    lines = lines_of(text, sentences(text))
    assert all(one.words == lines[one.line].text[one.start : one.end] for one in conclusion.operands)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("白水分馆和江口分馆哪个先开馆", HALLS),  # one has no date
        ("先奠基还是先收到回信", SCHOOL.replace("2008年4月", "2004年")),  # not as exact as it takes
        ("先奠基还是先收到回信", SCHOOL.replace("2008年", "次年")),
        ("先奠基还是先收到回信", SCHOOL + "2009年8月，友谊学校收到回信。"),  # two dates of one thing
        ("白水分馆和河湾分馆哪个先开馆", HALLS.replace("2023年1月6日", "2022年5月18日")),  # the same day
        ("白水分馆和河湾分馆哪个先装好电梯", HALLS),
        ("白水分馆什么时候开馆", HALLS),
        ("白水分馆和河湾分馆哪个调整后划算", HALLS),
    ],
)
def test_nothing_is_first_where_a_date_is_missing_or_not_sure(question: str, text: str) -> None:
    assert concluded(question, text) is None
