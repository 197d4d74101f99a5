"""What the staff's pages are given where each is tried with hostile text: values made of one text."""

from collections.abc import Callable
from typing import Any

from qa.staff.accounts.accounts import Account
from qa.staff.accounts.management import OwnSecondStep
from qa.staff.permissions import Role
from qa.staff.reviewed_answers.offers import Offer, OfferedSentence
from qa.web.html import NOTHING
from qa.web.staff.pages.addresses import Found
from qa.web.staff.pages.frame import Form
from qa.web.staff.pages.golden import panel as golden_panel
from qa.web.staff.pages.golden import view as golden_view
from qa.web.staff.pages.golden.fields import Fields
from qa.web.staff.pages.golden.starts import Start, Starts
from qa.web.staff.pages.settings import view as settings_view
from qa.web.staff.pages.settings.asking import Asking
from qa.web.staff.pages.snapshots import panel as snapshot_panel
from qa.web.staff.pages.snapshots import view as snapshot_view
from qa.web.staff.pages.snapshots.publishing import Fallen, Publishing
from qa.web.staff.pages.two_step.routes import picture
from tests.qa.web.staff.pages.hostile.further_values import FURTHER

Values = dict[str, Any]
FIELDS = ("why", "question", "must", "evidence", "assignee", "document", "note", "account", "role", "identity", "force")


class Refused(Form):
    """Forms of every button at once that were refused."""

    def kept(self, name: str, otherwise: str = "", *, of: str) -> str:
        return self.text(name)


def refused(text: str, button: str = "remove") -> Form:
    """What somebody typed."""
    return Refused({"do": [button], **dict.fromkeys(FIELDS, [text])})


def held(text: str) -> Publishing:
    """A refresh that was held back."""
    return Publishing(
        waiting=(text,),
        may_publish=True,
        share=None,
        running=text,
        ended=text,
        held=text,
        stopping=(text,),
        others=True,
        fallen=(Fallen(text, text, text, text),),
        built=text,
        published=text,
        to_see=True,
        changed_again=(text,),
        began=text,
        lost=1,
        changed=1,
        fresh=(Fallen(text, text, text),),
    )


def golden(text: str) -> Values:
    """The page 检验题 with a row, and a change that waits."""
    view = golden_view.View(text=text, page=2, id=text, proposal=text, document=text)
    row = golden_view.Row(
        address=view.opening(id=text),
        question=text,
        id=text,
        wanted=text,
        published=text,
        wrong=True,
        candidate=text,
        tags=text,
        waits=text,
        here=True,
    )
    words = dict.fromkeys(("question", "must", "evidence", "tags", "history", "why", "find"), text)
    opened = golden_panel.Panel(
        title=text,
        facts=((text, text),),
        fields=Fields(**words, answerable=True, marks=frozenset({text}), unpublished=True),
        id=text,
        version=text,
        proposal=text,
        unfound=text,
        seen=text,
        past=(golden_panel.Past(text, text, text, text),),
        differences=(golden_panel.Difference(text, text, text, True),),
        offers=(Offer(text, text, (text,), text, (OfferedSentence(0, 1, text),)),),
        may_approve=True,
        may_reject=True,
        may_take_back=True,
        may_remove=True,
    )
    return {
        "view": view,
        "shelves": [(text, view.address(), 1, True)],
        "found": Found((row,), 150, 2, 3),
        "documents": None,
        "starts": None,
        "right": 1,
        "asked": 2,
        "four_eyes": True,
        "panel": opened,
        "typed": refused(text),
        "said": "",
        "trouble": text,
    }


def uncovered(text: str) -> Values:
    """The page 检验题 with a document that no question covers, and what a new question may start from."""
    start = Start(text, text, golden_view.View().opening(new="1", document=text))
    opened = golden_panel.Panel(title=text, facts=(), fields=Fields(question=text), is_new=True)
    listed = {"documents": [start], "starts": Starts((start,), (start,)), "panel": opened}
    return {**golden(text), **listed, "said": text, "trouble": ""}


