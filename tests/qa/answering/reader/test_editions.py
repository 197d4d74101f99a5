"""Documents of different days: which of them is meant, when two contradict each other, and an FAQ's answer whole."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from corpus.document import Document, Span
from corpus.text.normalise import digits
from corpus.validity import About
from index.embedding.running import Arrays
from index.retrieve import Hit
from index.snapshots import snapshot as snapshots
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.calibration import Calibration
from qa.answering.reader.editions import (
    asks_for_newest,
    names,
    newest_of_kinds,
    of_the_year,
    told_apart,
)
from qa.answering.reader.encoding import PairEncoder, Window
from qa.answering.reader.extractive import ExtractiveReader
from qa.answering.reader.quotations import units
from qa.answering.reader.values import alike, differ, value_of
from tests.support.doubles.toy import ToyEmbedder, document
from tests.support.validity import with_validity

OLD = document(
    "青川县救助办法\n（2019年5月1日印发）\n救助金额每户不超过3000元。\n", name="旧.txt", title="青川县救助办法"
)
NEW = document(
    "青川县救助细则\n（2025年5月1日印发）\n救助金额每户不超过5000元。\n", name="新.txt", title="青川县救助细则"
)


class CharacterEncoder(PairEncoder):
    """A token a character."""

    def __init__(self) -> None:
        pass

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        return [
            Window([0, *map(ord, question + text)], 1 + len(question), [(i, i + 1) for i in range(len(text))], number)
            for number, (question, text) in enumerate(pairs)
        ]


def points_at_figures(arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
    """A network that reads the first sum of money, days or pairs of a passage."""
    start = np.full(arrays["input_ids"].shape, -9.0, dtype=np.float32)
    end, judged = start.copy(), np.full(len(start), -9.0, dtype=np.float32)
    for row, ids in enumerate(arrays["input_ids"]):
        first = int(arrays["passage_mask"][row].argmax())
        if found := re.search(r"\d+[元天对]", "".join(map(chr, ids[first:]))):
            start[row, first + found.start()] = end[row, first + found.end() - 1] = judged[row] = 9.0
    return [start, end, judged]


def _read(question: str, *documents: Document) -> Reading:
    snapshot = snapshots.build(documents, ToyEmbedder(), max_tokens=200)
    hits = [Hit(passage, 0.0, 0.5, 5.0) for passage in snapshot.passages]
    sure = Calibration({"judged": 0.5}, 0.0, 0.5)
    return ExtractiveReader(points_at_figures, CharacterEncoder(), known=sure).read(question, hits)


def test_two_documents_with_different_values_are_both_given() -> None:
    reading = _read("救助金额每户不超过多少？", OLD, NEW)
    assert reading.contradictory
    assert {finding.document.name for finding in reading.findings} == {"旧.txt", "新.txt"}


def _changed(document_: Document, old: str, new: str) -> Document:
    return document(document_.text.replace(old, new), name=document_.name, title=document_.title)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3000元", "5000元"),  # the same value
        ("3000元", "5,000元"),
        ("3000元", "30天"),  # another kind
        ("救助金额每户不超过", "丧葬补助每人"),  # another matter
        ("救助金额每户不超过3000元。", "对困难家庭，经核实后可以给予每户救助金额一次性3000元。"),  # said otherwise
    ],
)
def test_what_says_the_same_or_something_else_is_no_contradiction(old: str, new: str) -> None:
    reading = _read("救助金额每户不超过多少？", _changed(OLD, old, new), NEW)
    assert (len(reading.findings), reading.contradictory) == (1, False)


def test_one_document_does_not_contradict_itself() -> None:
    twice = document("救助金额每户不超过3000元。\n\n# 二\n\n救助金额每户不超过5000元。\n", name="甲.md", title="甲")
    assert not _read("救助金额每户不超过多少？", twice).contradictory


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5000元", "3000元"),
        ("10个工作日", "二十个工作日"),
        ("1.2万元", "8000元"),
        ("15千米", "12公里"),
        ("2024年3月1日", "二〇二四年三月二日"),
        ("百分之六十", "70%"),
        ("0857-6621034", "0857-6621036"),
        ("上午9:00", "8:30"),
        ("上午8点半", "9点"),
        ("下午3:00", "3:00"),
    ],
)
def test_different_values_of_a_kind_differ(one: str, other: str) -> None:
    assert differ(one, other)
    assert not differ(one, one)


@pytest.mark.parametrize(
    ("one", "other"), [("1.2万元", "12000元"), ("五年", "5年"), ("30天", "30日"), ("5元", "5年"), ("9：00", "上午9时")]
)
def test_the_same_value_otherwise_written_does_not_differ(one: str, other: str) -> None:
    assert not differ(one, other)


@pytest.mark.parametrize("text", ["民政局", "3000元或者5000元", "", "25:00", "9点到11点", "第3点", "1:100", "10:30:20"])
def test_what_is_no_single_value_is_none(text: str) -> None:
    assert value_of(text) is None


KINDS = [("云溪县公厕收费公示", "2020年6月1日"), ("云溪县公厕收费标准表", "2023年6月1日")]


def findings(*documents: tuple[str, str]) -> list[Finding]:
    made = [document("每次5角。", name=f"{number}.txt", title=title) for number, (title, _) in enumerate(documents)]
    dated = [replace(one, about=About(date=day)) for one, (_, day) in zip(made, documents, strict=True)]
    return [Finding(one, (), Span(0, 5)) for one in dated]


def test_of_two_kinds_of_documents_about_one_subject_the_newer_holds_now() -> None:
    newest = newest_of_kinds(findings(*KINDS))
    assert newest and newest.document.title == "云溪县公厕收费标准表"


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("云溪县公厕收费标准表", ""),  # undated
        ("云溪县公厕收费标准表", "2020年6月1日"),  # of one day
        ("云溪县学校收费公示", "2023年6月1日"),  # for others
        ("云溪县公厕收费农村", "2023年6月1日"),  # no kind of document
        ("收费标准表", "2023年6月1日"),  # another subject
    ],
)
def test_documents_that_may_be_for_others_leave_the_choice(title: str, day: str) -> None:
    assert newest_of_kinds(findings(KINDS[0], (title, day))) is None


LISTS = (
    document("绢厂项目年度完成投资7300万元。", name="甲.txt", title="2023年项目清单"),
    document("绢厂项目年度完成投资12000万元。", name="乙.txt", title="2024年项目清单"),
)


@pytest.mark.parametrize(
    ("question", "later", "meant"),
    [
        ("绢厂2023年完成投资多少", "", "甲.txt"),
        ("绢厂2024年完成投资多少", "", "乙.txt"),
        ("绢厂完成投资多少", "", None),
        ("绢厂2022年完成投资多少", "", None),
        ("绢厂2023年和2024年各完成投资多少", "", None),
        ("绢厂2023年完成投资多少", "2023年，", None),  # the later list speaks of that year, too
        ("绢厂2023年完成投资多少", "开工：2023年9月；", "甲.txt"),  # of something else
    ],
)
def test_of_documents_of_two_years_the_one_of_the_year_asked_for_answers(
    question: str, later: str, meant: str | None
) -> None:
    lists = [LISTS[0], _changed(LISTS[1], "绢厂", later + "绢厂")]
    short = [Span(one.text.index("投资") + 2, len(one.text) - 1) for one in lists]
    found = of_the_year(
        question, [Finding(one, (), Span(0, len(one.text)), words) for one, words in zip(lists, short, strict=True)]
    )
    assert (found and found.document.name) == meant


def test_sentences_are_alike_whatever_their_figures() -> None:
    assert alike("每户不超过3000元。", "每户不超过5000元。") == 1.0
    assert alike("每户不超过3000元。", "到窗口取号3次。") < 0.5


@pytest.mark.parametrize(
    ("question", "newest"), [("现在每户多少？", True), ("最新的标准是多少？", True), ("每户多少？", False)]
)
def test_who_asks_for_today_asks_for_the_newest(question: str, newest: bool) -> None:
    assert asks_for_newest(question) is newest


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("2019年的办法每户补助多少？", True),
        ("二〇二〇年每户补助多少？", True),
        ("旧办法每户补助多少？", True),
        ("2025年的办法每户补助多少？", False),
        ("每户补助多少？", False),
    ],
)
def test_an_older_document_is_meant_by_its_years_or_as_the_old_one(question: str, meant: bool) -> None:
    text = "青川县救助办法\n第一条 每户3000元。\n第二条 本办法自2019年7月1日起施行，有效期三年。\n"
    (old,) = with_validity([document(text, name="旧.txt", title="青川县救助办法")])
    assert old.about.out_of_force(date(2026, 1, 1))
    assert names(digits(question), old) is meant


def test_contradictions_are_told_by_the_years_of_the_documents_or_by_their_titles() -> None:
    reading = _read("救助金额每户不超过多少？", *with_validity([NEW, OLD]))
    assert told_apart(reading.findings) == "2025年的文件写的是不超过5000元；2019年的写的是不超过3000元"
    bare = [_changed(one, one.text.split("\n")[1], "正文如下。") for one in (NEW, OLD)]
    reading = _read("救助金额每户不超过多少？", *bare)
    assert told_apart(reading.findings) == "《青川县救助细则》写的是不超过5000元；《青川县救助办法》写的是不超过3000元"


FAQ = document(
    "社保卡问答\n\n问：补卡要多少钱？\n答：遗失补卡每张16元。质量问题换卡，免费。\n"
    "问：每月领多少？\n答：不满十年的，每月1674元；满十年的，每月1767元。\n",
    name="问答.txt",
    title="社保卡问答",
)


def _answer(question: str, number: int) -> tuple[str, str]:
    passage = [one for one in snapshots.build([FAQ], ToyEmbedder(), max_tokens=200).passages if one.pair][number]
    sure = Calibration({"judged": 0.5}, 0.0, 0.5)
    reader = ExtractiveReader(points_at_figures, CharacterEncoder(), known=sure)
    (found,) = reader.read(question, [Hit(passage, 0.0, 0.5, 5.0)]).findings
    return found.quote.of(FAQ.text), found.short.of(FAQ.text) if found.short else ""


def test_the_answer_of_an_faq_is_quoted_whole_without_its_question() -> None:
    assert _answer("补卡要多少钱？", 0) == ("遗失补卡每张16元。质量问题换卡，免费。", "16元")


def test_one_of_several_figures_is_no_short_answer_to_a_question_that_does_not_choose() -> None:
    whole = "不满十年的，每月1674元；满十年的，每月1767元。"
    assert _answer("每月领多少？", 1) == (whole, "")
    assert _answer("不满十年的每月领多少？", 1) == (whole, "1674元")


def test_how_something_is_done_is_not_told_by_a_part_of_it() -> None:
    assert _answer("补卡怎么收费？", 0)[1] == ""


def test_the_question_of_an_faq_is_nothing_to_quote() -> None:
    passages = [one for one in snapshots.build([FAQ], ToyEmbedder(), max_tokens=200).passages if one.pair]
    assert [unit.text for unit in units(passages)] == [
        "遗失补卡每张16元。",
        "质量问题换卡，免费。",
        "不满十年的，每月1674元；满十年的，每月1767元。",
    ]


TOWN = document("取暖补贴\n补贴金额每户380元。\n", name="城镇.txt", title="城镇居民取暖补贴办法")
VILLAGE = document("取暖补贴\n每户可领补贴金额是250元。\n", name="农村.txt", title="农村居民取暖补贴办法")


def test_another_document_that_answers_as_surely_with_another_value_is_a_rival() -> None:
    reading = _read("补贴金额每户多少？", TOWN, VILLAGE)
    assert [one.document.name for one in (*reading.findings, *reading.rivals)] == ["城镇.txt", "农村.txt"]
    assert _read("补贴金额每户多少？", TOWN, _changed(VILLAGE, "250元", "380元")).rivals == ()
    # 对 is no unit that values are compared in, and two characters have no pairs in common.
    pairs = [_changed(one, figure, "13对") for one, figure in ((TOWN, "380元"), (VILLAGE, "250元"))]
    assert _read("补贴金额每户多少？", *pairs).rivals == ()
    assert _read("补贴金额每户多少？", TOWN, _changed(VILLAGE, "补贴金额", "这笔钱")).rivals == ()


def test_the_year_in_which_a_title_says_that_a_document_ended_does_not_name_it() -> None:
    ended = document("第十一条 可以申请复查。", title="提取暂行办法（2019年2月28日印发，2023年7月1日起废止）")
    assert names("2019年的提取办法第十一条", ended)
    assert not names("2023年的提取办法第十一条", ended)


def test_in_the_year_in_which_a_document_ended_the_next_one_is_meant() -> None:
    old = document("第七条 不得摆摊。", title="食品摊贩管理办法")
    for until, named in ((date(2025, 4, 30), False), (date(2025, 12, 31), True)):
        about = About(in_force_from=date(2021, 6, 1), in_force_until=until)
        assert names("2025年的办法怎么规定", replace(old, about=about)) is named
        assert names("2023年的办法怎么规定", replace(old, about=about))
