"""A note below a table that puts something else in place of a cell answers before it, or with it."""

import pytest

from corpus.document import Span
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.forms.tables.cells.telling import said
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

ROSTER = """日期：5月4日；星期：星期一；白班（8:00—16:00）：覃川；晚班（16:00—24:00）：鲍清；领导：莫言之。
日期：5月5日；星期：星期二；白班（8:00—16:00）：乐文；晚班（16:00—24:00）：覃川；领导：莫言之。
日期：5月6日；星期：星期三；白班（8:00—16:00）：鲍清；晚班（16:00—24:00）：乐文；领导：莫言之。
"""
POINTS = """网点：东塘点；负责人：覃川；电话：6613101；时间：8:00—17:00。
网点：西塘点；负责人：鲍清；电话：6613102；时间：8:00—17:00。
"""
FIRST, SECOND, THIRD = ROSTER.splitlines()
EAST, WEST = POINTS.splitlines()


def told(question: str, table: str, note: str, row: str, short: str) -> list[str]:
    """Return what is said of each finding for a question that was read in a row."""
    of = document(f"{table}{note}\n")
    start = of.text.index(row)
    place = of.text.index(short, start)
    found = Finding(of, (), Span(start, start + len(row)), Span(place, place + len(short)))
    reading = in_the_right_cell(Question.of(question), Reading((found,), 0.9))
    return [said(one) for one in reading.findings]


@pytest.mark.parametrize(
    ("note", "said_first"),
    [
        ("注：覃川5月5日外出培训，晚班由鲍清代班，其余不变。", "鲍清"),
        ("1. 5月5日晚班改由鲍清负责。", "鲍清"),
        ("5月5日晚班改为鲍清。", "鲍清"),
        ("5日晚班由鲍清顶班。", "鲍清"),
        ("注：5月3日至5日覃川请假，由鲍清代替。", "鲍清"),
        ("5月4、5日覃川的班由鲍清值班。", "鲍清"),
        ("5月5日起晚班改由鲍清值班。", "鲍清"),
        ("星期二晚班由鲍清代班。", "鲍清"),
        ("覃川与鲍清5月5日晚班互换。", "鲍清"),
        # Of another day, shift or person.
        ("注：5月6日晚班由鲍清代班。", "覃川"),
        ("注：5月5日白班由鲍清代班。", "覃川"),
        ("注：5月5日乐文请假，由鲍清代班。", "覃川"),
        ("注：5月6日起晚班改由鲍清值班。", "覃川"),
        ("注：5月5日晚班由覃川负责，不得代班。", "覃川"),
        ("注：急诊由鲍清负责。", "覃川"),
        ("注：星期三晚班由鲍清代班。", "覃川"),
    ],
)
def test_what_a_note_puts_in_place_of_a_cell_of_its_day_answers(note: str, said_first: str) -> None:
    assert told("5月5日晚班是谁", ROSTER, note, SECOND, "覃川")[0] == said_first


def test_the_row_is_quoted_behind_the_note() -> None:
    assert told("5月5日晚班是谁", ROSTER, "5月5日晚班由鲍清代班。", SECOND, "覃川") == ["鲍清", ""]


def test_what_was_planned_first_is_answered_from_the_row() -> None:
    assert told("5月5日晚班原来是谁", ROSTER, "5月5日晚班由鲍清代班。", SECOND, "覃川") == ["覃川"]


def test_only_the_cell_that_the_note_names_is_changed() -> None:
    note = "注：5月5日晚班由鲍清代班。"
    assert told("5月5日白班是谁", ROSTER, note, SECOND, "乐文") == ["乐文"]
    assert told("5月5日领导是谁", ROSTER, note, SECOND, "莫言之") == ["莫言之"]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("东塘点负责人自2025年3月起改为莫舟，电话不变。", ["自2025年3月起改为莫舟", ""]),
        ("东塘点负责人已更换为莫舟。", ["莫舟", ""]),
        ("东塘点负责人由莫舟接任。", ["莫舟", ""]),
        # For a time only: both are said.
        ("东塘点负责人休假期间，由莫舟代管。", ["覃川", "东塘点负责人休假期间，由莫舟代管。"]),
        ("西塘点负责人改为莫舟。", ["覃川"]),
        ("东塘点电话改为6613199。", ["覃川"]),
    ],
)
def test_a_note_of_a_named_row_answers_where_it_holds_for_good(note: str, expected: list[str]) -> None:
    assert told("东塘点负责人是谁", POINTS, note, EAST, "覃川") == expected


def test_a_changed_time_answers_for_the_time_and_stands_beside_who_it_is() -> None:
    note = "东塘点时间改为9:00—16:00。"
    assert told("东塘点几点开门", POINTS, note, EAST, "8:00—17:00") == ["9:00—16:00", ""]
    assert told("5月5日晚班是谁", ROSTER, "5月5日晚班改为17:00开始。", SECOND, "覃川") == [
        "覃川",
        "5月5日晚班改为17:00开始。",
    ]
