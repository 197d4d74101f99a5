"""问答记录: every question with its outcome; the detail says what was found and why; CSV for Excel."""

from typing import Any
from urllib.parse import urlencode

import gradio as gr

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.questions.log import MADE_WORDS, OUTCOME_WORDS, OUTCOMES, VERDICT_WORDS, Detail, Entry, Wanted
from qa.web import html
from qa.web.html import NOTHING, Html
from qa.web.http.policy import STAFF
from qa.web.staff import charts
from qa.web.staff.components import (
    BARE,
    CALL,
    SLOW_CALL,
    PageContent,
    StaffPages,
    clicked,
    markup,
    message,
    refused,
    table,
    textbox,
)
from qa.web.staff.values import day_of, when

HEADERS = ("时间", "问题", "结果", "评价", "用时", "版本", "编号")
ALL = "全部结果"
VERDICTS = {"": "全部评价", "down": "没帮助", "up": "有帮助", "any": "评价过的", "none": "没有评价的"}
REASON_WORDS = {
    "wrong": "答非所问",
    "incomplete": "不完整",
    "outdated": "已过时",
    "unclear": "看不懂",
    "untrue": "内容有误",
}
SIZE = 50
FILTERS = ("text", "outcome", "verdict", "since", "until")


def build(desk: StaffPages) -> PageContent:
    """Build the page: filters, a page of the table, the detail of the clicked question."""
    told = message()
    filters = Filters()
    listed = table(HEADERS, elem_id="questions", widths=[150, 400, 90, 80, 80, 80, 210], max_height=520)
    with gr.Row(elem_classes="toolbar"):
        earlier = gr.Button("上一页", size="sm", scale=0)
        number = gr.Number(1, visible=False, precision=0)
        counted = markup(elem_id="questions-counted")
        later = gr.Button("下一页", size="sm", scale=0)
    detail = markup(elem_id="question-detail")

    def page(request: gr.Request, *values: Any) -> tuple[Any, ...]:
        *given, which = values
        return _page(desk.console(request), dict(zip(FILTERS, given, strict=True)), which)

    def first(request: gr.Request, *given: str) -> tuple[Any, ...]:
        return page(request, *given, 1)

    def turn(step: int) -> Any:
        def turned(request: gr.Request, *values: Any) -> tuple[Any, ...]:
            *given, which = values
            return page(request, *given, (which or 1) + step)

        return turned

    def choose(event: gr.SelectData, request: gr.Request) -> Html:
        try:
            return detail_html(desk.console(request).questions.detail(clicked(event, -1)))
        except EXPECTED as error:
            return refused(str(error))

    outputs: list[Any] = [told, listed, counted, number]
    gr.on(filters.events, first, filters.fields, outputs, **CALL)
    earlier.click(turn(-1), [*filters.fields, number], outputs, **CALL)
    later.click(turn(+1), [*filters.fields, number], outputs, **CALL)
    listed.select(choose, None, [detail], **SLOW_CALL)
    return PageContent(page, outputs, [*filters.fields, number])


class Filters:
    """The filters of the table: `fields` in the order of `FILTERS`, and the events that filter it again."""

    def __init__(self) -> None:
        outcomes = [(ALL, ""), *((OUTCOME_WORDS[key], key) for key in OUTCOMES)]
        verdicts = [(name, key) for key, name in VERDICTS.items()]
        with gr.Row(elem_classes="toolbar"):
            text = textbox(placeholder="按问题里的字查找", **BARE, max_length=100, scale=2)
            outcome = gr.Dropdown(outcomes, value="", label="结果", **BARE, min_width=120)
            verdict = gr.Dropdown(verdicts, value="", label="市民的评价", **BARE, min_width=120)
            since = textbox(placeholder="从 2026-01-31", **BARE, max_length=20, min_width=120)
            until = textbox(placeholder="到 2026-01-31", **BARE, max_length=20, min_width=120)
            search = gr.Button("查找", scale=0, elem_id="questions-search")
        self.fields: list[Any] = [text, outcome, verdict, since, until]
        self.events: list[Any] = [search.click, text.submit, since.submit, until.submit]
        self.events += [outcome.change, verdict.change]


def _page(console: Console, given: dict[str, str], number: float) -> tuple[Any, ...]:
    """Return the outputs for one page of the table: what went wrong, its rows, the count, its number."""
    try:
        found = console.questions.find(read_wanted(**given), page=max(1, int(number or 1)), size=SIZE)
    except EXPECTED as error:
        return refused(str(error)), gr.skip(), gr.skip(), gr.skip()
    link = Html('<a href="{}/questions.csv?{}">导出这些记录（CSV）</a>').format(STAFF, urlencode(given))
    counted = Html("<p>共{}条，第{}/{}页　{}</p>").format(
        found.total, found.number, max(1, found.pages), link if found.total else NOTHING
    )
    return "", [_row(entry) for entry in found.entries], counted, found.number


def read_wanted(*, text: str = "", outcome: str = "", verdict: str = "", since: str = "", until: str = "") -> Wanted:
    """Return the conditions typed into a form. Raises `Unfit` for an invalid date."""
    return Wanted(
        outcomes=(outcome,) if outcome in OUTCOMES else (),
        verdict=verdict if verdict in VERDICTS else "",
        since=day_of(since) if since.strip() else None,
        until=day_of(until) if until.strip() else None,
        text=text.strip(),
    )


def detail_html(detail: Detail) -> Html:
    """Return everything known about one question as markup."""
    entry = detail.entry
    reasons = "、".join(REASON_WORDS.get(reason, reason) for reason in entry.verdict_reasons)
    facts = charts.facts(
        [
            ("编号", entry.id),
            ("时间", when(entry.asked_at)),
            ("结果", OUTCOME_WORDS.get(entry.status, entry.status)),
            ("为什么", detail.why),
            (
                "回答方式",
                MADE_WORDS.get(entry.made_by, ""),
            ),
            ("版本", entry.snapshot),
            ("依据的文件", "、".join(detail.documents)),
            ("来自", {"page": "网页", "api": "程序接口"}.get(entry.channel, entry.channel)),
            ("用时", _seconds(entry.elapsed_ms)),
            (
                "评价",
                " ".join(filter(None, [VERDICTS[entry.verdict] if entry.verdict else "", reasons])),
            ),
            ("留言", entry.comment),
            ("出错", detail.failure),
            ("待办", f"第{detail.todo}组，见“问题”" if detail.todo else ""),
        ]
    )
    return charts.heading(entry.question) + facts + (html.exchange(detail.reply) if detail.reply else NOTHING)


def _row(entry: Entry) -> list[str]:
    verdict = VERDICT_WORDS.get(entry.verdict or "", "")
    status = OUTCOME_WORDS.get(entry.status, entry.status)
    snapshot = entry.snapshot.removeprefix("snapshot-")
    return [when(entry.asked_at), entry.question, status, verdict, _seconds(entry.elapsed_ms), snapshot, entry.id]


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.2f}秒"
