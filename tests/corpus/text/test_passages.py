"""Passages are whole sentences under one heading, and never more than the encoder reads."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Span
from corpus.loaders import LOADERS, markdown, text
from corpus.read import read
from corpus.text.passages import Splitter
from tests.support.doubles.toy import COOPERATION, ToyEmbedder

ROOT = Path(__file__).parents[3]
ARTICLE = ROOT.parent / "shared" / "corpus"
COUNT = ToyEmbedder().count_tokens
LINES = st.lists(
    st.text(st.sampled_from("涪陵浙江合作一二三第章条、（）。！？；，“”0123.-#* |"), max_size=60), max_size=14
).map("\n".join)


def check(document: Document, max_tokens: int) -> None:
    passages = Splitter(COUNT, max_tokens).split(document)
    covered = [i for passage in passages for i in range(passage.span.start, passage.span.end)]
    assert len(covered) == len(set(covered))
    assert "".join(document.text[i] for i in covered if not document.text[i].isspace()) == "".join(
        document.text.split()
    )
    for passage in passages:
        assert passage.text == document.text[passage.span.start : passage.span.end]
        assert COUNT(passage.text) <= max_tokens


@pytest.mark.long
@pytest.mark.parametrize("load", sorted({loader for loader in LOADERS.values()}, key=lambda f: f.__module__))
@given(content=LINES, max_tokens=st.integers(5, 60))
def test_passages_are_exact_slices_that_lose_nothing(load: object, content: str, max_tokens: int) -> None:
    check((markdown if load is markdown.load else text).load("甲.md", content.encode()), max_tokens)


@pytest.mark.parametrize("folder", [ROOT / "corpus" / "documents", ARTICLE])
def test_passages_of_real_documents_are_exact_slices(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"{folder} does not exist here")
    for document in read(folder).documents:
        check(document, 160)


def test_a_row_is_kept_whose_table_is_announced_in_a_line_without_an_end() -> None:
    above = "发布单位：青川县民政局；发布日期：2024年6月12日。本表自2024年7月1日起执行，由县里按月发放。单位：元/人·月"
    source = f"# 标准\n\n{above}\n\n| 项目 | 标准 |\n|---|---|\n| 城市低保 | 780 |\n| 农村低保 | 650 |\n"
    document = markdown.load("标准.md", source.encode())
    check(document, 40)
    sentences = [span.of(document.text) for one in Splitter(COUNT, 40).split(document) for span in one.sentences]
    assert "项目：城市低保；标准：780；单位：元/人·月。" in sentences


def test_a_passage_stays_under_its_heading() -> None:
    passages = Splitter(COUNT, 160).split(COOPERATION)
    assert [passage.headings for passage in passages] == [("教育合作",), ("医疗合作",), ("商会",)]


def test_a_passage_ends_with_a_sentence() -> None:
    passages = Splitter(COUNT, 20).split(COOPERATION)
    assert "浙江的教师每年来涪陵交流。" in [passage.text for passage in passages]


def test_a_sentence_that_is_too_long_is_cut_between_clauses() -> None:
    document = Document("长.txt", "长", "改造道路，绿化小区，扩容电力，建设场镇。")
    assert [p.text for p in Splitter(COUNT, 12).split(document)] == ["改造道路，绿化小区，", "扩容电力，建设场镇。"]


def test_a_span_refuses_a_wrong_state() -> None:
    with pytest.raises(ValueError, match="no span"):
        Span(3, 2)
