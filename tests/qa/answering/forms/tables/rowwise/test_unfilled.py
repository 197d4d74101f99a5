"""A cell that holds nothing answers nothing, whatever the format: the refusal says that it is empty."""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import docx
import openpyxl
import pytest

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from index.retrieve import Hit
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from qa.answering.assistant import Assistant
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.forms.tables.naming.unfilled import empty_cell
from qa.answering.forms.tables.rowwise.beside import beside
from qa.answering.query_rewriting import Synonyms
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from qa.answering.reply import Abstention, Reason
from tests.qa.answering.test_assistant import FixedReader, NearEmbedder
from tests.support.doubles.toy import ToyEmbedder

_HEADER = ("站点", "泊位（个）", "服务费（元）", "值守电话", "快充桩")
_ROWS = (("河湾站", "12", "8", "5510201", ""), ("石桥站", "6", "", "5510202", ""), ("茶亭站", "9", "5", "", ""))


def _sheet() -> bytes:
    workbook: Any = openpyxl.Workbook()
    for row in (_HEADER, *_ROWS):
        workbook.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _word() -> bytes:
    document: Any = docx.Document()
    document.add_heading("充电站一览")
    table = document.add_table(0, len(_HEADER))
    for row in (_HEADER, *_ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page() -> bytes:
    rows = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}" for row in _ROWS)
    table = f"<table><tr><th>{'<th>'.join(_HEADER)}{''.join(rows)}</table>"
    return f"<meta charset=utf-8><h1>充电站一览</h1>{table}".encode()


_MADE: dict[str, Callable[[], bytes]] = {
    "站.xlsx": _sheet,
    "站.docx": _word,
    "站.html": _page,
    "站.csv": lambda: "\n".join(map(",".join, (_HEADER, *_ROWS))).encode(),
}


@pytest.fixture(params=_MADE, scope="module")
def stations(request: pytest.FixtureRequest) -> Document:
    return convert(request.param, _MADE[request.param](), DEFAULT_BUDGET)


def hits(document: Document) -> list[Hit]:
    return [Hit(one, 0.0, 0.5, 5.0) for one in snapshots.build([document], ToyEmbedder(), max_tokens=200).passages]


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("石桥站服务费多少钱？", ("石桥站", "服务费（元）")),
        ("茶亭站的值守电话是多少？", ("茶亭站", "值守电话")),
        ("河湾站有几个快充桩？", ("河湾站", "快充桩")),  # a column without any value
        ("河湾站服务费多少钱？", ("", "")),
        ("石桥站有多少泊位？", ("", "")),
        ("服务费多少钱？", ("", "")),
        ("河湾站快充车停几个？", ("", "")),  # of 快充桩 only the first half
        ("石桥站在哪里？", ("", "")),
    ],
)
def test_an_empty_cell_is_known_by_its_row_and_column(stations: Document, question: str, cell: tuple[str, str]) -> None:
    assert empty_cell(Question.of(question).search, hits(stations)) == cell


def test_an_empty_cell_is_not_answered_from_its_neighbour(stations: Document) -> None:
    passage = hits(stations)[-1].passage
    line = next(one for one in passage.sentences if "石桥站" in one.of(stations.text))
    reading = Reading((Finding(stations, (), line, None),), 0.9)
    assert not in_the_right_cell(Question.of("石桥站服务费多少钱？"), reading).findings
    assert in_the_right_cell(Question.of("石桥站有多少泊位？"), reading).findings


def test_two_rows_are_not_compared_by_another_column_than_the_one_asked_for(stations: Document) -> None:
    assert beside(Question.of("石桥站服务费比河湾站低多少？").search, [stations]) is None
    found = beside(Question.of("茶亭站服务费比河湾站低多少？").search, [stations])
    assert found and found[0].line == "8元 − 5元 = 3元"


def test_the_refusal_says_which_cell_is_empty(stations: Document) -> None:
    def refusal(question: str) -> str:
        loaded = partial(Loaded, snapshots.build([stations], NearEmbedder(), max_tokens=200))
        reply = Assistant(loaded, NearEmbedder(), FixedReader(0.1), Synonyms([])).ask(question)
        assert isinstance(reply, Abstention) and reply.reason is Reason.NOT_IN_DOCUMENTS
        return reply.text

    said = "文件的表里有“石桥站”，但这一行的“服务费（元）”是空的，文件没有写。"
    assert refusal("石桥站服务费多少钱？") == said
    assert refusal("石桥站在哪里？").startswith("现有文件里没有找到")
    assert refusal("石桥站 服务费 how much?") == said
