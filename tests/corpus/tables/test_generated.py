"""Tables of known truth in every format: each value stands in a statement with all names that belong to it."""

import random
from collections.abc import Iterator

import pytest

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.parts.layout.lines import Line, Sheet
from corpus.loaders.parts.layout.running import without_running
from corpus.loaders.parts.page.ruled_tables import RuledTable
from corpus.text.passages import Splitter
from tests.support.counts import count
from tests.support.files.generated_tables import WRITERS, Generated, Truth, generated

TABLES = count(42, whole=238)  # 6 or 34 of each format
SPLITTER = Splitter(lambda text: len(text) // 2 + 1, 160)


def read(suffix: str, seed: int) -> tuple[Generated, Document]:
    table = generated(seed)
    return table, convert(f"表{suffix}", WRITERS[suffix](table, random.Random(seed)), DEFAULT_BUDGET)


def missing(table: Generated, document: Document) -> Iterator[str]:
    """What of the truth is not found where a citizen's question would have to find it."""
    lines = [line for line in document.text.split("\n") if line.endswith("。")]
    for truth in table.truths:
        holding = [line for line in lines if any(_value(cell) == truth.value for cell in line[:-1].split("；"))]
        if not any(_whole(line, truth, table.unit) for line in holding):
            yield f"{truth}: {holding}"
    for passage in SPLITTER.split(document):
        above = " ".join([passage.document.title, *passage.headings])
        if any(truth.value in passage.text for truth in table.truths) and table.title not in above:
            yield f"{table.title} does not stand over {passage.text!r} but {above}"


def _value(cell: str) -> str:
    return cell.rsplit("：", 1)[-1]


def _whole(line: str, truth: Truth, unit: str) -> bool:
    cells = line[:-1].split("；")
    named = next(cell for cell in cells if _value(cell) == truth.value)
    places = [named.find(name) for name in truth.columns]
    measured = not unit or not truth.figure or f"单位：{unit}" in cells
    return places == sorted(places) and places[0] >= 0 and all(row in line for row in truth.rows) and measured


@pytest.mark.long
@pytest.mark.parametrize("suffix", WRITERS)
def test_every_value_is_found_with_its_row_its_columns_its_unit_and_the_title(suffix: str) -> None:
    formats = list(WRITERS)
    for seed in range(formats.index(suffix), TABLES, len(formats)):
        table, document = read(suffix, seed)
        assert list(missing(table, document)) == [], (seed, document.text)


@pytest.mark.parametrize("suffix", WRITERS)
def test_every_value_can_be_marked_in_its_cell(suffix: str) -> None:
    table, document = read(suffix, 3)
    values = {value.of(document.text) for found in document.tables for row in found.rows for value in row if value}
    assert {truth.value for truth in table.truths} <= values
    assert "单位：" not in values


def test_a_page_of_a_pdf_may_hold_nothing_but_the_end_of_a_table() -> None:
    end = RuledTable((50.0, 100.0, 150.0), (30.0, 40.0, 50.0), ((0, 1), (2, 3)))
    sheet = Sheet(842.0, (Line("", 50.0, 150.0, 30.0, 50.0, 8.0, drawn=end),))
    assert without_running([sheet]) == [sheet]


def test_a_name_that_is_missing_would_be_seen() -> None:
    table, document = read(".csv", 0)
    wrong = convert("表.csv", document.text.replace(table.truths[0].columns[-1], "别的").encode(), DEFAULT_BUDGET)
    assert list(missing(table, wrong)) != []
