"""检索测试: what is found for a question, with every score, and what a citizen would see at which threshold."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from qa.answering.forms.base import AnswerForm
from qa.answering.reply import REVIEWED, Answer
from qa.bootstrap.errors import EXPECTED
from qa.staff import jobs
from qa.staff.console import Console
from qa.staff.quality.trial import Trial, TriedHit
from qa.web import html
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
    refused,
    role_of,
    table,
    textbox,
)
from qa.web.staff.values import when

HEADERS = ("序", "文件", "位置", "开头", "向量", "字词", "合并", "把握")
WIDTHS = [44, 150, 150, 340, 64, 64, 64, 64]
PUBLISHED = "现行版本"
READING: tuple[type[Exception], ...] = (*EXPECTED, OSError)
LABEL = "把握的门槛：低于它就不回答，只影响这里的试验"
SHORT = 80


def build(desk: StaffPages) -> PageContent:
    """Build the page. The slider changes both tables and both error rates, but nothing in the service."""
    told = message()
    with gr.Row(elem_classes="toolbar"):
        question = textbox(
            label="问题", placeholder="像市民那样问一句", max_length=300, scale=4, elem_id="trial-question"
        )
        snapshot = gr.Dropdown([PUBLISHED], value=PUBLISHED, label="版本", scale=1, min_width=180)
        ask = gr.Button("试一试", variant="primary", scale=0, elem_id="trial-ask")
    threshold = gr.Slider(0, 1, value=0.5, step=0.01, label=LABEL, elem_id="trial-threshold")
    stood = textbox(visible=False)
    rates = markup(elem_id="rates")
    count = gr.Button("计算两种错误率（几分钟）", visible=False, scale=0)

    def show(chosen: str, threshold: float, stood: str, request: gr.Request) -> tuple[Any, ...]:
        return _shown(desk.console(request), chosen, threshold, stood)

    def slide(chosen: str, threshold: float, request: gr.Request) -> tuple[Any, ...]:
        return _rates_at(desk.console(request), chosen, threshold)

    def count_them(chosen: str, request: gr.Request) -> tuple[Any, ...]:
        def begun() -> str:
            jobs.rates(desk.settings, who=name_of(request), role=role_of(request), snapshot=_name(chosen))
            return "正在计算，几分钟后再打开这一页就能看到；关上页面也会继续"

        outcome = attempt(begun)
        return outcome.sentence, gr.update(visible=not outcome.done)

    def try_it(question: str, chosen: str, threshold: float, request: gr.Request) -> tuple[Any, ...]:
        if not question.strip():
            return refused("请先写一个问题"), *(gr.skip() for _ in range(5))
        try:
            trial = desk.console(request).trial.ask(question, snapshot=_name(chosen), threshold=threshold)
        except EXPECTED as error:
            return refused(str(error)), *(gr.skip() for _ in range(5))
        return "", *_tried(trial)

    results: list[Any] = [told, *_places()]
    gr.on([ask.click, question.submit], try_it, [question, snapshot, threshold], results, **SLOW_CALL)
    threshold.release(slide, [snapshot, threshold], [rates, count], **CALL)
    snapshot.change(slide, [snapshot, threshold], [rates, count], **CALL)
    threshold.release(_again(try_it), [question, snapshot, threshold], results, **SLOW_CALL)
    count.click(count_them, [snapshot], [told, count], **CALL)
    return PageContent(show, [snapshot, threshold, stood, rates, count], [snapshot, threshold, stood])


def _again(try_it: Any) -> Any:
    """Wrap the trial for a moved slider: without a question it does nothing."""

    def again(question: str, chosen: str, threshold: float, request: gr.Request) -> tuple[Any, ...]:
        if not question.strip():
            return tuple(gr.skip() for _ in range(6))
        return tuple(try_it(question, chosen, threshold, request))

    return again


def _shown(console: Console, chosen: str, threshold: float, stood: str) -> tuple[Any, ...]:
    """Return the versions, the slider, the threshold in use and the error rates, as the page opens."""
    names = [one.name for one in reversed(console.snapshots())]
    kept = chosen if chosen in names else PUBLISHED
    used = console.trial.threshold()
    label = f"{LABEL}；市民那里现在是{used:.2f}，改用别的请到“设置”"
    # The slider stands at the threshold in use until it is moved.
    shown = used if stood in ("", f"{threshold:g}") else threshold
    slider = gr.update(label=label, value=shown)
    versions = gr.update(choices=[PUBLISHED, *names], value=kept)
    return versions, slider, f"{used:g}", *_rates_at(console, kept, shown)


def _places() -> list[Any]:
    """Lay out the result of a trial: the reply, the hits above the threshold and those below."""
    reply, above = markup(elem_id="trial-reply"), markup()
    taken = table(HEADERS, elem_id="trial-above", widths=WIDTHS, visible=False)
    below = markup()
    return [reply, above, taken, below, table(HEADERS, elem_id="trial-below", widths=WIDTHS, visible=False)]


def _tried(trial: Trial) -> tuple[Any, ...]:
    """Return the values of `_places` after a trial."""
    return (
        charts.heading("市民会看到") + _reviewed(trial) + html.exchange(trial.reply) + _form(trial.reply.form),
        charts.heading(f"达到门槛{trial.threshold:.2f}的（{len(trial.above)}）"),
        gr.update(value=_rows(trial.above), visible=bool(trial.above)),
        charts.heading(f"未达到门槛的（{len(trial.below)}）"),
        gr.update(value=_rows(trial.below), visible=bool(trial.below)),
    )


def _rates_at(console: Console, chosen: str, threshold: float) -> tuple[Any, ...]:
    """Return the two error rates of a version, and whether they may be counted now."""
    trial = console.trial
    try:
        known, counting = trial.known_rates(_name(chosen)), trial.counting()
    except READING as error:
        return refused(str(error)), gr.update(visible=False)
    if known is None and counting:
        since = f"{when(counting.since)}开始"
        note = f"{counting.who}正在计算{counting.doing}的两种错误率（{since}），几分钟后再打开这一页"
        return charts.notes([note]), gr.update(visible=False)
    return _rates(known, threshold), gr.update(visible=known is None)


def _name(chosen: str) -> str:
    return "" if chosen == PUBLISHED else chosen


def _rows(hits: Sequence[TriedHit]) -> list[list[str]]:
    return [
        [
            str(hit.rank),
            hit.title,
            " › ".join([*hit.headings, hit.place] if hit.place else hit.headings),
            _start(hit.text) + (f"（{hit.out_of_force}）" if hit.out_of_force else ""),
            f"{hit.dense:.2f}",
            f"{hit.lexical:.2f}",
            f"{hit.fused:.2f}",
            f"{hit.reader:.2f}",
        ]
        for hit in hits
    ]


def _start(text: str) -> str:
    text = " ".join(text.split())
    return text[:SHORT] + ("……" if len(text) > SHORT else "")


def _reviewed(trial: Trial) -> html.Html:
    made = trial.reply.made_by if isinstance(trial.reply, Answer) else ""
    return charts.notes(["这一问由人工答案回答"]) if made == REVIEWED else html.NOTHING


def _form(form: AnswerForm) -> html.Html:
    """Return how the form of the reply came about."""
    if not form.how:
        return html.NOTHING
    figures = "、".join(f"{operand.of} {operand.text}".strip() for operand in form.operands)
    lines = [f"答复的形式：{form.kind}（{form.how}）", *([f"依据的数：{figures}"] if figures else [])]
    return charts.notes(lines)


def _rates(known: Sequence[Any] | None, threshold: float) -> html.Html:
    if known is None:
        return charts.notes(["这个版本还没有算过两种错误率"])
    nearest = min(known, key=lambda one: abs(one.threshold - threshold))
    asked = nearest.answerable + nearest.unanswerable
    wrong, held = nearest.wrong / (asked or 1), nearest.held_back / (nearest.answerable or 1)
    cards = charts.cards(
        [
            ("门槛", f"{nearest.threshold:.2f}", "最接近的已算门槛"),
            ("答错了还给市民看", f"{wrong:.1%}", f"{asked}道中{nearest.wrong}道"),
            ("答得对却没有给看", f"{held:.1%}", f"应答的{nearest.answerable}道中{nearest.held_back}道"),
        ]
    )
    points = [
        (
            one.threshold,
            {
                "failed": one.wrong / ((one.answerable + one.unanswerable) or 1),
                "abstained": one.held_back / (one.answerable or 1),
            },
        )
        for one in known
    ]
    names = {"failed": "答错了还给看", "abstained": "答得对却没给看"}
    return cards + charts.curves("各个门槛上的两种错误率（按检验题）", names, points, here=threshold)
