"""备份: makes and downloads one file with everything. Restoring needs the command line, with the server stopped."""

from typing import Any
from urllib.parse import quote

import gradio as gr

from qa.staff.backups.archive import told as contents
from qa.staff.permissions import Role
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff.components import SLOW_CALL, PageContent, StaffPages, attempt, markup, message

RESTORING = (
    "恢复会换掉正在使用的全部内容，所以只能由管理人员在服务器上做：先停下服务，再运行 python -m qa restore 文件名。"
    "备份里有问答记录和账号，请存到另一块磁盘上，并像原件一样保管。"
)


def build(desk: StaffPages) -> PageContent:
    """Build the page: a button, and the list of backup files."""
    told = message()
    make = gr.Button("现在备份", elem_id="backup", variant="primary", scale=0, visible=False)
    listed = markup(elem_id="backups")

    def shown(request: gr.Request, sentence: str = "") -> tuple[Any, ...]:
        console = desk.console(request)
        if not console.may(Role.ADMIN):
            return "备份由“管理”角色的同事来做。", gr.update(visible=False), ""
        row = Html('<li><a href="{}/backup?name={}">{}</a>，{:.1f} MB</li>')
        rows = NOTHING.join(
            row.format(STAFF, quote(path.name), path.name, path.stat().st_size / 1e6) for path in console.backups()
        )
        files = Html("<ul>{}</ul>").format(rows) if rows else Html("<p>还没有备份。</p>")
        return sentence, gr.update(visible=True), files + Html('<p class="text">{}</p>').format(RESTORING)

    def show(request: gr.Request) -> tuple[Any, ...]:
        return shown(request)

    def keep(request: gr.Request) -> tuple[Any, ...]:
        def done() -> str:
            path, made = desk.console(request).backup_here()
            return f"已备份到{path.name}：{contents(made)}"

        return shown(request, attempt(done).sentence)

    outputs: list[Any] = [told, make, listed]
    make.click(keep, None, outputs, **SLOW_CALL)
    return PageContent(show, outputs)
