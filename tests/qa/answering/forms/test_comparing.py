"""Comparisons and superlatives are computed from the figures of sentences and rows."""

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.computing.comparing import Conclusion, compared, superlative
from qa.answering.forms.computing.extremes import which_is_most
from qa.answering.forms.computing.pairs import which_is_more
from qa.answering.forms.computing.statements import lines_of, statements

TABLE = """中心名称：芦桥中心；窗口数：14；2024年办件量（件）：51730。
中心名称：望梅中心；窗口数：11；2024年办件量（件）：37982。
中心名称：双渚中心；窗口数：9；2024年办件量（件）：25140。"""
PROSE = "全馆有藏品6327件，其中一级文物9件、二级文物34件、三级文物211件。"


def concluded(question: str, text: str) -> Conclusion | None:
    lines = lines_of(text, sentences(text))
    found = statements(lines)
    if pair := compared(digits(question)):
        return which_is_more(pair, found, lines)
    most = superlative(digits(question))
    return which_is_most(most, found, lines) if most else None


@pytest.mark.parametrize(
    ("question", "text", "verdict", "line"),
    [
        ("芦桥中心和双渚中心哪个窗口数多", TABLE, "芦桥中心", "14 > 9：芦桥中心"),
        ("芦桥中心和双渚中心哪个窗口数少", TABLE, "双渚中心", "14 > 9：双渚中心"),
        ("一级文物和二级文物哪个多", PROSE, "二级文物", "9件 < 34件：二级文物"),
        ("哪个中心的窗口数最多", TABLE, "芦桥中心", "14 > 11：芦桥中心"),
        ("2024年办件量最少的是哪个中心", TABLE, "双渚中心", "25140 < 37982：双渚中心"),
        ("哪级文物最多", PROSE, "三级文物", "211件 > 34件：三级文物"),
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
        ("哪个中心的窗口数最多", TABLE.replace("窗口数：9", "窗口数：未定")),  # a row has no figure
        ("2023年哪个中心的窗口数最多", TABLE),  # another year
    ],
)
def test_concludes_nothing_where_a_figure_is_missing_or_of_another_kind(question: str, text: str) -> None:
    assert concluded(question, text) is None


def test_equal_figures_are_called_equal() -> None:
    conclusion = concluded("甲站和乙站哪个人多", "甲站人数：5人。\n甲站有职工5人，乙站有职工5人。")
    assert conclusion is not None and conclusion.verdict == "一样"
