"""The file of golden questions as staff change it: whole after every change, and nothing of another's lost."""

import json
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from index.files import atomic
from qa.evaluation.golden import read_golden
from qa.evaluation.results import GoldenResult
from qa.evaluation.squad import QuestionFileError
from qa.publishing import records
from qa.publishing.records import Record
from qa.runtime.errors import Missing, NotAllowed, Overtaken, Unfit
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden import GoldenNotWritten, NewGolden
from tests.support.programs.feedback_office import LoopOffice

NEW = NewGolden(question="校长是谁？", must=(("王芳", "王校长"),), evidence="校长王芳", tags=("staff",))
OLD = '{"id": "g1", "question": "商会有多少会员？", "must": [["237家"]], "answerable": true, "tags": ["a"], "by": "李"}'


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    office = LoopOffice(tmp_path)
    office.golden.write_text(f"{OLD}\n", encoding="utf-8")
    return office


def test_what_is_added_is_asked_and_the_other_lines_stay_as_they_were(office: LoopOffice) -> None:
    entry = office.console().golden.add(NEW)
    assert office.golden.read_text(encoding="utf-8").splitlines()[0] == OLD
    _, golden = read_golden(office.golden)
    assert (golden.question_id, golden.question, golden.must, golden.tags) == (
        entry.id,
        "校长是谁？",
        (("王芳", "王校长"),),
        ("staff",),
    )
    assert office.console().golden.get(entry.id) == entry
    assert office.console().golden.add(replace(NEW, question="书记是谁？")).id == "s002"


def test_a_change_keeps_what_other_tools_wrote(office: LoopOffice) -> None:
    desk = office.console().golden
    entry = desk.get("g1")
    desk.change("g1", entry.version, replace(entry.as_new(), must=(("238家",),), evidence="会员企业238家"), why="换届")
    content = json.loads(office.golden.read_text(encoding="utf-8"))
    assert (content["must"], content["by"], content["id"]) == ([["238家"]], "李", "g1")
    row = office.console().audit()[-1]
    assert (row.action, "237家" in row.target) == ("golden", True), "what was there before is in the audit log"


def test_the_second_of_two_that_edit_one_question_is_told(office: LoopOffice) -> None:
    seen = office.console().golden.get("g1")
    change = replace(seen.as_new(), evidence="会员企业237家")
    office.console("王芳").golden.change("g1", seen.version, change, why="换届")
    with pytest.raises(Overtaken, match="g1.*没有保存"):
        office.console("李强").golden.change("g1", seen.version, replace(change, question="会员多少？"), why="换届")
    now = office.console().golden.get("g1")
    assert now.question == "商会有多少会员？"
    assert office.console("李强").golden.change("g1", now.version, replace(change, question="会员多少？"), why="换届")


def _add(home: Path, number: int) -> None:
    settings = read({"QA_HOME": str(home), "QA_DOCUMENTS": str(home / "documents")})
    golden = Console(settings, who=f"第{number}人", role=Role.EDITOR).golden
    for turn in range(5):
        golden.add(replace(NEW, question=f"第{number}人的第{turn}个问题？"))


def test_several_processes_that_add_at_once_lose_nothing(office: LoopOffice) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_add, args=(office.home, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    golden = read_golden(office.golden)
    assert len({question.question for question in golden}) == len({q.question_id for q in golden}) == 21


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ({"question": "  "}, "填写问题"),
        ({"question": "长" * 501}, "缩短"),
        ({"must": ()}, "必须包含"),
        ({"must": (("王芳",), ("", " "))}, "必须包含"),
        ({"evidence": ""}, "依据"),
        ({"answerable": False}, "拒答"),
        ({"question": "商会有多少会员？"}, "g1"),
    ],
)
def test_what_would_test_nothing_is_refused(office: LoopOffice, to: dict[str, object], told: str) -> None:
    before = office.golden.read_bytes()
    with pytest.raises(Unfit, match=told):
        office.console().golden.add(replace(NEW, **to))  # type: ignore[arg-type]  # one field at a time
    assert office.golden.read_bytes() == before


