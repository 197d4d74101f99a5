"""What the pages below 更多 are given where each is tried with hostile text: values made of one text."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from qa.staff.questions.log.log import Page
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.staff.reviewed_answers.offers import Offer, OfferedSentence
from qa.storage.audit import Findings
from qa.storage.reviewed_answers import Source
from qa.web.html import Html
from qa.web.staff import charts
from qa.web.staff.pages.addresses import Found
from qa.web.staff.pages.frame import Form
from qa.web.staff.pages.more import audit, backups, trial
from qa.web.staff.pages.questions import answers, log
from qa.web.staff.pages.questions.panel import Answered, Draft

Values = dict[str, Any]
SHOWN = Html('<p class="text">{}</p>')


def audit_log(text: str) -> Values:
    """The page 审计 with a row, a finding, and one that was looked at before."""
    words = dict.fromkeys(("at", "who", "did", "target", "ended", "why"), text)
    return {
        "view": audit.View(text=text, action=text, since=text, until=text, page=2),
        "found": Found((audit.Line(number=1, **words),), 250, 2, 3),
        "actions": [(text, text)],
        "findings": Findings(2, [text], [text]),
        "said": "",
        "trouble": text,
    }


def kept_backups(text: str) -> Values:
    """The page 备份 with a backup."""
    kept = backups.Kept(text, f"/staff/backup?{text}", text, text)
    return {"admin": True, "kept": [kept], "keep_days": 180, "said": text, "trouble": ""}


def tried(text: str) -> Values:
    """The page 试一试 after a trial, with passages on both sides of the threshold."""
    hit = trial.Hit(
        rank=1, address=f"/staff/files?{text}", title=text, place=text, text=text, scores=(text,) * 3, reader=text
    )
    found = trial.Tried(
        asked_as=text, reply=SHOWN.format(text), how=(text,), threshold=text, above=(hit,), below=(hit,)
    )
    return {
        "view": trial.View(question=text, snapshot=text, threshold=text),
        "snapshots": [(text, text)],
        "threshold": text,
        "used": text,
        "tried": found,
        "rates": charts.notes([text]),
        "may_count": True,
        "said": "",
        "trouble": text,
    }


def logged(text: str) -> Values:
    """The page 问答记录 with a row and its panel."""
    view = log.View(text=text, outcome=text, verdict=text, channel=text, since=text, until=text, page=2, reply=text)
    words = dict.fromkeys(("question", "outcome", "verdict", "took", "snapshot", "at"), text)
    opened = log.Panel(
        question=text,
        facts=((text, text),),
        reply=SHOWN.format(text),
        work="/staff/questions",
        golden="/staff/golden",
        trial="/staff/trial",
    )
    return {
        "view": view,
        **dict.fromkeys(("outcomes", "verdicts", "channels"), {text: text}),
        "found": Page((), 150, 2, 3),
        "rows": [log.Row(address=view.address(), **words, here=True)],
        "panel": opened,
        "said": "",
        "trouble": text,
    }


def reviewed(text: str) -> Values:
    """The page 人工答案 with an answer that was withdrawn while a draft waits beside it."""
    source = Source(text, text, text, 0, len(text), text)
    known = (1, (text,), text, text, date(2026, 1, 2), source, "live", text, 2, text, text, text, (text,))
    draft = ReviewedAnswer(*known)
    flags = dict.fromkeys(("may_approve", "may_withdraw", "waits", "live", "withdrawn"), True)
    shown = Answered(one=replace(draft, draft=draft), state=text, shown=SHOWN.format(text), **flags)
    view = answers.View(state=text, text=text, page=2, answer=text)
    words = dict.fromkeys(("question", "text", "state", "owner", "expires", "document"), text)
    row = answers.Row(address=view.address(), number=1, **words, troubled=True, here=True)
    opened = answers.Panel(
        title=text,
        facts=((text, text),),
        answer=shown,
        draft=Draft(text=text, questions=text, owner=text, expires=text, find=text, marks=frozenset()),
        offers=(Offer(text, text, (text,), text, (OfferedSentence(0, 1, text),)),),
        work=f"/staff/questions?{text}",
    )
    return {
        "view": view,
        "shelves": [(text, view.address(), 1, True)],
        "found": Found((row,), 150, 2, 3),
        "panel": opened,
        "four_eyes": True,
        "typed": Form({"do": ["discard"], "why": [text]}),
        "said": "",
        "trouble": text,
    }


def new_answer(text: str) -> Values:
    """The form for another answer, typed into and refused."""
    shown = reviewed(text)
    opened = replace(shown["panel"], answer=None, is_new=True)
    return {**shown, "panel": opened, "view": answers.View(text=text, new=text)}


FURTHER: tuple[tuple[str, Callable[[str], Values]], ...] = (
    ("staff/more/page.html", lambda text: {"links": ((text, f"/staff/{text}", text),)}),
    ("staff/more/audit.html", audit_log),
    ("staff/more/backups.html", kept_backups),
    ("staff/more/trial.html", tried),
    ("staff/questions/log.html", logged),
    ("staff/questions/answers.html", reviewed),
    ("staff/questions/answers.html", new_answer),
)
