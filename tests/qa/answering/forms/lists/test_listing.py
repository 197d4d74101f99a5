"""The members of a list are counted where the list is surely whole."""

import pytest

from corpus.text.normalise import digits
from qa.answering.forms.lists.listing import listed, members

TEXT = "垂钓点有清源桥下、沙湾码头和断桥滩头三处，由水务局、城管局、公安局等管理，费用为五元、十元（周末）、二十元。"


@pytest.mark.parametrize(
    ("list_", "found"),
    [
        ("清源桥下、沙湾码头和断桥滩头", ["清源桥下", "沙湾码头", "断桥滩头"]),
        ("五元、十元（周末）、二十元", ["五元", "十元（周末）", "二十元"]),
        ("清源桥下、沙湾码头", []),  # goes on behind
        ("沙湾码头和断桥滩头", []),  # goes on before
        ("水务局、城管局、公安局", []),  # 等: not all are named
        ("断桥滩头三处，由水务局、城管局、公安局", []),  # more than a list
        ("费用为五元", []),
        ("水务局、城管局、公安局等管理", []),  # the reader's words hold 等
        ("由水务局、城管局、公安局等", []),
    ],
)
def test_finds_the_members_of_a_whole_list(list_: str, found: list[str]) -> None:
    start = TEXT.index(list_)
    assert members(TEXT, start, start + len(list_)) == found


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("垂钓点有哪几处", "3处"),
        ("有哪些垂钓点", "3个"),
        ("垂钓点一共几处", "3处"),
        ("断桥是第几处", ""),
        ("垂钓点在哪里", ""),
        ("垂钓几点开始", ""),
    ],
)
def test_the_number_is_said_to_who_asks_for_a_list(question: str, count: str) -> None:
    start, list_ = TEXT.index("清源"), "清源桥下、沙湾码头和断桥滩头"
    assert listed(digits(question), TEXT, start, start + len(list_)) == count


def test_figures_are_no_names_to_count() -> None:
    text = "建成专馆6个、专区84个、专柜312个。"
    assert members(text, 2, len(text) - 1)
    assert listed(digits("专馆专区各有几个"), text, 2, len(text) - 1) == ""
    assert listed(digits("有多少个场馆"), text, 2, len(text) - 1) == ""
    assert listed(digits("有哪些场馆"), text, 2, len(text) - 1) == "3个"
