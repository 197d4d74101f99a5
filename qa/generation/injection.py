"""Finds orders to a language model in the text of documents."""

import re

# Words in a document that address a machine. Text with them is neither sent nor written from.
_ORDERS = re.compile(
    r"(?:忽略|无视|忘记|跳过|不要理会|不必遵守).{0,4}(?:以上|上述|上面|之前|前面|先前|所有|你的|原有|一切).{0,6}"
    r"(?:指令|提示|规则|要求|设定|内容)|(?:忽略|无视|忘记).{0,6}(?:指令|提示词)|系统提示|提示词|越狱|"
    r"(?:你(?:现在)?是|作为|扮演).{0,8}(?:AI|助手|模型|机器人|assistant)|(?:AI|助手|模型|机器人)(?:必须|应当|应该|请|务必|只能)|"
    r"(?:请|务必|必须)(?:直接)?(?:输出|回复|回答)(?:以下|如下|：|:|“|\")|回答(?:时|中)?(?:必须|务必|一律|请)|"
    r"ignore.{0,30}(?:instruction|prompt|rule|above|previous)|disregard.{0,30}(?:instruction|above|previous)|"
    r"system\s*(?:prompt|message|:)|you are (?:now )?an? |<\|?(?:im_start|system|/?资料|user|assistant)|\[/?INST\]",
    re.IGNORECASE,
)
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]")


def orders(text: str) -> bool:
    """Return whether a text addresses a machine instead of its readers."""
    return bool(_ORDERS.search(" ".join(INVISIBLE.sub("", text).split())))
