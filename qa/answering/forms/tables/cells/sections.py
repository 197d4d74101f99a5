"""Puts a finding into the table that a question names, of several with the same columns: the timetable back."""

from collections.abc import Sequence

from corpus.text.normalise import Normal
from qa.answering.forms.tables.cells.moving import moved
from qa.answering.forms.tables.naming.rows import rows_named
from qa.answering.forms.tables.naming.sections import Section, section_named, sections_beside
from qa.answering.forms.tables.reading import Row, row_holding
from qa.answering.reader.base import Finding


def in_the_section_named(question: Normal, finding: Finding, rows: Sequence[Row]) -> Finding:
    """Return a finding in the row of the same name of the table that a question names; as it is where none is.

    Of a way from one place to another whose places alone are named, the row of the first place answers.
    """
    row = row_holding(finding.quote, rows)
    if not row or row.header:
        return finding
    meant = section_named(question, sections_beside(finding.document, rows))
    other = _row_in(question, meant, row) if meant else None
    return moved(finding, row, other) if other and other is not row else finding


def _row_in(question: Normal, section: Section, row: Row) -> Row | None:
    """Return the row of a section that is called as the row found, or from where the way begins that is asked for."""
    named = rows_named(question, section.rows)
    if section.way[0] and {one.name for one in named} == set(section.way):
        named = [one for one in named if one.name == section.way[0]]
    else:
        named = [one for one in section.rows if not one.header and one.name == row.name]
    return named[0] if len(named) == 1 else None
