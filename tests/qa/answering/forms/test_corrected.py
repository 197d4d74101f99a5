"""A later line of a text that corrects an earlier one answers in its place."""

import pytest

from corpus.document import Span
from qa.answering.forms.clauses.corrected import as_corrected_below
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

CHAT = document(
    "5月6日 村办\n5月9日上午8:00在晒场放电影，欢迎来看。\n5月6日 村民\n有人去吗\n5月7日 村办\n"
    "【更正】放电影改到5月11日19:00，原通知作废。\n5月7日 村办\n体检推迟到5月20日，以此为准。"
)
LEFT = CHAT.text.replace("作废", "仍在").replace("【更正】", "")
NOTICE = document("一、竞赛时间为3月3日。\n二、地点在礼堂。\n补充：竞赛由3月3日延期至3月17日。")


def said(question: str, short: str, of: str = CHAT.text) -> str:
    text = document(of)
    place = text.text.index(short)
    start = text.text.rfind("\n", 0, place) + 1
    found = Finding(text, (), Span(start, text.text.index("\n", place)), Span(place, place + len(short)))
    first = as_corrected_below(Question.of(question).search, Reading((found,), 0.9)).findings[0]
    return f"{first.short.of(text.text) if first.short else ''}|{first.quote.of(text.text)}"


@pytest.mark.parametrize(
    ("question", "short", "of", "expected"),
    [
        ("哪天放电影", "5月9日", CHAT.text, "5月11日"),
        ("几点放电影", "8:00", CHAT.text, "19:00"),
        ("竞赛在哪天", "3月3日", NOTICE.text, "3月17日"),
        ("原来哪天放电影", "5月9日", CHAT.text, "5月9日"),
        ("是5月9日放电影吗", "5月9日", CHAT.text, "5月9日"),
        ("在哪里放电影", "晒场", CHAT.text, "晒场"),  # of another kind
        ("哪天放电影", "5月9日", LEFT, "5月9日"),  # nothing is annulled
        ("哪天放电影", "5月9日", CHAT.text.replace("放电影改", "修路改"), "5月9日"),  # of something else
    ],
)
def test_what_a_later_line_puts_in_place_answers(question: str, short: str, of: str, expected: str) -> None:
    assert said(question, short, of).split("|")[0] == expected


def test_the_line_that_corrects_is_quoted_whole() -> None:
    assert said("哪天放电影", "5月9日").split("|")[1] == "【更正】放电影改到5月11日19:00，原通知作废。"
