"""The units that can be quoted from a passage: a sentence, a list with its opening sentence, an FAQ's whole answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Passage, QuestionAnswer, Span
from corpus.text.normalise import normalise
from index.search.terms import words
from qa.answering.question.analysis import Question
from qa.answering.reader.answer_type import fits
from qa.answering.reader.base import Finding, finding
from qa.answering.reply import MAX_QUOTE

_OPENS = re.compile(r"[：:]$")
_ITEM = re.compile(r"^\s*(?:[-•·●▪]|\d{1,2}[.、)）]|[（(][一二三四五六七八九十\d]+[）)])\s*")

# Characters. A longer answer is quoted in part, because a citizen would not find the point in it.
LONGEST = 400
_FIGURE = re.compile(r"\d[\d,.]*\s*(%|[万亿]?[\u4e00-\u9fff])|[一二两三四五六七八九十百]+(个?[年月天日]|个工作日)")
_EXPLAINS = re.compile(r"怎么|怎样|如何|为什么|为何|哪些|什么条件|什么材料|区别|变化|步骤|流程|咋")


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that are quoted together; `hit` is the index of their passage."""

    hit: int
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.passage.document.text)


def units(passages: Sequence[Passage]) -> list[Unit]:
    """Return the units of passages in order: each sentence, and each list with the sentence that opens it.

    A unit holds at most `MAX_QUOTE` characters; a longer sentence is split at its semicolons and commas. The question
    of an FAQ is not a unit.
    """
    found = []
    for number, passage in enumerate(passages):
        first = answer_start(passage)
        for span in [*passage.sentences, *_lists(passage)]:
            if span.end > first:
                span = Span(max(first, span.start), span.end)
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


def answer_start(passage: Passage) -> int:
    """Return the offset in the document from which the passage may answer: after the question of an FAQ."""
    return max(passage.span.start, passage.pair.answer.start) if passage.pair else passage.span.start


def whole_answer(passage: Passage, span: Span, question: Question) -> Finding | None:
    """Return the whole answer of the passage's FAQ; None if it has none or one longer than `LONGEST`."""
    pair = passage.pair
    if pair is None or not len(pair.answer) or len(pair.answer) > LONGEST:
        return None
    inside = pair.answer.start <= span.start and span.end <= pair.answer.end
    plain = "\n" not in span.of(passage.document.text)
    shown = inside and plain and not _misleads(passage.document.text, pair, span, question)
    return finding(passage, pair.answer, span if shown else None)


def _misleads(text: str, pair: QuestionAnswer, span: Span, question: Question) -> bool:
    """Return whether a part of the answer says less than was asked: to how or why, or one of several figures.

    It does not mislead a question that adds words of the FAQ's answer: that question chose the part.
    """
    asked, answer, short = pair.question.of(text), pair.answer.of(text), span.of(text)
    if fits(question.search, short) < 0 or _EXPLAINS.search(question.search):
        return True
    new = question.words - set(words(asked))
    copy = normalise(answer)
    if any(len(word) > 1 and word in copy for word in new):
        return False
    unit = _FIGURE.search(short)
    if unit is None:
        return False
    return len({match[0] for match in _FIGURE.finditer(answer) if _unit(match) == _unit(unit)}) > 1


def _unit(match: re.Match[str]) -> str:
    return match[1] or match[2] or ""
