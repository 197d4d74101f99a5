"""The work that questions make: grouped by meaning, changed by one at a time, closed with a test that guards it."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.embedding.base import Vectors
from qa.answering.reply import Reason
from qa.evaluation.golden import read_golden
from qa.runtime.errors import Missing, Overtaken, Unfit
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.staff.quality.golden_file import NewGolden
from qa.staff.questions.gathering import AT_ONCE
from qa.staff.questions.groups import Group
from qa.storage.database import database_of
from tests.support.doubles.staff import PASSWORD
from tests.support.programs.feedback_office import NEXT_YEAR, NOW, QUOTED, REFUSED, WORDS, LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")

GOLDEN = NewGolden(question="校长是谁？", must=(("王芳",),), evidence="校长王芳")


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


def group_of(office: LoopOffice, question: str = "校长是谁？") -> Group:
    office.note(REFUSED, question)
    (group,) = office.console().todo.list(text=question)
    return group


def test_questions_of_one_meaning_are_counted_together_the_most_asked_first(office: LoopOffice) -> None:
    office.note(REFUSED, "校长是谁？", days=2)
    office.note(QUOTED, "产业园落户多少年？", days=1, verdict="down")
    office.note(REFUSED, "校長是谁")
    office.note(REFUSED, "校长是谁呢？", verdict="down")
    first, second = office.console().todo.list()
    assert (first.question, first.count, first.refused, first.unhelpful) == ("校长是谁？", 3, 3, 1)
    assert (second.question, second.count, second.refused, second.unhelpful) == ("产业园落户多少年？", 1, 0, 1)
    _, asked = office.console().todo.group(first.id)
    assert sorted(one.question for one in asked) == sorted(["校长是谁呢？", "校長是谁", "校长是谁？"])
    assert asked[-1].question == "校长是谁？", "the newest first"


def test_answers_in_which_documents_contradict_each_other_are_work(office: LoopOffice) -> None:
    office.note(QUOTED, "会费是多少？")
    assert office.console().todo.list() == ()
    office.note(replace(QUOTED, contradictory=True), "会费是多少？")
    (group,) = office.console().todo.list()
    assert (group.count, group.refused, group.unhelpful, group.contradictory) == (1, 0, 0, 1)
    _, (asked,) = office.console().todo.group(group.id)
    assert (asked.status, asked.reason) == ("answered", "contradictory")


@pytest.mark.parametrize("other", ["2022年的产值是多少？", "2021年的产值不是多少？", "2021年的产值是谁算的？"])
def test_another_year_a_denial_or_another_thing_asked_is_another_group(office: LoopOffice, other: str) -> None:
    office.note(REFUSED, "2021年的产值是多少？")
    office.note(REFUSED, "2021年产值是多少")
    office.note(REFUSED, other)
    assert [group.count for group in office.console().todo.list()] == [2, 1]


def test_greetings_noise_and_good_answers_are_no_work(office: LoopOffice) -> None:
    for reason in (Reason.SMALL_TALK, Reason.UNSAFE, Reason.UNCLEAR):
        office.note(replace(REFUSED, reason=reason))
    office.note(QUOTED, verdict="up")
    assert office.console().todo.list() == ()
    office.note(REFUSED)
    assert len(office.console().todo.list()) == 1


def test_each_question_is_embedded_once(office: LoopOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []
    encode = office.embedder.encode_queries

    def encode_and_note(texts: Sequence[str]) -> Vectors:
        encoded.extend(texts)
        return encode(texts)

    monkeypatch.setattr(office.embedder, "encode_queries", encode_and_note)
    for question in ("校长是谁？", "校长是谁？", "食堂几点开门？"):
        office.note(REFUSED, question)
    assert office.console().todo.list() == office.console().todo.list()
    assert sorted(encoded) == ["校长是谁?", "食堂几点开门?"]


def test_groups_made_with_another_model_are_embedded_anew(office: LoopOffice) -> None:
    before = group_of(office)
    office.embedder.name = "toy-2"
    assert office.console().todo.list() == (before,)
    office.note(REFUSED, "校长是谁呢？")
    (after,) = office.console().todo.list()
    assert (after.id, after.count) == (before.id, 2)


def test_what_no_time_is_left_for_is_counted_and_gathered_the_next_time(office: LoopOffice) -> None:
    for number in range(AT_ONCE + 4):
        office.note(REFUSED, f"第{number}路公交车几点发车？")
    todo = office.console().todo
    assert todo.gather(seconds=0) == AT_ONCE + 4 and todo.list(seconds=0) == ()
    assert todo.gather(seconds=1e-9) == 4
    assert todo.gather() == 0 and sum(group.count for group in todo.list(seconds=0)) == AT_ONCE + 4


def test_gathering_at_once_makes_each_group_once(office: LoopOffice) -> None:
    for number in range(30):
        office.note(REFUSED, f"{'甲乙丙'[number % 3]}学校的校长是谁？")
    threads = [threading.Thread(target=lambda: office.console().todo.list()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    groups = office.console().todo.list()
    assert sum(group.count for group in groups) == 30
    assert all(group.count for group in groups), "a group without a question was opened by two at once"


def test_staff_assign_note_and_name_the_document(office: LoopOffice) -> None:
    group = group_of(office)
    todo = office.console("李强", Role.EDITOR).todo
    with pytest.raises(Unfit, match="没有账号“李强”"):
        todo.change(group.id, group.version, assignee="李强")
    Accounts(database_of(office.settings)).add("李强", Role.EDITOR, PASSWORD)
    to = {"assignee": "李强", "note": "问教委", "document": "学校.docx", "state": "working"}
    changed = todo.change(group.id, group.version, **to)
    assert {name: getattr(changed, name) for name in to} == to
    assert (changed.changed_by, changed.version) == ("李强", group.version + 1)
    assert todo.list(state="working", assignee="李强") == (changed,)
    assert todo.list(state="open") == ()
    row = office.console().audit()[-1]
    assert (row.who, row.action, row.outcome) == ("李强", "todo", "done")
    Accounts(database_of(office.settings)).remove("李强")
    kept = todo.change(group.id, changed.version, assignee="李强", note="他走了")
    assert (kept.assignee, kept.note) == ("李强", "他走了"), "who was assigned before stays until somebody else is"
    assert todo.change(group.id, kept.version, assignee="").assignee == ""


def test_the_second_of_two_is_told_and_nothing_of_the_first_is_lost(office: LoopOffice) -> None:
    group = group_of(office)
    office.console("王芳").todo.change(group.id, group.version, note="第一个")
    with pytest.raises(Overtaken, match="王芳.*没有保存"):
        office.console("李强").todo.change(group.id, group.version, note="第二个")
    (now,) = office.console().todo.list()
    assert (now.note, now.changed_by) == ("第一个", "王芳")
    assert office.console("李强").todo.change(group.id, now.version, note="第三个").note == "第三个"


def test_of_many_that_change_one_group_at_once_one_succeeds(office: LoopOffice) -> None:
    group = group_of(office)
    outcomes: list[str] = []

    def change(number: int) -> None:
        try:
            outcomes.append(office.console().todo.change(group.id, group.version, note=f"{number}").note)
        except Overtaken:
            outcomes.append("told")

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("told") == 7
    assert office.console().todo.list()[0].note in outcomes


def test_a_question_that_does_not_belong_gets_a_group_of_its_own(office: LoopOffice) -> None:
    group = group_of(office)
    stray = office.note(REFUSED, "校长是谁呢？")
    todo = office.console().todo
    assert todo.list()[0].count == 2
    with pytest.raises(Missing):
        todo.separate(group.id, group.version, "nothing")
    new = todo.separate(group.id, group.version, stray)
    assert sorted((one.id, one.count) for one in todo.list()) == [(group.id, 1), (new.id, 1)]


def test_done_proposes_a_golden_question_which_another_person_puts_into_the_file(office: LoopOffice) -> None:
    group = group_of(office)
    todo = office.console().todo
    done = todo.done(group.id, group.version, GOLDEN)
    (made,) = office.console().golden.proposals()
    assert (done.state, done.golden, made.golden, made.authors) == ("done", "s001", "s001", ("王芳",))
    assert (todo.waiting(), "等另一位同事" in todo.guarded_by(done), office.golden.exists()) == (1, True, False)
    office.agree(made)
    (golden,) = read_golden(office.golden)
    assert (golden.question_id, golden.question, golden.must) == ("s001", "校长是谁？", (("王芳",),))
    assert (todo.waiting(), "下次发布" in todo.guarded_by(done)) == (0, True)
    assert [(row.action, row.target.split()[0]) for row in office.console().audit() if row.outcome == "done"] == [
        ("todo", f"{group.id}"),
        ("golden", "approve"),
    ]


@pytest.mark.parametrize("by", ["赵蕾", "王芳"])
def test_a_group_whose_golden_question_is_not_agreed_to_is_not_done(office: LoopOffice, by: str) -> None:
    group = group_of(office)
    done = office.console().todo.done(group.id, group.version, GOLDEN)
    (made,) = office.console().golden.proposals()
    desk = office.console(by).golden
    desk.take_back(made.id, 1) if by in made.authors else desk.reject(made.id, 1, why="不妥")
    (again,) = office.console().todo.list()
    assert (again.state, again.golden, again.version, again.changed_by) == ("working", None, done.version + 1, by)


def answered(office: LoopOffice, group: Group, *, by: str = "王芳", question: str = "") -> None:
    """A reviewed answer to the group, written by 李强 and approved by `by`."""
    desk = office.console("李强", Role.EDITOR).reviewed
    place = desk.place("合作.txt", WORDS)
    answer = desk.write(
        [question or group.question],
        "会员企业共237家。",
        owner="商务委",
        expires_on=NEXT_YEAR,
        document=place.document,
        start=place.start,
        end=place.end,
        todo=group.id,
    )
    office.console(by).reviewed.approve(answer.id, answer.version)


def test_the_words_of_an_answer_that_another_approved_need_no_second_consent(office: LoopOffice) -> None:
    answered(office, group_of(office, "商会的会员有多少？"))
    (group,) = office.console().todo.list()
    todo = office.console("李强", Role.EDITOR).todo
    done = todo.done(group.id, group.version, todo.proposal(group.id))
    assert (office.console().golden.proposals(), done.golden) == ((), "s001")
    assert office.console().golden.get("s001").must == (("会员企业共237家。",),)
    made = office.console().golden.proposal(1)
    assert (made.state, made.authors, made.decided_by) == ("approved", ("李强",), "王芳")
    assert "approved by 王芳" in office.console().audit()[-1].target


@pytest.mark.parametrize("case", ["other words", "another question", "approved by its author", "withdrawn", "changed"])
def test_other_words_than_those_approved_wait_for_consent(tmp_path: Path, case: str) -> None:
    office = LoopOffice(tmp_path, QA_FOUR_EYES="no")
    group = group_of(office, "商会的会员有多少？")
    by = "李强" if case == "approved by its author" else "王芳"
    answered(office, group, by=by, question="商会几家会员？" if case == "another question" else "")
    answer = office.console().reviewed.get(1)
    if case == "withdrawn":
        office.console().reviewed.withdraw(1, answer.version, "有误")
    if case == "changed":
        withdrawn = office.console().reviewed.withdraw(1, answer.version, "有误")
        office.console("李强").reviewed.change(1, withdrawn.version, text="238家。")
    (group,) = office.console().todo.list()
    todo = office.console("李强", Role.EDITOR).todo
    golden = todo.proposal(group.id)
    todo.done(group.id, group.version, replace(golden, must=(("企业",),)) if case == "other words" else golden)
    assert (todo.waiting(), office.golden.exists()) == (1, False)


def test_done_twice_leaves_one_golden_question(office: LoopOffice) -> None:
    group = group_of(office)
    office.console("王芳").todo.done(group.id, group.version, GOLDEN)
    with pytest.raises(Overtaken, match="王芳"):
        office.console("李强").todo.done(group.id, group.version, replace(GOLDEN, question="谁是校长？"))
    assert len(office.console().golden.proposals()) == 1


def test_a_golden_question_that_is_unfit_leaves_the_group_open(office: LoopOffice) -> None:
    group = group_of(office)
    with pytest.raises(Unfit, match="必须包含"):
        office.console().todo.done(group.id, group.version, replace(GOLDEN, must=()))
    assert office.console().todo.list() == (group,)


def test_done_without_a_golden_question_needs_a_reason(office: LoopOffice) -> None:
    group = group_of(office)
    with pytest.raises(Unfit, match="原因"):
        office.console().todo.done(group.id, group.version, None)
    done = office.console().todo.done(group.id, group.version, None, why="不归我们管")
    assert (done.state, done.golden, done.why_done) == ("done", None, "不归我们管")
    assert not office.golden.exists()


def test_what_is_asked_in_vain_after_it_was_done_is_told(office: LoopOffice) -> None:
    group = group_of(office)
    done = office.console().todo.done(group.id, group.version, None, why="已回复")
    assert done.since_done == 0
    office.note(REFUSED, "校长是谁呢？", days=-timedelta(minutes=5) / timedelta(days=1))
    (again,) = office.console().todo.list()
    assert (again.state, again.count, again.since_done) == ("done", 2, 1)
    assert office.console().todo.reopen(again.id, again.version).state == "open"


def test_a_group_nobody_worked_on_goes_with_its_questions(office: LoopOffice) -> None:
    for question in ("校长是谁？", "食堂几点开门？"):
        office.note(REFUSED, question, days=200)
    kept, _ = office.console().todo.list()
    office.console().todo.change(kept.id, kept.version, note="在问")
    assert office.log.expire(NOW) == 2
    assert [(group.id, group.count) for group in office.console().todo.list()] == [(kept.id, 0)]


def test_the_reviewed_answer_is_proposed_as_the_golden_question(office: LoopOffice) -> None:
    group = group_of(office, "商会的会员有多少？")
    desk = office.console().reviewed
    place = desk.place("合作.txt", "有会员企业237家")
    answer = desk.write(
        [group.question],
        "会员企业共237家。",
        owner="商务委",
        expires_on=NOW.date() + timedelta(days=1),
        document=place.document,
        start=place.start,
        end=place.end,
        todo=group.id,
    )
    now, _ = office.console().todo.group(group.id)
    assert (now.reviewed, now.state, now.version) == (answer.id, "working", group.version + 1)
    proposal = office.console().todo.proposal(group.id)
    assert (proposal.question, proposal.must, proposal.evidence) == (
        group.question,
        (("会员企业共237家。",),),
        "有会员企业237家",
    )
