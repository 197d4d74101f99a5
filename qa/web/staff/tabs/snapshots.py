"""版本: the snapshots, the differences between two in words, and publishing another one after a confirmation."""

from typing import Any

import gradio as gr

from qa.bootstrap.errors import EXPECTED
from qa.publishing.difference import NOT_COMPARABLE, Difference
from qa.publishing.refresh import CONSENT
from qa.staff import labels
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.snapshots import Listed
from qa.web.html import Html
from qa.web.staff import charts
from qa.web.staff.components import (
    CALL,
    SLOW_CALL,
    PageContent,
    StaffPages,
    attempt,
    clicked,
    markup,
    message,
    only,
    refused,
    said,
    table,
    textbox,
    when,
)

HEADERS = ("版本", "建立时间", "建立的人", "文件", "段落", "检验题", "状态", "说明")
MOST_GOLDEN = 50


def build(desk: StaffPages) -> PageContent:
    """Build the page: the newest first; a click compares a snapshot with the published one."""
    told = message()
    gr.Markdown("点一个版本，看它与现行版本差在哪里。", elem_classes="hint")
    listed = table(HEADERS, elem_id="snapshots", widths=[150, 150, 90, 60, 60, 90, 80, 300])
    chosen = textbox(visible=False)
    seen = textbox(visible=False)
    difference = markup(elem_id="difference")
    offer = gr.Button("发布这个版本……", elem_id="publish", visible=False, scale=0)
    asking = Asking()

    def shown(request: gr.Request, sentence: str = "") -> tuple[Any, ...]:
        console = desk.console(request)
        found = console.snapshots()
        published = next((one.name for one in found if one.published), "")
        rows = [_row(one) for one in reversed(found)]
        return sentence, rows, "", published, "", gr.update(visible=False), gr.update(visible=False)

    def show(request: gr.Request) -> tuple[Any, ...]:
        return shown(request)

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        name, console = clicked(event), desk.console(request)
        published = next((one.name for one in console.snapshots() if one.published), "")
        try:
            text = _difference(console, published, name)
        except EXPECTED as error:
            text = refused(str(error))
        other = name != published and console.may(Role.PUBLISHER)
        label = f"把市民看到的版本换成{name}……"
        return "", name, published, text, gr.update(visible=other, value=label), gr.update(visible=False)

    def publish(name: str, seen: str, why: str, request: gr.Request) -> tuple[Any, ...]:
        def published() -> str:
            done = desk.console(request).publish(name, why=why, seen=seen or None)
            return f"已发布{name}，服务会在几秒内改用它" if done else f"没有通过检验的{name}，{CONSENT}"

        outcome = attempt(published)
        return shown(request, outcome.sentence) if outcome.done else only(outcome.sentence, outputs)

    outputs: list[Any] = [told, listed, chosen, seen, difference, offer, asking.panel]
    listed.select(choose, None, [told, chosen, seen, difference, offer, asking.panel], **SLOW_CALL)
    offer.click(asking.ask, [chosen, seen], asking.outputs, **CALL)
    asking.yes.click(publish, [chosen, seen, asking.why], outputs, **SLOW_CALL)
    return PageContent(show, outputs)


class Asking:
    """The question whether to publish, and the reason."""

    def __init__(self) -> None:
        with gr.Column(visible=False, elem_classes="panel confirm") as self.panel:
            question = markup()
            self.why = textbox(label="原因（记入审计；从未发布过的版本必填）", max_length=200)
            with gr.Row(elem_classes="buttons"):
                self.yes = gr.Button("确认发布", variant="stop", elem_id="publish-yes", scale=0)
                no = gr.Button("不发布", scale=0)
        self.outputs: list[Any] = [self.panel, question, self.why]
        no.click(lambda: gr.update(visible=False), None, [self.panel], **CALL)

    def ask(self, name: str, seen: str) -> tuple[Any, ...]:
        text = f"现在市民看到的是{seen or '（无）'}。确认换成{name}吗？几秒后生效。"
        note = "文件夹里的文件不变，下次刷新还会按文件夹建新版本。"
        return gr.update(visible=True), said(text + note), ""


def _row(one: Listed) -> list[str]:
    state = "现行" if one.published else "曾发布" if one.was_published else "未发布"
    golden = f"{one.golden_right}/{one.golden_asked}" if one.golden_asked else "未检验"
    wanted = f"；{one.wanted_by}要求仍然发布（{one.wanted_why}），{CONSENT}" if one.wanted_by else ""
    forced = f"{one.wanted_by}：{one.wanted_why}" if one.wanted_by else one.why
    note = f"强行发布：{forced}" if one.forced else f"{one.why_not}{wanted}" or one.why
    counts = [str(one.documents), str(one.passages)]
    return [one.name, when(one.built_at), one.who or "？", *counts, golden, state, note]


def _difference(console: Console, published: str, name: str) -> Html:
    if not published:
        return charts.notes(["现在没有发布任何版本"])
    if name == published:
        return charts.notes([f"{name}就是现行版本"])
    found = console.diff(published, name)
    return charts.heading(f"从现行版本换成{name}，会有这些变化") + in_words(found)


def in_words(found: Difference) -> Html:
    """Return a difference in words for staff."""
    changes = [
        [labels.CHANGES[change.kind], change.document, _passages(change.passages_added, change.passages_removed)]
        for change in found.changes
    ]
    golden = [
        [known.question, _given(was), _given(now)]
        for was, now in found.golden[:MOST_GOLDEN]
        if (known := now or was) is not None
    ]
    documents = charts.rows(["变化", "文件", "段落"], changes) or charts.notes(["文件没有变化"])
    if not golden:
        return documents + charts.notes(["检验题的答复没有变化"])
    if not found.comparable:
        return documents + charts.notes([NOT_COMPARABLE])
    more = f"（只列前{MOST_GOLDEN}道）" if len(found.golden) > MOST_GOLDEN else ""
    head = charts.heading(f"{len(found.golden)}道检验题的答复有变化{more}")
    return documents + head + charts.rows(["检验题", "现行版本", "这个版本"], golden)


def _passages(added: int, removed: int) -> str:
    told = [f"多了{added}个段落" if added else "", f"少了{removed}个段落" if removed else ""]
    return "，".join(filter(None, told)) or "段落不变"


def _given(given: Any) -> str:
    return f"{'✓' if given.acceptable else '✗'} {' '.join(given.text.split())}" if given else "没有问过"
