"""What the commands of staff share: their options, whose console it is, and how a line is printed."""

import json
import os
import pwd
import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from corpus.text.cleaning import printable
from qa.evaluation.results import GoldenResult
from qa.runtime.settings import Settings
from qa.staff.console import Console
from qa.staff.permissions import Role

DONE, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

T = TypeVar("T")

POSITIVE = click.IntRange(min=1)
PATH = click.Path(path_type=Path)
number_argument = click.argument("number", type=POSITIVE)
json_option = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
version_option = click.option("--version", type=POSITIVE, metavar="N", help="As it was shown; default: today's.")
pass_settings = click.make_pass_decorator(Settings)


class Day(click.ParamType[date]):
    """A day such as 2026-12-31."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day. Fails as wrong use."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-12-31", param, ctx)


DAY = Day()


def console_of(settings: Settings) -> Console:
    """Return the console for the person at the terminal: the machine's account, which may do everything."""
    # Not of the environment, which anyone may set.
    return Console(settings, who=pwd.getpwuid(os.getuid()).pw_name, role=Role.ADMIN)


def wide(text: str, width: int) -> str:
    """Return the text filled up to a width in which a Chinese character counts twice."""
    return text + " " * (width - sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text))


def say_side_by_side(was: GoldenResult | None, now: GoldenResult | None) -> None:
    """Print a golden question with its replies from the published snapshot and another one."""
    known = now or was
    assert known is not None
    say(f"{known.question_id} {known.question}")
    for label, given in (("现行", was), ("新版", now)):
        if given:
            mark = "合格" if given.acceptable else "不合格"
            say(f"  {label}（{mark}）：{' '.join(given.text.split())}")


def print_list(found: Sequence[T], *, as_json: bool, json_of: Callable[[T], object], show: Callable[[T], None]) -> int:
    """Print all that was found, as one JSON list or each by `show`; return the exit code: `REFUSED` for nothing."""
    if as_json:
        print_json([json_of(one) for one in found])
    else:
        for one in found:
            show(one)
    return DONE if found else REFUSED


def print_json(content: Any) -> None:
    """Print one JSON value on a line."""
    print(json.dumps(content, ensure_ascii=False), flush=True)


def say(text: str) -> None:
    """Print text of documents and citizens, which must not steer the terminal."""
    print(printable(text, keep="\n"))


def show_progress(text: str) -> None:
    """Print a line on standard error, where what is printed as the result stays whole."""
    print(text, file=sys.stderr, flush=True)
