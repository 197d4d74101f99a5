"""What can be quoted, what is announced, and the reader without training."""

import pytest

from corpus.text.passages import Splitter
from index.retrieve import retrieve
from index.snapshots import snapshot as snapshots
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding
from qa.answering.reader.quotations import units
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reader.structure.heading_lists import announced_list, counted_items
from qa.answering.reply import MAX_QUOTE
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder, document

COUNT = ToyEmbedder().count_tokens
CARDS = document(
    "打好两张牌\n\n感情牌\n\n常来常往，感情深厚。\n\n服务牌\n\n贴心服务，办事顺利。\n\n附注\n\n没有别的。\n"
)


def quotable(text: str) -> list[str]:
    return [unit.text for unit in units(Splitter(COUNT, 400).split(document(text)))]


def test_a_list_is_quoted_with_the_sentence_that_opens_it() -> None:
    text = "工程的对象有三类：\n- 领导干部\n- 技术人才\n- 致富能手\n工程已经完成。"
    assert "工程的对象有三类：\n- 领导干部\n- 技术人才\n- 致富能手" in quotable(text)
    assert "工程已经完成。" in quotable(text)


def test_items_that_a_semicolon_joins_are_a_list_without_a_sentence_that_opens_it() -> None:
    text = "带的材料\n\n1. 身份证；\n\n2. 户口簿；\n\n3. 两张照片。\n"
    assert "1. 身份证；\n\n2. 户口簿；\n\n3. 两张照片。" in quotable(text)
    assert not any("户口簿" in unit and "照片" in unit for unit in quotable(text.replace("；", "。")))


def test_an_item_of_several_sentences_stays_in_its_list() -> None:
    text = "变化有两个：\n\n- 第一个变化：输血。这是产业。\n- 第二个变化：交流。\n\n合作继续。"
    assert "变化有两个：\n\n- 第一个变化：输血。这是产业。\n- 第二个变化：交流。" in quotable(text)


def test_a_quotation_is_never_longer_than_a_citizen_reads() -> None:
    parts = quotable("修路，" * 60 + "建桥；" + "种树，" * 60 + "完工。")
    assert max(map(len, parts)) <= MAX_QUOTE
    assert "".join(parts).endswith("完工。")


@pytest.mark.parametrize("question", ["要打好哪两张牌?", "2张牌是什么?", "两张牌分别指什么"])
def test_a_counted_heading_is_answered_by_the_headings_below_it(question: str) -> None:
    reading = announced_list(Question.of(question), [COOPERATION, CARDS])
    assert reading is not None
    assert [finding.quote.of(CARDS.text) for finding in reading.findings] == ["感情牌", "服务牌"]


@pytest.mark.parametrize(
    ("question", "one"),
    [("第二张牌是什么?", "服务牌"), ("要打好的第一张牌是啥", "感情牌"), ("第2张牌指什么", "服务牌")],
)
def test_one_of_those_counted_is_the_heading_at_its_place(question: str, one: str) -> None:
    reading = announced_list(Question.of(question), [COOPERATION, CARDS])
    assert reading is not None
    assert [finding.quote.of(CARDS.text) for finding in reading.findings] == [one]


@pytest.mark.parametrize(
    "question",
    [
        "第三张牌是什么?",
        "第二张牌办理要什么材料",
        "要打好哪三张牌?",
        "两个项目是什么?",
        "两张牌",
        "两张牌第二张里头搞了些什么",
        "两张牌，第一张牌里讲了啥?",
    ],
)
def test_another_count_or_thing_is_not_answered_so(question: str) -> None:
    assert announced_list(Question.of(question), [COOPERATION, CARDS]) is None


def test_a_count_whose_list_stands_under_its_own_heading_is_left_to_the_text() -> None:
    overview = document(
        "概览与两个变化\n\n概况\n\n合作多年。\n\n两个变化\n\n输血变造血，扶志变扶智。\n\n展望\n\n前景广阔。\n"
    )
    assert announced_list(Question.of("两个变化是什么?"), [overview]) is None


def test_the_similarity_reader_quotes_the_sentence_with_the_answer() -> None:
    embedder = ToyEmbedder()
    snapshot = snapshots.build((COOPERATION, INDUSTRY), embedder, max_tokens=60)
    hits = retrieve(snapshot, embedder, "浙江商会有多少家会员企业", count=3)
    reading = SimilarityReader(embedder).read("浙江商会有多少家会员企业", hits)
    assert "237家" in reading.findings[0].quote.of(COOPERATION.text)
    assert 0 <= reading.confidence <= 1


def test_nothing_found_is_nothing_read() -> None:
    assert SimilarityReader(ToyEmbedder()).read("问", []).findings == ()


def test_a_finding_refuses_to_quote_nothing() -> None:
    from corpus.document import Span

    with pytest.raises(ValueError, match="nothing to quote"):
        Finding(COOPERATION, (), Span(3, 3))


LISTS = document(
    "便民措施\n\n社区今年推出三项措施：\n\n- 代办证件\n- 上门理发\n- 送餐到家\n\n"
    "志愿者分两类。社区每周开展两项活动：\n1. 太极拳\n2. 合唱\n其他活动另行通知。\n"
)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("社区推出了哪三项措施？", "社区今年推出三项措施：\n\n- 代办证件\n- 上门理发\n- 送餐到家"),
        ("社区每周开展的两项活动是什么", "社区每周开展两项活动：\n1. 太极拳\n2. 合唱"),
        ("社区开展哪几项活动", "社区每周开展两项活动：\n1. 太极拳\n2. 合唱"),
    ],
)
def test_a_list_that_its_opening_sentence_counts_answers_for_that_count(question: str, quoted: str) -> None:
    reading = counted_items(Question.of(question), [COOPERATION, LISTS])
    assert reading is not None
    assert [finding.quote.of(LISTS.text) for finding in reading.findings] == [quoted]


@pytest.mark.parametrize(
    "question",
    [
        "社区推出了哪四项措施？",
        "社区三项措施",
        "志愿者分哪两类",
        "县里给企业的三项措施是什么，税收减免多少",  # said of something else
        "第二项措施是什么",
    ],
)
def test_another_count_or_matter_is_not_answered_by_it(question: str) -> None:
    assert counted_items(Question.of(question), [COOPERATION, LISTS]) is None


def test_of_two_lists_of_one_count_none_is_taken() -> None:
    twice = document("甲\n\n社区推出两项措施：\n- 代办\n- 送餐\n\n街道推出两项措施：\n- 体检\n- 理发\n")
    assert counted_items(Question.of("推出了哪两项措施"), [twice]) is None
