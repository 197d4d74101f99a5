"""Which rows a question names by whole cells: 骨科 and 下午 together are one row of two that are called 骨科."""

import re
from collections.abc import Sequence
from itertools import pairwise

import rjieba

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.tables.naming.names import LEAST, places_of, shared, word_starts
from qa.answering.forms.tables.ranges.numbers import is_of_no_number
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.question.days import day_alone, days
from qa.answering.question.weekdays import weekdays
from qa.answering.question.words import has_han

_MOST_NAMING = 3  # of the first columns
_LONGEST = 20  # characters of a cell that names
_OTHERWISE = "非不无未半副"  # a word that begins with one of these is another
_SIGNS = re.compile(r"[(),、\s]")
_COUNTED = re.compile(r"([一二两三四五六七八九十]|\d+)([\u4e00-\u9fff]{2})")
# Words of which one is not another, each with what else it is called.
_PARTS = tuple(
    tuple(map(re.compile, parts))
    for parts in (
        ("早[餐饭点茶]", "[午中][餐饭]", "晚[餐饭]", "夜宵|宵夜"),
        ("上半年", "下半年"),
        ("一季度", "二季度", "三季度", "四季度"),
        ("春季|春天", "夏季|夏天", "秋季|秋天", "冬季|冬天"),
    )
)
_PROPER = ("nr", "ns", "nt", "nz", "nrt")
_FEWEST_ALIKE = 3
_SEVERAL = re.compile("比|相比|还是|分别|各|之间|和|跟|与|、|或")


