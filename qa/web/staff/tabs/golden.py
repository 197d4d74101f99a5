"""金标问题: the questions that every refresh is judged by, what they get now, and which of them can stop a refresh."""

from typing import Any

import gradio as gr

from qa.answering.reply import Turn
from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import Unfit
from qa.staff.permissions import Role
from qa.staff.quality.golden import GoldenRow, NewGolden
from qa.web.html import escape
from qa.web.staff import charts
from qa.web.staff.components import (
    BARE,
    CALL,
    SLOW_CALL,
    Outcome,
    PageContent,
    StaffPages,
    attempt,
    clicked,
    markup,
    message,
    only,
    refused,
    table,
    textbox,
)

HEADERS = ("编号", "问题", "应当", "现行版本", "未发布的新版", "能拦住刷新", "标签")


def build(desk: StaffPages) -> PageContent:
    """The page: the list, and a form for a new question or for the one that was clicked."""
    told = message()
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按问题里的字查找", **BARE, max_length=100, scale=2)
        tag = textbox(placeholder="按标签查找", **BARE, max_length=40, min_width=120)
        new = gr.Button("新的检验题", elem_id="golden-new", scale=0)
    counted = markup()
    listed = table(HEADERS, elem_id="golden", widths=[70, 420, 70, 90, 90, 110, 160], max_height=420)
    number = textbox(visible=False)
    version = textbox(visible=False)
    with gr.Column(visible=False, elem_id="golden-detail") as detail:
        about = markup()
        question = textbox(label="问题", max_length=300, elem_id="golden-question")
        with gr.Row():
            answerable = gr.Checkbox(label="文件里有答案（不勾：应当不回答）", value=True, container=False)
        with gr.Row():
            must = textbox(
                label="答案里必须出现（一行一项，同一项的不同写法用 | 隔开）", lines=2, elem_id="golden-must"
            )
            evidence = textbox(label="依据的原文", lines=2, scale=2)
        with gr.Row():
            tags = textbox(label="标签（用逗号隔开）", max_length=200)
            history = textbox(label="之前的对话（一行问、一行答，没有则留空）", lines=2, scale=2)
        why = textbox(label="原因（修改和删除时必填，记入审计）", max_length=200)
        with gr.Row(elem_classes="buttons"):
            save = gr.Button("保存", variant="primary", elem_id="golden-save", scale=0)
            remove = gr.Button("删除这道题", elem_id="golden-remove", variant="stop", scale=0)

    def listing(request: gr.Request, text: str, tag: str) -> tuple[list[list[str]], str]:
        golden = desk.console(request).golden
        found = golden.rows(text=text.strip(), tag=tag.strip())
        published, candidate = golden.compared()
        return [_row(row, candidate) for row in found], _counted(found, published, candidate)

    def show(text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            return "", *listing(request, text, tag)
        except EXPECTED as error:
            return refused(str(error)), [], ""

    def opened(request: gr.Request, which: str, sentence: str = "") -> tuple[Any, ...]:
        console = desk.console(request)
        row = next((row for row in console.golden.rows() if row.entry.id == which), None)
        if row is None:
            return sentence, "", "", gr.update(visible=False), *(gr.skip() for _ in detailed[4:])
        entry = row.entry
        turns = "\n".join(line for turn in entry.history for line in (turn.question, turn.reply))
        may = gr.update(visible=console.may(Role.PUBLISHER))
        fields = (
            entry.question,
            entry.answerable,
            write_must(entry.must),
            entry.evidence,
            ", ".join(entry.tags),
            turns,
        )
        return sentence, entry.id, entry.version, gr.update(visible=True), _about(row), *fields, "", may, may

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return opened(request, clicked(event))

    def blank() -> tuple[Any, ...]:
        shown = gr.update(visible=True)
        return "", "", "", shown, "<h3>新的检验题</h3>", "", True, "", "", "", "", "", shown, gr.update(visible=False)

    def after(request: gr.Request, outcome: Outcome, number: str, text: str, tag: str) -> tuple[Any, ...]:
        if not outcome.done:  # what was typed stays
            return only(outcome.sentence, both)
        return *opened(request, number, outcome.sentence), *listing(request, text, tag)

    def keep(
        number: str,
        version: str,
        question: str,
        answerable: bool,
        must: str,
        evidence: str,
        tags: str,
        history: str,
        why: str,
        text: str,
        tag: str,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        made = number

        def kept() -> str:
            nonlocal made
            golden = desk.console(request).golden
            entry = NewGolden(
                question=question.strip(),
                must=read_must(must) if answerable else (),
                evidence=evidence.strip(),
                tags=tuple(part.strip() for part in tags.replace("，", ",").split(",") if part.strip()),
                answerable=bool(answerable),
                history=_turns(history),
            )
            if number:
                golden.change(number, version, entry, why=why)
                return f"检验题{number}已保存；下次刷新起按它检验"
            made = golden.add(entry, why=why).id
            return f"已加为检验题{made}；下次刷新起每次都会问它"

        outcome = attempt(kept)
        return after(request, outcome, made, text, tag)

    def take_away(number: str, version: str, why: str, text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        def taken() -> str:
            desk.console(request).golden.remove(number, version, why=why)
            return f"检验题{number}已删除"

        return after(request, attempt(taken), number, text, tag)

    filters: list[Any] = [text, tag]
    fields: list[Any] = [question, answerable, must, evidence, tags, history, why]
    detailed: list[Any] = [told, number, version, detail, about, *fields, save, remove]
    both: list[Any] = [*detailed, listed, counted]
    gr.on([text.submit, tag.submit], show, filters, [told, listed, counted], **CALL)
    listed.select(choose, None, detailed, **CALL)
    new.click(blank, None, detailed, **CALL)
    save.click(keep, [number, version, *fields, *filters], both, **SLOW_CALL)
    remove.click(take_away, [number, version, why, *filters], both, **CALL)
    return PageContent(show, [told, listed, counted], filters)


def read_must(text: str) -> tuple[tuple[str, ...], ...]:
    """What an answer must hold, as a form gives it: a group a line, its alternatives between bars."""
    groups = (tuple(part.strip() for part in line.split("|") if part.strip()) for line in text.splitlines())
    return tuple(group for group in groups if group)


def write_must(must: tuple[tuple[str, ...], ...]) -> str:
    """The text that `read_must` reads."""
    return "\n".join(" | ".join(group) for group in must)


def _turns(text: str) -> tuple[Turn, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) % 2:
        raise Unfit("之前的对话要一行问、一行答，现在少了一行")
    return tuple(Turn(question, reply) for question, reply in zip(lines[::2], lines[1::2], strict=True))


def _row(row: GoldenRow, candidate: str) -> list[str]:
    entry = row.entry
    wanted = "回答" if entry.answerable else "不回答"
    newest = _outcome(row.candidate) if candidate else ""
    outcomes = [_outcome(row.published), newest, "能" if row.gates else ""]
    return [entry.id, entry.question, wanted, *outcomes, ", ".join(entry.tags)]


def _outcome(given: Any) -> str:
    return "没有问过" if given is None else "合格" if given.acceptable else "不合格"


def _counted(rows: list[GoldenRow], published: str, candidate: str) -> str:
    right = sum(bool(row.published and row.published.acceptable) for row in rows)
    newest = f"；未发布的新版{candidate}" if candidate else ""
    return charts.notes([f"{len(rows)}道，现行版本{published or '（无）'}上{right}道合格{newest}"])


def _about(row: GoldenRow) -> str:
    given = [("现行版本的答复", row.published), ("未发布的新版的答复", row.candidate)]
    shown = [(name, f"{_outcome(one)}：{' '.join(one.text.split())}") for name, one in given if one]
    return f"<h3>检验题{escape(row.entry.id)}</h3>" + charts.facts(shown)
