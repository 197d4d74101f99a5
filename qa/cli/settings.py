"""The commands for what is changed while the service runs: setting, notice, pause, resume."""

import argparse

from qa.cli.output import DONE, Commands, command, console_of, print_json, say
from qa.runtime.settings import Settings
from qa.staff.settings import LABELS
from qa.storage.runtime_settings import NOTICE, PAUSE, current


def add(commands: Commands) -> None:
    """Add these commands to the command line's parser; running servers see a change within seconds."""
    pause = command(commands, "pause", "show citizens a reason instead of the question box", _pause)
    pause.add_argument("--reason", required=True, type=_text, help="what citizens read")
    command(commands, "resume", "end the pause", _resume)
    notice = command(commands, "notice", "show citizens a notice above the chat; without a text, end it", _notice)
    notice.add_argument("text", nargs="?", default="")
    setting = commands.add_parser("setting", help="settings that take effect without a restart")
    below = setting.add_subparsers(required=True, metavar="action")
    command(below, "list", "list them with their values", _list, json=True)
    change = command(below, "set", "change one; an empty value goes back to the environment's", _set)
    change.add_argument("name", choices=list(LABELS), metavar="NAME", help=", ".join(LABELS))
    change.add_argument("value")
    change.add_argument("--seen", help="the value it had when looked at; refused when it is another by now")


def _pause(options: argparse.Namespace, settings: Settings) -> int:
    return _switch(settings, PAUSE, options.reason)


def _resume(options: argparse.Namespace, settings: Settings) -> int:
    return _switch(settings, PAUSE, "")


def _notice(options: argparse.Namespace, settings: Settings) -> int:
    return _switch(settings, NOTICE, options.text)


def _switch(settings: Settings, name: str, text: str) -> int:
    console_of(settings).board.change(name, text)
    now = current(settings.home)
    say(f"Notice: {now.notice or 'none'}\nPause: {now.pause or 'none'}")
    return DONE


def _list(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).board.list()
    if options.json:
        print_json([{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found])
        return DONE
    for one in found:
        by = f"（{one.changed_by or '？'} {one.changed_at}）" if one.changed_at else ""
        say(f"{one.name} = {one.value or f'{one.default}（缺省）'}{by}  {one.label}")
    return DONE


def _set(options: argparse.Namespace, settings: Settings) -> int:
    shown = console_of(settings).board.change(options.name, options.value, seen=options.seen)
    say(f"{shown.name} = {shown.value or f'{shown.default}（缺省）'}；正在运行的服务几秒内改用它")
    return DONE


def _text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("give a sentence that citizens can read")
    return text
