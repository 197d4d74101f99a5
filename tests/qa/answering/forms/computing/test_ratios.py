"""By what share, or how many times, a figure has grown is computed where the text does not say it itself."""

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.differing import computed, relates
from qa.answering.forms.computing.statements import lines_of, statements
from qa.answering.forms.tables.rowwise.asked import asked_of_two

YEARS = "2019年接待游客13.4万人次，2023年接待游客26.6万人次。"
RATES = "2019年满意率是88.5%，2023年满意率是94.1%。"
GRADES = "一级文物8件，二级文物10件。"


def concluded(question: str, text: str) -> Conclusion | None:
    lines = lines_of(text, sentences(text))
    return computed(digits(question), statements(lines), lines)


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("2023年接待游客比2019年增加了百分之多少", YEARS, "（26.6万人次 − 13.4万人次）÷ 13.4万人次 = 约98.5%"),
        ("与2019年相比，2023年接待游客增长了百分之几", YEARS, "（26.6万人次 − 13.4万人次）÷ 13.4万人次 = 约98.5%"),
        ("2023年接待游客比2019年多了几成", YEARS, "（26.6万人次 − 13.4万人次）÷ 13.4万人次 = 约98.5%"),
        ("2023年投诉比2022年下降了百分之几", "投诉：2022年80件，2023年60件。", "（80件 − 60件）÷ 80件 = 25%"),
        ("二级文物比一级文物多百分之几", GRADES, "（10件 − 8件）÷ 8件 = 25%"),
        ("一级文物比二级文物少百分之几", GRADES, "（10件 − 8件）÷ 10件 = 20%"),
        ("2023年满意率比2019年提高了百分之几", RATES, "94.1% − 88.5% = 5.6个百分点"),
        ("2023年满意率比2019年提高了多少个百分点", RATES, "94.1% − 88.5% = 5.6个百分点"),
        ("2023年升学率比2019年提高了百分之几", RATES.replace("满意", "升学"), "94.1% − 88.5% = 5.6个百分点"),
        ("2023年产值增速比2019年提高了百分之几", RATES.replace("满意率", "产值增速"), "94.1% − 88.5% = 5.6个百分点"),
        (
            "2023年升学率比2019年提高了百分之几",
            "2018年升学率是80%，2019年升学率是88.5%，2023年升学率是94.1%。",
            "94.1% − 88.5% = 5.6个百分点",
        ),
        (
            "2023年接待游客比2019年增加了百分之多少",
            f"{YEARS}商品零售额增长8.5%。",  # of something else
            "（26.6万人次 − 13.4万人次）÷ 13.4万人次 = 约98.5%",
        ),
        ("彩灯经费压减了百分之几", "彩灯经费由50万元压减到40万元。", "（50万元 − 40万元）÷ 50万元 = 20%"),
        ("采购量缩水了几成", "采购量从80吨减少到60吨。", "（80吨 − 60吨）÷ 80吨 = 25%"),
        ("2023年接待游客是2019年的几倍", YEARS, "26.6万人次 ÷ 13.4万人次 = 约2倍"),
        ("2023年接待游客比2019年翻番了吗", YEARS, "26.6万人次 ÷ 13.4万人次 = 约1.99倍"),
        ("2023年接待游客比2019年翻了几番", YEARS, "26.6万人次 ÷ 13.4万人次 = 约1.99倍"),
    ],
)
def test_computes_how_much_of_the_first_the_second_is(question: str, text: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and conclusion.line == line
    assert line.endswith(conclusion.verdict)
    assert {operand.words for operand in conclusion.operands} <= set(line.replace("（", "").replace("）", " ").split())


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("2023年接待游客比2019年增加了百分之多少", YEARS[:-1] + "，增长98%。"),  # the text says it
        ("2023年接待游客比2019年增加了百分之多少", YEARS + "2023年接待游客比2019年增长98%。"),
        ("2023年接待游客比2019年增加了百分之多少", YEARS + "按可比口径计算，全年增速97.2%。"),
        ("2023年接待游客比2019年增加了百分之多少", "接待游客按同口径增长97.2%。" + YEARS),
        ("2023年升学率比2019年提高了百分之几", RATES.replace("满意", "升学")[:-1] + "，提高6.3%。"),
        ("2023年升学率比2019年提高了百分之几", RATES.replace("满意", "升学")[:-1] + "，提高5.6个百分点。"),
        ("2023年接待游客比2019年翻番了吗", YEARS[:-1] + "，翻了一番。"),
        ("2023年接待游客比2019年下降了百分之几", YEARS),  # the question has it the other way round
        ("2023年接待游客比2018年增加了百分之几", YEARS),  # another year
        ("接待游客增长了百分之几", YEARS),  # since when is left open: told, or nowhere
        ("接待游客同比增长百分之几", YEARS),
        ("彩灯经费压减了百分之几", "彩灯经费由50万元压减到40万元，下降两成，即20%。"),
        ("彩灯经费压减了百分之几", "彩灯经费压减到40万元。"),
        ("彩灯经费增加了百分之几", "彩灯经费由50万元压减到40万元。"),
        ("二级文物比一级文物多百分之几", "一级文物8件，二级文物约10件。"),
    ],
)
def test_computes_no_rate_that_is_told_or_does_not_fit(question: str, text: str) -> None:
    assert concluded(question, text) is None


def test_two_rows_are_not_subtracted_where_a_rate_is_asked() -> None:
    assert relates(digits("甲镇比乙镇多百分之几")) and asked_of_two(digits("甲镇比乙镇多百分之几")) is None
    assert asked_of_two(digits("甲镇比乙镇多几户")) is not None
