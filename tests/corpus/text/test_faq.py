"""The questions and answers that documents spell out become pairs, and each pair a passage of its own."""

import pytest

from corpus.document import Document
from corpus.loaders import csv, markdown
from corpus.loaders.text import load
from corpus.text.faq import question_answers
from corpus.text.passages import Splitter

PAIRS = [("怎么申请？", "到窗口申请。带身份证。"), ("要钱吗？", "免费。"), ("多久办好？", "三个工作日。")]


def _pairs(document: Document) -> list[tuple[str, str]]:
    return [(pair.question.of(document.text), pair.answer.of(document.text)) for pair in question_answers(document)]


def _written(form: str, between: str = "\n") -> str:
    return between.join(form.format(number, *pair) for number, pair in enumerate(PAIRS, start=1))


@pytest.mark.parametrize(
    "text",
    [
        _written("问：{1}\n答：{2}"),
        _written("问：{1}答：{2}"),
        _written("Q{0}：{1}\nA{0}：{2}", "\n\n"),
        _written("{0}、问：{1}\n答：{2}"),
        _written("{0}. {1}\n{2}"),
        _written("{0}、{1}{2}"),
        _written("{1}\n{2}", "\n\n"),
        _written("问题：{1}；答案：{2}"),
        _written("序号：{0}；问题：{1}；答复：{2}"),
    ],
)
def test_pairs_are_found_however_they_are_written(text: str) -> None:
    assert _pairs(load("甲.txt", f"社保卡办理\n\n本页回答常见的问题。\n\n{text}\n".encode())) == PAIRS


def test_headings_that_ask_are_answered_by_what_lies_below_them() -> None:
    content = "# 社保卡办理\n\n" + _written("## {1}\n\n{2}", "\n\n")
    assert _pairs(markdown.load("甲.md", content.encode())) == PAIRS


def test_tables_of_questions_and_answers_are_pairs() -> None:
    rows = "".join(f"| {asked} | {answer} |\n" for asked, answer in PAIRS)
    content = f"# 社保卡\n\n| 问题 | 答案 |\n|---|---|\n{rows}"
    assert _pairs(markdown.load("甲.md", content.encode())) == PAIRS
    lines = "".join(f"{asked},{answer}\n" for asked, answer in PAIRS)
    assert [asked for asked, _ in _pairs(csv.load("甲.csv", f"问题,答案\n{lines}".encode()))] == [a for a, _ in PAIRS]


@pytest.mark.parametrize(
    "text",
    [
        "为什么要合作？因为山水相连。两地情谊深厚。\n大家都说好。\n",
        "他问：“你去哪里？”\n她没有说话。\n",
        "一、指导思想\n坚持以人为本。\n二、主要任务\n抓好落实。\n",
    ],
)
def test_a_rhetorical_question_makes_no_pair(text: str) -> None:
    assert _pairs(load("甲.txt", text.encode())) == []


def test_what_follows_the_last_answer_is_not_part_of_it() -> None:
    document = load("甲.txt", (_written("问：{1}\n答：{2}") + "\n咨询电话：12345。\n").encode())
    assert _pairs(document) == PAIRS


def test_all_lines_of_the_last_answer_belong_to_it_where_blank_lines_part_the_pairs() -> None:
    text = "问：怎么办？\n答：去窗口。\n\n问：何时办？\n答：工作日。\n节假日不办。\n\n咨询电话：12345。\n"
    assert _pairs(load("甲.txt", text.encode()))[-1] == ("何时办？", "工作日。\n节假日不办。")


def test_each_pair_is_one_passage_under_its_question() -> None:
    document = load("甲.txt", ("社保卡办理\n\n" + _written("问：{1}\n答：{2}") + "\n咨询电话：12345。\n").encode())
    passages = Splitter(len, 60).split(document)
    held = [(passage.headings[-1], passage.pair.answer.of(document.text)) for passage in passages if passage.pair]
    assert held == PAIRS
    assert passages[-1].pair is None and passages[-1].text == "咨询电话：12345。"


def test_every_part_of_a_long_answer_stands_under_its_question() -> None:
    answer = "先到窗口取号。再填写申请表。然后交身份证。最后等候叫号。"
    document = load("甲.txt", f"问：怎么申请？\n答：{answer}\n问：要钱吗？\n答：免费。\n".encode())
    passages = Splitter(len, 20).split(document)
    of_first = [passage for passage in passages if passage.headings[-1:] == ("怎么申请？",)]
    assert len(of_first) > 1
    assert {passage.pair.answer.of(document.text) for passage in of_first if passage.pair} == {answer}
