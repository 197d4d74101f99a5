"""刷新: the plan, the start, progress that everybody sees, cancelling, the report, publishing against the gate."""

import contextlib
from collections.abc import Sequence
from typing import Any

import gradio as gr
from fastapi import APIRouter, Request
from gradio.blocks import Block

from corpus.files.scan import FileStatus
from qa.bootstrap.errors import EXPECTED
from qa.publishing import progress as progresses
from qa.publishing.plan import Plan
from qa.publishing.progress import State, told
from qa.publishing.refresh import CONSENT
from qa.runtime.settings import Settings
from qa.staff import jobs, labels
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.web.html import NOTHING, Html
from qa.web.staff import charts
from qa.web.staff.components import (
    CALL,
    SLOW_CALL,
    PageContent,
    StaffPages,
    attempt,
    markup,
    message,
    name_of,
    only,
    refused,
    role_of,
    textbox,
    when,
)
from qa.web.staff.guard import PROGRESS
from qa.web.staff.pages.files import publishing

STATES = {
    "running": "正在刷新",
    "done": "已发布新版本",
    "unchanged": "没有变化，仍用现行版本",
    "refused": "没有发布",
    "failed": "刷新出错",
    "interrupted": "已停下，现行版本不变；已算好的向量下次接着用",
}
NOT_INDEXED = (FileStatus.QUARANTINED, FileStatus.FAILED, FileStatus.OUT_OF_FORCE)
MOST_NAMED = 50


def build(desk: StaffPages) -> PageContent:
    """Build the page; while a refresh runs, it reads the progress every second."""
    said = message()
    plan = markup(elem_id="plan")
    with gr.Column(elem_classes="panel") as start:
        why = textbox(label="原因（强行发布时必填）", max_length=200)
        with gr.Row():
            force = gr.Checkbox(label="检验不合格也发布", container=False, min_width=180)
            anew = gr.Checkbox(label="全部重新读取", container=False, min_width=180)
        with gr.Row(elem_classes="buttons"):
            begin = gr.Button("开始刷新", variant="primary", elem_id="refresh-start", scale=0)
    # Editors press it, and so does the page itself when a colleague starts a refresh.
    look = gr.Button("重新查看", elem_id="refresh-look", scale=0)
    progress = markup(elem_id="progress")
    cancel = gr.Button("停下", elem_id="refresh-cancel", visible=False, scale=0)
    report = markup(elem_id="report")
    with gr.Column(visible=False, elem_classes="panel") as decide:
        candidate = textbox(visible=False)
        seen = textbox(visible=False)
        reason = textbox(label="仍要发布的原因（记入审计）", max_length=200)
        publish = gr.Button("仍要发布这个版本", elem_id="publish-anyway", scale=0)
    clock = gr.Timer(1, active=False)

    outputs: list[Any] = [said, plan, start, progress, cancel, report, decide, candidate, seen, clock]
    page = RefreshPage(desk, outputs)
    begin.click(page.start_one, [why, force, anew], [*outputs, why, force, anew], **SLOW_CALL)
    look.click(page.show, None, outputs, **SLOW_CALL)
    cancel.click(page.stop, None, outputs, **CALL)
    publish.click(page.publish_anyway, [candidate, seen, reason], outputs, **CALL)
    clock.tick(page.tick, None, outputs, **CALL)
    return PageContent(page.show, outputs)


class RefreshPage:
    """The handlers of the buttons and the clock; each returns the values of `outputs`."""

    def __init__(self, desk: StaffPages, outputs: Sequence[Block]) -> None:
        self._desk = desk
        self._outputs = outputs

    def show(self, request: gr.Request) -> tuple[Any, ...]:
        return self._shown(request)

    def start_one(self, why: str, force: bool, anew: bool, request: gr.Request) -> tuple[Any, ...]:
        ordered: list[Any] = [gr.skip(), gr.skip(), gr.skip()]
        if force and not why.strip():
            return *self._shown(request, refused("检验不合格也发布，要写明原因"), planned=False), *ordered

        def begun() -> str:
            who, role = name_of(request), role_of(request)
            jobs.refresh(self._desk.settings, who=who, role=role, why=why, force=force, anew=anew)
            return "刷新已开始，关上这个页面也会继续"

        outcome = attempt(begun)
        if outcome.done:  # the next refresh is a new order
            ordered = ["", False, False]
        return *self._shown(request, outcome.sentence, planned=False), *ordered

    def stop(self, request: gr.Request) -> tuple[Any, ...]:
        def stopped() -> str:
            running = self._desk.console(request).cancel()
            return f"已要求{running.who}的刷新停下" if running else "没有正在进行的刷新"

        return self._shown(request, attempt(stopped).sentence, planned=False)

    def publish_anyway(self, name: str, seen: str, reason: str, request: gr.Request) -> tuple[Any, ...]:
        def published() -> str:
            done = self._desk.console(request).publish(name, why=reason, seen=seen or None)
            return f"已发布{name}" if done else f"已记下您的要求：{name}{CONSENT}"

        outcome = attempt(published)
        return self._shown(request, outcome.sentence) if outcome.done else only(outcome.sentence, self._outputs)

    def tick(self, request: gr.Request) -> tuple[Any, ...]:
        state = self._desk.console(request).progress()
        if state and state["running"]:
            return (*(gr.skip() for _ in range(3)), _progress(state), *(gr.skip() for _ in range(6)))
        return self._shown(request)

    def _shown(self, request: gr.Request, sentence: Html = NOTHING, *, planned: bool = True) -> tuple[Any, ...]:
        console = self._desk.console(request)
        state = console.progress()
        running = bool(state and state["running"])
        may = console.may(Role.PUBLISHER)
        found = console.report()
        refused_one = found["built"] if found and not running and not found["published"] else None
        open_question = bool(may and refused_one and any(one.name == refused_one for one in _unpublished(console)))
        return (
            sentence,
            "" if running else _plan(console) if planned else gr.skip(),
            gr.update(visible=may and not running),
            _progress(state),
            gr.update(visible=may and running),
            "" if running else _report(console, found),
            gr.update(visible=open_question),
            refused_one if open_question else "",
            next((one.name for one in console.snapshots() if one.published), ""),
            gr.update(active=running),
        )


