"""文档: every file with its state and validity, and the upload of several; `detail.py` shows the clicked one."""

from typing import Any

import gradio as gr

from qa.staff.documents.listing import DocumentRow, DocumentStatus
from qa.staff.documents.management import DocumentExists
from qa.staff.documents.uploads import rules as upload_rules
from qa.web.html import NOTHING, Html
from qa.web.staff.components import (
    BARE,
    CALL,
    SLOW_CALL,
    PageContent,
    StaffPages,
    attempt,
    clicked,
    markup,
    message,
    refused,
    table,
    textbox,
)
from qa.web.staff.tabs.documents.detail import WITHDRAWN, ClickedDocument, state_of, validity_of, why_of
from qa.web.staff.tabs.documents.upload_box import Uploaded, upload_box
from qa.web.staff.values import megabytes, when

HEADERS = ("文件", "状态", "原因和办法", "大小", "段落", "有效期", "改动")
ALL = "全部状态"


def build(desk: StaffPages) -> PageContent:
    """Build the page: the table and, below it, the clicked document."""
    told = message()
    with gr.Row(elem_classes="toolbar"):
        search = textbox(placeholder="按文件名查找", **BARE, max_length=100, scale=2)
        states = [ALL, *(status.label for status in DocumentStatus), WITHDRAWN]
        state = gr.Dropdown(states, value=ALL, label="状态", **BARE, scale=1)
    listed = table(HEADERS, elem_id="documents", widths=[240, 140, 240, 80, 60, 150, 140], max_height=380)
    with gr.Accordion("上传文件", open=False, elem_id="upload"):
        rules = upload_rules(desk.settings.max_file_mb)
        gr.Markdown(f"{rules}上传后到“发布”页发布，市民才会看到。", elem_classes="hint")
        replace = gr.Checkbox(label="有同名文件时替换它", container=False)
        box = upload_box(show_label=False, elem_id="upload-box", height=140)
        uploaded = markup(elem_id="uploaded")
    opened = ClickedDocument(desk, told)

    def rows(request: gr.Request, search: str, state: str) -> list[list[str]]:
        found = desk.console(request).documents.list()
        return [_row(one) for one in found if _wanted(one, search, state)]

    def show(search: str, state: str, request: gr.Request) -> list[list[str]]:
        return rows(request, search, state)

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return opened.opened(clicked(event), request)

    def take(
        files: list[Uploaded] | None, replace: bool, search: str, state: str, request: gr.Request
    ) -> tuple[Any, ...]:
        lines = [_take(desk, request, file, replace=replace) for file in files or ()]
        return None, NOTHING.join(lines), rows(request, search, state)

    filters: list[Any] = [search, state]
    gr.on([search.input, state.change], show, filters, [listed], **CALL)
    listed.select(choose, None, opened.outputs, **SLOW_CALL)
    box.upload(take, [box, replace, *filters], [box, uploaded, listed], **SLOW_CALL)
    opened.on(rows, listed, filters)
    return PageContent(show, [listed], filters)


def _take(desk: StaffPages, request: gr.Request, file: Uploaded, *, replace: bool) -> Html:
    """Hand a file to the console and return the result as a sentence. The browser's copy is removed in any case."""

    def taken() -> str:
        documents = desk.console(request).documents
        with desk.taken(request, file.path) as content:
            try:
                kept = documents.upload(file.name, content)
            except DocumentExists as error:
                if not replace:
                    return ""
                content.seek(0)
                kept = documents.upload(file.name, content, replacing=error.version)
        return f"{'已替换' if kept.replaced else '已上传'}：{kept.name}（{megabytes(kept.size)}）"

    told = attempt(taken).sentence
    return told or refused(f"{file.name}：已有同名文件；要替换它，请勾选“有同名文件时替换它”再上传一次")


def _wanted(row: DocumentRow, search: str, state: str) -> bool:
    if search.strip() and search.strip().lower() not in f"{row.name} {row.title}".lower():
        return False
    return state in (ALL, state_of(row))


def _row(row: DocumentRow) -> list[str]:
    size = megabytes(row.size) if row.size else ""
    counted = [size, str(row.passages)]
    return [row.name, state_of(row), why_of(row), *counted, validity_of(row), when(row.changed_at)]
