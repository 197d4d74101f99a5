"""The row that has the most or the least of a column, in the table that was read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import rjieba

from corpus.document import Document
from corpus.text.headings.paths import heading_path
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import Comparison, content, superlative, unit_fits, units
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.columns import column_of_noun
from qa.answering.forms.tables.names import LEAST, shared
from qa.answering.forms.tables.reading import MOST_LINES, Cell, Row, bare, tables
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding

_TOTAL = re.compile(r"^(?:[全本]?[县市区省镇乡村校园]?(?:合计|总计|小计|共计|平均)|全[县市区省镇乡村校园]$)")
# Cells that say there is none, so that their row takes no part.
_NOTHING = re.compile(r"^(?:[-—–/／]+|无.{0,4}|没有|不[收开设])?$")
_ANY_YEAR = re.compile(r"(?:19|20)\d\d|(?<!\d)\d\d(?=年(?!以|内|来|期|龄|限))")
_ASKED_FOR = re.compile(r"哪一?(?P<kind>[个家种样项条类处所座趟批款辆台门场届级])?+(?P<noun>[\u4e00-\u9fff]{1,4})")
_ANY_KIND = ("", "个", "家", "种", "样", "项")
_ASKED_BEFORE = re.compile(r"([\u4e00-\u9fff]{2,4})(?:里头|里面|里|中|是)?哪")
_WHICH = re.compile("哪|谁")
_ITSELF = re.compile(r"最[^，,]{0,6}(?:多少|几|多[久长大高])")
_OF_ONE = re.compile(r"最(?:便宜|实惠|[贵高低大小长短重轻])的(?!一)[^，,]{0,3}(?:多少|几)")
_IN_TIME = re.compile("最[早晚先迟]")
_AMONG = re.compile(
    r"((?![这那哪些几们两三四五六七八九十]|.[些个们县市区镇])[\u4e00-\u9fff]{2})(?:里头?|里面|之中|当中|中[，,])[，,]?[^，,]{0,12}[哪谁]"
)
_OF_LENGTH = frozenset(["公里", "米", "年", "个月", "天", "小时", "分钟"])
_LONG = re.compile(r"长|程|期")
_OF_PRICE = ("贵", "便宜", "划算")
_COUNTS = re.compile(r"([\u4e00-\u9fff])[数量](?:[（(]|$)")
# A figure, or two that bound a span; no code, no time of day.
_FIGURES = re.compile(r"[约近]?[+-]?\d(?!.*(?:以上|以下|以内|起$))[^:：A-Za-z]*")
_INDEX = re.compile(r"序号|编号|^号$")

Value = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class _Place:
    """A row with its cell in the column asked for, and the least and the most that the cell says."""

    row: Row
    cell: Cell
    value: Value


def asks_which_is_most(question: Normal) -> bool:
    """Return whether a question asks which has the most or is the first, and not for the most itself: 最多等多久.

    Of 最便宜的多少钱, too, one row says nothing.
    """
    most = superlative(question) or _IN_TIME.search(question)
    which = most and _WHICH.search(question) and not _ITSELF.search(question)
    return bool(which or _OF_ONE.search(question))


def most_of_a_column(question: Normal, finding: Finding) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows of a question for the most or least in the table that a finding stands in.

    Where that table cannot say, the one other table of its document is taken that can. None for other questions, and
    where it is not sure which column or which rows are meant, or where a cell of the column cannot be compared.
    """
    document, place = finding.document, finding.quote.start
    own = _rows(document, place) if asks_which_is_most(question) else []
    if not own:
        return None
    if found := _most(question, document, own, finding.headings):
        return found
    starts = {rows[0].span.start for rows in tables(document)}
    others = {rows[0].span.start: rows for start in starts if (rows := _rows(document, start)) and rows != own}
    above = {start: heading_path(document.headings, document.text, start) for start in others}
    able = [
        found
        for start, rows in others.items()
        if (found := _most(question, document, rows, above[start])) and _are_asked_for(question, rows, found[0])
    ]
    return able[0] if len(able) == 1 else None


def _are_asked_for(question: str, rows: Sequence[Row], form: AnswerForm) -> bool:
    """Return whether 哪 asks for what the rows of another table are: 哪场, 哪个乡镇. What is compared names none."""
    compared = {operand.text for operand in form.operands}
    columns = [bare(cell.column) for row in rows[:1] for cell in row.cells if cell.text not in compared]
    asked = _ASKED_FOR.search(question)
    if not asked:
        return False
    kind, noun = asked["kind"] or "", asked["noun"]
    return any(noun[:LEAST] in column or (kind not in _ANY_KIND and kind in column) for column in columns)


