"""The commands that refresh the index: start, stop, see how far it is."""

import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any

import click
from tqdm import tqdm

from qa.bootstrap.models import lazily
from qa.bootstrap.worker import work
from qa.cli.output import (
    DONE,
    REFUSED,
    WRONG_USE,
    console_of,
    json_option,
    pass_settings,
    print_json,
    say,
    say_side_by_side,
)
from qa.evaluation.asked import ChangeKind
from qa.publishing import progress as progresses
from qa.publishing.board import CANCEL
from qa.publishing.plan import Plan
from qa.publishing.progress import State, told
from qa.publishing.report import Report
from qa.runtime.settings import Settings
from qa.runtime.signals import told_to_end
from qa.runtime.watchdog import watched
from qa.staff import labels

_CHANGED = {
    ChangeKind.LOST: "市民问过，以前有答案，新版没有",
    ChangeKind.OTHER: "市民问过，答案变了",
    ChangeKind.NEW: "市民问过，以前没有答案，新版有",
}
_MOST_NAMED = 20  # files of a kind that are named; of more the number is told


@click.command("refresh")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option("--anew", is_flag=True, help="Read every file again, even if nothing changed.")
@click.option("--force-publish", is_flag=True, help="Publish in spite of the golden questions.")
@click.option("--reason", default="", help="Why; needed to force.")
@json_option
@pass_settings
def refresh(settings: Settings, *, dry_run: bool, anew: bool, force_publish: bool, reason: str, as_json: bool) -> int:
    """Read the documents, build, judge, publish."""
    console = console_of(settings)
    if dry_run:
        _show_plan(console.plan(), as_json)
        return DONE
    if force_publish and not reason.strip():
        print("qa: --force-publish 要用 --reason 说明原因，例如 --reason “检验题已过时”", file=sys.stderr)
        return WRONG_USE
    with ExitStack() as stack:
        stack.enter_context(told_to_end())
        stack.enter_context(watched(settings.home / CANCEL))
        show = stack.enter_context(_Bars()) if sys.stderr.isatty() else _lines()
        report = console.refresh(why=reason, force=force_publish, anew=anew, show=show)
    if as_json:
        print_json(report.as_json())
    else:
        _say_report(report)
    return REFUSED if report.refused else DONE


@click.command("worker")
@pass_settings
def worker(settings: Settings) -> int:
    """Convert and embed for refreshes on any machine, until it is stopped."""
    with told_to_end(), suppress(KeyboardInterrupt):
        say("等待刷新交来的任务；按 Ctrl-C 结束，做到一半的由别的进程重做")
        work(settings, lazily(settings).embedder)
    return DONE


def _show_plan(plan: Plan, as_json: bool) -> None:
    if as_json:
        changes = plan.as_json()
        outcome = {"plan": changes, "dry_run": True, "refused": True, "published": None, "why": "dry run"}
        print_json({**changes, **outcome, "golden_asked": 0})
    else:
        _say_plan(plan)


def _say_plan(plan: Plan) -> None:
    for kind, label in labels.CHANGES.items():
        _say_names(label, list(getattr(plan, kind)))
    _say_names("改名", [f"{old} → {new}" for old, new in plan.renamed])
    print(f"未变：{plan.unchanged}个文件")
    for file in plan.not_taken:
        say(f"{labels.FILES[file.status]}：{file.name}：{file.reason}")
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
            say(f"{labels.FILES[file.status]}：{file.name}：{file.reason}")
    if report.built:
        print(f"{report.documents}个文件，{report.passages}个段落，其中{report.embedded}个新计算了向量")
        asked = f"检验题：{report.golden_asked}道中{report.golden_right}道合格"
        print(asked if report.golden_asked else "没有检验题，未作检验")
        spent = f"用时{report.seconds:.1f}秒，其中检验{report.golden_seconds:.1f}秒"
        print(f"{spent}（{report.golden_read}次真正读过，其余与上次的输入完全相同）" if report.golden_asked else spent)
    for was, now in report.compared:
        say_side_by_side(was, now)
    for change in report.changes:
        say(f"{_CHANGED[change.kind]}：{change.question}\n  现行：{change.was.text}\n  新版：{change.now.text}")
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
    for kind, label in labels.CHANGES.items():
        _say_names(label, list(getattr(report.plan, kind)))
    _say_names("改名", [f"{old} → {new}" for old, new in report.plan.renamed])


def _say_names(label: str, names: list[str]) -> None:
    if names:
        more = f" 等{len(names)}个" if len(names) > _MOST_NAMED else ""
        say(f"{label}：{'、'.join(names[:_MOST_NAMED])}{more}")


@click.command("cancel")
@pass_settings
def cancel(settings: Settings) -> int:
    """Stop the refresh under way; what is published stays."""
    running = console_of(settings).cancel()
    print(f"已要求{running.who}自{running.since}起的刷新停下" if running else "没有正在进行的刷新")
    return DONE if running else REFUSED


@click.command("progress")
@json_option
@pass_settings
def progress(settings: Settings, as_json: bool) -> int:
    """Show how far the refresh under way is."""
    state = console_of(settings).progress()
    if as_json:
        print_json(state)
    elif state is None:
        print("还没有刷新过")
    else:
        running = state.pop("running")
        line = told(State(**state))
        ended = f"上一次刷新：{labels.OUTCOMES[state['state']]} {state['message']}（{line}）"
        say(f"{state['who']}：{line}" if running else ended)
    return DONE if state else REFUSED


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
    """Return a line for each step, and one for every tenth of what it counts."""
    last = ("", -1)

    def show(state: State) -> None:
        nonlocal last
        tenth = 10 * state.done // state.total if state.total else 0
        if state.state == "running" and (state.step, tenth) != last:
            last = (state.step, tenth)
            print(told(state), file=sys.stderr, flush=True)

    return show
