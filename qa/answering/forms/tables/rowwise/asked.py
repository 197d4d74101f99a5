"""What a question asks of two things that the rows or columns of a table may tell of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import Comparison, compared
from qa.answering.forms.computing.differing import Operation, computation
from qa.answering.forms.tables.naming.names import LEAST
from qa.answering.forms.tables.reading import Row

_KNOWN = (Operation.DIFFERENCE, Operation.SUM, Operation.TIMES)
_LEADS = re.compile(r"^(?P<of>[^，,]{2,16})[，,](?P<rest>.+)$")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_FIRST_SIGN = 0xE000  # characters for private use, which stand in no question


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks of two names; `operation` is None where it asks which is more.

    `more` says which is taken for the greater, None where nothing is.
    """

    of: Comparison
    operation: Operation | None = None
    more: bool | None = None


def asked_of_two(question: Normal, rows: Sequence[Row] = ()) -> Asked | None:
    """Return what a question asks of two things that it names; None for other questions.

    The whole names of rows are read as names, whatever words they hold: 城关二小 is not less than anything.
    """
    copy, names = _signed(question, rows)
    asked = _of_two(copy)
    if asked is None and (leads := _LEADS.match(copy)):
        asked = _of_two(Normal(leads["rest"]))
    if asked is None:
        return None
    told = _of_two_years([_unsigned(name, names) for name in asked.of.names])
    of = replace(asked.of, names=tuple(told), about=_unsigned(asked.of.about, names))
    return replace(asked, of=of) if all(len(name) > 1 or name in "男女" for name in told) else None


def _of_two(question: Normal) -> Asked | None:
    if computing := computation(question):
        known = computing.operation in _KNOWN
        return Asked(computing.of, computing.operation, computing.more) if known else None
    comparison = compared(question)
    return Asked(comparison) if comparison else None


def _of_two_years(names: Sequence[str]) -> Sequence[str]:
    """Return two years where the first name ends with one, or holds it: 城关2024年门诊比2022年 compares two years."""
    first, other = (_YEAR.search(name) for name in names)
    return [first[0], other[0]] if first and other and other[0] == names[1] else names


def _signed(question: Normal, rows: Sequence[Row]) -> tuple[Normal, dict[str, str]]:
    """Return a question with a sign for each whole name of a row that it holds, and the names of the signs."""
    names: dict[str, str] = {}
    for name in sorted({row.name for row in rows if not row.header}, key=len, reverse=True):
        if len(name) > LEAST and name in question:
            sign = chr(_FIRST_SIGN + len(names))
            names[sign] = name
            question = Normal(question.replace(name, sign * LEAST))
    return question, names


def _unsigned(text: str, names: dict[str, str]) -> str:
    for sign, name in names.items():
        text = text.replace(sign * LEAST, name)
    return text