def _most(
    question: Normal, document: Document, rows: Sequence[Row], above: Sequence[str]
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    asked = superlative(_without_names_of_most(question, rows))
    if not asked or len(rows) < 2 or not _is_about(question, document, rows, above):
        return None
    rows = _asked_for(question, rows)
    column = _column(question, asked, rows)
    places = _places(rows, column) if column else []
    if len(places) < 2:
        return None
    best = max if asked.more else min
    wanted = best(one.value[0] for one in places), best(one.value[1] for one in places)
    winners = [one for one in places if one.value == wanted]
    beaten = sorted((one for one in places if one.value != wanted), key=lambda one: one.value, reverse=asked.more)
    if not winners or not beaten:
        return None
    return _formed(question, asked, document, rows, winners=winners, next_best=beaten[0])


def _without_names_of_most(question: Normal, rows: Sequence[Row]) -> Normal:
    """Return a question in which the name of a column asks for no most: 最低水压最大的是哪条路."""
    for column in {bare(cell.column) for cell in rows[0].cells}:
        if len(column) > LEAST and "最" in column:
            question = Normal(question.replace(column, column.replace("最", " ")))
    return question


def _rows(document: Document, place: int) -> list[Row]:
    """Return all rows of the table that holds an offset, also beyond rows that head a group, but for totals."""
    whole = document.table(place)
    if whole and document.text.count("\n", 0, whole.span.end) >= MOST_LINES:
        return []  # rows may lie beyond
    found = [
        rows
        for rows in tables(document)
        if (whole and rows[0].span.lies_in(whole.span)) or rows[0].span.start <= place < rows[-1].span.end
    ]
    every = [row for rows in found for row in rows if not row.header]
    return [row for row in every if not any(_TOTAL.match(cell.text) for cell in row.cells[:2])]


def _is_about(question: str, document: Document, rows: Sequence[Row], above: Sequence[str]) -> bool:
    """Return whether the table or what stands above it names all years of a question, and what it asks the most among.

    文旅投诉里哪一类最多 asks of no table of visitors.
    """
    start = rows[0].span.start
    text, table = document.text[start : rows[-1].span.end], document.table(start)
    around = "\n".join((document.name, document.title, table.title if table else "", *above))
    among = _AMONG.search(question)
    named = [*_years(question), *([among[1]] if among else [])]
    return all(one in text or one in around for one in named)


def _asked_for(question: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that hold the values which a question names: those of 初中, where one column says so."""
    kept = list(rows)
    for value in {cell.text for row in rows for cell in row.cells if len(cell.text) > 1}:
        holding = [row for row in kept if any(cell.text == value for cell in row.cells)]
        if normalise(value) in question and 1 < len(holding) < len(kept):
            kept = holding
    return kept


def _column(question: str, asked: Comparison, rows: Sequence[Row]) -> str:
    """Return the name of the one column that a question asks the most of; empty where it is not sure."""
    about = _ANY_YEAR.sub("", asked.about)
    wanted = _OF_LENGTH if asked.word in "长短" else units(asked.word + about)
    amount = "" if asked.word in _OF_PRICE else _noun_before_most(question)
    for name in _names_rows(rows):  # what a question calls the rows is no column that they are compared by
        start, end = shared(bare(name), about)
        about = about[:start] + " " + about[end:] if end - start >= LEAST else about
    chars = content(about)
    ranked, by_name = [], False
    for name in dict.fromkeys(cell.column for row in rows for cell in row.cells):
        places = _places(rows, name)
        # What is equal in all rows tells none of them from the others.
        if len({place.value for place in places}) < 2 or _INDEX.search(name):
            continue
        cell = places[0].cell
        unit = (cell.figure.unit if cell.figure else "") or cell.unit.split("/")[0].lstrip("万亿")
        fits = unit_fits(wanted, unit) if unit else 0.0
        copy = bare(name)
        start, end = shared(copy, about)
        counted = _COUNTS.search(copy)
        told = end - start if end - start >= LEAST or _is_a_word(copy, about) else 0
        told = told or int(asked.word in "长短" and bool(_LONG.search(copy)))
        counts = bool(counted and counted[1] in chars and asked.word in ("多", "少"))
        by_unit = fits > 0 and amount in copy
        # A whole name is told, whatever the unit: 岗位 counts no people.
        if (fits >= 0 and (told or counts or by_unit)) or told == len(copy):
            # Of equal ones the one whose name says least besides: not 其中单日最高 for all days.
            held = sum(char in copy for char in chars)
            score = 2 * told + counts + fits + held / 10 - len(copy) / 1000
            ranked.append((score, name))
            by_name |= bool(told or counts)
    # Of columns of several years the one of the year asked for; what names no year is of all.
    years = _years(question)
    of_years = [one for one in ranked if _years(one[1])]
    of_the_year = [one for one in of_years if all(year in one[1] for year in years)]
    without = [one for one in ranked if one not in of_years]
    ranked = (of_the_year + without if by_name else of_the_year or without) or ranked
    if not by_name and len(ranked) > 1:
        return ""  # by the unit alone one column is as good as another
    ranked.sort(reverse=True)
    return ranked[0][1] if ranked and (len(ranked) == 1 or ranked[0][0] > ranked[1][0]) else ""


def _is_a_word(name: str, question: str) -> bool:
    """Return whether a name of one character stands in a question as a word of its own: no 户 of 贫困户."""
    return len(name) == 1 and has_han(name) and name in rjieba.cut(question, False)


def _noun_before_most(question: str) -> str:
    """Return what a question says there is most of: 资金 of 协作资金最多; empty where that is no noun (装人最多).

    A column that only has its unit is another one.
    """
    *before, (word, tag) = [("", ""), *rjieba.tag(question.partition("最")[0])]
    asked = bool(before) and _WHICH.search(before[-1][0])
    return word if tag.startswith("n") and len(word) >= LEAST and not asked else ""


def _years(question: str) -> list[str]:
    """Return the years that a question names, also in two digits: 25年."""
    return [year if len(year) > len("25") else f"20{year}" for year in _ANY_YEAR.findall(question)]


def _names_rows(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the names of the columns whose first cell holds no digit."""
    for cell in rows[0].cells:
        if not any(char.isdigit() for char in cell.text):
            yield cell.column


def _places(rows: Sequence[Row], column: str) -> list[_Place]:
    """Return the cells of a column that can be compared; empty where one of them says something else."""
    found = []
    for row in rows:
        cell = next((cell for cell in row.cells if cell.column == column), None)
        if cell is None or _NOTHING.match(cell.text):
            continue
        figures = [figure for figure in facts(cell.text).figures if not figure.ordinal]
        if not _FIGURES.fullmatch(cell.text) or not 0 < len(figures) < 3 or any(figure.bound for figure in figures):
            return []
        found.append(_Place(row, cell, (figures[0].value, figures[-1].value)))
    kinds = {one.cell.kind for one in found if one.cell.figure}
    return found if len(kinds) < 2 else []


def _name(question: str, one: _Place, rows: Sequence[Row]) -> str:
    """Return the cell that a question asks for, or else the first one in words that no other row has."""
    cells = [
        (place, cell)
        for place, cell in enumerate(one.row.cells)
        if cell is not one.cell
        and not _INDEX.search(cell.column)
        and not (_FIGURES.fullmatch(cell.text) and cell.figure)
    ]
    columns = [bare(cell.column) for _, cell in cells]
    behind, before = _ASKED_FOR.search(question), _ASKED_BEFORE.search(question)
    asked = None
    if behind:
        asked = column_of_noun("日期" if behind["noun"][0] == "天" else behind["noun"], columns)
    if asked is None and before:  # 安置点哪个
        asked = column_of_noun(before[1], columns, to_the_end=True)
    if asked is not None:
        return cells[asked][1].text
    for place, cell in cells:
        if cell.text not in {
            other.cells[place].text for other in rows if other is not one.row and place < len(other.cells)
        }:
            return cell.text
    return one.row.cells[0].text


def _formed(
    question: Normal,
    asked: Comparison,
    document: Document,
    rows: Sequence[Row],
    *,
    winners: Sequence[_Place],
    next_best: _Place,
) -> tuple[AnswerForm, tuple[Finding, ...]]:
    names = [_name(question, one, rows) for one in winners]
    verdict = "、".join(dict.fromkeys(names))
    line = f"{winners[0].cell.said} {'>' if asked.more else '<'} {next_best.cell.said}：{verdict}"
    told = [*winners[:2], next_best]
    headings = heading_path(document.headings, document.text, rows[0].span.start)
    findings = tuple(Finding(document, headings, one.row.span, one.cell.span) for one in told)
    operands = tuple(Operand(one.cell.text, _name(question, one, rows), place) for place, one in enumerate(told))
    return AnswerForm(Form.SUPERLATIVE, line, verdict, operands, "a column of one table"), findings
