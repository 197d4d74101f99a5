"""Refreshes: looks at the folder, reads changed files, builds aside, judges by golden questions, publishes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from corpus.document import Document
from corpus.files.scan import Scan, scan
from corpus.read import Reading, read
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.base import Embedder
from index.embedding.vector_cache import VectorCache
from index.files.record_cache import Cache
from index.snapshots import snapshot as snapshots
from index.snapshots.snapshot import Snapshot
from qa.answering.overrides import Withdrawn
from qa.evaluation.asked import ReplyChange
from qa.evaluation.gate import Gate, Verdict, naming_lost_sources
from qa.evaluation.golden import golden_hash
from qa.publishing import left_out, plan, unjudged
from qa.publishing import published as now
from qa.publishing import records as snapshot_records
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.plan import Plan
from qa.publishing.progress import Progress
from qa.publishing.records import Record
from qa.publishing.report import Report
from qa.publishing.shared.work import alone

CACHES = "caches"  # below the home: what may be lost
# What a candidate waits for that somebody wants published in spite of the golden questions.
CONSENT = "等另一位有“发布”角色的同事同意（由他发布这个版本）"


def look(means: RefreshInputs) -> Plan:
    """Return what a refresh of the folder as it is now would do, and how long it would take."""
    records = {name: record for name in means.store.names() if (record := now.record_of(means.store, name))}
    last = records.get(now.published(means.store) or "")
    return plan.make(_looked(means, last)[0], last, list(records.values()))


def refresh(means: RefreshInputs, order: Order, progress: Progress) -> Report:
    """Publish a snapshot of the folder's documents, unless golden questions fall that are right today.

    A question in progress keeps its snapshot; after any error the published one stays. A refused candidate stays on
    disk. Raises `DocumentsMissing` and `StoreBusy`.
    """
    with means.store.refreshing(who=order.who):
        means.home.mkdir(parents=True, exist_ok=True)
        progress.begin()
        try:
            report = _refreshed(means, order, progress)
        except KeyboardInterrupt as error:
            progress.end("interrupted", str(error))
            raise
        except Exception as error:
            progress.end("failed", str(error))
            raise
        unchanged = report.built is None and not report.refused
        progress.end("refused" if report.refused else "unchanged" if unchanged else "done", report.why)
        return replace(report, seconds=round(sum(progress.seconds.values()), 2))


def _refreshed(means: RefreshInputs, order: Order, progress: Progress) -> Report:
    store, audit = means.store, means.audit
    published = now.published(store)
    last = now.record_of(store, published) if published else None
    found, held = _looked(means, last)
    planned = plan.make(found, last, [])
    if planned.nothing and not order.anew and published and now.still_good(store, means.model, published, last):
        record = last
        assert record is not None  # it was compared with
        if means.judge and record.golden_hash not in ("", golden_hash(means.golden)):
            return _asked_anew(means, order, progress, planned=planned, record=record, published=published)
        audit.add(order.who, "refresh", target=published, why=order.why, outcome="unchanged")
        return _unchanged(planned, published, record)
    with audit.action(order.who, "refresh", why=order.why) as action:
        before = now.served(store, means.model)
        progress.step("read", total=len(planned.added) + len(planned.changed))
        # After an update no index can be opened; the published documents of what is left out stay all the same.
        kept = before.documents if before else now.documents_of(store, published) if published and held else ()
        known = [one for one in kept if (before and not order.anew) or _lies_in(one, held)]
        reading = _read(means, progress, found=found, known=known, held=held)
        candidate, record = _built(means, order, progress, found=found, planned=planned, reading=reading, before=before)
        same = before and before.name == published and not order.anew and now.same(before, candidate)
        if same and published and last:  # only the files' bytes differ, not their text
            record = replace(last, sources=record.sources, files=record.files, loaders=record.loaders)
            with store.writing(who=order.who):
                snapshot_records.write(store, published, record)
            action.target, action.outcome = published, "unchanged"
            return _unchanged(planned, published, record)
        progress.step("save")
        with store.writing(who=order.who):
            action.target = name = store.save(candidate, before=before)
        # Unchanged documents were read back when they were new.
        saved = store.load(name, model=means.model, known=now.taken_over(before, candidate))
        saved = store.searchable(saved, who=order.who, progress=progress.count)
        # What was published is compared with all the same.
        renewed = None if before or not (published and last) else _renewed(means, published)
        report, record = _judged(
            means, order, progress, candidate=saved, before=before or renewed, record=record, planned=planned
        )
        report, action.outcome = _decided(
            means, order, candidate=saved, report=report, record=record, compared_with=published
        )
        if renewed and last and report.refused and now.published(store) == published:
            report = _kept(means, order, report=report, renewed=renewed, record=last)
        return report


def _read(
    means: RefreshInputs, progress: Progress, *, found: Scan, known: Sequence[Document], held: frozenset[str]
) -> Reading:
    """Read the files that are new or changed; `known` are the published documents, of which the others are kept."""
    facts = Cache(means.home / CACHES / "facts.cache")
    reading = read(
        means.folder,
        found=found,
        memory=facts,
        before=known,
        progress=progress.count,
        limits=means.limits,
        held=held,
        converter=means.work.converter if means.work else alone,
    )
    facts.prune(most=2 * len(reading.documents))
    return reading


def _decided(
    means: RefreshInputs,
    order: Order,
    *,
    candidate: Snapshot,
    report: Report,
    record: Record,
    compared_with: str | None,
) -> tuple[Report, str]:
    """Publish the judged candidate, or leave it unpublished; return the report of that, and the audit log's outcome."""
    store, name = means.store, candidate.name
    with store.writing(who=order.who):
        overtaken = now.overtaken(store, compared_with) or unjudged.returned(record.unjudged, means.database)
        if order.four_eyes and record.golden and not overtaken:
            overtaken = unjudged.hidden_otherwise(candidate, record.judged_without, means.database)
            overtaken = overtaken or unjudged.unanswered(candidate, record.made_at, means.database)
        why_not = overtaken or report.why
        unfit = bool(report.why) and not report.to_see
        forced = unfit and order.force and not order.four_eyes
        publish = not overtaken and (forced or not report.why or (report.to_see and order.force))
        if publish:
            store.publish(name, before=compared_with, who=order.who)
            outcome = "published in spite of the golden questions" if forced else "published"
            for gone in store.prune(keep=means.keep):
                snapshot_records.forget(store, gone)
        else:
            outcome = f"refused: {why_not}"
            if order.force and not overtaken and unfit:
                why_not += f"；{order.who}要求仍然发布，{CONSENT}"
        store.rest()
    why = "" if publish and report.to_see else why_not
    return replace(report, published=name if publish else None, forced=forced, why=why), outcome


