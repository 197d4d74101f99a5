"""What guards a refresh changes only when another person than its authors agrees."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.evaluation.golden import read_golden
from qa.runtime.errors import Missing, NotAllowed, Overtaken, StaffRefused, Unfit
from qa.staff.permissions import Role
from qa.staff.quality import golden_proposals
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_proposals import Proposal
from qa.staff.quality.golden_review import GoldenReview, OwnProposal
from tests.support.programs.feedback_office import LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")

NEW = NewGolden(question="校长是谁？", must=(("王芳", "王校长"),), evidence="校长王芳")
WEAKER = NewGolden(question="asdf qwer zxcv", answerable=False)
OLD = (
    '{"id": "g1", "question": "商会有多少会员？", "must": [["237家"]], "answerable": true}\n'
    '{"id": "g2", "question": "食堂几点开门？", "must": [], "answerable": false}\n'
)

Propose = Callable[[GoldenReview], Proposal]


def add(desk: GoldenReview) -> Proposal:
    return desk.propose(NEW, why="市民常问")


def change(desk: GoldenReview) -> Proposal:
    return desk.propose_change("g1", VERSION["g1"], WEAKER, why="换题")


def remove(desk: GoldenReview) -> Proposal:
    return desk.propose_removal("g1", VERSION["g1"], why="过时")


VERSION: dict[str, str] = {}


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    office = LoopOffice(tmp_path)
    office.golden.write_text(OLD, encoding="utf-8")
    VERSION["g1"] = office.console().golden.get("g1").version
    return office


def asked(office: LoopOffice) -> list[str]:
    return [golden.question for golden in read_golden(office.golden)]


KINDS = pytest.mark.parametrize(
    ("propose", "then"),
    [
        (add, ["商会有多少会员？", "食堂几点开门？", "校长是谁？"]),
        (change, ["asdf qwer zxcv", "食堂几点开门？"]),
        (remove, ["食堂几点开门？"]),
    ],
)


@KINDS
@pytest.mark.parametrize("role", list(Role))
def test_nothing_takes_effect_before_another_person_who_publishes_agrees(
    office: LoopOffice, propose: Propose, then: list[str], role: Role
) -> None:
    made = propose(office.console("李强", role).golden)
    assert office.golden.read_text(encoding="utf-8") == OLD
    assert office.console().golden.proposals() == (made,)
    own = office.console("李强", Role.ADMIN).golden
    with pytest.raises(OwnProposal, match="李强"):
        own.approve(made.id, made.version)
    with pytest.raises(NotAllowed):
        office.console("赵蕾", Role.EDITOR).golden.approve(made.id, made.version)
    other = office.console("赵蕾", Role.PUBLISHER).golden
    assert (own.may_approve(made), other.may_approve(made)) == (False, True)
    assert office.golden.read_text(encoding="utf-8") == OLD
    decided = other.approve(made.id, made.version)
    assert (decided.state, decided.decided_by, asked(office)) == ("approved", "赵蕾", then)
    assert other.proposals() == ()


@KINDS
def test_who_does_not_agree_says_why_and_nothing_changes(office: LoopOffice, propose: Propose, then: list[str]) -> None:
    made = propose(office.console("李强", Role.EDITOR).golden)
    other = office.console("赵蕾", Role.PUBLISHER).golden
    with pytest.raises(Unfit, match="不同意的原因"):
        other.reject(made.id, made.version, why=" ")
    with pytest.raises(NotAllowed):
        office.console("赵蕾", Role.EDITOR).golden.reject(made.id, made.version, why="不妥")
    rejected = other.reject(made.id, made.version, why="不妥")
    assert (rejected.state, rejected.decided_by, rejected.decided_why) == ("rejected", "赵蕾", "不妥")
    assert (office.golden.read_text(encoding="utf-8"), other.proposals()) == (OLD, ())
    with pytest.raises(Overtaken, match="赵蕾：不同意"):
        office.console("孙涛", Role.ADMIN).golden.approve(made.id, rejected.version)


def test_of_a_change_by_two_neither_approves_it_alone(office: LoopOffice) -> None:
    first = change(office.console("李强", Role.PUBLISHER).golden)
    other = office.console("赵蕾", Role.PUBLISHER).golden
    revised = other.revise(first.id, first.version, replace(WEAKER, question="谁也不问的"))
    assert (revised.authors, revised.why) == (("李强", "赵蕾"), "换题")
    for who in ("李强", "赵蕾"):
        with pytest.raises(OwnProposal, match="李强、赵蕾"):
            office.console(who, Role.ADMIN).golden.approve(first.id, revised.version)
    with pytest.raises(Overtaken, match="赵蕾"):
        office.console("孙涛").golden.approve(first.id, first.version)
    assert office.golden.read_text(encoding="utf-8") == OLD
    office.agree(revised, who="孙涛")
    assert asked(office)[0] == "谁也不问的"


def test_an_office_with_a_single_publisher_may_say_so(tmp_path: Path) -> None:
    office = LoopOffice(tmp_path, QA_FOUR_EYES="no")
    own = office.console("赵蕾", Role.PUBLISHER).golden
    made = own.propose(NEW)
    assert own.may_approve(made) and not office.golden.exists()
    own.approve(made.id, made.version)
    assert asked(office) == ["校长是谁？"]


def test_only_an_author_takes_a_change_back(office: LoopOffice) -> None:
    made = change(office.console("李强", Role.EDITOR).golden)
    with pytest.raises(Unfit, match="李强"):
        office.console("王芳", Role.ADMIN).golden.take_back(made.id, made.version)
    office.console("李强", Role.EDITOR).golden.take_back(made.id, made.version)
    assert (office.golden.read_text(encoding="utf-8"), office.console().golden.proposals()) == (OLD, ())


def test_a_question_that_was_changed_meanwhile_stays_as_it_is(office: LoopOffice) -> None:
    made = change(office.console("李强", Role.EDITOR).golden)
    now = OLD.replace("237家", "238家")
    office.golden.write_text(now, encoding="utf-8")
    with pytest.raises(Overtaken, match="提出改动之后又变过"):
        office.agree(made)
    assert office.golden.read_text(encoding="utf-8") == now
    assert [one.state for one in office.console().golden.proposals()] == ["waiting"]


@pytest.mark.parametrize("turn", range(5))
def test_of_three_who_decide_at_once_two_are_told(office: LoopOffice, turn: int) -> None:
    made = add(office.console("李强", Role.EDITOR).golden)
    gate = threading.Barrier(3)
    outcomes: list[str] = []

    def decide(who: str, agrees: bool) -> None:
        desk = office.console(who, Role.PUBLISHER).golden
        gate.wait()
        try:
            one = desk.approve(made.id, made.version) if agrees else desk.reject(made.id, made.version, why="否")
            outcomes.append(one.state)
        except Overtaken:
            outcomes.append("")

    orders = [("王芳", True), ("赵蕾", True), ("孙涛", False)]
    threads = [threading.Thread(target=decide, args=order) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (state,) = filter(None, outcomes)
    assert len(outcomes) == 3 and asked(office).count(NEW.question) == (state == "approved")


def test_every_step_is_in_the_audit_log_with_its_words(office: LoopOffice) -> None:
    made = change(office.console("李强", Role.EDITOR).golden)
    revised = office.console("王芳").golden.revise(made.id, made.version, replace(WEAKER, question="另一问"))
    office.agree(revised)
    dropped = add(office.console("李强", Role.EDITOR).golden)
    office.console("赵蕾").golden.reject(dropped.id, dropped.version, why="不妥")
    rows = [row for row in office.console().audit() if (row.action, row.outcome) == ("golden", "done")]
    assert [(row.who, row.target.partition(":")[0], row.why) for row in rows] == [
        ("李强", "propose 1", "换题"),
        ("王芳", "revise 1", ""),
        ("赵蕾", "approve 1", ""),
        ("李强", "propose 2", "市民常问"),
        ("赵蕾", "reject 2", "不妥"),
    ]
    told = [row.target for row in rows]
    assert ["asdf" in told[0], "另一问" in told[1], "另一问" in told[2] and "237家" in told[2]] == [True] * 3


def test_nobody_fills_the_list_without_an_end(office: LoopOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(golden_proposals, "MOST_WAITING", 2)
    desk = office.console("李强", Role.EDITOR).golden
    change(desk)
    add(desk)
    with pytest.raises(Unfit, match="2条.*等待同意"):
        desk.propose(replace(NEW, question="书记是谁？"))


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (add, "已有同样的检验题"),
        (lambda desk: desk.propose(replace(NEW, question="商会有多少会员？")), "g1"),
        (lambda desk: desk.revise(1, 1, replace(NEW, question="商会有多少会员？")), "g1"),
        (lambda desk: desk.revise(1, 1, replace(NEW, must=())), "必须包含"),
        (lambda desk: desk.revise(2, 1, NEW), "没有可改的内容"),
        (lambda desk: desk.revise(7, 1, NEW), "编号为7"),
        (lambda desk: desk.propose_change("g9", "", NEW, why="换"), "编号为g9"),
        (lambda desk: desk.propose_change("g2", "", NEW, why=" "), "修改的原因"),
    ],
)
def test_what_could_not_take_effect_is_refused_to_who_proposes_it(
    office: LoopOffice, again: Propose, told: str
) -> None:
    desk = office.console("李强", Role.EDITOR).golden
    add(desk), remove(desk)
    before = desk.proposals()
    with pytest.raises(StaffRefused, match=told):
        again(desk)
    assert desk.proposals() == before


def test_an_id_that_was_proposed_is_given_to_no_other(office: LoopOffice) -> None:
    desk = office.console("李强", Role.EDITOR).golden
    first = add(desk)
    desk.take_back(first.id, first.version)
    assert (first.golden, add(desk).golden) == ("s001", "s002")
    with pytest.raises(Missing):
        desk.get("s001")
