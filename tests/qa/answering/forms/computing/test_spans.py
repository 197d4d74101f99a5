"""How long it was between two dates, or is until one, is computed where a text tells them exactly."""

from datetime import date

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.base import Form
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.concluding import CONCLUDERS
from qa.answering.forms.computing.spans import time_until, until_asked
from qa.answering.forms.computing.statements import lines_of, statements

HALL = "白水分馆2021年6月1日动工，2022年5月18日开馆。"
ROAD = "环线2019年3月启动，2022年11月通车。"
TEMPLE = "2006年评为市级文保，2014年升为省级文保。"
WORKS = "扩建工程计划2027年6月30日完工。"
TODAY = date(2026, 11, 30)


def concluded(question: str, text: str) -> Conclusion | None:
    lines, asked = lines_of(text, sentences(text)), digits(question)
    known = CONCLUDERS[Form.COMPUTE]
    return known.conclude(asked, statements(lines), lines) if known.asked(asked) else None


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("白水分馆从动工到开馆隔了多久", HALL, "2022年5月18日 − 2021年6月1日 = 351天"),
        ("白水分馆从动工到开馆多少天", HALL, "2022年5月18日 − 2021年6月1日 = 351天"),
        ("环线从启动到通车用了多久", ROAD, "2022年11月 − 2019年3月 = 3年8个月"),
        ("环线从启动到通车过了多久", ROAD, "2022年11月 − 2019年3月 = 3年8个月"),
        ("环线从启动到通车用了几个月", ROAD, "2022年11月 − 2019年3月 = 44个月"),
        ("环线启动和通车之间隔了多长时间", ROAD, "2022年11月 − 2019年3月 = 3年8个月"),
        ("从市级到省级文保隔了几年", TEMPLE, "2014年 − 2006年 = 8年"),
    ],
)
def test_two_dates_tell_how_long_it_was(question: str, text: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and conclusion.line == line and conclusion.certain


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("白水分馆从动工到封顶隔了多久", HALL),  # one has no date
        ("河湾分馆从动工到开馆隔了多久", HALL),
        ("白水分馆从开馆到动工隔了多久", HALL),  # the other way round
        ("环线从启动到通车多少天", ROAD),  # no days are told
        ("环线从启动到通车隔了几年", ROAD.replace("11月", "")),  # not both as exact
        ("从县城到白水分馆要走多久", HALL),  # the way
        ("环线从哪年到哪年用了几年", ROAD),
    ],
)
def test_no_time_is_told_where_a_date_is_missing_or_not_exact(question: str, text: str) -> None:
    assert concluded(question, text) is None


def until(question: str, text: str, today: date = TODAY) -> str | None:
    what = until_asked(digits(question))
    conclusion = time_until(what, today, lines_of(text, sentences(text))) if what else None
    return conclusion.line if conclusion else None


def test_the_days_until_a_date_are_counted_from_today() -> None:
    line = "2027年6月30日 − 2026年11月30日 = 212天"
    assert until("离扩建工程完工还有多久", WORKS) == until("距离扩建工程完工还剩多少天？", WORKS) == line


@pytest.mark.parametrize(
    ("question", "text", "today"),
    [
        ("离扩建工程完工还有多久", WORKS, date(2027, 6, 30)),  # today
        ("离扩建工程完工还有多久", WORKS, date(2028, 1, 1)),  # past
        ("离扩建工程完工还有多久", WORKS.replace("30日", ""), TODAY),
        ("离新馆装修完工还有多久", WORKS, TODAY),
        ("离扩建工程完工还有多久", WORKS + "扩建工程2027年9月1日完工。", TODAY),  # two dates
        ("离车站有多远", WORKS, TODAY),
        ("扩建工程完工用了多久", WORKS, TODAY),
    ],
)
def test_no_days_are_counted_to_what_is_past_or_not_dated_to_the_day(question: str, text: str, today: date) -> None:
    assert until(question, text, today) is None
