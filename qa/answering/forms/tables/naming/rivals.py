"""Rows between which a question leaves open which is meant: 报废收割机, of 收割机3公斤以下 and 收割机3公斤以上."""

from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.tables.naming.names import shared, told_places
from qa.answering.forms.tables.naming.rows import holds_own
from qa.answering.forms.tables.reading import Row
from qa.answering.question.words import has_han

_LEAST = 3  # Chinese characters that two names begin with, and a question holds


def with_rivals(question: Normal, row: Row, rows: Sequence[Row], place: int) -> list[Row]:
    """Return a row with those that a question calls as much, and that say something else in the cell at `place`.

    Their names begin with the same words, which the question holds, and it holds nothing of the row alone. Empty where
    there is no such other row.
    """
    name = normalise(row.named_by.text)
    part = _beginning(question, name)
    # A day or a figure that names begin with is no name: 10月 of 10月8日.
    if sum(map(has_han, part)) < _LEAST or name == part or row.name in question:
        return []
    like = [one for one in rows if not one.header and len(one.cells) == len(row.cells)]
    equal = [one for one in like if one is row or _is_called_as_much(question, one, row, part)]
    said = {normalise(one.cells[place].text) for one in equal}
    return equal if len(said) > 1 else []


def _is_called_as_much(question: Normal, other: Row, row: Row, part: str) -> bool:
    return _beginning(question, normalise(other.named_by.text)) == part and not _is_told(question, row, other)


def _beginning(question: Normal, name: str) -> str:
    """Return the longest part of a name that a question holds, where the name begins with it; else nothing."""
    start, end = shared(name, question)
    part = question[start:end]
    return part if name.startswith(part) else ""


def _is_told(question: Normal, row: Row, other: Row) -> bool:
    """Return whether a question holds words of a row that are not those of another one, or a character of its name."""
    own, beside = (normalise(" ".join(cell.text for cell in one.cells[: one.key + 1])) for one in (row, other))
    more = told_places(question, own, "") - told_places(question, beside, "")
    return bool(more) or holds_own(question, row, other, range(len(row.cells)))
