"""The note below a table that says of the case a question names that a cell does not hold for it: 稻虾田不得用…."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.reading import Row, bare, table_at
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding

_FAR = 1500  # characters below the table
_LEAST_CASE = 3  # characters that name a case: 稻虾田
_LEAST_COLUMN = 3  # characters of the name of a longer column, which say what the note is of: 优惠价
_MOST_OFTEN = 2  # times in the document: what it says again and again names no case
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_NUMBERED = re.compile(r"(?:注[：:]?\s*)?(?:\d{1,2}[.．、)）]|[（(]\d{1,2}[)）]|[①-⑳])?\s*")
_EXCEPTS = re.compile("不(?!超|少|低|高|足|满)|无(?!论|人)|没有|免|另|改|除|仅|只|停|暂")
_SIGNS = re.compile("[的了吗呢我你他们要在是有和去来到把被给]")
_ASKS = re.compile("多少|什么|怎么|怎样|如何|哪|几|谁|能不能|可不可以|可以|是不是|有没有")


def exception_to(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> Finding | None:
    """Return the sentence below a table that takes the case which a question names from the cell that answers.

    It holds words of the question that the table and what stands above it have not, and the words of the cell or of
    its column. None without one.
    """
    short, document = finding.short, finding.document
    cell = next((cell for cell in row.cells[row.key + 1 :] if short and short.overlaps(cell.span)), None)
    if cell is None:
        return None
    table = document.text[rows[0].span.start : rows[-1].span.end]
    headings = headings_at(document, row.span.start)
    known = normalise("\n".join([document.title, *headings, table]))
    rest = _without(_without(question, bare(cell.column)), row.name)
    for span in sentences_below(document, rows[-1].span.end, headings):
        said = normalise(span.of(document.text))
        answers = len(cell.text) > 1 and has_han(cell.text) and normalise(cell.text) in said
        column = bare(cell.column)
        start, end = shared(column, said)
        told = end - start >= max(LEAST, min(len(column), _LEAST_COLUMN))
        if _EXCEPTS.search(said) and (answers or told) and _names_a_case(rest, said, known, document):
            return Finding(document, headings, span)
    return None


def sentences_below(document: Document, end: int, headings: Sequence[str]) -> Iterator[Span]:
    """Yield the sentences below a table under the same headings, up to the next table."""
    for match in _SENTENCE.finditer(document.text, end, end + _FAR):
        begins = _NUMBERED.match(document.text, match.start(), match.end())
        span = Span(begins.end() if begins else match.start(), match.end()).trimmed(document.text)
        if not len(span) or tuple(headings_at(document, span.start)) != tuple(headings):
            continue
        if table_at(document, span.start):
            return
        yield span


def _without(question: str, name: str) -> str:
    start, end = shared(name, question)
    return question[:start] + " " + question[end:] if end - start >= LEAST else question


def _names_a_case(question: str, said: str, known: str, document: Document) -> bool:
    """Return whether a sentence holds words of a question that neither the table nor the document speaks of besides."""
    asked, text = _ASKS.sub(" ", question), normalise(document.text)
    parts = [asked[at : at + size] for size in (_LEAST_CASE, _LEAST_CASE + 1) for at in range(len(asked) - size + 1)]
    return any(
        part in said and part not in known and text.count(part) <= _MOST_OFTEN for part in parts if _may_be_a_case(part)
    )


def _may_be_a_case(part: str) -> bool:
    """Return whether a part of a question may name a case: 稻虾田, or longer 养鱼的田."""
    inside = part if len(part) == _LEAST_CASE else part[0] + part[-1]
    return all(map(has_han, part)) and not _SIGNS.search(inside)
