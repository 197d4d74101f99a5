"""Input that is no question to the documents: nothing, noise, greetings, orders to the machine."""

import re
import unicodedata

from qa.reply import Reason

# Characters: what the box on the page takes too.
MAX_QUESTION = 300

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
_GREETING = re.compile(
    r"^(?:你好|您好|哈喽|嗨|早上好|下午好|晚上好|在吗|在不在|hi|hello|hey|谢谢你?|多谢|感谢|"
    r"thanks?|thank you|再见|拜拜|bye|好的?|ok|嗯|你是谁|你叫什么(?:名字)?|你是什么|"
    r"你能做什么|你会(?:做)?什么|who are you|what can you do|你是(?:机器人|人)吗)[呀啊吧呢哦了~!！。.？?，, ]*$",
    re.IGNORECASE,
)
# Orders to the machine and requests no public service answers, whatever the documents say.
_UNSAFE = re.compile(
    r"忽略.{0,8}(?:指令|提示|规则|要求)|提示词|ignore.{0,20}(?:instruction|prompt|rule)|system prompt|jailbreak|"
    r"(?:扮演|假装你是|假设你是|pretend to be|act as)|"
    r"(?:drop|delete|insert|update|select|alter|truncate)\s+(?:table|from|into|database|\*)|<\s*script|"
    r"(?:密码|口令|账号|password|api\s*key|密钥|token).{0,6}(?:是|告诉|给我|多少|什么|\?|？)?$|"
    r"(?:告诉|给|发).{0,6}(?:密码|口令|密钥|password)|"
    r"脏话|骂(?:我|他|她|人)|色情|黄色笑话|(?:制造|做|造).{0,4}(?:炸弹|毒品|枪)|自杀",
    re.IGNORECASE | re.DOTALL,
)
# Something to be made, not looked up. 帮我写出 and 写明 ask for what is written.
_MAKE = re.compile(
    r"^(?:请|麻烦)?[你您]?(?:帮|替|给)我们?(?:写(?![出明下清])|画|编(?!号)|唱|翻译|播放|预订|订|买|讲个)"
)


def clean(text: str) -> str:
    """The text without control and invisible characters, white space folded."""
    visible = "".join(" " if char.isspace() else char for char in text if char.isspace() or not _invisible(char))
    return " ".join(visible.split())


def screen(question: str) -> Reason | None:
    """Why a cleaned question is not looked up in the documents; None when it is.

    Length is the caller's concern: see `MAX_QUESTION`.
    """
    if _GREETING.match(question):
        return Reason.SMALL_TALK
    if _UNSAFE.search(question):
        return Reason.UNSAFE
    if _MAKE.match(question):
        return Reason.OFF_TOPIC
    return Reason.UNCLEAR if _meaningless(question) else None


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in _CONTROL


def _meaningless(question: str) -> bool:
    """No letter at all, the same character over and over, or Latin letters that form no words."""
    letters = [char for char in question if char.isalpha()]
    if not letters or (len(letters) > 3 and len(set(letters)) == 1):
        return True
    if any(char > "\u2e80" for char in letters):
        return len(letters) == 1 and len(question) <= 2
    words = re.findall(r"[a-z]+", question.lower())
    return not any(_pronounceable(word) for word in words) and not re.search(r"\d", question)


def _pronounceable(word: str) -> bool:
    # English words have a vowel at least every four letters; keys hit at random seldom do.
    return bool(re.search(r"[aeiouy]", word)) and not re.search(r"[^aeiouy]{5,}", word)
