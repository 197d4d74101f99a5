"""Finds golden questions that a change would have answered wrongly: on a later day, or without the answers of staff.

What citizens read today is only one of the replies that a change decides. A document begins to hold or ends on a later
day, and an answer of staff that hides what documents say expires or is withdrawn; nobody is asked again then.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from corpus.document import Document
from corpus.validity import in_words
from index.embedding.base import Embedder
from index.retrieve import Hit
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.lookup.searching import HITS
from qa.answering.overrides import Match, Reviewed, Switches, Withdrawn, Withheld
from qa.answering.query_rewriting import Synonyms
from qa.answering.question import follow_ups
from qa.answering.question.decomposition import MOST_PARTS, parts
from qa.answering.reader.base import Reader
from qa.evaluation.golden import GoldenQuestion, ask_golden
from qa.evaluation.results import GoldenResult

# Of one question: on how many days other passages are read. A change that would need more is not judged after them.
MOST_DAYS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What citizens are answered from: a snapshot without withdrawn documents, and the answers of staff.

    `stopped` are the ids of the answers that are shown no more, `withheld` what is answered with nothing besides what
    the switches withhold.
    """

    snapshot: Snapshot
    withdrawn: Withdrawn = Withdrawn()
    stopped: frozenset[int] = frozenset()
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongReply:
    """A golden question that a change would have answered wrongly, from which day on, and by which documents.

    `hidden` by an answer of staff, citizens do not read it yet.
    """

    question_id: str
    question: str
    day: date
    documents: tuple[str, ...]
    hidden: bool = False

    def in_words(self, today: date) -> str:
        """Return when it would be answered wrongly, in Chinese."""
        when = f"从{in_words(self.day)}起" if self.day > today else ""
        return f"{when}{'不看人工审核答案时' if self.hidden else ''}答成{'、'.join(self.documents)}写的"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookahead:
    """Asks golden questions of what citizens would be answered from after a change, and of what they are now."""

    golden: Sequence[GoldenQuestion]
    embedder: Embedder
    reader: Reader
    synonyms: Synonyms
    reviewed: Reviewed | None = None
    switches: Switches = Switches()
    today: date = field(default_factory=date.today)

    def wrong(
        self,
        now: View,
        was: View,
        *,
        by: frozenset[str] | None = None,
        judged_today: bool = False,
        count: Callable[[], None] = lambda: None,
    ) -> Iterator[WrongReply]:
        """Yield the questions that `now` answers wrongly today or on a later day, and `was` not or otherwise.

        A question may lose its reply. It is asked without the answers of staff, too. What is read today was
        `judged_today` already. With `by` only replies count that cite one of these documents: behind the wrong reply
        of another one, theirs may follow on a later day.
        """
        both = (_Answering(now, self), _Answering(was, self))
        changed = _changed(now, was)
        dated = any(one.about.changes(self.today) for view in (now, was) for one in view.snapshot.documents)
        for golden in self.golden:
            if dated or not judged_today or any(one.match(golden, self.today) for one in both):
                days = self._days(golden, both, changed, judged_today=judged_today)
                if found := self._first(golden, both, days, by):
                    yield found
            count()

    def _first(
        self,
        golden: GoldenQuestion,
        both: "tuple[_Answering, _Answering]",
        days: Sequence[date],
        by: frozenset[str] | None,
    ) -> WrongReply | None:
        """Return the first of these days on which a question is answered wrongly; None if there is none."""
        now, was = both
        asked: set[Any] = set()
        for day in days:
            found = (now.found(golden, day), was.found(golden, day))
            if found[0] == found[1] or found in asked:
                continue
            asked.add(found)
            if len(asked) > MOST_DAYS:
                return WrongReply(golden.question_id, golden.question, day, now.near(golden, day))
            for hidden, given in enumerate(now.replies(golden, day)):
                if by is not None and by.isdisjoint(given.documents):
                    continue
                if given.verdict == "wrong" and not given.says_as(was.replies(golden, day)[hidden]):
                    return WrongReply(golden.question_id, golden.question, day, given.documents, bool(hidden))
        return None

    def _days(
        self,
        golden: GoldenQuestion,
        both: "tuple[_Answering, _Answering]",
        changed: Collection[str],
        *,
        judged_today: bool,
    ) -> list[date]:
        """Return the days on which the question may be answered otherwise; none where no changed document is near."""
        now, was = (answering.match(golden, self.today) for answering in both)
        same = (now and now.id) == (was and was.id)
        documents = [] if same and not changed else [one for answering in both for one in answering.pool(golden)]
        if same and not any(one.name in changed for one in documents):
            return []
        today = [] if judged_today and not now and not was else [self.today]
        return [*today, *sorted({day for one in documents for day in one.about.changes(self.today)})]


