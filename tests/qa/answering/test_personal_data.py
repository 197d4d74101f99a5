import importlib
import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Span
from qa.answering import personal_data
from qa.answering.personal_data.rules import RULES
from qa.answering.screening import clean

# Lines as citizens type them, what is personal in braces with its kind; one half was written down before the rules
# and looked at only when they were done.
LINES = Path(__file__).with_name("personal_data.tsv")
HALVES = ("rules", "held out")


def identity_card(first: str) -> str:
    """A number that holds by GB 11643-1999, made from its first 17 digits."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def bank_card(first: str) -> str:
    """A number that holds by the Luhn check, made from all its digits but the last."""
    digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(first))]
    return first + str(-sum(number // 10 + number % 10 for number in digits) % 10)


CARD = identity_card("50010219900307123")
BANK = bank_card("621700123456789012")


@pytest.mark.parametrize(
    "text, masked",
    [
        (f"我的身份证{CARD}能办吗", "我的身份证【身份证号】能办吗"),
        (f"{CARD[:6]} {CARD[6:14]} {CARD[14:]}", "【身份证号】"),
        (identity_card("11010519491231002").lower(), "【身份证号】"),
        (f"卡号{BANK[:4]} {BANK[4:8]} {BANK[8:12]} {BANK[12:16]} {BANK[16:]}。", "卡号【银行卡号】。"),
        ("打13812345678找我", "打【手机号】找我"),
        ("打+86 138-1234-5678找我", "打【手机号】找我"),
        ("打１３８１２３４５６７８找我", "打【手机号】找我"),
        (CARD[:-1] + str((int(CARD[-1].replace("X", "0")) + 1) % 10), "【身份证号】"),
        ("13812345678元旦前打得通", "【手机号】元旦前打得通"),
        ("打1\u200b3８-①②③④—五六七八找我", "打【手机号】找我"),
        ("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣。", "【手机号】。"),
        ("星期一13812345678，一三八一二三四五六七八", "星期一【手机号】，【手机号】"),
        ("座机7222-2222，我家(023)72222222转8", "座机【固定电话】，我家【固定电话】"),
        (f"卡号{BANK} 5000元没到", "卡号【银行卡号】 5000元没到"),
        ("護照E12345678", "護照【护照号】"),
        (f"{CARD}，13912345678", "【身份证号】，【手机号】"),
    ],
)
def test_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert personal_data.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "500102199013071231",
        BANK[:-1] + str((int(BANK[-1]) + 1) % 10),
        "总投资13812345678元",
        "13800000000元",
        "总投资13800000000万元",
        "12812345678",
        "138123456789",
        "2020年11月21日成立，会员237家，投资3.5亿元",
        "12345",
        "023-72222222是什么单位的电话",
        "区信访办电话023-72222222",
        "400-820-8820",
        "渝府发〔2021〕15号",
        "统一社会信用代码915001020000000001",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert personal_data.find(text) == []
    assert personal_data.mask(text) == text


@given(st.text(alphabet="0123456789 -Xx一１", max_size=80))
def test_numbers_found_never_overlap(text: str) -> None:
    found = personal_data.find(text)
    assert all(found[i].span.end <= found[i + 1].span.start for i in range(len(found) - 1))


def marked(line: str) -> tuple[str, list[Span]]:
    """A line without its braces, and where they were."""
    for escape, char in (("\\u200b", "\u200b"), ("\\u00ad", "\u00ad"), ("\\n", "\n"), ("\\t", "\t")):
        line = line.replace(escape, char)
    text, spans = "", []
    for part in re.split(r"(\{[^{}]*\})", line):
        if part.startswith("{"):
            part = part[1:-1].partition(":")[2]
            spans.append(Span(len(text), len(text) + len(part)))
        text += part
    return text, spans


def measured(half: str) -> tuple[list[str], list[str], int, int]:
    """What is missed and what is taken for personal and is not, of how many, in one half of the lines."""
    missed, mistaken, marks, plain = [], [], 0, 0
    for line in LINES.read_text(encoding="utf-8").splitlines():
        name, _, content = line.partition("\t")
        if name != half:
            continue
        text, spans = marked(content)
        found = personal_data.find(text)
        covered = {place for data in found for place in range(data.span.start, data.span.end)}
        missed += [text for span in spans if not covered.issuperset(range(span.start, span.end))]
        strays = [data for data in found if not any(_meet(data.span, span) for span in spans)]
        mistaken += [text] if strays else []
        marks += len(spans)
        plain += not spans
    return missed, mistaken, marks, plain


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


@pytest.mark.parametrize("half", HALVES)
def test_of_a_hundred_personal_numbers_at_most_five_are_missed_and_one_line_is_mistaken(half: str) -> None:
    missed, mistaken, marks, plain = measured(half)
    assert marks >= 140 and plain >= 120
    assert len(missed) <= 0.05 * marks, missed
    assert len(mistaken) <= 0.01 * plain, mistaken


@pytest.mark.parametrize("half", HALVES)
def test_what_is_refused_is_what_would_be_masked(half: str) -> None:
    """The text as typed, and as it is cleaned for the log."""
    for line in LINES.read_text(encoding="utf-8").splitlines():
        name, _, content = line.partition("\t")
        if name == half:
            text, _ = marked(content)
            kinds = [[data.kind for data in personal_data.find(form)] for form in (text, clean(text))]
            assert kinds[0] == kinds[1], text
            assert personal_data.find(personal_data.mask(text)) == [], text


@pytest.mark.parametrize(
    "piece", ["13800138000 ", "1", "1 ", "一", "A@", "138.0013.800", "电话:", "渝A", "微信号 ", f"{BANK} "]
)
def test_the_work_of_masking_grows_no_faster_than_the_text(piece: str) -> None:
    few, many = (_steps(piece * (size // len(piece))) for size in (2_000, 8_000))
    assert many < 5 * few


def _steps(text: str) -> int:
    """The lines and calls that masking a text takes; the patterns are bounded, as the next test says."""
    steps = 0

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal steps
        steps += 1
        return count

    personal_data.mask(text)  # what is remembered of characters is remembered now
    before = sys.gettrace()
    sys.settrace(count)
    try:
        personal_data.mask(text)
    finally:
        sys.settrace(before)
    return steps


def test_no_pattern_looks_further_than_some_hundred_characters() -> None:
    parse: Any = importlib.import_module("re._parser").parse  # the only place that knows how wide a pattern is
    assert parse("(?:a{1,3} ?)*").getwidth()[1] > 1_000_000
    for rule in RULES:
        assert parse(rule.pattern.pattern).getwidth()[1] <= 400, rule.pattern.pattern


def test_the_request_names_each_kind_once() -> None:
    request = personal_data.request_to_remove(personal_data.find("13812345678 13912345678"))
    assert request.startswith("您的问题里像是有手机号。")
