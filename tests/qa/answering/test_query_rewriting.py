"""Questions are matched in the words of the documents; staff edit the synonyms."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.text.normalise import digits
from index.snapshots import snapshot as snapshots
from qa.answering.query_rewriting import Names, Synonyms, SynonymsError, matching_copy
from tests.support.doubles.toy import ToyEmbedder, document, names_of


@pytest.mark.parametrize(
    ("question", "copy"),
    [
        ("涪陵ＧＤＰ是好多？", "涪陵地区生产总值是多少?"),
        ("浙江商會在哪點", "浙江商会在哪里"),
        ("那座桥是新修的嗦？", "那座桥是新修的吗?"),
        ("讲话不要啰嗦", "讲话不要啰嗦"),
    ],
)
def test_the_shipped_synonyms_put_the_documents_words(question: str, copy: str) -> None:
    assert matching_copy(question, Synonyms.read()) == copy


def test_an_english_question_is_searched_with_the_documents_words_and_without_grammar() -> None:
    copy = matching_copy("What is the gdp of Fuling", Synonyms.read()).split()
    assert {"地区生产总值", "涪陵"} <= set(copy)
    assert not {"gdp", "fuling", "the", "of", "is"} & set(copy)


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
    ("typed", "mended"),
    [
        ("华锋集团在哪里", "华峰集团在哪里"),
        ("付陵的学校", "涪陵的学校"),
        ("华峰在哪里", "华峰在哪里"),
        ("公式是什么", "公式是什么"),
        ("浙江省为什么办学", "浙江省为什么办学"),
        ("浙江省为在哪里", "浙江省委在哪里"),
        ("周末打乒乓球多少钱", "周末打乒乓球多少钱"),  # a part of a word is no name
        ("打坪在哪里", "大坪在哪里"),
    ],
)
def test_names_typed_by_their_sound_are_mended(typed: str, mended: str) -> None:
    names = names_of("华峰集团在涪陵落户。", "名单已经公示。", "浙江省委在杭州。", "校车停大坪村。")
    assert names.mend(typed) == mended


def test_names_of_documents_in_traditional_characters_are_not_mended_away() -> None:
    typed = "华锋公司在哪里"
    assert names_of("华峰集团在涪陵落户。", "華鋒公司的廠房。").mend(typed) == typed
    assert names_of("华峰集团在涪陵落户。").mend(typed) == "华峰公司在哪里", "the control"


def test_a_snapshot_without_names_has_them_found() -> None:
    built = snapshots.build([document("华峰集团在涪陵落户。")], ToyEmbedder(), max_tokens=60)
    earlier = replace(built, names=None)
    assert Names.of(earlier).mend("华锋集团在哪里") == "华峰集团在哪里"