def routes(settings: Settings) -> APIRouter:
    """Return the route that reports whether a refresh runs, for pages already open when a colleague starts one."""
    router = APIRouter(include_in_schema=False)

    @router.get(PROGRESS)
    def progress(request: Request) -> dict[str, Any]:
        member = request.scope["member"]
        state = Console(settings, who=member.name, role=member.role).progress()
        if not (state and state["running"]):
            return {"running": False}
        return {"running": True, "share": publishing.share(state), "told": publishing.words(state)}

    return router


def _unpublished(console: Console) -> list[Any]:
    return [one for one in console.snapshots() if not one.was_published and not one.published]


def _plan(console: Console) -> Html:
    try:
        plan = console.plan()
    except EXPECTED as error:
        return refused(str(error))
    return charts.heading("如果现在刷新") + _changes(plan)


def _changes(plan: Plan) -> Html:
    if plan.nothing:
        return charts.notes([f"文件与现行版本一致（{plan.unchanged}个），没有要刷新的", *_left_out(plan)])
    seconds = "还没有可参照的刷新记录" if plan.seconds is None else f"约{max(1, round(plan.seconds))}秒"
    kinds = [(label, getattr(plan, kind)) for kind, label in labels.CHANGES.items()]
    cards = charts.cards(
        [
            *((label, str(len(names)), "") for label, names in kinds),
            ("改名", str(len(plan.renamed)), ""),
            ("不变", str(plan.unchanged), ""),
            ("预计用时", seconds, ""),
        ]
    )
    renamed = [f"{old} → {new}" for old, new in plan.renamed]
    named = [*kinds, ("改名", renamed)]
    listed = [
        (kind, "、".join(list(names)[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")) for kind, names in named
    ]
    return cards + charts.facts(listed) + charts.notes(_left_out(plan), "warn")


def _left_out(plan: Plan) -> list[str]:
    return [f"{file.name}：{labels.FILES[file.status.value]}，{file.reason}" for file in plan.not_taken]


def _progress(state: dict[str, Any] | None) -> Html:
    if state is None:
        return charts.notes(["还没有刷新过"])
    known = {name: value for name, value in state.items() if name != "running"}
    line = told(State(**known))
    if state["running"]:
        within = state["done"] / state["total"] if state["total"] else 0.0
        share = (state["step_number"] - 1 + within) / state["steps"]
        sentence = f"{state['who']}，{when(state['started_at'])}开始：{line}"
        return charts.heading("正在刷新") + charts.meter(share, sentence)
    ended = STATES.get(state["state"], state["state"])
    if state["state"] in ("interrupted", "failed"):
        ended += f"（停在：{progresses.WORDS[state['step']]}）"
    note = f"：{state['message']}" if state["message"] and state["state"] in ("refused", "failed") else ""
    return charts.notes([f"上一次刷新：{state['who']}，{when(state['updated_at'])}，{ended}{note}"])


def _report(console: Console, found: dict[str, Any] | None) -> Html:
    if not found:
        return NOTHING
    problems = [
        [file["name"], labels.FILES[file["status"]], file["reason"]]
        for file in found["files"]
        if file["status"] in NOT_INDEXED
    ]
    shown = charts.heading("上一次完成的刷新") + charts.facts(_outcome(found))
    built = [one for one in _unpublished(console) if one.name == found["built"]]
    shown += charts.notes(
        [f"{one.wanted_by}要求仍然发布（{one.wanted_why}），{CONSENT}" for one in built if one.wanted_by]
    )
    if problems:
        shown += charts.heading("没有收录的文件") + charts.rows(["文件", "情况", "原因和办法"], problems)
    if found["compared"]:
        fallen = [[one["question"], one["was"], one["now"]] for one in found["compared"]]
        shown += charts.heading("答得不如现行版本的检验题") + charts.rows(["检验题", "现行版本", "新版本"], fallen)
    elif found["built"] and found.get("before"):
        with contextlib.suppress(*EXPECTED):
            found_changes = console.diff(found["before"], found["built"])
            changed = [
                [(now or was).question, was.text if was else "—", now.text if now else "—"]  # type: ignore[union-attr]
                for was, now in found_changes.golden[:MOST_NAMED]
                if found_changes.comparable
            ]
            if changed:
                shown += charts.heading("答复有变化的检验题") + charts.rows(["检验题", "原版本", "新版本"], changed)
    return shown


def _outcome(found: dict[str, Any]) -> list[tuple[str, str]]:
    golden = f"{found['golden_asked']}道中{found['golden_right']}道合格"
    if not found["golden_asked"]:
        golden = "没有检验题，未作检验"
    if not found["published"]:
        outcome = f"没有发布：{found['why']}。现行版本不变，新版本{found['built']}已保留"
    elif found["built"] is None:
        outcome = f"没有变化，仍用{found['published']}"
    else:
        outcome = f"已发布{found['published']}" + ("（强行发布）" if found["forced"] else "")
    return [
        ("结果", outcome),
        ("刷新", f"{found['who']}，{when(found['at'])}，用时{found['seconds']:.0f}秒"),
        ("文件", f"{found['documents']}个，{found['passages']}个段落，新算{found['embedded']}个"),
        ("检验", golden),
    ]
