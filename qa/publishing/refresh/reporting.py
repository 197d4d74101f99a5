"""What a refresh came to: the report of a candidate that was judged, or that nothing changed."""

from qa.evaluation.gate import Verdict
from qa.publishing.plan import Plan
from qa.publishing.records import Record
from qa.publishing.report import Report


def report_of(planned: Plan, built: str, record: Record, verdict: Verdict, *, to_see: str, read: int) -> Report:
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


def unchanged(planned: Plan, published: str, record: Record) -> Report:
    return Report(
        plan=planned,
        published=published,
        documents=record.documents,
        passages=record.passages,
        files=record.files,
        golden_asked=len(record.golden),
        golden_right=record.golden_right,
    )
