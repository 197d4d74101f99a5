"""文档, the clicked file: its passages beside its text, its fields, withdrawal, download, deletion."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import gradio as gr
from gradio.blocks import Block

from corpus.metadata.side_file import FIELDS
from qa.bootstrap.errors import EXPECTED
from qa.staff.documents.listing import DocumentRow
from qa.staff.documents.management import Preview
from qa.staff.permissions import Role
from qa.web.document_html import document_html
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff import charts
from qa.web.staff.components import (
    CALL,
    StaffPages,
    attempt,
    clicked_number,
    markup,
    only,
    refused,
    said,
    table,
    textbox,
)
from qa.web.staff.values import day

WITHDRAWN = "已停止引用"
SHORT = 60
# Examples for fields whose format is not obvious.
HINTS = {
    "date": "2026-01-31",
    "in_force_from": "2026-01-31",
    "in_force_until": "2026-12-31",
    "standing": "现行 / 失效 / 草案",
    "url": "https://",
}


class ClickedDocument:
    """The parts of the page for one file. If an action is refused, everything typed stays."""

    def __init__(self, desk: StaffPages, told: Block) -> None:
        self._desk = desk
        self._told = told
        self._name = textbox(visible=False)
        self._version = textbox(visible=False)
        with gr.Column(visible=False, elem_id="document") as self._detail:
            self._about = markup(elem_id="about")
            with gr.Row(equal_height=False):
                with gr.Column(scale=2, min_width=280):
                    self._passages = table(("段落", "开头"), elem_id="passages", widths=[60, 300], max_height=560)
                with gr.Column(scale=3, min_width=320):
                    self._preview = markup(elem_id="preview", container=True)
            self._lay_out_fields()
            self._lay_out_withdrawal()
            self._lay_out_removal()
        self.outputs: list[Any] = [
            *(self._told, self._name, self._version, self._detail, self._about, self._passages, self._preview),
            *(*self._boxes, self._fields, self._removal, self._confirm, self._why),
            *(self._withdrawal, self._stop, self._resume, self._reason),
        ]

    def _lay_out_fields(self) -> None:
        with gr.Accordion("有效期与来源", open=False, elem_id="fields") as self._fields:
            with gr.Row():
                self._boxes = [
                    textbox(label=words[1], max_length=200, min_width=200, placeholder=HINTS.get(field))
                    for field, words in FIELDS.items()
                ]
            self._save = gr.Button("保存这些项目", elem_id="fields-save", scale=0)

    def _lay_out_withdrawal(self) -> None:
        with gr.Accordion("立即停止引用", open=False, elem_id="withdrawal") as self._withdrawal:
            gr.Markdown("几秒之内所有答案都不再引用这个文件，不必刷新；可以随时恢复。", elem_classes="hint")
            self._reason = textbox(label="原因（记入审计）", max_length=200, elem_id="withdraw-why")
            with gr.Row(elem_classes="buttons"):
                self._stop = gr.Button("立即停止引用", variant="stop", elem_id="withdraw", scale=0)
                self._resume = gr.Button("恢复引用", elem_id="reinstate", scale=0)

    def _lay_out_removal(self) -> None:
        with gr.Accordion("删除", open=False, elem_id="removal") as self._removal:
            self._why = textbox(label="原因（记入审计）", max_length=200, elem_id="removal-why")
            with gr.Row(elem_classes="buttons"):
                self._remove = gr.Button("删除文件……", elem_id="delete", scale=0)
            with gr.Column(visible=False, elem_classes="panel confirm") as self._confirm:
                self._question = markup()
                with gr.Row(elem_classes="buttons"):
                    self._yes = gr.Button("确认删除", variant="stop", elem_id="delete-yes", scale=0)
                    self._no = gr.Button("不删除", scale=0)

    def on(self, rows: Callable[..., Any], listed: Block, filters: Sequence[Block]) -> None:
        """Connect the buttons; after each action `rows` fills `listed` by the `filters`."""
        self._rows = rows
        self._both = [*self.outputs, listed]
        known: list[Any] = [self._name, self._version, *filters]
        self._passages.select(self.mark, [self._name], [self._preview], **CALL)
        self._save.click(self.keep, [*known, *self._boxes], self._both, **CALL)
        self._stop.click(self.withdraw, [*known, self._reason], self._both, **CALL)
        self._resume.click(self.reinstate, [*known, self._reason], self._both, **CALL)
        self._remove.click(self.ask, [self._name], [self._confirm, self._question], **CALL)
        self._no.click(lambda: gr.update(visible=False), None, [self._confirm], **CALL)
        self._yes.click(self.delete, [*known, self._why], self._both, **CALL)

    def opened(self, name: str, request: gr.Request, sentence: str = "") -> tuple[Any, ...]:
        """Return the values of `outputs` for a file."""
        console = self._desk.console(request)
        row = next((one for one in console.documents.list() if one.name == name), None)
        if row is None:
            return sentence, name, "", gr.update(visible=False), *(gr.skip() for _ in self.outputs[4:])
        try:
            shown: Preview | None = console.documents.preview(name)
        except EXPECTED:
            shown = None
        try:
            metadata = console.documents.metadata(name)
            values, kept = [metadata.values.get(field, "") for field in FIELDS], metadata.version
        except EXPECTED:
            values, kept = [""] * len(FIELDS), ""
        publisher = console.may(Role.PUBLISHER)
        passages = enumerate(shown.passages, start=1) if shown else ()
        return (
            *(sentence, name, row.version or kept, gr.update(visible=True), _about(row, shown)),
            [_passage(number, passage) for number, passage in passages],
            document_html(shown.document, ()) if shown else NOTHING,
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

    def mark(self, name: str, event: gr.SelectData, request: gr.Request) -> Html:
        """Return the text with the clicked passage marked."""
        try:
            shown = self._desk.console(request).documents.preview(name)
            number = clicked_number(event)
            return document_html(shown.document, [passage.span for passage in shown.passages[number - 1 : number]])
        except EXPECTED as error:
            return refused(str(error))

    def keep(
        self, request: gr.Request, name: str, version: str, search: str, state: str, *values: str
    ) -> tuple[Any, ...]:
        """Save the fields."""

        def action() -> str:
            documents = self._desk.console(request).documents
            known = version or documents.metadata(name).version
            documents.edit(name, dict(zip(FIELDS, values, strict=True)), version=known)
            return "已保存；刷新之后生效"

        return self._act(action, request, name, search, state, leave=[self._why, self._reason])

    def withdraw(self, request: gr.Request, name: str, version: str, *rest: str) -> tuple[Any, ...]:
        """Stop quoting the file at once. `rest` are the filters and the reason, here and below."""
        search, state, why = rest

        def action() -> str:
            self._desk.console(request).documents.withdraw(name, why=why)
            return f"{name}已停止引用，几秒内在所有页面生效"

        return self._act(action, request, name, search, state, leave=self._boxes)

    def reinstate(self, request: gr.Request, name: str, version: str, *rest: str) -> tuple[Any, ...]:
        """Let the file be quoted again."""
        search, state, why = rest

        def action() -> str:
            self._desk.console(request).documents.reinstate(name, why=why)
            return f"{name}已恢复引用，几秒内生效"

        return self._act(action, request, name, search, state, leave=self._boxes)

    def ask(self, name: str, request: gr.Request) -> tuple[Any, str]:
        """Ask for confirmation, with the effect of deleting the file."""
        row = next((one for one in self._desk.console(request).documents.list() if one.name == name), None)
        count = row.passages if row else 0
        text = (
            f"确认删除{name}吗？下次刷新后，市民的答案不再引用它的{count}个段落。要立即停止引用，请用“立即停止引用”。"
        )
        return gr.update(visible=True), said(text)

    def delete(self, request: gr.Request, name: str, version: str, *rest: str) -> tuple[Any, ...]:
        """Delete the file."""
        search, state, why = rest

        def action() -> str:
            gone = self._desk.console(request).documents.delete(name, version=version, why=why)
            return f"已删除{gone.name}（{gone.passages}个段落）；刷新之后市民看不到它"

        return self._act(action, request, name, search, state)

    def _act(
        self,
        action: Callable[[], str],
        request: gr.Request,
        name: str,
        search: str,
        state: str,
        *,
        leave: Sequence[Block] = (),
    ) -> tuple[Any, ...]:
        """Run an action on the file; the fields in `leave` keep what was typed even after success."""
        outcome = attempt(action)
        if not outcome.done:
            return only(outcome.sentence, self._both)
        left = {id(block) for block in leave}
        shown = zip(self.outputs, self.opened(name, request, outcome.sentence), strict=True)
        values = [gr.skip() if id(block) in left else value for block, value in shown]
        return *values, self._rows(request, search, state)


def state_of(row: DocumentRow) -> str:
    """Return the state of a file in words for staff."""
    return WITHDRAWN if row.withdrawn else row.status.label


def why_of(row: DocumentRow) -> str:
    """Return the reason for the state, and what to do."""
    return f"{row.withdrawn.who}：{row.withdrawn.why}" if row.withdrawn else row.reason


def validity_of(row: DocumentRow) -> str:
    """Return the dates between which the file is in force; empty if there are none."""
    since, until = day(row.in_force_from), day(row.in_force_until)
    if since and until:
        return f"{since} 至 {until}"
    return f"{since}起" if since else f"到{until}" if until else ""


def _about(row: DocumentRow, preview: Preview | None) -> Html:
    query = urlencode({"document": row.name})
    link = Html('<p><a href="{}/original?{}">下载原件</a></p>').format(STAFF, query) if row.version else NOTHING
    outdated = "文件改过或还没有刷新，下面是现行版本里的内容" if preview and preview.outdated else ""
    absent = "" if preview else "现行版本里没有这个文件，刷新之后才能预览"
    return (
        charts.heading(row.title or row.name)
        + charts.facts(
            [("文件", row.name), ("状态", state_of(row)), ("说明", why_of(row)), ("有效期", validity_of(row))]
        )
        + charts.notes([note for note in (outdated, absent) if note], "warn")
        + link
    )


def _passage(number: int, passage: Any) -> list[str]:
    text = " ".join(passage.text.split())
    return [str(number), text[:SHORT] + ("……" if len(text) > SHORT else "")]
