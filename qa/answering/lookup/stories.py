"""Takes the one sentence that asks out of a story told around it."""

import re

from corpus.text.normalise import normalise
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.question.topics import asks, asks_whether, has_noun
from qa.answering.question.words import has_han

_SENTENCE = re.compile(r"[^。！!？?；;]+[。！!？?；;]*")
# Spoken without marks, a story may follow the particle that ends the question: 修不修路嘛我们这头天天堵起.
_BEHIND_A_PARTICLE = re.compile(r"(?<=.{8}[吗嘛么呢])[，, ]*(?:我们?|俺们?|咱们?)(?=.{4})")


def asked_alone(question: str) -> str:
    """Return the sentence of a Chinese question that asks, where others tell a story around it; empty without one.

    It has to name what it asks about.
    """
    if not has_han(question):
        return ""
    told = _BEHIND_A_PARTICLE.search(question)
    sentences: list[str] = _SENTENCE.findall(question[: told.start()] if told else question)
    asking = [sentence.strip() for sentence in sentences if _asks(sentence)]
    if len(asking) != 1 or asking[0] == question.strip() or not has_noun(asking[0]):
        return ""
    return asking[0]


def _asks(sentence: str) -> bool:
    return asks(sentence) or asks_yes_or_no(normalise(sentence)) or asks_whether(sentence)
