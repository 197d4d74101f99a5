"""Days as official documents write them: 二〇二四年三月一日."""

import re
from datetime import date

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DIGITS = "〇一二三四五六七八九"
_VALUES = {**{digit: value for value, digit in enumerate(_DIGITS)}, "零": 0, "○": 0, "O": 0}
_YEAR = re.compile(f"[{_DIGITS}零○O]{{4}}(?=年)")
_TENS = re.compile(f"([一二三]?)十([{_DIGITS[1:]}]?)(?=[月日])")
_ONE = re.compile(f"[{_DIGITS}](?=[月日])")


def read_day(text: str) -> date | None:
    """The day that a text is, as 2024-03-01, 2024/3/1, 2024年3月1日 or 二〇二四年三月一日; None when it is none."""
    match = _DAY.fullmatch(with_digits(text.strip()))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def with_digits(text: str) -> str:
    """The text with the Chinese numerals of years, months and days as digits: 2024年3月1日."""
    text = _YEAR.sub(lambda match: "".join(str(_VALUES[digit]) for digit in match[0]), text)
    text = _TENS.sub(
        lambda match: f"{_VALUES[match[1]] if match[1] else 1}{_VALUES[match[2]] if match[2] else 0}", text
    )
    return _ONE.sub(lambda match: str(_VALUES[match[0]]), text)
