"""Whole pages: whatever their templates are given shows as text, and every page of theirs is tried."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError

from corpus.document import Document, Heading, Span
from corpus.validity import About
from qa.answering.reply import Abstention, Answer, Choice, Citation, Reason
from qa.staff.accounts.members import Member
from qa.staff.permissions import Role
from qa.staff.questions.asked import AskedFilter, AskedPage
from qa.staff.questions.groups import Group
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.staff.reviewed_answers.offers import Offer, OfferedSentence
from qa.storage.reviewed_answers import Source
from qa.web import html, page
from qa.web.api import manual
from qa.web.citizen.plain import topic
from qa.web.document_html import document_html
from qa.web.html.pages import FOLDER
from qa.web.site import Site
from qa.web.staff.pages.addresses import Found
from qa.web.staff.pages.files import view as file_view
from qa.web.staff.pages.files.panel import Field
from qa.web.staff.pages.files.panel import Panel as FilePanel
from qa.web.staff.pages.files.texts import ShownPassage
from qa.web.staff.pages.frame import PLACES, Outcome
from qa.web.staff.pages.home.todo import Work
from qa.web.staff.pages.questions.panel import Answered, AskedWording, Draft, Panel
from qa.web.staff.pages.questions.view import Row, View
from qa.web.translations import SIMPLIFIED, words
from tests.qa.web.staff.pages.hostile.values import PAGES, held, refused

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> '",
    "javascript:alert(1)",
    "</title></textarea></main><iframe src=//evil.example></iframe>",
    "{{ 7 * 7 }}{% raw %}",
]


def citation(text: str) -> Citation:
    return Citation(text, text, (text + "章",), 0, len(text), text, note=text, place=text + "页", date=text)


def document(text: str) -> Document:
    about = About(issuer=text, number=text, date=text, contact=text)
    return Document(text, text + "题", f"{text}\n\n{text}", (Heading(1, Span(0, len(text))),), source=text, about=about)


def answer(text: str) -> html.Html:
    known: dict[str, Any] = {"question": text, "standalone_question": text + "？", "snapshot": text, "text": text}
    return html.exchange(Answer(**known, citations=(citation(text),), confidence=0.5, short=text))


def choice(text: str) -> html.Html:
    known: dict[str, Any] = {"question": text, "standalone_question": text, "snapshot": text, "text": text}
    choices = (Choice(text, text + "甲"), Choice(text, text + "乙"))
    reply = Answer(**known, citations=(citation(text),), confidence=0.5, choices=choices, document=text)
    return html.exchange(reply, ways=html.Ways(forms=True))


def refusal(text: str) -> html.Html:
    known: dict[str, Any] = {"question": text, "standalone_question": text, "snapshot": text, "text": text}
    return html.exchange(Abstention(**known, reason=Reason.NOT_IN_DOCUMENTS, nearest=(citation(text),)))


# What each template is given, all of it made of one text.
VALUES: dict[str, Callable[[str], dict[str, Any]]] = {
    "citizen/about.html": lambda text: {},
    "citizen/ask.html": lambda text: {"reply": answer(text) + choice(text), "typed": text, "document": text},
    "citizen/come_back.html": lambda text: {"why": "busy"},
    "citizen/documents.html": lambda text: {"query": text, "topics": [topic(document(text), text)]},
    "citizen/found.html": lambda text: {"query": text, "found": [citation(text)], "snapshot": text},
    "manual.html": lambda text: {**manual.manual(), "command": text, "citation": described(text)},
    "citizen/not_found.html": lambda text: {},
    "citizen/shared.html": lambda text: {
        "question": text,
        "warnings": [(text, "since_changed")],
        "reply": refusal(text),
        "day": date(2026, 1, 2),
    },
    "shell.html": lambda text: {"longest": 300, "examples": [text], "notices": [text]},
    "citizen/source.html": lambda text: {
        "title": text,
        "note": "changed",
        "document": document_html(document(text), [Span(0, 2)]),
        "file": text,
    },
    "staff/home/refused.html": lambda text: {"why": text, "missing": False},
    "staff/account.html": lambda text: {"token": text, "note": text, "member": Member(text, Role.ADMIN)},
    "staff/files/page.html": lambda text: files(text),
    "staff/home/page.html": lambda text: {
        "work": [Work(3, text, "/staff/files", urgent=True, role=text)],
        "trouble": text,
        "served": answer(text),
        "asked": refusal(text),
        "periods": {text: text},
        "period": text,
        "tour": ((text, "/staff/files", text),),
    },
    "staff/questions/page.html": lambda text: questions(text),
    "staff/sign_in/page.html": lambda text: {
        **{"token": text, "note": text, "name": text},
        **{"sign_on": text, "way_out": f"https://sso.example/{text}"},
    },
}
# What others continue; they are no pages themselves.
SHELLS = {
    "page.html",
    "unlisted.html",
    "citizen/topics.html",
    "staff/door.html",
    "staff/frame.html",
    "staff/parts.html",
}
# What others include.
SHELLS |= {"share_card.html", "staff/questions/panel.html", "staff/files/panel.html", "staff/files/publishing.html"}
SHELLS |= {"staff/golden/panel.html", "staff/snapshots/panel.html", "staff/settings/accounts.html"}
SHELLS |= {"staff/questions/answer.html", "staff/questions/writing.html", "unlisted.html"}
# What shows only our own words; those within a script are tried below.
OURS = {"chat_head.html", "page_head.html"}


def questions(text: str) -> dict[str, Any]:
    """The page 问题 with a row, and a panel with an answer that waits beside one that is shown."""
    source = Source(text, text, text, 0, len(text), text)
    known = (1, (text,), text, text, date(2026, 1, 2), source, "live", text, 2, text, text, text, (text,))
    draft = ReviewedAnswer(*known)
    one = replace(draft, draft=draft)
    shown: dict[str, Any] = {"shown": answer(text), "may_approve": True, "may_withdraw": True, "waits": True}
    counts: dict[str, Any] = dict.fromkeys(("id", "count", "refused", "unhelpful", "contradictory", "since_done"), 1)
    words_of = dict.fromkeys(("question", "state", "assignee", "note", "document", "why_done", "changed_by"), text)
    rest = {"version": 1, "last_asked": None, "reviewed": 1, "golden": text, "changed_at": datetime(2026, 1, 2)}
    opened = Panel(
        question=text,
        facts=((text, text),),
        reply=refusal(text),
        comments=(text,),
        group=Group(**{**counts, **words_of, **rest}),
        asked=(AskedWording(text, 1, text, text), AskedWording(text, 2, text, text)),
        answer=Answered(one=one, state=text, live=True, withdrawn=False, **shown),
        guarded=text,
        offers=(Offer(text, text, (text,), text, (OfferedSentence(0, 1, text),)),),
        draft=Draft(text=text, questions=text, owner=text, expires=text, find=text, marks=frozenset()),
        reply_id=text,
    )
    view = View(wanted=AskedFilter(text=text), page=2, group=text, reply=text)
    return {
        "view": view,
        "shelves": [(text, view.address(), 1, True)],
        "outcomes": {text: text},
        "verdicts": {text: text},
        "found": AskedPage((), 150, 2, 3),
        "rows": [Row(view.address(), text, 1, text, (text,), text, text, text, True, text)],
        "left": text,
        "panel": opened,
        "told": [Outcome(False, text)],
        "typed": refused(text, "keep"),
        "chosen": frozenset({text}),
        "own": text,
        "people": (text,),
        "said": "",
        "trouble": text,
    }


def files(text: str) -> dict[str, Any]:
    """The page 文件 with a row, a file that is open, and a refresh that was held back."""
    view = file_view.View(text=text, page=2, name=text)
    row = file_view.Row(view.address(), text, text, text, True, text, text, text, 1, text, True, text)
    opened = FilePanel(
        name=text,
        title=text,
        version=text,
        facts=((text, text),),
        troubled=True,
        fields=(Field(text, text, text, text),),
        text=document_html(document(text), ()),
        passages=(ShownPassage(1, text, True),),
        unread=True,
        is_file=True,
        withdrawn=False,
        left_out=True,
        seen=text,
        holder="",
        within=2,
        apart=(text,),
        may_publish=True,
    )
    return {
        "view": view,
        "shelves": [(text, view.address(), 1, True)],
        "orders": {text: text},
        "found": Found((row,), 150, 2, 3),
        "told": [Outcome(True, text), Outcome(False, text)],
        "publishing": held(text),
        "rules": text,
        "most": text,
        "most_files": text,
        "seen_ns": 1,
        "read_now": [text],
        "panel": opened,
        "may_publish": True,
        "typed": refused(text, "withdraw"),
        "chosen": frozenset({text}),
        "why": text,
        "said": "",
        "trouble": text,
    }


def described(text: str) -> dict[str, Any]:
    return {"properties": {text: {"description": text}}}


def shell(text: str) -> dict[str, Any]:
    site = Site(text, text, accessibility=text, records=(text,))
    around = {"token": text, "member": Member(text, Role.ADMIN), "places": PLACES, "here": text}
    card = {"served_at": text, "shared_title": text, "shared_text": text}
    return {"language": SIMPLIFIED, "words": words(SIMPLIFIED), "site": site, "staff": "/staff", **around, **card}


class Skeleton(HTMLParser):
    """The elements of a page with their attributes, without any text; beside them what links lead to."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, ...]] = []
        self.addresses: list[str] = []
        self.shown = ""
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.shown += "".join(value or "" for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(("/", tag))

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_each_template_is_tried() -> None:
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html")}
    assert found == set(VALUES) | {template for template, _ in PAGES} | SHELLS | OURS


@pytest.mark.parametrize(("template", "values_of"), [*sorted(VALUES.items()), *PAGES])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_text_on_every_page(
    template: str, values_of: Callable[[str], dict[str, Any]], hostile: str
) -> None:
    def skeleton(text: str) -> Skeleton:
        values = {**shell(text), **values_of(text)}
        return Skeleton(html.render(template, **values))

    found = skeleton(hostile)
    assert found.elements == skeleton("寻常的字" * 3).elements
    assert not any(address.strip().startswith("javascript:") for address in found.addresses)
    # The text arrived: there is a place for it, if only at the end of the page.
    assert hostile in found.shown


def test_words_within_a_script_cannot_end_it() -> None:
    made = html.render("chat_head.html", words={"en": {"key": "</script><script>alert('&')"}})
    assert made.count("</script>") == 2
    assert "\\u003c/script\\u003e" in made


def test_a_value_that_a_template_wants_and_does_not_get_is_a_fault() -> None:
    with pytest.raises(UndefinedError):
        page.page("citizen/ask.html", language=SIMPLIFIED)
    assert (
        page.page("citizen/ask.html", language=SIMPLIFIED, reply=html.NOTHING, typed="", document="").status_code == 200
    )
