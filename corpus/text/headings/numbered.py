"""Numbered headings, as official documents have them: 第一章 总则, 一、依据, 第三条."""

import re

from corpus.document import Heading, Span
from corpus.text.articles import LABEL, labelled
from corpus.text.headings.lines import Line
from corpus.text.numerals import ORDINAL_SIGN

_NUMERAL = rf"{ORDINAL_SIGN}+"
ARTICLE = rf"第{_NUMERAL}条(?:之[一二三四五六七八九十\d]+)?"
# Levels of numbered headings, as official documents use them (GB/T 9704: 一、（一）1. （1）).
_NUMBERED: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第{_NUMERAL}[编篇部]分?(?=\s|$)")),
    (2, re.compile(rf"第{_NUMERAL}章(?=\s|$)")),
    (3, re.compile(rf"第{_NUMERAL}节(?=\s|$)")),
    (4, re.compile(rf"{ARTICLE}(?=\s|$|[：:])")),
    (5, re.compile(r"[一二三四五六七八九十]+、")),
    (6, re.compile(r"[（(][一二三四五六七八九十]+[）)]")),
)
_FIGURED = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?:[.．、]|\s)\s*\D")
_ARTICLE_LEVEL = 4
_GOES_ON = re.compile(r"[的、，,；;。和及至或所之第（(]|规定|中|以及|到|与")  # a sentence that cites an article
MAX_LENGTH = 40
UNNUMBERED = 7  # below every numbered level; consecutive headings without text between lie deeper
ENDS_A_SENTENCE = re.compile(r"[。！？!?；;：:，,、…）)”’」』.]$")


def is_numbered(text: str) -> bool:
    """Return whether words are those of a numbered heading, as 第一章 总则, 一、依据, 1.1 范围."""
    return bool(numbered(Line(Span(0, len(text)), text)) or _FIGURED.match(text))


def numbered(line: Line) -> Heading | None:
    """Return the numbered heading that a line is, or the label that it begins with; None without a number."""
    for level, pattern in _NUMBERED:
        if match := pattern.match(line.text):
            if len(line.text) <= MAX_LENGTH and not ENDS_A_SENTENCE.search(line.text):
                return Heading(level, line.span)
            if level <= 4:  # 第三条 办理……。: the label is the heading, the rest is text
                return Heading(level, Span(line.span.start, line.span.start + match.end()))
    return None


def next_article(line: Line, last: int) -> Heading | None:
    """Return an article's label without a space after it, if its number is the next: 第四条办理……。 Else None."""
    match = LABEL.match(line.text)
    if match and labelled(match)[0] == last + 1 and not _GOES_ON.match(line.text, match.end()):
        return Heading(_ARTICLE_LEVEL, Span(line.span.start, line.span.start + match.end()))
    return None
