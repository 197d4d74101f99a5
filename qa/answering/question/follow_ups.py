"""Completes follow-up questions from the turns before them."""

import re
from collections.abc import Sequence

import rjieba

from qa.answering.question.in_english import completed_in_english, is_english
from qa.answering.question.new_parts import PERSON, YEAR, parts_meant, with_part
from qa.answering.question.references import PERSONS, PLACE, meant_above, pronoun
from qa.answering.question.topics import (
    COURTESY,
    asks,
    asks_place,
    attribute,
    first_asked,
    has_noun,
    matter,
    subject,
    topic,
    without_trailing,
)
from qa.answering.question.turns import as_question, in_its_language, names_its_subject, new_part, without_particles
from qa.answering.question.words import has_han
from qa.answering.reply import Turn

# A new part, and what is asked of it: 那停水呢，提前多久通知.
_NEW_PART_AND_MORE = re.compile(r"^(?:那么?|还有|换成)?\s*(.{1,12}?)\s*呢[，,]\s*(.{2,})$")
# What stands behind the subject without being part of it: 高龄津贴每月.
_PER = re.compile(r"(?:每(?:人每)?|一)个?[月年天日次人户件晚]$")
_AMOUNT = re.compile("多少|好多|几块")
# The name of an amount; a question for something else of the same thing leaves it out: 摊位月租多少, 押金多少.
_AMOUNT_NAME = re.compile(r"(?:[价费租金票额款率薪]|工资|收入|人数|面积|产值|产能|投资|时间|里程)$")
_SHORT_REPLY = 24
# A turn that begins so has left out what it is about.
_LEAVES_OUT = re.compile(r"^(?:可以|能|要|会|还|有没|可不可以|该|需要|得)")


def candidates(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the standalone questions that a turn may stand for, at least one. The caller picks the best answered.

    Example: after a ticket price, 停车费多少 may be about the same place or about any.
    """
    history = in_its_language(question, history)
    if not history:
        return (question,)
    question = as_question(question)
    whole = standalone(question, history)
    if whole == question or is_english(question):
        return (whole,)
    before = _before(history)
    if (match := _NEW_PART_AND_MORE.match(question)) and not asks(match[1]) and asks(match[2]):
        return tuple(dict.fromkeys([*candidates(f"{match[1]}呢", history), whole]))
    if match := new_part(question):
        return parts_meant(before, match.group(1).strip("的 "), whole)
    if without_particles(question) != question or pronoun(question) or PLACE.search(question):
        return (whole,)
    bare = COURTESY.sub("", question)
    readings = [whole, _put_before(matter(_root(history)), bare)]
    if history[-1].understood == history[-1].question:  # a subject of its own
        readings.append(_put_before(topic(before), bare))
    if has_noun(question) and not _LEAVES_OUT.match(bare):
        readings.append(question)
    return tuple(dict.fromkeys(readings))


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question completed from the turns before it; unchanged when it is complete or has no history."""
    history = in_its_language(question, history)
    if not history:
        return question
    question = as_question(question)
    before = _before(history)
    if is_english(before) and not has_han(question):
        return completed_in_english(question, before)
    if match := new_part(question):
        part = match.group(1)
        points = pronoun(part)
        if not points or (attribute(before) and part[slice(*points)] not in PERSONS):
            return with_part(before, part)
        question = part
    question = without_particles(question)
    if (match := PLACE.search(question)) and not meant_above(question, match.start()):
        return question.replace(match.group(), _place_meant(before, history[-1].reply))
    if found := pronoun(question):
        start, end = found
        person = question[start:end] in PERSONS
        if meant_above(question, start):
            return question
        if not (person and "谁" in question[:start]):
            return question[:start] + _meant_by_pronoun(before, history, person=person) + question[end:]
    if names_its_subject(question):
        return question
    return _put_before(topic(_root(history)), COURTESY.sub("", question))


def _place_meant(before: str, reply: str) -> str:
    """Return the place that 那里 means: a short reply to a question for a place, or what was asked about."""
    return reply.strip("。 ") if len(reply) <= _SHORT_REPLY and asks_place(before) else topic(before)


def _meant_by_pronoun(before: str, history: Sequence[Turn], *, person: bool) -> str:
    """Return what 它 or, for a `person`, 他 means: a short reply to 谁, the persons spoken of, or the subject."""
    reply = history[-1].reply
    if person and "谁" in before and 0 < len(reply) <= _SHORT_REPLY:
        return reply.strip("。 ")
    return (person and _persons(history)) or subject(before)


def _before(history: Sequence[Turn]) -> str:
    """Return the last question of a history as a whole one."""
    last = history[-1]
    return first_asked(last.understood or standalone(last.question, history[:-1]))


def _root(history: Sequence[Turn]) -> str:
    """Return the last question of a history that says itself what it is about, as a whole one."""
    for number in range(len(history) - 1, 0, -1):
        turn = history[number]
        turned = as_question(turn.question)
        if names_its_subject(turned):
            return _before(history[: number + 1])
        if new_part(turned):
            earlier, now = _root(history[:number]), _before(history[: number + 1])
            return earlier if topic(earlier) in now else now
    return _before(history[:1])


def _persons(history: Sequence[Turn]) -> str:
    """Return the persons that the turns before last spoke of, with the words before them; empty where of none."""
    for number in range(len(history), 0, -1):
        about, place = topic(_before(history[:number])), 0
        for word, tag in rjieba.tag(about):
            place += len(word)
            if tag[0] in "nb" and PERSON.search(word):
                return about[:place]
    return ""


def _put_before(about: str, question: str) -> str:
    """Return a question behind what it is about, without words that both would say, or the amount asked before."""
    if YEAR.search(question):
        about = YEAR.sub("", about).replace("  ", " ")
    if about in question:
        return question
    if not _AMOUNT.search(question):
        about = _PER.sub("", about)
    if _AMOUNT_NAME.search(about) and has_noun(question):
        about = _without_last_word(about) or about
        about = without_trailing(about) or about
    shared = next((n for n in range(min(len(about), len(question)), 1, -1) if about.endswith(question[:n])), 0)
    return about + question[shared:]


def _without_last_word(text: str) -> str:
    """Return a text without its last word and the 的 before it; empty where no noun is left."""
    rest = "".join(rjieba.cut(text)[:-1]).removesuffix("的")
    return rest if len(rest) >= 2 and has_noun(rest) else ""
