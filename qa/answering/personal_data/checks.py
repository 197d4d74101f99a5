"""Decides whether digits of the right form are a personal number: check digits, dates, the words around them.

Each check returns where the match ends, or None when it is something else.
"""

import re
from datetime import date

from qa.answering.personal_data.surroundings import (
    AMOUNT,
    CALL,
    COORDINATE,
    LARGE_UNIT,
    UNIT,
    digits_in,
    is_code,
    of_an_office,
    words_after,
    words_before,
)

_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
_REGIONS = frozenset(_PROVINCES.split())
# GB 11643-1999: the weights of the first 17 digits modulo 11, and the check character for each remainder.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"


def is_identity_card(match: re.Match[str]) -> int | None:
    """Require a birthday, and the check digit or a region. The region forgives one mistyped digit."""
    digits = digits_in(match)
    if not _is_day(digits[6:14]):
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    checked = digits[17] == _CHECKS[total % 11]
    return match.end("n") if checked or (digits[:2] in _REGIONS and not is_code(match)) else None


def is_old_identity_card(match: re.Match[str]) -> int | None:
    """Accept the form of 15 digits, which has no check digit and two digits for the year."""
    digits = digits_in(match)
    known = digits[:2] in _REGIONS and _is_day(f"19{digits[6:12]}")
    return match.end("n") if known and not is_code(match) and not UNIT.match(words_after(match, 4)) else None


def _is_day(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year < 2100
    except ValueError:
        return False


def is_bank_card(match: re.Match[str]) -> int | None:
    """Apply the Luhn check (ISO/IEC 7812) to whole groups, the longest first: an amount may follow."""
    if is_code(match) or UNIT.match(words_after(match, 4)):
        return None
    groups = list(re.finditer("[0-9]+", match["n"]))
    for last in range(len(groups), 0, -1):
        number = "".join(group[0] for group in groups[:last])
        if len(number) < 13:
            return None
        sizes = [len(group[0]) for group in groups[:last]]
        # Groups of three are those of a large number.
        together = last == 1 or last == len(number) or (min(sizes[:-1]) >= 3 and set(sizes[1:]) != {3})
        if together and _luhn(number) and not _is_credit_code(number):
            return match.start("n") + groups[last - 1].end()
    return None


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_credit_code(digits: str) -> bool:
    """Return whether it is an organisation's 统一社会信用代码 that is all digits (check digit of GB 32100-2015)."""
    if len(digits) != 18 or digits[0] not in "159" or digits[1] not in "1239":
        return False
    total = sum(int(digit) * pow(3, place, 31) for place, digit in enumerate(digits[:17]))
    return (31 - total % 31) % 31 == int(digits[17])


def is_mobile(match: re.Match[str]) -> int | None:
    if is_code(match) or COORDINATE.search(words_before(match, 6)):
        return None
    after, called = words_after(match, 12), bool(CALL.search(words_before(match, 8)))
    if not called and (LARGE_UNIT.match(after) or (UNIT.match(after) and _is_amount(match))):
        return None
    written = match["m"]
    sizes = tuple(len(group) for group in re.findall("[0-9]+", written))
    if sizes == (2, 3, 3, 3) or (re.search(r"[./_,~]", written) and sizes not in _USUAL):
        return None
    first = re.match(r"19[0-9]{2}(?![0-9])[^0-9]+([0-9]+)", written)
    # 1949 1950 197 and 1998-08-12 345 are years and days.
    if first and not called and (len(first[1]) <= 2 or first[1][:2] in ("19", "20")):
        return None
    return match.end("n")


_USUAL = {(3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (1,) * 11}


def _is_amount(match: re.Match[str]) -> bool:
    """Return whether a number with a unit is an amount: a round one, or one in a sentence about amounts."""
    return bool(
        digits_in(match).endswith("0000")
        or AMOUNT.search(words_before(match, 12))
        or AMOUNT.search(words_after(match, 8))
        or not re.match(r" ?元", words_after(match, 3))
    )


def is_landline(match: re.Match[str]) -> int | None:
    office = of_an_office(match) or is_code(match) or UNIT.match(words_after(match, 4))
    return None if office else match.end("n")


def is_labelled(match: re.Match[str]) -> int | None:
    """Accept any number of the form after a label, unless it is an amount or a date."""
    digits = digits_in(match)
    day = len(digits) == 8 and digits[:2] in ("19", "20") and _is_day(digits)
    return None if day or UNIT.match(words_after(match, 4)) else match.end("n")


def is_account(match: re.Match[str]) -> int | None:
    return None if of_an_office(match) or is_code(match) else is_labelled(match)


def is_bare(match: re.Match[str]) -> int | None:
    return None if is_code(match) else match.end("n")


def is_plate(match: re.Match[str]) -> int | None:
    return match.end("n") if re.search("[0-9]", match["n"]) else None


def is_published_or(match: re.Match[str]) -> int | None:
    return None if of_an_office(match) else match.end("n")


_GENERIC = {"WECHAT", "WEIXIN", "OFFICIAL", "WINDOWS", "ANDROID"}


def is_name(match: re.Match[str]) -> int | None:
    """Accept a WeChat name after a label when it holds a figure, or when the label says that a name follows."""
    said = re.search(r"[0-9_\-]", match["n"]) or re.search(r"号|:|是|=|加|为|我|ID", match["label"])
    known = said and match["n"] not in _GENERIC and not of_an_office(match)
    return match.end("n") if known else None
