"""A command that the documentation names exists, with the options named beside it; those that are cheap are run."""

import re
from collections.abc import Iterator

import click
import pytest

from qa.cli.main import command_line, main
from release.locks import ROOT
from tests.support.programs.serving import Served

PAGES = (*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md")))
_CODE = re.compile(r"^(?:\$ )?(?:\S*/)?python -m qa (.*)$|`(?:\S*/)?python -m qa ([^`]+)`", re.MULTILINE)
_MAKE = re.compile(r"^make ([\w-]+)|`make ([\w-]+)", re.MULTILINE)


def named() -> Iterator[tuple[str, list[str]]]:
    """Each command after `python -m qa` in code, with its page."""
    for page in PAGES:
        for match in _CODE.finditer(page.read_text(encoding="utf-8").replace("\\\n", " ")):
            words = re.split("  | # |\\|", match[1] or match[2])[0]
            yield page.name, re.sub("[\\[\\]]", "", words).split()


def unknown(words: list[str]) -> list[str]:
    """The words of a command that the program does not know as command or option."""
    command: click.Command = command_line
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        below = command.get_command(click.Context(command), rest[0])
        if below is None:
            return [rest[0]]
        command = below
        rest = rest[1:]
    options = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    return [word for word in rest if word.startswith("--") and word not in {*options, "--help"}]


def test_every_command_and_option_that_the_documentation_names_exists() -> None:
    found = list(named())
    assert len(found) > 60 and len({page for page, _ in found}) > 8
    assert [(page, words) for page, words in found if words[0] != "COMMAND" and unknown(words)] == []


def test_a_command_that_does_not_exist_would_be_found() -> None:
    assert unknown(["refresh", "--dry-run"]) == unknown(["account", "add", "NAME", "--role", "admin"]) == []
    assert unknown(["refresh", "--dry"]) == ["--dry"] and unknown(["account", "ad"]) == ["ad"]


def test_every_command_and_its_actions_stand_in_the_list_of_commands() -> None:
    lines = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8").splitlines()
    rows = [re.findall(r"[\w-]+", line.split(" | ")[0]) for line in lines if line.startswith("| `")]
    actions = {name: getattr(command, "commands", [""]) for name, command in command_line.commands.items()}
    wanted = [{name, action} - {""} for name, listed in actions.items() for action in listed]
    assert len(wanted) > 50 and [words for words in wanted if not any(words <= set(row) for row in rows)] == []


def test_every_target_of_make_that_the_documentation_names_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    texts = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
    found = {(name, one or other) for name, text in texts.items() for one, other in _MAKE.findall(text)}
    assert len(found) > 20
    assert [(name, target) for name, target in found if target not in targets] == []


# What only looks, over an index that is served; what changes something is run by tests of its own (tests/qa/cli).
LOOKING = (
    *("status", "snapshots", "verify", "audit", "audit --verify", "progress", "refresh --dry-run", "golden list"),
    *("document list", "questions statistics", "setting list"),
)
# They end with 1 where there is nothing to list.
LISTING = ("golden proposals", "questions list", "todo list", "review list", "account list")


@pytest.mark.parametrize("words", (*LOOKING, *LISTING))
def test_what_only_looks_runs_and_changes_nothing(words: str, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert any(words.split() == found[: len(words.split())] for _, found in named()), "no page names it"
    monkeypatch.setenv("QA_HOME", str(served.home))
    current = (served.home / "snapshots" / "CURRENT").read_bytes()
    assert main(words.split()) in ((0,) if words in LOOKING else (0, 1))
    assert (served.home / "snapshots" / "CURRENT").read_bytes() == current


@pytest.mark.parametrize("words", [["--help"], ["version"], ["refresh", "--help"], ["audit", "--verify"]])
def test_what_is_cheap_runs(words: list[str], tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_HOME", f"{tmp_path}/home")
    assert main(words) == 0
