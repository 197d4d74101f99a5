"""The floor on which a directory lists what a question asks for: 3F 儿科、口腔科, or 儿科 further in below 3F."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import normalise
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding, Reading
from qa.answering.reply import MAX_QUOTE

_ASKED = re.compile(r"(?<![有共])(?:几|哪一?个?)(?:楼层?|层楼?)|第几层|什么楼层")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_FLOOR = re.compile(
    rf"[ \t\u3000]*(?P<floor>(?:地下|负)?(?:{_NUMERAL}|\d{{1,2}})(?:[FfＦ]|楼|层)|[BＢ]\d|[FＦ]\d{{1,2}}|"
    rf"第{_NUMERAL}层)(?=[\s\u3000：:、—-]|$)"
)
_LINE = re.compile(r"[^\n]+")
_BRACKETS = re.compile(r"[（(][^）)\n]*[）)]")
_BETWEEN = re.compile(r"[、，,;；：:。\s\u3000…．·—-]+")
_BUILDING = re.compile("[【〔\\[]")
_LONGEST = 160  # characters quoted with the building
_LEAST_FLOORS, _LEAST_NAME = 2, 2
_OF_THE_TITLE = 0.6  # share of what stands before the name in a question: the house, and not another one
# What stands between the house and the name.
_FILLER = re.compile("请问|我[想要]?|[想要]?[去找看到]|[的是里内]|挂号|办理?")


@dataclass(frozen=True, slots=True)
class _Entry:
    """Something that a directory lists: its name, the sign of its floor, its line, and where its building begins."""

    name: str
    floor: Span
    line: Span
    building: int

    @property
    def quote(self) -> Span:
        """The lines from the building to the entry, or from the floor where those are many."""
        whole = Span(self.building, self.line.end)
        return whole if len(whole) <= _LONGEST else Span(self.floor.start, self.line.end)


def floor_of(question: Question, documents: Sequence[Document]) -> Reading | None:
    """Return the floor of what a question asks for, as a directory of floors lists it.

    None where no directory of the house that the question names lists it, or where it stands on several floors.
    """
    asked = question.search
    for document in documents if _ASKED.search(asked) else ():
        entries = list(_entries(document.text))
        if len({entry.floor for entry in entries}) < _LEAST_FLOORS:
            continue
        title = normalise(document.title)
        told = [entry for entry in entries if _is_asked(asked, normalise(entry.name), title)]
        longest = max((len(entry.name) for entry in told), default=0)
        told = [entry for entry in told if len(entry.name) == longest]
        if told and len({entry.floor for entry in told}) == 1 and len(told[0].quote) <= MAX_QUOTE:
            path = headings_at(document, told[0].quote.start)
            return Reading((Finding(document, path, told[0].quote, told[0].floor),), 0.97)
    return None


def _is_asked(question: str, name: str, title: str) -> bool:
    """Return whether a question asks for a whole name in the house of a title: 市医院儿科, and not 小儿科."""
    before, found, _ = question.partition(name)
    before = _FILLER.sub("", before)
    house = [char for char in before if has_han(char)]
    near = house[-2:]
    within = sum(char in title for char in house)
    return bool(found) and all(char in title for char in near) and within >= _OF_THE_TITLE * len(house)


def _entries(text: str) -> Iterator[_Entry]:
    """Yield what a text lists behind the sign of a floor, or below it: further in, or up to a blank line."""
    lines = [Span(*match.span()) for match in _LINE.finditer(text)]
    floor, begins, inner, alone, end = Span(0, 0), 0, 0, False, 0  # of the last floor, how far in it stands
    building = -1, 0  # where its line begins, and how far in it stands
    for line in lines:
        words = line.of(text)
        sign, deep = _FLOOR.match(words), _depth(words)
        if sign:
            start, end_of_sign = sign.span("floor")
            floor, inner = Span(line.start + start, line.start + end_of_sign), deep
            alone = not words[end_of_sign:].strip()
            of_it = building[0] >= 0 and (deep > building[1] or bool(_BUILDING.match(text, building[0])))
            begins = building[0] if of_it else floor.start
            words = words[end_of_sign:]
        elif _BUILDING.match(words.strip()) or not _is_below(deep, inner, alone=alone and line.start - end == 1):
            floor, building = Span(0, 0), (line.start + len(words) - len(words.lstrip()), deep)
        if len(floor):
            for name in _names(words):
                yield _Entry(name, floor, line.trimmed(text), begins)
        end = line.end


def _is_below(deep: int, inner: int, *, alone: bool) -> bool:
    return deep > inner or (alone and deep == inner)


def _depth(words: str) -> int:
    blank = words[: len(words) - len(words.lstrip())]
    return len(blank) + blank.count("\u3000")


def _names(words: str) -> list[str]:
    parts = _BETWEEN.split(_BRACKETS.sub(" ", words))
    return [part for part in parts if len(part) >= _LEAST_NAME and has_han(part)]
