"""The lines of a text that say something, with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from corpus.document import Span


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the spaces around it, and its place in the text."""

    span: Span
    text: str


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines of a text that are not blank."""
    for match in re.finditer(r"[^\r\n]+", text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            yield Line(Span(start, start + len(stripped)), stripped)


def first_lines(text: str, most: int) -> list[Line]:
    """Return the first lines of a text that are not blank, `most` of them at most."""
    return list(islice(lines_of(text), most))
