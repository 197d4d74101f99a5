"""What citizens asked as one list: a row a kind, its work first, found by any of its wordings."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.runtime.errors import Unfit
from qa.staff.permissions import Role
from qa.staff.questions.asked import AskedFilter, Shelf, Stage
from tests.support.programs.feedback_office import NOW, QUOTED, LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")

ALL = AskedFilter(shelf=Shelf.ALL)


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    """Two ways to ask one thing that got no answer, and one answered twice."""
    office = LoopOffice(tmp_path)
    office.note(question="校长是谁？", days=3)
    office.note(question="校長是谁", days=2, verdict="down")
    office.note(QUOTED, "两地结成多少对？", days=1)
    office.note(QUOTED, "两地结成多少对？", verdict="up")
    office.console().todo.gather()
    return office


def test_questions_of_one_kind_are_one_row_with_their_counts(office: LoopOffice) -> None:
    answered, refused = office.console(role=Role.EDITOR).asked.find(ALL).kinds
    assert (refused.question, refused.count, refused.refused, refused.unhelpful) == ("校长是谁？", 2, 2, 1)
    assert (refused.stage, refused.group is None) == (Stage.OPEN, False)
    assert (answered.question, answered.count, answered.helpful) == ("两地结成多少对？", 2, 1)
    assert (answered.stage, answered.group, answered.status) == (Stage.NONE, None, "answered")
    assert answered.last_asked and refused.last_asked and answered.last_asked > refused.last_asked


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (AskedFilter(), 1),
        (ALL, 2),
        (replace(ALL, text="校長"), 1),
        (replace(ALL, text="100%"), 0),
        (replace(ALL, outcome="answered"), 1),
        (replace(ALL, outcome="answered", verdict="down"), 0),
        (replace(ALL, verdict="down"), 1),
        (AskedFilter(shelf=Shelf.REVIEW), 0),
        (AskedFilter(shelf=Shelf.CONTRADICTORY), 0),
        (AskedFilter(shelf=Shelf.DONE), 0),
    ],
)
def test_conditions_find_a_kind_by_any_of_its_questions_and_keep_its_counts(
    office: LoopOffice, wanted: AskedFilter, count: int
) -> None:
    found = office.console().asked.find(wanted)
    assert (found.total, len(found.kinds)) == (count, count)
    assert all(kind.count == 2 for kind in found.kinds)


def test_unknown_conditions_are_refused() -> None:
    cases: list[dict[str, Any]] = [{"outcome": "x"}, {"verdict": "any"}]
    for wrong in cases:
        with pytest.raises(Unfit):
            AskedFilter(**wrong)


def test_pages_hold_all_kinds_once(office: LoopOffice) -> None:
    asked = office.console().asked
    first, second = asked.find(ALL, page=1, size=1), asked.find(ALL, page=2, size=1)
    assert {first.kinds[0].question, second.kinds[0].question} == {"校长是谁？", "两地结成多少对？"}
    assert (first.pages, first.total) == (2, 2)
    assert asked.find(ALL, page=9, size=1).kinds == first.kinds, "a page that is gone is the first"


def test_the_stage_follows_the_work(office: LoopOffice) -> None:
    (group,) = office.console().todo.list()
    source = office.console().reviewed.place("合作.txt", "13对帮扶对子")
    to: dict[str, Any] = {"document": "合作.txt", "start": source.start, "end": source.end, "todo": group.id}
    writer = office.console("李强", Role.EDITOR).reviewed

    def stage() -> Stage:
        (kind,) = office.console().asked.find(replace(ALL, text="校长")).kinds
        assert office.console().asked.counts()[kind.stage] == 1
        return kind.stage

    answer = writer.write(
        ["校长是谁？"], "13对。", owner="教委", expires_on=(NOW.date().replace(year=NOW.year + 1)), **to
    )
    assert stage() is Stage.REVIEW
    office.console().reviewed.approve(answer.id, answer.version)
    assert stage() is Stage.LIVE
    group = office.console().todo.list()[0]
    office.console().todo.done(group.id, group.version, None, why="只是一试")
    assert stage() is Stage.DONE


def test_a_kind_stays_when_its_questions_have_expired(office: LoopOffice) -> None:
    (group,) = office.console().todo.list()
    office.console().todo.change(group.id, group.version, note="已问教委")
    office.log.expire(NOW.replace(year=NOW.year + 1))
    (kind,) = office.console().asked.find(ALL).kinds
    assert (kind.question, kind.count, kind.last_asked, kind.group) == ("校长是谁？", 0, None, group.id)
    assert office.console().asked.find(replace(ALL, text="没有")).kinds == ()
