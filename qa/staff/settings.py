"""设置: settings that change while the service runs. Changes are logged; servers see them within seconds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qa.answering.screening.cards import CARDS
from qa.runtime.errors import Overtaken, StaffRefused
from qa.runtime.settings import Settings
from qa.staff.permissions import Area, Role, needs
from qa.storage import runtime_settings
from qa.storage.database import together
from qa.storage.runtime_settings import (
    ADDRESS_PER_MINUTE,
    CARD,
    CONTACT,
    NOTICE,
    PAUSE,
    SESSION_PER_MINUTE,
    THRESHOLD,
    TWO_STEP,
    YES,
)

MOST_TEXT = 200
MOST_NUMBER = 1_000_000
MOST_NAME = 50  # characters of an unknown name that are told


class SettingRefused(StaffRefused):
    """The setting does not exist, or cannot hold this value; the message names it and what it may hold."""


class Group(StrEnum):
    """What a setting is about, in the order of the page."""

    PAGE = "市民页面"
    SERVICE = "服务"
    ANSWERS = "答案"
    SAFETY = "登录"
    CARDS = "固定的回话和求助卡片"


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting: its value (empty if `default`, from the environment, holds), and who changed it last and when.

    `effect` says in one sentence what it does. `dangerous` ones are asked about before they change.
    """

    name: str
    label: str
    value: str
    default: str
    changed_at: str
    changed_by: str
    effect: str
    group: Group
    dangerous: bool
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A setting's label, effect and group, its default, and the function that checks and normalises a typed value."""

    label: str
    effect: str
    group: Group
    default: Callable[[Settings], str]
    read: Callable[[str], str]
    dangerous: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)


# Each returns a typed value as it is stored; a `ValueError` says which values the setting may have.
def _sentence(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise ValueError(f"最多{MOST_TEXT}个字，现在是{len(text)}个")
    if not text.isprintable():
        raise ValueError(f"要写成一行，最多{MOST_TEXT}个字，不能有换行或看不见的字符")
    return text


def _number(text: str) -> str:
    # Python refuses to read thousands of digits.
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= MOST_NUMBER):
        raise ValueError(f"“{text[:20]}”不是0到{MOST_NUMBER}的整数；0表示不限")
    return str(int(text))


def _share(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ValueError(f"“{text[:20]}”不是0到1的数，例如0.55")
    return f"{value:g}"


def _yes(text: str) -> str:
    if text != YES:
        raise ValueError(f"只能填{YES}或空着，而不是“{text[:20]}”")
    return text


_KINDS: Mapping[str, _Kind] = {
    NOTICE: _Kind(
        label="通知栏",
        effect="显示在市民页面上方，例如维护的时间；空着就不显示。",
        group=Group.PAGE,
        default=lambda settings: "",
        read=_sentence,
    ),
    CONTACT: _Kind(
        label="咨询方式",
        effect="没有答案时请市民到哪里咨询；写进去的电话成为拨号按钮。",
        group=Group.PAGE,
        default=lambda settings: settings.contact,
        read=_sentence,
    ),
    PAUSE: _Kind(
        label="暂停服务的原因",
        effect="写了就暂停：市民读到这个原因，不能提问；清空就恢复。",
        group=Group.SERVICE,
        default=lambda settings: "",
        read=_sentence,
        dangerous=True,
    ),
    ADDRESS_PER_MINUTE: _Kind(
        label="同一地址每分钟最多提问次数",
        effect="超过的请他稍等；一个单位的人常共用一个地址，不要太小；0为不限。",
        group=Group.SERVICE,
        default=lambda settings: str(settings.address_per_minute),
        read=_number,
    ),
    SESSION_PER_MINUTE: _Kind(
        label="同一页面每分钟最多提问次数",
        effect="一个人连着问太快时请他稍等；0为不限。",
        group=Group.SERVICE,
        default=lambda settings: str(settings.session_per_minute),
        read=_number,
    ),
    THRESHOLD: _Kind(
        label="显示答案的门槛",
        effect="把握低于它（0到1）的答案不给市民看：调高，答错更少、没有答案的更多；调低则相反。",
        group=Group.ANSWERS,
        default=lambda settings: "" if settings.threshold is None else f"{settings.threshold:g}",
        read=_share,
        dangerous=True,
    ),
    TWO_STEP: _Kind(
        label="要求两步登录",
        effect="开了以后，“发布”和“管理”角色登录时除了密码还要输入手机上的验证码。",
        group=Group.SAFETY,
        default=lambda settings: "",
        read=_yes,
        dangerous=True,
        choices={"": "不要求（各人可以自己开通）", YES: "要求“发布”和“管理”角色"},
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
        label=f"卡片“{_CARD_LABELS[name]}”",
        effect="市民这样说时看到的话；写进去的电话成为拨号按钮，空着就用原来的。",
        group=Group.CARDS,
        default=lambda settings: CARDS[name][0],
        read=_sentence,
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
                kind.effect,
                kind.group,
                kind.dangerous,
                kind.choices,
            )
            for name, kind in _KINDS.items()
        ]

    @needs(Role.EDITOR)
    def checked(self, name: str, value: str) -> str:
        """Return a typed value as it would be stored; nothing changes. Raises `SettingRefused`."""
        return _checked(name, value)

    @needs(Role.ADMIN)
    def change(self, name: str, value: str, *, seen: str | None = None) -> SettingRow:
        """Change a setting; an empty value restores that of the environment.

        `seen` is the value that the member saw. Raises `Overtaken`, `SettingRefused`.
        """
        value = _checked(name, value)
        with self._audit.action(self._who, "setting", target=name) as action, self._database() as connection:
            with together(connection):
                now = dict(connection.execute("SELECT name, value FROM switches").fetchall()).get(name, "")
                if seen is not None and now != seen:
                    told = f"“{label_of(name)}”已被别人{f'改成“{now}”' if now else '清空'}，您的改动没有保存"
                    raise Overtaken(f"{told}；仍要改成您写的，请再保存一次")
                runtime_settings.write(connection, name, value, who=self._who)
            action.outcome = f"“{now}” → “{value}”"
        return next(shown for shown in self.list() if shown.name == name)


def label_of(name: str) -> str:
    """Return what staff call a setting; the name itself for one that there is not."""
    return _KINDS[name].label if name in _KINDS else name


def _checked(name: str, value: str) -> str:
    if name not in _KINDS:
        raise SettingRefused(f"没有“{name[:MOST_NAME]}”这项设置；可以改的有{'、'.join(_KINDS)}")
    kind, value = _KINDS[name], value.strip()
    try:
        return value and kind.read(value)
    except ValueError as error:
        raise SettingRefused(f"“{kind.label}”：{error}") from error
