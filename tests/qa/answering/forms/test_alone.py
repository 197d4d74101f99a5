"""A figure of a quotation stands in large letters only where it is what the question asks for."""

import pytest

from corpus.document import Span
from corpus.text.normalise import digits
from qa.answering.forms.alone import answers_alone
from qa.answering.forms.base import Form

CENTRES = "芦桥中心14个窗口，望梅中心11个窗口，服务最好的是双渚中心。"
INCOME = "全年收入1402亿元，比上年增加110亿元，其中税收980亿元，未入库3亿元，合计占比20%。"


@pytest.mark.parametrize(
    ("question", "kind", "quote", "short", "alone"),
    [
        ("芦桥和望梅哪个窗口多", Form.COMPARE, CENTRES, "14个", False),
        ("先动工还是先开馆", Form.COMPARE, "新馆2021年6月1日动工。", "动工", False),  # the date of one of them
        ("先动工还是先开馆", Form.COMPARE, "新馆2021年6月1日先动工。", "动工", True),
        ("库房还剩几个货位", None, "库房：甲库；总货位：90个；剩余货位：7个。", "7个", True),  # its column says it
        ("库房还剩几个货位", None, "库房：甲库；总货位：90个；剩余货位：7个。", "90个", False),
        ("先报名还是先体检", Form.COMPARE, "体检合格的可以报名。", "体检", True),
        ("从动工到开馆隔了多久", Form.COMPUTE, "新馆2021年6月1日动工。", "2021年6月1日", False),
        ("从动工到开馆隔了多久", Form.COMPUTE, "新馆历时两年建成。", "两年", True),
        ("离开馆还有多久", None, "新馆2021年6月1日开馆。", "2021年6月1日", False),
        ("哪天开馆", None, "新馆2021年6月1日开馆。", "2021年6月1日", True),
        ("2025年什么时候体检", None, "体检时间：4月18日—22日", "4月18日—22日", True),  # a span of days
        ("2025年体检多少天", None, "体检时间：4月18日—22日", "4月18日—22日", False),
        ("哪个中心窗口最多", Form.SUPERLATIVE, CENTRES, "芦桥中心", False),
        ("哪个中心服务最好", Form.SUPERLATIVE, CENTRES, "双渚中心", True),
        ("收入比上年多多少", Form.COMPUTE, INCOME, "1402亿元", False),
        ("收入比上年多多少", Form.COMPUTE, INCOME, "110亿元", True),
        ("收入比上年多多少", Form.COMPUTE, "收入增加到1402亿元。", "1402亿元", False),  # how much it is now
        ("收入比上年多多少", Form.COMPUTE, "收入增加了1402亿元。", "1402亿元", True),
        ("哪个中心办件最多", Form.SUPERLATIVE, CENTRES, "双渚中心", False),  # the text tells the best of something else
        ("窗口最多的中心", None, CENTRES, "14个", False),
        ("收入多收了几亿元", None, INCOME, "1402亿元", False),
        ("收入多收了几亿元", None, INCOME, "110亿元", True),
        ("去年收入多少", None, INCOME, "1402亿元", False),
        ("今年收入多少", None, INCOME, "1402亿元", True),
        ("没入库的有多少", None, INCOME, "980亿元", False),
        ("没入库的有多少", None, INCOME, "3亿元", True),
        ("两个中心一共几个窗口", None, CENTRES, "14个", False),
        ("芦桥中心有几个窗口", None, CENTRES, "14个", True),
        ("5亩补多少钱", None, "每亩补97元。", "97元", False),
        ("一亩补多少钱", None, "每亩补97元。", "97元", True),
        ("税收有几吨", None, INCOME, "980亿元", False),
        ("全年来了多少游客", None, "一季度来游客5万人。", "5万人", False),
        ("一季度来了多少游客", None, "一季度来游客5万人。", "5万人", True),
        ("税收占百分之几", None, INCOME, "980亿元", False),
        ("税收占百分之几", None, INCOME, "20%", True),
        ("按百分之几补", None, "补贴按第八条标准的80%执行。", "第八条标准的80%", True),
        ("哪个中心窗口多", None, CENTRES, "芦桥中心", False),  # one says nothing of which has more
        ("窗口多的是哪个中心", None, CENTRES, "芦桥中心", False),
        ("哪个中心窗口多", None, "芦桥中心的窗口比望梅中心多。", "芦桥中心", True),
        ("哪个中心有窗口多少个", None, CENTRES, "14个", True),
        ("钱从哪里来", None, INCOME, "税收", True),
    ],
)
def test_an_operand_does_not_answer_alone(
    question: str, kind: Form | None, quote: str, short: str, alone: bool
) -> None:
    start = quote.index(short)
    assert answers_alone(digits(question), kind, quote, Span(start, start + len(short))) is alone
