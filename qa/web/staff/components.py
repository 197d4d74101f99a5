"""Shared parts of the staff pages: the console of the caller, and sentences instead of errors."""

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar

import gradio as gr
from gradio.blocks import Block

from qa.bootstrap.errors import EXPECTED
from qa.bootstrap.models import Models
from qa.runtime.errors import Unfit
from qa.runtime.settings import Settings
from qa.staff.accounts.sessions import Member
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.database import DatabaseError
from qa.web.html import NOTHING, Html
from qa.web.staff.arrivals import Arrivals
from qa.web.staff.values import NO_ROW, whole_number

# Every event of the area bypasses Gradio's closed queue and has no name for programs.
CALL: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# The same for slow calls: the part that is being computed fades.
SLOW_CALL: dict[str, Any] = {**CALL, "show_progress": "minimal"}

# Options for a field in a toolbar.
BARE: dict[str, Any] = {"show_label": False, "container": False}

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PageContent:
    """Fills a page when it opens: `show` takes `inputs` and the request, and returns the values of `outputs`."""

    show: Callable[..., Any]
    outputs: Sequence[Block]
    inputs: Sequence[Block] = field(default_factory=tuple)


class StaffPages:
    """Opens for each request the console of the member of staff whose session it carries."""

    def __init__(self, settings: Settings, models: Models | None, arrivals: Arrivals) -> None:
        self.settings = settings
        self._models = models
        self._arrivals = arrivals

    def console(self, request: gr.Request) -> Console:
        member = _member(request)
        return Console(self.settings, who=member.name, role=member.role, models=self._models)

    def taken(self, request: gr.Request, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a file that the session of a request has just uploaded. Raises `NotUploaded`."""
        assert request.request is not None
        return self._arrivals.taken(request.request.scope["session"], path)


def _member(request: gr.Request) -> Member:
    """Return the member whom the guard let in with this call."""
    assert request.request is not None
    member = request.request.scope["member"]
    assert isinstance(member, Member)
    return member


def role_of(request: gr.Request) -> Role:
    return _member(request).role


def name_of(request: gr.Request) -> str:
    return _member(request).name


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an action: a sentence for the page, and whether the action was done."""

    sentence: Html
    done: bool


def attempt(action: Callable[[], str]) -> Outcome:
    """Run an action; return its own sentence, or the reason why it was not done."""
    try:
        return Outcome(said(action()), done=True)
    except EXPECTED as error:
        return Outcome(refused(str(error)), done=False)
    except (DatabaseError, OSError) as error:
        kind = error.__class__.__name__
        return Outcome(refused(f"没有成功：{kind}。请稍后再试，仍不行请告诉管理人员"), done=False)


def refusing(function: Callable[..., Result]) -> Callable[..., Result]:
    """Wrap a page's function: its refusals reach the browser as sentences and are not logged as errors."""

    @functools.wraps(function)
    def called(*values: Any) -> Result:
        try:
            return function(*values)
        except EXPECTED as error:
            raise gr.Error(str(error), title="没有做成", print_exception=False) from error

    return called


def escaping(function: Callable[..., Any], outputs: Sequence[Block]) -> Callable[..., Any]:
    """Return the same function; text that it puts into a place for markup is escaped, unless it is `Html`."""

    def shown(block: Block, value: Any) -> Any:
        if isinstance(block, gr.Markdown) and isinstance(value, str):
            return Html.escape(value)
        return value

    @functools.wraps(function)
    def called(*values: Any) -> Any:
        given = function(*values)
        if len(outputs) == 1:
            return shown(outputs[0], given)
        return tuple(shown(block, value) for block, value in zip(outputs, given, strict=True)) if outputs else given

    return called


def clicked(event: gr.SelectData, place: int = 0) -> str:
    """Return a cell of the clicked row. Raises `Unfit`."""
    if not event.row_value or not -len(event.row_value) <= place < len(event.row_value):
        raise Unfit(NO_ROW)
    return str(event.row_value[place])


def clicked_number(event: gr.SelectData) -> int:
    """Return the number at the beginning of the clicked row. Raises `Unfit`."""
    return whole_number(clicked(event))


def only(sentence: str, outputs: Sequence[Block]) -> tuple[Any, ...]:
    """Return the sentence for the first of `outputs`; everything typed and shown stays unchanged."""
    return sentence, *(gr.skip() for _ in outputs[1:])


def said(text: str) -> Html:
    """Return a sentence for the page: something was done."""
    return Html('<p class="said text">{}</p>').format(text) if text else NOTHING


def refused(text: str) -> Html:
    """Return a sentence for the page: something was not done, and why."""
    return Html('<p class="said refused text">{}</p>').format(text)


def message() -> gr.Markdown:
    """Return the place where a page reports the result of an action."""
    return markup(elem_classes="message")


def markup(value: Html = NOTHING, **options: Any) -> gr.Markdown:
    """Return a place for markup; plain text that a page puts there is shown as text, see `escaping`."""
    return gr.Markdown(value, latex_delimiters=[], show_label=False, **options)


def textbox(**options: Any) -> gr.Textbox:
    """Return a text field; its value is never None. One without a label is read out by its placeholder."""
    return gr.Textbox(value="", **{"label": options.get("placeholder"), **options})


def table(headers: Sequence[str], widths: Sequence[int], **options: Any) -> gr.Dataframe:
    """Return a clickable table of plain texts; `widths` of the columns are relative to each other."""
    return gr.Dataframe(
        elem_classes="wide" if len(headers) > 4 else None,
        column_widths=[f"{100 * width / sum(widths):.2f}%" for width in widths],
        headers=list(headers),
        datatype="str",
        type="array",
        interactive=False,
        buttons=[],
        show_label=False,
        wrap=True,
        **options,
    )
