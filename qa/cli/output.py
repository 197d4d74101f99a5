"""What the commands of staff share: how one is added, whose console it is, and how a line is printed."""

import argparse
import json
import os
import pwd
import unicodedata
from collections.abc import Callable
from typing import Any

from qa.evaluation.results import GoldenResult
from qa.runtime.settings import Settings
from qa.staff.console import Console
from qa.staff.permissions import Role

DONE, REFUSED = 0, 1
KINDS = {"added": "新增", "changed": "修改", "removed": "删除"}

Commands = Any  # argparse names its type only privately


def command(
    commands: Commands, name: str, help: str, run: Callable[[argparse.Namespace, Settings], int], *, json: bool = False
) -> argparse.ArgumentParser:
    """Add one command, and `--json` where it has one; give its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    if json:
        parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(command=run)
    return parser


def console_of(settings: Settings) -> Console:
    """The console for whoever is at the terminal: that is the account of the machine, and may do everything."""
    # Not of the environment, which anyone may set.
    return Console(settings, who=pwd.getpwuid(os.getuid()).pw_name, role=Role.ADMIN)


def positive(text: str) -> int:
    """A number from 1 up, as argparse reads it."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1 up")
    return number


def wide(text: str, width: int) -> str:
    """The text filled up to a width in which a Chinese character counts twice."""
    return text + " " * (width - sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text))


def say_side_by_side(was: GoldenResult | None, now: GoldenResult | None) -> None:
    """A golden question with what the published snapshot and another one give to it."""
    known = now or was
    assert known is not None
    say(f"{known.question_id} {known.question}")
    for label, given in (("现行", was), ("新版", now)):
        if given:
            mark = "合格" if given.acceptable else "不合格"
            say(f"  {label}（{mark}）：{' '.join(given.text.split())}")


def print_json(content: Any) -> None:
    """One JSON value on a line."""
    print(json.dumps(content, ensure_ascii=False), flush=True)


def say(text: str) -> None:
    """Print text of documents and citizens, which must not steer the terminal."""
    print("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text))
