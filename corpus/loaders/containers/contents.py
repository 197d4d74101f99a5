"""What a file that holds others is found to hold."""

from dataclasses import dataclass

from corpus.document import Document


@dataclass(frozen=True, slots=True)
class Member:
    """A file within another: its path there, with / between folders, and its bytes; `problem` says why it has none."""

    name: str
    content: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The members in their order, and what the file says itself, as a mail does."""

    members: tuple[Member, ...]
    document: Document | None = None
