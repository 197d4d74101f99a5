"""From “nobody could answer this” to “answered, and guarded by a test”."""

from dataclasses import replace
from pathlib import Path

import pytest

from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reply import Answer
from qa.publishing.progress import State
from qa.publishing.report import Report
from qa.publishing.serving import ServedSnapshot
from qa.storage.reviewed_answers import ReviewedAnswers
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.feedback_office import NEXT_YEAR, WORDS, LoopOffice

QUESTION = "谁能告诉我商会规模？"
TEXT = "商会规模：会员企业237家。"


def refresh(office: LoopOffice, *, force: bool = False) -> Report:
    def show(state: State) -> None: ...

    return office.console().refresh(show=show, force=force, why="试" if force else "")


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    office = LoopOffice(tmp_path)
    (office.folder / "合作.txt").write_text(COOPERATION.text, encoding="utf-8")
    golden = '{"id": "g1", "question": "两地学校结成多少对帮扶对子？", "must": [["13对"]], "answerable": true}\n'
    office.golden.write_text(golden, encoding="utf-8")
    assert refresh(office, force=True).published
    return office


def ask(office: LoopOffice, question: str) -> str:
    """What a citizen reads; what was not answered is in the log."""
    console = office.console()
    served = ServedSnapshot(console._store, model="toy-1")
    reviewed = ReviewedAnswers(office.home / "service.sqlite", office.embedder, Synonyms([]), seconds=0)
    reader = console.trial._models.reader().at(0.99)
    reply = Assistant(served, office.embedder, reader, Synonyms([]), reviewed=reviewed).ask(question)
    office.note(reply)
    return reply.text if isinstance(reply, Answer) else ""


@pytest.mark.long
def test_a_question_nobody_could_answer_is_answered_and_guarded(office: LoopOffice) -> None:
    assert ask(office, QUESTION) == ask(office, "商会规模谁能告诉我") == ""
    console = office.console()
    (group,) = console.todo.list(text="规模")
    assert (group.count, group.refused) == (2, 2)

    place = console.reviewed.place("合作.txt", WORDS)
    answer = console.reviewed.write(
        [group.question, "商会规模有多大？"],
        TEXT,
        owner="商务委",
        expires_on=NEXT_YEAR,
        document=place.document,
        start=place.start,
        end=place.end,
        todo=group.id,
    )
    office.console("李强").reviewed.approve(answer.id, answer.version)
    assert ask(office, QUESTION) == TEXT

    group, _ = console.todo.group(group.id)
    done = console.todo.done(group.id, group.version, console.todo.proposal(group.id))
    report = refresh(office)
    assert (report.built, report.golden_asked) == (None, 2), "only the golden questions changed, and they were asked"
    (row,) = [row for row in console.golden.rows() if row.entry.id == done.golden]
    assert row.gates and row.published and row.published.text == TEXT
    assert refresh(office).golden_seconds == 0, "nothing changed since"

    # Its source changes: the answer goes back to review, and the golden question holds the refresh.
    (office.folder / "合作.txt").write_text(COOPERATION.text.replace("237家", "250家"), encoding="utf-8")
    report = refresh(office)
    assert (report.refused, done.golden in report.fallen) == (True, True)
    assert ask(office, QUESTION) == TEXT, "what is published stays"


@pytest.mark.long
def test_without_the_answer_the_golden_question_fails(office: LoopOffice) -> None:
    console = office.console()
    ask(office, QUESTION)
    (group,) = console.todo.list()
    answer = office.review(group.question, text=TEXT)
    golden = console.todo.proposal(group.id)
    assert golden.must == ()
    office.agree(console.golden.propose(type(golden)(question=group.question, must=((TEXT,),), evidence=WORDS)))
    assert refresh(office).golden_right == 2
    console.reviewed.withdraw(answer.id, answer.version, "有误")
    entry = console.golden.get("s001")
    new = replace(entry.as_new(), tags=("again",))
    office.agree(console.golden.propose_change(entry.id, entry.version, new, why="再检验一次"))
    (office.folder / "产业.txt").write_text("产业园\n\n华峰产业园在白涛。\n", encoding="utf-8")
    report = refresh(office)
    assert report.golden_right == 1
