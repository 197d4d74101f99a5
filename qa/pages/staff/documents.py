"""文档: every file with its state, upload, preview with its passages, fields, withdrawing, download, deletion."""

from typing import Any
from urllib.parse import urlencode

import gradio as gr

from corpus.metadata import FIELDS
from qa.document_list import DocumentRow, DocumentStatus
from qa.documents import DocumentExists, Preview
from qa.expected import EXPECTED
from qa.pages.guard import STAFF
from qa.pages.render import escape
from qa.pages.source import document_html
from qa.pages.staff import figures
from qa.pages.staff.desk import (
    BARE,
    CALL,
    SLOW_CALL,
    Outcome,
    Shown,
    StaffDesk,
    attempt,
    day,
    markup,
    megabytes,
    message,
    only,
    refused,
    said,
    table,
    textbox,
    when,
)
from qa.pages.staff.uploads import Uploaded, upload_box
from qa.roles import Role
from qa.uploads import rules as upload_rules

HEADERS = ("文件", "状态", "原因和办法", "大小", "段落", "有效期", "改动")
ALL, WITHDRAWN = "全部状态", "已停止引用"
SHORT = 60
# How a field is written, where that is not plain.
HINTS = {"date": "2026-01-31", "in_force_from": "2026-01-31", "in_force_until": "2026-12-31", "url": "https://"}


