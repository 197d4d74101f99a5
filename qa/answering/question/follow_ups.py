"""Completes follow-up questions from the turns before them."""

import re
from collections.abc import Sequence

import rjieba

from corpus.text.normalise import normalise
from index.search.names import NAME_TAGS
from qa.answering.forms.computing.comparing import compared
from qa.answering.question import openings
from qa.answering.question.new_parts import (
    COUNTED,
    NOUNS,
    PERSON,
    YEAR,
    in_place_of_its_like,
    like_replaced,
    name_replaced,
    one_of_those,
    part_put_in,
    subject_replaced,
    word_replaced,
)
from qa.answering.question.topics import (
    CLAUSE_END,
    COURTESY,
    EMPTY_NOUNS,
    asks,
    asks_place,
    asks_whether,
    attribute,
    first_asked,
    has_noun,
    matter,
    owned,
    subject,
    topic,
    without_trailing,
)
from qa.answering.question.words import ASKS, has_han
from qa.answering.reply import Turn

_ONLY_A_NEW_PART = re.compile(r"^(?:那么?|还有|换成)?\s*(.{1,20}?)\s*(?:的)?呢[？?。]*$")
# A new part, and what is asked of it: 那停水呢，提前多久通知.
_NEW_PART_AND_MORE = re.compile(r"^(?:那么?|还有|换成)?\s*(.{1,12}?)\s*呢[，,]\s*(.{2,})$")
# What stands behind the subject without being part of it: 高龄津贴每月.
_PER = re.compile(r"(?:每(?:人每)?|一)个?[月年天日次人户件晚]$")
_AMOUNT = re.compile("多少|好多|几块")
# The name of an amount; a question for something else of the same thing leaves it out: 摊位月租多少, 押金多少.
_AMOUNT_NAME = re.compile(r"(?:[价费租金票额款率薪]|工资|收入|人数|面积|产值|产能|投资|时间|里程)$")
_PLACE = re.compile(r"那里|那儿|那边|这里|这儿|当地|该地")
_PERSONS = frozenset(["他", "她", "他们", "她们"])
_THINGS = frozenset(["它", "它们", "其"])
# Followed by a noun, each of these refers to something named before: 该项目, 这个学校.
_POINTS = re.compile(r"该|[这那](?:个|家|所|次|项|位)")
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
_ENGLISH_PART = re.compile(r"^(?:and|but|what about|how about)\b", re.IGNORECASE)
_ENGLISH_YEAR_PART = re.compile(
    rf"{_ENGLISH_PART.pattern}\s*(?:in|for)?\s*(?P<year>(?:19|20)\d{{2}})\s*\?*$", re.IGNORECASE
)
_ENGLISH_IT = re.compile(r"\b(?:it|its|they|them|their)\b", re.IGNORECASE)
_ENGLISH_NAME = re.compile(r"(?<=\s)(?:[A-Z][a-z]+|[A-Z]{2,})|\b(?:19|20)\d{2}\b")
_ENGLISH_ASKS = re.compile(
    r"^(?:who|what|when|where|why|which|how(?: many| much| long)?)\s+(?:(?:is|are|was|were|did|does|do|has|have)\s+)?",
    re.IGNORECASE,
)
_ENGLISH_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_SHORT_REPLY = 24
_COUNTS_THINGS = re.compile(
    r"^(?P<head>.+(?:多少(?!钱)|好多(?!钱)|哪些|几(?!点))[个家所位名对项条座人次批张种]{0,2})[\u4e00-\u9fff]{2,12}?[？?]?$"
)
# A turn that begins so has left out what it is about.
_LEAVES_OUT = re.compile(r"^(?:可以|能|要|会|还|有没|可不可以|该|需要|得)")


