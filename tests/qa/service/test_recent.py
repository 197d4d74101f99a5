from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st

from qa.service.recent import Recent


def test_what_was_unused_for_longest_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    recent.keep("b", 2)
    assert recent.get("a") == 1
    recent.keep("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_a_value_is_replaced_and_forgotten() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    recent.keep("a", 2)
    assert (len(recent), recent.pop("a"), recent.pop("a"), len(recent)) == (1, 2, None, 0)


def test_where_nothing_may_be_kept_nothing_is() -> None:
    recent: Recent[str, bytes] = Recent(0)
    recent.keep("a", b"1")
    assert len(recent) == 0 and recent.get("a") is None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 6))), st.integers(0, 9))
def test_no_more_is_kept_than_there_is_room_for_and_the_last_used_of_it(
    steps: list[tuple[str, int]], most: int
) -> None:
    recent: Recent[str, bytes] = Recent(most, size=len)
    used: OrderedDict[str, int] = OrderedDict()
    for key, size in steps:
        recent.keep(key, bytes(size))
        used.pop(key, None)
        if size <= most:
            used[key] = size
        kept = [one for one in used if recent.get(one) is not None]
        assert sum(used[one] for one in kept) <= most
        # Only the oldest are gone: what is kept is the end of the list of those used.
        assert kept == list(used)[len(used) - len(kept) :]
        used = OrderedDict((one, used[one]) for one in kept)
