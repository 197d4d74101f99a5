"""One member of staff at an office, who tries to bring a false figure before citizens; colleagues may help."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from index.snapshots.errors import StoreError
from index.snapshots.served import Loaded, load_served
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.publishing.progress import State
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden_file import NewGolden
from qa.storage import runtime_settings
from qa.storage.database import DATABASE
from qa.storage.reviewed_answers import ReviewedAnswers
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import GOLDEN
from tests.support.programs.refresh_office import RefreshOffice as Office

NAME, OTHER, SOURCE = "合作.txt", "另一份.txt", "另有.txt"
ASKED, LIBRARY = "两地学校结成多少对帮扶对子？", "图书馆几点开门？"
TRUE, FALSE = COOPERATION.text, COOPERATION.text.replace("13对", "99对")
WELLS = "村里\n\n村里有{}口井。\n"
OPEN = "图书馆\n\n图书馆上午{}时开门。\n"
TODAY = date.today()
TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=300)
# During a publication: what is done as a step of it begins.
Meanwhile = Mapping[str, Sequence[str]]


class Hands:
    """Members of staff at one office; each move is refused or done, as the program decides."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.hours = 0
        self.answer = 0

    def console(self, who: str) -> Console:
        places = {"QA_HOME": str(self.office.home), "QA_DOCUMENTS": str(self.office.folder)}
        settings = read({**places, "QA_FOUR_EYES": "yes" if self.office.four_eyes else "no"})
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
            "copied": lambda one: self.office.write(OTHER, FALSE),
            "copied again": lambda one: self.office.write("又一份.txt", FALSE),
            "copied over": lambda one: self.office.write(NAME, FALSE),
            "unasked": self._unasked,
            "delete": lambda one: one.documents.delete(NAME, version=self._version(one, NAME), why="重复"),
            "withdraw the other": lambda one: one.documents.withdraw(OTHER, why="重复"),
            "reinstate the other": lambda one: one.documents.reinstate(OTHER),
            "delete the other": lambda one: one.documents.delete(OTHER, version=self._version(one, OTHER), why="重复"),
            "ends today": lambda one: self._edit(one, NAME, in_force_until=TODAY),
            "ended": lambda one: self._edit(one, NAME, in_force_until=TODAY - timedelta(days=1)),
            "lasts": lambda one: self._edit(one, NAME, in_force_until=None),
            "the other begins tomorrow": lambda one: self._edit(one, OTHER, in_force_from=TOMORROW),
            "the other holds": lambda one: self._edit(one, OTHER, in_force_from=None),
            "repealed from tomorrow": lambda one: self._upload(one, "新办法.txt", _repeal()),
            "leave it out": lambda one: one.documents.leave_out([NAME], why="先不发布"),
            "leave the other out": lambda one: one.documents.leave_out([OTHER], why="先不发布"),
            "put it back": lambda one: one.documents.put_back(NAME),
            "put the other back": lambda one: one.documents.put_back(OTHER),
            "stop the answer": self._stop_answer,
            "stop the source": lambda one: one.documents.withdraw(SOURCE, why="重复"),
            "reinstate the source": lambda one: one.documents.reinstate(SOURCE),
            "change the source": lambda one: self._upload(one, SOURCE, WELLS.format(4)),
            "the source ends today": lambda one: self._edit(one, SOURCE, in_force_until=TODAY),
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

    def review(self, text: str = "两地学校结成13对帮扶对子。") -> None:
        """An answer to the question, written by one colleague and approved by another, from a file of its own."""
        desk = self.console("李强").reviewed
        place = desk.place(SOURCE, "村里有3口井")
        ends = TODAY + timedelta(days=200)
        answer = desk.write(
            [ASKED], text, owner="教委", expires_on=ends, document=SOURCE, start=place.start, end=place.end
        )
        self.answer = self.console("赵敏").reviewed.approve(answer.id, answer.version).id

    def _stop_answer(self, one: Console) -> None:
        if not self.answer:
            raise StaffRefused("没有人工审核答案")
        one.reviewed.withdraw(self.answer, one.reviewed.get(self.answer).version, "重复")

    def _edit(self, one: Console, name: str, **days: date | None) -> None:
        known = one.documents.metadata(name)
        values = {**known.values, **{field: day.isoformat() if day else "" for field, day in days.items()}}
        one.documents.edit(name, values, version=known.version)

    def change_golden(self, must: str) -> None:
        """Have the golden question want another figure: one colleague proposes it, another agrees."""
        golden = self.console("李强").golden
        (row,) = (one for one in golden.rows() if one.entry.question == ASKED)
        new = NewGolden(question=ASKED, must=((must,),), evidence=FALSE.splitlines()[2], tags=("direct",))
        proposed = golden.propose_change(row.entry.id, row.entry.version, new, why="新的数字")
        self.console("赵敏").golden.approve(proposed.id, proposed.version)

    def told(self, day: date = TODAY, *, asked: str = ASKED) -> str:
        """What citizens are told on a day, if nobody does anything until then."""
        served = Loaded(load_served(self.office.store, model=self.office.embedder.name).snapshot)
        switches = runtime_settings.current(self.office.home / DATABASE)
        reviewed = ReviewedAnswers(self.office.home / DATABASE, self.office.embedder, Synonyms([]))
        assistant = Assistant(
            lambda: served,
            self.office.embedder,
            self.reader(),
            Synonyms([]),
            today=lambda: day,
            reviewed=reviewed,
            switches=lambda: switches,
        )
        return assistant.ask(asked).text


def opened(home: Path, *, late: bool = False) -> Hands:
    """An office with one document published, its golden question, and a question that citizens ask in vain.

    Come `late`, the document is not in the first version, only in the second.
    """
    office = Office(home)
    office.four_eyes = True
    office.golden, office.threshold, office.asked = GOLDEN[1:], 0.45, [LIBRARY]
    kept = {"id": "g2", "question": ASKED, "must": [["13对"]], "answerable": True, "tags": ["direct"]}
    (home / "golden.jsonl").write_text(json.dumps(kept), encoding="utf-8")
    office.write(SOURCE, WELLS.format(3))
    if late:
        office.refresh()
    office.write(NAME, TRUE)
    office.refresh()
    return Hands(office)


def do(hands: Hands, order: Sequence[str | Meanwhile], *, days: Sequence[date] = (TODAY, TOMORROW, LATER)) -> None:
    """Do things one after the other; whatever is allowed, nobody reads the false figure on any of the days."""
    for one in order:
        if isinstance(one, str):
            hands.move(one)
        else:
            hands.move("publish", meanwhile=one)
        for day in days:
            assert "99对" not in hands.told(day), (one, order, day)


def _repeal() -> str:
    """A document that repeals the true one from tomorrow on, and says otherwise."""
    day = f"{TOMORROW.year}年{TOMORROW.month}月{TOMORROW.day}日"
    return f"合作办法\n\n两地学校结成99对帮扶对子。\n\n本办法自{day}起施行，《合作》同时废止。\n"
