"""Judges a candidate: asks golden questions of it and of the published snapshot, and finds reasons against it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from index.embedding.base import Embedder
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.overrides import Reviewed, Switches, Withdrawn
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.base import Reader
from qa.evaluation.ahead import Lookahead, View, WrongReply
from qa.evaluation.asked import GivenReply, ReplyChange, changes, replies
from qa.evaluation.golden import GoldenQuestion, ask_golden
from qa.evaluation.network_cache import NetworkCache
from qa.evaluation.results import GoldenResult

# Of the questions that fell: how many a reason names, and how many characters of each.
NAMED, MOST_SHOWN = 3, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimits:
    """Requirements of a candidate: how many questions may fall, and the least percentages (0–100) of right replies."""

    tolerance: int = 0
    answered: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The results of the candidate and of the published snapshot, the fallen questions, and why it is not published.

    `changes` are the questions of citizens whose reply changes. `hidden` names the candidate's documents that were
    withdrawn. `suspended` are the questions that only a withdrawal keeps from a right reply, each with the documents
    that gave it. `later` are those that would be answered wrongly on a later day, or without the answers of staff.
    """

    now: tuple[GoldenResult, ...]
    was: tuple[GoldenResult, ...]
    fallen: tuple[str, ...]
    why_not: str
    changes: tuple[ReplyChange, ...] = ()
    hidden: frozenset[str] = frozenset()
    suspended: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything needed to judge a candidate by golden questions.

    The questions go to the whole assistant, with reviewed answers and without withdrawn documents, as citizens' do.
    `asked` are questions of citizens: replies to them that change hold nothing back, but staff are told.
    """

    golden: Sequence[GoldenQuestion]
    reader: Reader
    synonyms: Synonyms
    limits: GateLimits = GateLimits()
    memory: NetworkCache | None = None
    reviewed: Reviewed | None = None
    switches: Switches = Switches()
    asked: Sequence[str] = ()

    def judge(
        self,
        candidate: Snapshot,
        before: Snapshot | None,
        embedder: Embedder,
        count: Callable[[int, int], None],
        *,
        suspended: Mapping[str, tuple[str, ...]] | None = None,
        four_eyes: bool = False,
    ) -> Verdict:
        """Ask both snapshots. Without golden questions there is no reason against a candidate.

        A question that was right until its document was withdrawn may have no reply, but no wrong one: else who
        withdraws a document could publish what he likes in its place. `suspended` are those of the snapshot before.
        With `four_eyes` a question that is answered wrongly in the snapshot before gets no other wrong reply either.
        """
        embedder = self.memory.embedder(embedder) if self.memory else embedder
        snapshots = [snapshot for snapshot in (before, candidate) if snapshot]
        again = self.asked if before else ()
        served: list[Snapshot] = []
        switched = [self.switches]
        # One assistant for both, so that the second reuses what was gathered from the first's documents.
        assistant = self._assistant(embedder, served, switched)
        given: list[tuple[GoldenResult, ...]] = []
        told: list[list[GivenReply]] = []
        done, total = 0, len(snapshots) * (len(self.golden) + len(again))

        def counted() -> None:
            nonlocal done
            done += 1
            count(done, total)

        kept = dict(suspended or {}) if before else {}
        for snapshot in snapshots:
            served.append(snapshot)
            given.append(tuple(self._asked(assistant, counted)))
            told.append(replies(again, assistant.ask, counted))
            if snapshot is before and self.switches.withdrawn != Withdrawn():
                switched.append(replace(self.switches, withdrawn=Withdrawn()))
                kept |= self._suspended(given[-1], assistant)
                switched.pop()
        was, now = given[0] if before else (), given[-1]
        kept = {one.question_id: kept[one.question_id] for one in now if one.question_id in kept and not one.acceptable}
        fallen = _fallen(was, now, {one.question_id for one in was} if four_eyes else kept)
        lost = [one for one in was if one.question_id in fallen]
        hidden = frozenset(one.name for one in candidate.documents if self.switches.withdrawn.hides(one))
        found = changes(again, told[0], told[-1], now)
        return Verdict(now, was, fallen, _why_not(now, lost, self.limits), found, hidden, kept)

    def ahead(
        self,
        verdict: Verdict,
        candidate: Snapshot,
        before: Snapshot,
        embedder: Embedder,
        *,
        count: Callable[[int, int], None],
    ) -> Verdict:
        """Return the verdict with what the candidate would answer wrongly later, or without the answers of staff.

        No refresh asks again on the day on which a document ends, nor when an answer of staff is withdrawn.
        """
        done = 0

        def counted() -> None:
            nonlocal done
            done += 1
            count(done, len(self.golden))

        look = Lookahead(
            golden=self.golden,
            embedder=self.memory.embedder(embedder) if self.memory else embedder,
            reader=self.reader,
            synonyms=self.synonyms,
            reviewed=self.reviewed,
            switches=self.switches,
        )
        now, was = (View(snapshot=one, withdrawn=self.switches.withdrawn) for one in (candidate, before))
        found = tuple(look.wrong(now, was, judged_today=True, count=counted))
        found = tuple(one for one in found if one.question_id not in verdict.fallen)
        if not found or len(found) + len(verdict.fallen) <= self.limits.tolerance:
            return verdict
        why_not = "；".join(filter(None, [verdict.why_not, wrong_in_words(found, look.today)]))
        return replace(verdict, why_not=why_not, later=tuple(one.question_id for one in found))

    def tidy(self) -> None:
        """Forget readings of the networks that were not needed this time, except for some."""
        if self.memory:
            self.memory.prune()

    def _asked(self, assistant: Assistant, counted: Callable[[], None]) -> Iterator[GoldenResult]:
        for question in self.golden:
            yield ask_golden(question, assistant.ask)
            counted()

    def _assistant(self, embedder: Embedder, served: Sequence[Snapshot], switched: Sequence[Switches]) -> Assistant:
        """Return an assistant that answers from the last of the snapshots, under the last of the switches."""
        return Assistant(
            lambda: Loaded(served[-1]),
            embedder,
            self.reader,
            self.synonyms,
            reviewed=self.reviewed,
            switches=lambda: switched[-1],
        )

    def _suspended(self, was: Sequence[GoldenResult], assistant: Assistant) -> dict[str, tuple[str, ...]]:
        """Return the questions that are answered rightly without the withdrawals alone, with the documents cited."""
        wrong = {one.question_id for one in was if not one.acceptable}
        again = (ask_golden(one, assistant.ask) for one in self.golden if one.question_id in wrong)
        return {one.question_id: one.documents for one in again if one.acceptable}


def _fallen(was: Sequence[GoldenResult], now: Sequence[GoldenResult], guarding: Collection[str]) -> tuple[str, ...]:
    """Return the questions that were right, and those without a reply, or `guarding`, that get another wrong one."""
    after = {one.question_id: one for one in now}

    def fell(one: GoldenResult) -> bool:
        given = after.get(one.question_id)
        if one.acceptable:
            return not (given and given.acceptable)
        guards = not one.documents or one.question_id in guarding
        return given is not None and guards and bool(given.documents) and not (given.acceptable or given.says_as(one))

    return tuple(one.question_id for one in was if fell(one))


def _why_not(now: Sequence[GoldenResult], fallen: Sequence[GoldenResult], limits: GateLimits) -> str:
    """Return the reasons against a candidate; `fallen` are the replies before. No clerk knows their numbers."""
    reasons = []
    if len(fallen) > limits.tolerance:
        other = [one for one in fallen if one.documents and not one.acceptable]
        worse = [one for one in fallen if one not in other]
        told = [f"{len(worse)}道检验题答得不如现行版本（{_named(worse)}）"] if worse else []
        told += (
            [f"{len(other)}道检验题现在答得不对，改动以后换成了另一个不对的答案（{_named(other)}）"] if other else []
        )
        reasons.append("；".join(told) + (f"，最多允许{limits.tolerance}道" if limits.tolerance else ""))
    for answerable, least, what in ((True, limits.answered, "应答的题答对"), (False, limits.refused, "应拒的题拒答")):
        kind = [given.acceptable for given in now if given.answerable == answerable]
        share = 100 * sum(kind) / len(kind) if kind else 100.0
        if share < least:
            reasons.append(f"{what}{share:.1f}%，低于要求的{least}%")
    return "；".join(reasons)


def _named(given: Sequence[GoldenResult]) -> str:
    return "、".join(f"“{_short(one.question)}”" for one in given[:NAMED]) + ("等" if len(given) > NAMED else "")


def wrong_in_words(found: Sequence[WrongReply], today: date) -> str:
    """Return which questions would be answered wrongly later, in Chinese."""
    named = "、".join(f"“{_short(one.question)}”{one.in_words(today)}" for one in found[:NAMED])
    return f"{len(found)}道检验题会答错（{named}{'等' if len(found) > NAMED else ''}）"


def _short(question: str) -> str:
    return question if len(question) <= MOST_SHOWN else f"{question[:MOST_SHOWN]}…"


def naming_lost_sources(verdict: Verdict, documents: Collection[str]) -> Verdict:
    """Return the verdict of a candidate of these documents; its reason counts what fell with documents that are gone.

    So it comes about where an office puts its own files in place of those that the golden questions ask about.
    """
    fallen = [was for was in verdict.was if was.question_id in verdict.fallen]
    lost = [was for was in fallen if was.documents and not set(documents) & set(was.documents)]
    if not (verdict.why_not and lost):
        return verdict
    advice = f"其中{len(lost)}道的答案出自已经拿走的文件：请放回文件，或者把检验题换成现有文件的"
    return replace(verdict, why_not=f"{verdict.why_not}；{advice}")
