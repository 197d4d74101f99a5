"""The fixed sentences of the assistant, in the language of the question."""

import re

from qa.answering.reply import Reason

_ASK_AGAIN = "可以换个说法，或写明时间、地点和名称再问一次。"

ABSTAINED: dict[Reason, str] = {
    Reason.OFF_TOPIC: "这个问题不在浙涪合作文件的范围内，我无法回答。"
    "您可以问浙江与涪陵合作的项目、资金、人才、民生等方面的问题。",
    Reason.NOT_IN_DOCUMENTS: f"现有文件里没有找到这个问题的答案。{_ASK_AGAIN}",
    Reason.PREMISE_NOT_SUPPORTED: f"现有文件写的和问题里的说法对不上，最接近的原文列在下面。{_ASK_AGAIN}",
    Reason.UNCLEAR: "我没有看懂这个问题。请用一句完整的话提问，例如：“涪陵浙江商会是什么时候成立的？”",
    Reason.SMALL_TALK: "您好，我是浙涪问答，根据文件原文回答浙江与涪陵合作方面的问题。请直接输入您想了解的内容。",
    Reason.UNSAFE: "这个请求我不能处理。我只根据文件回答浙江与涪陵合作方面的问题。",
}
ABSTAINED_ENGLISH: dict[Reason, str] = {
    Reason.OFF_TOPIC: "This is outside the documents on the Zhejiang–Fuling cooperation, so I cannot answer it.",
    Reason.NOT_IN_DOCUMENTS: "The documents do not say. Try other words, or name the time, place or body you mean.",
    Reason.PREMISE_NOT_SUPPORTED: "The documents say otherwise than the question does; the nearest words stand below.",
    Reason.UNCLEAR: "I could not understand this. Please ask a whole question, such as: When was the chamber founded?",
    Reason.SMALL_TALK: "Hello. I answer questions about the Zhejiang–Fuling cooperation in the words of the documents.",
    Reason.UNSAFE: "I cannot do that. I only answer questions about the Zhejiang–Fuling cooperation.",
}
# Nobody who writes so is sent away with a refusal alone. The numbers are national.
_CRISIS = re.compile(r"自杀|自尽|轻生|不想活|活不下去|想死|寻死|结束(?:自己的)?生命|kill myself|suicide", re.IGNORECASE)
CRISIS = "如果您或身边的人正处在危险中，请现在就拨打110或120；全国统一心理援助热线12356全天有人接听，您不必一个人扛着。"
CRISIS_ENGLISH = (
    "If you or someone near you is in danger, call 110 or 120 now; 12356 gives emotional support day and night."
)
EMPTY = "请输入一个问题。"
TOO_LONG = "问题太长了（超过{limit}个字），请缩短后再问。"
UNREADABLE = "问题里没有可以辨认的文字，请重新输入。"


def abstained(reason: Reason, question: str) -> str:
    """Return the wording for a reason, English for a question without a Chinese character, help first in a crisis."""
    chinese = any("\u4e00" <= char <= "\u9fff" for char in question)
    text = (ABSTAINED if chinese else ABSTAINED_ENGLISH)[reason]
    return f"{CRISIS if chinese else CRISIS_ENGLISH}\n{text}" if _CRISIS.search(question) else text
