"""Figures and dates are said in English to whoever asks in English."""

import pytest

from qa.answering.forms.base import LOOKUP, AnswerForm, Form
from qa.answering.replies.english import in_english, value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("13对", "13 pairs"),
        ("一天", "1 day"),
        ("十五天", "15 days"),
        ("三个月", "3 months"),
        ("860人", "860 people"),
        ("28,000元", "28,000 yuan"),
        ("4600元", "4,600 yuan"),
        ("2.3万元", "23,000 yuan (2.3万元)"),
        ("3.6亿元", "360,000,000 yuan (3.6亿元)"),
        ("9家", "9 (9家)"),
        ("百分之三十", "30%"),
        ("18个百分点", "18 percentage points"),
        ("约47公里", "about 47 km"),
        ("15千瓦时", "15 kWh"),
        ("不少于20人", "at least 20 people"),
        ("60岁以上", "at least 60 years of age"),
        ("300余人", "more than 300 people"),
        ("5至8公斤", "5 to 8 kg"),
        ("2004年5月", "May 2004"),
        ("2024年5月7日", "7 May 2024"),
        ("5月7日", "7 May"),
        ("2021年", "2021"),
        ("6月3日至14日", "3 June to 14 June"),
        ("2024年9月16日至2025年4月30日", "16 September 2024 to 30 April 2025"),
    ],
)
def test_a_figure_or_a_date_is_said_in_english(text: str, said: str) -> None:
    assert value(text) == said


@pytest.mark.parametrize(
    "text", ["石渡市", "第三批", "第二天", "每月10元", "三等奖", "10月5日上午", "30%", "一楼大厅", "5万至8万元", ""]
)
def test_what_is_more_than_a_figure_stays_as_it_is(text: str) -> None:
    assert value(text) == ""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("The document says: 13对", "The document says: 13 pairs"),
        ("41320元 − 20786元 = 20534元", "41,320 yuan − 20,786 yuan = 20,534 yuan"),
        ("（800元 − 500元）÷ 500元 = 60%", "（800 yuan − 500 yuan）÷ 500 yuan = 60%"),
        ("When was it: 2004年5月\nWho came: 石渡市", "When was it: May 2004\nWho came: 石渡市"),
    ],
)
def test_the_values_of_a_first_line_are_said_in_english(line: str, said: str) -> None:
    assert in_english(AnswerForm(Form.PARTS, line), "").line == said


def test_a_short_answer_becomes_the_first_line_where_it_is_a_figure() -> None:
    assert in_english(LOOKUP, "13对") == AnswerForm(Form.LOOKUP, "13 pairs")
    assert in_english(LOOKUP, "石渡市") is LOOKUP
