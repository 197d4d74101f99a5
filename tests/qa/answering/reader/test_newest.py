"""现在, 目前 and 最新 ask for the newest edition in force: no draft, no older one, and no word of the answer."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pytest

from corpus.document import Document
from corpus.text.normalise import normalise
from corpus.validity import About
from index.embedding.running import Arrays
from index.retrieve import Hit
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.calibration import Calibration
from qa.answering.reader.editions import with_newer_ones, without_latest
from qa.answering.reader.extractive import ExtractiveReader
from qa.answering.reply import Answer
from tests.qa.answering.reader.test_editions import CharacterEncoder, points_at_figures
from tests.qa.answering.test_assistant import FixedReader, NearEmbedder
from tests.support.doubles.toy import ToyEmbedder, document
from tests.support.validity import with_validity

RULE = "渡口船票通知\n{}\n过河船票每位{}元。\n"


def tickets(title: str, price: int, day: str, issuer: str = "") -> Document:
    made = document(RULE.format(title, price), name=f"{price}.txt", title=title)
    return replace(made, about=About(date=day, issuer=issuer))


OLD = tickets("关于渡口船票的通知", 3, "2019年4月1日")
NEW = tickets("关于调整渡口船票的通知", 5, "2024年4月1日")
DRAFT = with_validity([tickets("关于渡口船票的通知（征求意见稿）", 8, "2025年4月1日")])[0]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("最新的船票是多少", "船票是多少"),
        ("最新版船票办法怎么规定", "船票办法怎么规定"),
        ("哪一份是最新的？", "哪一份是最新的？"),
        ("现在船票是多少", "现在船票是多少"),
    ],
)
def test_the_newest_is_looked_for_without_that_word(question: str, asked: str) -> None:
    assert without_latest(question) == asked


@pytest.mark.parametrize(
    ("title", "day", "issuer", "is_newer"),
    [
        ("关于调整渡口船票的通知", "2024年4月1日", "", True),
        ("渡口船票办法（2024年修订）", "2024年4月1日", "", True),
        ("2024年渡口船票标准", "", "", True),
        ("关于调整渡口船票的通知", "2018年4月1日", "", False),
        ("关于调整渡口船票的通知", "", "", False),  # undated
        ("关于调整渡口车票的通知", "2024年4月1日", "", False),  # of something else
        ("关于调整渡口船票的通知", "2024年4月1日", "南岸区交通局", False),  # of another office
    ],
)
def test_a_later_one_of_the_subject_and_the_office_is_a_newer_edition(
    title: str, day: str, issuer: str, is_newer: bool
) -> None:
    old = replace(OLD, about=replace(OLD.about, issuer="北岸区交通局" if issuer else ""))
    assert ("3.txt" in with_newer_ones([old, tickets(title, 5, day, issuer)])) is is_newer


def cited(question: str, *documents: Document) -> list[str]:
    """The documents that are cited, where the first hit always answers."""
    snapshot = snapshots.build(documents, NearEmbedder(), max_tokens=60)
    asking = Assistant(partial(Loaded, snapshot), NearEmbedder(), FixedReader(), Synonyms([]))
    reply = asking.ask(question)
    return [citation.document for citation in reply.citations] if isinstance(reply, Answer) else []


@pytest.mark.parametrize("word", ["现在", "目前", "最新的"])
def test_who_asks_for_today_is_answered_by_the_newest_edition_and_by_no_draft(word: str) -> None:
    assert cited(f"{word}过河船票每位多少元？", OLD, NEW, DRAFT) == ["5.txt"]
    assert cited(f"{word}过河船票每位多少元？", DRAFT) == []
    assert cited("过河船票每位多少元？", DRAFT) == ["8.txt"]
    assert cited(f"{word}征求意见稿里过河船票每位多少元？", DRAFT) == ["8.txt"]


def test_a_newer_edition_contradicts_an_older_one_however_sure_the_reader_is_of_it() -> None:
    def unsure_of_the_newer(arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
        start, end, judged = points_at_figures(arrays)
        return [start, end, judged - np.float32(10) * (arrays["input_ids"] == ord("调")).any(axis=1)]

    def answer(newer: Document) -> tuple[list[str], bool]:
        snapshot = snapshots.build([OLD, newer], ToyEmbedder(), max_tokens=200)
        hits = [Hit(passage, 0.0, 0.5, 5.0) for passage in snapshot.passages]
        reader = ExtractiveReader(unsure_of_the_newer, CharacterEncoder(), known=Calibration({"judged": 1.0}, 0.0, 0.5))
        reading = reader.read(normalise("过河船票每位多少元？"), hits)
        return [one.document.name for one in reading.findings], reading.contradictory

    assert answer(NEW) == (["3.txt", "5.txt"], True)
    assert answer(tickets("关于调整渡口船票的通知", 5, "2018年4月1日")) == (["3.txt"], False)
