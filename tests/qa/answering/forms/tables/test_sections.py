"""Tables with the same columns under names of their own: the one that a question names answers."""

from dataclasses import replace

import pytest

from corpus.document import Document, Span, Table
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

BUS = document(
    "12路时刻\n\n去程：柳湾→北站\n\n站点：柳湾；首班：6:00；末班：19:00。\n站点：文峰塔；首班：6:15；末班：19:15。\n"
    "站点：北站；首班：6:40；末班：19:40。\n\n回程：北站→柳湾\n\n站点：北站；首班：6:50；末班：20:00。\n"
    "站点：文峰塔；首班：7:15；末班：20:25。\n站点：柳湾；首班：7:30；末班：20:40。"
)
POOL = document(
    "夏季（6月至9月）\n场次：早场；开始：6:30；票价：10元。\n场次：晚场；开始：19:30；票价：15元。\n\n"
    "冬季（10月至次年5月）\n场次：早场；开始：8:30；票价：20元。\n场次：晚场；开始：18:00；票价：25元。"
)
BOATS = document(
    "班次：1；东码头开：06:20；岛上开：07:00。\n班次：2；东码头开：11:00；岛上开：11:40。\n班次：3；东码头开：17:00；岛上开：17:40。"
)


def said(question: str, of: Document, line: int, short: str) -> str | None:
    quote = [Span(*span) for span in _lines(of.text)][line]
    place = of.text.index(short, quote.start)
    found = Finding(of, (), quote, Span(place, place + len(short)))
    mended = in_the_right_cell(Question.of(question), Reading((found,), 0.9)).findings
    return mended[0].short.of(of.text) if mended and mended[0].short else None


def _lines(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for line in text.split("\n"):
        if "；" in line:
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("从北站回柳湾，文峰塔末班几点", "20:25"),
        ("从柳湾到北站，文峰塔末班几点", "19:15"),
        ("往柳湾方向，文峰塔末班几点", "20:25"),
        ("回程文峰塔末班几点", "20:25"),
        ("文峰塔末班几点", "19:15"),  # no way is named: as it was read
        ("北站开往柳湾的头班车几点", "6:50"),  # from where it begins, in the column of the first run
        ("柳湾开往北站的最后一班几点", "19:00"),
    ],
)
def test_the_timetable_of_the_way_asked_for_answers(question: str, expected: str) -> None:
    assert said(question, BUS, 1, "19:15") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [("冬天早场票价多少", "20元"), ("夏天早场票价多少", "10元"), ("早场票价多少", "10元")],
)
def test_the_table_of_the_season_asked_for_answers(question: str, expected: str) -> None:
    assert said(question, POOL, 0, "10元") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("岛上开最晚一班几点", "17:40"),
        ("岛上开末班几点", "17:40"),
        ("岛上开头班几点", "07:00"),
        ("班次2岛上开几点", "11:40"),  # no first or last run
    ],
)
def test_the_first_or_the_last_run_of_a_timetable_answers(question: str, expected: str) -> None:
    assert said(question, BOATS, 1, "11:40") == expected


NOTICE = document(
    "事项：开标时间；原公告内容：2月5日9:00；更正后内容：2月12日14:00。\n事项：最高限价；原公告内容：40万元；更正后内容：36万元。\n"
    "事项：现场；原公告内容：一号厅；更正后内容：。"
)


@pytest.mark.parametrize(
    ("question", "line", "short", "expected"),
    [
        ("开标时间改到哪天", 0, "2月5日9:00", "2月12日14:00"),
        ("开标时间是哪天", 0, "2月5日9:00", "2月12日14:00"),
        ("最高限价现在多少", 1, "40万元；更正后内容：36万元", "36万元"),
        ("原来的开标时间是哪天", 0, "2月5日9:00", "2月5日9:00"),
        ("最高限价之前多少", 1, "40万元", "40万元；更正后内容：36万元"),  # both, as of any two columns
        ("现场在哪", 2, "一号厅", "一号厅"),  # nothing is put in its place
    ],
)
def test_what_a_notice_of_correction_puts_in_place_answers(question: str, line: int, short: str, expected: str) -> None:
    assert said(question, NOTICE, line, short) == expected


def test_rows_of_one_holiday_do_not_answer_for_another() -> None:
    rows = document("五一安排\n日期：5月1日—3日；安排：闭馆。\n日期：5月4日；安排：开放。")
    titled = replace(rows, tables=(Table(Span(0, len(rows.text)), "五一安排", ("日期", "安排"), ()),))
    assert said("国庆节哪几天闭馆", titled, 0, "5月1日—3日") is None
    assert said("劳动节哪几天闭馆", titled, 0, "5月1日—3日") == "5月1日—3日"
    assert said("国庆节哪几天闭馆", rows, 0, "5月1日—3日") == "5月1日—3日"


def test_rows_that_follow_no_clock_have_no_last_run() -> None:
    mixed = document(BOATS.text.replace("17:40", "停开"))
    assert said("岛上开最晚一班几点", mixed, 1, "11:40") != "停开"


def test_the_row_of_the_case_is_not_left_for_one_that_says_more_of_the_question() -> None:
    fees = document(
        "对象：商铺；分档：营业面积不足50平方米；标准：60元。\n对象：商铺；分档：50平方米（含）至90平方米；标准：90元。\n"
        "对象：商铺；分档：90平方米（含）以上；标准：150元。"
    )
    assert said("商铺营业面积刚好90平，收多少", fees, 2, "150元") == "150元"
    assert said("商铺营业面积刚好90平，收多少", fees, 1, "90元") == "150元"


def test_a_name_within_a_longer_one_gives_way_to_the_row_of_that() -> None:
    levels = document("级别：Ⅰ级；谁批准：县长。\n级别：Ⅱ级；谁批准：副县长。\n级别：Ⅲ级；谁批准：局长。")
    assert said("Ⅲ级响应谁批准", levels, 0, "县长") == "局长"
    assert said("Ⅰ级响应谁批准", levels, 0, "县长") == "县长"
