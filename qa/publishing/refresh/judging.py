"""Judges a candidate, or what is published, by the golden questions, and writes what they say into its record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.embedding.base import Embedder
from index.snapshots.snapshot import Snapshot
from qa.answering.overrides import Withdrawn
from qa.evaluation.asked import ReplyChange
from qa.evaluation.gate import Gate, Verdict, naming_lost_sources
from qa.evaluation.golden import golden_hash
from qa.publishing import published as now
from qa.publishing import records as snapshot_records
from qa.publishing import unjudged
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.plan import Plan
from qa.publishing.progress import Progress
from qa.publishing.records import Record
from qa.publishing.refresh.reporting import report_of, unchanged
from qa.publishing.report import Report


def judge_candidate(
    inputs: RefreshInputs,
    order: Order,
    progress: Progress,
    *,
    candidate: Snapshot,
    before: Snapshot | None,
    record: Record,
    planned: Plan,
) -> tuple[Report, Record]:
    """Judge the candidate as read back from disk; write its record."""
    progress.step("judge")
    if inputs.gate:
        unjudged.release(inputs.golden, inputs.database, who=order.who)
    gate = inputs.gate() if inputs.gate else None
    known = now.record_of(inputs.store, before.name) if before else None
    verdict, beside = Verdict((), (), (), ""), ""
    # An answer that is approved while the questions are asked is none that a wish knows.
    answers = unjudged.at_stake(inputs.store, candidate.name, before.name, inputs.database) if before else ""
    if gate:
        beside = before.name if before and order.four_eyes else ""
        kept = known.still_suspended if known else {}
        verdict = _verdict(gate, inputs.embedder(), progress, candidate, before, suspended=kept, four_eyes=bool(beside))
    progress.step("publish")
    seconds = {step: round(spent, 3) for step, spent in progress.seconds.items()}
    forced, asked = bool(verdict.why_not) and order.force, golden_hash(inputs.golden)
    if forced and order.four_eyes:
        withdrawn = gate.switches.withdrawn if gate else Withdrawn()
        then = snapshot_records.footing(beside, asked, withdrawn, answers)
        forced, record = False, replace(record, wanted_by=order.who, wanted_why=order.why, wanted_then=then)
    to_see = _to_see(verdict.changes) if inputs.look_first and not verdict.why_not else ""
    record = _with_verdict(replace(record, forced=forced, seconds=seconds, golden_hash=asked, to_see=to_see), verdict)
    record = replace(record, unjudged=unjudged.found(candidate, before, known, verdict.hidden), judged_beside=beside)
    with inputs.store.writing(who=order.who):
        snapshot_records.write(inputs.store, candidate.name, record)
    read = gate.memory.read if gate and gate.memory else 0
    return report_of(planned, candidate.name, record, verdict, to_see=to_see, read=read), record


def _with_verdict(record: Record, verdict: Verdict) -> Record:
    """Return the record of a snapshot with what golden questions say of it."""
    return replace(
        record,
        golden=verdict.now,
        why_not=verdict.why_not,
        changes=verdict.changes,
        suspended=verdict.suspended,
        judged_without=tuple(sorted(verdict.hidden)),
        fallen=(*verdict.fallen, *verdict.later),
    )


def _verdict(
    gate: Gate,
    embedder: Embedder,
    progress: Progress,
    candidate: Snapshot,
    before: Snapshot | None,
    *,
    suspended: Mapping[str, tuple[str, ...]],
    four_eyes: bool,
) -> Verdict:
    """Return what golden questions say of the candidate, with `four_eyes` of later days, too."""
    verdict = gate.judge(candidate, before, embedder, progress.count, suspended=suspended, four_eyes=four_eyes)
    if before and four_eyes:
        verdict = gate.ahead(verdict, candidate, before, embedder, count=progress.count)
    gate.tidy()
    return naming_lost_sources(verdict, {document.name for document in candidate.documents})


def _to_see(changes: Sequence[ReplyChange]) -> str:
    """Return why staff look at a snapshot before it is published; empty if there is nothing new to look at."""
    unseen = sum(change.unseen for change in changes)
    if not unseen:
        return ""
    return f"市民问过、以前没有答案的{unseen}个问题，这一版会给出答案，还没有人看过；请看过再发布"


def ask_anew(
    inputs: RefreshInputs, order: Order, progress: Progress, *, planned: Plan, record: Record, published: str
) -> Report:
    """Ask the published snapshot golden questions that staff changed since; nothing is built."""
    assert inputs.gate is not None
    with inputs.audit.action(order.who, "refresh", target=published, why=order.why) as action:
        progress.step("judge")
        asked = inputs.store.load(published, model=inputs.model)
        asked = inputs.store.searchable(asked, who=order.who, progress=progress.count)
        unjudged.release(inputs.golden, inputs.database, who=order.who)
        gate = inputs.gate()
        verdict = gate.judge(asked, None, inputs.embedder(), progress.count)
        gate.tidy()
        # Nothing was compared by these questions: `judged_beside` would say that they found nothing against it.
        record = replace(record, golden=verdict.now, golden_hash=golden_hash(inputs.golden), judged_beside="")
        with inputs.store.writing(who=order.who):
            snapshot_records.write(inputs.store, published, record)
        progress.step("publish")
        action.outcome = f"unchanged; golden questions asked: {record.golden_right}/{len(record.golden)}"
    return replace(unchanged(planned, published, record), golden_seconds=round(progress.seconds["judge"], 2))
