"""The day until when something is to be done, where a quotation names other days besides."""

import re
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal
from qa.answering.reader.base import Finding

_UNTIL_ASKED = re.compile(
    r"截止|截至|最[晚迟后].{0,4}(?:什么时候|何时|[哪几]天|几号|几点|时间|日期)|(?:什么时候|何时|哪天|几号|几点)(?:之|以)?前"
)
_DAY_WORDS = r"(?:(?:20\d\d|今|明)年)?\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬|底|末|初)(?:\d{1,2}(?:[:：]\d\d|[时点]))?"
_DAY = re.compile(_DAY_WORDS)
_DEADLINE = re.compile(
    rf"(?:截止(?:时间|日期)?(?:[：:为到至]|是)?|截至)(?P<day>{_DAY_WORDS})|(?P<until>{_DAY_WORDS})(?=(?:之|以)?前|止|截止|为止)"
)


def until_when(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding with the one deadline of its quotation, where its answer is another day; None otherwise."""
    short, text = finding.short, finding.document.text
    if not short or not _UNTIL_ASKED.search(question) or not _DAY.search(text, short.start, short.end):
        return None
    deadlines = _DEADLINE.finditer(text, finding.quote.start, finding.quote.end)
    found = [Span(*match.span("day" if match["day"] else "until")) for match in deadlines]
    if len(found) != 1 or short.overlaps(found[0]):
        return None
    return replace(finding, short=found[0])
