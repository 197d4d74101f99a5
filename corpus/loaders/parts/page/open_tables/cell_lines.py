"""Lines of a cell: those that the width of the cell broke are one again, those that somebody ended stay apart."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from corpus.loaders.parts.layout.lines import HYPHEN
from corpus.loaders.parts.tables.grid import Cell, items_of, one_line
from corpus.loaders.parts.tables.kinds import FIGURES, kind
from corpus.text.cleaning import without_gaps

_NARROW, _SIGN = 0.54, 0.28  # widths, compared with that of a Chinese character
_SIGNS = frozenset(".,:;'!|il ")
_FULL_WIDTH = "\u2000"
_ROOM = 0.75  # of the type's size: how much more than the next word has to fit beside a line that somebody ended
_EXACT = 0.06  # of the type's size: how far widths may be wrong where a line is full to the last character
_ALIKE = 0.5  # points: how far places may differ that are one
_USUAL, _WIDEST = 0.55, 1.0  # of the type's size: the margins of a cell, where its lines do not show them
_LOOKED_AT, _LONGEST_END = 8, 40  # lines below one, characters above one, that tell whether they are one text
_SHORT = 3  # characters
_LEAST_SET, _OFTEN = 3, 0.3  # lines that begin or end at one place; their share of all
_RUN = r"[0-9A-Za-z.,:%‰/@_+~*()\-]"
_LAST_RUN, _FIRST_RUN = re.compile(rf"{_RUN}+$"), re.compile(rf"{_RUN}+")
_UNIT = re.compile(rf"[（《“‘「〔【(\[]*(?:{_RUN}+|.)(?:[”’](?:{_RUN}+|.)?|[，。、；：！？）》」〕】)\]％]+{_RUN}*)*")
_ADDRESS = re.compile(r"[@/_]|[A-Za-z]\.[A-Za-z]")
_SEPARATED = re.compile(r"[.,]")
_TWO_FIGURES = re.compile(r"\d \d")
_DIGIT = re.compile(r"\d")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SO_FAR = re.compile(r"\d{1,3}(?:,\d{3})*(?:,\d{1,3})?(?:\.\d+)?|\d+(?:\.\d+)?|(?:19|20)\d\d\.\d{1,2}\.\d{1,2}")
_NUMBER = re.compile(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}|\d{17}[\dXx]")  # of mobile telephones, others, identity cards
_MEASURED = re.compile(r"\d[\d.,]*([\u2e80-\uffee%].*)?")
_LAST_FIGURE, _FIRST_FIGURE = re.compile(r"\d[\d.,]*$"), re.compile(r"\d(?:[\d.,]*\d)?")


class CellLine(NamedTuple):
    """A line of a cell, and its place in points. `spaced` says that a blank is written at its end."""

    text: str
    left: float
    right: float
    size: float
    spaced: bool = False

    @property
    def width(self) -> float:
        return self.right - self.left


def cell_on_page(lines: Sequence[CellLine], sides: tuple[float, float], *, page: int) -> Cell:
    """Return the cell of lines that had the space between two `sides`, in points; `page` counts from 0."""
    parts = list(filter(None, (without_gaps(one_line(text)) for text in ended_lines(lines, sides))))
    text = "".join(parts[:1] + [f" {part}" if _are_apart(above, part) else part for above, part in pairwise(parts)])
    return Cell(text, page=page, items=items_of(parts, text))


def ended_lines(lines: Sequence[CellLine], sides: tuple[float, float]) -> list[str]:
    """Return the lines that somebody ended, each as one text, however many it takes between the sides of a cell."""
    found: list[list[str]] = []
    end = ""  # of the present text: whoever writes a file decides how long that is
    for number, (line, room) in enumerate(zip(lines, [0.0, *_rooms(lines, sides)], strict=False)):
        below = lines[number : number + _LOOKED_AT]
        above = lines[number - 1]
        if number and not above.spaced and _completes(end, below):
            found[-1] += ["", line.text]
        elif not number or _is_ended(above, line, room) or _have_one_unit(end, below):
            found.append([line.text])
            end = ""
        else:
            found[-1] += [_between(end, above, below, room), line.text]
        end = "".join([end, *found[-1][-2:]])[-_LONGEST_END:]
    return [_without_hyphens(parts) for parts in found]


def are_wrapped(cells: Sequence[tuple[Sequence[CellLine], tuple[float, float]]]) -> bool:
    """Return whether the lines of each cell, with its sides, are one text, not two figures: all are one row."""
    texts = [ended_lines(lines, sides) for lines, sides in cells if lines]
    return all(len(own) == 1 and not _TWO_FIGURES.search(own[0]) for own in texts)


def breaks_a_figure(lines: Sequence[CellLine]) -> bool:
    """Return whether a figure stands on two lines of which the first is none: 1,2 over 34.5."""
    return any(_is_no_figure(above.text, below.text) for above, below in pairwise(lines))


def _is_no_figure(above: str, below: str) -> bool:
    """Return whether the end of a text is no figure, and one with the beginning of the next."""
    part, figure = _LAST_FIGURE.search(above), _figure(above, below)
    return bool(part and not _FIGURE.fullmatch(part[0]) and _SO_FAR.fullmatch(figure))


def _completes(above: str, below: Sequence[CellLine]) -> bool:
    """Return whether the lines below a text make a figure of what is none, or a telephone or a card's number."""
    head = _LAST_RUN.search(above)
    if head is None or not (above[-1].isdigit() and below[0].text[:1].isdigit()):
        return False
    whole = head[0]
    for line in below:
        run = _FIRST_RUN.match(line.text)
        whole += run[0] if run else ""
        if _NUMBER.fullmatch(whole):
            return not _NUMBER.fullmatch(head[0])
        if run is None or run[0] != line.text:
            break
    return _is_no_figure(head[0], below[0].text)


