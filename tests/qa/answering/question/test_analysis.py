"""A question is analysed once, and what is known of it is what the functions for texts say."""

from collections import Counter
from typing import Any

import pytest
import rjieba

from corpus.text import normalise as copies
from corpus.text.normalise import Normal, digits, normalise
from index.search.terms import words, words_in
from qa.answering.question import analysis
from qa.answering.question.analysis import Question, analysed

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
