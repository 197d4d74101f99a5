"""Splits a question that asks for several things, so that each is answered or reported as missing."""

import re
from dataclasses import dataclass
from itertools import pairwise

import rjieba

from qa.answering.question import follow_ups
from qa.answering.question.topics import attribute, has_noun, owned, without_trailing
from qa.answering.question.words import ENGLISH_WH, WH
from qa.answering.reply import Turn

# How many parts are looked up; each is read as long as a question of its own.
MOST_PARTS = 6
# Characters up to which each clause is taken at its word; longer questions tell a story first.
LONGEST_BRIEF = 40

_ASKS = re.compile(rf"{WH}|\b(?:{ENGLISH_WH})\b", re.IGNORECASE)
# Yes or no, asked in so many words; 吧 and 嘛 end statements, too.
_WHETHER = re.compile(
    r"(?P<verb>[\u4e00-\u9fff])不(?P=verb)|有没有|是否|能否|可否|有无|"
    r"(?:吗|不|没|没有|没得)[啊呀哦呢哈的了]?[？?；;，,、。 ]*$"
)
# 几 that counts nothing asked for: 那几只, 几十种, 办卡的几个网点.
_INDEFINITE = re.compile(r"[这那好前后近头十]几|几[十百千]|(?<=的)几(?=[个家处所])")
# What is said beside a question, and what leaves a condition open.
_ASIDE = re.compile(
    r"知道|晓得|清楚|了解|告诉|请问|麻烦|方便|(?:对|是|行|好|可以|能)(?:吗|不)|不管|无论|不论|如果|要是"
)
# Clauses end at a mark outside of quotation marks, or before an English question word that "and" joins.
_CLAUSE = re.compile(rf"(?:《[^》]*》|“[^”]*”|(?! and (?:{ENGLISH_WH})\b)[^？?；;，,。])+[？?；;，,。]*", re.IGNORECASE)
# 、 stands between the members of one list, and between whole questions: 几时开、在哪里开. Outside of names.
_PIECE = re.compile(r"(?:《[^》]*》|“[^”]*”|[（(][^）)]*[）)]|[^、])+、*")
# A question word behind one of these belongs to a verb that follows: 由谁、怎么处理.
_OF_A_VERB = re.compile(rf"[由被向跟从对按凭靠把让请派](?:{WH})[个家人里儿点]?$")
_OPENED = re.compile(r"(?:[^：:]{4,}|(?:请问|咨询|求助|打听)下?)[：:](?!\d)")
# What an opening says to whom it speaks, beside what the question is about: 您好，咨询一下; 请教一下各位.
_GREETING = re.compile(
    r"[你您]们?好|大家好?|各位|工作人员|老师|同志|领导|咨询|请教|打听|求助|麻烦|请问|想问|问|一下|[个件]?事情?"
)
# It announces as many figures: each is of its own, and none of what the first is of.
_ANNOUNCES_FIGURES = re.compile(r"(?:数|数字|数据|数值|指标)[：:]$")
# What belongs to the matter that is asked about before it.
_OF_A_MATTER = re.compile(
    r"(?:材料|证件|资料|手续|流程|程序|条件|标准|时间|[时期]限|地[点址]|窗口|大厅|办公室|电话|号码?|人员?|对象|范围|比例|金额|"
    r"[表书单函图费价租款额]|照片|结果)$"
)
# A question word with what stands around it in any question.
_ASKED_FOR = re.compile(rf"[去在到要]?(?:{WH})[里儿边个些天年月日号点家人次]?")
# 先修谁、再修谁 asks for one order.
_FOLLOWS = re.compile(r"再|然后|最后|接着|后")
_CAN_NOT = re.compile(r"不了$")
_JOINING = re.compile(
    r"^(?:以及|还有|并且|而且|另外|同时|那么?(?![里儿边个些位家所次项种年天时])|又|and)\s*", re.IGNORECASE
)
_AND = re.compile(r"和|与|跟|及|以及|、")
# Words after two things that ask for both.
_BOTH = re.compile(
    r"(?P<things>.{2,60}?)(?:分别|各自|各(?=有|是|为|多|几|在)|加起来|加在一起|合起来|合计|一共(?=有|是|多|几)|总共(?=有|是|多|几)|相差)"
    r"(?:一共|总共)?(?P<asked>.{2,30})"
)
_MEASURE = "[元块万亿件人个次天吨亩米家户]"
# Which is the most, and how much that is, is one thing: 最贵的是哪门课，多少钱.
_WHICH_IS_MOST = re.compile("最.*[哪谁]|[哪谁].*最")
_HOW_MUCH = re.compile(rf"(?:[是有为共要收]|达到?)?(?:多少|好多|几(?={_MEASURE}))(?:块?钱|{_MEASURE}{{0,3}})[？?。 ]*")
# Behind a question and a comma it tells of a name and asks nothing: the number of Mr Wu, who is in charge.
_RELATIVE = re.compile(
    r"\s*(?:who|which|whose|whom|where)\b(?! (?:is|are|was|were|do|does|did|can) (?:the|there|my|I|we)\b)"
    r"(?!.*\b(?:it|they|them)\b)",
    re.IGNORECASE,
)
# Years side by side, all asked for: 2019和2023年分别, 2021年、2022年各有.
_YEAR = r"(?:19|20)\d\d"
_YEARS = re.compile(rf"{_YEAR}年?度?(?:\s*(?:和|与|跟|及|以及|、)\s*{_YEAR}年?度?)+")
_EACH = re.compile(r"分别|各自|各(?=有|是|为|多|几|在)")


