"""Completes follow-up questions from the turns before them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from corpus.text.normalise import normalise
from qa.answering.forms.computing.comparing import compared
from qa.answering.question.new_parts import NOUNS, in_place_of_its_like, name_replaced, part_put_in, word_replaced
from qa.answering.question.words import ASKS, NAME_TAGS, has_han
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
_NAMES_AND_TIMES = NAME_TAGS | {"t"}
_EMPTY_NOUNS = frozenset(["时候", "情况", "问题", "办法", "东西", "地方"])
_TRAILING = frozenset(
    "的 是 在 有 由 被 把 对 于 为 了 共 一共 总共 将 要 能 会 可 可以 都 计划 目前 现在 当时 ， , 、".split()  # noqa: SIM905
)
_COURTESY = re.compile(
    r"^(?:请问一下|请问|你好|您好|我想知道|我想了解|麻烦问一下|想问一下|"
    r"(?:请|麻烦)?[你您]?(?:帮|给|跟)我(?:说说|讲讲|说一下|讲一下|介绍一下|查一下|查查|看看|看一下))[，, ]*"
)
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
_CLAUSE_END = re.compile(r"[，,；;。？?]")
_COUNTS_THINGS = re.compile(
    r"^(?P<head>.+(?:多少(?!钱)|好多(?!钱)|哪些|几(?!点))[个家所位名对项条座人次批张种]{0,2})[\u4e00-\u9fff]{2,12}?[？?]?$"
)
_ASKS_ATTRIBUTE = re.compile(
    rf"^(?P<of>.{{2,40}}?)(?P<asks>(?:一共|总共)?(?:是|为|有|达到|在)?(?:{ASKS.pattern})钱?)[？?。]*$"
)


def asks(text: str) -> bool:
    """Return whether a Chinese text contains a question word; a keyword does not."""
    return bool(ASKS.search(text))


def candidates(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the standalone questions that a turn may stand for, at least one. The caller picks the best answered.

    Example: after a ticket price, 停车费多少 may be about the same place or about any.
    """
    whole = standalone(question, history)
    if not history or whole == question or _is_english(question):
        return (whole,)
    before = _first_asked(standalone(history[-1].question, history[:-1]))
    if (match := _NEW_PART_AND_MORE.match(question)) and not asks(match[1]) and asks(match[2]):
        return tuple(dict.fromkeys([*candidates(f"{match[1]}呢", history), whole]))
    if match := _new_part(question):
        part = match.group(1).strip("的 ")
        if in_place_of_its_like(before, part):
            return (whole,)
        if replaced := word_replaced(before, part):
            return tuple(dict.fromkeys([whole, replaced]))
        return tuple(dict.fromkeys([whole, name_replaced(before, part), part_put_in(before, part)]))
    if _without_particles(question) != question or _pronoun(question) or _PLACE.search(question):
        return (whole,)
    return (whole, question) if _has_noun(question) else (whole,)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question completed from the turns before it; unchanged when it is complete or has no history."""
    if not history:
        return question
    last = history[-1]
    before = _first_asked(standalone(last.question, history[:-1]))
    if _is_english(before) and not has_han(question):
        return _english(question, before)
    if _is_english(before) or _is_english(question):
        return question  # nothing is taken over from another language
    if match := _new_part(question):
        return _with_part(before, match.group(1))
    question = _without_particles(question)
    if (match := _PLACE.search(question)) and not _meant_above(question, match.start()):
        place = last.reply.strip("。 ") if len(last.reply) <= _SHORT_REPLY and _asks_place(before) else topic(before)
        return question.replace(match.group(), place)
    found = _pronoun(question)
    if found and _meant_above(question, found[0]):
        return question
    asked_above = found and question[slice(*found)] in _PERSONS and "谁" in question[: found[0]]
    if found and not asked_above:
        start, end = found
        person = question[start:end] in _PERSONS and "谁" in before and 0 < len(last.reply) <= _SHORT_REPLY
        meant = last.reply.strip("。 ") if person else _subject(before)
        return question[:start] + meant + question[end:]
    return question if _names_its_subject(question) else _put_before(topic(before), _COURTESY.sub("", question))


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
    if about in question:
        return question
    if not _AMOUNT.search(question):
        about = _PER.sub("", about)
    if _AMOUNT_NAME.search(about) and _has_noun(question):
        about = _without_last_word(about) or about
    shared = next((n for n in range(min(len(about), len(question)), 1, -1) if about.endswith(question[:n])), 0)
    return about + question[shared:]


def _without_last_word(text: str) -> str:
    """Return a text without its last word and the 的 before it; empty where no noun is left."""
    rest = "".join(rjieba.cut(text)[:-1]).removesuffix("的")
    return rest if len(rest) >= 2 and _has_noun(rest) else ""


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
    ends = [match.end() for match in _CLAUSE_END.finditer(question, 0, at)]
    above = [
        (word, tag)
        for word, tag in rjieba.tag(_COURTESY.sub("", question[: ends[-1]] if ends else ""))
        if len(word) >= 2 and tag in NOUNS and not ASKS.search(word) and word not in _EMPTY_NOUNS
    ]
    return len(above) >= 2 or any(tag in NAME_TAGS for _, tag in above)


def _has_noun(question: str) -> bool:
    return any(
        tag in NOUNS and len(word) >= 2 and not ASKS.search(word) and word not in _EMPTY_NOUNS
        for word, tag in rjieba.tag(_COURTESY.sub("", question))
    )


def _is_english(text: str) -> bool:
    """Return whether a text has several words and no Chinese character. GDP alone counts as Chinese."""
    return not has_han(text) and len(text.split()) > 1


def _english(question: str, before: str) -> str:
    """Complete an English follow-up: exchange the year, or put the earlier subject before it."""
    part, year_before = _ENGLISH_YEAR_PART.match(question), _ENGLISH_YEAR.search(before)
    if part and year_before:
        return before.replace(year_before.group(), part["year"], 1)
    leaves_out = _ENGLISH_IT.search(question) and not _ENGLISH_NAME.search(question)
    about = _ENGLISH_ASKS.sub("", before).rstrip("? ")
    return f"{about}: {question}" if _ENGLISH_PART.match(question) or leaves_out else question


def _first_asked(question: str) -> str:
    """Return the question without a second thing that it asks: 学校什么时候建的，校长是谁？ → 学校什么时候建的."""
    asks = ASKS.search(question)
    end = _CLAUSE_END.search(question, asks.end()) if asks else None
    return f"{question[: end.start()]}？" if end and question[end.end() :].strip() else question


def topic(question: str) -> str:
    """Return what a question is about: the words before its question word, or after it when it begins with one."""
    question = _COURTESY.sub("", question)
    match = ASKS.search(question)
    head = _without_trailing(question[: match.start()]) if match else question.rstrip("？?。")
    if len(head) >= 2:
        return head
    tail = question[match.end() :] if match else ""
    return tail.strip("？?。的了是 ") or question.rstrip("？?。")


def _without_trailing(text: str) -> str:
    tagged = rjieba.tag(text)
    while len(tagged) > 1 and (tagged[-1][0] in _TRAILING or tagged[-1][1] == "v"):
        tagged.pop()
    words = [word for word, _ in tagged]
    return "" if words and words[-1] in _TRAILING else "".join(words)


def _with_part(before: str, part: str) -> str:
    """Replace a year, a name of the same kind, or else the attribute of the earlier question by `part`."""
    if found := _pronoun(part):
        part = (part[: found[0]] + part[found[1] :]).strip("的 ") or part
    part = part.strip("的 ") or part
    if replaced := in_place_of_its_like(before, part):
        return replaced
    kinds = {tag for word, tag in rjieba.tag(part) if tag.startswith("n")}
    if kinds & NAME_TAGS:
        for word, tag in rjieba.tag(before):
            if tag in kinds and tag != "n" and len(word) >= 2:
                return before.replace(word, part, 1)
    if match := _COUNTS_THINGS.match(before):
        return f"{match['head']}{part}？"
    if asked := _attribute(before):
        return f"{asked.owner}的{part}{asked.asks}？" if asked.owner else f"{part}{asked.asks}？"
    if match := re.search(rf"(?:是|在|位于)?(?:{ASKS.pattern})", before):
        if rjieba.tag(part)[-1][1] == "v":  # another event: 学校什么时候奠基？ 那开学呢？
            return f"{topic(before)}{part}{match.group()}？"
        return part + before[match.start() :]
    return f"{topic(before)}的{part}是什么？"


def _subject(question: str) -> str:
    """Return what a question is about, without the attribute it asks for: 万凯项目的产能是多少？ → 万凯项目."""
    asked = _attribute(question)
    if not asked or not asked.owner:
        return topic(question)
    return f"{asked.owner}的{asked.between}" if asked.between else asked.owner


@dataclass(frozen=True, slots=True)
class _Attribute:
    """An attribute and its owner: 新建的 | 项目 | 总投资 | 是多少. The words `between` may belong to either."""

    owner: str
    between: str
    asks: str


def _attribute(question: str) -> _Attribute | None:
    match = _ASKS_ATTRIBUTE.match(_COURTESY.sub("", question))
    if not match:
        return None
    owner, separator, rest = match["of"].rpartition("的")
    tagged = rjieba.tag(rest)
    if not tagged or tagged[-1][1] not in NOUNS | {"v"}:
        return None
    tagged.pop()
    if tagged and tagged[-1][0] == "总":
        tagged.pop()
    between = "".join(word for word, _ in tagged)
    return _Attribute(owner, between, match["asks"]) if separator else _Attribute(between, "", match["asks"])


def _asks_place(question: str) -> bool:
    return bool(re.search(r"哪里|哪儿|什么地方|何处|何地|哪个(?:园区|地方|区|县|镇)", question))


def _names_its_subject(question: str) -> bool:
    """Return whether a question is complete by itself.

    It holds a name, a time, an errand, two nouns, or two things to be compared.
    """
    question = _COURTESY.sub("", question)
    if _ERRAND.match(question) or compared(normalise(question)):
        return True
    tagged = rjieba.tag(question)
    if any(tag in _NAMES_AND_TIMES and len(word) >= 2 for word, tag in tagged):
        return True
    nouns = [
        word for word, tag in tagged if tag in NOUNS and len(word) >= 2 and not ASKS.search(word) and word != "时候"
    ]
    return len(nouns) >= 2 and len(question) >= 10
