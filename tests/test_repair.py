"""Questions are matched in the words of the documents; staff edit the synonyms."""

from pathlib import Path

import pytest

from qa.repair import Names, Synonyms, SynonymsError, matching_copy
from qa.support import digits, of_another_place, only_past_office, says_the_opposite, unsupported_figures


@pytest.mark.parametrize(
    ("question", "copy"),
    [
        ("涪陵ＧＤＰ是好多？", "涪陵地区生产总值是多少?"),
        ("浙江商會在哪點", "浙江商会在哪里"),
        ("What is the gdp of Fuling", "什么 地区生产总值 涪陵"),
    ],
)
def test_the_shipped_synonyms_put_the_documents_words(question: str, copy: str) -> None:
    assert matching_copy(question, Synonyms.read()) == copy


def test_a_latin_word_is_replaced_whole_only() -> None:
    assert Synonyms([("gdp", "总值")]).apply("gdp2 gdp gdps") == "gdp2 总值 gdps"


def test_no_synonyms_change_nothing() -> None:
    assert Synonyms([]).apply("涪陵") == "涪陵"


@pytest.mark.parametrize("line", ["没有等号", "= 甲", "甲 ="])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(f"# 说明\n{line}\n", encoding="utf-8")
    with pytest.raises(SynonymsError, match="line 2"):
        Synonyms.read(path)


def test_chinese_years_become_digits() -> None:
    assert digits("二〇二一年和二零一七年") == "2021年和2017年"


@pytest.mark.parametrize(
    ("question", "missing"),
    [("2015年的总值是多少", ["2015"]), ("2021年的总值是多少", []), ("18亿元的项目", ["18亿"]), ("这13对学校", [])],
)
def test_figures_that_the_quotation_does_not_hold_are_named(question: str, missing: list[str]) -> None:
    assert unsupported_figures(question, ["2021年总值1402亿元", "结成13对"]) == missing


@pytest.mark.parametrize(
    ("asked", "told", "stands"),
    [
        ("3000万元", "0.3亿元", True),
        ("30亿元", "30.964亿元", True),
        ("31亿元", "30.964亿元", True),
        ("29亿元", "30.964亿元", False),
        ("18亿元", "2018年", False),
        ("60个", "60余个", True),
        ("5个", "5.4万个", False),
        ("1,402.7亿元", "1402.74亿元", True),
    ],
)
def test_a_figure_stands_in_other_units_and_more_exactly_too(asked: str, told: str, stands: bool) -> None:
    assert (not unsupported_figures(f"{asked}的项目", [told])) is stands


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("华锋集团在哪里", "华峰集团在哪里"),
        ("付陵的学校", "涪陵的学校"),
        ("华峰在哪里", "华峰在哪里"),
        ("公式是什么", "公式是什么"),
    ],
)
def test_names_typed_by_their_sound_are_mended(typed: str, mended: str) -> None:
    assert Names(["华峰集团在涪陵落户。", "名单已经公示。"]).mend(typed) == mended


@pytest.mark.parametrize(
    ("question", "past"),
    [
        ("区长现在是谁?", True),
        ("省委书记叫什么名字?", True),
        ("2004年的省委书记是谁?", False),
        ("奠基时的省委书记是谁?", False),
        ("谁来奠基?", False),
    ],
)
def test_who_held_an_office_once_does_not_answer_who_holds_it(question: str, past: bool) -> None:
    assert only_past_office(question, ["2004年来奠基的张三，时任省委书记、区长。"]) is past
    assert not only_past_office(question, ["省委书记张三来奠基。"])


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("浙江省2021年的总产值是多少?", "涪陵总产值2021年增加到1402亿元。", True),
        ("2021年浙江的总产值是多少?", "涪陵总产值2021年增加到1402亿元。", True),
        ("涪陵2021年的总产值是多少?", "涪陵总产值2021年增加到1402亿元。", False),
        ("涪陵2021年的总产值是多少?", "总产值2021年增加到1402亿元。", False),
        ("到浙江挂职的干部有多少?", "涪陵干部挂职533人次。", False),
        ("浙江的经验怎么用到涪陵?", "涪陵靠培训。", False),
    ],
)
def test_what_is_said_of_one_place_does_not_answer_for_another(question: str, text: str, other: bool) -> None:
    assert of_another_place(question, [text]) is other


@pytest.mark.parametrize(
    ("question", "text", "opposite"),
    [
        ("榨菜产量为什么减少？", "榨菜产量从2017年的40万吨增加到60万吨。", True),
        ("合作园区哪一年关闭？", "合作园区于2010年建成投产。", True),
        ("企业亏损减少了多少？", "企业亏损由3亿元减少到1亿元，产值提高。", False),
        ("怎样降低物流成本？", "新码头提高了装卸效率。", False),
        ("榨菜产量增加了多少？", "榨菜产量增加到60万吨。", False),
        ("旧校舍什么时候拆除？", "旧校舍于2005年拆除，新校舍2006年建成。", False),
    ],
)
def test_what_a_question_takes_for_granted_is_not_answered_by_its_opposite(
    question: str, text: str, opposite: bool
) -> None:
    assert says_the_opposite(question, [text]) is opposite
