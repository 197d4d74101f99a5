"""Which row of a table a question names."""

import re
from collections.abc import Iterable, Sequence

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.clauses.cases import falls_into
from qa.answering.forms.tables.naming.names import (
    LEAST,
    abbreviated_places,
    is_like,
    joined,
    places_of,
    plain,
    shared,
    told_places,
    word_starts,
)
from qa.answering.forms.tables.ranges.numbers import row_of_the_number
from qa.answering.forms.tables.reading import Row, bare
from qa.answering.question.days import day_alone, days
from qa.answering.question.words import has_han

_LEAST_MORE = 0.5  # what a further character has to weigh: the share of the rows whose names lack it
_WHOLE = 4  # characters of a cell that a question has to hold
_DENIED = re.compile(r"(?:没有?|[不非未除]|带[着上]?|陪[着同]?)[^，,。？?；;]{0,6}")
_SIGNS = re.compile(r"[()\s]")
_JOINED = re.compile(r"[、,，;；/]|或者?|以及")
_BRACKETED = re.compile(r"\(([^()]+)\)")


def rows_named(question: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose whole name stands in a question; a name within another counts only by itself."""
    begins = word_starts(question)

    def stands(name: str) -> bool:
        return len(name) >= LEAST and any(place in begins for place in places_of(name, question))

    own = [row for row in rows if not row.header]
    if numbered := row_of_the_number(question, own):
        return [numbered]
    if found := [row for row in own if stands(row.name)]:
        return [row for row in found if not any(row.name in other.name and row.name != other.name for other in found)]
    # 低保学生 of 孤儿、低保学生, which is no 低保边缘学生.
    if len(found := [row for row in own if any(map(stands, _members(row.name)))]) == 1:
        return found
    # 初三 of 2月19日（初三）, where no other row has it.
    beside = {number: set(_BRACKETED.findall(normalise(row.named_by.text))) for number, row in enumerate(own)}
    told = [own[number] for number, words in beside.items() if any(map(stands, words))]
    return told if len(told) == 1 else []


def _members(name: str) -> list[str]:
    """Return the names that a name of several joins; empty for a name of one."""
    members = _JOINED.split(name)
    return [one for one in members if len(one) > LEAST] if len(members) > 1 else []


def named_in_another_word(question: str, row: Row) -> bool:
    """Return whether a row's name stands in a question only as the end of a longer word: 年卡 in 半年卡."""
    places = places_of(row.name, question) if len(row.name) >= LEAST else []
    begins = word_starts(question)
    return bool(places) and not any(place in begins for place in places)


def named_like(question: str, row: Row) -> bool:
    """Return whether a question names something that a row's name is only like: 无痛肠镜 for 无痛胃镜, another day.

    What differs is one character of four at most, or the day of a date. A character of like sound is a slip: 仓诸.
    """
    if day := day_alone(row.name):
        asked = days(question)
        return bool(asked) and day not in asked
    # 骨灰寄存（小格） is no 骨灰寄存大格. Of a bracket of one character, 补贴（月）, a question says nothing: 补贴多少.
    whole = _SIGNS.sub("", normalise(row.named_by.text))
    names = (row.name, whole) if len(whole) > len(row.name) + 1 else (row.name,)
    return any(is_like(name, question) for name in names)


def said_whole(question: str, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of the same name that has a whole cell in a question: 超过2米，每增加1米 and not 2米以内."""
    copy = _between_words(question)
    twins = [one for one in rows if not one.header and one.cells[:1] and one.cells[0].text == row.cells[0].text]
    for place, cell in enumerate(row.cells):
        beside = [one for one in twins if place < len(one.cells)]
        own, most = _said(copy, cell.text), max((_said(copy, one.cells[place].text) for one in beside), default=0)
        if most > own:
            told = [one for one in beside if _said(copy, one.cells[place].text) == most]
            # Of two cells that are both said, neither within the other, the one found answers.
            told = [one for one in told if not own or normalise(cell.text) in normalise(one.cells[place].text)]
            alike = [one for one in told if all(_same(one, row, before) for before in range(place))]
            return alike[0] if len(alike) == 1 else None
    return None


def _said(copy: str, text: str) -> int:
    """Return how many characters of a cell a question holds that holds all of them, what is in brackets by itself."""
    cell = normalise(text)
    parts = [_between_words(part) for part in (_BRACKETED.sub("", cell), *_BRACKETED.findall(cell))]
    whole = "".join(parts)
    return len(whole) if len(whole) >= _WHOLE and has_han(whole) and all(part in copy for part in parts) else 0


def _same(one: Row, other: Row, place: int) -> bool:
    return one.cells[place].text == other.cells[place].text


def _between_words(text: str) -> str:
    """Return a copy without punctuation and the 的 between words."""
    return re.sub(r"[^\w]|的", "", plain(text))


def denied_in(question: str) -> list[str]:
    """Return what a question denies or has along with what it asks for: 没有户籍, 带小孩."""
    return [match[0] for match in _DENIED.finditer(question)]


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
    """Return the one row whose name holds all that the row found shares with a question, and more; else None.

    What the question denies or has along (没有户籍, 带小孩) it says of no row, nor what stands in the names of the
    columns or `above` the table. A character counts beside a longer part of a name: 小告别厅 is 告别厅（小厅）. A row
    is kept into whose case the question's figure falls.
    """
    if any(falls_into(question, cell.text) for cell in row.cells):
        return None
    own = [one for one in rows if not one.header and (one is row or not _goes_on(row, one))]
    known = normalise(above) + " ".join(normalise(cell.column) for cell in row.cells)
    names = [_key_of(one) for one in own]
    of_row = told_places(question, normalise(" ".join(cell.text for cell in row.cells)), known)
    of_row |= abbreviated_places(question, _key_of(row)) - abbreviated_places(question, normalise(above))
    denied = {place for match in _DENIED.finditer(question) for place in range(*match.span())}
    found: list[tuple[int, Row]] = []
    for one, name in zip(own, names, strict=True):
        told = told_places(question, name, known) - denied
        more = {question[place] for place in told - of_row}
        weight = sum(1 - sum(char in other for other in names) / len(names) for char in more)
        if of_row < told and weight >= (_LEAST_MORE if of_row else 1.0):
            found.append((len(told), one))
    most = max((count for count, _ in found), default=0)
    best = [one for count, one in found if count == most]
    return best[0] if len(best) == 1 else None


def _key_of(row: Row) -> str:
    return normalise(" ".join(cell.text for cell in row.cells[: row.key + 1]))


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
    rest = joined(question).replace(row.name, " ")
    ends = (shared(joined(cell.column), rest) for cell in row.cells[row.key + 1 :])
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
    asked = plain(question)
    for place, cell in enumerate(row.cells):
        text = plain(cell.text)
        start, end = shared(text.replace(row.name, "") if place == row.key else text, asked)
        if end - start >= LEAST:
            parts.append((place, asked[start:end]))
    own = told_places(question, _key_of(row), "")
    return all(
        any(not _holds(twin, place, part) for place, part in parts) or own > told_places(question, _key_of(twin), "")
        for twin in twins
    )


def _holds(row: Row, place: int, part: str) -> bool:
    return place < len(row.cells) and part in plain(row.cells[place].text)
