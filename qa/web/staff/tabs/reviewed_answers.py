"""人工答案: what staff wrote, who approved it, until when it holds, and what needs a new review."""

from typing import Any

import gradio as gr

from qa.bootstrap.errors import EXPECTED
from qa.staff.permissions import Role
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.reviewed_answers import STATES
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
    day,
    day_of,
    markup,
    message,
    only,
    refused,
    table,
    textbox,
    when,
    whole_number,
)

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
        f"在“待办”里写的答案列在这里；{who}审核通过后，市民才看到。改动已启用的答案，审核通过前市民看到的仍是原来的。",
        elem_classes="hint",
    )
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按问题或答案里的字查找", **BARE, max_length=100, scale=2)
        choices = [(ALL, ""), *((name, key) for key, name in STATES.items())]
        state = gr.Dropdown(choices, value="", **BARE, min_width=140)
    listed = table(HEADERS, elem_id="reviewed", widths=[44, 280, 320, 80, 90, 100, 180], max_height=380)
    number = textbox(visible=False)
    version = textbox(visible=False)
    with gr.Column(visible=False, elem_id="reviewed-detail") as detail:
        about = markup()
        with gr.Accordion("修改", open=False):
            phrasings = textbox(label="问法（一行一个）", lines=3)
            answer = textbox(label="答案", lines=3, max_length=1000)
            with gr.Row():
                owner = textbox(label="负责人", max_length=50)
                expires = textbox(label="有效到", max_length=20)
            words = textbox(label="新的依据（从同一文件复制原话；不改则留空）", lines=2)
            with gr.Row(elem_classes="buttons"):
                save = gr.Button("保存，等待审核", scale=0)
                drop = gr.Button("放弃待审核的改动", elem_id="reviewed-discard", scale=0)
        with gr.Row(elem_classes="buttons"):
            approve = gr.Button("审核通过，立即启用", variant="primary", elem_id="reviewed-approve", scale=0)
            why = textbox(placeholder="停用的原因", **BARE, max_length=200, scale=2)
            stop = gr.Button("停用", elem_id="reviewed-withdraw", scale=0)

    def rows(request: gr.Request, text: str, state: str) -> list[list[str]]:
        return [_row(one) for one in desk.console(request).reviewed.list(state=state, text=text.strip())]

    def show(text: str, state: str, request: gr.Request) -> list[list[str]]:
        return rows(request, text, state)

    def opened(request: gr.Request, which: int, sentence: str = "") -> tuple[Any, ...]:
        console = desk.console(request)
        try:
            one = console.reviewed.get(which)
        except EXPECTED as error:
            return refused(str(error)), "", "", gr.update(visible=False), *(gr.skip() for _ in detailed[4:])
        publisher, draft = console.may(Role.PUBLISHER), one.waiting
        return (
            sentence,
            str(one.id),
            str(one.version),
            gr.update(visible=True),
            _about(one),
            "\n".join(draft.questions),
            draft.text,
            draft.owner,
            day(draft.expires_on),
            "",
            gr.update(visible=one.draft is not None),
            gr.update(visible=one.waits and console.reviewed.may_approve(one)),
            gr.update(visible=publisher and one.state != "withdrawn", value=""),
            gr.update(visible=publisher and one.state != "withdrawn"),
        )

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return opened(request, clicked_number(event))

    def after(
        request: gr.Request, number: str, text: str, state: str, outcome: Outcome, *, saved: bool = False
    ) -> tuple[Any, ...]:
        """Return the page after an action; everything typed stays unless it is `saved`."""
        if not outcome.done:
            return only(outcome.sentence, both)
        shown = opened(request, whole_number(number), outcome.sentence)
        if not saved:
            shown = *shown[:5], *(gr.skip() for _ in shown[5:10]), *shown[10:]
        return *shown, rows(request, text, state)

    def keep(
        number: str,
        version: str,
        phrasings: str,
        answer: str,
        owner: str,
        expires: str,
        words: str,
        text: str,
        state: str,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        def kept() -> str:
            reviewed = desk.console(request).reviewed
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

        return after(request, number, text, state, attempt(kept), saved=True)

    def approved(number: str, version: str, text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def done() -> str:
            desk.console(request).reviewed.approve(whole_number(number), whole_number(version))
            return "已启用，几秒内市民就能看到"

        return after(request, number, text, state, attempt(done))

    def dropped(number: str, version: str, text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def done() -> str:
            desk.console(request).reviewed.discard(whole_number(number), whole_number(version))
            return "已放弃待审核的改动，市民看到的不变"

        return after(request, number, text, state, attempt(done), saved=True)

    def stopped(number: str, version: str, why: str, text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def done() -> str:
            desk.console(request).reviewed.withdraw(whole_number(number), whole_number(version), why)
            return "已停用，几秒内市民不再看到"

        return after(request, number, text, state, attempt(done))

    filters: list[Any] = [text, state]
    detailed: list[Any] = [
        *(told, number, version, detail, about),
        *(phrasings, answer, owner, expires, words, drop, approve, why, stop),
    ]
    both: list[Any] = [*detailed, listed]
    gr.on([text.submit, state.change], show, filters, [listed], **CALL)
    listed.select(choose, None, detailed, **CALL)
    save.click(keep, [number, version, phrasings, answer, owner, expires, words, *filters], both, **SLOW_CALL)
    approve.click(approved, [number, version, *filters], both, **SLOW_CALL)
    drop.click(dropped, [number, version, *filters], both, **CALL)
    stop.click(stopped, [number, version, why, *filters], both, **CALL)
    return PageContent(show, [listed], filters)


def _row(one: ReviewedAnswer) -> list[str]:
    state = STATES.get(one.state, one.state) + ("，有改动待审核" if one.draft else "")
    return [str(one.id), one.questions[0], one.text, state, one.owner, day(one.expires_on), one.source.document]


def _about(one: ReviewedAnswer) -> str:
    return f"<h3>第{one.id}号人工答案</h3>" + charts.facts(
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
