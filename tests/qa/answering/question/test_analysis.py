"""A question is analysed once, and what is known of it is what the functions for texts say."""

import sys
from collections import Counter
from typing import Any

import pytest
import rjieba

from corpus.text import normalise as copies
from corpus.text.normalise import Normal, digits, normalise
from index.search.terms import words, words_in
from index.snapshots.served import Loaded
from index.snapshots.snapshot import build
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.question import analysis
from qa.answering.question.analysis import Question, analysed
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Answer
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder

ASKED = "浙江省派到涪陵區的醫生有多少？二〇二一年呢"


def test_a_form_to_search_with_is_normalised_with_its_years_in_digits() -> None:
    question = Question.of(ASKED)
    assert question.search == "浙江省派到涪陵区的医生有多少?2021年呢"
    assert analysed(question) is question and analysed(ASKED) == question


def test_what_is_known_of_a_question_is_what_is_known_of_its_text() -> None:
    question = Question.of(ASKED)
    assert question.words == set(words(question.search)) and "涪陵" in question.words
    assert question.tagged == tuple(rjieba.tag(question.search))
    assert [word for clause in question.clauses for word, _ in clause if word == "到"] == ["到"]
    assert len(question.clauses) == 2 and {"涪陵", "医生", "年呢"} <= question.pairs


def test_each_thing_is_worked_out_once_and_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: Counter[str] = Counter()

    def counted(name: str, function: Any) -> Any:
        def call(text: str) -> Any:
            calls[name] += 1
            return function(text)

        return call

    monkeypatch.setattr(rjieba, "tag", counted("tag", rjieba.tag))
    monkeypatch.setattr(f"{analysis.__name__}.words_in", counted("words", words_in))
    monkeypatch.setattr(copies, "normalise", counted("normalise", normalise))
    question = Question.of(ASKED)
    assert calls == {"normalise": 1}
    for _ in range(3):
        assert question.words and question.tagged and question.pairs
    assert calls == {"normalise": 1, "words": 1, "tag": 1}


@pytest.mark.parametrize("text", [ASKED, "ＰＥＴ 的产能", "乾隆年間的乾淨後院，İ", "GDP是多少"])
def test_a_normalised_copy_is_its_own_normalised_copy(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_normalised_copy_is_not_copied_again() -> None:
    copy = normalise(ASKED)
    assert normalise(copy) is copy and normalise(str(copy)) == copy and normalise(str(copy)) is not copy
    assert normalise(copy[:3]) == copy[:3] and isinstance(digits(ASKED), Normal)


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ("两地学校结成了多少对帮扶对子？", 3),
        ("浙江商会有多少家会员企业？", 3),
        ("浙江和涪陵哪个的教师多？", 3),
        # Yes or no is said in the question's own words and script, and its figures are read.
        ("两地學校是不是結成了帮扶对子？", 6),
    ],
)
def test_one_answer_normalises_its_question_for_its_card_and_to_search(
    monkeypatch: pytest.MonkeyPatch, asked: str, most: int
) -> None:
    embedder = ToyEmbedder()
    snapshot = build([COOPERATION, INDUSTRY], embedder, max_tokens=160)
    reader = SimilarityReader(embedder)
    reader.threshold = 0.0
    assistant = Assistant(lambda: Loaded(snapshot), embedder, reader, Synonyms.read())
    assistant.prepare(snapshot)
    calls: list[str] = []

    def counting(text: str) -> Normal:
        calls.append(text)
        return normalise(text)

    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in ("corpus", "index", "qa") and getattr(module, "normalise", None) is normalise:
            monkeypatch.setattr(module, "normalise", counting)
    assert isinstance(assistant.ask(asked), Answer)
    # Once more by what counts the words of any text to search.
    assert 2 <= sum(text in (asked, normalise(asked)) for text in calls) <= most
    assert len(calls) <= 35
