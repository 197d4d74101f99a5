"""Decisions of staff against the rules, as plain values: reviewed answers, switches, withdrawn documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Protocol

from corpus.document import Document
from index.snapshots.snapshot import Snapshot
from qa.answering.reader.base import Finding


@dataclass(frozen=True, slots=True)
class Match:
    """A reviewed answer for a question: its text, the words that support it, the similarity of the questions (0–1)."""

    id: int
    text: str
    finding: Finding
    similarity: float


class Reviewed(Protocol):
    """Finds the answers that staff approved for certain questions."""

    @property
    def edition(self) -> str: ...
    def find(self, question: str, snapshot: Snapshot, today: date) -> Match | None: ...


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The withdrawn documents, by name and by file digest: a file may return under another name.

    Withdrawing an archive, such as 包.zip, withdraws everything in it.
    """

    names: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def and_also(self, other: "Withdrawn") -> "Withdrawn":
        """Return both together."""
        return Withdrawn(self.names | other.names, self.files | other.files)

    def hides(self, document: Document) -> bool:
        """Return whether nothing may be quoted from the document."""
        return self.covers(document.name, document.file_sha256)

    def covers(self, name: str, file_sha256: str) -> bool:
        """Return whether a document of this name, from a file with this digest, is withdrawn."""
        names = (name, *map(str, PurePosixPath(name).parents))
        return file_sha256 in self.files or any(one in self.names for one in names)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A question, in all its wordings, that is answered with nothing rather than from these contents alone.

    `contents` are the content hashes of documents of which a golden question knows that they answer it wrongly.
    """

    questions: tuple[str, ...]
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Switches:
    """The switches of staff: texts for citizens, empty when off; None where the setting of the environment holds.

    `cards` maps the name of a card (`qa.answering.screening.cards`) to the text that staff wrote for it.
    """

    notice: str = ""
    pause: str = ""
    contact: str | None = None
    threshold: float | None = None
    address_per_minute: int | None = None
    session_per_minute: int | None = None
    withdrawn: Withdrawn = Withdrawn()
    cards: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()

    @property
    def edition(self) -> str:
        """A key that changes with every switch that may change an answer; empty when no such switch is set."""
        if self.threshold is None and self.withdrawn == Withdrawn() and not self.withheld:
            return ""
        return f"{self.threshold} {sorted(self.withdrawn.names)} {sorted(self.withdrawn.files)} {self.withheld or ''}"
