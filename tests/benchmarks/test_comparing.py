"""Two runs of the table of quality compared."""

from typing import Any

from benchmarks.quality.comparing import missed, moved
from benchmarks.quality.figures import figures
from tests.benchmarks.test_figures import _row


def _run(*rows: dict[str, Any], name: str = "article") -> dict[str, Any]:
    return {"about": {"peak_mb": 1200.0}, "sets": {name: {"figures": figures(rows), "questions": list(rows)}}}


def test_what_did_not_move_is_the_same() -> None:
    assert list(moved(_run(_row("1", "right")), _run(_row("1", "right")))) == ["article: the same"]


def test_questions_are_named_by_how_their_outcome_moved() -> None:
    before = _run(_row("1", "right"), _row("2", "held"), _row("3", "held"))
    lines = list(moved(before, _run(_row("1", "wrong"), _row("2", "right"), _row("3", "right"))))
    assert "  held → right (2): 2 3" in lines
    assert "  right → wrong (1): 1" in lines
    assert any(line.split() == ["right", "0.3333", "→", "0.6667", "+0.3333"] for line in lines)


def test_figures_are_compared_over_the_questions_of_both_runs() -> None:
    lines = list(moved(_run(_row("1", "right"), _row("2", "wrong")), _run(_row("1", "right"), _row("3", "held"))))
    assert lines == ["article:", "  only in base (1): 2", "  only in this run (1): 3"]


def test_a_set_that_one_run_skipped_is_named() -> None:
    skipped = {"about": {}, "sets": {"article": {"skipped": "not there"}}}
    assert list(moved(_run(_row("1", "right")), skipped)) == ["article: not in this run"]


def test_exact_matches_gained_and_lost_are_named() -> None:
    rows = [{"question_id": "q", "em": em, "f1": em} for em in (0.0, 1.0)]
    assert "  not → exact (1): q" in list(moved(_run(rows[0]), _run(rows[1])))


def test_a_gate_is_missed_from_either_side_or_when_nothing_was_measured() -> None:
    run = _run(_row("1", "right"), _row("2", "wrong"))
    gates = {"article.right": {"least": 0.5}, "article.wrong": {"most": 0.5}, "about.peak_mb": {"most": 1600.0}}
    assert missed(gates, run) == []
    gates = {"article.right": {"least": 0.6}, "article.wrong": {"most": 0.4}, "field.right": {"least": 0.1}}
    assert missed(gates, run) == [
        "article.right: 0.5, least 0.6",
        "article.wrong: 0.5, most 0.4",
        "field.right: not measured",
    ]