def build(desk: StaffDesk) -> Shown:
    """The page: the table and, below it, the document that was clicked."""
    told = message()
    with gr.Row(elem_classes="toolbar"):
        search = textbox(placeholder="按文件名查找", **BARE, max_length=200, scale=2)
        states = [ALL, *(status.label for status in DocumentStatus), WITHDRAWN]
        state = gr.Dropdown(states, value=ALL, **BARE, scale=1)
    listed = table(HEADERS, elem_id="documents", widths=[240, 140, 240, 80, 60, 150, 140], max_height=380)
    with gr.Accordion("上传文件", open=False, elem_id="upload"):
        rules = upload_rules(desk.settings.max_file_megabytes)
        gr.Markdown(f"{rules}上传后到“刷新”页刷新，市民才会看到。", elem_classes="hint")
        replace = gr.Checkbox(label="有同名文件时替换它", container=False)
        box = upload_box(show_label=False, elem_id="upload-box", height=140)
        uploaded = markup(elem_id="uploaded")
    name = textbox(visible=False)
    version = textbox(visible=False)
    with gr.Column(visible=False, elem_id="document") as detail:
        about = markup(elem_id="about")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=280):
                passages = table(("段落", "开头"), elem_id="passages", widths=[60, 300], max_height=560)
            with gr.Column(scale=3, min_width=320):
                preview = markup(elem_id="preview", container=True)
        with gr.Accordion("有效期与来源", open=False, elem_id="fields") as fields:
            with gr.Row():
                boxes = [
                    textbox(label=words[1], max_length=200, min_width=200, placeholder=HINTS.get(field))
                    for field, words in FIELDS.items()
                ]
            save = gr.Button("保存这些项目", elem_id="fields-save", scale=0)
        with gr.Accordion("立即停止引用", open=False, elem_id="withdrawal") as withdrawal:
            gr.Markdown("几秒之内所有答案都不再引用这个文件，不必刷新；可以随时恢复。", elem_classes="hint")
            reason = textbox(label="原因（记入审计）", max_length=200, elem_id="withdraw-why")
            with gr.Row(elem_classes="buttons"):
                stop = gr.Button("立即停止引用", variant="stop", elem_id="withdraw", scale=0)
                resume = gr.Button("恢复引用", elem_id="reinstate", scale=0)
        with gr.Accordion("删除", open=False, elem_id="removal") as removal:
            why = textbox(label="原因（记入审计）", max_length=200, elem_id="removal-why")
            with gr.Row(elem_classes="buttons"):
                remove = gr.Button("删除文件……", elem_id="delete", scale=0)
            with gr.Column(visible=False, elem_classes="panel confirm") as confirm:
                question = markup()
                with gr.Row(elem_classes="buttons"):
                    yes = gr.Button("确认删除", variant="stop", elem_id="delete-yes", scale=0)
                    no = gr.Button("不删除", scale=0)

    def rows(request: gr.Request, search: str, state: str) -> list[list[str]]:
        found = desk.console(request).documents.list()
        return [_row(one) for one in found if _wanted(one, search, state)]

    def show(search: str, state: str, request: gr.Request) -> list[list[str]]:
        return rows(request, search, state)

    def opened(name: str, request: gr.Request, sentence: str = "") -> tuple[Any, ...]:
        """The detail of a document: its facts, passages, fields."""
        console = desk.console(request)
        row = next((one for one in console.documents.list() if one.name == name), None)
        if row is None:
            return sentence, name, "", gr.update(visible=False), *(gr.skip() for _ in detailed[4:])
        try:
            shown: Preview | None = console.documents.preview(name)
        except EXPECTED:
            shown = None
        try:
            metadata = console.documents.metadata(name)
            values, kept = [metadata.values.get(field, "") for field in FIELDS], metadata.version
        except EXPECTED:
            values, kept = [""] * len(boxes), ""
        publisher = console.may(Role.PUBLISHER)
        return (
            sentence,
            name,
            row.version or kept,
            gr.update(visible=True),
            _about(row, shown),
            [_passage(number, passage) for number, passage in enumerate(shown.passages, start=1)] if shown else [],
            document_html(shown.document, ()) if shown else "",
            *values,
            gr.update(visible=bool(row.version)),
            gr.update(visible=publisher and bool(row.version)),
            gr.update(visible=False),
            "",
            gr.update(visible=publisher),
            gr.update(visible=row.withdrawn is None),
            gr.update(visible=row.withdrawn is not None),
            "",
        )

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return opened(str(event.row_value[0]), request)

    def mark(name: str, event: gr.SelectData, request: gr.Request) -> str:
        try:
            shown = desk.console(request).documents.preview(name)
            number = int(event.row_value[0])
            return document_html(shown.document, [passage.span for passage in shown.passages[number - 1 : number]])
        except EXPECTED as error:
            return refused(str(error))

    def take(files: list[Uploaded], replace: bool, search: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        lines = [_take(desk, request, file, replace=replace) for file in files]
        return None, "".join(lines), rows(request, search, state)

    def after(request: gr.Request, name: str, search: str, state: str, outcome: Outcome) -> tuple[Any, ...]:
        if not outcome.done:
            return only(outcome.sentence, both)
        return *opened(name, request, outcome.sentence), rows(request, search, state)

    def keep(request: gr.Request, name: str, version: str, search: str, state: str, *values: str) -> tuple[Any, ...]:
        def kept() -> str:
            console = desk.console(request)
            metadata = console.documents.metadata(name)
            console.documents.edit(name, dict(zip(FIELDS, values, strict=True)), version=version or metadata.version)
            return "已保存；刷新之后生效"

        return after(request, name, search, state, attempt(kept))

    def ask(name: str, request: gr.Request) -> tuple[Any, str]:
        row = next((one for one in desk.console(request).documents.list() if one.name == name), None)
        count = row.passages if row else 0
        text = (
            f"确认删除{name}吗？下次刷新后，市民的答案不再引用它的{count}个段落。要立即停止引用，请用“立即停止引用”。"
        )
        return gr.update(visible=True), said(text)

    def delete(name: str, version: str, why: str, search: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def deleted() -> str:
            gone = desk.console(request).documents.delete(name, version=version, why=why)
            return f"已删除{gone.name}（{gone.passages}个段落）；刷新之后市民看不到它"

        return after(request, name, search, state, attempt(deleted))

    def withdraw(name: str, why: str, search: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def withdrawn() -> str:
            desk.console(request).documents.withdraw(name, why=why)
            return f"{name}已停止引用，几秒内在所有页面生效"

        return after(request, name, search, state, attempt(withdrawn))

    def reinstate(name: str, why: str, search: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def reinstated() -> str:
            desk.console(request).documents.reinstate(name, why=why)
            return f"{name}已恢复引用，几秒内生效"

        return after(request, name, search, state, attempt(reinstated))

    detailed: list[Any] = [
        told,
        name,
        version,
        detail,
        about,
        passages,
        preview,
        *boxes,
        fields,
        removal,
        confirm,
        why,
        withdrawal,
        stop,
        resume,
        reason,
    ]
    both: list[Any] = [*detailed, listed]
    gr.on([search.input, state.change], show, [search, state], [listed], **CALL)
    listed.select(choose, None, detailed, **SLOW_CALL)
    passages.select(mark, [name], [preview], **CALL)
    box.upload(take, [box, replace, search, state], [box, uploaded, listed], **SLOW_CALL)
    save.click(keep, [name, version, search, state, *boxes], both, **CALL)
    stop.click(withdraw, [name, reason, search, state], both, **CALL)
    resume.click(reinstate, [name, reason, search, state], both, **CALL)
    remove.click(ask, [name], [confirm, question], **CALL)
    no.click(lambda: gr.update(visible=False), None, [confirm], **CALL)
    yes.click(delete, [name, version, why, search, state], both, **CALL)
    return Shown(show, [listed], [search, state])


def _take(desk: StaffDesk, request: gr.Request, file: Uploaded, *, replace: bool) -> str:
    """Hand a file over to the console; what became of it. The copy that the browser sent goes in any case."""

    def taken() -> str:
        documents = desk.console(request).documents
        with file.path.open("rb") as content:
            try:
                kept = documents.upload(file.name, content)
            except DocumentExists as error:
                if not replace:
                    return ""
                content.seek(0)
                kept = documents.upload(file.name, content, replacing=error.version)
        return f"{'已替换' if kept.replaced else '已上传'}：{kept.name}（{megabytes(kept.size)}）"

    try:
        told = attempt(taken).sentence
        return told or refused(f"{file.name}：已有同名文件；要替换它，请勾选“有同名文件时替换它”再上传一次")
    finally:
        file.path.unlink(missing_ok=True)


def _wanted(row: DocumentRow, search: str, state: str) -> bool:
    if search.strip() and search.strip().lower() not in f"{row.name} {row.title}".lower():
        return False
    return state in (ALL, _state(row))


def _state(row: DocumentRow) -> str:
    return WITHDRAWN if row.withdrawn else row.status.label


def _row(row: DocumentRow) -> list[str]:
    size = megabytes(row.size) if row.size else ""
    why = f"{row.withdrawn.who}：{row.withdrawn.why}" if row.withdrawn else row.reason
    return [row.name, _state(row), why, size, str(row.passages), _validity(row), when(row.changed_at)]


def _validity(row: DocumentRow) -> str:
    if row.in_force_from and row.in_force_until:
        return f"{day(row.in_force_from)} 至 {day(row.in_force_until)}"
    return (
        f"{day(row.in_force_from)}起"
        if row.in_force_from
        else f"到{day(row.in_force_until)}"
        if row.in_force_until
        else ""
    )


def _about(row: DocumentRow, preview: Preview | None) -> str:
    address = f"{STAFF}/original?{escape(urlencode({'document': row.name}))}"
    link = f'<p><a href="{address}">下载原件</a></p>' if row.version else ""
    outdated = "文件改过或还没有刷新，下面是现行版本里的内容" if preview and preview.outdated else ""
    absent = "" if preview else "现行版本里没有这个文件，刷新之后才能预览"
    return (
        f"<h3>{escape(row.title or row.name)}</h3>"
        + figures.facts(
            [("文件", row.name), ("状态", _row(row)[1]), ("说明", _row(row)[2]), ("有效期", _validity(row))]
        )
        + figures.notes([note for note in (outdated, absent) if note], "warn")
        + link
    )


def _passage(number: int, passage: Any) -> list[str]:
    text = " ".join(passage.text.split())
    return [str(number), text[:SHORT] + ("……" if len(text) > SHORT else "")]
