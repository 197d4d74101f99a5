"""Where new golden questions come from: what citizens asked, reviewed answers, documents that no question covers."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.text.normalise import normalise
from qa.staff.console import Console
from qa.staff.quality.golden import GoldenRow
from qa.staff.questions.asked import AskedFilter, Shelf
from qa.storage.reviewed_answers import LIVE
from qa.web.staff.pages.golden.view import View

MOST = 20
# Kinds of question looked through; many of them are golden questions already.
LOOKED_THROUGH = 100
MOST_DOCUMENTS = 200


@dataclass(frozen=True, slots=True)
class Start:
    """A question or document that a new golden question may start from, and the address of that form."""

    words: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Starts:
    """All that the page offers."""

    asked: tuple[Start, ...]
    reviewed: tuple[Start, ...]


def starts(console: Console, golden: Sequence[GoldenRow], view: View) -> Starts:
    """Return questions that no golden question asks yet: answered ones from the log, and reviewed answers."""
    known = {normalise(row.entry.question) for row in golden}
    kinds = console.asked.find(AskedFilter(shelf=Shelf.ALL, outcome="answered"), size=LOOKED_THROUGH).kinds
    frequent = sorted((kind for kind in kinds if normalise(kind.question) not in known), key=lambda kind: -kind.count)
    asked = tuple(
        Start(kind.question, f"问过{kind.count}次", view.opening(new="1", reply=kind.reply)) for kind in frequent[:MOST]
    )
    reviewed = tuple(
        Start(one.questions[0], one.text, view.opening(new="1", answer=str(one.id)))
        for one in console.reviewed.list(state=LIVE)
        if normalise(one.questions[0]) not in known
    )
    return Starts(asked, reviewed[:MOST])


def uncovered(console: Console, view: View) -> list[Start]:
    """Return the published documents that no golden question is answered from."""
    titles = {row.name: row for row in console.documents.list()}
    names = [name for name in console.golden.uncovered() if name not in titles or titles[name].withdrawn is None]
    found = ((name, titles[name].title if name in titles else "") for name in names)
    return [
        Start(title or name, name if title and title != name else "", view.opening(new="1", document=name))
        for name, title in found
    ]
