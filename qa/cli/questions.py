"""The commands around citizens' questions: the log, the work that it makes, a question tried on any snapshot."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from qa.answering.reply import as_json
from qa.cli.answers import golden_from, golden_options, version_option
from qa.cli.output import DONE, REFUSED, Commands, command, console_of, positive, print_json, say
from qa.runtime.settings import Settings
from qa.staff.quality.trial import Trial, TriedHit
from qa.staff.questions.groups import STATES, Group
from qa.staff.questions.log import MADE_WORDS, OUTCOME_WORDS, OUTCOMES, VERDICT_WORDS, Entry, Wanted
from qa.storage.statistics import PERIODS


def add(commands: Commands) -> None:
    """Add `questions`, `todo` and `try` to the command line's parser."""
    below = commands.add_parser("questions", help="what citizens asked").add_subparsers(required=True, metavar="action")
    found = command(below, "list", "list the questions, the newest first", _questions, json=True)
    found.add_argument("--page", type=positive, default=1, metavar="N")
    show = command(below, "show", "what one question got, and why", _show, json=True)
    show.add_argument("id")
    export = command(below, "export", "write the questions into a table for Excel", _export)
    export.add_argument("file", type=Path)
    for parser in (found, export):
        _wanted_options(parser)
    figures = command(below, "statistics", "questions by outcome, satisfaction, times, faults", _statistics, json=True)
    figures.add_argument("--period", choices=list(PERIODS), default="24h")

    below = commands.add_parser("todo", help="questions that got no answer").add_subparsers(
        required=True, metavar="action"
    )
    groups = command(below, "list", "list the groups, those asked most first", _groups, json=True)
    groups.add_argument("--state", choices=list(STATES), default="")
    groups.add_argument("--assignee", default="")
    groups.add_argument("--text", default="", help="words of the question")
    group = command(below, "show", "one group with its questions", _group, json=True)
    change = command(below, "change", "assign, note, name the document that answers, take up", _change)
    for name, told in (("--assignee", "who works on it"), ("--note", ""), ("--document", "the document that answers")):
        change.add_argument(name, help=told)
    change.add_argument("--state", choices=[state for state in STATES if state != "done"])
    separate = command(below, "separate", "give a question that does not belong a group of its own", _separate)
    done = command(below, "done", "close a group with a golden question, or without one and a reason", _done)
    golden_options(done)
    done.add_argument("--no-golden", action="store_true", help="without a golden question")
    done.add_argument("--reason", default="", help="why; needed without a golden question")
    reopen = command(below, "reopen", "take up a group again", _reopen)
    for parser in (group, change, separate, done, reopen):
        parser.add_argument("number", type=positive)
    separate.add_argument("id", help="the question, as `todo show` names it")
    for parser in (change, separate, done, reopen):
        version_option(parser)

    trial = command(commands, "try", "ask one question of any snapshot; show all that was found", _try, json=True)
    trial.add_argument("question", nargs="?")
    trial.add_argument("--snapshot", default="", help="default: the published one")
    trial.add_argument("--threshold", type=float, help="default: the one in use")
    trial.add_argument("--rates", action="store_true", help="print both error rates at every threshold instead")


def _wanted_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--outcome", action="append", choices=OUTCOMES, default=[], help="may be given several times")
    parser.add_argument("--verdict", choices=["up", "down", "any", "none"], default="")
    parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="as 2026-05-01")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="that day included")
    parser.add_argument("--text", default="", help="words of the question")
    parser.add_argument("--made-by", choices=list(MADE_WORDS), default="")


def _wanted(options: argparse.Namespace) -> Wanted:
    return Wanted(
        outcomes=tuple(options.outcome),
        verdict=options.verdict,
        since=options.since,
        until=options.until,
        text=options.text,
        made_by=options.made_by,
    )


def _questions(options: argparse.Namespace, settings: Settings) -> int:
    page = console_of(settings).questions.find(_wanted(options), page=options.page)
    if options.json:
        for entry in page.entries:
            print_json(entry.as_json())
        return DONE if page.total else REFUSED
    for entry in page.entries:
        say(_line(entry))
    say(f"共{page.total}条，第{page.number}/{page.pages}页")
    return DONE if page.total else REFUSED


def _line(entry: Entry) -> str:
    marks = [OUTCOME_WORDS[entry.status], VERDICT_WORDS.get(entry.verdict or "", "")]
    at = f"{entry.asked_at.astimezone():%Y-%m-%d %H:%M}"
    return f"{entry.id}  {at}  {' '.join(filter(None, marks))}  {entry.question}"


def _show(options: argparse.Namespace, settings: Settings) -> int:
    detail = console_of(settings).questions.detail(options.id)
    reply = as_json(detail.reply) if detail.reply else None
    if options.json:
        print_json({**detail.entry.as_json(), "why": detail.why, "failure": detail.failure, "reply": reply})
        return DONE
    say(_line(detail.entry))
    say(f"{detail.why or detail.failure}（{detail.entry.snapshot}，{detail.entry.elapsed_ms:.0f}毫秒）")
    if reply:
        say(reply["text"])
        for place in (*reply["citations"], *reply["nearest"]):
            say(f"  {place['document']} {place['start']}-{place['end']}：{place['text']}")
    return DONE


