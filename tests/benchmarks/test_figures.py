"""Figures of the table of quality, out of records made by hand."""

from typing import Any

import pytest

from benchmarks.quality.figures import area, at_threshold, by_tag, figures


def _row(name: str, outcome: str, confidence: float = 0.5, **known: Any) -> dict[str, Any]:
    would = known.pop("would", outcome)
    return {
        "question_id": name,
        "tags": ["direct"],
        "answerable": outcome in ("right", "wrong", "held"),
        "outcome": outcome,
        "would": would,
        "confidence": confidence,
        "milliseconds": None,
        "length": 10,
        "placed": None,
        "polarity": "",
        "em": None,
        "f1": None,
        "ranks": None,
        "alone": None,
        **known,
    }


def test_shares_are_of_those_that_could_be_so() -> None:
    rows = [_row("1", "right"), _row("2", "wrong"), _row("3", "held"), _row("4", "held")]
    given = figures([*rows, _row("5", "shown"), _row("6", "refused")])
    assert [given[name] for name in ("right", "wrong", "held", "shown", "unfit")] == [0.25, 0.25, 0.5, 0.5, 0.0]


def test_each_kind_is_counted_by_itself() -> None:
    found = by_tag([_row("1", "right"), _row("2", "wrong", tags=["time"])])
    assert (found["direct"]["right"], found["time"]["wrong"]) == (1.0, 1.0)


def test_a_threshold_is_moved_without_asking_again() -> None:
    rows = [_row("1", "held", 0.4, would="right"), _row("2", "held", 0.2, would="wrong")]
    rows += [_row("3", "refused", 0.3, would="shown")]
    assert at_threshold(rows, 0.4) == {"threshold": 0.4, "right": 0.5, "wrong": 0.0, "shown": 0.0}
    assert at_threshold(rows, 0.1) == {"threshold": 0.1, "right": 0.5, "wrong": 0.5, "shown": 1.0}


def test_the_lowest_threshold_that_lets_few_enough_wrong_answers_through_is_used() -> None:
    rows = [_row(str(n), "held", 0.9 - n / 1000, would="right") for n in range(98)]
    rows += [_row("w1", "held", 0.95, would="wrong"), _row("w2", "held", 0.1, would="wrong")]
    given = figures([*rows, _row("s", "refused", 0.5, would="shown")])
    assert given["right_at_wrong_2%"] == 0.98
    assert given["threshold_at_wrong_2%"] == 0.1
    assert given["right_at_shown_5%"] == 0.98
    assert given["threshold_at_shown_5%"] > 0.5


def test_confidence_is_held_against_what_is_right() -> None:
    rows = [_row("1", "right", 0.95), _row("2", "wrong", 0.95), _row("3", "refused", 0.05, would="shown")]
    # Two of three in a bin 0.45 too sure, one of three 0.05.
    assert figures(rows)["calibration_error"] == pytest.approx(0.45 * 2 / 3 + 0.05 / 3)


def test_what_no_threshold_shows_is_left_out_of_the_calibration() -> None:
    given = figures([_row("1", "right", 1.0), _row("2", "refused", 0.9)])
    assert (given["calibration_error"], given["open_to_threshold"]) == (0.0, 0.5)


def test_the_area_counts_pairs_and_halves_ties() -> None:
    assert area([3.0, 1.0], [2.0, 0.0]) == 0.75
    assert area([1.0, 1.0], [1.0]) == 0.5
    assert area([0.0], [1.0]) == 0.0


def test_recall_counts_the_place_of_the_passage() -> None:
    rows = [_row("1", "right", ranks={"dense": 2, "lexical": None, "fused": 1})]
    rows += [_row("2", "right", ranks={"dense": 7, "lexical": 1, "fused": 3})]
    given = figures(rows)
    assert [given[name] for name in ("dense_1", "dense_3", "dense_20", "fused_3")] == [0.0, 0.5, 1.0, 1.0]
    assert given["lexical_mrr"] == 0.5


def test_the_reader_alone_is_right_where_few_near_misses_are_as_sure() -> None:
    rows = [_row(f"a{n}", "right", alone={"score": n, "em": 1.0, "f1": 1.0, "right": True}) for n in range(10)]
    rows += [_row(f"n{n}", "refused", alone={"score": n - 5.0}) for n in range(10)]
    given = figures(rows)
    assert given["alone_right_at_shown_10%"] == 0.6  # of 4 … 9; the best near miss scores 4, the next 3
    assert given["alone_right_at_shown_2%"] == 0.5


def test_the_same_question_in_folders_of_other_sizes_should_be_as_sure() -> None:
    given = figures([_row("q@1", "held", 0.2), _row("q@50", "right", 0.9)])
    assert given["confidence_apart"] == pytest.approx(0.7)
    assert given["outcome_differs"] == 1.0


def test_only_questions_computed_anew_are_timed() -> None:
    rows = [_row("1", "right"), _row("2", "right", milliseconds=80.0), _row("3", "right", milliseconds=90.0)]
    assert figures(rows)["p50_ms"] == 90.0
    assert "p50_ms" not in figures(rows[:1])
