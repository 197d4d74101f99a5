"""Which column of a table a question asks the most of: by its name, by a verb or adjective, or by the unit of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rjieba

from corpus.text.normalise import normalise
from qa.answering.forms.computing.comparing import Comparison, content, unit_fits, units
from qa.answering.forms.tables.most.places import Place, places
from qa.answering.forms.tables.naming.columns import MEAL
from qa.answering.forms.tables.naming.names import LEAST, shared, told_places, word_starts
from qa.answering.forms.tables.reading import Row, bare
from qa.answering.question.words import has_han

WHICH = re.compile("哪|谁")
INDEX = re.compile(r"序号|编号|^号$")
ANY_YEAR = re.compile(r"(?:19|20)\d\d|(?<!\d)\d\d(?=年(?!以|内|来|期|龄|限))")
_OF_LENGTH = frozenset(["公里", "米", "年", "个月", "天", "小时", "分钟"])
_OF_PRICE = ("贵", "便宜", "划算")
# Adjectives, and what a column is called that they may compare by.
_CALLS = (
    (re.compile("[长短]"), re.compile(r"长|程|期")),
    (re.compile("[贵]|便宜|划算"), re.compile(r"价|租|费|票|薪|金额")),
    (re.compile("[远近]"), re.compile(r"里程|距离|路程|全程")),
    (re.compile("[忙闲]"), re.compile(r"人次|客流|流量|业务量|办件|办理量|人数|客运")),
)
_COUNTS = re.compile(r"([\u4e00-\u9fff])[数量](?:[（(]|$)")
# 空 of 空得最多: a verb that may be a part of the name of a column.
_VERB = re.compile(r"([\u4e00-\u9fff])[得的]最")
# Of a column and one of a part or an exception the first is meant: 合计 and 其中单日最高, 本县户籍 and 非本县户籍.
_ASIDE = re.compile("其中|非")
# What differs by less is told apart by the length of names alone.
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class _Called:
    """A column that a question may mean, what it shares with the question, and how well it fits."""

    name: str
    told: str
    score: float
    by_name: bool
    by_adjective: bool
    whole: bool


def column_asked(question: str, asked: Comparison, rows: Sequence[Row]) -> str:
    """Return the name of the one column that a question asks the most of; empty where it is not sure."""
    about = MEAL.sub(r"\1餐", without_kind(ANY_YEAR.sub("", asked.about), rows))
    wanted = _OF_LENGTH if asked.word in "长短" else units(asked.word + about)
    amount = "" if asked.word in _OF_PRICE else _noun_before_most(question)
    about = without_names_of_rows(about, rows)
    verb = _VERB.search(without_names_of_rows(without_kind(question, rows), rows))
    called: list[_Called] = []
    for name in dict.fromkeys(cell.column for row in rows for cell in row.cells):
        found = places(rows, name)
        # What is equal in all rows tells none of them from the others.
        if len({place.value for place in found}) < 2 or INDEX.search(name):
            continue
        fits = unit_fits(wanted, unit) if (unit := unit_of(found[0])) else 0.0
        one = _called(name, about, asked.word, fits=fits, verb=verb[1] if verb else "")
        by_unit = fits > 0 and amount in bare(name)
        # A whole name is told, whatever the unit: 岗位 counts no people.
        if (fits >= 0 and (one.by_name or one.by_adjective or by_unit)) or one.whole:
            called.append(one)
    return _surest(question, called)


def _called(name: str, about: str, word: str, *, fits: float, verb: str) -> _Called:
    copy, chars = bare(name), content(about)
    start, end = shared(copy, about)
    counted = _COUNTS.search(copy)
    told = end - start if end - start >= LEAST or _is_a_word(copy, about) else 0
    by_adjective = any(one.search(word) and of.search(copy) for one, of in _CALLS)
    counts = bool(counted and counted[1] in chars and word in ("多", "少"))
    by_verb = bool(verb) and verb in copy
    # Of equal ones the one whose name says least besides: not 其中单日最高 for all days.
    held = sum(char in copy for char in chars)
    score = 2 * (told + by_verb) + counts + by_adjective + fits + held / 10 - len(copy) / 1000
    by_name = bool(told or counts or by_verb)
    # Parts may make up the whole name: 月租一居室 of 一居室的月租.
    whole = told == len(copy) or (told >= LEAST and len(told_places(copy, about, "")) == len(copy))
    return _Called(name, about[start:end] if told else "", score, by_name, by_adjective, whole)


def _surest(question: str, called: Sequence[_Called]) -> str:
    """Return the best column of the year asked for, where it is surely the one; what names no year is of all."""
    by_name = any(one.by_name for one in called)
    years = years_in(question)
    of_years = [one for one in called if years_in(one.name)]
    of_the_year = [one for one in of_years if all(year in one.name for year in years)]
    without = [one for one in called if one not in of_years]
    called = (of_the_year + without if by_name else of_the_year or without) or called
    if not by_name:
        called = [one for one in called if one.by_adjective] or called
        # By the unit or an adjective alone one column is as good as another.
        return called[0].name if len(called) == 1 else ""
    ranked = sorted(called, key=lambda one: one.score, reverse=True)
    if len(ranked) > 1:
        best, next_best = ranked[:2]
        alike = best.told == next_best.told and not best.whole and best.score - next_best.score < _SURE
        alike = alike and (not _ASIDE.search(next_best.name) or bool(_ASIDE.search(best.name)))
        if alike or best.score == next_best.score:
            return ""
    return ranked[0].name if ranked else ""


def unit_of(place: Place) -> str:
    """Return the unit of a cell, without what is behind 元 or before it: 元 of 万元/年."""
    cell = place.cell
    return (cell.figure.unit if cell.figure else "") or cell.unit.split("/")[0].lstrip("万亿")


def years_in(question: str) -> list[str]:
    """Return the years that a question names, also in two digits: 25年."""
    return [year if len(year) > len("25") else f"20{year}" for year in ANY_YEAR.findall(question)]


def without_kind(question: str, rows: Sequence[Row]) -> str:
    """Return a question without what it says of the kind of rows before their name: 公租房 of 哪个公租房小区."""
    for name in _names_rows(rows):
        copy = re.escape(bare(name))
        question = (
            re.sub(rf"(哪一?[个家处座条所])[^，,的哪最]{{1,6}}?({copy})", r"\1\2", question) if copy else question
        )
    return question


def without_names_of_rows(about: str, rows: Sequence[Row]) -> str:
    """Return what is asked about without what it calls the rows: that is no column which they are compared by."""
    for name in _names_rows(rows):
        start, end = shared(bare(name), about)
        # 班名 ends within 名额 of 哪个班名额最多.
        whole = end - start >= LEAST and (end == len(about) or end in word_starts(about))
        about = about[:start] + " " + about[end:] if whole else about
    return about


def _names_rows(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the names of the columns whose first cell holds words without digits."""
    for cell in rows[0].cells:
        if has_han(cell.text) and not any(char.isdigit() for char in cell.text):
            yield cell.column


def _is_a_word(name: str, question: str) -> bool:
    """Return whether a name of one character stands in a question as a word of its own: no 户 of 贫困户."""
    return len(name) == 1 and has_han(name) and name in rjieba.cut(question, False)


def _noun_before_most(question: str) -> str:
    """Return what a question says there is most of: 资金 of 协作资金最多; empty where that is no noun (装人最多).

    A column that only has its unit is another one.
    """
    *before, (word, tag) = [("", ""), *rjieba.tag(question.partition("最")[0])]
    asked = bool(before) and WHICH.search(before[-1][0])
    return word if tag.startswith("n") and len(word) >= LEAST and not asked else ""


def rows_asked_for(question: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that hold the values which a question names: those of 初中, where one column says so."""
    kept = list(rows)
    for value in {cell.text for row in rows for cell in row.cells if len(cell.text) > 1}:
        holding = [row for row in kept if any(cell.text == value for cell in row.cells)]
        if normalise(value) in question and 1 < len(holding) < len(kept):
            kept = holding
    return kept