def settings(text: str) -> Values:
    """The page 设置 with a setting that is typed and one that is chosen, and a question before a change."""
    view = settings_view.View(account=text, new=text)
    words = dict.fromkeys(("name", "label", "effect", "value", "seen", "default", "note"), text)
    offered: tuple[dict[str, str], ...] = ({}, {text: text})
    listed = [settings_view.Setting(**words, choices=choices, unsaved=True) for choices in offered]
    return {
        "view": view,
        "shelves": [(text, view.address(), True)],
        "groups": [(text, listed)],
        "admin": True,
        "roles": settings_view.ROLES,
        "accounts": [],
        "opened": None,
        "typed": refused(text),
        "sign_on": text,
        "suggested": text,
        "asking": None,
        "said": "",
        "trouble": text,
    }


def asked(text: str) -> Values:
    """What is asked before a setting is changed."""
    return {**settings(text), "asking": Asking(text, (text,), text, ((text, text), ("do", text)))}


def accounts(text: str) -> Values:
    """The accounts on the page 设置, one of them open."""
    view = settings_view.View(shelf=settings_view.ACCOUNTS, account=text)
    words = dict.fromkeys(("name", "role", "two_step", "signed_in", "changed"), text)
    row = settings_view.AccountRow(address=view.address(), **words, here=True)
    opened = Account(text, Role.EDITOR, text, text, text, two_step=True, identity=text, bound=True)
    return {**settings(text), "view": view, "accounts": [row], "opened": opened}


def new_account(text: str) -> Values:
    """The form for a new account, with the name that was refused."""
    view = settings_view.View(shelf=settings_view.ACCOUNTS, new=text)
    return {**accounts(text), "view": view, "opened": None}


def snapshots(text: str) -> Values:
    """The page 发布 with a row, a snapshot that was held back, and a file that was left out."""
    view = snapshot_view.View(name=text)
    words = dict.fromkeys(("title", "name", "state", "built", "who", "golden", "note"), text)
    row = snapshot_view.Row(address=view.address(), **words, troubled=True, documents=1, here=True)
    told = dict.fromkeys(("name", "title", "held", "head", "remark", "wish", "seen", "seen_title"), text)
    compared = snapshot_panel.Compared(text, text, text, text, text, text)
    opened = snapshot_panel.Panel(
        **told,
        facts=((text, text),),
        files=(snapshot_panel.FileChange(text, text, text),),
        kinds=(snapshot_panel.Kind(text, (compared,), 3),),
        may_publish=True,
        needs_reason=True,
        to_see=True,
        changed_again=(),
        older=True,
        compared=True,
        wished=True,
    )
    return {
        "view": view,
        "rows": [row],
        "publishing": held(text),
        "built": (text, text),
        "left_out": [(text, text, text)],
        "panel": opened,
        "typed": refused(text, "anyway"),
        "said": "",
        "trouble": text,
    }


def two_step(text: str) -> Values:
    """The page 两步登录 with a secret that waits to be confirmed."""
    own = OwnSecondStep(on=False, secret=text, address=text, left=0)
    shown = {"own": own, "code": picture(text), "codes": (), "required": True, "said": "", "trouble": text}
    return {**shown, "just": False, "sign_on": text}


def recovery(text: str) -> Values:
    """The recovery codes, shown once."""
    own = OwnSecondStep(on=True, secret="", address="", left=1)
    shown = {"own": own, "code": NOTHING, "codes": (text,), "required": False, "said": text, "trouble": ""}
    return {**shown, "just": True, "sign_on": text}


def no_second_step(text: str) -> Values:
    """The page 两步登录 before it is set up, for somebody without a password."""
    own = OwnSecondStep(on=False, secret="", address="", left=0)
    return {**recovery(text), "own": own, "codes": (), "just": False}


# Each page as it is tried, some in several states.
PAGES: tuple[tuple[str, Callable[[str], Values]], ...] = (
    ("staff/golden/page.html", golden),
    ("staff/golden/page.html", uncovered),
    ("staff/settings/page.html", settings),
    ("staff/settings/page.html", asked),
    ("staff/settings/page.html", accounts),
    ("staff/settings/page.html", new_account),
    ("staff/snapshots/page.html", snapshots),
    ("staff/two_step/page.html", two_step),
    ("staff/two_step/page.html", recovery),
    ("staff/two_step/page.html", no_second_step),
    ("staff/sign_in/arrived.html", lambda text: {"to": f"/staff/{text}"}),
    ("staff/two_step/code.html", lambda text: {"token": text, "note": text}),
    *FURTHER,
)