def _rooms(lines: Sequence[CellLine], sides: tuple[float, float]) -> list[float]:
    """Return how much was free beside each line: at its right, and at its left where lines do not begin there."""
    gaps = [(line.left - sides[0], sides[1] - line.right) for line in lines]
    near = _ROOM * max((line.size for line in lines), default=0.0)
    in_the_middle = all(abs(left - right) <= near for left, right in gaps)
    at_the_right = all(right <= near < left for left, right in gaps)
    return [right + (left if in_the_middle or at_the_right else 0.0) for left, right in gaps]


def margin(gaps: Iterable[tuple[float, float, CellLine]]) -> float:
    """Return how far words stand from the sides of their cells; `gaps` are those of each line, left and right.

    Lines of several widths that begin, or end, at one place show it.
    """
    known = [(max(left, 0.0), max(right, 0.0), line) for left, right, line in gaps]
    if not known:
        return 0.0
    size = sorted(line.size for _, _, line in known)[len(known) // 2]
    at_left = _set_at([(left, line.width) for left, _, line in known], size)
    at_right = _set_at([(right, line.width) for _, right, line in known], size)
    shown = [gap for gap in (at_left, at_right) if gap is not None]
    return min(shown) if shown else min([_USUAL * size, *(min(left, right) for left, right, _ in known)])


def _set_at(gaps: Sequence[tuple[float, float]], size: float) -> float | None:
    """Return the smallest gap at which lines of several widths stand; None if there is none."""
    for gap in sorted({int(gap / _ALIKE) * _ALIKE for gap, _ in gaps if gap <= _WIDEST * size}):
        own = [(other, width) for other, width in gaps if 0 <= other - gap <= 2 * _ALIKE]
        widths = [width for _, width in own]
        if len(own) >= max(_LEAST_SET, _OFTEN * len(gaps)) and max(widths) - min(widths) > size:
            return min(other for other, _ in own)
    return None


def _share(text: str, line: CellLine) -> float:
    """Return about how wide the first words of a line are."""
    return line.width * _weight(text) / _weight(line.text)


def _weight(text: str) -> float:
    return sum(_NARROW if character < _FULL_WIDTH else 1.0 for character in text if character not in _SIGNS) + sum(
        _SIGN for character in text if character in _SIGNS
    )


def _is_ended(line: CellLine, below: CellLine, room: float) -> bool:
    """Return whether there was room beside a line for the first word below it."""
    unit = _UNIT.match(below.text)
    word = _share(unit[0], below) if unit else below.width
    return not line.text.endswith((HYPHEN, "-")) and word + _ROOM * below.size <= room


def _have_one_unit(above: str, below: Sequence[CellLine]) -> bool:
    """Return whether two figures of one unit stand below one another: 98.5万元 over 102.3万元, not 3年 over 6个月."""
    one = _MEASURED.fullmatch(above.replace(" ", ""))
    if one is None or not one[1]:
        return False
    text = "".join(line.text for line in below)
    other = _MEASURED.match(text.replace(" ", ""))
    return bool(other and (other[1] or "").startswith(one[1]))


def _between(above: str, line: CellLine, below: Sequence[CellLine], room: float) -> str:
    """Return what stands between a text and the line below it: a blank parts words, and figures that are not one."""
    text = below[0].text
    if not (above[-1:].isalnum() and text[:1].isalnum() and above[-1] < "\u2e80" and text[0] < "\u2e80"):
        return ""
    full = _share(text[0], below[0]) > room - _EXACT * line.size
    together = full and not line.spaced and _are_one(above, line.text, [one.text for one in below])
    return "" if together else " "


def _without_hyphens(parts: Sequence[str]) -> str:
    """Return texts as one, without the hyphens at which words were broken."""
    found: list[str] = []
    for part in filter(None, parts):
        if found and found[-1].endswith(HYPHEN):
            found[-1] = found[-1][:-1] + ("" if part[:1].islower() else "-")
        found.append(part)
    if found and found[-1].endswith(HYPHEN):
        found[-1] = found[-1][:-1] + "-"
    return "".join(found)


def _are_one(above: str, line: str, below: Sequence[str]) -> bool:
    """Return whether the end of a full line and the lines below it are one figure, telephone or address."""
    head, tail = _LAST_RUN.search(above), _FIRST_RUN.match(below[0])
    if head is None or tail is None:
        return False
    if not (above[-1].isdigit() and below[0][0].isdigit()):
        return bool(_ADDRESS.search(head[0]))
    runs = list(takewhile(_FIRST_RUN.fullmatch, below))
    if _repeats(head[0], tail[0]) or (runs and all(_shape(run) == _shape(line) for run in runs)):
        return False
    if len(runs) < 2 and len(head[0]) > _SHORT and _shape(head[0]) == _shape(tail[0]):
        return False
    figure = _figure(head[0], tail[0])
    return not _SEPARATED.search(figure) or bool(_SO_FAR.fullmatch(figure))


def _figure(head: str, tail: str) -> str:
    """Return the figure at the end of a text and the beginning of the next."""
    first, second = _LAST_FIGURE.search(head), _FIRST_FIGURE.match(tail)
    return first[0] + second[0] if first and second else ""


def _repeats(above: str, below: str) -> bool:
    """Return whether a second telephone begins as the first one: 0571-87120001 over 0571-."""
    return not below.isalnum() and len(below) > _SHORT and _shape(above).startswith(_shape(below))


def _shape(text: str) -> str:
    return _DIGIT.sub("0", text)


def _are_apart(text: str, below: str) -> bool:
    """Return whether a blank has to part two lines that somebody ended: two values, or words of letters."""
    if text[-1] < "\u2e80" and below[0] < "\u2e80" and text[-1].isalnum() and below[0].isalnum():
        return True
    return below[0].isdigit() and kind(text) in FIGURES and kind(below) in FIGURES
