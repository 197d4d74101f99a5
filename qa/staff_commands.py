"""The commands of staff: refresh, snapshots, publish, diff, prune, verify, audit; a skin over `qa.console`."""

import argparse
import json
import os
import pwd
import sys
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tqdm import tqdm

from qa import audit_words
from qa import progress as progresses
from qa.console import Console
from qa.difference import NOT_COMPARABLE
from qa.ending import told_to_end
from qa.history import Given
from qa.plan import Plan
from qa.progress import State, told
from qa.refresh import Report
from qa.roles import Role
from qa.settings import Settings
from qa.snapshots import Listed

DONE, REFUSED = 0, 1
_MOST_NAMED = 20  # files of a kind that are named; of more the number is told
KINDS = {"added": "新增", "changed": "修改", "removed": "删除"}
STATUSES = {
    "indexed": "已收录",
    "unchanged": "未变",
    "quarantined": "已隔离",
    "failed": "读不出",
    "out_of_force": "不在有效期",
}

Commands = Any  # argparse names its type only privately


def add(commands: Commands) -> None:
    """Add the commands of staff to the command line's parser."""
    update = command(commands, "refresh", "read the documents, build, judge, publish", _refresh, json=True)
    update.add_argument("--dry-run", action="store_true", help="only show what would be done")
    update.add_argument("--anew", action="store_true", help="read every file again, even if nothing changed")
    update.add_argument("--force-publish", action="store_true", help="publish in spite of the golden questions")
    update.add_argument("--reason", default="", help="why; needed to force")
    command(commands, "cancel", "stop the refresh under way; what is published stays", _cancel)
    command(commands, "progress", "how far the refresh under way is", _progress, json=True)
    command(commands, "snapshots", "list the snapshots on disk", _snapshots, json=True)
    publish = command(commands, "publish", "serve a snapshot from now on; an older one to roll back", _publish)
    publish.add_argument("name")
    publish.add_argument("--reason", default="", help="why")
    diff = command(commands, "diff", "what changed from one snapshot to another", _diff, json=True)
    diff.add_argument("before")
    diff.add_argument("after")
    prune = command(commands, "prune", "delete the oldest snapshots, never the published one", _prune)
    prune.add_argument("--keep", type=positive, required=True, metavar="N", help="how many to keep")
    command(commands, "verify", "check every file against its checksum", _verify, json=True)
    audit = command(commands, "audit", "what staff did", _audit, json=True)
    audit.add_argument("--verify", action="store_true", help="check that no row was edited, removed or reordered")
    command(commands, "status", "what is served, and whether it is sound", _status, json=True)


