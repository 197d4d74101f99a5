"""待办: what citizens got no answer to, grouped by meaning; from there to an answer that a test guards."""

from datetime import timedelta
from typing import Any

import gradio as gr

from qa.desk_log import OUTCOME_WORDS, VERDICT_WORDS
from qa.expected import EXPECTED
from qa.golden import NewGolden
from qa.pages.render import escape
from qa.pages.staff import figures
from qa.pages.staff.desk import (
    BARE,
    CALL,
    SLOW_CALL,
    Outcome,
    Shown,
    StaffDesk,
    attempt,
    day_of,
    markup,
    message,
    name_of,
    only,
    refused,
    table,
    textbox,
    today,
    when,
)
from qa.pages.staff.golden import read_must, write_must
from qa.todo_groups import STATES, Asked, Group

HEADERS = ("组", "问题", "次数", "未回答", "没帮助", "最近", "状态", "经办")
ASKED = ("问题", "时间", "结果", "评价", "留言", "编号")
ALL = "未办结的"
EVERY = "全部"
# How many outputs show the group, and its answer to be.
OF_GROUP, OF_ANSWER = 10, 6
# How long a reviewed answer holds unless staff say otherwise.
EXPIRES = timedelta(days=180)


def build(desk: StaffDesk) -> Shown:
    """The page: the groups, and all steps for the one that was clicked."""
    told = message()
    gr.Markdown(
        "市民没有得到答案的问题，和点了“没帮助”的，按意思归成组列在这里，问得最多的在前。点一组，一路办到有人工答案和检验题。",
        elem_classes="hint",
    )
    with gr.Row(elem_classes="toolbar"):
        text = textbox(placeholder="按问题里的字查找", **BARE, max_length=200, scale=2)
        choices = [(ALL, ""), *((name, key) for key, name in STATES.items()), (EVERY, "all")]
        state = gr.Dropdown(choices, value="", **BARE, min_width=140)
    listed = table(HEADERS, elem_id="todo", widths=[50, 420, 60, 70, 70, 150, 80, 90], max_height=380)
    number = textbox(visible=False)
    version = textbox(visible=False)
    with gr.Column(visible=False, elem_id="todo-detail") as detail:
        about = markup()
        asked = table(ASKED, elem_id="todo-asked", widths=[360, 150, 80, 80, 220, 210], max_height=220)
        with gr.Accordion("经办", open=True):
            with gr.Row():
                assignee = textbox(label="经办人", max_length=50, min_width=140)
                document = textbox(label="能回答它的文件", max_length=200, min_width=200)
                note = textbox(label="备注", max_length=500, min_width=260, scale=2)
            with gr.Row(elem_classes="buttons"):
                save = gr.Button("保存", elem_id="todo-save", scale=0)
                mine = gr.Button("由我处理", elem_id="todo-mine", scale=0)
                reopen = gr.Button("重新打开", elem_id="todo-reopen", visible=False, scale=0)
        with gr.Accordion("写人工答案", open=False, elem_id="todo-answer"):
            gr.Markdown(
                "答案要有文件里的原话作依据。发布角色审核通过后，问到同样意思的市民会看到它，并注明“人工审核”。",
                elem_classes="hint",
            )
            phrasings = textbox(label="问法（一行一个）", lines=3, elem_id="answer-questions")
            answer = textbox(label="答案", lines=3, max_length=2000, elem_id="answer-text")
            with gr.Row():
                source = textbox(label="依据的文件名", max_length=200, elem_id="answer-document")
                words = textbox(label="依据的原话（从文件里复制）", lines=2, scale=2, elem_id="answer-words")
            with gr.Row():
                owner = textbox(label="负责人", max_length=50, min_width=140)
                expires = textbox(label="有效到（到期自动停用，待复核）", max_length=20, min_width=180)
            write = gr.Button("提交，等待审核", elem_id="answer-write", scale=0)
        with gr.Accordion("办结，并用检验题守住", open=False, elem_id="todo-close"):
            gr.Markdown(
                "写成检验题之后，每次刷新都会问它；答得不如从前，新版本就不发布。"
                "“必须出现”一行一项，同一项的不同写法用 | 隔开。",
                elem_classes="hint",
            )
            question = textbox(label="检验题", max_length=300, elem_id="close-question")
            with gr.Row():
                must = textbox(label="答案里必须出现", lines=2, elem_id="close-must")
                evidence = textbox(label="依据的原文", lines=2, scale=2)
            why = textbox(label="不加检验题就办结的原因", max_length=200)
            with gr.Row(elem_classes="buttons"):
                close = gr.Button("加为检验题并办结", variant="primary", elem_id="close-golden", scale=0)
                drop = gr.Button("不加检验题，办结", scale=0)

    def rows(request: gr.Request, text: str, state: str) -> list[list[str]]:
        found = desk.console(request).todo.list(state=state if state in STATES else "", text=text.strip())
        return [_row(group) for group in found if state or group.state != "done"]

    def show(text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        try:
            return "", rows(request, text, state)
        except EXPECTED as error:
            return refused(str(error)), []

    def opened(request: gr.Request, group_id: int, sentence: str = "") -> tuple[Any, ...]:
        console = desk.console(request)
        try:
            group, questions = console.todo.group(group_id)
            proposed = console.todo.proposal(group_id)
        except EXPECTED as error:
            return refused(str(error)), "", "", gr.update(visible=False), *(gr.skip() for _ in detailed[4:])
        return (
            sentence,
            str(group.id),
            str(group.version),
            gr.update(visible=True),
            _about(group),
            [_asked(one) for one in questions],
            group.assignee,
            group.document,
            group.note,
            gr.update(visible=group.state == "done"),
            "\n".join(dict.fromkeys(one.question for one in questions)),
            "",
            group.document,
            "",
            group.assignee or name_of(request),
            (today() + EXPIRES).isoformat(),
            proposed.question,
            write_must(proposed.must),
            proposed.evidence,
            "",
        )

    def choose(event: gr.SelectData, request: gr.Request) -> tuple[Any, ...]:
        return opened(request, int(event.row_value[0]))

    def after(
        request: gr.Request, number: str, text: str, state: str, outcome: Outcome, *, anew: int = OF_GROUP
    ) -> tuple[Any, ...]:
        """What was typed stays: all of it when nothing was done, else what stands behind the first `anew` outputs."""
        if not outcome.done:
            return only(outcome.sentence, both)
        known = opened(request, int(number), outcome.sentence)[:anew]
        return *known, *(gr.skip() for _ in detailed[anew:]), rows(request, text, state)

    def keep(
        number: str, version: str, assignee: str, document: str, note: str, text: str, state: str, request: gr.Request
    ) -> tuple[Any, ...]:
        def kept() -> str:
            desk.console(request).todo.change(
                int(number), int(version), assignee=assignee, document=document, note=note
            )
            return "已保存"

        return after(request, number, text, state, attempt(kept))

    def take(number: str, version: str, text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def taken() -> str:
            desk.console(request).todo.change(int(number), int(version), assignee=name_of(request), state="working")
            return "已由您处理"

        return after(request, number, text, state, attempt(taken))

    def open_again(number: str, version: str, text: str, state: str, request: gr.Request) -> tuple[Any, ...]:
        def opened_again() -> str:
            desk.console(request).todo.reopen(int(number), int(version))
            return "已重新打开"

        return after(request, number, text, state, attempt(opened_again))

    def write_answer(
        number: str,
        phrasings: str,
        answer: str,
        source: str,
        words: str,
        owner: str,
        expires: str,
        text: str,
        state: str,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        def written() -> str:
            console = desk.console(request)
            place = console.reviewed.place(source.strip(), words.strip())
            made = console.reviewed.write(
                [line.strip() for line in phrasings.splitlines() if line.strip()],
                answer.strip(),
                owner=owner.strip(),
                expires_on=day_of(expires),
                document=place.document,
                start=place.start,
                end=place.end,
                todo=int(number),
            )
            return f"已写成第{made.id}号人工答案，待审核；审核在“人工答案”页"

        return after(request, number, text, state, attempt(written), anew=OF_GROUP + OF_ANSWER)

    def finish(
        number: str,
        version: str,
        question: str,
        must: str,
        evidence: str,
        text: str,
        state: str,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        def finished() -> str:
            console = desk.console(request)
            proposed = console.todo.proposal(int(number))
            golden = NewGolden(
                question=question.strip(),
                must=read_must(must),
                evidence=evidence.strip(),
                tags=proposed.tags,
                answerable=proposed.answerable if not must.strip() else True,
                history=proposed.history,
            )
            group = console.todo.done(int(number), int(version), golden)
            return f"已办结，检验题编号{group.golden}；下次刷新起每次都会问它"

        return after(request, number, text, state, attempt(finished))

    def finish_without(
        number: str, version: str, why: str, text: str, state: str, request: gr.Request
    ) -> tuple[Any, ...]:
        def finished() -> str:
            desk.console(request).todo.done(int(number), int(version), None, why=why)
            return "已办结"

        return after(request, number, text, state, attempt(finished))

    which: list[Any] = [number, version]
    filters: list[Any] = [text, state]
    of_group: list[Any] = [told, number, version, detail, about, asked, assignee, document, note, reopen]
    fields: list[Any] = [phrasings, answer, source, words, owner, expires]
    detailed: list[Any] = [*of_group, *fields, question, must, evidence, why]
    gr.on([text.submit, state.change], show, filters, [told, listed], **CALL)
    listed.select(choose, None, detailed, **SLOW_CALL)
    both: list[Any] = [*detailed, listed]
    save.click(keep, [*which, assignee, document, note, *filters], both, **CALL)
    mine.click(take, [*which, *filters], both, **CALL)
    reopen.click(open_again, [*which, *filters], both, **CALL)
    write.click(write_answer, [number, *fields, *filters], both, **SLOW_CALL)
    close.click(finish, [*which, question, must, evidence, *filters], both, **SLOW_CALL)
    drop.click(finish_without, [*which, why, *filters], both, **CALL)
    return Shown(show, [told, listed], filters)


def _row(group: Group) -> list[str]:
    counts = [str(group.count), str(group.refused), str(group.unhelpful)]
    state = STATES.get(group.state, group.state)
    return [str(group.id), group.question, *counts, when(group.last_asked), state, group.assignee]


def _asked(one: Asked) -> list[str]:
    verdict = VERDICT_WORDS.get(one.verdict or "", "")
    status = OUTCOME_WORDS.get(one.status, one.status)
    return [one.question, when(one.asked_at), status, verdict, one.comment, one.id]


def _about(group: Group) -> str:
    done = f"检验题{group.golden}" if group.golden else ""
    answer = f"第{group.reviewed}号，见“人工答案”" if group.reviewed else ""
    changed = f"{group.changed_by}，{when(group.changed_at)}" if group.changed_by else ""
    pairs = [
        ("状态", STATES.get(group.state, group.state)),
        ("人工答案", answer),
        ("检验题", done),
        ("最近改动", changed),
    ]
    return f"<h3>{escape(group.question)}</h3>" + figures.facts(pairs)
