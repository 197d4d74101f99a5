"""A refresh makes no answer worse silently: what citizens asked is asked again, and what changes is told."""

from pathlib import Path

import pytest

from qa.evaluation.asked import ChangeKind
from qa.evaluation.golden import GoldenQuestion
from qa.publishing import records
from qa.publishing import report as reports
from qa.publishing.board import Board
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import GOLDEN
from tests.support.programs.refresh_office import RefreshOffice as Office

MEMBERS, PAIRS, LIBRARY = "商会有会员企业多少家？", "两地学校结成多少对帮扶对子？", "图书馆几点开门？"
OPEN = "图书馆\n\n图书馆上午9时开门。\n"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.golden, office.threshold = GOLDEN[1:], 0.45
    office.write("合作.txt", COOPERATION.text)
    office.refresh()
    office.asked = [MEMBERS, PAIRS, LIBRARY]
    return office


def test_answers_that_change_or_are_lost_are_listed_and_hold_nothing_back(office: Office) -> None:
    office.write("合作.txt", COOPERATION.text.replace("237家", "240家"))
    report = office.refresh()
    assert report.published and [(one.question, one.kind) for one in report.changes] == [(MEMBERS, ChangeKind.OTHER)]
    (change,) = report.changes
    assert "237家" in change.was.text and "240家" in change.now.text and change.was.documents == ("合作.txt",)
    record = records.read(office.store, "snapshot-000002")
    assert record and record.changes == report.changes, "as stored"
    reports.keep(Board(office.home), report, who="王芳", before="snapshot-000001")
    kept = Board(office.home).report()
    assert kept and [one["kind"] for one in kept["replies"]] == ["other"]
    office.write("合作.txt", "\n".join(line for line in COOPERATION.text.splitlines() if "商会" not in line))
    report = office.refresh()
    assert report.published and [one.kind for one in report.changes] == [ChangeKind.LOST]


def test_a_first_answer_is_looked_at_before_it_is_published(office: Office) -> None:
    office.write("图书馆.txt", OPEN)
    report = office.refresh()
    assert (report.published, report.to_see, office.store.published()) == (None, True, "snapshot-000001")
    assert [(one.question, one.kind) for one in report.changes] == [(LIBRARY, ChangeKind.NEW)]
    assert "请看过再发布" in report.why
    record = records.read(office.store, "snapshot-000002")
    assert record and (record.why_not, record.to_see) == ("", report.why)


def test_a_first_answer_that_a_golden_question_confirms_goes_live(office: Office) -> None:
    office.golden = [*office.golden, GoldenQuestion("g9", LIBRARY, (("9时",),), True, ())]
    office.write("图书馆.txt", OPEN)
    report = office.refresh()
    assert report.published and [one.confirmed for one in report.changes] == [True]


@pytest.mark.parametrize("right", [True, False])
def test_a_golden_question_that_finds_the_answer_wrong_confirms_nothing(office: Office, right: bool) -> None:
    office.golden = [*office.golden, GoldenQuestion("g9", LIBRARY, (("9时" if right else "10时",),), True, ())]
    office.write("图书馆.txt", OPEN)
    assert bool(office.refresh().published) is right


def test_whoever_says_so_or_forces_it_publishes_at_once(office: Office) -> None:
    office.write("图书馆.txt", OPEN)
    report = office.refresh(force=True, why="已核对")
    assert (report.published, report.forced, report.why) == ("snapshot-000002", False, "")
    (office.folder / "图书馆.txt").unlink()
    office.refresh()
    office.look_first = False
    office.write("图书馆.txt", OPEN)
    assert office.refresh().published, "QA_LOOK_FIRST=no"


def test_replies_that_stay_are_not_told_and_a_first_snapshot_has_none(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.asked = [MEMBERS, LIBRARY]
    office.threshold = 0.45
    office.write("合作.txt", COOPERATION.text)
    assert office.refresh().changes == ()
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    report = office.refresh()
    assert report.published and report.changes == ()


def test_progress_counts_the_questions_of_citizens_too(office: Office) -> None:
    office.states.clear()
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.refresh()
    judged = [(state.done, state.total) for state in office.states if state.step == "judge" and state.total]
    assert judged[-1] == (2 * (1 + 3), 2 * (1 + 3))
