"""设置: settings that change while the service runs, each change audited; the accounts of staff."""

from typing import Any

import gradio as gr

from qa.bootstrap.errors import EXPECTED
from qa.staff.permissions import Role
from qa.staff.settings import LABELS, SettingRow
from qa.web.html import escape
from qa.web.staff.components import (
    CALL,
    SLOW_CALL,
    PageContent,
    StaffPages,
    attempt,
    clicked,
    markup,
    message,
    refused,
    said,
    table,
    textbox,
    when,
)

ACCOUNTS = ("用户名", "角色", "建立时间", "最近改动")
ROLES = [
    (f"{role.label}（{what}）", role.value) for role, what in zip(Role, ("写", "写、刷新、发布", "全部"), strict=True)
]


def build(desk: StaffPages) -> PageContent:
    """Build the page for the settings that the console lists."""
    told = message()
    forms: list[Any] = []
    kept: list[Any] = []
    notes: list[Any] = []
    saves: list[Any] = []
    names = list(LABELS)
    for name in names:
        with gr.Row(elem_classes="setting"):
            forms.append(textbox(label=LABELS[name], max_length=500, elem_id=f"setting-{name}", scale=4))
            kept.append(textbox(visible=False))
            saves.append(gr.Button("保存", elem_id=f"setting-{name}-save", scale=0, visible=False))
        notes.append(markup(elem_classes="hint"))
    with gr.Column(visible=False, elem_id="accounts") as accounts:
        listed = _accounts(desk, told)

    def show(request: gr.Request) -> tuple[Any, ...]:
        console = desk.console(request)
        admin = console.may(Role.ADMIN)
        found = {setting.name: setting for setting in console.board.list()}
        values = [gr.update(value=found[name].value, interactive=admin) for name in names]
        return (
            "" if admin else "<p>设置和账号由“管理”角色的同事来改。</p>",
            *values,
            *(found[name].value for name in names),
            *(_note(found[name]) for name in names),
            *(gr.update(visible=admin) for _ in names),
            gr.update(visible=admin),
            [_account(one) for one in console.accounts.list()] if admin else [],
        )

    def keep(name: str, value: str, seen: str, request: gr.Request) -> tuple[Any, ...]:
        console = desk.console(request)

        def done() -> str:
            console.board.change(name, value, seen=seen)
            return f"已保存：{LABELS[name]}；几秒内生效"

        outcome = attempt(done)
        now = next(setting for setting in console.board.list() if setting.name == name)
        # After this message the member has seen the colleague's value, so the next save may replace it; the typed text
        # stays.
        return outcome.sentence, now.value if outcome.done else gr.skip(), now.value, _note(now)

    for name, form, seen, note, save in zip(names, forms, kept, notes, saves, strict=True):
        save.click(_keeping(keep, name), [form, seen], [told, form, seen, note], **CALL)
    return PageContent(show, [told, *forms, *kept, *notes, *saves, accounts, listed])


def _accounts(desk: StaffPages, told: gr.Markdown) -> gr.Dataframe:
    """Build the accounts and what an administrator does with them; return the table."""
    gr.Markdown("### 账号")
    listed = table(ACCOUNTS, widths=[3, 2, 3, 3], elem_id="accounts-table", max_height=300)
    with gr.Row():
        who = textbox(label="用户名", max_length=50, min_width=140)
        role = gr.Dropdown(ROLES, value=Role.EDITOR.value, label="角色", min_width=180)
        password = textbox(label="密码（新账号、重设密码时）", type="password", max_length=200, min_width=200)
    with gr.Row(elem_classes="buttons"):
        add = gr.Button("新建账号", scale=0)
        change = gr.Button("改角色", scale=0)
        reset = gr.Button("重设密码", scale=0)
        out = gr.Button("在所有设备上退出", scale=0)
        remove = gr.Button("删除账号……", variant="stop", elem_id="account-remove", scale=0)
    with gr.Column(visible=False, elem_classes="panel confirm") as confirm:
        question = markup()
        with gr.Row(elem_classes="buttons"):
            yes = gr.Button("确认删除", variant="stop", elem_id="account-remove-yes", scale=0)
            no = gr.Button("不删除", scale=0)
    removed = textbox(visible=False)

    def account(action: str, who: str, role: str, password: str, request: gr.Request) -> tuple[Any, ...]:
        accounts = desk.console(request).accounts
        name = who.strip()

        def done() -> str:
            match action:
                case "add":
                    accounts.add(name, Role(role), password)
                    return f"已新建{name}"
                case "role":
                    accounts.set_role(name, Role(role))
                    return f"{name}的角色已改为{Role(role).label}，须重新登录"
                case "password":
                    accounts.set_password(name, password)
                    return f"{name}的密码已重设，须重新登录"
                case "out":
                    accounts.sign_out_everywhere(name)
                    return f"{name}已在所有设备上退出"
                case _:
                    accounts.remove(name)
                    return f"已删除{name}"

        outcome = attempt(done)
        if not outcome.done:
            return outcome.sentence, gr.skip(), gr.skip(), gr.update(visible=False)
        try:
            rows: Any = [_account(one) for one in accounts.list()]
        except EXPECTED:  # the member's own account is gone or has another role
            rows = gr.skip()
        return outcome.sentence, rows, "", gr.update(visible=False)

    def ask(who: str, request: gr.Request) -> tuple[Any, ...]:
        name = who.strip()
        if name not in {one.name for one in desk.console(request).accounts.list()}:
            return refused(f"没有账号“{name}”；请先在列表里点一个"), gr.update(visible=False), "", ""
        text = f"确认删除账号{name}吗？它的登录全部失效；它做过的事仍留在审计里。"
        return "", gr.update(visible=True), said(text), name

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        try:
            found = {one.name: one.role.value for one in desk.console(request).accounts.list()}
        except EXPECTED:
            return gr.skip(), gr.skip()
        name = clicked(event)
        return (name, found[name]) if name in found else (gr.skip(), gr.skip())

    outputs: list[Any] = [told, listed, password, confirm]
    for button, action in ((add, "add"), (change, "role"), (reset, "password"), (out, "out")):
        button.click(_acting(account, action), [who, role, password], outputs, **SLOW_CALL)
    remove.click(ask, [who], [told, confirm, question, removed], **CALL)
    no.click(lambda: gr.update(visible=False), None, [confirm], **CALL)
    yes.click(_acting(account, "remove"), [removed, role, password], outputs, **SLOW_CALL)
    listed.select(choose, None, [who, role], **CALL)
    return listed


def _keeping(keep: Any, name: str) -> Any:
    def kept(value: str, seen: str, request: gr.Request) -> tuple[Any, ...]:
        return tuple(keep(name, value, seen, request))

    return kept


def _acting(account: Any, action: str) -> Any:
    def acted(who: str, role: str, password: str, request: gr.Request) -> tuple[Any, ...]:
        return tuple(account(action, who, role, password, request))

    return acted


def _note(setting: SettingRow) -> str:
    default = f"空着就用缺省值：{setting.default}" if setting.default else ""
    changed = f"{setting.changed_by or '有人'}于{when(setting.changed_at)}改过" if setting.changed_at else ""
    note = "；".join(filter(None, [default, changed]))
    return f'<p class="text">{escape(note)}</p>' if note else ""


def _account(one: Any) -> list[str]:
    return [one.name, one.role.label, when(one.created_at), when(one.changed_at)]
