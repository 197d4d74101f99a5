"""待办: questions that citizens got no answer to, grouped by meaning, and the way to an answer guarded by a test."""

from typing import Any

import gradio as gr

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.questions import behind
from qa.staff.questions.groups import STATES, Group
from qa.storage.runtime_settings import CONTACT
from qa.web.html import NOTHING, Html
from qa.web.staff.components import (
    BARE,
    CALL,
    SLOW_CALL,
    PageContent,
    StaffPages,
    clicked_number,
    message,
    refused,
    table,
    textbox,
    when,
)
from qa.web.staff.tabs.todo.answer import Answering
from qa.web.staff.tabs.todo.group import ClickedGroup
from qa.web.staff.tabs.todo.steps import Closing, Handling, Known

HEADERS = ("组", "问题", "次数", "未回答", "没帮助", "矛盾", "最近", "状态", "经办")
ALL = "未办结的"
EVERY = "全部"


def build(desk: StaffPages) -> PageContent:
    """Build the page: the groups, and all steps for the clicked one."""
    told = message()
    gr.Markdown(
        "市民没有得到答案的、点了“没帮助”的，和几份现行文件说法不一（矛盾）的问题，按意思归成组列在这里，问得最多的在前。"
        "点一组，一路办到有人工答案和检验题；文件矛盾的，请到“文档”页写明哪一份失效。",
        elem_classes="hint",
    )
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按问题里的字查找", **BARE, max_length=100, scale=2)
        choices = [(ALL, ""), *((name, key) for key, name in STATES.items()), (EVERY, "all")]
        state = gr.Dropdown(choices, value="", **BARE, min_width=140)
    listed = table(HEADERS, elem_id="todo", widths=[50, 360, 60, 70, 70, 60, 150, 80, 90], max_height=380)
    clicked = ClickedGroup(desk, told)
    with clicked.detail:
        known, handling, answering, closing = Known(), Handling(), Answering(), Closing()

    def rows(request: gr.Request, text: str, state: str) -> list[list[str]]:
        todo = desk.console(request).todo
        found = todo.list(state=state if state in STATES else "", text=text.strip(), seconds=0)
        return [_row(group) for group in found if state or group.state != "done"]

    def show(text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            todo = desk.console(request).todo
            left = behind.gather(todo)
            note = Html("<p>还有{}个问题正在归组，过一会儿再打开就能看到。</p>").format(left) if left else NOTHING
            if waiting := todo.waiting():
                note += Html("<p>有{}条检验题的改动等待同意，见“检验题”。</p>").format(waiting)
            return note + _without_contact(desk.console(request)), rows(request, text, state)
        except EXPECTED as error:
            return refused(str(error)), []

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return clicked.opened(request, clicked_number(event))

    filters: list[Any] = [text, state]
    clicked.complete([known, handling, answering, answering.approval, closing], rows, listed, filters)
    gr.on([text.submit, state.change], show, filters, [told, listed], **CALL)
    listed.select(choose, None, clicked.detailed, **SLOW_CALL)
    handling.on(clicked, known)
    answering.on(clicked, known, closing)
    answering.approval.on(clicked, known)
    closing.on(clicked, known, handling)
    return PageContent(show, [told, listed], filters)


def _without_contact(console: Console) -> Html:
    """Return a warning while no office is set for citizens without an answer; empty if one is set."""
    contact = next(setting for setting in console.board.list() if setting.name == CONTACT)
    return (
        NOTHING
        if contact.value or contact.default
        else refused("还没有设咨询电话：没有答案时市民只看到12345。请到“设置”里填写。")
    )


def _row(group: Group) -> list[str]:
    counts = [str(group.count), str(group.refused), str(group.unhelpful), str(group.contradictory)]
    state = STATES.get(group.state, group.state)
    return [str(group.id), group.question, *counts, when(group.last_asked), state, group.assignee]
