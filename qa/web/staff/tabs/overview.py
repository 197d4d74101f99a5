"""总览: what is served, and what citizens asked."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from qa.staff.console import Overview
from qa.staff.questions.log import OUTCOME_WORDS, OUTCOMES, Entry
from qa.storage.statistics import Statistics
from qa.web.staff import charts
from qa.web.staff.components import CALL, PageContent, StaffPages, ago, markup, percent, when

PERIODS = {"24h": "24小时", "7d": "7天", "30d": "30天"}
STATES = {"serving": "正常", "paused": "已暂停", "degraded": "有问题", "empty": "还没有索引"}
# Input that was not a question leaves nothing to improve.
PLOTTED = {key: OUTCOME_WORDS[key] for key in OUTCOMES if key != "rejected"}


def build(desk: StaffPages) -> PageContent:
    """Build the page; both halves are computed again whenever it opens."""
    state = markup(elem_id="overview-state")
    with gr.Row(elem_classes="toolbar"):
        period = gr.Radio(
            [(name, key) for key, name in PERIODS.items()], value="24h", show_label=False, container=False
        )
        again = gr.Button("重新读取", size="sm", scale=0)
    asked = markup(elem_id="overview-asked")

    def show(period: str, request: gr.Request) -> tuple[str, str]:
        console = desk.console(request)
        period = period if period in PERIODS else "24h"
        questions = console.questions
        return _state(console.overview()), _asked(questions.statistics(period), questions.slowest(period, most=5))

    outputs: list[Any] = [state, asked]
    gr.on([period.change, again.click], show, [period], outputs, **CALL)
    return PageContent(show, outputs, [period])


def _state(overview: Overview) -> str:
    age = f"{ago(overview.age_seconds)}前发布" if overview.age_seconds is not None else ""
    golden = f"{overview.golden_right} / {overview.golden_asked}" if overview.golden_asked else "未检验"
    shown = charts.cards(
        [
            ("服务", STATES.get(overview.state, overview.state), ""),
            ("现行版本", (overview.snapshot or "无").removeprefix("snapshot-"), age),
            ("文件", str(overview.documents), f"{overview.passages}个段落"),
            ("检验题合格", golden, ""),
        ]
    )
    notes = []
    if overview.alarm:
        notes.append(overview.alarm)
    if overview.refreshing:
        notes.append(f"{overview.refreshing.who}正在刷新（{when(overview.refreshing.since)}开始），进度见“刷新”")
    if overview.problems:
        notes.append(f"{overview.problems}个文件没有收录，原因和办法见“文档”")
    if overview.withdrawn:
        notes.append(f"{overview.withdrawn}个文件已停止引用，见“文档”")
    return shown + charts.notes(notes, "warn")


def _asked(statistics: Statistics, slowest: Sequence[Entry]) -> str:
    counts = statistics.counts
    asked = sum(counts.get(key, 0) for key in PLOTTED)
    answered = counts.get("answered", 0) + counts.get("partial", 0)
    judged = statistics.up + statistics.down
    shown = charts.cards(
        [
            ("提问", str(asked), f"{answered}次得到回答" if asked else ""),
            ("未回答", str(counts.get("abstained", 0)), f"出错{counts.get('failed', 0)}次"),
            ("满意", percent(statistics.satisfaction), f"{judged}人评价，{statistics.down}人不满意" if judged else ""),
            ("一般用时", _seconds(statistics.median_ms), f"最慢的5%超过{_seconds(statistics.p95_ms)}" if asked else ""),
        ]
    )
    form = "%H时" if statistics.period == "24h" else "%-m-%-d"
    buckets = [(bucket.start.astimezone().strftime(form), bucket.counts) for bucket in statistics.buckets]
    shown += charts.columns(f"最近{PERIODS[statistics.period]}的提问", PLOTTED, buckets)
    slow = [[when(entry.asked_at), entry.question, _seconds(entry.elapsed_ms)] for entry in slowest]
    if slow:
        shown += "<h3>最慢的提问</h3>" + charts.rows(["时间", "问题", "用时"], slow)
    failures = [[kind, str(count)] for kind, count in statistics.failures.items()]
    if failures:
        shown += "<h3>出错的种类</h3>" + charts.rows(["种类", "次数"], failures)
    return shown


def _seconds(milliseconds: float | None) -> str:
    return "—" if milliseconds is None else f"{milliseconds / 1000:.2f}秒"
