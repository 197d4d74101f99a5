"""Tables as text (CSV): one statement per row."""

import csv
import io
import re
from collections import Counter
from pathlib import PurePosixPath

from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.loaders.parts.tables.grid import grid_of
from corpus.loaders.parts.text_writer import Writer
from corpus.text.decoding import decode

_DELIMITERS = (",", "\t", ";", "，", "|")
_STATED = re.compile(r"sep=(.)\n", re.IGNORECASE)  # for Excel, which shows neither this line
_FORMULA = re.compile(r'^="([^"]*)"$')  # nor the marks that keep a figure's noughts: ="01287"
_SAMPLE = 20_000  # characters


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read a table: title lines, header rows, rows, notes. Raises `UnknownEncoding`."""
    text = decode(content)
    stated = _STATED.match(text)
    delimiter = stated[1] if stated else _delimiter(text)
    text = text[stated.end() :] if stated else text
    rows = [[_FORMULA.sub(r"\1", cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    writer = Writer()
    writer.table(grid_of(rows))
    return writer.document(name, title=PurePosixPath(name).stem)


def _delimiter(text: str) -> str:
    """Return the delimiter by which most rows have equally many cells, at least two; title lines have none."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample.rsplit("\n", 1)[0]
    scores = {delimiter: _agreeing(sample, delimiter) for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: scores[delimiter])


def _agreeing(sample: str, delimiter: str) -> tuple[int, int]:
    """Return how many rows have the most common number of cells above one, and that number."""
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    counts = Counter(len(row) for row in rows if len(row) > 1)
    return max(((number, width) for width, number in counts.items()), default=(0, 0))
