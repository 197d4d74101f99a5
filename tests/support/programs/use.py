"""What a test uses, read from its code: other programs, the web app, the models, a browser; and what is marked."""

import inspect
import multiprocessing
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from corpus.conversion.converter import Converter
from corpus.conversion.office import convert_with_office
from corpus.read import read
from qa.publishing.refresh.running import refresh

# Files are converted in processes of their own.
STARTING: tuple[object, ...] = (subprocess, multiprocessing, Converter, convert_with_office, read, refresh)


# The first mark that a file gives all its tests, and the folder whose tests all need a browser.
_MARK_OF_ALL = re.compile(r"^pytestmark = \[?\s*pytest\.mark\.(\w+)\b", re.MULTILINE)
_BROWSER = "browser"
# What a file names that makes the web app, or reads Gradio, which takes longer to import than most tests to run.
_WEB_APP = re.compile(
    r"^(?:from|import) (?:app|gradio|starlette\.testclient|tests\.support\.doubles\.staff)\b"
    r"|^from qa\.web\.(?:citizen import .*\bchat\b|citizen\.chat\b|staff\b)"
    r"|\b(?:make_app|site: Site)\b",
    re.MULTILINE,
)
_SERVED = re.compile(r"\bserved: Served\b")


def left_out(path: Path, expression: str) -> bool:
    """Whether all tests of a file or a folder are deselected by the `-m` expression, so that it need not be read."""
    if path.is_dir():
        return path.name == _BROWSER and _excludes(expression, _BROWSER)
    if not (expression and path.name.startswith("test_") and path.suffix == ".py"):
        return False
    text = _text(path)
    if _WEB_APP.search(text) and _excludes(expression, "long"):
        return True
    return any(_excludes(expression, mark) for mark in _MARK_OF_ALL.findall(text))


@cache
def makes_web_app(path: Path) -> bool:
    """Whether the tests of a file make the web app or read Gradio."""
    return bool(_WEB_APP.search(_text(path)))


def shared_by(path: Path) -> str:
    """What the tests of a file share with those of others, so that one process runs them all; empty if nothing.

    Read from the text: the process that hands out the files reads no tests.
    """
    if _SERVED.search(_text(path)):
        return "served"
    if _BROWSER not in path.parts:
        return ""
    # The pages of staff come from servers of their own: the other process may run them at the same time.
    return f"{_BROWSER} of staff" if "staff" in path.parts else _BROWSER


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_long(expression: str) -> bool:
    """Whether an `-m` expression leaves out the long tests."""
    return _excludes(expression, "long")


def _excludes(expression: str, mark: str) -> bool:
    """Whether an expression of conditions that all have to hold names a mark as one that is not wanted."""
    return f"not {mark}" in expression.split(" and ")


def starts_programs(item: pytest.Function) -> bool:
    """Whether the code of a test, of its fixtures, or of what they call in `tests`, names what starts a program."""
    fixtures = [one.func for found in item._fixtureinfo.name2fixturedefs.values() for one in found]
    return any(map(_starts_at_last, (item.function, *fixtures)))


@cache
def _starts_at_last(function: Callable[..., Any]) -> bool:
    return starts(function, set())


def starts(function: Callable[..., Any], seen: set[object]) -> bool:
    """Whether a function of the tests, or one that it calls and that is not `seen` yet, names what starts a program."""
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith("tests."):
        return False
    seen.add(function)
    for name in _names(function.__code__):
        value = function.__globals__.get(name)
        if any(value is one for one in STARTING) or any(starts(called, seen) for called in _functions(value)):
            return True
    return False


def _functions(value: object) -> Iterator[Callable[..., Any]]:
    """A function itself; of a class all that it defines, its properties included."""
    for one in vars(value).values() if inspect.isclass(value) else (value,):
        found = one.fget if isinstance(one, property) else one
        if callable(found):
            yield found


def _names(code: CodeType) -> Iterator[str]:
    """The global names of a function, and of those within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
