"""The panel of the page 问题: what citizens got and why, the answer that staff write, and how far it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.answering.reply import Answer
from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.questions.groups import DONE, Group, LoggedQuestion
from qa.staff.questions.log.log import Detail
from qa.staff.questions.log.wording import OUTCOME_WORDS, complaints
from qa.staff.reviewed_answers.answer import ReviewedAnswer, lasts_until
from qa.staff.reviewed_answers.offers import Offer
from qa.storage.reviewed_answers import LIVE, STATES, WITHDRAWN
from qa.web import html
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import query_of
from qa.web.staff.pages.files.view import View as FilesView
from qa.web.staff.pages.frame import Form
from qa.web.staff.values import day, today, when, whole_number

# How long a reviewed answer holds unless staff choose another date.
EXPIRES = timedelta(days=180)
MOST_WORDINGS = 30
ANSWERED = ("answered", "partial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the form of an answer holds; `marks` are the sentences that were marked, as the form names them."""

    text: str
    questions: str
    owner: str
    expires: str
    find: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskedWording:
    """What one wording of the group got: how often it was asked, and the newest time."""

    question: str
    count: int
    reply: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A reviewed answer in the words of the page; `shown` is what citizens see, or will see after an approval."""

    one: ReviewedAnswer
    state: str
    shown: Html
    may_approve: bool
    may_withdraw: bool
    waits: bool
    live: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that the panel shows; `group` is None for a question that makes no work by itself.

    `answered` tells whether citizens got an answer the last time, `disagreeing` which documents contradicted each other
    in it, each with the address of its panel. `trial` asks the question again; `marks` are the sentences marked as
    the evidence of a golden question.
    """

    question: str
    facts: tuple[tuple[str, str], ...]
    reply: Html
    comments: tuple[str, ...]
    answered: bool = False
    disagreeing: tuple[tuple[str, str], ...] = ()
    group: Group | None = None
    done: bool = False
    asked: tuple[AskedWording, ...] = ()
    answer: Answered | None = None
    guarded: str = ""
    offers: tuple[Offer, ...] = ()
    draft: Draft | None = None
    reply_id: str = ""
    is_new: bool = False
    trial: str = ""
    marks: frozenset[str] = frozenset()


def panel(console: Console, group_id: str, *, typed: Form | None = None, marks: frozenset[str] = frozenset()) -> Panel:
    """Return the panel of a group. What was `typed` stays in its form, and so do `marks`. Raises `Missing`."""
    group, asked = console.todo.group(whole_number(group_id))
    newest = _detail(console, asked[0].id) if asked else None
    answer = console.reviewed.get(group.reviewed) if group.reviewed else None
    # An answer that has to be reviewed again is work although its question is done.
    writing = group.state != DONE or bool(answer and (answer.why or answer.draft))
    draft = _draft(console, group, asked, answer, typed) if writing else None
    shown = answered(console, answer) if answer else None
    return Panel(
        question=group.question,
        facts=_facts(newest, group),
        reply=html.exchange(newest.reply) if newest and newest.reply else NOTHING,
        comments=tuple(dict.fromkeys(one.comment for one in asked if one.comment)),
        answered=newest is not None and newest.entry.status in ANSWERED,
        disagreeing=_disagreeing(newest),
        group=group,
        done=group.state == DONE,
        asked=_wordings(asked),
        answer=shown,
        guarded=console.todo.guarded_by(group),
        offers=console.offers.near(draft.find or group.question) if draft else (),
        draft=draft,
        trial=asking_again(group.question),
        marks=marks,
    )


def panel_of_reply(console: Console, reply_id: str) -> Panel:
    """Return the panel of a question that makes no work by itself. Raises `Missing`."""
    detail = console.questions.detail(reply_id)
    return Panel(
        question=detail.entry.question,
        facts=_facts(detail, None),
        reply=html.exchange(detail.reply) if detail.reply else NOTHING,
        comments=(detail.entry.comment,) if detail.entry.comment else (),
        answered=detail.entry.status in ANSWERED,
        disagreeing=_disagreeing(detail),
        reply_id=reply_id,
        trial=asking_again(detail.entry.question),
    )


