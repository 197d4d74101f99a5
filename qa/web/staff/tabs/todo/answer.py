"""待办, the reviewed answer to a group: written and approved without leaving the page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import gradio as gr

from qa.staff.console import Console
from qa.staff.questions.groups import Group, LoggedQuestion
from qa.web.staff.components import SLOW_CALL, day_of, name_of, textbox, today, whole_number
from qa.web.staff.tabs.todo.group import ClickedGroup, Part
from qa.web.staff.tabs.todo.steps import Closing, Known

# How long a reviewed answer holds unless staff choose another date.
EXPIRES = timedelta(days=180)


class Approval:
    """The button that shows the answer to citizens; only members who may press it see it."""

    def __init__(self) -> None:
        self._approve = gr.Button("审核通过，立即启用", elem_id="todo-approve", visible=False, scale=0)
        self._seen = textbox(visible=False)
        self.outputs: list[Any] = [self._approve, self._seen]

    def values(self, console: Console, group: Group, asked: Sequence[LoggedQuestion]) -> tuple[Any, ...]:
        written = console.reviewed.get(group.reviewed) if group.reviewed else None
        waits = bool(written and written.waits and console.reviewed.may_approve(written))
        return gr.update(visible=waits), f"{written.id} {written.version}" if written else ""

    def on(self, clicked: ClickedGroup, known: Known) -> None:
        """Connect the button."""

        def approve(
            number: str, version: str, text: str, state: str, answer: str, request: gr.Request
        ) -> tuple[Any, ...]:
            def action(console: Console, group: int, seen: int) -> str:
                which, _, at = answer.partition(" ")
                approved = console.reviewed.approve(whole_number(which), whole_number(at))
                return f"第{approved.id}号人工答案已启用，几秒内市民就能看到"

            return clicked.act(action, request, (number, version, text, state), anew=[known, self])

        self._approve.click(approve, [*clicked.inputs, self._seen], clicked.outputs, **SLOW_CALL)


class Answering:
    """The form for the reviewed answer."""

    def __init__(self) -> None:
        with gr.Accordion("写人工答案", open=False, elem_id="todo-answer"):
            gr.Markdown(
                "答案要有文件里的原话作依据。发布角色审核通过后，问到同样意思的市民会看到它，并注明“人工审核”。",
                elem_classes="hint",
            )
            phrasings = textbox(label="问法（一行一个）", lines=3, elem_id="answer-questions")
            answer = textbox(label="答案", lines=3, max_length=1000, elem_id="answer-text")
            with gr.Row():
                source = textbox(label="依据的文件名", max_length=200, elem_id="answer-document")
                words = textbox(label="依据的原话（从文件里复制）", lines=2, scale=2, elem_id="answer-words")
            with gr.Row():
                owner = textbox(label="负责人（空着就是您）", max_length=50, min_width=140)
                expires = textbox(label="有效到（到期自动停用，待复核）", max_length=20, min_width=180)
            with gr.Row(elem_classes="buttons"):
                self._write = gr.Button("提交，等待审核", elem_id="answer-write", scale=0)
                self.approval = Approval()
        self.outputs: list[Any] = [phrasings, answer, source, words, owner, expires]

    def values(self, console: Console, group: Group, asked: Sequence[LoggedQuestion]) -> tuple[Any, ...]:
        phrasings = "\n".join(dict.fromkeys(one.question for one in asked))
        return phrasings, "", group.document, "", group.assignee, (today() + EXPIRES).isoformat()

    def on(self, clicked: ClickedGroup, known: Known, closing: Closing) -> None:
        """Connect the button; the golden question is proposed again, because it guards this answer."""

        def write(
            number: str,
            version: str,
            text: str,
            state: str,
            phrasings: str,
            answer: str,
            source: str,
            words: str,
            owner: str,
            expires: str,
            request: gr.Request,
        ) -> tuple[Any, ...]:
            def action(console: Console, group: int, seen: int) -> str:
                place = console.reviewed.place(source.strip(), words.strip())
                made = console.reviewed.write(
                    [line.strip() for line in phrasings.splitlines() if line.strip()],
                    answer.strip(),
                    owner=owner.strip() or name_of(request),
                    expires_on=day_of(expires),
                    document=place.document,
                    start=place.start,
                    end=place.end,
                    todo=group,
                )
                return f"已写成第{made.id}号人工答案，待审核"

            anew: list[Part] = [known, self, self.approval, closing]
            return clicked.act(action, request, (number, version, text, state), anew=anew)

        self._write.click(write, [*clicked.inputs, *self.outputs], clicked.outputs, **SLOW_CALL)
