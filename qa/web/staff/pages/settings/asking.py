"""What a dangerous change will do, told before it is done."""

from dataclasses import dataclass

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.runtime_settings import PAUSE, THRESHOLD, TWO_STEP
from qa.web.staff.pages.frame import Form


@dataclass(frozen=True, slots=True)
class Asking:
    """The question, what will happen line by line, the words of the button, and the fields that are sent again."""

    question: str
    lines: tuple[str, ...]
    button: str
    fields: tuple[tuple[str, str], ...]

    @property
    def does(self) -> str:
        """Return the action that is asked about."""
        return dict(self.fields).get("do", "")


def asked_before(console: Console, name: str, value: str, *, seen: str) -> Asking | None:
    """Return what has to be asked before a setting is changed; None if nothing. Raises `Unfit`."""
    if not console.may(Role.ADMIN):
        return None  # the change is refused, before its value is looked at
    value = console.runtime_settings.checked(name, value)
    row = next(one for one in console.runtime_settings.list() if one.name == name)
    if not row.dangerous or row.value == value:
        return None
    fields = (("do", "set"), ("name", name), ("value", value), ("seen", seen))
    if name == PAUSE:
        return Asking(
            "确认暂停服务吗？" if value else "确认恢复服务吗？",
            _pause(console, value),
            "暂停" if value else "恢复",
            fields,
        )
    if name == THRESHOLD:
        return Asking(f"确认把门槛改成{value or '缺省的'}吗？", _threshold(console, value), "改门槛", fields)
    assert name == TWO_STEP  # the three are all that are dangerous
    return Asking("确认改变登录的要求吗？", _two_step(console, value), "改", fields)


def _pause(console: Console, value: str) -> tuple[str, ...]:
    asked = sum(console.questions.statistics("24h").counts.values())
    if not value:
        return ("市民几秒内又能提问。",)
    return (
        f"市民打开页面只看到“{value}”，不能提问；已经提出的会答完。",
        f"最近24小时有{asked}次提问。",
        "随时可以恢复：清空这一项。",
    )


def _threshold(console: Console, value: str) -> tuple[str, ...]:
    used = console.trial.threshold()
    try:
        known = console.trial.known_rates()
    except EXPECTED:
        known = None
    if not known:
        return (f"市民那里现在是{used:.2f}。", "还没有算过两种错误率：请先在“更多”的“试一试”里计算，看过再改。")
    lines = [f"市民那里现在是{used:.2f}，几秒内改用新的。"]
    for at, words in ((used, "现在"), (float(value), "改成以后") if value else (used, "现在")):
        one = min(known, key=lambda rates: abs(rates.threshold - at))
        asked = one.answerable + one.unanswerable
        lines.append(
            f"{words}（{at:.2f}）：{asked}道检验题里，答错了还给看的{one.wrong}道，答得对却没有给看的{one.held_back}道。"
        )
    return tuple(dict.fromkeys(lines))


def _two_step(console: Console, value: str) -> tuple[str, ...]:
    if not value:
        return ("不再要求；已经开通的人照旧要输入验证码，没有开通的只凭密码登录。",)
    without = [one.name for one in console.accounts.list() if one.role is not Role.EDITOR and not one.two_step]
    if not without:
        return ("所有“发布”和“管理”角色都已开通，他们的登录没有变化。",)
    return (
        f"还没有开通的：{'、'.join(without)}。",
        "他们打开任何一页都先到账号页，用手机开通以后才能做别的；手机丢了，由管理人员重置。",
    )


def removal(console: Console, form: Form) -> Asking | None:
    """Return what has to be asked before an account is removed; None if it was asked, or is refused anyway."""
    if form.text("sure") == "yes":
        return None
    name = form.text("account")
    # Whoever may not, or names nobody, is refused at once, which the audit log keeps.
    if not console.may(Role.ADMIN) or name not in {one.name for one in console.accounts.list()}:
        return None
    assigned = len(console.todo.list(state="", assignee=name, seconds=0))
    lines = [f"{name}的登录全部失效，不能再登录。", "它做过的事仍留在审计里，写的答案和检验题不变。"]
    if assigned:
        lines.insert(1, f"它名下还有{assigned}类问题，要另外请人办。")
    seen = [("seen", form.text("seen"))] if "seen" in form.values else []
    return Asking(f"确认删除账号{name}吗？", tuple(lines), "删除", (("do", "remove"), ("account", name), *seen))
