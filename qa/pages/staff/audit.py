"""审计: what staff did, whether the record is whole, and the record as a file."""

from typing import Any

import gradio as gr

from qa.audit import BEGUN, DONE, INTERRUPTED, Row
from qa.pages.guard import STAFF
from qa.pages.staff import figures
from qa.pages.staff.desk import BARE, SLOW_CALL, Shown, StaffDesk, markup, table, textbox, when

HEADERS = ("号", "时间", "谁", "做了什么", "对象", "结果", "原因")
MOST = 500
OUTCOMES = {
    BEGUN: "开始",
    DONE: "完成",
    INTERRUPTED: "停下",
    "published": "已发布",
    "unchanged": "没有变化",
    "published in spite of the golden questions": "强行发布",
}
ACTIONS = {
    "refresh": "刷新",
    "publish": "发布",
    "cancel": "停下刷新",
    "prune": "清理旧版本",
    "upload": "上传文件",
    "edit": "改文件项目",
    "delete": "删除文件",
    "withdraw": "停止引用",
    "reinstate": "恢复引用",
    "setting": "改设置",
    "sign in": "登录",
    "sign out": "退出",
    "account add": "新建账号",
    "account role": "改角色",
    "account password": "改密码",
    "account remove": "删除账号",
    "account sign out": "退出所有设备",
    "todo": "待办",
    "review": "人工答案",
    "golden": "检验题",
    "export": "导出",
    "backup": "备份",
    "restore": "恢复备份",
}


def build(desk: StaffDesk) -> Shown:
    """The page: the newest first; whether the chain is whole is computed each time it is opened."""
    state = markup(elem_id="audit-state")
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按人、对象或原因查找", **BARE, max_length=100, scale=2)
        again = gr.Button("核对", elem_id="audit-verify", scale=0)
    listed = table(HEADERS, elem_id="audit", widths=[54, 150, 100, 120, 240, 280, 200], max_height=640)

    def show(text: str, request: gr.Request) -> tuple[Any, ...]:
        console = desk.console(request)
        rows = console.audit()
        wanted = [row for row in rows if text.strip() in f"{row.who} {row.target} {row.why}"]
        return _state(rows, console.tampering()), [_row(row) for row in reversed(wanted[-MOST:])]

    outputs: list[Any] = [state, listed]
    gr.on([text.submit, again.click], show, [text], outputs, **SLOW_CALL)
    return Shown(show, outputs, [text])


def _state(rows: list[Row], problems: list[str]) -> str:
    link = f'<p><a href="{STAFF}/audit.csv">导出全部记录（CSV）</a></p>'
    if problems:
        return figures.notes([f"{len(rows)}条记录，核对发现问题：", *problems], "warn") + link
    return figures.notes([f"{len(rows)}条记录，完整无改动（每条带着上一条的校验和）"], "good") + link


def _row(row: Row) -> list[str]:
    outcome = OUTCOMES.get(row.outcome, row.outcome)
    for english, chinese in (("refused: ", "没有做："), ("failed: ", "没有成功：")):
        outcome = outcome.replace(english, chinese, 1) if outcome.startswith(english) else outcome
    return [str(row.number), when(row.at), row.who, ACTIONS.get(row.action, row.action), row.target, outcome, row.why]