def command(
    commands: Commands, name: str, help: str, run: Callable[[argparse.Namespace, Settings], int], *, json: bool = False
) -> argparse.ArgumentParser:
    """Add one command, and `--json` where it has one; give its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    if json:
        parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(command=run)
    return parser


def _refresh(options: argparse.Namespace, settings: Settings) -> int:
    console = console_of(settings)
    if options.dry_run:
        plan = console.plan()
        if options.json:
            changes = plan.as_json()
            outcome = {"plan": changes, "dry_run": True, "refused": True, "published": None, "why": "dry run"}
            print_json({**changes, **outcome, "golden_asked": 0})
        else:
            _say_plan(plan)
        return DONE
    if options.force_publish and not options.reason.strip():
        print("qa: --force-publish 要用 --reason 说明原因，例如 --reason “检验题已过时”", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        stack.enter_context(told_to_end())
        show = stack.enter_context(_Bars()) if sys.stderr.isatty() else _lines()
        report = console.refresh(why=options.reason, force=options.force_publish, anew=options.anew, show=show)
    if options.json:
        print_json(report.as_json())
    else:
        _say_report(report)
    return REFUSED if report.refused else DONE


def _say_plan(plan: Plan) -> None:
    for kind, label in KINDS.items():
        _say_names(label, list(getattr(plan, kind)))
    _say_names("改名", [f"{old} → {new}" for old, new in plan.renamed])
    print(f"未变：{plan.unchanged}个文件")
    for file in plan.not_taken:
        say(f"{STATUSES[file.status]}：{file.name}：{file.reason}")
    if plan.nothing:
        print("与现行版本相比没有变化")
    elif plan.seconds is None:
        print("预计用时：还没有可以参照的刷新记录")
    else:
        print(f"预计用时：约{max(1, round(plan.seconds))}秒")


def _say_report(report: Report) -> None:
    _say_plan_changes(report)
    for file in report.files:
        if file.reason:
            say(f"{STATUSES[file.status]}：{file.name}：{file.reason}")
    if report.built:
        print(f"{report.documents}个文件，{report.passages}个段落，其中{report.embedded}个新计算了向量")
        asked = f"检验题：{report.golden_asked}道中{report.golden_right}道合格"
        print(asked if report.golden_asked else "没有检验题，未作检验")
        spent = f"用时{report.seconds:.1f}秒，其中检验{report.golden_seconds:.1f}秒"
        print(f"{spent}（{report.golden_read}次真正读过，其余与上次的输入完全相同）" if report.golden_asked else spent)
    for was, now in report.compared:
        _say_side_by_side(was, now)
    if report.forced:
        say(f"检验未通过（{report.why}），按要求强行发布")
    if report.published is None:
        say(f"没有发布：{report.why}。现行版本不变；新版本{report.built}已保留，可用 python -m qa diff 查看")
    elif report.built is None:
        print(f"没有变化，仍用{report.published}")
        if report.golden_seconds:
            print(f"检验题有改动，已重新检验：{report.golden_asked}道中{report.golden_right}道合格")
    else:
        print(f"已发布{report.published}")


def _say_plan_changes(report: Report) -> None:
    for kind, label in KINDS.items():
        _say_names(label, list(getattr(report.plan, kind)))
    _say_names("改名", [f"{old} → {new}" for old, new in report.plan.renamed])


def _say_names(label: str, names: list[str]) -> None:
    if names:
        more = f" 等{len(names)}个" if len(names) > _MOST_NAMED else ""
        say(f"{label}：{'、'.join(names[:_MOST_NAMED])}{more}")


def _say_side_by_side(was: Given | None, now: Given | None) -> None:
    known = now or was
    assert known is not None
    say(f"{known.question_id} {known.question}")
    for label, given in (("现行", was), ("新版", now)):
        if given:
            mark = "合格" if given.acceptable else "不合格"
            say(f"  {label}（{mark}）：{' '.join(given.text.split())}")


def _cancel(options: argparse.Namespace, settings: Settings) -> int:
    running = console_of(settings).cancel()
    print(f"已要求{running.who}自{running.since}起的刷新停下" if running else "没有正在进行的刷新")
    return DONE if running else REFUSED


def _progress(options: argparse.Namespace, settings: Settings) -> int:
    state = console_of(settings).progress()
    if options.json:
        print_json(state)
    elif state is None:
        print("还没有刷新过")
    else:
        running = state.pop("running")
        line = told(State(**state))
        say(
            f"{state['who']}：{line}"
            if running
            else f"上一次刷新：{audit_words.OUTCOMES[state['state']]} {state['message']}（{line}）"
        )
    return DONE if state else REFUSED


def _snapshots(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).snapshots()
    if options.json:
        print_json([one.as_json() for one in found])
        return DONE if found else REFUSED
    for one in found:
        say(_line(one))
    return DONE if found else REFUSED


def _line(one: Listed) -> str:
    built = one.built_at.astimezone().strftime("%Y-%m-%d %H:%M") if one.built_at else "？"
    state = "现行 (published)" if one.published else "曾发布" if one.was_published else "未发布"
    golden = f"检验题{one.golden_right}/{one.golden_asked}" if one.golden_asked else "未检验"
    parts = [
        one.name,
        built,
        _wide(one.who or "？", 10),
        f"{one.documents}个文件",
        f"{one.passages}个段落",
        golden,
        state,
    ]
    note = f"强行发布：{one.why}" if one.forced else one.why_not
    return "  ".join([*parts, note] if note else parts)


def _publish(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).publish(options.name, why=options.reason)
    print(f"已发布{options.name}")
    return DONE


def _diff(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).diff(options.before, options.after)
    if options.json:
        print_json(found.as_json())
        return DONE
    for change in found.changes:
        passages = f"段落+{change.passages_added} −{change.passages_removed}"
        say(f"{KINDS[change.kind]}：{change.document}（{passages}）")
    if not found.comparable:
        print(NOT_COMPARABLE)
        return DONE
    print(f"检验题中答复有变化的：{len(found.golden)}道")
    for was, now in found.golden:
        _say_side_by_side(was, now)
    return DONE


def _prune(options: argparse.Namespace, settings: Settings) -> int:
    gone = console_of(settings).prune(keep=options.keep)
    print(f"已删除{'、'.join(gone)}" if gone else "没有可删除的版本")
    return DONE


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).verify()
    if options.json:
        print_json(found)
    else:
        for name, problems in found.items():
            for problem in problems or ["完好"]:
                say(f"{name}：{problem}")
    return REFUSED if any(found.values()) else DONE


def _audit(options: argparse.Namespace, settings: Settings) -> int:
    console = console_of(settings)
    if options.verify:
        problems = console.tampering()
        if options.json:
            print_json({"rows": len(console.audit()), "problems": problems})
        else:
            for problem in problems or [f"{len(console.audit())}条记录，完整无改动"]:
                say(problem)
        return REFUSED if problems else DONE
    for row in console.audit():
        if options.json:
            print_json({name: getattr(row, name) for name in row.__dataclass_fields__})
        else:
            why = f"（原因：{row.why}）" if row.why else ""
            target = f"{row.target}  " if row.target else ""
            did, ended = _wide(audit_words.action(row), 8), audit_words.outcome(row)
            say(f"{row.number:>5}  {row.at}  {_wide(row.who, 10)}  {did}  {target}{ended}{why}")
    return DONE


def _status(options: argparse.Namespace, settings: Settings) -> int:
    status = console_of(settings).status()
    if options.json:
        content = {name: getattr(status, name) for name in status.__dataclass_fields__}
        print_json({**content, "built_at": status.built_at.isoformat()})
        return REFUSED if status.alarm else DONE
    print(f"现行版本{status.snapshot}，建于{status.built_at.isoformat()}，{status.passages}个段落")
    for document in status.documents:
        say(f"  {document}")
    if status.alarm:
        say(f"有问题：{status.alarm}")
    return REFUSED if status.alarm else DONE


class _Bars:
    """A bar for each step that counts something."""

    def __enter__(self) -> Callable[[State], None]:
        self._bar: tqdm[Any] | None = None
        self._step = ""
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _show(self, state: State) -> None:
        if state.step != self._step:
            self.__exit__()
            self._bar, self._step = None, state.step
        if state.total and self._bar is None:
            unit = progresses.STEPS[state.step]
            self._bar = tqdm(total=state.total, desc=progresses.WORDS[state.step], unit=unit, file=sys.stderr)
        if self._bar is not None:
            self._bar.update(state.done - self._bar.n)


def _lines() -> Callable[[State], None]:
    """A line for each step, and one for every tenth of what it counts."""
    last = ("", -1)

    def show(state: State) -> None:
        nonlocal last
        tenth = 10 * state.done // state.total if state.total else 0
        if state.state == "running" and (state.step, tenth) != last:
            last = (state.step, tenth)
            print(told(state), file=sys.stderr, flush=True)

    return show


def console_of(settings: Settings) -> Console:
    """The console for whoever is at the terminal: that is the account of the machine, and may do everything."""
    # Not of the environment, which anyone may set.
    return Console(settings, who=pwd.getpwuid(os.getuid()).pw_name, role=Role.ADMIN)


def _wide(text: str, width: int) -> str:
    """The text filled up to a width in which a Chinese character counts twice."""
    return text + " " * (width - sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in text))


def positive(text: str) -> int:
    """A number from 1 up, as argparse reads it."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1 up")
    return number


def print_json(content: Any) -> None:
    """One JSON value on a line."""
    print(json.dumps(content, ensure_ascii=False), flush=True)


def say(text: str) -> None:
    """Print text of documents and citizens, which must not steer the terminal."""
    print("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text))
