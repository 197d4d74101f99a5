"""What staff decide against the rules: reviewed answers, switches, withdrawn documents; values alone."""

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
    """A reviewed answer for a question: what is shown, the words that bear it out, how near the questions are (0–1)."""

    id: int
    text: str
    finding: Finding
    similarity: float


class Reviewed(Protocol):
    """Where answers stand that staff approved for certain questions."""

    @property
    def edition(self) -> str: ...
    def find(self, question: str, snapshot: Snapshot, today: date) -> Match | None: ...


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """All documents withdrawn: by their names, and by their files, which may come back under another name.

    With a file that holds others, such as 包.zip, all in it is withdrawn.
    """

    names: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def hides(self, document: Document) -> bool:
        """Whether nothing may be quoted from the document."""
        names = (document.name, *map(str, PurePosixPath(document.name).parents))
        return document.file_sha256 in self.files or any(name in self.names for name in names)


@dataclass(frozen=True, slots=True)
class Switches:
    """What is switched: texts for citizens, empty when they are off; None where the environment's setting holds.

    `cards` are the texts that staff gave to cards (`qa.answering.screening.cards`), by the card's name.
    """

    notice: str = ""
    pause: str = ""
    contact: str | None = None
    threshold: float | None = None
    address_per_minute: int | None = None
    session_per_minute: int | None = None
    withdrawn: Withdrawn = Withdrawn()
    cards: Mapping[str, str] = field(default_factory=dict)

    @property
    def edition(self) -> str:
        """Changes with whatever decides which answer a question gets; empty when nothing of it is switched."""
        if self.threshold is None and self.withdrawn == Withdrawn():
            return ""
        return f"{self.threshold} {sorted(self.withdrawn.names)} {sorted(self.withdrawn.files)}"