class _Answering:
    """Answers golden questions from a view as it will be on a day; knows the answers of staff, as `Reviewed` asks."""

    edition = ""

    def __init__(self, view: View, lookahead: Lookahead) -> None:
        self._view, self._lookahead = view, lookahead
        self._day, self._alone, self._met = lookahead.today, False, False
        self._given: dict[tuple[str, date], tuple[GoldenResult, GoldenResult]] = {}
        self._matches: dict[tuple[str, date], Match | None] = {}
        withheld = (*lookahead.switches.withheld, *view.withheld)
        switches = replace(lookahead.switches, withdrawn=view.withdrawn, withheld=withheld)
        self._assistant = Assistant(
            lambda: Loaded(view.snapshot),
            lookahead.embedder,
            lookahead.reader,
            lookahead.synonyms,
            today=lambda: self._day,
            reviewed=self if lookahead.reviewed else None,
            switches=lambda: switches,
        )

    def find(self, question: str, snapshot: Snapshot, today: date) -> Match | None:
        """Return the answer of staff to a question, unless the documents are asked alone."""
        match = None if self._alone else self._matched(question, today)
        self._met = self._met or match is not None
        return match

    def _matched(self, question: str, day: date) -> Match | None:
        if (question, day) not in self._matches:
            reviewed, hides = self._lookahead.reviewed, self._view.withdrawn.hides
            match = reviewed.find(question, self._view.snapshot, day) if reviewed else None
            gone = match and (match.id in self._view.stopped or hides(match.finding.document))
            self._matches[question, day] = None if gone else match
        return self._matches[question, day]

    def match(self, golden: GoldenQuestion, day: date) -> Match | None:
        """Return the answer of staff to a question on a day."""
        return next((match for one in _looked_up(golden) if (match := self._matched(one, day))), None)

    def replies(self, golden: GoldenQuestion, day: date) -> tuple[GoldenResult, GoldenResult]:
        """Return how a question is answered on a day, and how by documents alone."""
        key = (golden.question_id, day)
        if key not in self._given:
            self._day, self._met, self._alone = day, False, False
            shown = alone = ask_golden(golden, self._assistant.ask)
            if self._met:
                self._alone = True
                alone = ask_golden(golden, self._assistant.ask)
            self._given[key] = (shown, alone)
        return self._given[key]

    def found(self, golden: GoldenQuestion, day: date) -> tuple[Any, ...]:
        """Return what decides the reply on a day: the passages found, each with its standing, and staff's answer."""
        match = self.match(golden, day)
        read = [
            (one.passage.document.name, one.passage.document.content_hash, one.passage.span, one.out_of_force)
            for hits in self._hits(golden, day)
            for one in hits
        ]
        return (match and match.id, *read)

    def near(self, golden: GoldenQuestion, day: date) -> tuple[str, ...]:
        """Return the names of the documents that are found for a question on a day."""
        return tuple({one.passage.document.name: None for hits in self._hits(golden, day) for one in hits})

    def pool(self, golden: GoldenQuestion) -> list[Document]:
        """Return the documents that may be found for a question on any day, and the one that staff's answer quotes."""
        every = self._hits(golden, self._lookahead.today, count=len(self._view.snapshot.passages))
        match = self.match(golden, self._lookahead.today)
        found = {one.passage.document.name: one.passage.document for hits in every for one in hits}
        return [*found.values(), *([match.finding.document] if match else [])]

    def _hits(self, golden: GoldenQuestion, day: date, *, count: int = HITS) -> list[list[Hit]]:
        self._day = day
        return [self._assistant.search(one, count=count)[1] for one in _looked_up(golden)]


def wordings(golden: GoldenQuestion) -> tuple[str, ...]:
    """Return a golden question as it may be understood, completed from the turns before."""
    return tuple(follow_ups.candidates(golden.question, golden.history))


@cache
def _looked_up(golden: GoldenQuestion) -> tuple[str, ...]:
    """Return the questions that are looked up for one: it, completed from the turns before, and its parts."""
    asked = (one for whole in wordings(golden) for one in (whole, *(part.whole for part in parts(whole)[:MOST_PARTS])))
    return tuple(dict.fromkeys(asked))


def _changed(now: View, was: View) -> set[str]:
    """Return the names of the documents that are found in one view alone, or with other words or another standing."""
    one, other = _shown(now), _shown(was)
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _shown(view: View) -> dict[str, tuple[Any, ...]]:
    hides = view.withdrawn.hides
    return {one.name: (one.content_hash, one.about) for one in view.snapshot.documents if not hides(one)}
