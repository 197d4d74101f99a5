"""All cases of an amount where the question names none of them: 轻度200元，中度400元, or each row of a table."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import content, held
from qa.answering.forms.conditions import asked_values
from qa.answering.forms.figures import Figure, facts
from qa.answering.forms.tables.choosing import LEAST, column_named, distinguishes, rows_named, shared
from qa.answering.forms.tables.reading import Row, bare, table_at
from qa.answering.reader.base import Finding, Reading
from qa.answering.reply import MAX_QUOTE, UNSAID

MOST_CASES = 8
AMOUNT_ASKED = re.compile(r"多少|几(?![乎十百千])|多大|多长|多久|多高")
# One of all, or how they relate, is asked for and not each of them.
OF_ALL = re.compile(r"最|哪|谁|一共|总共|合计|平均|比|差|剩|其余|起步|封顶")
# Clauses end at these, but not within a number: 1,980元.
_CLAUSE = re.compile(r"(?:[^，,；;、。\n]|(?<=\d),(?=\d))+")
_LEAD = re.compile(r"^.*[：:]|^\s*(?:按照?|其中|对|凡|另|再)")
_LONGEST_NAME = 14
_NO_CONTENT = re.compile(r"[一每](?=[个件次人月年天晚张户])|收费|[钱块要给发领]")
# For how much an amount is, and no part of a name: 住宅类每件.
_PER = re.compile(r"(?:每[个一]?[\u4e00-\u9fff])+$")
_ELLIPTICAL = 6
# The one thing that an amount is for, and no case: 一件多少钱.
_ONE = re.compile(r"一(?=(?:[件次人张户晚天年份]|个月)(?!以))")


def with_all_cases(question: Normal, finding: Finding) -> Finding:
    """Return a finding whose shortest answer holds all cases of one sentence, where the question names none of them.

    Cases are clauses beside one another that hold one figure of one unit each, at their end, behind what they are for.
    """
    short, text = finding.short, finding.document.text
    if not short or not AMOUNT_ASKED.search(question) or OF_ALL.search(question) or _asks_case(question):
        return finding
    clauses = [Span(*match.span()) for match in _CLAUSE.finditer(text, finding.quote.start, finding.quote.end)]
    own = next((number for number, clause in enumerate(clauses) if short.lies_in(clause)), None)
    figure = _figure(clauses[own].of(text), "") if own is not None else None
    if own is None or figure is None:
        return finding
    unit = figure.unit
    named = {number: _named(clause.of(text), unit) for number, clause in enumerate(clauses)}
    run = [*takewhile(named.get, range(own, -1, -1))][::-1] + [*takewhile(named.get, range(own + 1, len(clauses)))]
    cases = [named[number] for number in run]
    if not 1 < len(run) <= MOST_CASES or not _parallel(cases) or _names_one(question, cases):
        return finding
    if not _holds(question, finding, finding.quote.of(text)):
        return finding  # its other words may name a case: 研究生 of 硕士
    first = clauses[run[0]]
    lead = _LEAD.match(first.of(text))
    start = first.start + (lead.end() if lead else 0)
    return replace(finding, short=Span(start, clauses[run[-1]].end).trimmed(text))


def each_case(question: Normal, reading: Reading, *, shown: bool) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return a line for each row of the table found, or all cases of the sentence, where the question names none.

    Of a reading that is not `shown`, the document has to hold all words of the question.
    """
    finding = reading.findings[0]
    if not AMOUNT_ASKED.search(question) or OF_ALL.search(question):
        return None
    if rows := table_at(finding.document, (finding.short or finding.quote).start):
        return None if _asks_case(question) else _of_rows(question, finding, rows, shown=shown)
    short, quote = finding.short_in_quote, finding.quote.of(finding.document.text)
    if shown or not short or reading.confidence < UNSAID or not _holds(question, finding, quote):
        return None
    several = len(facts(short.of(quote)).figures) > 1 and with_all_cases(question, finding).short == finding.short
    return (
        (AnswerForm(Form.PARTS, short.of(quote), None, (), "all cases of a sentence"), (finding,)) if several else None
    )


def _asks_case(question: Normal) -> bool:
    """Return whether a question names the figure of a case: 79岁."""
    return bool(asked_values(Normal(_ONE.sub("", question))))


