"""Refreshes: looks at the folder, reads changed files, builds aside, judges by golden questions, publishes."""

from dataclasses import replace

from corpus.conversion.container import lies_in
from corpus.files.scan import Scan, scan
from qa.evaluation.golden import golden_hash
from qa.publishing import left_out, plan
from qa.publishing import published as now
from qa.publishing import records as snapshot_records
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.plan import Plan
from qa.publishing.progress import Progress
from qa.publishing.records import Record
from qa.publishing.refresh.building import build, read_changed, rebuild
from qa.publishing.refresh.deciding import decide, serve_renewed
from qa.publishing.refresh.judging import ask_anew, judge_candidate
from qa.publishing.refresh.reporting import unchanged
from qa.publishing.report import Report


def look(inputs: RefreshInputs) -> Plan:
    """Return what a refresh of the folder as it is now would do, and how long it would take."""
    records = {name: record for name in inputs.store.names() if (record := now.record_of(inputs.store, name))}
    last = records.get(now.published(inputs.store) or "")
    return plan.make(_looked(inputs, last)[0], last, list(records.values()))


def refresh(inputs: RefreshInputs, order: Order, progress: Progress) -> Report:
    """Publish a snapshot of the folder's documents, unless golden questions fall that are right today.

    A question in progress keeps its snapshot; after any error the published one stays. A refused candidate stays on
    disk. Raises `DocumentsMissing` and `StoreBusy`.
    """
    with inputs.store.refreshing(who=order.who):
        inputs.home.mkdir(parents=True, exist_ok=True)
        progress.begin()
        try:
            report = _refreshed(inputs, order, progress)
        except KeyboardInterrupt as error:
            progress.end("interrupted", str(error))
            raise
        except Exception as error:
            progress.end("failed", str(error))
            raise
        unchanged = report.built is None and not report.refused
        progress.end("refused" if report.refused else "unchanged" if unchanged else "done", report.why)
        return replace(report, seconds=round(sum(progress.seconds.values()), 2))


def _refreshed(inputs: RefreshInputs, order: Order, progress: Progress) -> Report:
    store, audit = inputs.store, inputs.audit
    published = now.published(store)
    last = now.record_of(store, published) if published else None
    found, held = _looked(inputs, last)
    planned = plan.make(found, last, [])
    if planned.nothing and not order.anew and published and now.still_good(store, inputs.model, published, last):
        record = last
        assert record is not None  # it was compared with
        if inputs.gate and record.golden_hash not in ("", golden_hash(inputs.golden)):
            return ask_anew(inputs, order, progress, planned=planned, record=record, published=published)
        audit.add(order.who, "refresh", target=published, why=order.why, outcome="unchanged")
        return unchanged(planned, published, record)
    with audit.action(order.who, "refresh", why=order.why) as action:
        before = now.served(store, inputs.model)
        progress.step("read", total=len(planned.added) + len(planned.changed))
        # After an update no index can be opened; the published documents of what is left out stay all the same.
        kept = before.documents if before else now.documents_of(store, published) if published and held else ()
        known = [one for one in kept if (before and not order.anew) or any(lies_in(one.name, name) for name in held)]
        reading = read_changed(inputs, progress, found=found, known=known, held=held)
        candidate, record = build(inputs, order, progress, found=found, planned=planned, reading=reading, before=before)
        same = before and before.name == published and not order.anew and now.same(before, candidate)
        if same and published and last:  # only the files' bytes differ, not their text
            record = replace(last, sources=record.sources, files=record.files, loaders=record.loaders)
            with store.writing(who=order.who):
                snapshot_records.write(store, published, record)
            action.target, action.outcome = published, "unchanged"
            return unchanged(planned, published, record)
        progress.step("save")
        with store.writing(who=order.who):
            action.target = name = store.save(candidate, before=before)
        # Unchanged documents were read back when they were new.
        saved = store.load(name, model=inputs.model, known=now.taken_over(before, candidate))
        saved = store.searchable(saved, who=order.who, progress=progress.count)
        # What was published is compared with all the same.
        renewed = None if before or not (published and last) else rebuild(inputs, published)
        report, record = judge_candidate(
            inputs, order, progress, candidate=saved, before=before or renewed, record=record, planned=planned
        )
        report, action.outcome = decide(
            inputs, order, candidate=saved, report=report, record=record, compared_with=published
        )
        if renewed and last and report.refused and now.published(store) == published:
            report = serve_renewed(inputs, order, report=report, renewed=renewed, record=last)
        return report


def _looked(inputs: RefreshInputs, last: Record | None) -> tuple[Scan, frozenset[str]]:
    """Return the folder but for what staff left out, and the names of the files whose published documents stay."""
    found = scan(inputs.folder, limits=inputs.limits)
    left = left_out.standing(left_out.read(inputs.home), found)
    return left_out.without(found, left, last.sources if last else {}, inputs.folder)
