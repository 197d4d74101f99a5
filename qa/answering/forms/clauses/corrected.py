"""Answers by a later message of the same text that corrects an earlier one: 改到3月8日，昨天的通知作废."""

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.document import Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal
from qa.answering.forms.asking import ASKS_FORMER, asks_yes_or_no
from qa.answering.reader.base import Finding, Reading

_LINE = re.compile(r"[^。！\n]+[。！]?")
_CORRECTS = re.compile(r"(?:推迟|延期|延后|延长|提前|调整|更正|变更|修改|改期|顺延|改)[到至为在成]\s*[：:]?\s*")
_ANNULS = re.compile("作废|为准|更正|勘误|改期")
# What an answer may be, and what stands for it in the correction.
_KINDS = (
    re.compile(r"\d{1,2}月\d{1,2}[日号]"),
    re.compile(r"\d{1,2}[:：]\d\d(?:\s*[-—–~～至到]+\s*\d{1,2}[:：]\d\d)?"),
)
_BEFORE = 12  # characters before a correction, which tell of what it is
_NEAR = 20  # characters up to the new value
_OF_ANYTHING = ("时间", "日期", "通知", "公告", "安排", "地点", "由于", "因为", "调整")
_HAN_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")


def as_corrected_below(question: Normal, reading: Reading) -> Reading:
    """Return a reading whose first answer, a day or a time, is the one that a later line of its text corrects it to.

    The later line has to say that the earlier one holds no more, or to name the earlier value, and to be of the same
    thing. Questions for what was planned first, and for yes or no, are left as they were read.
    """
    first = reading.findings[0] if reading.findings and not reading.contradictory else None
    if not first or not first.short or asks_yes_or_no(question) or ASKS_FORMER.search(question):
        return reading
    later = list(_corrections(first))
    return replace(reading, findings=(later[-1], *reading.findings[1:])) if later else reading


def _corrections(finding: Finding) -> Iterator[Finding]:
    """Yield what later lines of a finding's text put in place of its answer."""
    text = finding.document.text
    said = finding.short.of(text) if finding.short else ""
    kind = next((kind for kind in _KINDS if kind.match(said)), None)
    for line in _LINE.finditer(text, finding.quote.end) if kind else ():
        for marker in _CORRECTS.finditer(text, *line.span()):
            new = kind.search(text, marker.end(), min(line.end(), marker.end() + _NEAR)) if kind else None
            if new and new.group() != said and _is_of_it(finding, line, marker):
                quote = Span(*line.span()).trimmed(text)
                headings = headings_at(finding.document, quote.start)
                yield replace(finding, headings=headings, quote=quote, short=Span(*new.span()), verdict=None)


def _is_of_it(finding: Finding, line: re.Match[str], marker: re.Match[str]) -> bool:
    """Return whether a correction is of what a finding tells: it names the earlier value, or annuls what was told."""
    text = finding.document.text
    said = finding.short.of(text) if finding.short else ""
    before = text[line.start() : marker.start()]
    if said in before:
        return True
    told = before[-_BEFORE:]
    pairs = {told[place : place + 2] for place in range(len(told) - 1)} - set(_OF_ANYTHING)
    quote = finding.quote.of(text)
    return bool(_ANNULS.search(line.group())) and any(_HAN_PAIR.fullmatch(pair) and pair in quote for pair in pairs)
