"""The figures of the page 首页: what is served, and what citizens asked."""

from collections.abc import Sequence

from qa.staff.console import Overview
from qa.staff.questions.log.selecting import Entry
from qa.staff.questions.log.wording import OUTCOME_WORDS, OUTCOMES
from qa.storage.statistics import Statistics
from qa.web.html import Html
from qa.web.staff import charts
from qa.web.staff.values import ago, percent, seconds, when
from qa.web.staff.versions import title_of

PERIODS = {"24h": "24小时", "7d": "7天", "30d": "30天"}
STATES = {"serving": "正常", "paused": "已暂停", "degraded": "有问题", "empty": "还没有发布过"}
# Input that was not a question leaves nothing to improve.
PLOTTED = {key: OUTCOME_WORDS[key] for key in OUTCOMES if key != "rejected"}


def served(overview: Overview) -> Html:
    """Return what citizens are served."""
    age = f"{ago(overview.age_seconds)}前发布" if overview.age_seconds is not None else ""
    golden = f"{overview.golden_right} / {overview.golden_asked}" if overview.golden_asked else "未检验"
    return charts.cards(
        [
            ("服务", STATES.get(overview.state, overview.state), ""),
            ("现行版本", title_of(overview.snapshot) if overview.snapshot else "无", age),
            ("文件", str(overview.documents), f"{overview.passages}个段落"),
            ("检验题合格", golden, ""),
        ]
    )


def asked(statistics: Statistics, slowest: Sequence[Entry]) -> Html:
    """Return the figures of a period, and its slowest questions."""
    counts = statistics.counts
    total = sum(counts.get(key, 0) for key in PLOTTED)
    answered = counts.get("answered", 0) + counts.get("partial", 0)
    judged = statistics.up + statistics.down
    shown = charts.cards(
        [
            ("提问", str(total), f"{answered}次得到回答" if total else ""),
            ("未回答", str(counts.get("abstained", 0)), f"出错{counts.get('failed', 0)}次"),
            ("满意", percent(statistics.satisfaction), f"{judged}人评价，{statistics.down}人不满意" if judged else ""),
            ("一般用时", seconds(statistics.median_ms), f"最慢的5%超过{seconds(statistics.p95_ms)}" if total else ""),
        ]
    )
    form = "%H时" if statistics.period == "24h" else "%-m-%-d"
    buckets = [(bucket.start.astimezone().strftime(form), bucket.counts) for bucket in statistics.buckets]
    shown += charts.columns(f"最近{PERIODS[statistics.period]}的提问", PLOTTED, buckets)
    slow = [[when(entry.asked_at), entry.question, seconds(entry.elapsed_ms)] for entry in slowest]
    if slow:
        shown += charts.heading("最慢的提问") + charts.rows(["时间", "问题", "用时"], slow)
    failures = [[kind, str(count)] for kind, count in statistics.failures.items()]
    if failures:
        shown += charts.heading("出错的种类") + charts.rows(["种类", "次数"], failures)
    return shown