@dataclass(frozen=True, slots=True)
class Part:
    """What a part of a question asks, in the words it is asked in and as a question `whole` in itself.

    `year` is that of one year among several that are asked for, empty for other parts. `fuller` completes the part by
    all words before the first question word, verbs too (招聘体检), where `whole` leaves some out; empty otherwise.
    """

    asked: str
    whole: str
    year: str = ""
    fuller: str = ""


def parts(question: str) -> tuple[Part, ...]:
    """Return all the questions that a question consists of; empty when it asks for one thing only."""
    clauses = _asking_clauses(question)
    if len(clauses) > 1:
        first = _asked(clauses[0])
        rest = [_asked(_whole(clause, first, listed=before.endswith("、"))) for before, clause in pairwise(clauses)]
        called = [clauses[0].removeprefix(_opening(clauses[0])), *clauses[1:]]
        return tuple(
            Part(_bare(clause), whole, fuller=_fuller(clause, whole, first))
            for clause, whole in zip(called, (first, *rest), strict=True)
        )
    return _each_of_years(question) or _each_of_two(question)


def _whole(clause: str, first: str, *, listed: bool) -> str:
    """Return a later clause as a question in itself: completed by the first, behind what a colon opens for all.

    Of figures that are announced, and of what an opening names, nothing is completed by the first; nor is what is
    `listed` behind 、 and names a thing of its own.
    """
    opening = _opening(first)
    told = first.removeprefix(opening)
    if _ANNOUNCES_FIGURES.search(opening):
        return opening + clause
    if listed and _stands_alone(clause, told):
        return opening + _before_both(_before_asking(told), _before_asking(clause)) + clause
    if has_noun(_GREETING.sub("", opening)) and (has_noun(clause) or not has_noun(told)):
        return opening + clause
    # 能不能报销、报多少 is one part, of what its first piece is.
    piece = _PIECE.match(told)
    told = _bare(piece.group()) if piece and _WHETHER.search(piece.group()) else told
    return opening + follow_ups.standalone(clause, [Turn(told, "")])


def _fuller(clause: str, whole: str, first: str) -> str:
    """Return a clause without a noun behind all that the first says before it asks; empty where that is `whole`."""
    match = _ASKS.search(first)
    if not match or has_noun(clause) or whole == first:
        return ""
    fuller = _asked(first[: match.start()] + clause)
    return fuller if fuller != whole else ""


def _stands_alone(clause: str, first: str) -> bool:
    """Return whether a clause names a thing of its own, and nothing that belongs to the first's.

    It does where it is asked as the first, or named like it: 水费怎么交、电费怎么交. Else a noun of three characters.
    """
    head, of = (_before_asking(text) for text in (clause, first))
    if not has_noun(head) or not has_noun(of):
        return False
    if attribute(clause) and owned(first):
        return False
    alike = head[-1] == of[-1] or _bare(clause)[len(head) :] == _bare(first)[len(of) :]
    return alike or not owned(first) or (len(head) > 2 and not _OF_A_MATTER.search(head))


def _before_asking(text: str) -> str:
    """Return what stands before the question word, without the verbs at its end."""
    match = _ASKS.search(text)
    return without_trailing(text[: match.start()]) if match else ""


