"""Publishes a judged candidate, or leaves it unpublished and says why."""

from dataclasses import replace

from index.snapshots.snapshot import Snapshot
from qa.publishing import published as now
from qa.publishing import records as snapshot_records
from qa.publishing import unjudged
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.records import Record
from qa.publishing.report import Report

# What a candidate waits for that somebody wants published in spite of the golden questions.
CONSENT = "等另一位有“发布”角色的同事同意（由他发布这个版本）"


def decide(
    inputs: RefreshInputs,
    order: Order,
    *,
    candidate: Snapshot,
    report: Report,
    record: Record,
    compared_with: str | None,
) -> tuple[Report, str]:
    """Publish the judged candidate, or leave it unpublished; return the report of that, and the audit log's outcome."""
    store, name = inputs.store, candidate.name
    with store.writing(who=order.who):
        overtaken = now.overtaken(store, compared_with) or unjudged.returned(record.unjudged, inputs.database)
        if order.four_eyes and record.golden and not overtaken:
            overtaken = unjudged.hidden_otherwise(candidate, record.judged_without, inputs.database)
            overtaken = overtaken or unjudged.unanswered(candidate, record.made_at, inputs.database)
        why_not = overtaken or report.why
        unfit = bool(report.why) and not report.to_see
        forced = unfit and order.force and not order.four_eyes
        publish = not overtaken and (forced or not report.why or (report.to_see and order.force))
        if publish:
            store.publish(name, before=compared_with, who=order.who)
            outcome = "published in spite of the golden questions" if forced else "published"
            for gone in store.prune(keep=inputs.keep):
                snapshot_records.forget(store, gone)
        else:
            outcome = f"refused: {why_not}"
            if order.force and not overtaken and unfit:
                why_not += f"；{order.who}要求仍然发布，{CONSENT}"
        store.rest()
    why = "" if publish and report.to_see else why_not
    return replace(report, published=name if publish else None, forced=forced, why=why), outcome


def serve_renewed(inputs: RefreshInputs, order: Order, *, report: Report, renewed: Snapshot, record: Record) -> Report:
    """Serve what was published before an update, since the candidate was refused and nothing else can be opened."""
    with inputs.store.writing(who=order.who):
        name = inputs.store.save(renewed)
        record = replace(record, who=order.who, wanted_by="", judged_beside="", changes=(), to_see="")
        snapshot_records.write(inputs.store, name, record)
        inputs.store.publish(name, before=renewed.name, who=order.who)
    return replace(report, why=f"{report.why}；程序升级以后，现行版本的文件重新建成了{name}，先用它答")