def row_of_cells(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row that holds every cell a question names whole, where the row found lacks one; else None."""
    meant = _of_named_cells(question, row, rows)
    return meant[0] if meant and len(meant) == 1 else None


def holds_named_cells(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a row holds a whole cell that a question names, and every one of them."""
    named = _named_cells(question, row, rows)
    return any(named.values()) and _of_named_cells(question, row, rows) is None


def is_no_row(question: Normal, row: Row, rows: Sequence[Row], *, above: str) -> bool:
    """Return whether a question names cells that no row holds together, or joins the names of two rows to a third's.

    Of 长青区卧碑 and 松鹤区双穴 a question of 长青区双穴 means neither. Nor does one of a number that no row has, or of
    a proper name before what most rows are called by: 松涛书房, of 西门书房 and others. A name `above` is of no row.
    """
    if _SEVERAL.search(question):
        return False
    own = [one for one in rows if not one.header]
    return (
        _of_named_cells(question, row, rows) == []
        or _joins_two(question, row, rows)
        or is_of_no_number(question, own)
        or _is_another_of_the_kind(question, row, own, above=above)
    )


def of_another_column(question: Normal, row: Row) -> bool:
    """Return whether a question asks for one of a series that the columns of a row leave out.

    Example: 周六, of 周一 to 周五; 三居室月租, of 一居室月租 and 两居室月租.
    """
    columns = [normalise(cell.column) for cell in row.cells]
    asked, named = weekdays(question), [told for column in columns if (told := weekdays(column))]
    if asked and len(named) > 1 and not any(asked & told for told in named):
        return True
    series: dict[str, set[str]] = {}
    for column in columns:
        for number, thing in _COUNTED.findall(column):
            series.setdefault(thing, set()).add(number)
    wanted = [(number, thing) for number, thing in _COUNTED.findall(question) if len(series.get(thing, ())) > 1]
    return bool(wanted) and not any(number in series[thing] for number, thing in wanted)


def of_another_part(question: Normal, column: str, row: Row) -> bool:
    """Return whether a column is of another part of a day or a year than a question asks for: 午餐时间, of 晚饭.

    A row that has the same of the part asked for answers from there.
    """
    for parts in _PARTS:
        asked = {number for number, part in enumerate(parts) if part.search(question)}
        told = {number for number, part in enumerate(parts) if part.search(column)}
        if asked and told and not asked & told:
            wanted = [parts[number] for number in asked]
            # 晚餐 is of 午餐一荤两素, too, where both are prices.
            kinds = {cell.kind for cell in row.cells if cell.column == column and cell.figure}
            same = [
                cell.column
                for cell in row.cells
                if _without(parts, cell.column) == _without(parts, column) or (cell.figure and cell.kind in kinds)
            ]
            return not any(part.search(one) for part in wanted for one in same)
    return False


def _without(parts: Sequence[re.Pattern[str]], column: str) -> str:
    for part in parts:
        column = part.sub("", column)
    return column


def of_another_day(question: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question asks for one day and a table has a row for each of several others."""
    asked = days(question)
    own = [one for one in rows if _is_like(row, one)]
    for place in range(min(len(row.cells), _MOST_NAMING) if len(asked) == 1 else 0):
        told = [day_alone(_text(one.cells[place])) for one in own]
        if len(set(told)) > 1 and None not in told:
            return not asked & set(told)
    return False


def _of_named_cells(question: Normal, row: Row, rows: Sequence[Row]) -> list[Row] | None:
    """Return the rows that hold a cell named in each column of which one is named; None where the row found does."""
    named = _named_cells(question, row, rows)
    told = [place for place, names in named.items() if names]
    if all(_text(row.cells[place]) in named[place] for place in told):
        return None
    own = [one for one in rows if _is_like(row, one)]
    found = [one for one in own if all(_text(one.cells[place]) in named[place] for place in told)]
    return found if found or len(told) > 1 else None


def _named_cells(question: Normal, row: Row, rows: Sequence[Row]) -> dict[int, set[str]]:
    """Return the cells that a question names of each column that tells the rows from one another."""
    own = [one for one in rows if _is_like(row, one)]
    begins = word_starts(question)
    return {place: _named(question, begins, {_text(one.cells[place]) for one in own}) for place in _naming(own)}


def _is_like(row: Row, other: Row) -> bool:
    columns = [cell.column for cell in row.cells[:_MOST_NAMING]]
    return not other.header and [cell.column for cell in other.cells[:_MOST_NAMING]] == columns


def _naming(rows: Sequence[Row]) -> list[int]:
    """Return the first columns in words that tell the rows from one another, at most three."""
    found: list[int] = []
    for place in range(min((len(row.cells) for row in rows), default=0)):
        texts = [_text(row.cells[place]) for row in rows]
        if not all(map(has_han, texts)) or max(map(len, texts)) > _LONGEST:
            if any(row.cells[place].figure for row in rows) and not found:
                continue  # the numbers of the rows
            break
        found.append(place)
        if len(found) == _MOST_NAMING or len({tuple(_text(row.cells[n]) for n in found) for row in rows}) == len(rows):
            break
    return found


def _text(cell: Cell) -> str:
    return normalise(cell.text)


def _named(question: str, begins: set[int], texts: set[str]) -> set[str]:
    """Return which of the cells of a column stand whole in a question, but for those within a longer one of them.

    Its signs do not count, and what it has in brackets may be left out: 多层（无电梯） is 多层无电梯 and 多层.
    """
    if len(texts) < 2:
        return set()
    told: dict[str, set[tuple[int, int]]] = {}
    for text in texts:
        names = [name for name in (_SIGNS.sub("", text), bare(text)) if len(name) >= LEAST]
        told[text] = {(at, at + len(name)) for name in names for at in _places(question, begins, name)}
    taken = set().union(*told.values())

    def alone(start: int, end: int) -> bool:
        return not any(begin <= start and end <= stop and (begin, stop) != (start, end) for begin, stop in taken)

    return {text for text, spans in told.items() if any(alone(*span) for span in spans)}


def _places(question: str, begins: set[int], text: str) -> list[int]:
    """Return where a cell stands as words of a question: 年卡 is none of 半年卡, but 打乒乓球 may be one word."""
    if text not in question:  # as most cells of a long table
        return []
    long = len(text) > LEAST
    return [at for at in places_of(text, question) if at in begins or (long and question[at - 1] not in _OTHERWISE)]


def _is_another_of_the_kind(question: str, row: Row, rows: Sequence[Row], *, above: str) -> bool:
    """Return whether a question puts a proper name of no row before the word that most names of rows end with."""
    kind = next((row.name[-size:] for size in (3, 2) if _end_alike(row.name[-size:], rows)), "")
    if not kind or len(row.name) <= len(kind):
        return False
    known = normalise(above) + "".join(normalise(cell.text + cell.column) for one in rows for cell in one.cells)
    words = rjieba.tag(question)
    for (name, tag), (following, _) in pairwise(words):
        if following.startswith(kind) and tag in _PROPER and len(name) >= LEAST:
            # A word may begin with the end of the one before: 年东门 of 2024年东门书房.
            return not any(name[place:] in known for place in range(len(name) - LEAST + 1))
    return False


def _end_alike(end: str, rows: Sequence[Row]) -> bool:
    alike = [row for row in rows if row.name.endswith(end)]
    return len(alike) >= _FEWEST_ALIKE and 3 * len(alike) >= 2 * len(rows)


def _joins_two(question: str, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether a question has the end of a row's name behind the beginning of another one's."""
    name = row.name
    start, end = shared(name, question)
    part = question[start:end]
    ahead = name[: len(name) - len(part)]
    if not name.endswith(part) or min(len(part), len(ahead)) < LEAST:
        return False
    before = question[max(0, start - len(ahead)) : start]
    others = [one.name for one in rows if _is_like(row, one) and one is not row]
    return len(before) == len(ahead) and before[0] != ahead[0] and any(other.startswith(before) for other in others)
