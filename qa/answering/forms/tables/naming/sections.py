"""Tables of one document that have the same columns, each under a name of its own: 上行 and 下行, 夏季 and 冬季."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Document
from corpus.text.normalise import normalise
from qa.answering.forms.tables.naming.names import LEAST
from qa.answering.forms.tables.reading import Row, bare, tables
from qa.answering.question.words import has_han

_LONGEST_NAME = 40
_FAR = 2 * _LONGEST_NAME  # characters above a table in which its name ends
_CELLS = re.compile("[；;]")
_SEASON = re.compile("(?<=[春夏秋冬])[季天日]")
_PLACE = r"[\u4e00-\u9fff]{2,10}"
# From where to where the rows of a table go.
_WAY = re.compile(rf"(?P<origin>{_PLACE}?)\s*(?:→|⇒|➔|-+>|=>|[—–-]+|至|到|开?往|返回?)\s*(?P<goal>{_PLACE})")
_GOES = re.compile(r"→|->|[到至往去回返]|开[往到]|[—–-]")
_TOWARDS = "[到至往去回返]"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the tables and its name; the names of the two places between which its rows go, empty without any."""

    name: str
    rows: tuple[Row, ...]
    way: tuple[str, str] = ("", "")


def sections_beside(document: Document, rows: Sequence[Row]) -> list[Section]:
    """Return the tables of a document that have the columns of these rows, these among them, in their order."""
    columns = _columns(rows)
    found = [other for other in tables(document) if _columns(other) == columns]
    return [_section(document, other) for other in found] if len(found) > 1 else []


def section_named(question: str, sections: Sequence[Section]) -> Section | None:
    """Return the one section whose way a question goes, or else of whose name alone it holds words; None without one.

    从乙镇回甲城 goes the way of 乙镇→甲城, which is called by the same words as 甲城→乙镇.
    """
    going = [one for one in sections if _goes(question, one.way)]
    if going:
        return going[0] if len(going) == 1 else None
    asked = _SEASON.sub("季", question)
    told = [one for one in sections if _names_alone(asked, one, sections)]
    return told[0] if len(told) == 1 else None


def _columns(rows: Sequence[Row]) -> list[str]:
    return [cell.column for cell in rows[0].cells]


def _section(document: Document, rows: tuple[Row, ...]) -> Section:
    start = rows[0].span.start
    line = document.text[max(0, start - _FAR) : start].rstrip().rpartition("\n")[2].strip()
    name = "" if len(line) > _LONGEST_NAME or _CELLS.search(line) else normalise(line)
    way = _WAY.search(bare(name).rpartition(":")[2])
    return Section(name, rows, (way["origin"], way["goal"]) if way else ("", ""))


def _goes(question: str, way: tuple[str, str]) -> bool:
    """Return whether a question goes from the origin of a way to its goal, or names its goal alone: 往甲城方向."""
    origin, goal = way
    start, end = (question.find(place) for place in way)
    if not goal or end < 0:
        return False
    if start >= 0:
        return start < end and bool(_GOES.search(question[start + len(origin) : end]))
    return bool(re.search(rf"{_TOWARDS}{re.escape(goal)}|{re.escape(goal)}方向", question))


def _names_alone(question: str, section: Section, sections: Sequence[Section]) -> bool:
    """Return whether a question holds words of a section's name that stand in the name of no other."""
    name = _SEASON.sub("季", section.name)
    others = [_SEASON.sub("季", one.name) for one in sections if one is not section]
    parts = {name[place : place + LEAST] for place in range(len(name) - LEAST + 1)}
    own = [part for part in parts if all(map(has_han, part)) and not any(part in other for other in others)]
    return any(part in question for part in own)
