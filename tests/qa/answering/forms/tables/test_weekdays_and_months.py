"""Rows of weekdays, and rosters of one month: the weekday and the month of the question decide."""

from dataclasses import replace

import pytest

from corpus.document import Document, Span
from corpus.text.normalise import normalise
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.forms.tables.ranges.months import sentence_of_the_month
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

CLINIC = replace(
    document(
        "星期：周一；上午：贺医师；下午：停诊。\n星期：周二；上午：石医师；下午：贺医师。\n星期：周四；上午：汤医师；下午：石医师。"
    ),
    title="卫生院专家坐诊安排（2026年5月）",
)
POOLS = document(
    "馆：东馆；日子：星期一至星期三；开放：6:00；水温：26度。\n馆：东馆；日子：星期四、星期六；开放：8:00；水温：27度。\n"
    "馆：西馆；日子：星期一至星期三；开放：9:00；水温：28度。\n馆：西馆；日子：星期四、星期六；开放：10:00；水温：29度。"
)
BATHS = document(
    "浴场：北湾；夏季（5月至9月）开放：6:00；冬季（10月至次年4月）开放：8:30；夏季（5月至9月）门票：20元；冬季（10月至次年4月）门票：10元；停车：15元。\n"
    "浴场：南湾；夏季（5月至9月）开放：7:00；冬季（10月至次年4月）开放：9:30；夏季（5月至9月）门票：30元；冬季（10月至次年4月）门票：15元；停车：5元。"
)
HEATING = document(
    "片区：城东；月份：11月至3月；水温：60度。\n片区：城东；月份：4月至10月；水温：45度。\n"
    "片区：城西；月份：11月至3月；水温：55度。\n片区：城西；月份：4月至10月；水温：40度。"
)
FAIR = document(
    "日期：除夕（2月16日）；老街灯会：18:00至22:00；河滩灯会：19:00至23:00。\n日期：正月初一；老街灯会：17:00至22:00；河滩灯会：17:30至23:00。\n"
    "日期：正月初二至初五；老街灯会：18:30至21:00；河滩灯会：18:00至21:30。\n日期：元宵节（3月3日）；老街灯会：18:00至24:00；河滩灯会：18:10至24:00。"
)
LIST = replace(CLINIC, title="乡镇卫生院名单（2026年5月）")


def said(question: str, of: Document, short: str) -> str | None:
    place = of.text.index(short)
    start = of.text.rfind("\n", 0, place) + 1
    end = of.text.find("\n", place)
    quote = Span(start, end if end >= 0 else len(of.text))
    found = Finding(of, (), quote, Span(place, place + len(short)))
    mended = in_the_right_cell(Question.of(question), Reading((found,), 0.9)).findings
    return mended[0].short.of(of.text) if mended and mended[0].short else None


@pytest.mark.parametrize(
    ("question", "of", "short", "expected"),
    [
        ("礼拜二上午是哪位医生", CLINIC, "汤医师", "石医师"),  # called by another word
        ("星期四上午是哪位医生", CLINIC, "贺医师", "汤医师"),
        ("周四上午是哪位医生", CLINIC, "汤医师", "汤医师"),
        ("上午是哪位医生，贺医师吗", CLINIC, "贺医师", "贺医师"),  # of no weekday: as it was read
        ("东馆礼拜六几点开放", POOLS, "6:00", "8:00"),  # of the pool that was found
        ("东馆礼拜二几点开放", POOLS, "6:00", "6:00"),  # within a span of weekdays
        ("礼拜二几点开放", POOLS, "6:00", None),  # two pools
        ("礼拜天上午是哪位医生", CLINIC, "汤医师", None),  # no row is of it
    ],
)
def test_the_row_of_the_weekday_answers(question: str, of: Document, short: str, expected: str | None) -> None:
    assert said(question, of, short) == expected


