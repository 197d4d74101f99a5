"""One person alone brings nothing false before citizens that a golden question guards, in whatever order."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest

from index.embedding import bundled_model
from index.snapshots.store import Loaded, StoreError
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.publishing.progress import State
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage import runtime_settings
from qa.storage.database import DATABASE
from tests.support.counts import count
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import GOLDEN
from tests.support.programs.refresh_office import RefreshOffice as Office

NAME, OTHER = "合作.txt", "另一份.txt"
ASKED, LIBRARY = "两地学校结成多少对帮扶对子？", "图书馆几点开门？"
TRUE, FALSE = COOPERATION.text, COOPERATION.text.replace("13对", "99对")
OPEN = "图书馆\n\n图书馆上午{}时开门。\n"
# During a publication: what is done as a step of it begins.
Meanwhile = Mapping[str, Sequence[str]]


class Hands:
    """Members of staff at one office; each move is refused or done, as the program decides."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.hours = 0

    def console(self, who: str) -> Console:
        settings = read({"QA_HOME": str(self.office.home), "QA_DOCUMENTS": str(self.office.folder)})
        models = Models(lambda: self.office.embedder, self.reader)
        return Console(settings, who=who, role=Role.PUBLISHER, models=models)

    def reader(self) -> SimilarityReader:
        reader = SimilarityReader(self.office.embedder)
        reader.threshold = self.office.threshold
        return reader

    def move(self, name: str, *, who: str = "王芳", meanwhile: Meanwhile | None = None) -> bool:
        """Do one thing; return whether it was allowed."""
        moves: dict[str, Callable[[Console], object]] = {
            "withdraw": lambda one: one.documents.withdraw(NAME, why="有误"),
            "reinstate": lambda one: one.documents.reinstate(NAME),
            "false": lambda one: self._upload(one, NAME, FALSE),
            "true": lambda one: self._upload(one, NAME, TRUE),
            "other name": lambda one: self._upload(one, OTHER, FALSE),
            "unasked": self._unasked,
            "delete": lambda one: one.documents.delete(NAME, version=self._version(one, NAME), why="重复"),
            "withdraw the other": lambda one: one.documents.withdraw(OTHER, why="重复"),
            "reinstate the other": lambda one: one.documents.reinstate(OTHER),
            "delete the other": lambda one: one.documents.delete(OTHER, version=self._version(one, OTHER), why="重复"),
            "publish": lambda one: self._publish(who, meanwhile or {}),
            "newest": lambda one: one.publish(self.office.store.names()[-1]),
            "newest, with a reason": lambda one: one.publish(self.office.store.names()[-1], why="看过了"),
            "the one before": lambda one: one.publish(self.office.store.names()[-2:][0]),
            "the first": lambda one: one.publish(self.office.store.names()[0]),
        }
        try:
            moves[name](self.console(who))
        except (StaffRefused, StoreError):
            return False
        return True

    def _version(self, one: Console, name: str) -> str:
        return next((row.version for row in one.documents.list() if row.name == name), "")

    def _upload(self, one: Console, name: str, text: str) -> None:
        one.documents.upload(name, BytesIO(text.encode()), replacing=self._version(one, name))

    def _unasked(self, one: Console) -> None:
        """Another file, which answers what citizens asked in vain: a snapshot with it waits for a look."""
        self.hours += 1
        self._upload(one, "图书馆.txt", OPEN.format(self.hours))

    def _publish(self, who: str, meanwhile: Meanwhile) -> None:
        begun: list[str] = []

        def each(state: State) -> None:
            if state.step not in begun:
                begun.append(state.step)
                for name in meanwhile.get(state.step, ()):
                    self.move(name, who=who)

        self.office.each = each
        try:
            self.office.refresh(who=who)
        finally:
            self.office.each = lambda state: None

    def told(self) -> str:
        """What citizens are told now."""
        served = Loaded(self.office.store.load_served(model="toy-1").snapshot)
        switches = runtime_settings.current(self.office.home / DATABASE)
        return (
            Assistant(lambda: served, self.office.embedder, self.reader(), Synonyms([]), switches=lambda: switches)
            .ask(ASKED)
            .text
        )


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """One document published, its golden question, and a question that citizens ask in vain."""
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    office = Office(tmp_path)
    office.four_eyes = True
    office.golden, office.threshold, office.asked = GOLDEN[1:], 0.45, [LIBRARY]
    kept = {"id": "g2", "question": ASKED, "must": [["13对"]], "answerable": True}
    (tmp_path / "golden.jsonl").write_text(json.dumps(kept), encoding="utf-8")
    office.write(NAME, TRUE)
    office.write("另有.txt", "村里\n\n村里有3口井。\n")
    office.refresh()
    hands = Hands(office)
    assert "13对" in hands.told() and hands.console("王芳").documents.withdrawn() == ()
    return hands


