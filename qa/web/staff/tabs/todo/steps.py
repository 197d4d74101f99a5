"""待办, the steps for one group: who handles it, and how it ends, with a golden question or without."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from qa.staff.console import Console
from qa.staff.quality.golden_file import NewGolden
from qa.staff.questions.groups import STATES, Group, LoggedQuestion
from qa.staff.questions.log import OUTCOME_WORDS, VERDICT_WORDS
from qa.storage.reviewed_answers import STATES as ANSWER_STATES
from qa.web.html import Html
from qa.web.staff import charts
from qa.web.staff.components import CALL, SLOW_CALL, markup, name_of, table, textbox, when
from qa.web.staff.tabs.golden.form import read_must
from qa.web.staff.tabs.golden.waiting import write_must
from qa.web.staff.tabs.todo.group import ClickedGroup

ASKED = ("问题", "时间", "结果", "评价", "留言", "编号")


class Known:
    """The facts about the group, and the times it was asked."""

    def __init__(self) -> None:
        self._about = markup()
        self._asked = table(ASKED, elem_id="todo-asked", widths=[360, 150, 80, 80, 220, 210], max_height=220)
        self.outputs = [self._about, self._asked]

    def values(self, console: Console, group: Group, asked: Sequence[LoggedQuestion]) -> tuple[Any, ...]:
        return _about(console, group), [_asked(one) for one in asked]


class Handling:
    """The handler of the group, the document that answers it, and a note."""

    def __init__(self) -> None:
        with gr.Accordion("经办", open=True):
            with gr.Row():
                self._assignee = textbox(label="经办人", max_length=50, min_width=140)
                self._document = textbox(label="能回答它的文件", max_length=200, min_width=200)
                self._note = textbox(label="备注", max_length=500, min_width=260, scale=2)
            with gr.Row(elem_classes="buttons"):
                self._save = gr.Button("保存", elem_id="todo-save", scale=0)
                self._mine = gr.Button("由我处理", elem_id="todo-mine", scale=0)
                self._reopen = gr.Button("重新打开", elem_id="todo-reopen", visible=False, scale=0)
        self.outputs: list[Any] = [self._assignee, self._document, self._note, self._reopen]

    def values(self, console: Console, group: Group, asked: Sequence[LoggedQuestion]) -> tuple[Any, ...]:
        return group.assignee, group.document, group.note, gr.update(visible=group.state == "done")

    def on(self, clicked: ClickedGroup, known: Known) -> None:
        """Connect the buttons."""

        def keep(request: gr.Request, *values: str) -> tuple[Any, ...]:
            *given, assignee, document, note = values

            def action(console: Console, group: int, seen: int) -> str:
                console.todo.change(group, seen, assignee=assignee, document=document, note=note)
                return "已保存"

            return clicked.act(action, request, tuple(given), anew=[known, self])

        def take(request: gr.Request, *values: str) -> tuple[Any, ...]:
            *given, document, note = values

            def action(console: Console, group: int, seen: int) -> str:
                to = {"assignee": name_of(request), "document": document, "note": note}
                console.todo.change(group, seen, **to, state="working")
                return "已由您处理"

            return clicked.act(action, request, tuple(given), anew=[known, self])

        def open_again(request: gr.Request, *given: str) -> tuple[Any, ...]:
            def action(console: Console, group: int, seen: int) -> str:
                console.todo.reopen(group, seen)
                return "已重新打开"

            return clicked.act(action, request, given, anew=[known, self])

        fields = [self._assignee, self._document, self._note]
        self._save.click(keep, [*clicked.inputs, *fields], clicked.outputs, **CALL)
        self._mine.click(take, [*clicked.inputs, self._document, self._note], clicked.outputs, **CALL)
        self._reopen.click(open_again, clicked.inputs, clicked.outputs, **CALL)


class Closing:
    """The end of a group: a golden question, or a reason for adding none."""

    def __init__(self) -> None:
        with gr.Accordion("办结，并用检验题守住", open=False, elem_id="todo-close"):
            gr.Markdown(
                "写成检验题之后，每次刷新都会问它；答得不如从前，新版本就不发布。检验题要由另一位有“发布”角色的同事同意，"
                "与别人审核过的人工答案一字不差的除外；没有同意，这一组会重新打开。"
                "“必须出现”一行一项，同一项的不同写法用 | 隔开。",
                elem_classes="hint",
            )
            question = textbox(label="检验题", max_length=300, elem_id="close-question")
            with gr.Row():
                must = textbox(label="答案里必须出现", lines=2, elem_id="close-must")
                evidence = textbox(label="依据的原文", lines=2, scale=2)
            self._why = textbox(label="不加检验题就办结的原因", max_length=200)
            with gr.Row(elem_classes="buttons"):
                self._close = gr.Button("加为检验题并办结", variant="primary", elem_id="close-golden", scale=0)
                self._drop = gr.Button("不加检验题，办结", scale=0)
        self._fields: list[Any] = [question, must, evidence]
        self.outputs: list[Any] = [*self._fields, self._why]

    def values(self, console: Console, group: Group, asked: Sequence[LoggedQuestion]) -> tuple[Any, ...]:
        proposed = console.todo.proposal(group.id)
        return proposed.question, write_must(proposed.must), proposed.evidence, ""

    def on(self, clicked: ClickedGroup, known: Known, handling: Handling) -> None:
        """Connect the buttons."""

        def finish(request: gr.Request, *values: str) -> tuple[Any, ...]:
            *given, question, must, evidence = values

            def action(console: Console, group: int, seen: int) -> str:
                proposed = console.todo.proposal(group)
                golden = NewGolden(
                    question=question.strip(),
                    must=read_must(must),
                    evidence=evidence.strip(),
                    tags=proposed.tags,
                    answerable=proposed.answerable if not must.strip() else True,
                    history=proposed.history,
                )
                done = console.todo.done(group, seen, golden)
                return f"已办结；{console.todo.guarded_by(done)}"

            return clicked.act(action, request, tuple(given), anew=[known, handling, self])

        def finish_without(request: gr.Request, *values: str) -> tuple[Any, ...]:
            *given, why = values

            def action(console: Console, group: int, seen: int) -> str:
                console.todo.done(group, seen, None, why=why)
                return "已办结"

            return clicked.act(action, request, tuple(given), anew=[known, handling, self])

        self._close.click(finish, [*clicked.inputs, *self._fields], clicked.outputs, **SLOW_CALL)
        self._drop.click(finish_without, [*clicked.inputs, self._why], clicked.outputs, **CALL)


def _asked(one: LoggedQuestion) -> list[str]:
    verdict = VERDICT_WORDS.get(one.verdict or "", "")
    status = OUTCOME_WORDS.get(one.status, one.status)
    return [one.question, when(one.asked_at), status, verdict, one.comment, one.id]


def _about(console: Console, group: Group) -> Html:
    answer = ""
    if group.reviewed:
        written = console.reviewed.get(group.reviewed)
        answer = f"第{written.id}号（{ANSWER_STATES.get(written.state, written.state)}）：{written.text}"
    pairs = [
        ("状态", STATES.get(group.state, group.state)),
        ("人工答案", answer),
        ("检验题", console.todo.guarded_by(group)),
        ("最近改动", f"{group.changed_by}，{when(group.changed_at)}" if group.changed_by else ""),
    ]
    return charts.heading(group.question) + charts.facts(pairs)
