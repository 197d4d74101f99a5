"""Rows of days and columns of years: the day and the year of the question decide."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

DUTY = document(
    "日期：7月6日—7月12日；带班领导：谭志远；值班：孔令。\n日期：8月10日—16日；带班领导：董立新；值班：褚明。\n"
    "日期：12月28日至次年1月3日；带班领导：温庆；值班：陶行。".replace("次年", "")
)
CLOSED = document(
    "日期：9月25日—27日；开放：闭馆。\n日期：9月28日（周日）；开放：照常开放。\n日期：10月1日—3日；开放：只开一楼。\n"
    "日期：10月8日；开放：下午开放。"
)
HALLS = document(
    "场馆：文化馆；接待人次2024年：6.4万；接待人次2025年：7.1万；经费2025年：198万元。\n场馆：图书馆；接待人次2024年：9万；接待人次2025年：9.6万；经费2025年：240万元。"
)


def said(question: str, of: Document, short: str) -> str | None:
    line, place = of.text.split("\n")[0], of.text.index(short)
    found = Finding(of, (), Span(0, len(line)), Span(place, place + len(short)))
    mended = in_the_right_cell(Question.of(question), Reading((found,), 0.9)).findings
    return mended[0].short.of(of.text) if mended and mended[0].short else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("8月12号带班领导是谁", "董立新"),
        ("8月16日带班领导是谁", "董立新"),
        ("1月2日带班领导是谁", "温庆"),
        ("7月8日带班领导是谁", "谭志远"),
        ("9月1日带班领导是谁", "谭志远"),  # in no row: as it was read
        ("7月8日到8月12日带班领导是谁", "谭志远"),  # two days
    ],
)
def test_the_row_of_the_day_answers(question: str, expected: str) -> None:
    assert said(question, DUTY, "谭志远") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("图书馆9月28号开不开", "照常开放"),  # of one day among days
        ("图书馆10月8日开不开", "下午开放"),
        ("图书馆10月2日开不开", "只开一楼"),
        ("图书馆9月26日开不开", "闭馆"),
        ("图书馆10月20日开不开", "闭馆"),  # in no row: as it was read
    ],
)
def test_the_row_of_one_day_answers_among_rows_of_days(question: str, expected: str) -> None:
    assert said(question, CLOSED, "闭馆") == expected


def test_the_row_of_days_answers_where_the_row_of_another_day_was_read() -> None:
    alone = document("\n".join(reversed(CLOSED.text.split("\n"))))
    assert said("图书馆9月26日开不开", alone, "下午开放") == "闭馆"


@pytest.mark.parametrize(
    ("question", "short", "expected"),
    [
        ("文化馆2024年经费多少", "198万元", None),  # of 2025 alone
        ("文化馆2025年经费多少", "198万元", "198万元"),
        ("文化馆2024年接待人次多少", "6.4万", "6.4万"),
        ("文化馆经费多少", "198万元", "198万元"),
    ],
)
def test_a_column_of_another_year_answers_nothing(question: str, short: str, expected: str | None) -> None:
    assert said(question, HALLS, short) == expected


def test_a_row_of_the_next_day_answers_for_none_where_the_day_has_a_row() -> None:
    nights = document(
        "组别：第三组；日期：8月8日；星期：五；带班领导：景行；夜班：阳知。\n组别：第二组；日期：8月7日；星期：四；带班领导：景行；夜班：桂年。\n"
        "组别：第三组；日期：8月11日；星期：一；带班领导：庆和；夜班：水泽。\n组别：第一组；日期：8月17日；星期：日；带班领导：庆和；夜班：万里。"
    )
    assert said("8月7号夜里是谁在值夜班", nights, "阳知") == "桂年"
