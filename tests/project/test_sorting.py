"""Tests are sorted by what they use: what starts programs, opens models or a browser is no quick test."""

import subprocess
import sys
from pathlib import Path

import pytest

from index.embedding import bundled_model
from tests.conftest import MARKS, ByFile
from tests.support import memory
from tests.support.counts import some
from tests.support.programs.converted import converted_by_this_code
from tests.support.programs.refresh_office import RefreshOffice
from tests.support.programs.use import left_out, makes_web_app, shared_by, starts


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


MARKED = {name: mark.name for name, mark in MARKS.items()}


def test_who_uses_models_a_browser_or_another_server_is_marked_by_it(request: pytest.FixtureRequest) -> None:
    assert MARKED["served"] == "slow" and MARKED["postgresql_server"] == "long"
    marks = {mark for item in request.session.items for mark in _marks(item)}
    assert marks <= set(MARKED.items())
    assert not _marks(request.node)


def _marks(item: pytest.Item) -> set[tuple[str, str]]:
    """The fixtures of a test that mark it, with the marks that it has."""
    return {
        (name, mark if item.get_closest_marker(mark) else "none")
        for name, mark in MARKED.items()
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


def test_files_that_share_the_models_or_a_browser_are_run_by_one_process(request: pytest.FixtureRequest) -> None:
    unit = ByFile._split_scope
    scheduler = object.__new__(ByFile)
    browsing = {
        unit(scheduler, f"tests/browser/{name}::test_one[a::b]") for name in ("test_viewer.py", "test_history.py")
    }
    assert browsing == {"browser"}
    assert unit(scheduler, "tests/browser/staff/test_staff_errands.py::test_one") == "browser of staff"
    asking = [f"tests/{name}::test_one" for name in ("browser/test_asking.py", "index/test_bundled_model.py")]
    assert {unit(scheduler, one) for one in asking} == {"served"}
    assert unit(scheduler, "tests/index/snapshots/test_store.py::test_one") == "tests/index/snapshots/test_store.py"
    sharing = {item.path for item in request.session.items if "served" in getattr(item, "fixturenames", ())}
    assert {shared_by(path) for path in sharing} <= {"served"}


def test_a_file_that_makes_the_web_app_is_not_read_for_the_quick_tests(tmp_path: Path) -> None:
    file = tmp_path / "test_one.py"
    file.write_text("from tests.support.doubles.web import make_app\n", encoding="utf-8")
    assert left_out(file, "not slow and not long") and not left_out(file, "not slow") and makes_web_app(file)
    other = tmp_path / "test_other.py"
    other.write_text("from tests.support.doubles.web import answer\n", encoding="utf-8")
    assert not left_out(other, "not slow and not long") and not makes_web_app(other)


def test_a_part_of_the_cases_is_run_and_the_others_are_marked() -> None:
    listed = some([1, 2, 3], part=[2])
    marked = [one.values[0] for one in listed if not isinstance(one, int)]
    assert (len(listed), marked) == (3, [1, 3])
    assert [mark.name for one in listed if not isinstance(one, int) for mark in one.marks] == ["full", "full"]
    with pytest.raises(AssertionError):
        some([1, 2], part=[3])


def test_converted_models_are_kept_for_the_same_code_only(tmp_path: Path) -> None:
    for name in ("index/embedding", "qa/answering/reader"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("index/embedding/base.py", "requirements.txt", "requirements.lock"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    (tmp_path / "home" / "models").mkdir(parents=True)
    (tmp_path / "home" / "models" / "network.bin").write_bytes(b"made")
    first = converted_by_this_code(tmp_path / "cache", tmp_path)
    first.lend(tmp_path / "empty")
    assert not (tmp_path / "empty").exists()
    first.keep(tmp_path / "home")
    converted_by_this_code(tmp_path / "cache", tmp_path).lend(tmp_path / "next")
    assert (tmp_path / "next" / "models" / "network.bin").read_bytes() == b"made"
    (tmp_path / "index" / "embedding" / "base.py").write_text("two", encoding="utf-8")
    second = converted_by_this_code(tmp_path / "cache", tmp_path)
    assert not second.folder.exists()
    second.keep(tmp_path / "home")
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [second.folder.name]


def test_the_real_models_are_closed_to_a_test_that_is_not_marked() -> None:
    with pytest.raises(AssertionError, match="served"):
        bundled_model._source_file()


def test_memory_holds_the_files_of_tests_only_where_it_has_room_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "ROOM", 0)
    assert memory.has_room(tmp_path)
    assert not memory.has_room(tmp_path / "missing")
    monkeypatch.setattr(memory, "ROOM", 1 << 60)
    assert not memory.has_room(tmp_path)
