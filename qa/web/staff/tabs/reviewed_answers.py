"""人工答案: what staff wrote, who approved it, until when it holds, and what needs a new review."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.blocks import Block

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.reviewed_answers import STATES
from qa.web.html import Html
from qa.web.staff import charts
from qa.web.staff.components import (
    BARE,
    CALL,
    SLOW_CALL,
    Outcome,
    PageContent,
    StaffPages,
    attempt,
    clicked_number,
    markup,
    message,
    only,
    refused,
    table,
    textbox,
)
from qa.web.staff.values import day, day_of, when, whole_number

HEADERS = ("号", "问题", "答案", "状态", "负责人", "有效到", "依据的文件")
ALL = "全部状态"


def build(desk: StaffPages) -> PageContent:
    """Build the page: the answers, and the clicked one with what can be done about it."""
    told = message()
    who = (
        "没有写过它、有“发布”角色的人"
        if desk.settings.four_eyes
        else "有“发布”角色的人（本站允许作者审核自己写的答案）"
    )
    gr.Markdown(
        f"在“问题”里写的答案列在这里；{who}审核通过后，市民才看到。改动已启用的答案，审核通过前市民看到的仍是原来的。",
        elem_classes="hint",
    )
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按问题或答案里的字查找", **BARE, max_length=100, scale=2)
        choices = [(ALL, ""), *((name, key) for key, name in STATES.items())]
        state = gr.Dropdown(choices, value="", label="状态", **BARE, min_width=140)
    listed = table(HEADERS, elem_id="reviewed", widths=[44, 280, 320, 80, 90, 100, 180], max_height=380)
    page = ReviewedAnswersPage(desk, told, listed, Form())
    filters: list[Any] = [text, state]
    gr.on([text.submit, state.change], page.show, filters, [listed], **CALL)
    page.on(filters)
    return PageContent(page.show, [listed], filters)


class Form:
    """The answer that was clicked: `keys` name it, `fields` are changed, the others decide about it."""

    def __init__(self) -> None:
        number, version = textbox(visible=False), textbox(visible=False)
        with gr.Column(visible=False, elem_id="reviewed-detail") as detail:
            about = markup()
            with gr.Accordion("修改", open=False):
                self._lay_fields()
                with gr.Row(elem_classes="buttons"):
                    self.save = gr.Button("保存，等待审核", scale=0)
                    self.drop = gr.Button("放弃待审核的改动", elem_id="reviewed-discard", scale=0)
            with gr.Row(elem_classes="buttons"):
                label = "审核通过，立即启用"
                self.approve = gr.Button(label, variant="primary", elem_id="reviewed-approve", scale=0)
                self.why = textbox(placeholder="停用的原因", **BARE, max_length=200, scale=2)
                self.stop = gr.Button("停用", elem_id="reviewed-withdraw", scale=0)
        self.keys: list[Any] = [number, version]
        deciding = (self.drop, self.approve, self.why, self.stop)
        self.outputs: list[Any] = [*self.keys, detail, about, *self.fields, *deciding]

    def _lay_fields(self) -> None:
        phrasings = textbox(label="问法（一行一个）", lines=3)
        answer = textbox(label="答案", lines=3, max_length=1000)
        with gr.Row():
            owner = textbox(label="负责人", max_length=50)
            expires = textbox(label="有效到", max_length=20)
        words = textbox(label="新的依据（从同一文件复制原话；不改则留空）", lines=2)
        self.fields: list[Any] = [phrasings, answer, owner, expires, words]

    def values(self, console: Console, one: ReviewedAnswer) -> tuple[Any, ...]:
        """Return the values of `outputs` for an answer."""
        stoppable, draft = console.may(Role.PUBLISHER) and one.state != "withdrawn", one.waiting
        return (
            *(str(one.id), str(one.version), gr.update(visible=True), _about(one)),
            *("\n".join(draft.questions), draft.text, draft.owner, day(draft.expires_on), ""),
            gr.update(visible=one.draft is not None),
            gr.update(visible=one.waits and console.reviewed.may_approve(one)),
            gr.update(visible=stoppable, value=""),
            gr.update(visible=stoppable),
        )


class ReviewedAnswersPage:
    """The handlers of the list and of the form's buttons; buttons get the list's filters as last inputs."""

    def __init__(self, desk: StaffPages, told: gr.Markdown, listed: gr.Dataframe, form: Form) -> None:
        self._desk, self._listed, self._form = desk, listed, form
        self._detailed: list[Any] = [told, *form.outputs]
        self._both: list[Any] = [*self._detailed, listed]

    def on(self, filters: Sequence[Block]) -> None:
        """Join the handlers to the page."""
        form = self._form
        self._listed.select(self.choose, None, self._detailed, **CALL)
        form.save.click(self.keep, [*form.keys, *form.fields, *filters], self._both, **SLOW_CALL)
        form.approve.click(self.approved, [*form.keys, *filters], self._both, **SLOW_CALL)
        form.drop.click(self.dropped, [*form.keys, *filters], self._both, **CALL)
        form.stop.click(self.stopped, [*form.keys, form.why, *filters], self._both, **CALL)

    def show(self, text: str, state: str, request: gr.Request) -> list[list[str]]:
        return [_row(one) for one in self._desk.console(request).reviewed.list(state=state, text=text.strip())]

    def choose(self, event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return self._opened(request, clicked_number(event))

    def keep(self, request: gr.Request, number: str, version: str, *values: str) -> tuple[Any, ...]:
        phrasings, answer, owner, expires, words, *filters = values

        def kept() -> str:
            reviewed = self._desk.console(request).reviewed
            document = reviewed.get(whole_number(number)).source.document
            place = reviewed.place(document, words.strip()) if words.strip() else None
            reviewed.change(
                whole_number(number),
                whole_number(version),
                questions=[line.strip() for line in phrasings.splitlines() if line.strip()],
                text=answer.strip(),
                owner=owner.strip(),
                expires_on=day_of(expires),
                document=place.document if place else None,
                start=place.start if place else None,
                end=place.end if place else None,
            )
            return "已保存，待审核；审核通过前市民看不到这次改动"

        return self._after(request, number, filters, attempt(kept), saved=True)

    def approved(self, request: gr.Request, number: str, version: str, *filters: str) -> tuple[Any, ...]:
        def done() -> str:
            self._desk.console(request).reviewed.approve(whole_number(number), whole_number(version))
            return "已启用，几秒内市民就能看到"

        return self._after(request, number, filters, attempt(done))

    def dropped(self, request: gr.Request, number: str, version: str, *filters: str) -> tuple[Any, ...]:
        def done() -> str:
            self._desk.console(request).reviewed.discard(whole_number(number), whole_number(version))
            return "已放弃待审核的改动，市民看到的不变"

        return self._after(request, number, filters, attempt(done), saved=True)

    def stopped(self, request: gr.Request, number: str, version: str, why: str, *filters: str) -> tuple[Any, ...]:
        def done() -> str:
            self._desk.console(request).reviewed.withdraw(whole_number(number), whole_number(version), why)
            return "已停用，几秒内市民不再看到"

        return self._after(request, number, filters, attempt(done))

    def _opened(self, request: gr.Request, which: int, sentence: str = "") -> tuple[Any, ...]:
        console = self._desk.console(request)
        try:
            one = console.reviewed.get(which)
        except EXPECTED as error:
            return refused(str(error)), "", "", gr.update(visible=False), *(gr.skip() for _ in self._detailed[4:])
        return sentence, *self._form.values(console, one)

    def _after(
        self, request: gr.Request, number: str, filters: Sequence[str], outcome: Outcome, *, saved: bool = False
    ) -> tuple[Any, ...]:
        """Return the page after an action; everything typed stays unless it is `saved`."""
        if not outcome.done:
            return only(outcome.sentence, self._both)
        shown = self._opened(request, whole_number(number), outcome.sentence)
        if not saved:
            shown = *shown[:5], *(gr.skip() for _ in shown[5:10]), *shown[10:]
        text, state = filters
        return *shown, self.show(text, state, request)


def _row(one: ReviewedAnswer) -> list[str]:
    state = STATES.get(one.state, one.state) + ("，有改动待审核" if one.draft else "")
    return [str(one.id), one.questions[0], one.text, state, one.owner, day(one.expires_on), one.source.document]


def _about(one: ReviewedAnswer) -> Html:
    return charts.heading(f"第{one.id}号人工答案") + charts.facts(
        [
            ("状态", STATES.get(one.state, one.state)),
            ("为什么待复核", one.why),
            ("问法", "；".join(one.questions)),
            ("答案", one.text),
            ("依据", f"{one.source.document}：{one.source.words}"),
            ("负责人", one.owner),
            ("有效到", day(one.expires_on)),
            ("待审核的改动", _draft(one)),
            ("作者", "、".join(one.authors)),
            ("审核人", one.approved_by),
            ("最近改动", f"{one.changed_by}，{when(one.changed_at)}"),
        ]
    )


def _draft(one: ReviewedAnswer) -> str:
    """Return what citizens would see once the draft is approved."""
    if one.draft is None:
        return ""
    source = one.draft.source
    told = (
        f"作者：{'、'.join(one.draft.authors)}",
        f"问法：{'；'.join(one.draft.questions)}",
        f"答案：{one.draft.text}",
        f"依据：{source.document}：{source.words}",
    )
    return "\n".join((*told, f"负责人：{one.draft.owner}", f"有效到：{day(one.draft.expires_on)}"))
