"""The assistant's fixed sentences, in the language of the question."""

from collections.abc import Sequence

from qa.answering.reply import Reason
from qa.answering.screening.cards import CARDS

_ASK_AGAIN = "可以换个说法，或写明时间、地点和名称再问一次。"

ABSTAINED: dict[Reason, str] = {
    Reason.OFF_TOPIC: "这个问题不在浙涪合作文件的范围内，我无法回答。"
    "您可以问浙江与涪陵合作的项目、资金、人才、民生等方面的问题。",
    Reason.NOT_IN_DOCUMENTS: f"现有文件里没有找到这个问题的答案。{_ASK_AGAIN}",
    Reason.PREMISE_NOT_SUPPORTED: f"现有文件写的和问题里的说法对不上，最接近的原文列在下面。{_ASK_AGAIN}",
    Reason.UNCLEAR: "我没有看懂这个问题。请用一句完整的话提问，例如：“涪陵浙江商会是什么时候成立的？”",
    Reason.SMALL_TALK: "您好，我是浙涪问答，根据文件原文回答浙江与涪陵合作方面的问题。请直接输入您想了解的内容。",
    Reason.UNSAFE: "这个请求我不能处理。我只根据文件回答浙江与涪陵合作方面的问题。",
    Reason.KEYWORD: "这是一个词，还不是问题。文件里写到它的地方列在下面；想问什么，请写成一句话。",
    Reason.HELP: "请打下面的电话，有人接听。",
}
ABSTAINED_ENGLISH: dict[Reason, str] = {
    Reason.OFF_TOPIC: "This is outside the documents on the Zhejiang–Fuling cooperation, so I cannot answer it.",
    Reason.NOT_IN_DOCUMENTS: "The documents do not say. Try other words, or name the time, place or body you mean.",
    Reason.PREMISE_NOT_SUPPORTED: "The documents say otherwise than the question does; the nearest words stand below.",
    Reason.UNCLEAR: "I could not understand this. Please ask a whole question, such as: When was the chamber founded?",
    Reason.SMALL_TALK: "Hello. I answer questions about the Zhejiang–Fuling cooperation in the words of the documents.",
    Reason.UNSAFE: "I cannot do that. I only answer questions about the Zhejiang–Fuling cooperation.",
    Reason.KEYWORD: "This is a word and no question yet. What the documents say of it stands below.",
    Reason.HELP: "Please call one of the numbers below; people answer there.",
}
EMPTY = "请输入一个问题。"
TOO_LONG = "问题太长了（超过{limit}个字），请缩短后再问。"
UNREADABLE = "问题里没有可以辨认的文字，请重新输入。"


def abstained(reason: Reason, question: str) -> str:
    """Return the wording for a reason, English for a question without a Chinese character."""
    return (ABSTAINED if is_chinese(question) else ABSTAINED_ENGLISH)[reason]


def which(names: Sequence[str], question: str) -> str:
    """Return the question back which of several things is meant, English for a question without a Chinese character."""
    if is_chinese(question):
        return f"文件里写了好几个：{'、'.join(names)}。请写明是哪一个。"
    return f"The documents name several: {', '.join(names)}. Which one do you mean?"


def unfilled(row: str, column: str, question: str) -> str:
    """Return that a table has the row that is asked for, and nothing in its column."""
    if is_chinese(question):
        return f"文件的表里有“{row}”，但这一行的“{column}”是空的，文件没有写。"
    return f"A table of the documents has a row “{row}”, but its cell under “{column}” is empty."


def card(name: str, question: str) -> str:
    """Return what a card says, English for a question without a Chinese character."""
    chinese, english = CARDS[name]
    return chinese if is_chinese(question) else english


def is_chinese(question: str) -> bool:
    """Return whether a question is answered in Chinese: it has a Chinese character, or no letter at all."""
    return any("\u4e00" <= char <= "\u9fff" for char in question) or not any(map(str.isalpha, question))
