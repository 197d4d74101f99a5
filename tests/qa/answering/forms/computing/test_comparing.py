"""Comparisons are computed from the figures of sentences and rows."""

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.computing.comparing import Conclusion, compared
from qa.answering.forms.computing.pairs import which_is_more
from qa.answering.forms.computing.statements import lines_of, statements

TABLE = """中心名称：芦桥中心；窗口数：14；2024年办件量（件）：51730。
中心名称：望梅中心；窗口数：11；2024年办件量（件）：37982。
中心名称：双渚中心；窗口数：9；2024年办件量（件）：25140。"""
FEES = "收费：住宅类每件80元，非住宅类每件550元。"
PROSE = "全馆有藏品6327件，其中一级文物9件、二级文物34件、三级文物211件。"


def concluded(question: str, text: str, title: str = "") -> Conclusion | None:
    lines = lines_of(text, sentences(text), above=title)
    found = statements(lines)
    pair = compared(digits(question))
    return which_is_more(pair, found, lines) if pair else None


@pytest.mark.parametrize(
    ("question", "text", "verdict", "line"),
    [
        ("芦桥中心和双渚中心哪个窗口数多", TABLE, "芦桥中心", "14 > 9：芦桥中心"),
        ("芦桥中心和双渚中心哪个窗口数少", TABLE, "双渚中心", "14 > 9：双渚中心"),
        ("一级文物和二级文物哪个多", PROSE, "二级文物", "9件 < 34件：二级文物"),
        ("住宅和非住宅登记哪个贵", FEES, "非住宅登记", "80元 < 550元：非住宅登记"),
        ("二孩和三孩的奖励哪个多", "二孩奖励2000元、三孩奖励5000元。", "三孩", "2000元 < 5000元：三孩"),
        ("新桥和老桥哪座长", "新桥长620米，老桥长410米。", "新桥", "620米 > 410米：新桥"),
        ("红茶和绿茶，去年哪个销售额高", "红茶销售额270万元，绿茶销售额815万元。", "绿茶", "270万元 < 815万元：绿茶"),
        ("工作日和周末哪个贵", "工作日每晚280元，周末每晚420元。", "周末", "280元 < 420元：周末"),
    ],
)
def test_concludes_by_the_figures(question: str, text: str, verdict: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and (conclusion.verdict, conclusion.line) == (verdict, line)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("一级文物和二级文物哪个多", "一级文物9件、二级文物34吨。"),  # other units
        ("一级文物和二级文物哪个多", "一级文物9件，二级文物不少于34件。"),  # a bound is no figure to compare
        ("一级文物和四级文物哪个多", "一级文物9件。"),  # one figure is missing
        ("新桥和老桥哪座长", "新桥投资3亿元，老桥投资900万元。"),  # money tells of no length
        ("居民和摊位哪个贵", "居民每户每月8元，摊位每天1元。"),  # for different times
        ("甲站和乙站哪个人多", "2022年甲站有5人。\n2023年乙站有9人。"),
    ],
)
def test_concludes_nothing_where_a_figure_is_missing_or_of_another_kind(question: str, text: str) -> None:
    assert concluded(question, text) is None


@pytest.mark.parametrize(
    ("question", "compares"),
    [
        ("换证和补证去哪里快", False),
        ("换证要哪些材料、去哪里换、多久换好", False),
        ("换证和补证哪个要多少钱", False),
        ("换证和补证哪个贵", True),
        ("老城和新城哪里人多", True),
        ("出去的多还是进来的多", True),
        ("医生和教师都在乡镇，每月补助哪个高", True),
        ("带上身份证和户口本，在几楼办", False),
    ],
)
def test_where_and_how_long_are_no_comparison(question: str, compares: bool) -> None:
    assert (compared(digits(question)) is not None) is compares


def test_what_the_title_says_of_both_is_no_part_of_a_name() -> None:
    text = "一般债务61.8亿元、专项债务81.7亿元，专项债券16.8亿元。"
    conclusion = concluded("瑞溪市一般债务和专项债务哪个多", text, "瑞溪市财政决算")
    assert conclusion is not None and conclusion.line == "61.8亿元 < 81.7亿元：专项债务"
    assert concluded("瑞溪市一般债务和专项债务哪个多", text, "财政决算") is None


def test_a_year_in_two_digits_is_a_year() -> None:
    pair = compared(digits("23年和24年哪年游客多"))
    assert pair is not None and pair.names == ("2023年", "2024年")


def test_equal_figures_are_called_equal() -> None:
    conclusion = concluded("甲站和乙站哪个人多", "甲站人数：5人。\n甲站有职工5人，乙站有职工5人。")
    assert conclusion is not None and conclusion.verdict == "一样"
