"""Checks that quoted texts do not say the opposite of what a question takes for granted."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from qa.answering.question.analysis import Question

_FALLS = r"下降|下滑|跌|降低|减少|回落|萎缩|负增长"
_RISES = r"增长|增加|增至|增到|上升|上涨|提高|提升|扩大|翻番"
_WHY_SO = r"(?:为什么|为何|原因|怎么会|咋)"
_ENDS = r"解散|撤销|关闭|停办|停产|停工|倒闭|破产|拆除|终止"
# A text is taken to say that something ended only where it has a word for ending.
_ENDED = re.compile(
    r"(?:为什么|为何|为啥|什么原因|怎么会|什么时候|何时|哪一?年).*?(?:停|中断|中止|终止|取消|退出|撤|解散|关闭|倒闭|破产|放弃)"
)
_ENDING = re.compile(r"停|中断|[中终]止|取消|退出|撤|解散|关闭|倒闭|破产|放弃|不再|结束|期满|拆")
# Whether something becomes another: 是不是要改为6月底.
_BECOMES = re.compile(
    r"(?:是不是|是否|会不会|要不要|听说).*?(?:改|变|调整|延长|延期|缩短|提前|推迟|提高|降低|涨|降)(?:为|成|到|至)(?P<value>.+)"
)
_CHANGES = re.compile(r"改|变|调整|延[长期]|缩短|提前|推迟|提高|降|涨|原[为来定]|顺延")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# Each row: a question that presupposes an event, the words of that event, and the words of its opposite.
_OPPOSITES = tuple(
    (re.compile(granted), re.compile(event), re.compile(opposite))
    for granted, event, opposite in (
        (rf"{_WHY_SO}.*?(?:{_FALLS})|(?:{_FALLS})(?:了|到|的原因)", _FALLS, _RISES),
        (_ENDS, _ENDS, r"成立|设立|创办|开办|投产|开工|启用|建成|揭牌|落成"),
    )
)


def says_the_opposite(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether the texts say the opposite of what a question presupposes: 为什么下降, where they say 增长.

    A question that presupposes an end also counts when the texts mention no end.
    """
    asked, text = question.search, "\n".join(quoted)
    if _ENDED.search(asked) and not _ENDING.search(text):
        return True
    return any(
        granted.search(asked) and opposite.search(text) and not event.search(text)
        for granted, event, opposite in _OPPOSITES
    )


def tells_no_change(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks if something becomes a figure, and the texts tell of no change and no such figure.

    What holds today does not say whether it will be changed.
    """
    becomes = _BECOMES.search(question.search)
    figures = _FIGURE.findall(becomes["value"]) if becomes else []
    text = "\n".join(quoted)
    return bool(figures) and not _CHANGES.search(text) and not set(figures) & set(_FIGURE.findall(text))


def moves_the_other_way(asked: Normal, clause: str) -> bool:
    """Return whether a question takes for granted that something fell or rose, and a clause says the opposite of it.

    Example: 为什么下降, where the clause says 增加到.
    """
    for moved, other in ((_FALLS, _RISES), (_RISES, _FALLS)):
        if re.search(rf"{_WHY_SO}.*?(?:{moved})|(?:{moved})(?:了|到|的原因)", asked) and not re.search(other, asked):
            said = normalise(clause)
            return bool(re.search(other, said)) and not re.search(moved, said)
    return False
