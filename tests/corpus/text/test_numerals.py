"""Chinese numerals: every form that questions and documents use, and the numbers that they say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text.normalise import digits
from corpus.text.numerals import days_in_digits, number, whole_number, years_in_digits

DIGITS = "零一二三四五六七八九"


def spelled(value: int) -> str:
    """A number as it is said: 10250 is 一万零二百五十."""
    for sign, scale in (("亿", 10**8), ("万", 10**4)):
        if value >= scale:
            above, below = divmod(value, scale)
            gap = "零" if 0 < below < scale // 10 else ""
            return spelled(above) + sign + gap + (spelled(below) if below else "")
    said, skipped = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, place)
        if digit:
            said += ("零" if skipped and said else "") + DIGITS[digit] + sign
        skipped = not digit
    return said or "零"


@given(st.one_of(st.integers(0, 10**4), st.integers(0, 10**12)))
def test_a_number_as_it_is_said_has_its_value(value: int) -> None:
    assert whole_number(spelled(value)) == value == number(spelled(value))


@given(st.integers(10, 19).map(lambda value: (spelled(value).removeprefix("一"), value)))
def test_ten_is_said_without_one_at_the_beginning(said: tuple[str, int]) -> None:
    assert whole_number(said[0]) == said[1] and said[0].startswith("十")


@given(st.integers(0, 10**9), st.sampled_from("零〇○"))
def test_digits_in_a_row_are_a_number_whatever_sign_nought_has(value: int, nought: str) -> None:
    row = "".join(DIGITS[int(digit)] for digit in str(value)).replace("零", nought)
    assert whole_number(row) == whole_number(str(value)) == value


@given(st.integers(0, 10**6), st.text("0123456789", min_size=1, max_size=4))
def test_a_fraction_is_said_behind_a_point(whole: int, fraction: str) -> None:
    said = f"{spelled(whole)}点{''.join(DIGITS[int(digit)] for digit in fraction)}"
    assert number(said) == number(f"{whole:,}.{fraction}") == Decimal(f"{whole}.{fraction}")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("百", 100),
        ("千", 1000),
        ("二十一", 21),
        ("两百", 200),
        ("一百一", 101),
        ("两千五", 2005),
        ("一百十", 110),
        ("三千二百", 3200),
        ("一百零五", 105),
        ("一千零四十七", 1047),
        ("一千万", 10**7),
        ("三亿五千万", 350_000_000),
        ("一万亿", 10**12),
        ("一万零五十亿", 1_005_000_000_000),
        ("两千一百九十三万", 21_930_000),
        ("二五", 25),
        ("零五", 5),
    ],
)
def test_short_and_long_forms_have_their_value(numeral: str, value: int) -> None:
    assert whole_number(numeral) == value


@pytest.mark.parametrize("text", ["", "万", "万三千", "几", "十几", "一1", "3千", "-5", "一点五", "第三"])
def test_what_is_not_a_numeral_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        whole_number(text)


@pytest.mark.parametrize("text", ["", "点五", "一点", "一点十", "1.2.3", "."])
def test_what_is_not_a_number_with_a_fraction_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        number(text)


@given(st.integers(1000, 9999), st.sampled_from("零〇○O"))
def test_a_year_becomes_digits_whatever_sign_nought_has(year: int, nought: str) -> None:
    said = "".join(DIGITS[int(digit)] for digit in str(year)).replace("零", nought)
    assert years_in_digits(f"自{said}年起") == digits(f"自{said}年起") == f"自{year}年起"


@given(st.integers(1, 12), st.integers(1, 31))
def test_months_and_days_become_digits(month: int, day: int) -> None:
    said = f"{_short(month)}月{_short(day)}日"
    assert days_in_digits(f"于{said}施行") == f"于{month}月{day}日施行"


@pytest.mark.parametrize("text", ["三十年", "二〇二一", "五年级", "三月", "OOOO年"])
def test_only_years_become_digits(text: str) -> None:
    assert years_in_digits(text) == text


def _short(value: int) -> str:
    return spelled(value).removeprefix("一") if 10 <= value < 20 else spelled(value)
