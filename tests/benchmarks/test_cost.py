"""The measurements of what a question costs and of a long load count what they were given."""

import time

import pytest

from benchmarks.load.soak import Soak, table, tenths
from benchmarks.speed import flame
from benchmarks.speed.flame import ROOT
from benchmarks.speed.question import Spent
from benchmarks.speed.question import table as cost_table


def busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_step_is_not_charged_for_the_steps_inside() -> None:
    spent = Spent()
    inner = spent.around(lambda: busy(0.03), lambda: "inner")
    spent.around(inner, lambda: "outer")()
    assert spent.calls == {"inner": 1, "outer": 1}
    assert spent.seconds["outer"] < 0.01 < 0.03 <= spent.seconds["inner"]


def test_the_dearest_step_comes_first_and_calls_are_a_questions() -> None:
    spent = Spent()
    spent.seconds.update({"cheap": 0.1, "dear": 0.3})
    spent.calls.update({"cheap": 20, "dear": 10})
    rows = cost_table(spent, 10).splitlines()
    assert rows[2:] == ["| dear | 1.0 | 30.0 | 75% |", "| cheap | 2.0 | 10.0 | 25% |", "| together | | 40.0 | |"]


def test_a_flame_graph_holds_what_runs_below_the_assistant_by_its_share() -> None:
    stacks = [f"main (x.py:1);{ROOT[:-1]}:79);read (qa/a.py:{line});infer (o.py:2) 30" for line in (5, 6)]
    stacks += [f"main (x.py:1);{ROOT};find (index/b.py:7) 40", "main (x.py:1);open (y.py:3) 900"]
    picture = flame.drawn(flame.grown(stacks))
    assert [
        f"<title>{name}: {share}</title>" in picture
        for name, share in (
            (ROOT, "100.0%"),
            ("read (qa/a.py)", "60.0%"),
            ("infer (o.py)", "60.0%"),
            ("find (index/b.py)", "40.0%"),
        )
    ] == [True] * 4
    assert "open" not in picture and "script" not in picture


def test_stacks_without_the_assistant_are_refused() -> None:
    with pytest.raises(ValueError, match="No stack"):
        flame.drawn(flame.grown(["main (x.py:1) 3"]))


def test_a_soak_is_told_by_tenths() -> None:
    seen = Soak(answers=[(5.0, 0.1), (65.0, 0.3), (66.0, 0.2)], looks=[(5.0, 900), (65.0, 1000), (70.0, 1100)])
    rows = tenths(seen, 600.0)
    assert rows[:2] == [(1, 0.1, 0.1, 900), (2, 0.3, 0.3, 1050)] and len(rows) == 10
    assert table(rows, 600.0).splitlines()[3] == "| 1–2 | 2 | 300 | 300 | 1050 |"
