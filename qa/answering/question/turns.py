"""What a turn is by itself: a whole question, or only a new part of the question before."""

import re
from collections.abc import Sequence

import rjieba

from corpus.text.normalise import normalise
from index.search.names import NAME_TAGS
from qa.answering.forms.computing.comparing import compared
from qa.answering.question import openings
from qa.answering.question.in_english import is_english
from qa.answering.question.topics import COURTESY, NOUNS, asks, asks_whether
from qa.answering.question.words import ASKS, has_han
from qa.answering.reply import Turn

_ONLY_A_NEW_PART = re.compile(r"^(?:那么?|还有|换成)?\s*(.{1,20}?)\s*(?:的)?呢[？?。]*$")
# An errand with its object named (how does one apply for it): earlier turns add nothing to it.
_HOW = r"(?:怎么|怎样|如何|咋个?|在?哪里|去哪里?|在?哪儿|哪点)(?:才|可以|能够?|去|来)*"
_DOES = (
    r"(?:申请|申领|办理|补办|办|领取|领|查询|查|缴纳|缴|交|报销|预约|注册|登记|开具|购买|买|"
    r"投诉|举报|参加|加入|下载|联系)"
)
_ERRAND = re.compile(
    rf"^(?:我?(?:想|要|该))?{_HOW}{_DOES}(?![的了吗呢嘛])(?!(?:这|那|该|它|他|她))[\u4e00-\u9fff]{{2}}|"
    rf"^(?!.{{0,8}}(?:这|那|该|它|他|她))[\u4e00-\u9fff]{{2,10}}{_HOW}{_DOES}[？?]?$"
)


def in_its_language(question: str, history: Sequence[Turn]) -> Sequence[Turn]:
    """Return the earlier turns in the language of a turn: nothing is taken over from another."""
    if has_han(question):
        return [turn for turn in history if not is_english(turn.question)]
    return [turn for turn in history if not has_han(turn.question)] if is_english(question) else history


def as_question(question: str) -> str:
    """Return a turn as a question or a new part: a correction as what it means, a thing that is only named with 呢."""
    corrected = openings.meant(question)
    text = openings.bare(corrected or question)
    named = bool(corrected) or openings.names_only(text)
    return f"{text.rstrip('。.！! ')}呢" if named and not asks(text) and not asks_whether(text) else text


def new_part(question: str) -> re.Match[str] | None:
    """Return the match of a turn that only names another part: 那医生呢. One with a question word is a question."""
    match = _ONLY_A_NEW_PART.match(question)
    return None if match and asks(match.group(1)) else match


def without_particles(question: str) -> str:
    """Return a question without the particles that join it to the turn before: 那校车几点呢 → 校车几点."""
    match = _ONLY_A_NEW_PART.match(question)
    return match.group(1) if match else question


def names_its_subject(question: str) -> bool:
    """Return whether a question is complete by itself.

    It holds a name, a time, an errand, two nouns, or two things to be compared.
    """
    question = COURTESY.sub("", question)
    if _ERRAND.match(question) or compared(normalise(question)):
        return True
    tagged = rjieba.tag(question)
    if any(tag in NAME_TAGS and len(word) >= 2 for word, tag in tagged):
        return True
    nouns = [
        word for word, tag in tagged if tag in NOUNS and len(word) >= 2 and not ASKS.search(word) and word != "时候"
    ]
    return len(nouns) >= 2 and len(question) >= 10