def _of_rows(
    question: Normal, finding: Finding, rows: Sequence[Row], *, shown: bool
) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    whole = Span(rows[0].span.start, rows[-1].span.end)
    body = [row for row in rows if not row.header]
    place = _column(question, body)
    if place is None or not 1 < len(body) <= MOST_CASES or len(whole) > MAX_QUOTE:
        return None
    told = {row.cells[0].text: row.cells[place] for row in body}
    if len(told) < len(body) or not all(name and cell.text for name, cell in told.items()):
        return None
    if rows_named(question, rows) or any(distinguishes(question, row, body) for row in body):
        return None
    sure = _calls_column(question, body[0].cells[place].column) and _holds(
        question, finding, whole.of(finding.document.text)
    )
    if not shown and not sure:
        return None
    line = "\n".join(f"{name}：{cell.said}" for name, cell in told.items())
    operands = tuple(Operand(cell.text, name, 0) for name, cell in told.items())
    form = AnswerForm(Form.PARTS, line, None, operands, "each row of a table")
    return form, (replace(finding, quote=whole, short=None),)


def _calls_column(question: Normal, column: str) -> bool:
    """Return whether a question calls a column by its whole name."""
    name = bare(column)
    return len(name) > LEAST and name in question


def _holds(question: Normal, finding: Finding, quote: str) -> bool:
    """Return whether title, headings and quotation hold all words of a question that names no figure."""
    told = "\n".join([finding.document.title, *finding.headings, quote])
    wanted = content(_NO_CONTENT.sub("", question))
    return len(wanted) > LEAST and held(wanted, told) == 1.0 and not re.search(r"\d", question)


def _column(question: Normal, body: Sequence[Row]) -> int | None:
    """Return the column that is asked for: the one named, or the only one of figures; None where neither is one."""
    if not body or len({len(row.cells) for row in body}) > 1:
        return None
    named = column_named(question, body[0], body)
    of_figures = [n for n in range(1, len(body[0].cells)) if any(row.cells[n].figure for row in body)]
    place = named if named is not None else of_figures[0] if len(of_figures) == 1 else None
    return place if place in of_figures else None


def _figure(clause: str, unit: str) -> Figure | None:
    """Return the one figure of a clause in a unit, any where that is empty, with which the clause ends."""
    found = facts(clause)
    alike = [one for one in found.figures if one.unit and not one.ordinal and unit in ("", one.unit)]
    if not alike or len(found.copy) != len(clause) or (unit and len(alike) > 1):
        return None
    return alike[-1] if len(found.copy[alike[-1].end :].strip()) <= 1 else None


def _named(clause: str, unit: str) -> str:
    """Return what a clause says its figure is for; empty where it is no case."""
    figure = _figure(clause, unit)
    name = normalise(_LEAD.sub("", clause[: figure.start])).strip() if figure else ""
    return name if len(name) <= _LONGEST_NAME and _PER.sub("", name) else ""


def _parallel(names: Sequence[str]) -> bool:
    """Return whether names end alike, behind what tells each from the others, or only the first says for how much.

    Of 住宅类每件 and 非住宅类每件 one is the end of the other; 工作日每晚 and 周末 leave out what was said before.
    """
    bare, last = [_PER.sub("", name) for name in names], _behind(names)
    if len(set(bare)) < len(names):
        return False
    return bool(last) or (bare[0] != names[0] and bare[1:] == names[1:] and all(len(n) <= _ELLIPTICAL for n in bare))


def _behind(names: Sequence[str]) -> str:
    """Return the longest end that all names have in common."""
    pairs = takewhile(lambda chars: len(set(chars)) == 1, zip(*(reversed(name) for name in names), strict=False))
    return "".join(chars[0] for chars in pairs)[::-1]


def _names_one(question: Normal, names: Sequence[str]) -> bool:
    """Return whether a question holds anything that tells one of the cases from the others."""
    names = [_PER.sub("", name) for name in names]
    last = _behind(names)
    heads = [name[: len(name) - len(last)] for name in names]
    if "" in heads:
        heads = list(names)
    everywhere = set.intersection(*map(set, heads))
    if any(char in question for head in heads for char in set(head) - everywhere if char.isalnum()):
        return True
    return any(end - start >= LEAST for head in heads for start, end in [shared(head, question)])
