"""Of the words found, what a question asks for is said: one telephone of two, what is and not what was."""

import pytest

from corpus.document import Document, Heading, Span
from corpus.text.normalise import normalise
from corpus.text.passages import Splitter
from qa.answering.reader.quotations import below_heading, said
from tests.support.doubles.toy import ToyEmbedder, document

REVIEW = "个体户的入驻审核由十个工作日缩短为四个工作日，审核不收费。"
RENT = "摊位费从每月380元下调到260元。"
ADULTS = "护理补贴由每人每月110元提高到130元，次月起发。"
PHONES = "联系人：陆老师，电话8837-4420（工作日）。举报电话8837-4466。"
GROWTH = "总产值由2017年的992.24亿元增加到2021年的1402.74亿元。"


def said_of(question: str, sentence: str, words: str) -> str:
    (passage,) = Splitter(ToyEmbedder().count_tokens, 400).split(document(f"{sentence}\n"))
    text = passage.document.text
    start = text.index(words)
    return said(normalise(question), passage, Span(start, start + len(words))).of(text)


@pytest.mark.parametrize(
    ("question", "sentence", "words", "short"),
    [
        ("入驻审核要几天", REVIEW, "十个工作日缩短为四个工作日", "四个工作日"),
        ("入驻审核现在要几天", REVIEW, "由十个工作日缩短为四个工作日", "四个工作日"),
        ("入驻审核现在要几天", REVIEW, "十个工作日", "四个工作日"),
        ("入驻审核以前要几天", REVIEW, "十个工作日缩短为四个工作日", "十个工作日"),
        ("摊位费一个月好多钱", RENT, "380元", "260元"),
        ("护理补贴每月多少", ADULTS, "110元", "130元"),
        ("How long does the review take?", REVIEW, "十个工作日缩短为四个工作日", "四个工作日"),
    ],
)
def test_of_what_was_and_what_is_the_one_asked_for_is_said(
    question: str, sentence: str, words: str, short: str
) -> None:
    assert said_of(question, sentence, words) == short


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("审核时间有什么变化", REVIEW, "十个工作日缩短为四个工作日"),
        ("审核缩短了多少", REVIEW, "十个工作日缩短为四个工作日"),
        ("2020年审核要几天", REVIEW, "十个工作日"),  # what held in a year is not told by the order of the words
        ("2017年总产值多少", GROWTH, "992.24亿元"),
        ("那时总产值多少", GROWTH, "992.24亿元"),  # what follows is a year
        ("审核收费吗", REVIEW, "不收费"),
    ],
)
def test_a_question_for_the_change_or_a_year_gets_what_was_found(question: str, sentence: str, words: str) -> None:
    assert said_of(question, sentence, words) == words


def test_of_two_sentences_the_one_with_the_telephone_asked_for_is_said() -> None:
    both = "8837-4420（工作日）。举报电话8837-4466"
    assert said_of("咨询打哪个电话", PHONES, both) == "8837-4420（工作日）"
    assert said_of("怎么联系", PHONES, both) == both


@pytest.mark.parametrize(
    ("sentence", "words", "short"),
    [
        ("结果送达：□自取 ☑邮寄。", "□自取", "☑邮寄"),
        ("结果送达：□自取 ☑邮寄；是否收费：□是 ☑否。", "结果送达：□自取", "☑邮寄"),
        ("是否收费：□是 ☑否。", "□是 ☑否", "☑否"),
        ("办理形式：☑窗口办理　☑网上办理　□邮寄办理。", "☑窗口办理", "☑窗口办理　☑网上办理"),
        ("结果送达：□自取 □邮寄。", "□自取", "□自取"),
        ("结果送达：□自取 ☑邮寄；承诺时限：五日。", "五日", "五日"),
    ],
)
def test_of_boxes_what_is_ticked_is_said(sentence: str, words: str, short: str) -> None:
    assert said_of("怎么办理", sentence, words) == short


@pytest.mark.parametrize(
    ("quoted", "below"),
    [
        ("东门的夜市", "东门的夜市\n\n夜市摆在河街，周末开放。"),
        ("夜市摆在河街，周末开放。", None),  # no heading
        ("夜市：周末开放", None),  # states something itself
    ],
)
def test_a_heading_is_quoted_with_the_sentence_below_it(quoted: str, below: str | None) -> None:
    text = "街区\n\n东门的夜市\n\n夜市摆在河街，周末开放。摊位免费。\n\n夜市：周末开放\n\n摆在河街。"
    headings = tuple(
        Heading(2, Span(text.index(one), text.index(one) + len(one))) for one in ("东门的夜市", "夜市：周末开放")
    )
    made = Document("a.md", "街区", text, headings)
    found = [
        below_heading(passage, Span(text.index(quoted), text.index(quoted) + len(quoted)))
        for passage in Splitter(ToyEmbedder().count_tokens, 400).split(made)
        if quoted in passage.text
    ]
    assert [one and one.of(text).rstrip() for one in found] == [below]
