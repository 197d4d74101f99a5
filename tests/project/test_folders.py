"""A file is found by its name: no folder is crowded, and every room and module says in one line what it is for."""

import ast
import re
from pathlib import Path

import pytest

from qa.runtime.settings import ROOT

MOST = 13
# What is looked for by its name; data is not.
LOOKED_FOR = (".py", ".html", ".js", ".css")
PACKAGES = ("corpus", "index", "qa", "benchmarks", "release", "tests")
# Programs that stand in for others, under the names of those.
STAND_INS = ("hanging", "hungry", "recorder", "unread")
GUIDES = ("ARCHITECTURE.md", "CONTRIBUTING.md")


def folders(top: Path, *suffixes: str) -> list[Path]:
    """The folders that hold modules, or files of `suffixes`, the one at the top included."""
    found = {path.parent for path in top.rglob("*") if path.suffix in (suffixes or (".py",))}
    return sorted(folder for folder in found if folder.name not in STAND_INS)


def entries(folder: Path) -> list[str]:
    """The modules, templates, scripts, styles and folders to look through in a folder."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.name not in ("__init__.py", "__pycache__") and (path.suffix in LOOKED_FOR or path.is_dir())
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_is_crowded(package: str) -> None:
    found = {folder.relative_to(ROOT).as_posix(): entries(folder) for folder in folders(ROOT / package, *LOOKED_FOR)}
    assert len(found) > 3 or package == "release"
    assert {name: listed for name, listed in found.items() if len(listed) > MOST} == {}


def test_a_crowded_folder_would_be_seen(tmp_path: Path) -> None:
    for number in range(MOST + 1):
        (tmp_path / f"module_{number}.py").touch()
    (tmp_path / "__init__.py").touch()
    (tmp_path / "data.jsonl").touch()
    assert len(entries(tmp_path)) == MOST + 1
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").touch()
    assert folders(tmp_path, *LOOKED_FOR) == [tmp_path, tmp_path / "templates"]
    assert folders(tmp_path) == [tmp_path]


def test_templates_scripts_and_styles_are_among_what_is_counted() -> None:
    names = {folder.name for folder in folders(ROOT / "qa" / "web", *LOOKED_FOR)}
    assert names >= {"citizen", "templates", "scripts", "styles"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_and_module_says_what_it_is_for(package: str) -> None:
    for folder in folders(ROOT / package):
        assert (folder / "__init__.py").exists(), folder
        # The names of tests say what they promise.
        for path in folder.glob("*.py" if package != "tests" else "__init__.py"):
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_that_a_guide_names_exists(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = re.findall(rf"`((?:{'|'.join(PACKAGES)}|docs)/[\w./-]+|app\.py|[A-Z]+\.md)`", text)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []
