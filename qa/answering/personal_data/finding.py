"""Finds the personal data in a text, masks it, and asks the citizen to remove it."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Span
from qa.answering.personal_data.matching_copy import CHINESE_DIGITS, copied
from qa.answering.personal_data.rules import RULES


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The kind of a personal number, and its span in the text."""

    kind: str
    span: Span


def find(text: str) -> list[PersonalData]:
    """Return the personal numbers and addresses of a text, from left to right; where several fit, the first rule's."""
    copy, offsets = copied(text)
    taken = bytearray(len(copy))
    spans: list[tuple[int, int, str]] = []
    # Chinese number words come second: 星期一13800138000 would otherwise be a number of twelve digits.
    for version in dict.fromkeys((copy, copy.translate(CHINESE_DIGITS))):
        for rule in RULES:
            for match in rule.pattern.finditer(version):
                start, end = match.start("n"), rule.holds(match)
                if end is not None and 1 not in taken[start:end]:
                    taken[start:end] = b"\1" * (end - start)
                    spans.append((start, end, rule.kind))
    found: list[PersonalData] = []
    for start, end, kind in sorted(spans):
        span = Span(offsets[start], offsets[end])
        if not found or found[-1].span.end <= span.start:
            found.append(PersonalData(kind, span))
    return found


def mask(text: str) -> str:
    """Return the text with every personal number replaced by its kind: 【手机号】."""
    parts, end = [], 0
    for data in find(text):
        parts += [text[end : data.span.start], f"【{data.kind}】"]
        end = data.span.end
    return "".join([*parts, text[end:]])


def request_to_remove(found: Sequence[PersonalData]) -> str:
    """Return the sentence that asks the citizen to remove them."""
    kinds = "、".join(dict.fromkeys(data.kind for data in found))
    return (
        f"您的问题里像是有{kinds}。为保护您的个人信息，这次没有查询，号码也没有保存。请删去号码后再问；"
        "姓名、住址等识别不出来，也请不要写。"
    )
