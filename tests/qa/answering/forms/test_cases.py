"""A question for one figure is not answered with what holds for others."""

import pytest

from corpus.document import Span
from corpus.text.normalise import normalise
from qa.answering.forms.clauses.cases import of_another_case, sentence_of_the_case


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("月用气40立方米每立方米多少钱？", "每户月用气超过60立方米的部分，每立方米3.1元。"),
        ("工作满5年休几天年假？", "职工累计工作满10年不满20年的，年休假10天。"),
        ("85岁老人每月发多少？", "90岁至99岁的老人，每月发放200元。"),
        ("建筑面积150平方米的物业费怎么收？", "建筑面积90平方米以下的，每月1.2元。"),
        ("一年用200立方米水什么价？", "年用水量超过260立方米的，每立方米7.2元。"),  # for how long is no case
        ("工地上死亡两个人算几级事故", "死亡3人以上10人以下的，为较大事故。"),
        ("山里失踪了一个人算几级", "失踪3人以上的，为二级。"),
        ("一年用200方水什么价？", "年用水量超过260立方米的，每立方米7.2元。"),
    ],
)
def test_words_of_another_case_are_noticed(question: str, quoted: str) -> None:
    assert of_another_case(normalise(question), quoted)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("月用气80立方米每立方米多少钱？", "每户月用气超过60立方米的部分，每立方米3.1元。"),
        ("工作满15年休几天年假？", "职工累计工作满10年不满20年的，年休假10天。"),
        ("1.2米的孩子买什么票？", "身高1.2米（含）以下的儿童免票。"),
        ("90岁以上老人每月发多少？", "100岁以上的老人，每月发放500元。"),
        ("交200元够吗？", "每次缴费不低于300元。"),
        ("2019年的标准是多少？", "工作满5年的，每月100元。"),
        ("85岁老人每月发多少？", "80—89岁每月100元；90岁以上每月200元。"),
        ("40立方米和80立方米各多少钱？", "超过90立方米的部分，每立方米5元。"),
        ("30天能办好多少件？", "每件收费不超过5元。"),
        ("有3方面意见怎么提？", "超过5立方米的，每立方米7元。"),
        ("我一个人住能申请吗", "家庭成员3人以上的，可以申请两居室。"),
        ("3方协议怎么签？", "超过5立方米的，每立方米7元。"),
        ("一年能休几天年假，我工作12年", "累计工作已满10年不满20年的，年休假10天。"),
    ],
)
def test_words_that_may_hold_for_the_figure_are_kept(question: str, quoted: str) -> None:
    assert not of_another_case(normalise(question), quoted)


TIERS = (
    "每户月用气60立方米以内的，每立方米2.1元。\n每户月用气61至90立方米的，每立方米2.6元。\n"
    "每户月用气超过90立方米的，每立方米3.1元。\n"
)


@pytest.mark.parametrize(("figure", "said"), [("40", "2.1元。"), ("75", "2.6元。"), ("200", "3.1元。")])
def test_the_sentence_for_the_figure_is_found_beside_another_one(figure: str, said: str) -> None:
    question = normalise(f"月用气{figure}立方米每立方米多少钱？")
    found = sentence_of_the_case(question, TIERS, Span(0, TIERS.index("\n")), Span(0, len(TIERS)))
    assert found is not None and found.of(TIERS).endswith(said)


def test_a_sentence_on_something_else_is_not_taken_for_it() -> None:
    text = "每户月用气60立方米以内的，每立方米2.1元。\n库容75立方米以上的储罐由专人看守，每天检查两次并做好台账。\n"
    quote = Span(0, text.index("\n"))
    assert sentence_of_the_case(normalise("月用气75立方米每立方米多少钱？"), text, quote, Span(0, len(text))) is None