def asking_again(question: str) -> str:
    """Return the address that asks a question of what citizens are answered from now."""
    return f"{STAFF}/trial?{query_of({'question': question}, page=1, to={})}"


def _detail(console: Console, reply_id: str) -> Detail | None:
    try:
        return console.questions.detail(reply_id)
    except EXPECTED:
        return None


def _facts(detail: Detail | None, group: Group | None) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    if detail:
        found = [
            ("结果", OUTCOME_WORDS.get(detail.entry.status, detail.entry.status)),
            ("为什么", detail.why or detail.failure),
            ("市民的评价", complaints(detail.entry.verdict_reasons)),
            ("最近一次", when(detail.entry.asked_at)),
        ]
    if group:
        found += [("经办人", group.assignee), ("备注", group.note), ("办结的原因", group.why_done)]
        found += [("办结以后又问过", f"{group.since_done}次，仍没有得到答案" if group.since_done else "")]
    return tuple((name, value) for name, value in found if value)


def _disagreeing(detail: Detail | None) -> tuple[tuple[str, str], ...]:
    reply = detail.reply if detail else None
    if not (isinstance(reply, Answer) and reply.contradictory):
        return ()
    names = dict.fromkeys(one.document for one in reply.citations)
    return tuple((name, FilesView(name=name).address()) for name in names)


def _wordings(asked: Sequence[LoggedQuestion]) -> tuple[AskedWording, ...]:
    counts = Counter(one.question for one in asked)
    first = {one.question: one for one in reversed(asked)}
    return tuple(
        AskedWording(question, count, first[question].id, when(first[question].asked_at))
        for question, count in counts.most_common(MOST_WORDINGS)
    )


def _draft(
    console: Console,
    group: Group,
    asked: Sequence[LoggedQuestion],
    answer: ReviewedAnswer | None,
    typed: Form | None,
) -> Draft:
    """Return what the form starts from: what was typed, the answer as it waits, or what the group already tells."""
    if typed is not None:
        return typed_draft(typed)
    if answer:
        return draft_of(answer)
    wordings = list(dict.fromkeys([group.question, *(one.question for one in asked)]))[:MOST_WORDINGS]
    return Draft(
        text="",
        questions="\n".join(wordings),
        owner=group.assignee,
        expires=day(_until(wordings)),
        find="",
        marks=frozenset(),
    )


def typed_draft(typed: Form) -> Draft:
    """Return what somebody typed into the form of an answer."""
    names = ("text", "questions", "owner", "expires", "find")
    return Draft(**{name: typed.text(name) for name in names}, marks=frozenset(typed.texts("mark")))


def draft_of(answer: ReviewedAnswer) -> Draft:
    """Return what the form starts from where an answer is changed: the answer as it waits."""
    one = answer.waiting
    return Draft(
        text=one.text,
        questions="\n".join(one.questions),
        owner=one.owner,
        expires=day(one.expires_on if one.expires_on >= today() else _until(one.questions)),
        find="",
        marks=frozenset(),
    )


def _until(questions: Sequence[str]) -> date:
    return lasts_until(questions, today() + EXPIRES, today=today())


def answered(console: Console, answer: ReviewedAnswer) -> Answered:
    """Return a reviewed answer in the words of the page, with what citizens see or will see."""
    waiting = answer.waiting
    try:
        shown = html.exchange(console.offers.preview(waiting.questions[0], waiting.text, waiting.source))
    except EXPECTED as error:
        shown = Html('<p class="text">{}</p>').format(str(error))
    withdrawn = answer.state == WITHDRAWN
    state = STATES.get(answer.state, answer.state) + ("，有改动等审核" if answer.draft else "")
    return Answered(
        one=answer,
        state=state,
        shown=shown,
        may_approve=answer.waits and not withdrawn and console.reviewed.may_approve(answer),
        may_withdraw=console.may(Role.PUBLISHER) and not withdrawn,
        waits=answer.waits and not withdrawn,
        live=answer.state == LIVE,
        withdrawn=withdrawn,
    )
