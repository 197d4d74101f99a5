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
        _written("序号：{0}；咨询内容：{1}；答复内容：{2}"),
        _written("群众提问：{1}；部门回复：{2}"),
        _written("群众问：{1}；我们答：{2}"),
        _written("患者问：{1}；医生答：{2}"),
        _written("【问】{1}\n【答】{2}"),
    ],
)
def test_pairs_are_found_however_they_are_written(text: str) -> None:
    assert _pairs(load("甲.txt", f"社保卡办理\n\n本页回答常见的问题。\n\n{text}\n".encode())) == PAIRS


@pytest.mark.parametrize(
    "form",
    [
        "市民：{1}\n坐席：{2}",
        "来电人（女）：{1}\n工作人员：{2}",
        "记者：{1}\n王素芬：{2}",
        "网民A：{1}\n\n县民政局：{2}",
    ],
)
def test_a_record_of_who_asked_and_who_answered_is_pairs(form: str) -> None:
    assert _pairs(load("甲.txt", f"热线记录\n\n以下是一月的记录。\n\n{_written(form)}\n".encode())) == PAIRS


def test_all_that_somebody_says_when_asking_is_the_question_and_nobodys_answer_is_none() -> None:
    text = "热线记录\n市民：多久办好？我急用。\n坐席：三个工作日。\n市民：要钱吗？\n坐席：免费。\n"
    assert _pairs(load("甲.txt", text.encode()))[0] == ("多久办好？我急用。", "三个工作日。")
    silent = "座谈记录\n居民：什么时候通水？\n居民：路灯几时修？\n会议开了两个小时。\n"
    assert _pairs(load("甲.txt", silent.encode())) == []


def test_headings_that_ask_are_answered_by_what_lies_below_them() -> None:
    content = "# 社保卡办理\n\n" + _written("## {1}\n\n{2}", "\n\n")
    assert _pairs(markdown.load("甲.md", content.encode())) == PAIRS


@pytest.mark.parametrize(
    ("names", "row", "pairs"),
    [
        ("", "{1},{2}", 3),
        ("", "{0},{1},{2}", 3),
        ("社保卡办理,\n", "{1},{2}", 3),
        ("序号,咨询事项,口径,科室\n", "{0},{1},{2},社保科", 3),
        ("", "社保科,{2}", 0),
        ("", "{2},{1}", 0),
        ("序号,事项,口径\n", "{0},社保卡{0},{2}", 0),
    ],
)
def test_a_column_of_questions_needs_no_name(names: str, row: str, pairs: int) -> None:
    document = csv.load("甲.csv", f"{names}{_written(row)}\n".encode())
    assert [(asked, answer.rstrip("。")) for asked, answer in _pairs(document)] == [
        (asked, answer.rstrip("。")) for asked, answer in PAIRS[:pairs]
    ]


def test_tables_of_questions_and_answers_are_pairs() -> None:
    rows = "".join(f"| {asked} | {answer} |\n" for asked, answer in PAIRS)
    content = f"# 社保卡\n\n| 问题 | 答案 |\n|---|---|\n{rows}"
    assert _pairs(markdown.load("甲.md", content.encode())) == PAIRS
    lines = "".join(f"{asked},{answer}\n" for asked, answer in PAIRS)
    assert [asked for asked, _ in _pairs(csv.load("甲.csv", f"问题,答案\n{lines}".encode()))] == [a for a, _ in PAIRS]


LONG = "我是外地户口在本县打工三年以上想把小孩从老家转到县城里的公办小学读书请问需要准备哪些材料到哪里去办理呢？"


@pytest.mark.parametrize(
    "columns",
    [
        "问题,答案",
        "序号,咨询内容,答复内容",
        "类别,群众提问,部门回复",
        "序号,常见问题,标准答复,责任科室",
        "问题,答案,来源",
        "类别,网友问,我局答",
        "序号,群众问,民警解答",
    ],
)
def test_rows_are_pairs_whatever_their_length_and_without_further_columns(columns: str) -> None:
    asked = [*PAIRS, (LONG, "带户口本和居住证到县教育局一楼窗口申请。" * 6)]
    names = columns.split(",")
    place = 0 if names[0] == "问题" else 1
    rows = [[*["社保"] * place, *pair, *["社保科"] * (len(names) - 2 - place)] for pair in asked]
    lines = "".join(",".join(row) + "\n" for row in rows)
    found = _pairs(csv.load("甲.csv", f"{columns}\n{lines}".encode()))
    assert [(question, answer.rstrip("。")) for question, answer in found] == [(q, a.rstrip("。")) for q, a in asked]


def test_further_columns_of_rows_in_a_text_are_no_part_of_the_answer_and_stand_in_its_passage() -> None:
    document = load("甲.txt", _written("问题：{1}；答案：先取号；再交费{0}；责任科室：社保科。").encode())
    assert [answer for _, answer in _pairs(document)] == [f"先取号；再交费{number}" for number in (1, 2, 3)]
    passages = Splitter(len, 80).split(document)
    assert len(passages) == len(PAIRS) and all(one.text.endswith("责任科室：社保科。") for one in passages)


def test_other_columns_are_no_questions_and_answers() -> None:
    for columns in ("存在问题,整改措施", "问题,整改措施", "问题,责任单位", "答案,问题"):
        assert _pairs(csv.load("甲.csv", f"{columns}\n路灯不亮,换灯\n路面破损,补路\n".encode())) == []
    assert len(_pairs(csv.load("甲.csv", "问题,答复\n路灯不亮,换灯\n路面破损,补路\n".encode()))) == 2


@pytest.mark.parametrize(
    ("headings", "asks"),
    [
        (["如何申请社保卡", "社保卡是否收费", "多久可以办好"], 3),
        (["怎样申请？", "办理条件是什么", "哪些人可以办"], 3),
        (["如何申请社保卡", "收费标准", "办理时限"], 0),
        (["如何申请社保卡", "社保卡是否收费", "办理时限", "联系电话", "办理地点"], 0),
    ],
)
def test_headings_ask_without_a_mark_where_most_of_them_do(headings: list[str], asks: int) -> None:
    content = "# 社保卡\n\n" + "".join(f"## {heading}\n\n到窗口办理。\n\n" for heading in headings)
    assert len(_pairs(markdown.load("甲.md", content.encode()))) == asks


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
