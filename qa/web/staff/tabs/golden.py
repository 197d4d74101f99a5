"""检验题: the questions that judge every refresh, their results now, and which of them can stop a refresh."""

from typing import Any

import gradio as gr

from qa.answering.reply import Turn
from qa.bootstrap.errors import EXPECTED
from qa.runtime.errors import Unfit
from qa.staff.permissions import Role
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_proposals import KINDS, REMOVE, WAITING, Proposal
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
from qa.web.staff.tabs import golden_waiting
from qa.web.staff.tabs.golden_waiting import write_must

HEADERS = ("编号", "问题", "应当", "现行版本", "未发布的新版", "能拦住刷新", "标签")


def build(desk: StaffPages) -> PageContent:
    """Build the page: waiting changes, the list, and a form for a new question or the clicked one."""
    told = message()
    who = "没有写过它、有“发布”角色的人" if desk.settings.four_eyes else "有“发布”角色的人（本站允许作者同意自己写的）"
    gr.Markdown(f"检验题能拦住有问题的刷新，所以添加、修改、删除都要由{who}同意后才生效。", elem_classes="hint")
    waiting = table(
        golden_waiting.HEADERS, elem_id="golden-waiting", widths=[50, 80, 70, 380, 120, 150, 200], max_height=220
    )
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按问题里的字查找", **BARE, max_length=100, scale=2)
        tag = textbox(placeholder="按标签查找", **BARE, max_length=40, min_width=120)
        new = gr.Button("新的检验题", elem_id="golden-new", scale=0)
    counted = markup()
    listed = table(HEADERS, elem_id="golden", widths=[70, 420, 70, 90, 90, 110, 160], max_height=420)
    # The form shows a question at a version of its line, or a waiting change at a version of its own.
    number, version, proposal, seen = (textbox(visible=False) for _ in range(4))
    with gr.Column(visible=False, elem_id="golden-detail") as detail:
        about = markup(elem_id="golden-about")
        with gr.Column() as form:
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
        why = textbox(label="原因（修改、删除和不同意时必填，记入审计）", max_length=200)
        with gr.Row(elem_classes="buttons"):
            agree = gr.Button("同意，立即生效", variant="primary", elem_id="golden-approve", scale=0)
            disagree = gr.Button("不同意", elem_id="golden-reject", variant="stop", scale=0)
            save = gr.Button("提交，等待同意", elem_id="golden-save", scale=0)
            remove = gr.Button("提议删除这道题", elem_id="golden-remove", scale=0)
            back = gr.Button("撤回", elem_id="golden-back", scale=0)

    def listing(request: gr.Request, text: str, tag: str) -> tuple[list[list[str]], list[list[str]], str]:
        golden = desk.console(request).golden
        found = golden.rows(text=text.strip(), tag=tag.strip())
        published, candidate = golden.compared()
        waits = [golden_waiting.row(one) for one in golden.proposals()]
        return waits, [_row(row, candidate) for row in found], _counted(found, published, candidate)

    def show(text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            return "", *listing(request, text, tag)
        except EXPECTED as error:
            return refused(str(error)), [], [], ""

    def closed(sentence: str) -> tuple[Any, ...]:
        return sentence, "", "", "", "", gr.update(visible=False), *(gr.skip() for _ in detailed[6:])

    def opened(request: gr.Request, which: str, sentence: str = "") -> tuple[Any, ...]:
        """Return the form for a question, or for the change of it that waits."""
        golden = desk.console(request).golden
        row = next((row for row in golden.rows() if row.entry.id == which), None)
        for one in golden.proposals():
            if one.golden == which:
                return proposed(request, one, sentence)
        if row is None:
            return closed(sentence)
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        buttons = (hidden, hidden, shown, shown, hidden)
        keys = (row.entry.id, row.entry.version, "", "")
        return sentence, *keys, shown, _about(row), shown, *_fields(row.entry), "", *buttons

    def proposed(request: gr.Request, one: Proposal, sentence: str = "") -> tuple[Any, ...]:
        """Return the form for a waiting change, with what this member may do."""
        console = desk.console(request)
        entry = one.after or one.before
        assert entry is not None
        may = (
            console.golden.may_approve(one),
            console.may(Role.PUBLISHER),
            one.kind != REMOVE,
            False,
            name_of(request) in one.authors,
        )
        buttons = [gr.update(visible=visible) for visible in may]
        form_shown = gr.update(visible=one.kind != REMOVE)
        keys = (one.golden, "", str(one.id), str(one.version))
        about = golden_waiting.about(one)
        return sentence, *keys, gr.update(visible=True), about, form_shown, *_fields(entry), "", *buttons

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return opened(request, clicked(event))

    def choose_waiting(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        one = desk.console(request).golden.proposal(clicked_number(event))
        return proposed(request, one) if one.state == WAITING else closed(refused("这条改动已经了结，请刷新页面"))

    def blank() -> tuple[Any, ...]:
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        fields = ("", True, "", "", "", "", "")
        return "", "", "", "", "", shown, "<h3>新的检验题</h3>", shown, *fields, hidden, hidden, shown, hidden, hidden

    def after(request: gr.Request, outcome: Outcome, golden_id: str, text: str, tag: str) -> tuple[Any, ...]:
        if not outcome.done:  # everything typed stays
            return only(outcome.sentence, both)
        return *opened(request, golden_id, outcome.sentence), *listing(request, text, tag)

    def keep(
        number: str,
        version: str,
        proposal: str,
        seen: str,
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
            if proposal:
                one = golden.revise(whole_number(proposal), whole_number(seen), entry, why=why)
            elif number:
                one = golden.propose_change(number, version, entry, why=why)
            else:
                one = golden.propose(entry, why=why)
            made = one.golden
            return f"已提交第{one.id}号改动（检验题{made}），等另一位有“发布”角色的同事同意"

        outcome = attempt(kept)
        return after(request, outcome, made, text, tag)

    def take_away(number: str, version: str, why: str, text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        def taken() -> str:
            one = desk.console(request).golden.propose_removal(number, version, why=why)
            return f"已提交第{one.id}号改动（删除检验题{number}），等另一位有“发布”角色的同事同意"

        return after(request, attempt(taken), number, text, tag)

    def approve(number: str, proposal: str, seen: str, text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        def approved() -> str:
            one = desk.console(request).golden.approve(whole_number(proposal), whole_number(seen))
            return f"已同意，{KINDS[one.kind]}检验题{one.golden}已生效；下次刷新起按此检验"

        return after(request, attempt(approved), number, text, tag)

    def reject(
        number: str, proposal: str, seen: str, why: str, text: str, tag: str, request: gr.Request
    ) -> tuple[Any, ...]:
        def rejected() -> str:
            one = desk.console(request).golden.reject(whole_number(proposal), whole_number(seen), why=why)
            return f"没有同意第{one.id}号改动，检验题不变"

        return after(request, attempt(rejected), number, text, tag)

    def take_back(number: str, proposal: str, seen: str, text: str, tag: str, request: gr.Request) -> tuple[Any, ...]:
        def taken_back() -> str:
            one = desk.console(request).golden.take_back(whole_number(proposal), whole_number(seen))
            return f"已撤回第{one.id}号改动，检验题不变"

        return after(request, attempt(taken_back), number, text, tag)

    filters: list[Any] = [text, tag]
    lists: list[Any] = [waiting, listed, counted]
    keys: list[Any] = [number, version, proposal, seen]
    fields: list[Any] = [question, answerable, must, evidence, tags, history, why]
    buttons: list[Any] = [agree, disagree, save, remove, back]
    detailed: list[Any] = [told, *keys, detail, about, form, *fields, *buttons]
    both: list[Any] = [*detailed, *lists]
    gr.on([text.submit, tag.submit], show, filters, [told, *lists], **CALL)
    listed.select(choose, None, detailed, **CALL)
    waiting.select(choose_waiting, None, detailed, **CALL)
    new.click(blank, None, detailed, **CALL)
    save.click(keep, [*keys, *fields, *filters], both, **SLOW_CALL)
    remove.click(take_away, [number, version, why, *filters], both, **CALL)
    agree.click(approve, [number, proposal, seen, *filters], both, **SLOW_CALL)
    disagree.click(reject, [number, proposal, seen, why, *filters], both, **CALL)
    back.click(take_back, [number, proposal, seen, *filters], both, **CALL)
    return PageContent(show, [told, *lists], filters)


def read_must(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what an answer must contain, as typed into a form: a group a line, its alternatives between bars."""
    groups = (tuple(part.strip() for part in line.split("|") if part.strip()) for line in text.splitlines())
    return tuple(group for group in groups if group)


def _fields(entry: NewGolden) -> tuple[Any, ...]:
    """Return the values of the form's fields for a question, without the reason."""
    turns = "\n".join(line for turn in entry.history for line in (turn.question, turn.reply))
    return entry.question, entry.answerable, write_must(entry.must), entry.evidence, ", ".join(entry.tags), turns


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