def _opening(clause: str) -> str:
    """Return what stands before a colon without asking, with the colon: 想了解两个数：人口多少; empty without one."""
    match = _OPENED.match(clause)
    return match.group() if match and not _asks(match.group()) else ""


def _each_of_years(question: str) -> tuple[Part, ...]:
    """Split 2019和2023年的产值分别是多少？ into the same question of each year; each part is called by its year."""
    match = _YEARS.search(question)
    if not match or not _EACH.search(question) or not _ASKS.search(question):
        return ()
    before, behind = question[: match.start()], _EACH.sub("", question[match.end() :], count=1)
    years = list(dict.fromkeys(re.findall(_YEAR, match.group())))
    return tuple(Part(f"{year}年", _asked(f"{_EACH.sub('', before)}{year}年{behind}"), year) for year in years)


def _asking_clauses(question: str) -> list[str]:
    """Return the clauses that ask, each together with the clauses before it that do not."""
    clauses: list[str] = []
    waiting = ""
    brief = len(question) <= LONGEST_BRIEF
    for clause in _clauses(question, brief=brief):
        relative = _RELATIVE.match(clause) and clauses and clauses[-1].endswith(",")
        if relative or (clauses and _HOW_MUCH.fullmatch(clause) and _WHICH_IS_MOST.search(clauses[-1])):
            clauses[-1] += clause
            continue
        waiting += clause
        # Yes or no before another question only leads to it: 有没有结对子，结了几对.
        whether = bool(clauses) and brief and _asks_whether(clause)
        if whether or _asks(clause):
            clauses.append(_JOINING.sub("", waiting.strip()))
            waiting = ""
    return clauses


def _clauses(question: str, *, brief: bool) -> list[str]:
    """Return the clauses of a question, cut at each 、 that has a question of its own on either side, too."""
    clauses: list[str] = []
    for clause in _CLAUSE.findall(question):
        first, *others = _PIECE.findall(clause)
        of = any(map(_asks, clauses))
        clauses.append(first)
        for piece in others:
            follows = _FOLLOWS.match(piece) and "先" in clauses[-1]
            asks = _asks(piece) or (brief and _asks_whether(piece) and not _CAN_NOT.search(_bare(piece)))
            if asks and not follows and _is_whole(clauses[-1], of=of, brief=brief):
                clauses.append(piece)
                of = True
            else:
                clauses[-1] += piece
    return clauses


def _is_whole(clause: str, *, of: bool, brief: bool) -> bool:
    """Return whether a clause before 、 asks a whole question: 哪里、怎么办理 does not say of what.

    `of` says whether one before it does.
    """
    bare = _bare(clause)
    asks = _asks(clause) or (brief and _asks_whether(clause))
    return asks and not _OF_A_VERB.search(bare) and (of or len(_ASKED_FOR.sub("", bare)) > 1)


def _asks(clause: str) -> bool:
    return bool(_ASKS.search(_INDEFINITE.sub("", clause)))


def _asks_whether(clause: str) -> bool:
    return bool(_WHETHER.search(clause)) and not _ASIDE.search(clause)


def _each_of_two(question: str) -> tuple[Part, ...]:
    """Split A和B分别是多少？ into A是多少？ and B是多少？. Words before or after both go with each."""
    match = _BOTH.match(question)
    if not match or not _ASKS.search(match["asked"]):
        return ()
    things = [thing.strip("，, ") for thing in _AND.split(match["things"])]
    if len(things) != 2 or not all(len(thing) >= 2 for thing in things):
        return ()
    first, second = things
    _, of, shared = second.partition("的")
    behind = of + shared if shared and "的" not in first else ""
    before = _before_both(first, second.removesuffix(behind))
    return (
        Part(_bare(first + behind), _asked(first + behind + match["asked"])),
        Part(_bare(before + second), _asked(before + second + match["asked"])),
    )


def _before_both(first: str, second: str) -> str:
    """Return the leading words of the first thing that its shorter second leaves out."""
    words = rjieba.cut(first)
    length = 0
    while words and length < len(second):
        length += len(words.pop())
    return "".join(words)


def _bare(question: str) -> str:
    return question.strip("？?；;，,、。 ")


def _asked(question: str) -> str:
    return _bare(question) + ("？" if re.search(r"[\u4e00-\u9fff]", question) else "?")
