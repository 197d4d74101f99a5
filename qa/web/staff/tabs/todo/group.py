"""待办, the clicked group: the parts of the page that show it, and what an action leaves unchanged."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import gradio as gr
from gradio.blocks import Block

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.questions.groups import Group, LoggedQuestion
from qa.web.staff.components import Outcome, StaffPages, attempt, only, refused, textbox, whole_number


class Part(Protocol):
    """A part of the page that shows something of a group: its `outputs`, and a value for each."""

    @property
    def outputs(self) -> Sequence[Block]: ...
    def values(self, console: Console, group: Group, asked: Sequence[LoggedQuestion]) -> tuple[Any, ...]: ...


class ClickedGroup:
    """The number and version of the group on the page; `told` shows the result of an action."""

    def __init__(self, desk: StaffPages, told: Block) -> None:
        self.desk = desk
        self.told = told
        self.number = textbox(visible=False)
        self.version = textbox(visible=False)
        self.detail = gr.Column(visible=False, elem_id="todo-detail")
        self.parts: list[Part] = []
        self._rows: Callable[..., Any]
        self.outputs: list[Any] = []
        self.inputs: list[Any] = []

    def complete(
        self, parts: Sequence[Part], rows: Callable[..., Any], listed: Block, filters: Sequence[Block]
    ) -> None:
        """Take the parts of the finished layout. `rows` fills `listed` by `filters`, the last inputs of each action."""
        self.parts = list(parts)
        self._rows = rows
        self.detailed: list[Any] = [self.told, self.number, self.version, self.detail]
        self.detailed += [output for part in parts for output in part.outputs]
        self.outputs = [*self.detailed, listed]
        self.inputs = [self.number, self.version, *filters]

    def opened(self, request: gr.Request, group_id: int, sentence: str = "") -> tuple[Any, ...]:
        """Return the values of `detailed` for a group."""
        return self._opened(request, group_id, sentence, self.parts)

    def act(
        self,
        action: Callable[[Console, int, int], str],
        request: gr.Request,
        given: tuple[str, str, str, str],
        *,
        anew: Sequence[Part],
    ) -> tuple[Any, ...]:
        """Run an action on the group; return the values of `outputs`.

        After a refusal everything typed stays; after success only the parts in `anew` are filled again.
        """
        number, version, text, state = given
        console = self.desk.console(request)
        outcome: Outcome = attempt(lambda: action(console, whole_number(number), whole_number(version)))
        if not outcome.done:
            return only(outcome.sentence, self.outputs)
        shown = self._opened(request, whole_number(number), outcome.sentence, anew)
        return *shown, self._rows(request, text, state)

    def _opened(self, request: gr.Request, group_id: int, sentence: str, anew: Sequence[Part]) -> tuple[Any, ...]:
        console = self.desk.console(request)
        try:
            group, asked = console.todo.group(group_id)
            values = [
                value
                for part in self.parts
                for value in (part.values(console, group, asked) if part in anew else map(_skip, part.outputs))
            ]
        except EXPECTED as error:
            return sentence + refused(str(error)), "", "", gr.update(visible=False), *map(_skip, self.detailed[4:])
        return sentence, str(group.id), str(group.version), gr.update(visible=True), *values


def _skip(_: Any) -> Any:
    return gr.skip()
