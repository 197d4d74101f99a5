"""Finds the passages for a question in a snapshot, without what staff withdrew."""

import copy
from collections.abc import Callable, Collection
from datetime import date

from corpus.text.normalise import Normal
from corpus.text.numerals import years_in_digits
from index.embedding.base import Embedder
from index.retrieve import Hit, retrieve
from index.snapshots.snapshot import Snapshot
from qa.answering.overrides import Switches
from qa.answering.query_rewriting import Names, Synonyms, matching_copy
from qa.answering.reader.editions import without_latest
from qa.answering.reader.structure.amended import Amendments

HITS = 6


class Search:
    """Finds the passages for a question in a snapshot, leaving out what staff withdrew. Threads may share it."""

    def __init__(
        self,
        embedder: Embedder,
        synonyms: Synonyms,
        *,
        today: Callable[[], date],
        switches: Callable[[], Switches],
    ) -> None:
        self._embedder = embedder
        self.synonyms = synonyms
        self._today = today
        self._switches = switches
        self._known_names: tuple[tuple[Snapshot, Names], ...] = ()
        self._known_amendments: tuple[Snapshot, date, Amendments] | None = None
        self._only = ""  # the name of the one document that is searched

    def within(self, document: str) -> "Search":
        """Return a search of one document alone."""
        search = copy.copy(self)
        search._only = document
        return search

    def find(self, whole: str, snapshot: Snapshot, *, count: int = HITS) -> tuple[Normal, list[Hit]]:
        """Return the copy of a standalone question that is searched with, and the hits, the best first."""
        search = Normal(self.names(snapshot).mend(years_in_digits(without_latest(matching_copy(whole, self.synonyms)))))
        hits = self._retrieved(search, snapshot, count=count, within=[self._only] if self._only else None)
        return search, hits

    @property
    def today(self) -> date:
        """The day on which documents are in force or not."""
        return self._today()

    def find_in(self, documents: Collection[str], question: Normal, snapshot: Snapshot) -> list[Hit]:
        """Return the hits for a question in the documents of these names alone."""
        within = [name for name in documents if self._only in ("", name)]
        return self._retrieved(question, snapshot, count=HITS, within=within)

    def _retrieved(
        self, question: Normal, snapshot: Snapshot, *, count: int, within: Collection[str] | None
    ) -> list[Hit]:
        withdrawn = self._switches().withdrawn
        hidden = withdrawn.hides if withdrawn.names else None
        return retrieve(
            snapshot, self._embedder, question, count=count, today=self._today(), hidden=hidden, within=within
        )

    def names(self, snapshot: Snapshot) -> Names:
        """Return the names in the snapshot's documents. They are gathered once for each snapshot."""
        known = self._known_names
        for other, names in known:
            if other is snapshot:
                if other is known[-1][0]:
                    self._known_names = known[-1:]  # the older snapshot is no longer served
                return names
        names = Names.of(snapshot)
        self._known_names = (*known[-1:], (snapshot, names))
        return names

    def amendments(self, snapshot: Snapshot) -> Amendments:
        """Return what a snapshot's documents change in others today. It is gathered once for each snapshot and day."""
        known, today = self._known_amendments, self._today()
        if known is None or known[0] is not snapshot or known[1] != today:
            known = self._known_amendments = snapshot, today, Amendments(snapshot.documents, today)
        return known[2]
