"""Plain text files; tables typed into them as one statement per row."""

from dataclasses import replace

from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.loaders.parts.tables.typed.finding import typed
from corpus.loaders.parts.tables.typed.trees import with_lists
from corpus.loaders.parts.text_writer import Writer
from corpus.text.decoding import decode
from corpus.text.headings.titles import title_of_plain, title_or_name


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read a plain text; its title is its first heading, else the file's name. Raises `UnknownEncoding`."""
    writer = Writer()
    for part in typed(with_lists(decode(content))):
        if isinstance(part, str):
            writer.text(part)
        else:
            writer.table(part)
    document = writer.document(name)
    # The first line is the title of a plain text even where it announces a table.
    return replace(document, title=title_or_name(title_of_plain(document.headings, document.text), name))
