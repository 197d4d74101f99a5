"""T43: what a hostile document costs the refresh, which has no limit of time, grows no faster than the document."""

import time
from collections.abc import Callable

import pytest

from corpus.conversion.container import Readers, opened
from corpus.document import Document, Heading, Span
from corpus.limits import DEFAULT_LIMITS
from corpus.loaders import csv, text
from corpus.loaders.containers.contents import Contents, Member
from corpus.metadata.repeals import base_title
from corpus.text.faq import question_answers
from corpus.text.headings.paths import LONGEST_SHOWN
from corpus.text.headings.plain import plain_headings
from corpus.text.passages import Splitter
from tests.support.validity import with_validity

# Four times the document is four times the work, and sixteen times where work grows with the square.
MOST_GROWTH = 9.0
TRIES = 4
LARGE = 24_000  # characters


def splitted(content: str) -> object:
    return Splitter(len).split(Document("a.md", "标题", content, tuple(plain_headings(content))))


def members(content: str) -> object:
    """Open an archive with a member for each 40 characters, all of which are shown alike."""
    made = tuple(Member(f"{chr(0xE000 + number)}.txt", b"a") for number in range(len(content) // 40))
    document = Document("a.txt", "标题", "文字")
    readers = Readers(lambda *_: Contents(made), lambda *_: document, DEFAULT_LIMITS)
    assert len({one.name for one in opened("包.zip", b"a", b"", readers)}) == len(made)
    return made


WORK: dict[str, tuple[Callable[[str], object], str, str, str]] = {
    "dots that lead nowhere": (load := lambda content: text.load("a.txt", content.encode()), "", ".", "a"),
    "ellipses that lead nowhere": (load, "", "…", "a"),
    "dashes that lead nowhere": (load, "", "-", "a"),
    "dots within a table of contents": (load, "目录\n第一章", " .", "a"),
    "columns of an FAQ": (faq := lambda content: question_answers(Document("a", "a", content)), "问题|答", " ", "x"),
    "questions of rows without an answer": (faq, "", "；问题：a", ""),
    "brackets at the end of a title": (base_title, "办法", "（a）", ""),
    "brackets before the end of a title": (base_title, "办法", "（a）", "a"),
    "texts named as repealed": (
        lambda content: with_validity([Document("a", "a", content)]),
        "",
        "自2020年1月1日起《a》（〔2020〕1号）废止。",
        "",
    ),
    "headings, each with its text": (splitted, "", "标题\n\n文字到此。\n\n", ""),
    "members of an archive": (members, "", "a", ""),
    "columns of a table": (lambda content: csv.load("a.csv", content.encode() * 10 + b"\n1,2\n"), "", "a,", ""),
    "cells parted by blanks": (load, "项目  数量  金额\n", "花草  12  3\n树木\n", "a"),
    "places parted by blanks": (load, "", "a  ", "a"),
    "headings without text": (splitted, "", "标题\n\n", "文字到此。"),
}


def seconds(work: Callable[[str], object], content: str) -> float:
    began = time.process_time()
    work(content)
    return time.process_time() - began


@pytest.mark.long
@pytest.mark.parametrize("name", WORK)
def test_work_grows_no_faster_than_the_document(name: str) -> None:
    work, before, piece, after = WORK[name]
    few, many = (before + piece * (size // len(piece)) + after for size in (LARGE // 4, LARGE))
    work(few)  # what is made once is made now
    best = {few: float("inf"), many: float("inf")}
    for _ in range(TRIES):
        best = {content: min(known, seconds(work, content)) for content, known in best.items()}
        growth = best[many] / max(best[few], 0.001)
        if growth <= MOST_GROWTH:
            return
    pytest.fail(f"{growth:.1f} times the work for four times the document")


def test_what_stands_over_a_passage_has_an_end() -> None:
    """Each passage keeps its headings, so that long or deep ones would be multiplied by the passages."""
    long = "长" * 5_000
    document = Document(
        "a.md", "标题", f"{long}\n\n短\n\n文字到此。", (Heading(1, Span(0, 5_000)), Heading(2, Span(5_002, 5_003)))
    )
    (*_, passage) = Splitter(len).split(document)
    assert passage.headings == (long[:LONGEST_SHOWN], "短")
    deep = "名称\n\n" * 500 + "文字到此。"
    (*_, passage) = Splitter(len).split(Document("a.txt", "标题", deep, tuple(plain_headings(deep))))
    assert 3 < len(passage.headings) < 40
