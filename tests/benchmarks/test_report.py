"""The table of quality as text."""

from benchmarks.quality.figures import by_tag, figures
from benchmarks.quality.report import table
from tests.benchmarks.test_figures import _row


def test_sets_stand_in_rows_and_what_was_skipped_is_named() -> None:
    rows = [_row("1", "right"), _row("2", "held"), _row("3", "refused")]
    result = {
        "about": {"commit": "abc", "threshold": 0.5, "seconds": 3, "load": "0.1", "peak_mb": 900.4},
        "sets": {
            "article": {"figures": figures(rows), "by_tag": by_tag(rows)},
            "drcd_test": {"figures": {"asked": 2, "em": 0.5, "f1": 0.75}, "by_tag": {}},
            "field": {"skipped": "../shared/field is not there"},
        },
    }
    lines = list(table(result))
    assert "peak memory 900 MB" in lines
    assert "| article | 3 | 2 | 50.0 | 0.0 | 50.0 | 0.0 | 0.0 | 10 |" in lines
    assert "| drcd_test | 2 | 50.0 | 75.0 |" in lines
    assert "\nfield: skipped, ../shared/field is not there" in lines
    assert "| direct | 3 | 2 | 50.0 | 0.0 | 50.0 | 0.0 |" in lines
