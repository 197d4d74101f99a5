"""What can be quoted from a passage: a sentence, or the sentence that opens a list together with the list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Passage, Span
from qa.answering.reply import MAX_QUOTE

_OPENS = re.compile(r"[：:]$")
_ITEM = re.compile(r"^\s*(?:[-•·●▪]|\d{1,2}[.、)）]|[（(][一二三四五六七八九十\d]+[）)])\s*")


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that are quoted together; `hit` is the number of the passage they come from."""

    hit: int
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.passage.document.text)


def units(passages: Sequence[Passage]) -> list[Unit]:
    """The units of passages in order: each sentence, and each list with the sentence that opens it.

    A unit holds at most `MAX_QUOTE` characters; a longer sentence gives its clauses between semicolons.
    """
    found = []
    for number, passage in enumerate(passages):
        for span in [*passage.sentences, *_lists(passage)]:
            found += [Unit(number, passage, part) for part in _within_limit(passage.document.text, span)]
    return found


def _lists(passage: Passage) -> list[Span]:
    text, sentences = passage.document.text, passage.sentences
    lists = []
    for number, opening in enumerate(sentences):
        if not _OPENS.search(opening.of(text)):
            continue
        end = opening.end
        for sentence in sentences[number + 1 :]:
            goes_on = "\n" not in text[end : sentence.start] and end > opening.end  # an item of several sentences
            if not (goes_on or _ITEM.match(sentence.of(text))) or sentence.end - opening.start > MAX_QUOTE:
                break
            end = sentence.end
        if end > opening.end:
            lists.append(Span(opening.start, end))
    return lists


def _within_limit(text: str, span: Span) -> list[Span]:
    if len(span) <= MAX_QUOTE:
        return [span]
    parts: list[Span] = []
    start = span.start
    while span.end - start > MAX_QUOTE:
        end = start + MAX_QUOTE
        for mark in "；;，,、":
            if (place := text.rfind(mark, start + 1, end)) > start:
                end = place + 1
                break
        parts.append(Span(start, end))
        start = end
    return [*parts, Span(start, span.end)] if start < span.end else parts
