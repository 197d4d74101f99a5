"""Answers what a word means by the sentence in which its document defines it: 本办法所称…，是指…."""

import re
from dataclasses import replace

from corpus.document import Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.reader.base import Reading

_DEFINES = re.compile(r"(?:所称的?|所说的|所指的?)[“”\"]?([^，。；“”\"\n]{2,20}?)[“”\"]?[，,]?(?:是指|指的是|系指|指)")
_SENTENCE = re.compile(r"[^。\n]*。?")
_MARKS = r"[“”\"'「」]?"


def defined(question: Normal, reading: Reading) -> Reading:
    """Return a reading for what a word means, with the definition in place of other words of the same document."""
    if not reading.findings or not re.search(r"指|什么是|什么叫|定义|界定", question):
        return reading
    first = reading.findings[0]
    text = first.document.text
    for match in _DEFINES.finditer(text):
        if not _asks(question, normalise(match[1])):
            continue
        start = max(text.rfind("\n", 0, match.start()), text.rfind("。", 0, match.start())) + 1
        end = _SENTENCE.match(text, match.start())
        quote = Span(start, end.end() if end else match.end()).trimmed(text)
        if first.quote.start <= match.start() < first.quote.end:
            return reading
        headings = headings_at(first.document, quote.start)
        found = replace(first, headings=headings, quote=quote, short=None, verdict=None)
        return replace(reading, findings=(found,), contradictory=False)
    return reading


def _asks(question: str, word: str) -> bool:
    """Return whether a question asks what a word means: “城区”是指哪里, 什么是城区."""
    named = rf"{_MARKS}{re.escape(word)}{_MARKS}"
    return bool(
        re.search(rf"{named}(?:具体|到底|究竟)?(?:是?指|怎么(?:定义|界定)|的定义)|什么(?:是|叫做?){named}", question)
    )
