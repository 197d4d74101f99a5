"""What tells yes from no: the verifier's verdict, what both sides deny, and figures against a limit."""

import pytest

from corpus.document import Span
from corpus.text.normalise import normalise
from qa.answering.forms.conclusions.polarity import (
    features,
    is_left_out,
    is_limited,
    is_told_otherwise,
    is_unhindered,
)
from qa.answering.reader.verifier.judging import Verdict

VERDICT = Verdict(settles=2.0, holds=1.5)


@pytest.mark.parametrize(
    ("question", "quote", "alike"),
    [
        ("外地人押金退吗", "押金离馆退还。", True),
        ("外地人押金退不退", "押金一律不退。", False),
        ("外地人押金不退的吧", "押金一律不退。", True),
        ("外地人押金不退的吧", "押金离馆退还。", False),
        ("一人能借6册吗", "一人借书不超过6册。", True),  # a limit denies nothing
        ("领了扶助金还能申请低保不", "扶助金不影响申请低保。", True),  # nor does what stands in nobody's way
        ("没带证，一人能借书吗", "一人可以借书。", True),  # the clause that asks counts
    ],
)
def test_both_sides_deny_or_neither_does(question: str, quote: str, alike: bool) -> None:
    found = features(normalise(question), quote, None, VERDICT)
    assert found["denied alike in its words"] != 0
    assert (found["denied alike in its words"] > 0) is alike


def test_what_is_denied_counts_as_far_as_the_clause_has_the_words_of_the_question() -> None:
    near = features(normalise("押金退不退"), "押金不退。", None, VERDICT)
    far = features(normalise("交的钱退不退"), "押金不退。", None, VERDICT)
    assert near["denied alike in its words"] < far["denied alike in its words"]


@pytest.mark.parametrize(
    ("question", "quote", "within"),
    [
        ("79岁能领津贴吗", "年满80周岁的可以领津贴。", False),
        ("81岁能领津贴吗", "年满80周岁的可以领津贴。", True),
        ("13岁能进机房吗", "12岁以下不得进入机房。", True),  # outside of what is refused
        ("11岁能进机房吗", "12岁以下不得进入机房。", False),
    ],
)
def test_a_figure_is_held_against_what_a_limit_grants_or_refuses(question: str, quote: str, within: bool) -> None:
    assert (features(normalise(question), quote, None, None)["within the limit"] > 0) is within


def test_only_a_limit_of_the_deciding_clause_counts() -> None:
    quote = "年满80周岁的可以领津贴，每月发到卡里。"
    short = Span(quote.index("每月"), quote.index("。"))
    asked = normalise("79岁发到卡里吗")
    assert "within the limit" not in features(asked, quote, short, VERDICT)
    assert "within the limit" in features(asked, quote, Span(0, 6), VERDICT)


def test_a_verdict_on_figures_counts_apart() -> None:
    plain = features(normalise("老人能领津贴吗"), "老人可以领津贴。", None, VERDICT)
    figured = features(normalise("3位老人能领津贴吗"), "老人可以领津贴。", None, VERDICT)
    assert (plain["holds"], plain["holds of a figure"]) == (1.5, 0.0)
    assert figured["holds of a figure"] == 1.5
    assert "holds" not in features(normalise("老人能领津贴吗"), "老人可以领津贴。", None, None)


def test_a_verdict_on_what_settles_the_question_counts_for_more() -> None:
    asked = normalise("老人能领津贴吗")
    found = [features(asked, "老人可以领津贴。", None, Verdict(settles, 1.5)) for settles in (-2.0, 0.0, 3.0, 9.0)]
    assert [one["holds of what settles"] for one in found] == [-3.0, 0.0, 4.5, 9.0]


@pytest.mark.parametrize(
    ("question", "quote", "left_out"),
    [
        ("日化分装能不能入园", "不得入园：化工（不含日化分装）；印染。", True),
        ("化工能不能入园", "不得入园：化工（不含日化分装）；印染。", False),
        ("残疾人代步车算不算机动车", "名下有机动车的不予批准，残疾人代步车除外。", True),
        ("名下有机动车能批吗", "名下有机动车的不予批准，残疾人代步车除外。", False),
        ("港澳台居民能办吗", "除港澳台居民以外的都可以办。", True),
        ("外国人能办吗", "除港澳台居民以外的都可以办。", False),
    ],
)
def test_of_what_a_rule_excepts_it_says_the_opposite(question: str, quote: str, left_out: bool) -> None:
    assert is_left_out(normalise(question), quote) is left_out


@pytest.mark.parametrize(
    ("question", "limited"),
    [("低保户买立碑减半不", True), ("低保户树葬减半不", False), ("壁葬格位能不能减半", False)],
)
def test_a_rule_for_some_things_alone_says_no_yes_of_others(question: str, limited: bool) -> None:
    assert is_limited(normalise(question), "低保对象的费用减半；只限树葬、壁葬格位和花坛葬。") is limited
    assert not is_limited(normalise(question), "低保对象的费用减半。")
    assert not is_limited(normalise(question), "不仅限于本地居民；犬证每只收200元。")


@pytest.mark.parametrize(
    ("question", "unhindered"),
    [("停水那天还能看门诊吗", True), ("停水那天影响看门诊吗", False), ("停水那天能住院吗", False)],
)
def test_what_stands_in_nobodys_way_is_no_no(question: str, unhindered: bool) -> None:
    assert is_unhindered(normalise(question), "医院由应急专管供水，不影响门诊和手术。", None) is unhindered


def test_what_stands_in_nobodys_way_may_have_another_name_in_the_question() -> None:
    quote = "奖学金不计入家庭收入，不影响领取住房租赁补贴。"
    said = Span(quote.index("不影响"), quote.index("。"))
    assert is_unhindered(normalise("拿了奖学金租补还发吗"), quote, said)
    assert not is_unhindered(normalise("拿了奖学金租补还发吗"), quote, Span(0, quote.index("，")))


@pytest.mark.parametrize(("question", "other"), [("卧室铺瓷砖可以报不", True), ("卫生间铺瓷砖可以报不", False)])
def test_what_is_denied_of_some_is_no_no_for_the_others(question: str, other: bool) -> None:
    quote = "厨房、卫生间铺瓷砖的不予报销，其他房间铺瓷砖的可以报销。"
    assert is_told_otherwise(normalise(question), quote, Span(0, quote.index("，"))) is other


@pytest.mark.parametrize(
    ("question", "other"),
    [("春季漏报的，秋季一起补报行不行", True), ("错过秋季的还能补报吗", False)],
)
def test_a_clause_for_another_case_says_neither_yes_nor_no(question: str, other: bool) -> None:
    quote = "春季漏报的，可以在秋季一起补报；错过秋季的，不再受理。"
    said = Span(quote.index("错过"), quote.index("。"))
    assert is_told_otherwise(normalise(question), quote, said) is other
    assert not is_told_otherwise(normalise(question), "错过秋季的，不再受理。", Span(0, 10))
