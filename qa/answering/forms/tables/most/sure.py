"""The most of a column or of parallel lines, computed surely enough to be shown whatever the reader found."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from os.path import commonprefix

from corpus.document import Document
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal
from corpus.text.numerals import whole_number
from qa.answering.forms.base import AnswerForm
from qa.answering.forms.computing.comparing import Comparison, content, held, superlative, unit_fits, units
from qa.answering.forms.tables.most.column import column_asked
from qa.answering.forms.tables.most.parallel import parallel_rows
from qa.answering.forms.tables.most.winner import asks_which_is_most, most_among, rows_of
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.reading import Row, bare, tables
from qa.answering.reader.base import Finding

# The share of the question's characters that the rows with their title and headings have to hold.
_HELD = 0.8
_ASKED = re.compile(r"哪一?(?P<kind>[个家种样项条类处所座趟批款辆台门场届级名位])?(?P<noun>[\u4e00-\u9fff]?)")
_COUNTED = re.compile(r"([两二三四五六七八九十]|\d{1,2})[个家种样项条类处所座名位]")
_OF_NOW = re.compile("今年|[这本]次|目前|现在|得")
_OF_MONEY = re.compile("工资|薪[水资酬]|待遇|价钱|价格|费用|钱")
_PLACES = re.compile("[县市区镇乡村街]|地方")
_OF_PLACES = re.compile("[地区镇乡村街]")


def surely_most(question: Normal, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows for a question for the most, where one table or list alone can say it surely.

    The question has to name the column, or what the list is of, and the rows have to hold nearly all of its words.
    """
    asked = superlative(question) if asks_which_is_most(question) else None
    if asked is None:
        return None
    found = []
    for document in documents:
        for rows in _rows(document):
            above = headings_at(document, rows[0].span.start)
            column = _column(question, asked, rows)
            if column and _is_about(question, asked, document, rows, above):
                one = most_among(question, document, rows, above, column=column)
                found += [one] if one else []
    if len(found) != 1:
        return None
    form, findings = found[0]
    if len({finding.quote for finding in findings}) > 1:
        return form, findings
    return replace(form, operands=tuple(replace(one, citation=0) for one in form.operands)), findings[:1]


def _rows(document: Document) -> Iterator[Sequence[Row]]:
    seen = set()
    for table in tables(document):
        rows = rows_of(document, table[0].span.start)
        if len(rows) > 1 and rows[0].span not in seen:
            seen.add(rows[0].span)
            yield rows
    yield from parallel_rows(document)


def _column(question: Normal, asked: Comparison, rows: Sequence[Row]) -> str:
    """Return the column that a question calls by its name, or that of a list of what it asks for; empty without one."""
    if rows[0].span == rows[1].span:
        figure = rows[0].cells[1].figure
        fits = figure is None or unit_fits(units(asked.word + asked.about), figure.unit) >= 0
        return rows[0].cells[1].column if fits and _is_of_kind(question, rows) else ""
    column = column_asked(question, asked, rows)
    start, end = shared(bare(column), asked.about)
    return column if end - start >= LEAST else ""


def _is_of_kind(question: str, rows: Sequence[Row]) -> bool:
    """Return whether a list is of what 哪 asks for: 类别 of 哪类, 地方 of 哪个镇; 岗位A, 岗位B of 哪个岗."""
    match = _ASKED.search(question)
    if not match:
        return False
    kind = rows[0].cells[0].column
    if kind:
        told = any(part and part in kind for part in (match["kind"], match["noun"]))
        return told or bool(_PLACES.match(match["noun"]) and _OF_PLACES.search(kind))
    names = [row.cells[0].text for row in rows]
    alike = commonprefix(names) + commonprefix([name[::-1] for name in names])
    return bool(match["noun"]) and match["noun"] in alike


def _is_about(question: str, asked: Comparison, document: Document, rows: Sequence[Row], above: Sequence[str]) -> bool:
    """Return whether the rows are as many as a question says, and with their title hold nearly all of its words."""
    counted = [whole_number(number) for number in _COUNTED.findall(question) if number != "两"]
    if any(number > 1 and number != len(rows) for number in counted):
        return False
    start = document.text.rfind("\n", 0, rows[0].span.start) + 1
    end = document.text.find("\n", rows[-1].span.end)
    told = document.text[start : end if end >= 0 else len(document.text)]
    about = _OF_NOW.sub("", _COUNTED.sub("", asked.about))
    if any(cell.figure and cell.figure.unit == "元" for cell in rows[0].cells):
        about = _OF_MONEY.sub("", about)  # 元 says it
    words = content(about)
    return held(words, "\n".join((document.name, document.title, *above, told))) >= _HELD
