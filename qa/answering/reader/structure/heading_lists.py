"""Lists whose number is announced, by a heading above headings or by a sentence above items: 三个变化, 两张牌."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Document, Heading, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import normalise
from corpus.text.numerals import SIGN, whole_number
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from qa.answering.reply import MAX_QUOTE

_NUMERALS = "一二两三四五六七八九十"
_COUNTED = re.compile(rf"([{_NUMERALS}])([个张项大条种方面类步点]{{1,2}})([\u4e00-\u9fff]{{1,4}})")
# 第三个变化是什么, not 第三类医疗器械备案要什么材料: nothing but the thing is asked for.
_ONE = re.compile(
    rf"第({SIGN}+)[个张项大条种方面类步点]{{1,2}}([\u4e00-\u9fff]{{1,4}}?)(?:是|指|叫|为)*(?:什么|啥子?|哪[个一种项]*)[？?呢呀啊嘛]*$"
)
_ASKED = re.compile(r"什么|哪|分别|内容|包括|有啥|是啥|指|\?|？|what|which")
_ITEM = re.compile(r"\s*(?:[-•·●▪]|\d{1,2}[.、)）]|[（(][一二三四五六七八九十\d]+[）)])")
_SENTENCE_END = re.compile(r"[。；]")
# 第三个里头搞了啥 asks what one of them holds.
_WITHIN_ONE = re.compile(rf"第(?:[{_NUMERALS}]|\d)[个张项大条种方面类步点]{{0,2}}[\u4e00-\u9fff]{{0,4}}(?:里|中|内)")


def announced_list(question: Question, documents: Sequence[Document]) -> Reading | None:
    """Return the headings below a counted heading when the question asks for that count of that thing, or for one."""
    asked = question.search
    one = _ONE.search(asked)
    if not _ASKED.search(asked) or _WITHIN_ONE.search(asked):
        return None
    for document in documents:
        for number, heading in enumerate(document.headings):
            for count, thing in _counts(heading.span.of(document.text)):
                if not (one[2].startswith(thing[:2]) if one else _asks_for(asked, count, thing)):
                    continue
                below = list(_below(document.headings, number))
                if len(below) == count or (len(below) > count and not _repeated(document, heading, thing)):
                    below = below[:count]
                    if one:
                        place = whole_number(one[1])
                        below = below[max(0, place - 1) : place]
                    path = (heading.span.of(document.text),)
                    findings = [
                        Finding(document, path, _first_line(document, h.span), _first_line(document, h.span))
                        for h in below
                    ]
                    return Reading(tuple(findings), 0.97) if findings else None
    return None


def counted_items(question: Question, documents: Sequence[Document]) -> Reading | None:
    """Return the list whose opening sentence counts what a question asks for: 哪两项行动, of 开展两项行动：.

    None for several such lists, or where half of the question's other words are not said of it.
    """
    asked = question.search
    if not _ASKED.search(asked) or _WITHIN_ONE.search(asked) or _ONE.search(asked):
        return None
    found = [
        (document, span)
        for document in documents
        for opening, items, span in _item_lists(document.text)
        if any(count == items and _asks_for(asked, count, thing[:2]) for count, thing in _counts(opening))
    ]
    if len(found) != 1 or len(found[0][1]) > MAX_QUOTE:
        return None
    (document, span), text = found[0], found[0][0].text
    path = headings_at(document, span.start)
    said = normalise("\n".join([document.title, *path, span.of(text)]))
    words = [word for word in question.words if not _ASKED.search(word)]
    if 2 * sum(len(word) for word in words if word in said) < sum(map(len, words)):
        return None
    return Reading((Finding(document, path, span),), 0.97)


def _item_lists(text: str) -> Iterator[tuple[str, int, Span]]:
    """Yield the sentence that opens a list, the number of its items, and the span of both."""
    opening, items, start, end = "", 0, 0, 0
    place = 0
    for line in [*text.splitlines(keepends=True), ""]:
        if opening and _ITEM.match(line):
            items, end = items + 1, place + len(line)
        elif line.strip() or not line:
            if items:
                yield opening, items, Span(start, end).trimmed(text)
            opened = line.rstrip()
            opening, items = "", 0
            if opened.endswith(("：", ":")):
                opening = _SENTENCE_END.split(opened)[-1]
                start = place + len(opened) - len(opening)
        place += len(line)


def _counts(heading: str) -> Iterator[tuple[int, str]]:
    for match in _COUNTED.finditer(heading):
        count = whole_number(match.group(1))
        if count >= 2:
            yield count, match.group(3)


def _asks_for(asked: str, count: int, thing: str) -> bool:
    numerals = {numeral for numeral in _NUMERALS if whole_number(numeral) == count} | {str(count)}
    # The counted thing may run on into the next word of the heading, so its first characters decide.
    names = {thing[:length] for length in (1, 2) if length <= len(thing)}
    return any(
        re.search(rf"(?:(?<!第)[{''.join(numerals)}]|哪几|几)[个张项大条种类步点方面]{{0,2}}{re.escape(name)}", asked)
        for name in names
    ) and any(name in asked for name in names)


def _repeated(document: Document, heading: Heading, thing: str) -> bool:
    """Return whether another heading counts the same thing, because the list then stands there."""
    others = (other.span.of(document.text) for other in document.headings if other != heading)
    return any(thing in counted for other in others for _, counted in _counts(other))


def _below(headings: Sequence[Heading], number: int) -> Iterator[Heading]:
    """Yield the headings one level below, to the end of the section."""
    level: int | None = None
    for heading in headings[number + 1 :]:
        if heading.level <= headings[number].level:
            return
        if level is None:
            level = heading.level
        if heading.level == level:
            yield heading


def _first_line(document: Document, span: Span) -> Span:
    end = document.text.find("\n", span.start, span.end)
    return span if end < 0 else Span(span.start, end)
