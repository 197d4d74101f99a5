"""Which row and which column of a table a question names."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

import rjieba

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.tables.cases import falls_into
from qa.answering.forms.tables.reading import Row, bare
from qa.answering.question.words import has_han

LEAST = 2  # characters that a name and a question share
_LEAST_MORE = 0.5  # characters that few rows have, as the share of those without them
_LEAST_LIKE = 4  # characters of names that are like each other
_SIGNS = re.compile(r"[()\s]")
_BRACKETED = re.compile(r"\(([^()]+)\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(\d{1,2})月(\d{1,2})日")


def shared(name: str, question: str) -> tuple[int, int]:
    """Return where in a question the longest part of a name stands, `[start, end)`; (0, 0) where no part does."""
    for length in range(min(len(name), len(question)), 0, -1):
        for start in range(len(name) - length + 1):
            place = question.find(name[start : start + length])
            if place >= 0:
                return place, place + length
    return 0, 0


def column_named(question: str, row: Row, rows: Sequence[Row]) -> int | None:
    """Return the column that a question names, other than the one that names the rows; None unless it is one.

    What the question calls the row by is not read as the name of a column.
    """
    question, name = _joined(question), _joined(row.name)
    start, end = shared(name, question)
    rest = question[:start] + " " * (end - start) + question[end:] if end - start >= LEAST else question
    parts: dict[int, str] = {}
    columns = [_joined(cell.column) for cell in row.cells]
    for number, column in enumerate(columns[row.key + 1 :], start=row.key + 1):
        start, end = shared(column, rest)
        part = rest[start:end]
        # A piece of a number names nothing: 202 of 2021年 in 2026年.
        if (len(part) >= LEAST and (has_han(part) or _YEAR.fullmatch(part))) or part == column != "":
            parts[number] = part
    whole = [number for number, part in parts.items() if part == columns[number]]
    if len(whole) == 1:
        return whole[0]
    held = {number: (len(part), _held(columns[number], rest)) for number, part in parts.items()}
    best = max(parts, key=held.__getitem__, default=0)
    # What a shorter part names, the best column is called by as well: 每月 of 每月标准调整后. Of equal ones, the one
    # whose name the question holds more of is meant: 2024年11月以前 is of 2024年11月1日以前, not of 2024年11月1日起.
    rivals = [
        number
        for number, part in parts.items()
        if number != best
        and not _is_in(part, parts[best], columns[best])
        and not (part == parts[best] and held[number] < held[best])
    ]
    return best if best and not rivals else None


def _held(column: str, question: str) -> int:
    """Return how much of a column's name a question holds: characters in their order, and those beside each other."""
    blocks = SequenceMatcher(None, column, question, autojunk=False).get_matching_blocks()
    beside: set[int] = set()
    for place in range(len(column) - LEAST + 1):
        if column[place : place + LEAST] in question:
            beside.update(range(place, place + LEAST))
    return sum(block.size for block in blocks) + len(beside)


def _joined(text: str) -> str:
    """Return a copy without the 的 that a question puts between the words of a name: 2024年的计划投资."""
    return normalise(text).replace("的", "")


def _is_in(part: str, longer: str, column: str) -> bool:
    return len(part) < len(longer) and part in column


