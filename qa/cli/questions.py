"""The commands for the log of citizens' questions."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from qa.answering.reply import as_json as reply_json
from qa.cli.output import (
    DAY,
    DONE,
    PATH,
    POSITIVE,
    REFUSED,
    console_of,
    json_option,
    pass_settings,
    print_json,
    say,
)
from qa.runtime.settings import Settings
from qa.staff.questions.log.selecting import Entry, Wanted
from qa.staff.questions.log.wording import MADE_WORDS, OUTCOME_WORDS, OUTCOMES, VERDICT_WORDS
from qa.storage.statistics import PERIODS


@click.group()
def questions() -> None:
    """What citizens asked."""


def _wanted_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose among the questions."""
    for option in (
        click.option("--made-by", type=click.Choice(list(MADE_WORDS))),
        click.option("--text", default="", help="Words of the question."),
        click.option("--until", type=DAY, help="That day included."),
        click.option("--since", type=DAY, help="As 2026-05-01."),
        click.option("--verdict", type=click.Choice(["up", "down", "any", "none"])),
        click.option("--outcome", type=click.Choice(OUTCOMES), multiple=True, help="May be given several times."),
    ):
        command = option(command)
    return command


def _wanted(
    *,
    outcome: Sequence[str],
    verdict: str | None,
    since: date | None,
    until: date | None,
    text: str,
    made_by: str | None,
) -> Wanted:
    return Wanted(
        outcomes=tuple(outcome),
        verdict=verdict or "",
        since=since,
        until=until,
        text=text,
        made_by=made_by or "",
    )


# An id may begin with a hyphen, which is no option then.
IDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@questions.command("list")
@_wanted_options
@click.option("--page", type=POSITIVE, default=1, metavar="N")
@json_option
@pass_settings
def _list(settings: Settings, /, page: int, as_json: bool, **wanted: Any) -> int:
    """List the questions, the newest first."""
    found = console_of(settings).questions.find(_wanted(**wanted), page=page)
    if as_json:
        for entry in found.entries:
            print_json(entry.as_json())
        return DONE if found.total else REFUSED
    for entry in found.entries:
        say(_line(entry))
    say(f"共{found.total}条，第{found.number}/{found.pages}页")
    return DONE if found.total else REFUSED


def _line(entry: Entry) -> str:
    marks = [OUTCOME_WORDS[entry.status], VERDICT_WORDS.get(entry.verdict or "", "")]
    at = f"{entry.asked_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{entry.id}  {at}  {' '.join(filter(None, marks))}  {entry.question}"


@questions.command("show", context_settings=IDS)
@click.argument("id")
@json_option
@pass_settings
def _show(settings: Settings, id: str, as_json: bool) -> int:
    """Show what one question got, and why."""
    detail = console_of(settings).questions.detail(id)
    reply = reply_json(detail.reply) if detail.reply else None
    if as_json:
        print_json({**detail.entry.as_json(), "why": detail.why, "failure": detail.failure, "reply": reply})
        return DONE
    say(_line(detail.entry))
    say(f"{detail.why or detail.failure}（{detail.entry.snapshot}，{detail.entry.elapsed_ms:.0f}毫秒）")
    if reply:
        say(reply["text"])
        for place in (*reply["citations"], *reply["nearest"]):
            say(f"  {place['document']} {place['start']}-{place['end']}：{place['text']}")
    return DONE


@questions.command("export")
@click.argument("file", type=PATH)
@_wanted_options
@pass_settings
def _export(settings: Settings, /, file: Path, **wanted: Any) -> int:
    """Write the questions into a table for Excel."""
    file.write_bytes(console_of(settings).questions.export(_wanted(**wanted)))
    say(f"已写入{file}")
    return DONE


@questions.command("forget", context_settings=IDS)
@click.argument("receipt")
@click.option("--why", default="", help="Who asked for it, and how.")
@pass_settings
def _forget(settings: Settings, receipt: str, why: str) -> int:
    """Delete one reply from the log, by its id or by the link that its asker shared."""
    console_of(settings).questions.forget(receipt, why=why)
    say("已删除；以前做的备份里还有，按 QA_LOG_DAYS 到期删除")
    return DONE


@questions.command("statistics")
@click.option("--period", type=click.Choice(list(PERIODS)), default="24h")
@json_option
@pass_settings
def _statistics(settings: Settings, period: str, as_json: bool) -> int:
    """Count questions by outcome, satisfaction, times, faults."""
    figures = console_of(settings).questions.statistics(period)
    if as_json:
        print_json(figures.as_json())
        return DONE
    counts = "，".join(f"{OUTCOME_WORDS.get(status, status)}{count}" for status, count in figures.counts.items())
    say(f"{figures.total}个问题：{counts or '没有'}；其中人工审核{figures.reviewed}，AI 生成{figures.written}")
    if figures.satisfaction is not None:
        say(f"有帮助{figures.up}，没帮助{figures.down}，满意度{figures.satisfaction:.0%}")
    if figures.median_ms is not None:
        say(f"用时：一半在{figures.median_ms:.0f}毫秒以内，95%在{figures.p95_ms:.0f}毫秒以内")
    for kind, count in figures.failures.items():
        say(f"出错 {kind}：{count}次")
    return DONE
