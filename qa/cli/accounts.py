"""The commands for accounts: add, list, role, password, remove."""

import argparse
import getpass
import sys

from qa.cli.output import DONE, REFUSED, Commands, command, console_of, print_json, say
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.staff.accounts.passwords import MOST
from qa.staff.permissions import Role


class PasswordsDiffer(StaffRefused):
    """The password was typed differently the second time."""


def add(commands: Commands) -> None:
    """Add `account` and what can be done with one to the command line's parser."""
    below = commands.add_parser("account", help="accounts of staff").add_subparsers(required=True, metavar="action")
    new = command(below, "add", "add an account; the password is asked for, or read from a pipe", _add)
    new.add_argument("name")
    new.add_argument("--role", required=True, choices=[role.value for role in Role])
    command(below, "list", "list the accounts", _list, json=True)
    role = command(below, "role", "give an account another role; it is signed out", _role)
    role.add_argument("name")
    role.add_argument("role", choices=[role.value for role in Role])
    password = command(below, "password", "give an account another password; it is signed out", _password)
    password.add_argument("name")
    remove = command(below, "remove", "remove an account; it is signed out", _remove)
    remove.add_argument("name")


def _add(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).accounts.add(options.name, Role(options.role), _asked())
    say(f"已添加账号{options.name}（{Role(options.role).label}）")
    return DONE


def _list(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).accounts.list()
    if options.json:
        print_json([{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found])
    for one in found if not options.json else ():
        say(f"{one.name}  {one.role.value}（{one.role.label}）  {one.created_at}")
    return DONE if found else REFUSED


def _role(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).accounts.set_role(options.name, Role(options.role))
    say(f"{options.name}的角色改为{Role(options.role).label}，已退出登录")
    return DONE


def _password(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).accounts.set_password(options.name, _asked())
    say(f"{options.name}的密码已修改，已退出登录")
    return DONE


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).accounts.remove(options.name)
    say(f"已删除账号{options.name}")
    return DONE


def _asked() -> str:
    """The password: typed twice on a terminal, where it does not show, or one line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline(MOST * 4).rstrip("\r\n")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输一次：") != password:
        raise PasswordsDiffer("两次输入的密码不一样；请重来")
    return password
