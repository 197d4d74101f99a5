"""Since when a document holds is said by the sentence that states it."""

import pytest

from corpus.document import Document, Span
from corpus.text.normalise import normalise
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.structure.commencing import by_its_own_sentence, leaves_a_day_open

TEXT = "关于调整公交票价的通知\n一、票价2元。\n二、本通知自2025年7月1日起执行。\n青山县发展和改革局\n2025年6月12日\n"


def said(question: str, text: str = TEXT, quote: str = "2025年6月12日") -> str:
    document = Document("通知.txt", "关于调整公交票价的通知", text)
    start = text.rindex(quote)
    reading = Reading((Finding(document, (), Span(start, start + len(quote))),), 0.8)
    (finding,) = by_its_own_sentence(normalise(question), reading).findings
    return (finding.short or finding.quote).of(text)


@pytest.mark.parametrize(
    "question", ["公交票价的通知从哪天起执行？", "新票价什么时候开始实施", "这个通知的施行日期是哪天"]
)
def test_the_day_stated_answers_and_not_the_date_of_the_signature(question: str) -> None:
    assert said(question) == "2025年7月1日"


def test_a_date_stays_where_it_is_asked_for_or_no_other_is_stated() -> None:
    assert said("公交票价的通知是哪天发的？") == "2025年6月12日"
    assert said("通知从哪天起执行？", TEXT.replace("二、本通知自2025年7月1日起执行。\n", "")) == "2025年6月12日"
    assert said("通知从哪天起执行？", quote="一、票价2元。") == "一、票价2元。"


def test_a_day_left_blank_is_no_answer() -> None:
    text = "青山县养犬规定（草案）\n第九条　本规定自　　年　月　日起施行。\n"
    quote = "第九条　本规定自　　年　月　日起施行。"
    document = Document("草案.txt", "青山县养犬规定（草案）", text)
    start = text.index(quote)
    reading = Reading((Finding(document, (), Span(start, start + len(quote))),), 0.9)
    assert by_its_own_sentence(normalise("养犬规定从哪天起施行？"), reading).findings == ()
    assert by_its_own_sentence(normalise("养犬规定第九条怎么写？"), reading) == reading
    assert leaves_a_day_open(quote)
    assert not leaves_a_day_open(quote.replace("　　年　月　日", "2025年3月1日"))