def _export(options: argparse.Namespace, settings: Settings) -> int:
    options.file.write_bytes(console_of(settings).questions.export(_wanted(options)))
    say(f"已写入{options.file}")
    return DONE


def _statistics(options: argparse.Namespace, settings: Settings) -> int:
    figures = console_of(settings).questions.statistics(options.period)
    if options.json:
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


def _groups(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).todo.list(state=options.state, assignee=options.assignee, text=options.text)
    if options.json:
        print_json([group.as_json() for group in found])
        return DONE if found else REFUSED
    for group in found:
        say(_group_line(group))
    return DONE if found else REFUSED


def _group_line(group: Group) -> str:
    again = f"，办结后又问{group.since_done}次" if group.since_done else ""
    differing = f"，文件矛盾{group.contradictory}" if group.contradictory else ""
    counts = f"{group.count}次（未回答{group.refused}，没帮助{group.unhelpful}{again}{differing}）"
    who = f"  {group.assignee}" if group.assignee else ""
    return f"{group.id:>4}  {STATES[group.state]}  {counts}{who}  {group.question}"


def _group(options: argparse.Namespace, settings: Settings) -> int:
    group, asked = console_of(settings).todo.group(options.number)
    if options.json:
        questions = [{"id": one.id, "question": one.question, "asked_at": one.asked_at.isoformat()} for one in asked]
        print_json({**group.as_json(), "questions": questions})
        return DONE
    say(_group_line(group))
    for label, text in (("备注", group.note), ("文件", group.document), ("办结", group.why_done)):
        if text:
            say(f"  {label}：{text}")
    for one in asked:
        comment = f"（{one.comment}）" if one.comment else ""
        say(f"  {one.id}  {one.asked_at.astimezone():%m-%d %H:%M}  {one.question}{comment}")
    return DONE


def _seen(options: argparse.Namespace, settings: Settings) -> tuple[int, int]:
    """The group, and its version: the one given, or else that of this moment."""
    number: int = options.number
    return number, options.version or console_of(settings).todo.group(number)[0].version


def _change(options: argparse.Namespace, settings: Settings) -> int:
    to = {name: getattr(options, name) for name in ("assignee", "note", "document", "state")}
    say(_group_line(console_of(settings).todo.change(*_seen(options, settings), **to)))
    return DONE


def _separate(options: argparse.Namespace, settings: Settings) -> int:
    say(_group_line(console_of(settings).todo.separate(*_seen(options, settings), options.id)))
    return DONE


def _done(options: argparse.Namespace, settings: Settings) -> int:
    todo = console_of(settings).todo
    golden = None if options.no_golden else golden_from(options, todo.proposal(options.number))
    group = todo.done(*_seen(options, settings), golden, why=options.reason)
    say(f"{_group_line(group)}{f'（金标问题{group.golden}，下次刷新起检验）' if group.golden else ''}")
    return DONE


def _reopen(options: argparse.Namespace, settings: Settings) -> int:
    say(_group_line(console_of(settings).todo.reopen(*_seen(options, settings))))
    return DONE


def _try(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).trial
    if options.rates:
        rates = desk.rates(options.snapshot)
        if options.json:
            print_json([one.as_json() for one in rates])
        for one in rates if not options.json else ():
            right, refused = f"{one.right}/{one.answerable}", f"{one.refused}/{one.unanswerable}"
            say(f"{one.threshold:.2f}  答对{right}  扣下{one.held_back}  拒答{refused}  错误显示{one.wrong}")
        return DONE
    trial = desk.ask(options.question or "", snapshot=options.snapshot, threshold=options.threshold)
    if options.json:
        print_json(_trial_json(trial))
        return DONE
    say(f"{trial.snapshot}  检索用：{trial.asked_as}  阈值{trial.threshold:.2f}")
    for label, hits in (("高于阈值", trial.above), ("低于阈值", trial.below)):
        say(f"{label}：{len(hits)}段")
        for hit in hits:
            say(_hit_line(hit))
    say(f"市民看到：{trial.reply.text}")
    return DONE


def _hit_line(hit: TriedHit) -> str:
    scores = f"把握{hit.reader:.2f} 语义{hit.dense:.3f} 字词{hit.lexical:.2f} 合计{hit.fused:.2f}"
    return f"  {hit.rank}. {scores}  {hit.document} {hit.start}-{hit.end}  {' '.join(hit.text.split())[:60]}"


def _trial_json(trial: Trial) -> dict[str, Any]:
    content = {name: getattr(trial, name) for name in ("snapshot", "question", "asked_as", "threshold")}
    hits = {
        kind: [{name: getattr(hit, name) for name in hit.__dataclass_fields__} for hit in getattr(trial, kind)]
        for kind in ("above", "below")
    }
    return {**content, **hits, "reply": as_json(trial.reply)}
