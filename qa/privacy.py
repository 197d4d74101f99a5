"""Personal data in what citizens type: identity card, bank card and mobile numbers, told by their check digits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.document import Span

IDENTITY_CARD, BANK_CARD, MOBILE = "身份证号", "银行卡号", "手机号"

_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "x", ord("－"): "-"}
# A digit, with at most one space or hyphen before the next.
_DIGIT = r"[ \-]?\d"
_IDENTITY = re.compile(rf"(?<![\dA-Za-z])\d(?:{_DIGIT}){{16}}[ \-]?[\dXx](?![\dA-Za-z])")
_CARD = re.compile(rf"(?<![\dA-Za-z])[3-69](?:{_DIGIT}){{12,18}}(?![\dA-Za-z])")
_PHONE = re.compile(rf"(?<![\dA-Za-z])(?:\+?86[ \-]?)?1[ \-]?[3-9](?:{_DIGIT}){{9}}(?![\dA-Za-z])(?!\s*[万亿元吨])")
# GB 11643-1999: the weights of the first 17 digits modulo 11, and the check character for each remainder.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What kind of number stands where in a text."""

    kind: str
    span: Span


def find(text: str) -> list[PersonalData]:
    """The personal numbers of a text, from left to right; where two kinds fit, the identity card counts."""
    copy = text.translate(_FULL_WIDTH)  # one character for one, so that offsets hold
    found: list[PersonalData] = []
    for data in _candidates(copy):
        if all(data.span.end <= other.span.start or other.span.end <= data.span.start for other in found):
            found.append(data)
    return sorted(found, key=lambda data: data.span)


def mask(text: str) -> str:
    """The text with every personal number replaced by its kind: 【手机号】."""
    for data in reversed(find(text)):
        text = f"{text[: data.span.start]}【{data.kind}】{text[data.span.end :]}"
    return text


def request_to_remove(found: Sequence[PersonalData]) -> str:
    """The sentence that asks for a question without them."""
    kinds = "、".join(dict.fromkeys(data.kind for data in found))
    return f"您的问题里像是有{kinds}。为保护您的个人信息，这次没有查询，号码也没有保存。请删去号码后再问。"


def _candidates(copy: str) -> Iterator[PersonalData]:
    for kind, pattern, holds in (
        (IDENTITY_CARD, _IDENTITY, _is_identity_card),
        (BANK_CARD, _CARD, _is_bank_card),
        (MOBILE, _PHONE, lambda digits: True),
    ):
        for match in pattern.finditer(copy):
            if holds(re.sub(r"[ \-]", "", match.group()).upper()):
                yield PersonalData(kind, Span(*match.span()))


def _is_identity_card(digits: str) -> bool:
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    return born.year >= 1850 and digits[17] == _CHECKS[total % 11]


def _is_bank_card(digits: str) -> bool:
    """The Luhn check of ISO/IEC 7812."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
