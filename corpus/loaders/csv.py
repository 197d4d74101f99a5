"""Tables as text (CSV): a line a row."""

import csv
import io
from pathlib import PurePosixPath

from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.loaders.parts.table_lines import table_lines
from corpus.loaders.parts.text_writer import Writer
from corpus.text.decoding import decode

_DELIMITERS = (",", "\t", ";", "，")


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read a table; its delimiter is the one that its first line has most of. Raises `UnknownEncoding`."""
    text = decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    writer = Writer()
    writer.lines(table_lines(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))))
    return writer.document(name, title=PurePosixPath(name).stem)