def _renewed(means: RefreshInputs, published: str) -> Snapshot | None:
    """Return the published documents in an index of this program; None if they cannot be read."""
    embedder = means.embedder()
    return now.rebuilt(
        means.store,
        published,
        embedder,
        vectors=VectorCache(means.home / CACHES, embedder.name),
        encoded=means.work.encoded if means.work else snapshots.encoded_here,
    )


def _kept(means: RefreshInputs, order: Order, *, report: Report, renewed: Snapshot, record: Record) -> Report:
    """Serve what was published before an update, since the candidate was refused and nothing else can be opened."""
    with means.store.writing(who=order.who):
        name = means.store.save(renewed)
        record = replace(record, who=order.who, wanted_by="", judged_beside="", changes=(), to_see="")
        snapshot_records.write(means.store, name, record)
        means.store.publish(name, before=renewed.name, who=order.who)
    return replace(report, why=f"{report.why}；程序升级以后，现行版本的文件重新建成了{name}，先用它答")


def _looked(means: RefreshInputs, last: Record | None) -> tuple[Scan, frozenset[str]]:
    """Return the folder but for what staff left out, and the names of the files whose published documents stay."""
    found = scan(means.folder, limits=means.limits)
    left = left_out.standing(left_out.read(means.home), found)
    return left_out.without(found, left, last.sources if last else {}, means.folder)


def _lies_in(document: Document, held: Collection[str]) -> bool:
    return any(document.name == name or document.name.startswith(f"{name}/") for name in held)


def _built(
    means: RefreshInputs,
    order: Order,
    progress: Progress,
    *,
    found: Scan,
    planned: Plan,
    reading: Reading,
    before: Snapshot | None,
) -> tuple[Snapshot, Record]:
    """Return the candidate, and its record so far."""
    progress.step("embed")
    embedder = means.embedder()
    vectors = VectorCache(means.home / CACHES, embedder.name)
    embedded = 0

    def count(done: int, total: int) -> None:
        nonlocal embedded
        embedded = total
        progress.count(done, total)
        if done >= total:
            progress.step("index")

    candidate = snapshots.build(
        reading.documents,
        embedder,
        max_tokens=PASSAGE_TOKENS,
        before=before,
        vectors=vectors,
        progress=count,
        encoded=means.work.encoded if means.work else snapshots.encoded_here,
    )
    vectors.prune(len(candidate.passages))
    sizes = plan.sources(found)
    return candidate, Record(
        who=order.who,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        documents=len(reading.documents),
        passages=len(candidate.passages),
        embedded=embedded,
        why=order.why,
        loaders=plan.loader_identities(),
        sources=sizes,
        files=reading.files,
        bytes_read=sum(sizes[name][1] for name in (*planned.added, *planned.changed)),
    )


