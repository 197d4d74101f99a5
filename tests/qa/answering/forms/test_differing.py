"""Differences, multiples and shares are computed from the two figures that a question compares."""

import pytest

from corpus.text.sentences import sentences
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.differing import computed
from qa.answering.forms.computing.statements import lines_of, statements

INCOME = "城镇、农村居民人均可支配收入分别为41320元和20786元，分别增长5.3%和7.6%。"
FARES = """线路：东线索道；往返：100元；每车：8人。
线路：西线索道；往返：135元；每车：6人。"""
HOURS = "事项：农房登记；原时限：30个工作日；新时限：15个工作日。"
YEARS = """指标：满意率；2022年：71%；2023年：84%；2024年：92%。
指标：上线人数；2022年：86人；2023年：121人；2024年：167人。"""
FROM_TO = "船票由50元降到45元，月票由800元提高到900元。"


def concluded(question: str, text: str) -> Conclusion | None:
    lines = lines_of(text, sentences(text))
    return computed(question, statements(lines), lines)


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("城镇比农村居民收入高多少", INCOME, "41320元 − 20786元 = 20534元"),
        ("西线往返比东线往返贵几块", FARES, "135元 − 100元 = 35元"),
        ("东线和西线往返相差多少钱", FARES, "135元 − 100元 = 35元"),
        ("城镇居民收入是农村居民收入的几倍", INCOME, "41320元 ÷ 20786元 = 约2倍"),
        ("一级文物占全部文物的百分之几", "一级文物9件，全部文物36件。", "9件 ÷ 36件 = 25%"),
        ("农房登记缩短了多少工作日", HOURS, "30个 − 15个 = 15个工作日"),
        ("满意率比22年高几个点", YEARS, "92% − 71% = 21个百分点"),
        ("船票降了几块", FROM_TO, "50元 − 45元 = 5元"),
        ("百岁老人津贴涨了多少", "百岁老人津贴每月600元（原400元）。", "600元 − 400元 = 200元"),
        ("投诉少了几件", "投诉：2023年276件，2024年191件。", "276件 − 191件 = 85件"),
        ("一级文物和二级文物一共几件", "一级文物9件，二级文物34件。", "9件 + 34件 = 43件"),
        ("收购站收的比发的多多少件", "收购站收142万件，发38.5万件。", "142万件 − 38.5万件 = 103.5万件"),
        ("甲库比乙库存粮多多少", "甲库存粮1.2亿斤，乙库存粮5000万斤。", "1.2亿 − 5000万 = 0.7亿斤"),
    ],
)
def test_computes_what_is_asked(question: str, text: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and conclusion.line == line
    assert line.endswith(conclusion.verdict)
    assert all(operand.words in line for operand in conclusion.operands)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("西线往返比南线往返贵几块", FARES),  # one figure is missing
        ("一级文物比二级文物少多少", "一级文物9件、二级文物34吨。"),  # other units
        ("一级文物比二级文物少多少", "一级文物9件，二级文物不少于34件。"),  # a bound is no figure to compute with
        ("一级文物比二级文物多多少", "一级文物9件，二级文物34件。"),  # the question has it the other way round
        ("船票涨了几块", FROM_TO),
        ("一级文物和二级文物一共几件", "一级文物9件，二级文物约34件。"),
        ("满意率比2019年高几个点", YEARS),  # another year
        ("船票降了几块，从哪天起", FROM_TO),  # asks for more than can be computed
    ],
)
def test_computes_nothing_where_figures_are_missing_or_do_not_fit(question: str, text: str) -> None:
    assert concluded(question, text) is None