def rows_named(question: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose whole name stands in a question; a name within another counts only by itself."""
    begins = word_starts(question)

    def stands(name: str) -> bool:
        return len(name) >= LEAST and any(place in begins for place in _places(name, question))

    own = [row for row in rows if not row.header]
    if found := [row for row in own if stands(row.name)]:
        return [row for row in found if not any(row.name in other.name and row.name != other.name for other in found)]
    # 初三 of 2月19日（初三）, where no other row has it.
    beside = {number: set(_BRACKETED.findall(normalise(row.named_by.text))) for number, row in enumerate(own)}
    told = [own[number] for number, words in beside.items() if any(map(stands, words))]
    return told if len(told) == 1 else []


def named_in_another_word(question: str, row: Row) -> bool:
    """Return whether a row's name stands in a question only as the end of a longer word: 年卡 in 半年卡."""
    places = _places(row.name, question) if len(row.name) >= LEAST else []
    begins = word_starts(question)
    return bool(places) and not any(place in begins for place in places)


def named_like(question: str, row: Row) -> bool:
    """Return whether a question names something that a row's name is only like: 无痛肠镜 for 无痛胃镜, another day.

    What differs is one character of four at most, or the day of a date. A character of like sound is a slip: 仓诸.
    """
    if day := _DAY.fullmatch(row.name):
        asked = _DAY.findall(question)
        return bool(asked) and day.groups() not in asked
    # 骨灰寄存（小格） is no 骨灰寄存大格.
    whole = _SIGNS.sub("", normalise(row.named_by.text))
    return any(_is_like(name, question) for name in dict.fromkeys((row.name, whole)))


def _is_like(name: str, question: str) -> bool:
    if len(name) < _LEAST_LIKE or name in question:
        return False
    for place in range(len(question) - len(name) + 1):
        other = question[place : place + len(name)]
        differing = [(one, two) for one, two in zip(name, other, strict=True) if one != two]
        if len(differing) == 1 and name[0] == other[0] and all(map(has_han, differing[0])):
            return not _sounds_like(*differing[0])
    return False


def _sounds_like(one: str, other: str) -> bool:
    from pypinyin import Style, lazy_pinyin  # takes a moment, and is seldom needed

    finals = (lazy_pinyin(char, style=Style.FINALS) for char in (one, other))
    return next(finals) == next(finals)


def twin_of_the_column(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the row of the same name with other columns, one of which a question names more fully than this one's.

    A long row is told in several statements: 2024年度标准 in one, 2025年度标准 in the next.
    """
    own = _names_fully(question, row)
    others = [other for other in rows if other.name == row.name and not other.header and _goes_on(row, other)]
    better = [other for other in others if _names_fully(question, other) > own + 1]
    return better[0] if len(better) == 1 else None


def _goes_on(row: Row, other: Row) -> bool:
    """Return whether two rows of one name have no column in common besides those that name them."""
    first, second = ({cell.column: cell.text for cell in one.cells} for one in (row, other))
    return row is not other and all(first[column] == second[column] for column in first.keys() & second.keys())


def twin_named(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of the same name or group that a question holds words of, where the row found has none.

    Of 老人 with 本市户籍 and with 外地户籍 it is the second that a question of 外地 asks for.
    """
    group = [cell.text for cell in row.cells[: row.key]] or [row.name]
    beside = [one for one in rows if not one.header and one is not row and not _goes_on(row, one)]
    twins = [one for one in beside if ([cell.text for cell in one.cells[: one.key]] or [one.name]) == group]
    told = [twin for twin in twins if _tells(question, twin, row)]
    if len(told) > 1:
        told = [twin for twin in told if falls_into(question, twin.named_by.text)]
    return told[0] if len(told) == 1 and not any(_tells(question, row, twin) for twin in twins) else None


def told_more(question: Normal, row: Row, rows: Sequence[Row], *, above: str) -> Row | None:
    """Return the one row of which a question says all that it says of the row found, and more; None without one.

    What stands in the names of the columns or `above` the table tells no row. A single character counts beside a longer
    part of the name: 小告别厅 is 告别厅（小厅）.
    """
    own = [one for one in rows if not one.header and (one is row or not _goes_on(row, one))]
    known = normalise(above) + " ".join(normalise(cell.column) for cell in row.cells)
    names = {id(one): _key_of(one) for one in own}
    told = {id(one): _told_places(question, names[id(one)], known) for one in own}
    # An abbreviation of the row's own name tells it: 低保 is 最低生活保障.
    of_row = told[id(row)] | {
        place
        for start in range(len(question) - LEAST + 1)
        if _holds_in_order(names[id(row)], question[start : start + LEAST])
        for place in range(start, start + LEAST)
    }

    def weight(one: Row) -> float:
        more = {question[place] for place in told[id(one)] - of_row}
        return sum(1 - sum(char in name for name in names.values()) / len(own) for char in more)

    others = [one for one in own if of_row < told[id(one)] and weight(one) >= (_LEAST_MORE if of_row else 1.0)]
    most = max((len(told[id(one)]) for one in others), default=0)
    best = [one for one in others if len(told[id(one)]) == most]
    return best[0] if len(best) == 1 else None


def _holds_in_order(name: str, part: str) -> bool:
    chars = iter(name)
    return has_han(part) and all(char in chars for char in part)


def _key_of(row: Row) -> str:
    return normalise(" ".join(cell.text for cell in row.cells[: row.key + 1]))


def _told_places(question: str, name: str, known: str) -> set[int]:
    """Return the places of a question at which it holds parts of a name that are not known anyway."""
    found: set[int] = set()
    for place in range(len(question) - LEAST + 1):
        part = question[place : place + LEAST]
        if part in name and part not in known and has_han(part):
            found.update(range(place, place + LEAST))
    beside = {place + step for place in found for step in (-1, 1)} - found
    return found | {place for place in beside if 0 <= place < len(question) and question[place] in name}


def _tells(question: str, row: Row, other: Row) -> bool:
    """Return whether a question holds words of a row's name or, where both are called alike, of another cell."""
    return holds_own(question, row, other, range(row.key, row.key + 1) if row.key else range(1, len(row.cells)))


def holds_own(question: str, row: Row, other: Row, places: Iterable[int]) -> bool:
    """Return whether a question holds words of a row's cells that the same cell of another row has not."""
    for place in places:
        text = normalise(row.cells[place].text)
        beside = normalise(other.cells[place].text) if place < len(other.cells) else ""
        for start in range(len(text) - LEAST + 1):
            part = text[start : start + LEAST]
            if has_han(part) and part in question and part not in beside:
                return True
    return False


def _names_fully(question: str, row: Row) -> int:
    """Return how many characters together of a question the name of a column has at most, besides the row's name."""
    rest = _joined(question).replace(row.name, " ")
    ends = (shared(_joined(cell.column), rest) for cell in row.cells[row.key + 1 :])
    return max((end - start for start, end in ends), default=0)


def row_of(name: str, rows: Sequence[Row], *, apart_from: str) -> Row | None:
    """Return the row that a question calls by a name; None unless one row fits better than all others.

    What the name has in common with another one does not count.
    """
    ranked = []
    for row in rows:
        start, end = shared(row.name, name)
        whole = len(row.name) >= LEAST and (row.name in name or name in row.name)
        if not row.header and (whole or (end - start >= LEAST and name[start:end] not in apart_from)):
            ranked.append((whole, end - start, row))
    ranked.sort(key=lambda one: one[:2], reverse=True)
    return ranked[0][2] if ranked and (len(ranked) == 1 or ranked[0][:2] != ranked[1][:2]) else None


def distinguishes(question: str, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question holds anything that tells a row from the others of its table."""
    others = [other for other in rows if other is not row and not other.header]
    own = {char for char in row.name if char.isalnum() and not all(char in other.name for other in others)}
    if any(char in question for char in own):
        return True
    return any(end - start >= LEAST for cell in row.cells for start, end in [shared(bare(cell.text), question)])


def tells_from_twins(question: str, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question holds what tells a row from others of the same name: 宁川（高速）.

    What tells of the same row in other columns is none of them.
    """
    twins = [other for other in rows if other is not row and not other.header and other.name == row.name]
    twins = [twin for twin in twins if not _goes_on(row, twin)]
    parts = []
    for place, cell in enumerate(row.cells):
        text = normalise(cell.text)
        start, end = shared(text.replace(row.name, "") if place == row.key else text, question)
        if end - start >= LEAST:
            parts.append((place, question[start:end]))
    own = _told_places(question, _key_of(row), "")
    return all(
        any(not _holds(twin, place, part) for place, part in parts) or own > _told_places(question, _key_of(twin), "")
        for twin in twins
    )


def _holds(row: Row, place: int, part: str) -> bool:
    return place < len(row.cells) and part in normalise(row.cells[place].text)


def word_starts(question: str) -> set[int]:
    """Return the offsets at which the words of a question begin."""
    found, place = set(), 0
    # Without guesses at unknown words: 办年|卡要 is none.
    for word in rjieba.cut(question, False):
        found.add(place)
        place += len(word)
    return found


def _places(name: str, question: str) -> list[int]:
    return [place for place in range(len(question)) if question.startswith(name, place)]