@pytest.mark.parametrize(
    ("question", "of", "expected"),
    [
        ("六月份周四上午是哪位医生", CLINIC, None),
        ("6月周四上午是哪位医生", CLINIC, None),
        ("五月份周四上午是哪位医生", CLINIC, "汤医师"),
        ("周四上午是哪位医生", CLINIC, "汤医师"),
        ("六月份周四上午是哪位医生", LIST, "汤医师"),  # the month in which the list was issued
        ("六月份周四上午是汤医师吗", CLINIC, "汤医师"),  # of yes or no nothing is absent
    ],
)
def test_a_roster_of_another_month_answers_nothing(question: str, of: Document, expected: str | None) -> None:
    assert said(question, of, "汤医师") == expected


@pytest.mark.parametrize(
    ("question", "of", "short", "expected"),
    [
        ("北湾浴场12月几点开放", BATHS, "6:00", "8:30"),
        ("北湾浴场一月份几点开放", BATHS, "6:00", "8:30"),  # over the end of the year
        ("北湾浴场1月5日几点开放", BATHS, "6:00", "8:30"),
        ("北湾浴场6月几点开放", BATHS, "6:00", "6:00"),
        ("北湾浴场几点开放", BATHS, "6:00", "6:00"),  # of no month: as it was read
        ("南湾浴场11月门票多少钱", BATHS, "30元", "15元"),
        ("城西十二月份水温多少度", HEATING, "40度", "55度"),  # the months are of rows
        ("城西十二月份水温多少度", HEATING, "55度", "55度"),
        ("北湾浴场5月到12月几点开放", BATHS, "6:00", "6:00"),  # of months of both
    ],
)
def test_the_season_that_holds_the_month_answers(question: str, of: Document, short: str, expected: str) -> None:
    assert said(question, of, short) == expected


@pytest.mark.parametrize(
    ("question", "short", "expected"),
    [
        ("正月初三老街灯会几点开始", "17:00至22:00", "18:30至21:00"),  # within a span
        ("大年三十老街灯会几点开始", "17:00至22:00", "18:00至22:00"),  # by another name
        ("正月十五河滩灯会几点开始", "17:30至23:00", "18:10至24:00"),
        ("初一老街灯会几点开始", "17:00至22:00", "17:00至22:00"),
        ("正月初八老街灯会几点开始", "17:00至22:00", None),  # no row is of it
        ("除夕几点开始", "2月16日", "18:00至22:00；河滩灯会：19:00至23:00"),  # and not the day that it is
    ],
)
def test_the_row_of_the_lunar_day_answers(question: str, short: str, expected: str | None) -> None:
    assert said(question, FAIR, short) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("十二月几点关门", "冬季（10月至次年4月）：9:00—17:00。"),
        ("7月几点关门", None),  # it is of the months quoted
        ("夏天几点关门", None),  # names no month
        ("11月20日至12月5日几点关门", None),  # names several
    ],
)
def test_the_sentence_of_the_month_stands_beside_the_one_that_says_the_same_of_others(
    question: str, expected: str | None
) -> None:
    text = "夏季（5月至9月）：8:00—20:00。\n冬季（10月至次年4月）：9:00—17:00。\n报名从11月至12月，逾期不补。"
    found = sentence_of_the_month(normalise(question), text, Span(0, text.index("\n")), Span(0, len(text)))
    assert (found.of(text) if found else None) == expected


REPORTS = document("年报公布日期；2022年：2023年5月8日；2023年：2024年5月6日。\n年报编号；2022年：01；2023年：02。")


def test_the_value_of_a_year_is_no_name_of_a_row() -> None:
    assert said("合作社2022年的年报是哪天公布的", REPORTS, "2023年5月8日") == "2023年5月8日"


COURSES = document("工种：焊工；考点：一号楼。\n工种：叉车司机；考点：二号楼。\n工种：电工；考点：三号楼。")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("汉工工种在哪里考", None),  # calls a row that is not there
        ("电工工种在哪里考", "电工"),
        ("二号楼考的是什么工种", "电工"),
        ("哪个大类的工种在三号楼考", "电工"),
        ("三个技术工种哪个在三号楼考", "电工"),  # calls them all, and asks which
    ],
)
def test_the_name_of_a_row_is_no_answer_where_the_question_calls_one_itself(
    question: str, expected: str | None
) -> None:
    assert said(question, COURSES, "电工") == expected
