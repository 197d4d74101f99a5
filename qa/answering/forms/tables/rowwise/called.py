"""Which rows of a table a question calls by a name, by a part of one that no other row has, or by their group."""

import re
from collections.abc import Sequence

from corpus.text.normalise import normalise
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.naming.rows import row_of
from qa.answering.forms.tables.reading import NAMED_BY_FIRST, Row, bare
from qa.answering.question.words import has_han

_SEVERAL = re.compile("[、,，;；/]")
_NUMERALS = frozenset("一二三四五六七八九十0123456789")


def row_called(name: str, rows: Sequence[Row], *, apart_from: str) -> Row | None:
    """Return the one row that a question calls by a name, whole or by a part that no other row has; None without one.

    A part may stand in any of the first cells in words, also in brackets: 商店 of 非居民用水（商店、机关）.
    """
    own = [row for row in rows if not row.header]
    for place in naming_places(own):
        texts = [_text(row, place) for row in own]
        for ways in (_holds_whole, _holds_all):
            if len(told := [row for row, text in zip(own, texts, strict=True) if ways(text, name)]) == 1:
                return told[0]
    found = row_of(name, own, apart_from=apart_from)
    if found and not _may_be_another(name, found, own):
        return found
    for place in naming_places(own):
        texts = [_text(row, place) for row in own]
        told = [row for row, text in zip(own, texts, strict=True) if _own_parts(text, texts) & _parts(name, apart_from)]
        if told:
            return told[0] if len(told) == 1 else None
    return None


def _holds_whole(text: str, name: str) -> bool:
    """Return whether a cell is what a name says, but for the end of the name: 2022年 of 2022年门诊."""
    return len(text) > LEAST and name.startswith(text)


def _holds_all(text: str, name: str) -> bool:
    """Return whether a cell holds all characters of a name: 个体户登记 is 个体工商户登记, 电动床 is 护理床（电动）.

    A list of several does not: 骨伤、内科 is no 骨伤科.
    """
    return len(name) > LEAST and not _SEVERAL.search(text) and all(char in text for char in name)


def _may_be_another(name: str, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a name has only a part in common with a row's, which another row has in brackets: 电动."""
    start, end = shared(row.name, name)
    if row.name in name:
        return False
    part, others = name[start:end], [one for one in rows if one is not row]
    return any(part in _text(one, one.key) for one in others)


def of_the_group(question: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the one group that a question names, where a first column puts rows into groups; else all."""
    kept = [row for row in rows if not row.header]
    for place in naming_places(kept):
        values = list(dict.fromkeys(_text(row, place) for row in kept))
        if not 1 < len(values) < len(kept):
            continue
        named = [value for value in values if _is_named(value, values, question)]
        if len(named) == 1:
            kept = [row for row in kept if _text(row, place) == named[0]]
    return kept


def naming_places(rows: Sequence[Row]) -> list[int]:
    """Return the first columns whose cells are words and no figures alone, at most three."""
    least = min((len(row.cells) for row in rows), default=0)
    return [
        place
        for place in range(min(least, NAMED_BY_FIRST))
        if all(has_han(row.cells[place].text) and not _is_amount(row, place) for row in rows)
    ]


def _is_amount(row: Row, place: int) -> bool:
    figure = row.cells[place].figure
    return bool(figure) and figure is not None and figure.end - figure.start >= len(row.cells[place].text)


def _text(row: Row, place: int) -> str:
    return normalise(row.cells[place].text)


def _is_named(value: str, values: Sequence[str], question: str) -> bool:
    """Return whether a question names a group: 第三期 whole, 游泳 of 室内游泳馆."""
    if bare(value) in question and len(bare(value)) >= LEAST:
        return not any(value in other and other in question for other in values if other != value)
    numbered = any(char in _NUMERALS for char in value)
    return not numbered and bool(_own_parts(value, values) & _parts(question, ""))


def _own_parts(text: str, texts: Sequence[str]) -> set[str]:
    """Return the parts of a text that no other text has."""
    others = [other for other in texts if other != text]
    return {part for part in _parts(text, "") if not any(part in other for other in others)}


def _parts(text: str, apart_from: str) -> set[str]:
    parts = {text[place : place + LEAST] for place in range(len(text) - LEAST + 1)}
    return {part for part in parts if all(map(has_han, part)) and part not in apart_from}