def _judged(
    means: RefreshInputs,
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
    if means.judge:
        unjudged.release(means.golden, means.database, who=order.who)
    judge = means.judge() if means.judge else None
    known = now.record_of(means.store, before.name) if before else None
    verdict, beside = Verdict((), (), (), ""), ""
    # An answer that is approved while the questions are asked is none that a wish knows.
    answers = unjudged.at_stake(means.store, candidate.name, before.name, means.database) if before else ""
    if judge:
        beside = before.name if before and order.four_eyes else ""
        kept = known.still_suspended if known else {}
        verdict = _verdict(judge, means.embedder(), progress, candidate, before, suspended=kept, four_eyes=bool(beside))
    progress.step("publish")
    seconds = {step: round(spent, 3) for step, spent in progress.seconds.items()}
    forced, asked = bool(verdict.why_not) and order.force, golden_hash(means.golden)
    if forced and order.four_eyes:
        withdrawn = judge.switches.withdrawn if judge else Withdrawn()
        then = snapshot_records.footing(beside, asked, withdrawn, answers)
        forced, record = False, replace(record, wanted_by=order.who, wanted_why=order.why, wanted_then=then)
    to_see = _to_see(verdict.changes) if means.look_first and not verdict.why_not else ""
    record = _with_verdict(replace(record, forced=forced, seconds=seconds, golden_hash=asked, to_see=to_see), verdict)
    record = replace(record, unjudged=unjudged.found(candidate, before, known, verdict.hidden), judged_beside=beside)
    with means.store.writing(who=order.who):
        snapshot_records.write(means.store, candidate.name, record)
    read = judge.memory.read if judge and judge.memory else 0
    return _report(planned, candidate.name, record, verdict, to_see=to_see, read=read), record


def _report(planned: Plan, built: str, record: Record, verdict: Verdict, *, to_see: str, read: int) -> Report:
    """Return what the judging of the snapshot `built` came to; `read` counts what the networks had to read for it."""
    replies = {given.question_id: given for given in verdict.now}
    return Report(
        plan=planned,
        published=None,
        built=built,
        documents=record.documents,
        passages=record.passages,
        embedded=record.embedded,
        files=record.files,
        golden_asked=len(verdict.now),
        golden_right=record.golden_right,
        golden_read=read,
        compared=tuple((was, replies[was.question_id]) for was in verdict.was if was.question_id in verdict.fallen),
        golden_seconds=round(record.seconds["judge"], 2),
        why=verdict.why_not or to_see,
        changes=verdict.changes,
        to_see=bool(to_see),
    )


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
    judge: Gate,
    embedder: Embedder,
    progress: Progress,
    candidate: Snapshot,
    before: Snapshot | None,
    *,
    suspended: Mapping[str, tuple[str, ...]],
    four_eyes: bool,
) -> Verdict:
    """Return what golden questions say of the candidate, with `four_eyes` of later days, too."""
    verdict = judge.judge(candidate, before, embedder, progress.count, suspended=suspended, four_eyes=four_eyes)
    if before and four_eyes:
        verdict = judge.ahead(verdict, candidate, before, embedder, count=progress.count)
    judge.tidy()
    return naming_lost_sources(verdict, {document.name for document in candidate.documents})


def _to_see(changes: Sequence[ReplyChange]) -> str:
    """Return why staff look at a snapshot before it is published; empty if there is nothing new to look at."""
    unseen = sum(change.unseen for change in changes)
    if not unseen:
        return ""
    return f"市民问过、以前没有答案的{unseen}个问题，这一版会给出答案，还没有人看过；请看过再发布"


def _asked_anew(
    means: RefreshInputs, order: Order, progress: Progress, *, planned: Plan, record: Record, published: str
) -> Report:
    """Ask the published snapshot golden questions that staff changed since; nothing is built."""
    assert means.judge is not None
    with means.audit.action(order.who, "refresh", target=published, why=order.why) as action:
        progress.step("judge")
        asked = means.store.load(published, model=means.model)
        asked = means.store.searchable(asked, who=order.who, progress=progress.count)
        unjudged.release(means.golden, means.database, who=order.who)
        judge = means.judge()
        verdict = judge.judge(asked, None, means.embedder(), progress.count)
        judge.tidy()
        # Nothing was compared by these questions: `judged_beside` would say that they found nothing against it.
        record = replace(record, golden=verdict.now, golden_hash=golden_hash(means.golden), judged_beside="")
        with means.store.writing(who=order.who):
            snapshot_records.write(means.store, published, record)
        progress.step("publish")
        action.outcome = f"unchanged; golden questions asked: {record.golden_right}/{len(record.golden)}"
    return replace(_unchanged(planned, published, record), golden_seconds=round(progress.seconds["judge"], 2))


def _unchanged(planned: Plan, published: str, record: Record) -> Report:
    return Report(
        plan=planned,
        published=published,
        documents=record.documents,
        passages=record.passages,
        files=record.files,
        golden_asked=len(record.golden),
        golden_right=record.golden_right,
    )