def test_a_question_that_must_be_refused_needs_no_words(office: LoopOffice) -> None:
    entry = office.console().golden.add(NewGolden(question="红烧肉怎么做？", answerable=False))
    assert [q.answerable for q in read_golden(office.golden) if q.question_id == entry.id] == [False]


def test_only_who_publishes_changes_what_guards_a_refresh_and_says_why(office: LoopOffice) -> None:
    entry, before = office.console().golden.get("g1"), office.golden.read_bytes()
    weaker = NewGolden(question="asdf qwer zxcv", answerable=False)
    with pytest.raises(NotAllowed):
        office.console(role=Role.EDITOR).golden.change("g1", entry.version, weaker, why="看看")
    with pytest.raises(Unfit, match="修改的原因"):
        office.console(role=Role.PUBLISHER).golden.change("g1", entry.version, weaker, why=" ")
    assert office.golden.read_bytes() == before
    assert office.console(role=Role.EDITOR).golden.add(NEW), "a further one only makes it stricter"
    office.console(role=Role.PUBLISHER).golden.change("g1", entry.version, weaker, why="已撤销")
    assert office.console().audit()[-1].why == "已撤销"


def test_only_who_publishes_removes_and_never_the_last(office: LoopOffice) -> None:
    entry = office.console().golden.add(NEW)
    with pytest.raises(NotAllowed):
        office.console(role=Role.EDITOR).golden.remove(entry.id, entry.version, why="过时")
    with pytest.raises(Overtaken):
        office.console(role=Role.PUBLISHER).golden.remove(entry.id, "another", why="过时")
    office.console(role=Role.PUBLISHER).golden.remove(entry.id, entry.version, why="过时")
    with pytest.raises(Missing):
        office.console().golden.get(entry.id)
    last = office.console().golden.get("g1")
    with pytest.raises(Unfit, match="最后一道"):
        office.console().golden.remove("g1", last.version, why="过时")


def test_a_disk_that_fails_leaves_the_file_and_says_so(office: LoopOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes, *, mode: int = 0o666) -> None:
        raise OSError(28, os.strerror(28))

    before = office.golden.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(atomic, "replace", full)
        with pytest.raises((GoldenNotWritten, OSError)):
            office.console().golden.add(NEW)
    assert office.golden.read_bytes() == before
    assert office.console().golden.add(NEW)


def test_a_file_that_cannot_be_read_is_left_alone(office: LoopOffice) -> None:
    office.golden.write_text("{\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="line 1"):
        office.console().golden.add(NEW)
    assert office.golden.read_text(encoding="utf-8") == "{\n"


def test_results_stand_beside_each_question_and_what_gates_is_marked(office: LoopOffice) -> None:
    store = office.console()._store
    candidate = store.save(store.load_served(model="toy-1").snapshot)

    def record(acceptable: bool) -> Record:
        given = GoldenResult("g1", "商会有多少会员？", True, acceptable, "right" if acceptable else "refused", "237家")
        return Record(who="王芳", made_at="", documents=1, passages=1, embedded=0, golden=(given,))

    desk = office.console().golden
    assert [(row.published, row.candidate, row.gates) for row in desk.rows()] == [(None, None, False)]
    records.write(store, "snapshot-000001", record(True))
    records.write(store, candidate, record(False))
    assert desk.compared() == ("snapshot-000001", candidate)
    (row,) = desk.rows()
    assert row.published and row.candidate
    assert (row.published.acceptable, row.candidate.acceptable, row.gates) == (True, False, True)
    entry = desk.get("g1")
    desk.change("g1", entry.version, replace(entry.as_new(), question="会员多少？", evidence="237家"), why="换个说法")
    (row,) = desk.rows()
    assert (row.published, row.gates) == (None, False), "it was asked in other words"
    assert desk.rows(text="没有") == desk.rows(tag="没有") == []
