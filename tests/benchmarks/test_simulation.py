"""What the simulation of many servers can be held to without a clock."""

import pytest

from benchmarks.load.simulation import Crowd, needed, simulated

WORK = 0.2


def test_a_crowd_that_is_seldom_there_waits_for_the_work_alone() -> None:
    outcome = simulated(Crowd(rate=0.1, work=WORK, kept=0), 1, events=2_000)
    assert outcome.good and outcome.p95 == pytest.approx(1.4 * WORK, rel=0.1) and outcome.kept == 0


def test_more_than_the_cores_can_do_is_turned_away_and_twice_as_many_servers_do_it() -> None:
    crowd = Crowd(rate=1.5 * 2 / WORK, work=WORK, kept=0)
    assert not simulated(crowd, 1, events=5_000).good and simulated(crowd, 2, events=5_000).good
    assert needed(crowd)[0] == 2


def test_kept_replies_save_work_but_not_for_conversations() -> None:
    outcome = simulated(Crowd(rate=1.0, work=WORK, kept=1_000), 1, events=5_000)
    assert 0.3 < outcome.kept < 0.6
