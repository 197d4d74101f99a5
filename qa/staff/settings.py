"""设置: settings that change while the service runs. Changes are logged; servers see them within seconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qa.answering.screening.cards import CARDS
from qa.runtime.errors import Overtaken, StaffRefused
from qa.runtime.settings import Settings
from qa.staff.permissions import Area, Role, needs
from qa.storage import runtime_settings
from qa.storage.runtime_settings import ADDRESS_PER_MINUTE, CARD, CONTACT, NOTICE, PAUSE, SESSION_PER_MINUTE, THRESHOLD

MOST_TEXT = 200
MOST_NUMBER = 1_000_000


class SettingRefused(StaffRefused):
    """The setting does not exist, or cannot hold this value."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting: its value (empty if `default`, from the environment, holds), and who changed it last and when."""

    name: str
    label: str
    value: str
    default: str
    changed_at: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """A setting's label, its default, and the function that checks and normalises a typed value."""

    label: str
    default: Callable[[Settings], str]
    read: Callable[[str], str]


def _sentence(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise SettingRefused(f"最多{MOST_TEXT}个字，现在是{len(text)}个")
    if not text.isprintable():
        raise SettingRefused("要写成一行，不能有换行或看不见的字符")
    return text


def _number(text: str) -> str:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_NUMBER):
        raise SettingRefused(f"“{text[:20]}”不是0到{MOST_NUMBER}的整数；0表示不限")
    return str(int(text))


def _share(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise SettingRefused(f"“{text[:20]}”不是0到1的数，例如0.55")
    return f"{value:g}"


_KINDS: Mapping[str, _Kind] = {
    NOTICE: _Kind("通知栏（显示在市民页面上方，空着就不显示）", lambda settings: "", _sentence),
    PAUSE: _Kind("暂停服务的原因（写了就暂停，市民会读到它；清空就恢复）", lambda settings: "", _sentence),
    CONTACT: _Kind("没有答案时请市民到哪里咨询", lambda settings: settings.contact, _sentence),
    ADDRESS_PER_MINUTE: _Kind(
        "同一地址每分钟最多提问次数（0为不限）", lambda settings: str(settings.address_per_minute), _number
    ),
    SESSION_PER_MINUTE: _Kind(
        "同一页面每分钟最多提问次数（0为不限）", lambda settings: str(settings.session_per_minute), _number
    ),
    THRESHOLD: _Kind(
        "置信度阈值（0到1，低于它的答案不显示；调高则答错更少、拒答更多）",
        lambda settings: "" if settings.threshold is None else f"{settings.threshold:g}",
        _share,
    ),
}
_CARD_LABELS = {
    "danger": "有人遇险",
    "crisis": "想轻生",
    "women": "家暴、骚扰",
    "youth": "孩子受欺负",
    "complaint": "投诉、举报、欠薪",
    "person": "要找人工",
    "thanks": "道谢",
    "goodbye": "道别",
    "who": "问你是谁",
    "ability": "问能做什么",
    "machine": "问是不是机器人",
    "stored": "问记录了什么",
    "insult": "骂人",
    "greeting": "问好",
}


def _card(name: str) -> _Kind:
    return _Kind(
        f"卡片“{_CARD_LABELS[name]}”（写进去的电话会成为拨号按钮）", lambda settings: CARDS[name][0], _sentence
    )


_KINDS = {**_KINDS, **{CARD + name: _card(name) for name in CARDS}}
LABELS: Mapping[str, str] = {name: kind.label for name, kind in _KINDS.items()}


class RuntimeSettings(Area):
    """The settings that take effect without a restart."""

    @needs(Role.EDITOR)
    def list(self) -> list[SettingRow]:
        """Return all settings."""
        with self._database() as connection:
            rows = {row["name"]: row for row in connection.execute("SELECT * FROM switches")}
        return [
            SettingRow(
                name,
                kind.label,
                rows[name]["value"] if name in rows else "",
                kind.default(self._settings),
                rows[name]["changed_at"] if name in rows else "",
                rows[name]["changed_by"] if name in rows else "",
            )
            for name, kind in _KINDS.items()
        ]

    @needs(Role.ADMIN)
    def change(self, name: str, value: str, *, seen: str | None = None) -> SettingRow:
        """Change a setting; an empty value restores that of the environment.

        `seen` is the value that the member saw. Raises `Overtaken`, `SettingRefused`.
        """
        if name not in _KINDS:
            raise SettingRefused(f"没有“{name}”这项设置；可以改的有{'、'.join(_KINDS)}")
        value = value.strip() and _KINDS[name].read(value.strip())
        with self._audit.action(self._who, "setting", target=name) as action, self._database() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                now = dict(connection.execute("SELECT name, value FROM switches").fetchall()).get(name, "")
                if seen is not None and now != seen:
                    raise Overtaken(f"这项设置已被别人改成“{now}”，您的改动没有保存；仍要改成您写的，请再保存一次")
                runtime_settings.write(connection, name, value, who=self._who)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
            action.outcome = f"“{now}” → “{value}”"
        return next(shown for shown in self.list() if shown.name == name)
