"""The commands for the work that unanswered questions make."""

from typing import Any

import click

from qa.cli.output import (
    DONE,
    REFUSED,
    console_of,
    json_option,
    number_argument,
    pass_settings,
    print_json,
    say,
    version_option,
)
from qa.cli.quality.golden import golden_from, golden_options
from qa.runtime.settings import Settings
from qa.staff.questions.groups import STATES, Group


@click.group()
def todo() -> None:
    """Questions that got no answer."""


@todo.command("list")
@click.option("--state", type=click.Choice(list(STATES)))
@click.option("--assignee", default="")
@click.option("--text", default="", help="Words of the question.")
@json_option
@pass_settings
def _list(settings: Settings, state: str | None, assignee: str, text: str, as_json: bool) -> int:
    """List the groups, those asked most first."""
    todo = console_of(settings).todo
    found = todo.list(state=state or "", assignee=assignee, text=text)
    if as_json:
        print_json([group.as_json() for group in found])
        return DONE if found else REFUSED
    for group in found:
        say(_line(group))
    if waiting := todo.waiting():
        say(f"另有{waiting}条检验题的改动等待同意：python -m qa golden proposals")
    return DONE if found or waiting else REFUSED


def _line(group: Group) -> str:
    again = f"，办结后又问{group.since_done}次" if group.since_done else ""
    differing = f"，文件矛盾{group.contradictory}" if group.contradictory else ""
    counts = f"{group.count}次（未回答{group.refused}，没帮助{group.unhelpful}{again}{differing}）"
    who = f"  {group.assignee}" if group.assignee else ""
    return f"{group.id:>4}  {STATES[group.state]}  {counts}{who}  {group.question}"


@todo.command("show")
@number_argument
@json_option
@pass_settings
def _show(settings: Settings, number: int, as_json: bool) -> int:
    """Show one group with its questions."""
    group, asked = console_of(settings).todo.group(number)
    if as_json:
        questions = [{"id": one.id, "question": one.question, "asked_at": one.asked_at.isoformat()} for one in asked]
        print_json({**group.as_json(), "questions": questions})
        return DONE
    say(_line(group))
    for label, text in (("备注", group.note), ("文件", group.document), ("办结", group.why_done)):
        if text:
            say(f"  {label}：{text}")
    for one in asked:
        comment = f"（{one.comment}）" if one.comment else ""
        say(f"  {one.id}  {one.asked_at.astimezone():%m-%d %H:%M}  {one.question}{comment}")
    return DONE


def _seen(settings: Settings, number: int, version: int | None) -> tuple[int, int]:
    """Return the group and its version: the one given, or else that of this moment."""
    return number, version or console_of(settings).todo.group(number)[0].version


@todo.command("change")
@number_argument
@click.option("--assignee", help="Who works on it.")
@click.option("--note")
@click.option("--document", help="The document that answers.")
@click.option("--state", type=click.Choice([state for state in STATES if state != "done"]))
@version_option
@pass_settings
def _change(
    settings: Settings,
    number: int,
    *,
    assignee: str | None,
    note: str | None,
    document: str | None,
    state: str | None,
    version: int | None,
) -> int:
    """Assign, note, name the document that answers, take up."""
    changed = console_of(settings).todo.change(
        *_seen(settings, number, version), assignee=assignee, note=note, document=document, state=state
    )
    say(_line(changed))
    return DONE


@todo.command("separate")
@number_argument
@click.argument("id")
@version_option
@pass_settings
def _separate(settings: Settings, number: int, id: str, version: int | None) -> int:
    """Give a question that does not belong (ID as `todo show` names it) a group of its own."""
    say(_line(console_of(settings).todo.separate(*_seen(settings, number, version), id)))
    return DONE


@todo.command("done")
@number_argument
@golden_options
@click.option("--no-golden", is_flag=True, help="Without a golden question.")
@click.option("--reason", default="", help="Why; needed without a golden question.")
@version_option
@pass_settings
def _done(settings: Settings, /, number: int, no_golden: bool, reason: str, version: int | None, **given: Any) -> int:
    """Close a group with a golden question, or without one and a reason."""
    todo = console_of(settings).todo
    golden = None if no_golden else golden_from(todo.proposal(number), **given)
    group = todo.done(*_seen(settings, number, version), golden, why=reason)
    say(f"{_line(group)}{f'（{todo.guarded_by(group)}）' if group.golden else ''}")
    return DONE


@todo.command("reopen")
@number_argument
@version_option
@pass_settings
def _reopen(settings: Settings, number: int, version: int | None) -> int:
    """Take up a group again."""
    say(_line(console_of(settings).todo.reopen(*_seen(settings, number, version))))
    return DONE
