"""Chinese numerals as numbers: 一千零四十七 is 1047, 二〇二四 is 2024, 三万五千 is 35000, 一点五 is 1.5."""

import re
from collections.abc import Mapping
from decimal import Decimal

# 〇 is also written as a circle, and 2 has another word before a measure.
DIGITS: Mapping[str, int] = dict(zip("零一二三四五六七八九〇○两", (*range(10), 0, 0, 2), strict=True))
_UNITS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = (("亿", 10**8), ("万", 10**4))

# What stands behind digits and multiplies them: 3.5万, 12百万.
SCALES: Mapping[str, int] = {"": 1, **_UNITS, **dict(_MYRIADS), "十万": 10**5, "百万": 10**6, "万亿": 10**12}

# 廿三 is 二十三; 壹佰 is 一百, as in contracts.
_FORMAL = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))
_OTHERWISE = {"廿": "二十", "卅": "三十", "卌": "四十", **_FORMAL}
# A character in the numbers of articles, chapters and the like.
SIGN = r"[一二三四五六七八九十百千万零〇○两\d]"
# Behind 第, where no other word can stand, also these.
ORDINAL_SIGN = rf"{SIGN[:-1]}{''.join(_OTHERWISE)}]"

# Ways to write 〇 in years and single digits: circles are easier to type.
_ZEROS = "〇零○"
_YEAR = re.compile(rf"[一二三四五六七八九][{_ZEROS}Oo一二三四五六七八九]{{3}}(?=年)")
_DAY_OR_MONTH = re.compile(r"[一二三]?十[一二三四五六七八九]?(?=[月日])|[〇一二三四五六七八九](?=[月日])")


def whole_number(numeral: str) -> int:
    """Return the value of a Chinese or Arabic numeral without a fraction: 二十五, 25, 一〇四七. Raises ValueError."""
    numeral = "".join(_OTHERWISE.get(sign, sign) for sign in numeral)
    if numeral.isdecimal():
        return int(numeral)
    if numeral and all(sign in DIGITS for sign in numeral):
        return int("".join(str(DIGITS[sign]) for sign in numeral))
    for sign, scale in _MYRIADS:
        above, found, below = numeral.rpartition(sign)
        if found:
            return whole_number(above) * scale + (whole_number(below) if below else 0)
    return _below_myriad(numeral)


def number(numeral: str) -> Decimal:
    """Return the value of a Chinese or Arabic numeral: 三千二百, 一点五, 1,200.5. Raises ValueError."""
    arabic = numeral.replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d*)?", arabic):
        return Decimal(arabic)
    whole, point, fraction = numeral.partition("点")
    value = Decimal(whole_number(whole))
    if not point:
        return value
    if not fraction or not all(sign in DIGITS for sign in fraction):
        raise ValueError(f"{numeral} is not a numeral")
    return value + Decimal("0." + "".join(str(DIGITS[sign]) for sign in fraction))


def years_in_digits(text: str) -> str:
    """Return the text with the Chinese numerals of years in digits: 二〇二一年 → 2021年."""
    return _YEAR.sub(lambda match: "".join(str(DIGITS.get(sign, 0)) for sign in match[0]), text)


def days_in_digits(text: str) -> str:
    """Return the text with the Chinese numerals of months and days in digits: 三月二十一日 → 3月21日."""
    return _DAY_OR_MONTH.sub(lambda match: str(whole_number(match[0])), text)


def _below_myriad(numeral: str) -> int:
    if not numeral:
        raise ValueError("An empty text is not a numeral")
    total = digit = 0
    for sign in numeral:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            raise ValueError(f"{numeral} is not a numeral")
    return total + digit
