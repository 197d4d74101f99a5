"""检验题, the changes that wait for another person: the list, and one change before and after."""

from collections.abc import Sequence

from qa.staff.quality.golden_file import GoldenEntry
from qa.staff.quality.golden_proposals import KINDS, STATES, Proposal
from qa.web.html import escape
from qa.web.staff import charts
from qa.web.staff.components import when

HEADERS = ("号", "要做什么", "编号", "问题", "提出的人", "时间", "原因")


def write_must(must: Sequence[Sequence[str]]) -> str:
    """Return what an answer must contain, as a form shows it: a group a line, its alternatives between bars."""
    return "\n".join(" | ".join(group) for group in must)


def row(proposal: Proposal) -> list[str]:
    """Return a waiting change as a row of the table."""
    entry = proposal.after or proposal.before
    question = entry.question if entry else ""
    who = "、".join(proposal.authors)
    what = KINDS[proposal.kind]
    return [str(proposal.id), what, proposal.golden, question, who, when(proposal.changed_at), proposal.why]


def about(proposal: Proposal) -> str:
    """Return one change: who proposes what and why, and each field before and after, differences marked."""
    title = f"第{proposal.id}号改动：{KINDS[proposal.kind]}检验题{proposal.golden}（{STATES[proposal.state]}）"
    told = [("提出的人", "、".join(proposal.authors)), ("原因", proposal.why)]
    if proposal.decided_by:
        told += [("了结的人", proposal.decided_by), ("不同意的原因", proposal.decided_why)]
    before, after = _fields(proposal.before), _fields(proposal.after)
    compared = [
        [f"{name}{'　●' if before.get(name, '') != after.get(name, '') else ''}", *pair]
        for name in (before or after)
        if any(pair := (before.get(name, ""), after.get(name, "")))
    ]
    head = ["　● 有变化", "原来" if before else "原来（没有）", "改成" if after else "改成（删除）"]
    return f"<h3>{escape(title)}</h3>" + charts.facts(told) + charts.rows(head, compared)


def _fields(entry: GoldenEntry | None) -> dict[str, str]:
    if entry is None:
        return {}
    return {
        "问题": entry.question,
        "应当": "回答" if entry.answerable else "不回答",
        "答案里必须出现": write_must(entry.must),
        "依据的原文": entry.evidence,
        "标签": ", ".join(entry.tags),
        "之前的对话": "\n".join(line for turn in entry.history for line in (turn.question, turn.reply)),
    }
