"""What several steps look for in a question: question words, tags of names, and whether it is Chinese."""

import re

# Words that ask for a part of the sentence. Longer ones come first, so that a match covers the whole word;
# 几 and 哪 ask only outside of 几乎 and 哪怕, 好久 (when, how long in the south-west) only outside of 好久没.
WH = (
    r"什么时候|什么地方|哪一年|哪一天|多长时间|为什么|为何|为啥|谁|何时|何地|何处|多久|多少|好多|多大|多高|多长|多远|多重|多宽|"
    r"好久(?!不|没|以|之|了)|几(?!乎)|哪(?!怕)|什么|啥|怎么|怎样|怎|咋|如何|啷个"
)
# Words that ask for yes or no.
WHETHER = r"是否|有没有|吗|呢"
ASKS = re.compile(f"{WH}|{WHETHER}")
ENGLISH_WH = r"what|when|where|who|why|which|how"

HAN = re.compile(r"[\u4e00-\u9fff]")


def has_han(text: str) -> bool:
    """Return whether a text has a Chinese character. A question without one is in English."""
    return bool(HAN.search(text))


def holds_in_order(name: str, part: str) -> bool:
    """Return whether a part has characters of a name alone, in their order: 低保 of 最低生活保障."""
    chars = iter(name)
    return has_han(part) and all(char in chars for char in part)
