"""Recognises input that is not a question to the documents: nothing, noise, orders to the machine."""

import re
import unicodedata

from qa.answering.reply import Reason

# Characters of a question that is answered; the question box on the page has the same limit.
MAX_QUESTION = 300

_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Orders to the machine. The reader decides whether a question has an answer: words such as 密码 or 自杀 stand in
# ordinary questions, and nothing is shown that the documents do not contain.
_ORDER = re.compile(
    r"忽略.{0,8}(?:指令|提示|规则)|(?:输出|显示|告诉我).{0,6}提示词|ignore.{0,20}(?:instruction|prompt|rule)|"
    r"system prompt|jailbreak|(?:drop|delete|insert|alter|truncate)\s+(?:table|from|into|database)\b|<\s*script",
    re.IGNORECASE | re.DOTALL,
)


def clean(text: str) -> str:
    """Return the text without control and invisible characters, with white space folded."""
    visible = "".join(" " if char.isspace() else char for char in text if char.isspace() or not _invisible(char))
    return " ".join(visible.split())


def screen(question: str) -> Reason | None:
    """Return why a cleaned question is not looked up in the documents; None when it is.

    The length is checked by `qa.answering.replies.builders.reject`: see `MAX_QUESTION`.
    """
    if _ORDER.search(question):
        return Reason.UNSAFE
    return Reason.UNCLEAR if _meaningless(question) else None


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in _CONTROL


def _meaningless(question: str) -> bool:
    """Return whether a text has no letters, one repeated character, or Latin letters that form no words."""
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
