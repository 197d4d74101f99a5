import pytest

from qa.service.rate_limit import Limit


def visits(limit: Limit, key: str, times: list[float]) -> list[float]:
    """The wait at each moment; a visit counts where there is none."""
    waits = []
    for now in times:
        waits.append(limit.wait(key, now))
        if not waits[-1]:
            limit.take(key, now)
    return waits


def test_as_many_as_allowed_at_once_and_then_one_whenever_there_is_room() -> None:
    assert visits(Limit(3), "a", [0, 0, 0, 0, 19, 20, 21]) == [0, 0, 0, 20, 1, 0, 19]


def test_visitors_do_not_count_for_each_other() -> None:
    limit = Limit(1)
    assert visits(limit, "a", [0, 0]) == [0, 60]
    assert visits(limit, "b", [0]) == [0]


def test_after_a_minute_of_quiet_all_are_allowed_again() -> None:
    assert visits(Limit(2), "a", [0, 0, 0, 90, 90, 90]) == [0, 0, 30, 0, 0, 30]


@pytest.mark.parametrize("times", [[0.0] * 1000])
def test_zero_is_no_limit(times: list[float]) -> None:
    assert set(visits(Limit(0), "a", times)) == {0}


def test_only_the_visitors_seen_last_are_remembered() -> None:
    limit = Limit(1, most_keys=2)
    for key in "abc":
        limit.take(key, 0)
    assert [limit.wait(key, 0) for key in "abc"] == [0, 60, 60]
