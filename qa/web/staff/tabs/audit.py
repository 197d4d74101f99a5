"""审计: what staff did, whether the record is whole, and the record as a file."""

from typing import Any

import gradio as gr

from qa.staff import labels
from qa.staff.settings import label_of
from qa.storage.audit import Findings, Row
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff import charts
from qa.web.staff.components import BARE, SLOW_CALL, PageContent, StaffPages, markup, table, textbox
from qa.web.staff.values import when

HEADERS = ("号", "时间", "谁", "做了什么", "对象", "结果", "原因")
MOST = 500


def build(desk: StaffPages) -> PageContent:
    """Build the page: the newest row first. The chain is checked each time the page opens."""
    state = markup(elem_id="audit-state")
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按人、对象或原因查找", **BARE, max_length=100, scale=2)
        again = gr.Button("核对", elem_id="audit-verify", scale=0)
    listed = table(HEADERS, elem_id="audit", widths=[76, 150, 100, 120, 240, 280, 200], max_height=640)

    def show(text: str, request: gr.Request) -> tuple[Any, ...]:
        console = desk.console(request)
        rows = console.audit()
        wanted = [row for row in rows if text.strip() in f"{row.who} {row.target} {_target(row)} {row.why}"]
        return _state(console.findings()), [_row(row) for row in reversed(wanted[-MOST:])]

    outputs: list[Any] = [state, listed]
    gr.on([text.submit, again.click], show, [text], outputs, **SLOW_CALL)
    return PageContent(show, outputs, [text])


def _state(found: Findings) -> Html:
    link = Html('<p><a href="{}/audit.csv">导出全部记录（CSV）</a></p>').format(STAFF)
    before = charts.notes(["以前的问题，已由管理人员看过：", *found.looked_at]) if found.looked_at else NOTHING
    if found.new:
        how = f"查明原因后，由管理人员在服务器上确认：python -m qa audit --acknowledge {found.rows} --reason 原因"
        return charts.notes([f"{found.rows}条记录，核对发现问题：", *found.new, how], "warn") + before + link
    whole = "没有新的问题" if before else "完整无改动"
    return charts.notes([f"{found.rows}条记录，{whole}（每条带着上一条的校验和）"], "good") + before + link


def _row(row: Row) -> list[str]:
    did, ended = labels.action(row), labels.outcome(row)
    return [str(row.number), when(row.at), row.who, did, _target(row), ended, row.why]


def _target(row: Row) -> str:
    return label_of(row.target) if row.action == "setting" else labels.target(row)
