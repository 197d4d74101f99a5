"""The file of golden questions as staff change it: whole after every change, and nothing of another's lost."""

import json
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from index.files import atomic
from index.snapshots.served import load_served
from qa.answering.reply import Turn
from qa.evaluation.golden import read_golden
from qa.evaluation.results import GoldenResult
from qa.evaluation.squad import QuestionFileError
from qa.publishing import records
from qa.publishing.records import Record
from qa.runtime.errors import Missing, Overtaken, Unfit
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden_file import GoldenNotWritten, NewGolden
from tests.support.programs.feedback_office import LoopOffice

NEW = NewGolden(question="校长是谁？", must=(("王芳", "王校长"),), evidence="校长王芳", tags=("staff",))
OLD = '{"id": "g1", "question": "商会有多少会员？", "must": [["237家"]], "answerable": true, "tags": ["a"], "by": "李"}'


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    office = LoopOffice(tmp_path)
    office.golden.write_text(f"{OLD}\n", encoding="utf-8")
    return office


def test_what_is_added_is_asked_and_the_other_lines_stay_as_they_were(office: LoopOffice) -> None:
    made = office.agree(office.console().golden.propose(NEW))
    assert office.golden.read_text(encoding="utf-8").splitlines()[0] == OLD
    _, golden = read_golden(office.golden)
    assert (golden.question_id, golden.question, golden.must, golden.tags) == (
        made.golden,
        "校长是谁？",
        (("王芳", "王校长"),),
        ("staff",),
    )
    assert office.console().golden.get(made.golden).as_new() == NEW
    assert office.console().golden.propose(replace(NEW, question="书记是谁？")).golden == "s002"


def test_a_change_keeps_what_other_tools_wrote(office: LoopOffice) -> None:
    desk = office.console().golden
    entry = desk.get("g1")
    new = replace(entry.as_new(), must=(("238家",),), evidence="会员企业238家")
    office.agree(desk.propose_change("g1", entry.version, new, why="换届"))
    content = json.loads(office.golden.read_text(encoding="utf-8"))
    assert (content["must"], content["by"], content["id"]) == ([["238家"]], "李", "g1")
    row = office.console().audit()[-1]
    assert (row.action, f"was {OLD}" in row.target) == ("golden", True), "what was there before is in the audit log"


def test_the_second_of_two_that_edit_one_question_is_told(office: LoopOffice) -> None:
    seen = office.console().golden.get("g1")
    change = replace(seen.as_new(), evidence="会员企业237家")
    first = office.console("王芳").golden.propose_change("g1", seen.version, change, why="换届")
    other = replace(change, question="会员多少？")
    with pytest.raises(Unfit, match=f"第{first.id}号改动在等待"):
        office.console("李强").golden.propose_change("g1", seen.version, other, why="换届")
    office.agree(first)
    with pytest.raises(Overtaken, match="g1.*没有保存"):
        office.console("李强").golden.propose_change("g1", seen.version, other, why="换届")
    now = office.console().golden.get("g1")
    assert now.question == "商会有多少会员？"
    assert office.console("李强").golden.propose_change("g1", now.version, other, why="换届")


def _add(home: Path, number: int) -> None:
    settings = read({"QA_HOME": str(home), "QA_DOCUMENTS": str(home / "documents")})
    golden = Console(settings, who=f"第{number}人", role=Role.EDITOR).golden
    other = Console(settings, who="赵蕾", role=Role.PUBLISHER).golden
    for turn in range(5):
        made = golden.propose(replace(NEW, question=f"第{number}人的第{turn}个问题？"))
        other.approve(made.id, made.version)


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
        ({"must": (("王芳",),) * 31}, "最多30项"),
        ({"must": (("王芳",) * 31,)}, "最多30项"),
        ({"tags": tuple(map(str, range(31)))}, "标签有31项"),
        ({"tags": ("长" * 41,)}, "最多40个"),
        ({"history": (Turn("问", "答"),) * 7}, "最多6项"),
        ({"history": (Turn("问", "长" * 501),)}, "最多500个"),
        ({"question": "商会有多少会员？"}, "g1"),
    ],
)
def test_what_would_test_nothing_is_refused(office: LoopOffice, to: dict[str, object], told: str) -> None:
    before = office.golden.read_bytes()
    with pytest.raises(Unfit, match=told):
        office.console().golden.propose(replace(NEW, **to))  # type: ignore[arg-type]  # one field at a time
    assert office.golden.read_bytes() == before


def test_a_question_that_must_be_refused_needs_no_words(office: LoopOffice) -> None:
    made = office.agree(office.console().golden.propose(NewGolden(question="红烧肉怎么做？", answerable=False)))
    assert [q.answerable for q in read_golden(office.golden) if q.question_id == made.golden] == [False]


def test_the_last_question_is_never_removed(office: LoopOffice) -> None:
    made = office.agree(office.console().golden.propose(NEW))
    entry, last = (office.console().golden.get(one) for one in (made.golden, "g1"))
    with pytest.raises(Overtaken):
        office.console().golden.propose_removal(entry.id, "another", why="过时")
    both = [office.console().golden.propose_removal(one.id, one.version, why="过时") for one in (entry, last)]
    office.agree(both[0])
    with pytest.raises(Missing):
        office.console().golden.get(entry.id)
    with pytest.raises(Unfit, match="最后一道"):
        office.agree(both[1])
    assert office.console().golden.get("g1") == last
    assert [one.id for one in office.console().golden.proposals()] == [both[1].id], "it waits on"
    office.console().golden.take_back(both[1].id, both[1].version)
    with pytest.raises(Unfit, match="最后一道"):
        office.console().golden.propose_removal("g1", last.version, why="过时")


def test_a_disk_that_fails_leaves_the_file_and_says_so(office: LoopOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atomic.replace

    def full(path: Path, content: bytes, *, mode: int = 0o666) -> None:
        if path == office.golden:
            raise OSError(28, os.strerror(28))
        real(path, content, mode=mode)

    before, made = office.golden.read_bytes(), office.console().golden.propose(NEW)
    with monkeypatch.context() as broken:
        broken.setattr(atomic, "replace", full)
        with pytest.raises(GoldenNotWritten, match="检查权限"):
            office.agree(made)
    assert office.golden.read_bytes() == before
    assert office.console().golden.proposals() == (made,), "it waits on"
    assert office.agree(made).golden == office.console().golden.get("s001").id


def test_a_file_that_cannot_be_read_is_left_alone(office: LoopOffice) -> None:
    office.golden.write_text("{\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="line 1"):
        office.console().golden.propose(NEW)
    assert office.golden.read_text(encoding="utf-8") == "{\n"


def test_results_stand_beside_each_question_and_what_gates_is_marked(office: LoopOffice) -> None:
    store = office.console()._store
    candidate = store.save(load_served(store, model="toy-1").snapshot)

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
    new = replace(entry.as_new(), question="会员多少？", evidence="237家")
    office.agree(desk.propose_change("g1", entry.version, new, why="换个说法"))
    (row,) = desk.rows()
    assert (row.published, row.gates) == (None, False), "it was asked in other words"
    assert desk.rows(text="没有") == desk.rows(tag="没有") == []
