"""检验题: the questions that judge every refresh, their results now, and which of them can stop a refresh."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.blocks import Block

from qa.bootstrap.errors import EXPECTED
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_proposals import KINDS, WAITING
from qa.web.html import Html
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
    clicked_number,
    markup,
    message,
    name_of,
    only,
    refused,
    table,
    textbox,
    whole_number,
)
from qa.web.staff.tabs.golden import waiting
from qa.web.staff.tabs.golden.form import Filled, Form, outcome_of

HEADERS = ("编号", "问题", "应当", "现行版本", "未发布的新版", "能拦住刷新", "标签")


def build(desk: StaffPages) -> PageContent:
    """Build the page: waiting changes, the list, and a form for a new question or the clicked one."""
    told = message()
    who = "没有写过它、有“发布”角色的人" if desk.settings.four_eyes else "有“发布”角色的人（本站允许作者同意自己写的）"
    gr.Markdown(f"检验题能拦住有问题的刷新，所以添加、修改、删除都要由{who}同意后才生效。", elem_classes="hint")
    return GoldenPage(desk, told, Listing(desk), Form()).content()


class Listing:
    """The waiting changes, and the questions with their present results."""

    def __init__(self, desk: StaffPages) -> None:
        self._desk = desk
        widths = [50, 80, 70, 380, 120, 150, 200]
        self.waiting = table(waiting.HEADERS, elem_id="golden-waiting", widths=widths, max_height=220)
        with gr.Row(elem_classes="toolbar"):
            self._text = textbox(placeholder="按问题里的字查找", **BARE, max_length=100, scale=2)
            self._tag = textbox(placeholder="按标签查找", **BARE, max_length=40, min_width=120)
            self.new = gr.Button("新的检验题", elem_id="golden-new", scale=0)
        counted = markup()
        self.listed = table(HEADERS, elem_id="golden", widths=[70, 420, 70, 90, 90, 110, 160], max_height=420)
        self.filters: list[Any] = [self._text, self._tag]
        self.outputs: list[Any] = [self.waiting, self.listed, counted]

    def values(self, request: gr.Request, text: str, tag: str) -> tuple[list[list[str]], list[list[str]], Html]:
        golden = self._desk.console(request).golden
        found = golden.rows(text=text.strip(), tag=tag.strip())
        published, candidate = golden.compared()
        waits = [waiting.row(one) for one in golden.proposals()]
        return waits, [_row(row, candidate) for row in found], _counted(found, published, candidate)

    def on(self, show: Callable[..., Any], outputs: Sequence[Block]) -> None:
        """Connect the filters: each change lists again."""
        gr.on([self._text.submit, self._tag.submit], show, self.filters, outputs, **CALL)


class GoldenPage:
    """The handlers of the lists and of the form's buttons."""

    def __init__(self, desk: StaffPages, told: gr.Markdown, listing: Listing, form: Form) -> None:
        self._desk, self._told, self._listing, self._form = desk, told, listing, form
        self._detailed: list[Any] = [told, *form.outputs]
        self._both: list[Any] = [*self._detailed, *listing.outputs]

    def content(self) -> PageContent:
        """Connect the handlers, and return how the page is filled."""
        form, listing = self._form, self._listing
        filters, listed = listing.filters, [self._told, *listing.outputs]
        proposal = [form.number, form.proposal, form.seen]
        listing.on(self.show, listed)
        listing.listed.select(self.choose, None, self._detailed, **CALL)
        listing.waiting.select(self.choose_waiting, None, self._detailed, **CALL)
        listing.new.click(self.blank, None, self._detailed, **CALL)
        form.save.click(self.keep, [*form.keys, *form.fields, form.why, *filters], self._both, **SLOW_CALL)
        form.remove.click(self.take_away, [form.number, form.version, form.why, *filters], self._both, **CALL)
        form.agree.click(self.approve, [*proposal, *filters], self._both, **SLOW_CALL)
        form.disagree.click(self.reject, [*proposal, form.why, *filters], self._both, **CALL)
        form.back.click(self.take_back, [*proposal, *filters], self._both, **CALL)
        return PageContent(self.show, listed, filters)

    def show(self, text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            return "", *self._listing.values(request, text, tag)
        except EXPECTED as error:
            return refused(str(error)), [], [], ""

    def choose(self, event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return self._opened(request, clicked(event))

    def choose_waiting(self, event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        console = self._desk.console(request)
        one = console.golden.proposal(clicked_number(event))
        if one.state != WAITING:
            return refused("这条改动已经了结，请刷新页面"), *self._form.closed()
        return "", *self._form.of_proposal(console, one, name_of(request))

    def blank(self) -> tuple[Any, ...]:
        return "", *self._form.blank()

    def keep(self, request: gr.Request, *values: Any) -> tuple[Any, ...]:
        filled = Filled(*values)
        made = filled.number

        def kept() -> str:
            nonlocal made
            golden = self._desk.console(request).golden
            entry = filled.entry()
            if filled.proposal:
                one = golden.revise(whole_number(filled.proposal), whole_number(filled.seen), entry, why=filled.why)
            elif filled.number:
                one = golden.propose_change(filled.number, filled.version, entry, why=filled.why)
            else:
                one = golden.propose(entry, why=filled.why)
            made = one.golden
            return f"已提交第{one.id}号改动（检验题{made}），等另一位有“发布”角色的同事同意"

        outcome = attempt(kept)
        return self._after(request, outcome, made, filled.text, filled.tag)

    def take_away(self, request: gr.Request, number: str, version: str, why: str, *filters: str) -> tuple[Any, ...]:
        def taken() -> str:
            one = self._desk.console(request).golden.propose_removal(number, version, why=why)
            return f"已提交第{one.id}号改动（删除检验题{number}），等另一位有“发布”角色的同事同意"

        return self._after(request, attempt(taken), number, *filters)

    def approve(self, request: gr.Request, number: str, proposal: str, seen: str, *filters: str) -> tuple[Any, ...]:
        def approved() -> str:
            one = self._desk.console(request).golden.approve(whole_number(proposal), whole_number(seen))
            return f"已同意，{KINDS[one.kind]}检验题{one.golden}已生效；下次刷新起按此检验"

        return self._after(request, attempt(approved), number, *filters)

    def reject(
        self, request: gr.Request, number: str, proposal: str, seen: str, why: str, *filters: str
    ) -> tuple[Any, ...]:
        def rejected() -> str:
            one = self._desk.console(request).golden.reject(whole_number(proposal), whole_number(seen), why=why)
            return f"没有同意第{one.id}号改动，检验题不变"

        return self._after(request, attempt(rejected), number, *filters)

    def take_back(self, request: gr.Request, number: str, proposal: str, seen: str, *filters: str) -> tuple[Any, ...]:
        def taken_back() -> str:
            one = self._desk.console(request).golden.take_back(whole_number(proposal), whole_number(seen))
            return f"已撤回第{one.id}号改动，检验题不变"

        return self._after(request, attempt(taken_back), number, *filters)

    def _opened(self, request: gr.Request, which: str, sentence: str = "") -> tuple[Any, ...]:
        """Return the form for a question, or for the change of it that waits."""
        console = self._desk.console(request)
        row = next((row for row in console.golden.rows() if row.entry.id == which), None)
        proposed = next((one for one in console.golden.proposals() if one.golden == which), None)
        if proposed:
            return sentence, *self._form.of_proposal(console, proposed, name_of(request))
        return sentence, *(self._form.of_row(row) if row else self._form.closed())

    def _after(self, request: gr.Request, outcome: Outcome, golden_id: str, *filters: str) -> tuple[Any, ...]:
        if not outcome.done:  # everything typed stays
            return only(outcome.sentence, self._both)
        return *self._opened(request, golden_id, outcome.sentence), *self._listing.values(request, *filters)


def _row(row: GoldenRow, candidate: str) -> list[str]:
    entry = row.entry
    wanted = "回答" if entry.answerable else "不回答"
    newest = outcome_of(row.candidate) if candidate else ""
    outcomes = [outcome_of(row.published), newest, "能" if row.gates else ""]
    return [entry.id, entry.question, wanted, *outcomes, ", ".join(entry.tags)]


def _counted(rows: list[GoldenRow], published: str, candidate: str) -> Html:
    right = sum(bool(row.published and row.published.acceptable) for row in rows)
    newest = f"；未发布的新版{candidate}" if candidate else ""
    return charts.notes([f"{len(rows)}道，现行版本{published or '（无）'}上{right}道合格{newest}"])
