"""What staff and the table for Excel read of outcomes, verdicts and reasons."""

from collections.abc import Sequence

from qa.answering.reply import QUOTED, REVIEWED, WRITTEN, Abstention, Answer, Reason, Reply
from qa.storage.question_log import CONTRADICTORY, FAILED, HELPFUL, UNHELPFUL

OUTCOME_WORDS = {
    "answered": "已回答",
    "partial": "部分回答",
    "abstained": "未回答",
    "rejected": "不是问题",
    FAILED: "出错",
}
OUTCOMES = tuple(OUTCOME_WORDS)
VERDICT_WORDS = {HELPFUL: "有帮助", UNHELPFUL: "没帮助"}
# Why an answer did not help, as citizens choose it, and where they asked.
COMPLAINTS = {
    "wrong": "答非所问",
    "incomplete": "不完整",
    "outdated": "已过时",
    "unclear": "看不懂",
    "untrue": "内容有误",
}
CHANNELS = {"page": "网页", "api": "程序接口", "mcp": "智能助手"}
REASON_WORDS = {
    Reason.OFF_TOPIC: "问题不在文件范围内：最接近的段落也相差很远",
    Reason.NOT_IN_DOCUMENTS: "找到了相近的段落，但其中没有这个问题的答案",
    Reason.PREMISE_NOT_SUPPORTED: "问题里的年份或数字在找到的段落里没有依据",
    Reason.UNCLEAR: "看不懂问题，或问题里有个人信息",
    Reason.SMALL_TALK: "寒暄，不是对文件的提问",
    Reason.UNSAFE: "不予处理的请求",
    Reason.KEYWORD: "只写了一个词，列出了写到它的段落",
    Reason.HELP: "求助、投诉或要找人，给了电话",
}
MADE_WORDS = {QUOTED: "原文摘录", REVIEWED: "人工审核", WRITTEN: "AI 生成"}


def why_said(reply: Reply | None) -> str:
    """Return why a question was answered, or why not; empty without a reply."""
    match reply:
        case None:
            return ""
        case Abstention():
            sure = f"（读到的最好段落把握{reply.confidence:.0%}）" if reply.nearest else ""
            return REASON_WORDS[reply.reason] + sure
        case Answer(made_by=made_by) if made_by == REVIEWED:
            return f"问题与人工审核答案的问题意思相同（相似度{reply.confidence:.2f}），显示人工审核的答案"
        case Answer(made_by=made_by):
            names = "、".join(dict.fromkeys(citation.document for citation in reply.citations))
            missing = f"；文件里没有写到：{reply.missing}" if reply.missing else ""
            written = f"，由AI写成{len(reply.sentences)}句，每句都核对过" if made_by == WRITTEN else ""
            differing = "；这些现行文件说法不一，请核对" if reply.contradictory else ""
            return f"在{names}里读到答案，把握{reply.confidence:.0%}{written}{missing}{differing}"


def complaints(reasons: Sequence[str]) -> str:
    """Return why an answer did not help, in the words that the citizen chose from."""
    return "、".join(COMPLAINTS.get(reason, reason) for reason in reasons)


def reason_in_words(reason: str) -> str:
    """Return why a question got no answer, or that documents differ, in a few words."""
    if reason == CONTRADICTORY:
        return "几份现行文件说法不一"
    return REASON_WORDS[Reason(reason)] if reason in [*Reason] else reason
