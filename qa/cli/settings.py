"""The commands for what is changed while the service runs: setting, notice, pause, resume."""

from dataclasses import asdict

import click

from qa.cli.output import DONE, console_of, json_option, pass_settings, print_json, say
from qa.runtime.settings import Settings
from qa.staff.settings import LABELS
from qa.storage.database import database_of
from qa.storage.runtime_settings import NOTICE, PAUSE, current


def _sentence(context: click.Context, parameter: click.Parameter, text: str) -> str:
    if not text.strip():
        raise click.BadParameter("give a sentence that citizens can read")
    return text


@click.command("pause")
@click.option("--reason", required=True, callback=_sentence, help="What citizens read.")
@pass_settings
def pause(settings: Settings, reason: str) -> int:
    """Show citizens a reason instead of the question box."""
    return _switch(settings, PAUSE, reason)


@click.command("resume")
@pass_settings
def resume(settings: Settings) -> int:
    """End the pause."""
    return _switch(settings, PAUSE, "")


@click.command("notice")
@click.argument("text", default="")
@pass_settings
def notice(settings: Settings, text: str) -> int:
    """Show citizens a notice above the chat; without a text, end it."""
    return _switch(settings, NOTICE, text)


def _switch(settings: Settings, name: str, text: str) -> int:
    console_of(settings).runtime_settings.change(name, text)
    now = current(database_of(settings))
    say(f"Notice: {now.notice or 'none'}\nPause: {now.pause or 'none'}")
    return DONE


@click.group()
def setting() -> None:
    """Settings that take effect without a restart."""


@setting.command("list")
@json_option
@pass_settings
def _list(settings: Settings, as_json: bool) -> int:
    """List them with their values."""
    found = console_of(settings).runtime_settings.list()
    if as_json:
        print_json([asdict(one) for one in found])
        return DONE
    for one in found:
        by = f"（{one.changed_by or '？'} {one.changed_at}）" if one.changed_at else ""
        say(f"{one.name} = {one.value or f'{one.default}（缺省）'}{by}  {one.label}")
    return DONE


@setting.command("set")
@click.argument("name", type=click.Choice(list(LABELS)))
@click.argument("value")
@click.option("--seen", help="The value it had when looked at; refused when it is another by now.")
@pass_settings
def _set(settings: Settings, name: str, value: str, seen: str | None) -> int:
    """Change one; an empty value goes back to the environment's."""
    shown = console_of(settings).runtime_settings.change(name, value, seen=seen)
    say(f"{shown.name} = {shown.value or f'{shown.default}（缺省）'}；正在运行的服务几秒内改用它")
    return DONE
