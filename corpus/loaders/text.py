"""Plain text files."""

from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.text.decoding import decode
from corpus.text.headings import plain_headings, title_of_plain, title_or_name


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read a plain text; its title is its first heading, else the file's name. Raises `UnknownEncoding`."""
    text = decode(content)
    headings = plain_headings(text)
    return Document(name, title_or_name(title_of_plain(headings, text), name), text, tuple(headings))
