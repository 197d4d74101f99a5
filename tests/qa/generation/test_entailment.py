"""The second guard behind the rules: the reader has to read what a written sentence says out of what it cites."""

from dataclasses import replace

import pytest

from corpus.document import Passage
from index.embedding import bundled_model
from qa.answering.reader.extractive import ExtractiveReader
from qa.answering.reader.opening import open_reader
from qa.generation.entailment import reads_the_same
from qa.generation.grounding import check
from tests.support.doubles.writing import TRUE, shipped
from tests.support.programs.serving import Served


@pytest.fixture(scope="module")
def reader(served: Served) -> ExtractiveReader:
    return open_reader(bundled_model.unpack(served.home), served.home)


def support(sentence: str) -> list[Passage]:
    return [replace(shipped()[one.passage], span=one.span) for one in check(sentence, shipped()).support]


@pytest.mark.parametrize("sentence", TRUE)
def test_the_reader_agrees_with_what_is_true(reader: ExtractiveReader, sentence: str) -> None:
    assert reads_the_same(reader, check(sentence, shipped()).text, support(sentence))


@pytest.mark.parametrize(
    ("lie", "true"),
    [
        ("2017年涪陵地区生产总值为1402.74亿元。", TRUE[0]),
        ("涪陵地区生产总值增加了992.24亿元。", TRUE[0]),
        ("2021年巴南地区生产总值达到1402.74亿元。", TRUE[1]),
        ("长寿规上工业产值迈上2200亿元台阶。", TRUE[19]),
        ("浙江有35家企业。", TRUE[7]),
    ],
)
def test_the_reader_disagrees_where_the_figure_is_of_something_else(
    reader: ExtractiveReader, lie: str, true: str
) -> None:
    assert not reads_the_same(reader, lie, support(true))
    assert reads_the_same(reader, check(true, shipped()).text, support(true))