PUT_BACK: Meanwhile = {"embed": ["true"], "judge": ["withdraw"]}
ORDERS: dict[str, list[str | Meanwhile]] = {
    "judged while it was withdrawn": ["withdraw", "false", {}, "reinstate"],
    "reinstated while it is judged": ["withdraw", "false", {"publish": ["true", "reinstate"]}, "reinstate"],
    "put back and withdrawn while it is read": ["false", {**PUT_BACK, "publish": ["reinstate"]}, "reinstate"],
    "the same, held back unseen": ["false", "unasked", PUT_BACK, "reinstate", "newest", "newest, with a reason"],
    "withdrawn while held back unseen": ["unasked", {}, "withdraw", "false", "newest", {}, "reinstate", "newest"],
    "under another name": ["withdraw", "other name", {}],
    "under another name, unseen": ["withdraw", "other name", "unasked", {}, "newest"],
    "deleted and reinstated": ["withdraw", "delete", {}, "reinstate", "false", {}],
    "deleted, under another name": ["withdraw", "delete", {}, "reinstate", "other name", {}],
    "beside it": ["other name", {}, "withdraw"],
    "beside it, withdrawn before": ["other name", {}, "withdraw the other", "withdraw", "reinstate the other"],
    "beside it, gone back to": ["other name", {}, "delete the other", {}, "withdraw", "the one before", "newest"],
    "beside it, withdrawn while judged": ["other name", {"judge": ["withdraw"]}, "newest"],
    "beside it, withdrawn while published": ["other name", {"publish": ["withdraw"]}, "newest", {}],
    "beside it, unseen": ["other name", "unasked", {}, "withdraw", "newest", {}, "newest"],
    "back and forth": ["withdraw", "false", {}, "the first", "true", {}, "reinstate", "the one before", "newest"],
}


def do(hands: Hands, order: Sequence[str | Meanwhile]) -> None:
    for one in order:
        if isinstance(one, str):
            hands.move(one)
        else:
            hands.move("publish", meanwhile=one)
        assert "99对" not in hands.told(), (one, order)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_one_person_alone_brings_nothing_false_before_citizens(hands: Hands, order: list[str | Meanwhile]) -> None:
    do(hands, order)


SINGLE = ["withdraw", "reinstate", "false", "true", "unasked", "delete"]
SINGLE += ["other name", "withdraw the other", "reinstate the other", "delete the other"]
SINGLE += ["newest", "newest, with a reason", "the one before", "the first"]
MOVES = SINGLE + ["publish"] * 5


@pytest.mark.parametrize("seed", range(count(12, whole=120)))
def test_nor_in_any_other_order(hands: Hands, seed: int) -> None:
    chance = random.Random(seed)
    order: list[str | Meanwhile] = []
    for _ in range(12):
        move = chance.choice(MOVES)
        steps = chance.sample(["embed", "judge", "publish"], chance.choice([0, 0, 1, 2, 3]))
        meanwhile = {step: chance.sample(SINGLE, chance.choice([1, 2])) for step in steps}
        order.append(meanwhile if move == "publish" else move)
    do(hands, order)


def test_another_person_may_answer_for_what_changed_and_is_asked_once(hands: Hands) -> None:
    for move in ("withdraw", "false", "publish"):
        assert hands.move(move)
    assert not hands.move("reinstate") and "99对" not in hands.told()
    assert hands.move("reinstate", who="李强") and "99对" in hands.told(), "the control: it would be noticed"
    assert hands.move("unasked") and hands.move("publish") and hands.move("newest")
    assert "99对" in hands.told() and hands.office.store.published() == "snapshot-000003", "nothing is held back for it"


def test_what_was_published_unjudged_comes_back_by_two_persons(hands: Hands) -> None:
    for move in ("withdraw", "false", "publish"):
        assert hands.move(move)
    for move, who in (("true", "李强"), ("publish", "李强"), ("reinstate", "赵敏")):
        assert hands.move(move, who=who), "colleagues put it right"
    assert not hands.move("the one before"), "a reason is asked for"
    one = next(one for one in hands.console("王芳").snapshots() if one.name == "snapshot-000002")
    assert one.was_published and one.unguarded and "检验的时候合作.txt停止引用" in one.unjudged
    assert hands.console("王芳").publish("snapshot-000002", why="要换回去") is False and "13对" in hands.told()
    assert not hands.console("王芳").snapshots()[1].forced
    assert hands.console("李强").publish("snapshot-000002", why="同意") and "99对" in hands.told()


def test_a_withdrawn_document_holds_back_nothing_that_answers_no_question_of_it(hands: Hands) -> None:
    hands.move("withdraw")
    hands.office.write("村里.txt", "村里\n\n村里有5口塘。\n")
    assert hands.office.refresh().published, "its question has no answer"
    hands.move("reinstate")
    hands.office.write("村里.txt", "村里\n\n村里有6口塘。\n")
    assert hands.office.refresh().published and "13对" in hands.told()
