"""How the form of a reply came about, in the words of the pages of staff."""

from collections.abc import Mapping

from qa.answering.forms.base import Form
from qa.answering.reply import REVIEWED, Answer, Reply

FORM_WORDS: Mapping[Form, str] = {
    Form.LOOKUP: "照原文回答",
    Form.YES_NO: "是或不是",
    Form.COMPARE: "比较",
    Form.SUPERLATIVE: "最多或最少",
    Form.COUNT: "计数",
    Form.COMPUTE: "计算",
    Form.PREMISE: "更正前提",
    Form.PARTS: "分几问回答",
}


def form_told(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Return the form of a reply, how it was reached, what was concluded, and from which words, each with its name.

    Empty for a reply that is a quotation alone. One that staff approved says so.
    """
    if isinstance(reply, Answer) and reply.made_by == REVIEWED:
        return (("答复的来历", "这一问由人工答案回答"),)
    form = reply.form
    if not form.how:
        return ()
    words = "、".join(f"{operand.of} {operand.text}".strip() for operand in form.operands)
    told = (("答复的形式", f"{FORM_WORDS[form.kind]}（{form.how}）"), ("结论", form.verdict or "没有"), ("依据", words))
    return tuple((name, value) for name, value in told if value)
