"""The contents of a file that holds others."""

from dataclasses import dataclass

from corpus.document import Document


@dataclass(frozen=True, slots=True)
class Member:
    """A file within another: its path there, separated by /, and its bytes; `problem` says why they are missing."""

    name: str
    content: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The members in order, and the text of the file itself, such as a mail's."""

    members: tuple[Member, ...]
    document: Document | None = None
