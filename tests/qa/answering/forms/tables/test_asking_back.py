"""A question that names a column of a long table and no row is asked back which row it means."""

from dataclasses import replace

import pytest

from corpus.document import Span
from corpus.text.normalise import digits
from qa.answering.forms.tables.asking_back import MOST, rows_left_open
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from qa.answering.replies.texts import which
from tests.support.doubles.toy import document

HALLS = """会堂租用价目

会堂 | 座位 | 日租金 | 押金
红星厅 | 120 | 800元 | 2000元
长江厅 | 300 | 1900元 | 4000元
Aurora厅 | 60 | 500元 | 1000元
"""


def _read(text: str = HALLS, row: str = "长江厅") -> Reading:
    table = document(text)
    start = table.text.index(row)
    end = table.text.index("\n", start)
    return Reading((Finding(table, (), Span(start, end)),), 0.6)


def _open(question: str, reading: Reading) -> tuple[str, ...]:
    return rows_left_open(Question(question, question, digits(question)), reading)


@pytest.mark.parametrize("question", ["租金多少", "押金多少", "会堂租金多少？"])
def test_who_names_no_row_is_told_which_there_are(question: str) -> None:
    assert _open(question, _read()) == ("红星厅", "长江厅", "Aurora厅")


@pytest.mark.parametrize("question", ["长江厅租金多少", "租金最低多少", "周末租金多少", "哪里"])
def test_who_names_a_row_or_asks_more_is_not(question: str) -> None:
    assert _open("租金多少", _read())
    assert _open(question, _read()) == ()


def test_what_is_said_first_or_stands_in_no_table_leaves_nothing_open() -> None:
    sure = _read().findings[0]
    assert _open("租金多少", Reading((replace(sure, short=sure.quote),), 0.6)) == ()
    assert _open("租金多少", _read("租金多少，另行通知。\n", "租金")) == ()


def test_many_rows_or_rows_with_numbers_for_names_are_not_listed() -> None:
    rows = [f"{number}号楼 | 60 | 500元 | 1000元" for number in range(MOST + 1)]
    long = HALLS + "\n".join(rows) + "\n"
    assert _open("租金多少", _read(long)) == ()
    assert (
        _open("租金多少", _read(HALLS.replace("红星厅", "1").replace("长江厅", "2").replace("Aurora厅", "3"), "2 |"))
        == ()
    )


def test_it_is_asked_in_the_language_of_the_question() -> None:
    names = ("红星厅", "长江厅")
    assert which(names, "租金多少") == "文件里写了好几个：红星厅、长江厅。请写明是哪一个。"
    assert "红星厅, 长江厅" in which(names, "How much is the rent?")
