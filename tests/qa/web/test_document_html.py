"""A document as readable HTML: whole, under its headings, marked by offsets."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Heading, Page, Span
from corpus.loaders import csv, markdown
from corpus.validity import About
from qa.web.document_html import document_html

TEXT = "教育\n\n结成13对。又有13对。\n第二行。\n\n医疗\n\n建成卫生院。"


def document(text: str, *headings: str) -> Document:
    spans = [Span(text.index(words), text.index(words) + len(words)) for words in headings]
    return Document("a.md", "标题", text, tuple(Heading(2, span) for span in spans))


def words(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def test_headings_and_paragraphs_stand_as_such() -> None:
    markup = document_html(document(TEXT, "教育", "医疗"), [])
    assert re.findall(r"<(h\d|p)[ >]", markup) == ["h1", "h2", "p", "h2", "p"]


def test_the_mark_stands_where_the_offsets_say_and_not_at_the_same_words_before() -> None:
    second = TEXT.index("13对", TEXT.index("13对") + 1)
    markup = document_html(document(TEXT), [Span(second, second + 3)])
    assert '结成13对。又有<mark id="m1">13对</mark>。' in unescape(markup)


def test_a_mark_over_several_paragraphs_is_one_mark_in_parts() -> None:
    markup = unescape(document_html(document(TEXT), [Span(4, len(TEXT))]))
    assert re.findall(r"<mark( id=\"m1\")?>", markup) == [' id="m1"', "", ""]
    assert "<mark>医疗</mark>" in markup


def test_every_citation_has_a_mark_of_its_number() -> None:
    markup = document_html(document(TEXT), [Span(4, 6), Span(12, 14)])
    assert re.findall(r'id="(m\d)"', markup) == ["m1", "m2"]


@given(
    st.text(alphabet=st.sampled_from("字。<&>\"' |\n\t*_`"), max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
)
def test_no_character_is_lost_and_none_becomes_markup(text: str, ranges: list[tuple[int, int]]) -> None:
    marks = [Span(min(pair), max(pair)) for pair in ranges if max(pair) <= len(text)]
    markup = document_html(Document("a.md", "T", text), marks)
    plain = words(markup).removeprefix("T")
    assert [c for c in plain if c not in " |\n\t"] == [c for c in text if c not in " |\n\t"]
    assert set(re.findall(r"<(\w+)", markup)) <= {"article", "h1", "p", "mark", "div", "table", "tr", "th", "td"}


def test_the_rows_of_a_table_are_shown_as_one_and_marked_within() -> None:
    loaded = markdown.load("a.md", "甲\n\n| 年 | 数 |\n|---|---|\n| 2021 | 13对 |\n| 2022 | 15对 |\n".encode())
    start = loaded.text.index("13对")
    markup = unescape(document_html(loaded, [Span(start, start + 3)]))
    assert '<tr><th class="text">年</th><th class="text">数</th></tr>' in markup
    assert '<td class="text"><mark id="m1">13对</mark></td>' in markup


def test_statements_of_a_table_are_shown_as_its_rows_and_marked_within() -> None:
    loaded = csv.load("a.csv", "学校情况一览表\n学校,对数,备注\n一中,13,\n二中,15,新建\n注：截至年末。".encode())
    row = Span(loaded.text.index("学校：二中"), loaded.text.index("注："))
    markup = unescape(document_html(loaded, [row]))
    assert '<tr><th class="text">学校</th><th class="text">对数</th><th class="text">备注</th></tr>' in markup
    assert '<td class="text">一中</td><td class="text">13</td><td class="text"></td>' in markup
    assert '<td class="text"><mark id="m1">二中</mark></td><td class="text"><mark>15</mark></td>' in markup
    assert words(markup) == "a学校情况一览表\n学校对数备注一中13二中15新建\n注：截至年末。"


def test_a_mark_on_a_column_name_alone_marks_the_row_s_first_value() -> None:
    loaded = csv.load("a.csv", "学校,对数\n一中,13\n二中,15".encode())
    place = loaded.text.index("对数", loaded.text.index("二中"))
    assert '<mark id="m1">二中</mark>' in unescape(document_html(loaded, [Span(place, place + 2)]))


@pytest.mark.parametrize("text", ["一 | 二", "一 | 二\n三", "一行\n两行"])
def test_lines_that_are_no_table_stay_a_paragraph(text: str) -> None:
    assert "<table>" not in document_html(Document("a.txt", "T", text), [])


def test_a_first_heading_that_repeats_the_title_shows_once() -> None:
    text = "标题\n\n正文。"
    loaded = Document("a.md", "标题", text, (Heading(1, Span(0, 2)),))
    assert words(document_html(loaded, [])).count("标题") == 1


def test_pages_are_named_where_they_begin() -> None:
    text = "第一页的话。\n\n第二页的话。"
    loaded = Document("a.pdf", "标题", text, pages=(Page("第1页", 0), Page("第2页", 8)))
    assert words(document_html(loaded, [])) == "标题第1页第一页的话。第2页第二页的话。"


def test_who_issued_the_document_is_told() -> None:
    loaded = Document("a.md", "标题", "正文。", source="来源", about=About(issuer="区政府", number="涪府发〔2024〕3号"))
    assert words(document_html(loaded, [])) == "标题来源区政府涪府发〔2024〕3号正文。"