def candidates(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the standalone questions that a turn may stand for, at least one. The caller picks the best answered.

    Example: after a ticket price, 停车费多少 may be about the same place or about any.
    """
    history = _in_its_language(question, history)
    if not history:
        return (question,)
    question = _turned(question)
    whole = standalone(question, history)
    if whole == question or _is_english(question):
        return (whole,)
    before = _before(history)
    if (match := _NEW_PART_AND_MORE.match(question)) and not asks(match[1]) and asks(match[2]):
        return tuple(dict.fromkeys([*candidates(f"{match[1]}呢", history), whole]))
    if match := _new_part(question):
        return _parts_meant(before, match.group(1).strip("的 "), whole)
    if _without_particles(question) != question or _pronoun(question) or _PLACE.search(question):
        return (whole,)
    bare = COURTESY.sub("", question)
    readings = [whole, _put_before(matter(_root(history)), bare)]
    if history[-1].understood == history[-1].question:  # a subject of its own
        readings.append(_put_before(topic(before), bare))
    if has_noun(question) and not _LEAVES_OUT.match(bare):
        readings.append(question)
    return tuple(dict.fromkeys(readings))


def _parts_meant(before: str, part: str, whole: str) -> tuple[str, ...]:
    """Return the questions that a new part may stand for after the question `before`, the likeliest, `whole`, first."""
    if _pronoun(part) or in_place_of_its_like(before, part):
        return (whole,)
    if replaced := word_replaced(before, part):
        return tuple(dict.fromkeys([whole, replaced]))
    if topic(before) in part:
        return (whole, part)
    if one := one_of_those(before, part):
        return (whole, one)
    others = [name_replaced(before, part), part_put_in(before, part), subject_replaced(before, part)]
    return tuple(dict.fromkeys([whole, *others]))


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question completed from the turns before it; unchanged when it is complete or has no history."""
    history = _in_its_language(question, history)
    if not history:
        return question
    question = _turned(question)
    last = history[-1]
    before = _before(history)
    if _is_english(before) and not has_han(question):
        return _english(question, before)
    if match := _new_part(question):
        part = match.group(1)
        points = _pronoun(part)
        if not points or (attribute(before) and part[slice(*points)] not in _PERSONS):
            return _with_part(before, part)
        question = part
    question = _without_particles(question)
    if (match := _PLACE.search(question)) and not _meant_above(question, match.start()):
        place = last.reply.strip("。 ") if len(last.reply) <= _SHORT_REPLY and asks_place(before) else topic(before)
        return question.replace(match.group(), place)
    found = _pronoun(question)
    if found and _meant_above(question, found[0]):
        return question
    asked_above = found and question[slice(*found)] in _PERSONS and "谁" in question[: found[0]]
    if found and not asked_above:
        start, end = found
        person = question[start:end] in _PERSONS and "谁" in before and 0 < len(last.reply) <= _SHORT_REPLY
        meant = last.reply.strip("。 ") if person else subject(before)
        if question[start:end] in _PERSONS and not person:
            meant = _persons(history) or meant
        return question[:start] + meant + question[end:]
    if _names_its_subject(question):
        return question
    return _put_before(topic(_root(history)), COURTESY.sub("", question))


def _in_its_language(question: str, history: Sequence[Turn]) -> Sequence[Turn]:
    """Return the earlier turns in the language of a turn: nothing is taken over from another."""
    if has_han(question):
        return [turn for turn in history if not _is_english(turn.question)]
    return [turn for turn in history if not has_han(turn.question)] if _is_english(question) else history


def _turned(question: str) -> str:
    """Return a turn as a question or a new part: a correction as what it means, a thing that is only named with 呢."""
    corrected = openings.meant(question)
    text = openings.bare(corrected or question)
    named = bool(corrected) or openings.names_only(text)
    return f"{text.rstrip('。.！! ')}呢" if named and not asks(text) and not asks_whether(text) else text


def _before(history: Sequence[Turn]) -> str:
    """Return the last question of a history as a whole one."""
    last = history[-1]
    return first_asked(last.understood or standalone(last.question, history[:-1]))


def _root(history: Sequence[Turn]) -> str:
    """Return the last question of a history that says itself what it is about, as a whole one."""
    for number in range(len(history) - 1, 0, -1):
        turn = history[number]
        turned = _turned(turn.question)
        if _names_its_subject(turned):
            return _before(history[: number + 1])
        if _new_part(turned):
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


def _new_part(question: str) -> re.Match[str] | None:
    """Return the match of a turn that only names another part: 那医生呢. One with a question word is a question."""
    match = _ONLY_A_NEW_PART.match(question)
    return None if match and asks(match.group(1)) else match


def _without_particles(question: str) -> str:
    """Return a question without the particles that join it to the turn before: 那校车几点呢 → 校车几点."""
    match = _ONLY_A_NEW_PART.match(question)
    return match.group(1) if match else question


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


def _pronoun(text: str) -> tuple[int, int] | None:
    """Return the span of the first word that refers back. It must be a whole word, so 他 in 其他 does not count."""
    tagged = rjieba.tag(text)
    place = 0
    for number, (word, _) in enumerate(tagged):
        end = place + len(word)
        if word in _PERSONS or word in _THINGS:
            return place, end
        if _POINTS.fullmatch(word) and number + 1 < len(tagged) and tagged[number + 1][1] in NOUNS:
            return place, end + len(tagged[number + 1][0])
        place = end
    return None


def _meant_above(question: str, at: int) -> bool:
    """Return whether a word that refers back, `at` its place, means what the same question named before it.

    Example: 友谊学校谁建的，它在哪里？ A name says so, or two nouns. One alone may be of the turn before:
    费用多少，它在哪里？
    """
    ends = [match.end() for match in CLAUSE_END.finditer(question, 0, at)]
    above = [
        (word, tag)
        for word, tag in rjieba.tag(COURTESY.sub("", question[: ends[-1]] if ends else ""))
        if len(word) >= 2 and tag in NOUNS and not ASKS.search(word) and word not in EMPTY_NOUNS
    ]
    return len(above) >= 2 or any(tag in NAME_TAGS for _, tag in above)


def _is_english(text: str) -> bool:
    """Return whether a text has several words and no Chinese character. GDP alone counts as Chinese."""
    return not has_han(text) and len(text.split()) > 1


def _english(question: str, before: str) -> str:
    """Complete an English follow-up: exchange the year, or put the earlier subject before it."""
    part, year_before = _ENGLISH_YEAR_PART.match(question), _ENGLISH_YEAR.search(before)
    if part and year_before:
        return before.replace(year_before.group(), part["year"], 1)
    leaves_out = _ENGLISH_IT.search(question) and not _ENGLISH_NAME.search(question)
    # Of a question that was itself put behind a subject only the subject is taken on.
    about = _ENGLISH_ASKS.sub("", before.partition(": ")[0]).rstrip("? ")
    return f"{about}: {question}" if _ENGLISH_PART.match(question) or leaves_out else question


def _with_part(before: str, part: str) -> str:
    """Replace a year, a name of the same kind, or else the attribute of the earlier question by `part`."""
    if found := _pronoun(part):
        part = (part[: found[0]] + part[found[1] :]).strip("的 ") or part
    part = part.strip("的 ") or part
    if replaced := in_place_of_its_like(before, part) or like_replaced(before, part):
        return replaced
    if topic(before) in part:
        return part + before.rpartition(topic(before))[2]
    if not owned(before):
        return part + before
    kinds = {tag for word, tag in rjieba.tag(part) if tag.startswith("n")}
    if COUNTED.match(part) or PERSON.search(part):
        return part_put_in(before, part)
    if kinds & NAME_TAGS:
        for word, tag in rjieba.tag(before):
            if tag in kinds and tag != "n" and len(word) >= 2:
                return before.replace(word, part, 1)
    if match := _COUNTS_THINGS.match(before):
        return f"{match['head']}{part}？"
    if asked := attribute(before):
        return f"{asked.owner}的{part}{asked.asks}？" if asked.owner else f"{part}{asked.asks}？"
    if match := re.search(rf"(?:是|在|位于)?(?:{ASKS.pattern})", before):
        if rjieba.tag(part)[-1][1] == "v":  # another event: 学校什么时候奠基？ 那开学呢？
            return f"{topic(before)}{part}{match.group()}？"
        return part + before[match.start() :]
    return f"{topic(before)}的{part}是什么？"


def _names_its_subject(question: str) -> bool:
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
