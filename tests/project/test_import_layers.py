"""Imports run one way: corpus, index, qa, app."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {"corpus": {"corpus"}, "index": {"corpus", "index"}, "qa": {"corpus", "index", "qa"}}


def own_imports(source: str) -> set[str]:
    """Top-level names of this project's packages that a source imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add("relative" if node.level else node.module.split(".")[0])
    return names & {*ALLOWED, "app", "tests", "relative"}


@pytest.mark.long
@pytest.mark.parametrize("room", ALLOWED)
def test_imports_point_downward_only(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        assert own_imports(path.read_text(encoding="utf-8")) <= ALLOWED[room], path


def test_an_import_upward_would_be_seen() -> None:
    assert own_imports("def f():\n    from qa.answering.reply import Answer") == {"qa"}


def test_only_the_edges_read_the_environment() -> None:
    # The last one hands on what the converting process needs of it, and nothing else.
    edges = {"app.py", "qa/cli/main.py", "qa/runtime/offline.py", "corpus/conversion/worker.py"}
    for path in [ROOT / "app.py", *(p for room in ALLOWED for p in (ROOT / room).rglob("*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        assert ("os.environ" in path.read_text(encoding="utf-8")) <= (name in edges), name


def test_nothing_is_unpickled() -> None:
    for room in ALLOWED:
        for path in (ROOT / room).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            assert not any(
                word in source for word in ("import pickle", "torch.load(", "allow_pickle=True", "trust_remote")
            )
