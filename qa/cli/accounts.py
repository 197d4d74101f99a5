"""The commands for accounts: add, list, role, password, reset-two-step, identity, remove."""

import getpass
import sys
from dataclasses import asdict

import click

from qa.cli.output import DONE, console_of, json_option, pass_settings, print_list, say
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.staff.accounts.accounts import Account
from qa.staff.accounts.passwords import MOST
from qa.staff.permissions import Role

ROLE = click.Choice([role.value for role in Role])


class PasswordsDiffer(StaffRefused):
    """The password was typed differently the second time."""


@click.group()
def account() -> None:
    """Accounts of staff."""


@account.command("add")
@click.argument("name")
@click.option("--role", required=True, type=ROLE)
@pass_settings
def _add(settings: Settings, name: str, role: str) -> int:
    """Add an account; the password is asked for, or read from a pipe."""
    console_of(settings).accounts.add(name, Role(role), _asked())
    say(f"已添加账号{name}（{Role(role).label}）")
    return DONE


@account.command("list")
@json_option
@pass_settings
def _list(settings: Settings, as_json: bool) -> int:
    """List the accounts."""
    found = console_of(settings).accounts.list()
    return print_list(found, as_json=as_json, json_of=asdict, show=_say_account)


def _say_account(account: Account) -> None:
    say(f"{account.name}  {account.role.value}（{account.role.label}）  {account.created_at}")


@account.command("role")
@click.argument("name")
@click.argument("role", type=ROLE)
@pass_settings
def _role(settings: Settings, name: str, role: str) -> int:
    """Give an account another role; it is signed out."""
    console_of(settings).accounts.set_role(name, Role(role))
    say(f"{name}的角色改为{Role(role).label}，已退出登录")
    return DONE


@account.command("password")
@click.argument("name")
@pass_settings
def _password(settings: Settings, name: str) -> int:
    """Give an account another password; it is signed out."""
    console_of(settings).accounts.set_password(name, _asked())
    say(f"{name}的密码已修改，已退出登录")
    return DONE


@account.command("reset-two-step")
@click.argument("name")
@pass_settings
def _reset_two_step(settings: Settings, name: str) -> int:
    """Turn off the second step of an account whose phone is lost; it is signed out."""
    console_of(settings).accounts.reset_second_step(name)
    say(f"已重置{name}的两步登录，下次登录只要密码")
    return DONE


@account.command("identity")
@click.argument("name")
@click.argument("identity", default="")
@pass_settings
def _identity(settings: Settings, name: str, identity: str) -> int:
    """Write whom single sign-on means by an account; without IDENTITY nobody. It is signed out."""
    console_of(settings).accounts.set_identity(name, identity)
    say(f"{name}的统一登录名改为{identity}，已退出登录" if identity else f"{name}不能再用统一身份认证登录，已退出登录")
    return DONE


@account.command("remove")
@click.argument("name")
@pass_settings
def _remove(settings: Settings, name: str) -> int:
    """Remove an account; it is signed out."""
    console_of(settings).accounts.remove(name)
    say(f"已删除账号{name}")
    return DONE


def _asked() -> str:
    """Return the password: typed twice on a terminal, where it does not show, or one line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(MOST * 4).rstrip("\r\n")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输一次：") != password:
        raise PasswordsDiffer("两次输入的密码不一样；请重来")
    return password
