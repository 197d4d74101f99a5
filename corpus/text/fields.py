"""Labelled parts of a text: `办理时限：5个工作日`, `【流程】…`, `二、申请材料` with the lines below it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.document import Document, Span

_LONGEST_LABEL = 12
# Levels of labelled lines: a part ends at the next line of its own level or a higher one.
_LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(r"第[一二三四五六七八九十百\d]+章\s*")),
    (1, re.compile(r"第[一二三四五六七八九十百\d]+条\s*|[一二三四五六七八九十]+、\s*|#{1,6}\s+")),
    (2, re.compile(r"[（(][一二三四五六七八九十]+[）)]\s*")),
    (3, re.compile(r"\d{1,2}[.、．]\s*")),
    (4, re.compile(r"[（(]\d{1,2}[）)]\s*|[①-⑳]\s*")),
)
_BRACKETED, _PLAIN = 1, 5
_IN_BRACKETS = re.compile(rf"【([\u4e00-\u9fff、与和]{{2,{_LONGEST_LABEL}}})】")
_BEFORE_COLON = re.compile(rf"([\u4e00-\u9fff、（）()]{{2,{_LONGEST_LABEL}}})[：:]")
_ALONE = re.compile(rf"([\u4e00-\u9fff、]{{2,{_LONGEST_LABEL}}})\s*$")
_NEXT_ON_LINE = re.compile(rf"[；;。]\s*(?=[\u4e00-\u9fff]{{2,{_LONGEST_LABEL}}}[：:])")


@dataclass(frozen=True, slots=True)
class LabelledPart:
    """The words of a label, and what stands under it in the document's text; neither is empty.

    `plain` marks a line that begins with its label, without number or brackets.
    """

    label: Span
    text: Span
    plain: bool = False


@dataclass(frozen=True, slots=True)
class _Opening:
    """A labelled line: its level, its label, where its text begins, and where the line begins."""

    level: int
    label: Span
    text: int
    start: int


def labelled_parts(document: Document) -> list[LabelledPart]:
    """Return the labelled parts of a document in order; one may lie within another."""
    text = document.text
    found: list[LabelledPart] = []
    ends = [len(text)] * (_PLAIN + 1)  # where the next line of a level or a higher one begins
    for one in reversed(list(_openings(document))):
        end = ends[one.level]
        ends[one.level :] = [one.start] * (_PLAIN + 1 - one.level)
        part = Span(one.text, max(one.text, end)).trimmed(text)
        # The mark before the next label of the same line.
        if len(part) and end < len(text) and "\n" not in text[part.end : end]:
            part = Span(part.start, part.end - (text[part.end - 1] in "；;"))
        if len(one.label) and len(part):
            found.append(LabelledPart(one.label, part, one.level == _PLAIN))
    return found[::-1]


def _openings(document: Document) -> Iterator[_Opening]:
    """Yield the labelled lines, and headings without a label that we know, which end the part before them."""
    text = document.text
    headings = {heading.span.start for heading in document.headings}
    start = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip()
        level, offset = _PLAIN, len(body) - len(body.lstrip())
        for known, pattern in _LEVELS:
            if match := pattern.match(body, offset):
                level, offset = known, match.end()
                break
        if match := _IN_BRACKETS.match(body, offset):
            yield _opening(min(level, _BRACKETED), match, start)
        elif match := _BEFORE_COLON.match(body, offset):
            yield from _of_line(level, body, offset, start)
        elif level < _PLAIN and (match := _ALONE.match(body, offset)):
            yield _opening(level, match, start)
        elif (start in headings or start + offset in headings) and (match := _ALONE.match(body, offset)):
            yield _opening(_BRACKETED, match, start)
        elif level < _PLAIN or start in headings:
            yield _Opening(level if level < _PLAIN else _BRACKETED, Span(start, start), start + len(line), start)
        start += len(line)


def _of_line(level: int, body: str, offset: int, start: int) -> Iterator[_Opening]:
    """Yield the labels of one line; those after the first are plain."""
    places = [offset, *(match.end() for match in _NEXT_ON_LINE.finditer(body, offset))] if level == _PLAIN else [offset]
    for place in places:
        if match := _BEFORE_COLON.match(body, place):
            begins = start + (0 if place == offset else place)
            # A label with nothing behind it stands above the lines that follow, whatever their numbers.
            own = _BRACKETED if level == _PLAIN and not body[match.end() :].strip() else level
            yield _Opening(own, Span(start + match.start(1), start + match.end(1)), start + match.end(), begins)


def _opening(level: int, match: re.Match[str], start: int) -> _Opening:
    return _Opening(level, Span(start + match.start(1), start + match.end(1)), start + match.end(), start)
