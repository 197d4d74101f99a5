"""Tests are sorted by what they use: what starts programs, opens models or a browser is no quick test."""

import subprocess
import sys
from pathlib import Path

import pytest

from index.embedding import bundled_model
from tests.support.programs.refresh_office import RefreshOffice
from tests.support.programs.use import left_out, starts


def runs() -> None:
    subprocess.run([sys.executable, "--version"])


def calls_what_runs() -> None:
    for call in (runs,):
        call()


def refreshes() -> type[RefreshOffice]:
    return RefreshOffice


def counts() -> int:
    return len([sys.executable])


def test_what_starts_programs_is_seen_through_what_it_calls() -> None:
    assert all(starts(function, set()) for function in (runs, calls_what_runs, refreshes))
    assert not starts(counts, set())


def test_who_uses_served_or_browser_is_marked_by_it(request: pytest.FixtureRequest) -> None:
    marks = {mark for item in request.session.items for mark in _marks(item)}
    assert marks <= {("served", "slow"), ("browser", "browser")}
    assert not _marks(request.node)


def _marks(item: pytest.Item) -> set[tuple[str, str]]:
    """The fixtures of a test that mark it, with the marks that it has."""
    fixtures = {"served": "slow", "browser": "browser"}
    return {
        (name, mark if item.get_closest_marker(mark) else "none")
        for name, mark in fixtures.items()
        if name in getattr(item, "fixturenames", ())
    }


def test_a_file_is_not_read_where_the_mark_of_all_its_tests_is_deselected(tmp_path: Path) -> None:
    quick = "not slow and not browser and not long"
    for name, text in {
        "test_one.py": "pytestmark = pytest.mark.long\n",
        "test_two.py": "pytestmark = [pytest.mark.browser]\n",
        "test_three.py": "@pytest.mark.long\ndef test() -> None: ...\n",
        "helpers.py": "pytestmark = pytest.mark.long\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "browser").mkdir()
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths if left_out(path, quick)] == ["browser", "test_one.py", "test_two.py"]
    for every in ("", "long", "not slow", "not longer", "not long or slow"):
        assert not any(left_out(path, every) for path in paths), every


def test_the_real_models_are_closed_to_a_test_that_is_not_marked() -> None:
    with pytest.raises(AssertionError, match="served"):
        bundled_model._source_file()
