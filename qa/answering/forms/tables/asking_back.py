"""Tells where a question names a column of a table and no row (租金多少): which row is meant has to be asked back."""

from corpus.text.headings.paths import headings_at
from corpus.text.normalise import normalise
from index.search.terms import words_in
from qa.answering.forms.tables.reading import row_holding, table_at
from qa.answering.question.analysis import Question
from qa.answering.question.words import ASKS
from qa.answering.reader.base import Reading

FEWEST = 3
MOST = 12  # more names are no help to choose by


def rows_left_open(question: Question, reading: Reading) -> tuple[str, ...]:
    """Return the names of the rows between which a question leaves open which is meant; empty where it names one.

    A reading says nothing first where its row is not sure, and quotes that row alone where its table is long.
    """
    if len(reading.findings) != 1 or reading.findings[0].short:
        return ()
    finding = reading.findings[0]
    document, quote = finding.document, finding.quote
    rows = [row for row in table_at(document, quote.start) if not row.header]
    row = row_holding(quote, rows)
    names = tuple(dict.fromkeys(row.named_by.text.strip() for row in rows))
    if not row or not FEWEST <= len(names) <= MOST or any(name.isdecimal() for name in names):
        return ()
    above = headings_at(document, quote.start)
    general = normalise("\n".join([document.title, *above, *(cell.column for cell in row.cells)]))
    asked = words_in(ASKS.sub(" ", question.search))
    return names if asked and all(word in general for word in asked) else ()
