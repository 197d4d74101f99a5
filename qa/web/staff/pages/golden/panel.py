"""The panel of the page 检验题: one question with its results so far, a change before and after, or a new question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.reply import Answer
from qa.evaluation.results import GoldenResult
from qa.runtime.errors import Missing
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_proposals import KINDS, REMOVE, STATES, WAITING, Proposal
from qa.staff.reviewed_answers.offers import Offer
from qa.web.staff.pages.golden.fields import Fields, fields_of, told
from qa.web.staff.pages.golden.view import View, mark
from qa.web.staff.values import when, whole_number
from qa.web.staff.versions import title_of


@dataclass(frozen=True, slots=True)
class Past:
    """The result of one snapshot: its name for staff, when it was made, the mark, the reply."""

    title: str
    made: str
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a change before and after."""

    name: str
    before: str
    after: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that the panel shows; `id` with `version`, or `proposal` with `seen`, name what its form changes.

    `unfound` says how the evidence differs from what published documents say; empty if one holds it.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    fields: Fields | None
    id: str = ""
    version: str = ""
    proposal: str = ""
    seen: str = ""
    past: tuple[Past, ...] = ()
    differences: tuple[Difference, ...] = ()
    offers: tuple[Offer, ...] = ()
    may_approve: bool = False
    may_reject: bool = False
    may_take_back: bool = False
    may_remove: bool = False
    is_new: bool = False
    unfound: str = ""


def panel(
    console: Console,
    golden: Sequence[GoldenRow],
    proposals: Sequence[Proposal],
    view: View,
    *,
    who: str,
    sent: Fields | None,
) -> Panel | None:
    """Return what an address opens; what was `sent` stays in the form. Raises `Missing`, `Unfit`."""
    waiting = next((one for one in proposals if view.id and one.golden == view.id), None)
    if view.proposal or waiting:
        one = waiting or console.golden.proposal(whole_number(view.proposal))
        return _of_proposal(console, one, who, sent)
    if view.id:
        row = next((row for row in golden if row.entry.id == view.id), None)
        if row is None:
            raise Missing(f"没有编号为{view.id}的检验题，可能已被删除；请刷新页面")
        return _of_row(console, row, sent)
    return _new(console, view, sent) if view.new else None


def _of_row(console: Console, row: GoldenRow, sent: Fields | None) -> Panel:
    entry = row.entry
    fields = sent or fields_of(entry)
    withheld = _withheld(console, entry.id)
    facts = [
        ("应当", "回答" if entry.answerable else "不回答"),
        ("发布时" if withheld else "现在", _result(row.published)),
        ("没有发布的新版", _result(row.candidate) if row.candidate else ""),
        ("先不回答", withheld),
        ("把关", "答错了就不会发布" if row.gates else "现在答得不对，拦不住发布" if row.published else ""),
    ]
    return Panel(
        title=entry.question,
        facts=tuple((name, value) for name, value in facts if value),
        fields=fields,
        id=entry.id,
        version=entry.version,
        past=_past(console, entry.id),
        offers=_offers(console, fields, ""),
        may_remove=True,
        unfound=_unfound(console, fields.evidence),
    )


def _withheld(console: Console, golden_id: str) -> str:
    """Return why a question is answered with nothing for now, and what to do; empty if it is answered."""
    found = next((one for one in console.golden.withheld() if one.question_id == golden_id), None)
    if found is None:
        return ""
    return (
        f"原来答对的停用了，现在会答成{'、'.join(found.documents)}写的，与这道题不符，所以市民问到时先不回答。"
        "那份文件错了，改正再发布；它写的才对，就改这道题，同事同意以后照它回答"
    )


def _of_proposal(console: Console, one: Proposal, who: str, sent: Fields | None) -> Panel:
    entry = one.after or one.before
    assert entry is not None  # a proposal adds, changes or removes a question
    waits = one.state == WAITING
    facts = [
        ("要做什么", f"{KINDS[one.kind]}检验题（{STATES[one.state]}）"),
        ("提出的人", f"{'、'.join(one.authors)}，{when(one.changed_at)}"),
        ("原因", one.why),
        ("了结的人", one.decided_by),
        ("不同意的原因", one.decided_why),
    ]
    before, after = told(one.before), told(one.after)
    compared = (
        Difference(name, before.get(name, ""), after.get(name, ""), before.get(name, "") != after.get(name, ""))
        for name in (before or after)
    )
    fields = (sent or fields_of(entry)) if waits and one.kind != REMOVE else None
    return Panel(
        title=entry.question,
        facts=tuple((name, value) for name, value in facts if value),
        fields=fields,
        id=one.golden,
        proposal=str(one.id),
        seen=str(one.version),
        past=_past(console, one.golden) if one.before else (),
        differences=tuple(each for each in compared if each.before or each.after),
        offers=_offers(console, fields, "") if fields else (),
        unfound=_unfound(console, fields.evidence) if fields else "",
        may_approve=waits and console.golden.may_approve(one),
        may_reject=waits and console.may(Role.PUBLISHER),
        may_take_back=waits and who in one.authors,
    )


def _new(console: Console, view: View, sent: Fields | None) -> Panel:
    fields = sent or fields_of(_start(console, view))
    return Panel(
        title="新的检验题",
        facts=(("问哪个文件", view.document),) if view.document else (),
        fields=fields,
        offers=_offers(console, fields, view.document),
        is_new=True,
        unfound=_unfound(console, fields.evidence),
    )


def _start(console: Console, view: View) -> NewGolden:
    """Return what is known of a new question from where it comes. Raises `Missing`, `Unfit`."""
    if view.group:
        return console.todo.proposal(whole_number(view.group))
    if view.answer:
        answer = console.reviewed.get(whole_number(view.answer))
        return NewGolden(
            question=answer.questions[0], must=((answer.text,),), evidence=answer.source.words, tags=("reviewed",)
        )
    if not view.reply:
        return NewGolden(question="")
    detail = console.questions.detail(view.reply)
    new = NewGolden(question=detail.entry.question, tags=("log",))
    if not isinstance(detail.reply, Answer):
        return replace(new, answerable=False)
    must = detail.reply.short or detail.reply.text
    return replace(new, must=((must,),), evidence=detail.reply.citations[0].text)


def _offers(console: Console, fields: Fields, document: str) -> tuple[Offer, ...]:
    """Return the passages in which a clerk marks the evidence: of a document, or those nearest to the question."""
    if document and not fields.find:
        return console.offers.of_document(document)
    sought = fields.find or (fields.evidence if _unfound(console, fields.evidence) else "") or fields.question
    return console.offers.near(sought) if sought else ()


def _unfound(console: Console, evidence: str) -> str:
    return str(console.offers.unfound(evidence) or "")


def _past(console: Console, golden_id: str) -> tuple[Past, ...]:
    return tuple(
        Past(title_of(one.snapshot), when(one.made_at), mark(one.given), " ".join(one.given.text.split()))
        for one in console.golden.history(golden_id)
    )


def _result(given: GoldenResult | None) -> str:
    return f"{mark(given)}：{' '.join(given.text.split())}" if given else mark(None)
