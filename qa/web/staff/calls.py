"""Checks what a call of the staff pages may carry, by the pages themselves: each field takes its kind of value."""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.blocks import Block
from gradio.utils import get_type_hints

from qa.service.questions import readable
from qa.web.http.bodies import ELEMENTS
from qa.web.http.bodies import SESSION as PAGE_SESSION
from qa.web.staff.arrivals import MOST_FILES, Arrivals

# Characters in a field. The longest text of staff, a reviewed answer, takes a tenth of it.
MAX_TEXT = 20_000
LARGEST = 1e9
# Columns of a clicked table.
MOST_COLUMNS = 100
KEYS = frozenset({"data", "fn_index", "trigger_id", "session_hash", "event_data"})
# What Gradio's own script may say about a file; only name and path are passed on.
FILE_KEYS = frozenset(["path", "url", "size", "orig_name", "mime_type", "is_stream", "meta", "blob", "alt_text", "b64"])
FILE_MARK = {"_type": "gradio.FileData"}


class Unfit(Exception):
    """A field cannot hold this value."""


class Calls:
    """Reads calls, and passes on only what is known to be needed.

    A value that names a file is accepted only in a field for files, and only for a file that the same session has just
    uploaded. Otherwise Gradio would read, move or fetch whatever path or address the value holds.
    """

    def __init__(self, pages: gr.Blocks, arrivals: Arrivals) -> None:
        """Raises `TypeError` for a kind of field that `FIELDS` has no rule for."""
        self.arrivals = arrivals
        self._functions: Mapping[int, BlockFunction] = dict(pages.fns)
        for function in self._functions.values():
            if strange := [block for block in function.inputs if type(block) not in (*FIELDS, gr.File)]:
                raise TypeError(f"No rule says what a call may carry for {strange[0]!r}")
        self._clickable = frozenset(number for number, one in self._functions.items() if _wants_a_click(one))

    def read(self, body: bytes, session: str) -> bytes | None:
        """Return the call in the form that may be passed on; None if no page makes such a call."""
        try:
            call = json.loads(body, parse_constant=_no_number)
            return json.dumps(self._checked(call, session)).encode()
        except (ValueError, RecursionError, Unfit):
            return None

    def _checked(self, call: object, session: str) -> dict[str, Any]:
        match call:
            case {"data": list(data), "fn_index": int(number), "session_hash": str(page), **others}:
                function = None if isinstance(number, bool) else self._functions.get(number)
                trigger = others.get("trigger_id")
                known = trigger is None or (isinstance(trigger, int) and trigger in ELEMENTS)
                if function is None or not known or not PAGE_SESSION.fullmatch(page) or not set(others) <= KEYS:
                    raise Unfit
                return {
                    "data": self._data(function, data, session),
                    "fn_index": number,
                    "trigger_id": trigger,
                    "session_hash": page,
                    "event_data": _clicked(others.get("event_data")) if number in self._clickable else None,
                }
        raise Unfit

    def _data(self, function: BlockFunction, data: list[object], session: str) -> list[object]:
        if len(data) != len(function.inputs):
            raise Unfit
        return [
            self._files(value, session) if isinstance(block, gr.File) else FIELDS[type(block)](block, value)
            for block, value in zip(function.inputs, data, strict=True)
        ]

    def _files(self, value: object, session: str) -> list[dict[str, object]] | None:
        if value is None:
            return None
        parts = value if isinstance(value, list) else [value]
        if len(parts) > MOST_FILES:
            raise Unfit
        return [self._file(part, session) for part in parts]

    def _file(self, value: object, session: str) -> dict[str, object]:
        match value:
            case {"path": str(path), "meta": dict(meta), **others} if meta == FILE_MARK and set(others) <= FILE_KEYS:
                name, streamed = others.get("orig_name"), others.get("is_stream", False)
                if streamed is False and (name is None or isinstance(name, str)) and self.arrivals.has(session, path):
                    shown = None if name is None else readable(name[:MAX_TEXT])
                    return {"path": path, "orig_name": shown, "meta": FILE_MARK}
        raise Unfit


def _text(_: Any, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise Unfit
    return readable(value)


def _choice(block: Any, value: object) -> str:
    # A cleared box stands for its first value.
    return str(block.value) if value is None else _text(block, value)


def _truth(_: Any, value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit
    return value


def _number(block: Any, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise Unfit
    least, most = getattr(block, "minimum", None), getattr(block, "maximum", None)
    if value < (-math.inf if least is None else least) or value > (math.inf if most is None else most):
        raise Unfit
    return value


FIELDS: Mapping[type[Block], Callable[[Any, object], object]] = {
    gr.Textbox: _text,
    gr.Dropdown: _choice,
    gr.Radio: _choice,
    gr.Checkbox: _truth,
    gr.Number: _number,
    gr.Slider: _number,
}


def _wants_a_click(function: BlockFunction) -> bool:
    # Gradio's function has no types.
    hints = get_type_hints(function.fn).values() if function.fn else ()  # type: ignore[no-untyped-call]
    return any(isinstance(hint, type) and issubclass(hint, gr.SelectData) for hint in hints)


def _clicked(event: object) -> dict[str, object]:
    """Return the clicked row, the only part of a click that is used."""
    match event:
        case {"row_value": [_, *_] as row} if len(row) <= MOST_COLUMNS:
            return {"index": [0, 0], "value": "", "row_value": [_cell(value) for value in row]}
    raise Unfit


def _cell(value: object) -> object:
    return _text(None, value) if isinstance(value, str | None) else _number(None, value)


def _no_number(name: str) -> float:
    raise Unfit(name)
