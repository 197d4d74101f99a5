"""The settings by group and the list of accounts, as an address of the page names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar

from starlette.datastructures import QueryParams

from qa.staff.accounts.accounts import Account
from qa.staff.permissions import Role
from qa.staff.settings import Group, SettingRow
from qa.web.http.policy import STAFF
from qa.web.staff.pages.addresses import PageView, view_at
from qa.web.staff.values import when

ADDRESS = f"{STAFF}/settings"
ACCOUNTS = "accounts"
# Before the name of a setting, the fields of the form that hold its value and what was seen.
VALUE, SEEN = "value-", "seen-"
SHELVES = {"": "设置", ACCOUNTS: "账号"}
ROLES = {
    Role.EDITOR: "编辑：看所有页面，上传，写答案，提检验题",
    Role.PUBLISHER: "发布：再加发布、回退、审核、停止引用",
    Role.ADMIN: "管理：再加设置、账号、备份",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View(PageView):
    """Which part is shown, and which account is open; `new` opens the form for a new one."""

    PLACE: ClassVar[str] = ADDRESS
    shelf: str = ""
    account: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting in the words of the page. `value` is what the form holds, `seen` what was stored when it was filled in.

    `unsaved` marks what was typed and not stored yet.
    """

    name: str
    label: str
    effect: str
    value: str
    seen: str
    default: str
    note: str
    choices: Mapping[str, str]
    unsaved: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for a setting, and the value that its member saw."""

    value: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A row of the list of accounts in the words of the page."""

    address: str
    name: str
    role: str
    two_step: str
    signed_in: str
    changed: str
    here: bool


def view_of(query: QueryParams) -> View:
    """Return the view that an address names."""
    view = view_at(View, query)
    return view if view.shelf in SHELVES else replace(view, shelf="")


def groups(found: Sequence[SettingRow], typed: Mapping[str, Typed]) -> list[tuple[str, list[Setting]]]:
    """Return the settings by group; what was `typed` stays in the form, by the name of its setting."""
    shown = sorted(found, key=lambda one: list(Group).index(one.group))
    return [
        (group.value, [_setting(one, typed.get(one.name)) for one in listed])
        for group, listed in groupby(shown, lambda one: one.group)
    ]


def rows(accounts: Sequence[Account], view: View) -> list[AccountRow]:
    """Return the rows of the list of accounts."""
    return [
        AccountRow(
            address=view.address(account=one.name, new=""),
            name=one.name,
            role=one.role.label,
            two_step="已开通" if one.two_step else "没有",
            signed_in=when(one.signed_in_at) if one.signed_in_at else "还没有登录过",
            changed=when(one.changed_at),
            here=one.name == view.account,
        )
        for one in accounts
    ]


def _setting(one: SettingRow, typed: Typed | None) -> Setting:
    by = f"{one.changed_by or '有人'}于{when(one.changed_at)}改过" if one.changed_at else ""
    return Setting(
        name=one.name,
        label=one.label,
        effect=one.effect,
        value=typed.value if typed else one.value,
        seen=typed.seen if typed else one.value,
        default=one.default,
        note=by,
        choices=one.choices,
        unsaved=typed is not None,
    )
