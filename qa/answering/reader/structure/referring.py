"""Answers of an FAQ that refer to another one of it: 同上一问，但是罚款为50元."""

import re
from collections.abc import Sequence

from corpus.document import Document, QuestionAnswer, Span
from corpus.text.faq import question_answers
from corpus.text.numerals import SIGN, whole_number
from qa.answering.reader.base import Finding, apart

_REFERS = re.compile(
    r"\s*(?:答\s*[：:])?\s*[（(]?请?(?:参见|参照|参考|详见|见|同|与|和)\s*"
    rf"(?:(?P<before>上一?[问题条]|前一?[问题条]|上面|上述|上(?=[，。；,;）)]|$))|(?:第|问题?)\s*(?P<number>{SIGN}{{1,4}})\s*(?:个?[问题]|$|[，。；,;）)]))"
)
_LABEL = re.compile(rf"{SIGN}{{1,4}}")
_LONGEST_CHAIN = 3


def with_referred(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings, followed by the answers of the FAQ that an answer among them refers to."""
    found = list(findings)
    for finding in findings:
        if _REFERS.match(finding.quote.of(finding.document.text)):
            found += _referred(finding)
    return apart(found)


def _referred(finding: Finding) -> list[Finding]:
    document = finding.document
    pairs = question_answers(document)
    at = next((number for number, pair in enumerate(pairs) if finding.quote.lies_in(pair.answer)), None)
    found: list[Finding] = []
    for _ in range(_LONGEST_CHAIN):
        at = _meant(document, pairs, at) if at is not None else None
        if at is None:
            break
        pair = pairs[at]
        asked = " ".join(pair.question.of(document.text).split())
        found.append(Finding(document, (*finding.headings[:-1], asked), pair.answer))
    return found


def _meant(document: Document, pairs: Sequence[QuestionAnswer], at: int) -> int | None:
    """Return the index of the pair that the answer of another one refers to; None if it refers to none."""
    match = _REFERS.match(pairs[at].answer.of(document.text))
    if not match:
        return None
    if match["before"]:
        return at - 1 if at else None
    number = whole_number(match["number"])
    labels = [_label(document.text, pair.question) for pair in pairs]
    numbered = [index for index, label in enumerate(labels) if label == number] if any(labels) else [number - 1]
    return numbered[0] if len(numbered) == 1 and 0 <= numbered[0] < len(pairs) and numbered[0] != at else None


def _label(text: str, question: Span) -> int | None:
    """Return the number before a question on its line."""
    before = text[text.rfind("\n", 0, question.start) + 1 : question.start]
    numerals = _LABEL.findall(before)
    try:
        return whole_number(numerals[-1]) if numerals else None
    except ValueError:
        return None
