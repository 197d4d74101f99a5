"""Plain text files."""

from pathlib import PurePosixPath

from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.text.decoding import decode
from corpus.text.headings import plain_headings, title_of_plain


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read a plain text; its title is its first heading, else the file's name. Raises `UnknownEncoding`."""
    text = decode(content)
    headings = plain_headings(text)
    title = title_of_plain(headings, text) or PurePosixPath(name).stem
    return Document(name, title, text, tuple(headings))
