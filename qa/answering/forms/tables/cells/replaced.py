"""The note below a table that puts something else in place of a cell: 12月10日晚班由某某代班, 负责人改为某某."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.asking import ASKS_FORMER
from qa.answering.forms.tables.cells.exceptions import sentences_below
from qa.answering.forms.tables.naming.names import LEAST
from qa.answering.forms.tables.reading import Cell, Row, bare
from qa.answering.question.days import Day, days, is_within, spans_of_days
from qa.answering.question.weekdays import weekdays
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding

_INSTEAD = r"(?:代[班值岗课诊为替管理]|[顶替](?:班|岗|诊|课|换)|顶替|替代|代|替)"
_TAKES_OVER = r"(?:接替|接任|接手|接管|继任|担任|负责|值班|值守|坐诊|出诊|上课|授课|主讲)"
# Who takes it: 由覃某代班; 由覃某负责.
_BY = re.compile(rf"[由请](?P<new>[\u4e00-\u9fff·]{{2,5}}?)(?:临时|暂时|暂|来)?(?:{_INSTEAD}|{_TAKES_OVER})")
# What it is now: 改为9:00, 改由覃某负责, 调整到三楼.
_INTO = re.compile(
    rf"(?:改|变更|调整|更换|更改|更正|[更调]?换)(?:为|成|到|至|在|由|请)\s*[：:]?\s*"
    rf"(?P<new>[^，,。；;、（）()\n]{{1,30}}?)(?={_INSTEAD}|{_TAKES_OVER}|[，,。；;、（）()\n]|$)"
)
_EXCHANGED = re.compile("[调对互交轮][换调]|[换调]班")
_FOR_A_TIME = re.compile(rf"{_INSTEAD}|暂|临时|期间|[休请]假|出差|外出|培训")
_SINCE = re.compile(r"[自从]?(?:(?:20\d\d年)?\d{1,2}月(?:\d{1,2}[日号])?|即日)起")
_CLAUSE_END = re.compile(r"[，,。；;\n]")
_PLACE_SINCE = 12  # characters between 自3月起 and 改为
_MOST_SAID = 60  # characters of a note that are said beside what the cell holds


@dataclass(frozen=True, slots=True)
class _Change:
    """What a clause of a note changes: its words, and the span of the new value where it names one."""

    words: str
    new: Span | None
    sentence: Span


def replaced(question: Normal, finding: Finding, row: Row, rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Return what a note below a table puts in place of the cell that answers, and the row behind it.

    The note names the row, and the column or what the cell says. Where it holds for a time only, or puts in something
    of another kind, both are said. Empty without such a note, and for a question that asks for what was first.
    """
    short, document = finding.short, finding.document
    place = next((n for n, cell in enumerate(row.cells) if short and short.overlaps(cell.span)), None)
    if place is None or place <= row.key or ASKS_FORMER.search(question):
        return ()
    cell = row.cells[place]
    told = None
    for change in _changes(document, row, rows):
        if _is_of(change.words, row, cell, rows):
            told = change  # a later note holds
    if told is None or (told.new and told.new.of(document.text) == cell.text):
        return ()
    note = Finding(document, headings_at(document, told.sentence.start), told.sentence)
    if told.new and _is_in_its_place(told, cell, row, document):
        return replace(note, short=told.new), replace(finding, short=None, verdict=None)
    return finding, replace(note, short=told.sentence if len(told.sentence) <= _MOST_SAID else None)


def _changes(document: Document, row: Row, rows: Sequence[Row]) -> Iterator[_Change]:
    """Yield the changes that the sentences below a table tell, each with the words that say of what it is."""
    for sentence in sentences_below(document, rows[-1].span.end, headings_at(document, row.span.start)):
        text = sentence.of(document.text)
        if _EXCHANGED.search(text):
            yield _Change(text, _other_person(document, sentence, row, rows), sentence)
            continue
        begin = 0
        for match in sorted((*_BY.finditer(text), *_INTO.finditer(text)), key=re.Match.start):
            if match.start() < begin:
                continue  # 改由…负责 is found twice
            end = _CLAUSE_END.search(text, match.end())
            since = match.start("new") if _days_of(row) else _since(text, begin, match)
            new = Span(sentence.start + since, sentence.start + match.end("new")).trimmed(document.text)
            begin, words = match.end(), text[begin : end.start() if end else len(text)]
            yield _Change(words, new, sentence)


def _since(text: str, begin: int, match: re.Match[str]) -> int:
    """Return where a new value begins, with the day since when it holds before it: 自3月起改为某某."""
    found = [one for one in _SINCE.finditer(text, begin, match.start()) if match.start() - one.end() <= _PLACE_SINCE]
    return found[-1].start() if found else match.start("new")


def _other_person(document: Document, sentence: Span, row: Row, rows: Sequence[Row]) -> Span | None:
    """Return where a note names the one other person of a table that changes places with one of a row."""
    text = sentence.of(document.text)
    words = {cell.text for one in rows for cell in one.cells[one.key + 1 :]}
    named = [one for one in words if len(one) >= LEAST and has_han(one) and not weekdays(one) and one in text]
    own = [one for one in named if any(cell.text == one for cell in row.cells)]
    others = [one for one in named if one not in own]
    if len(own) != 1 or len(others) != 1:
        return None
    start = sentence.start + text.index(others[0])
    return Span(start, start + len(others[0]))


def _is_of(words: str, row: Row, cell: Cell, rows: Sequence[Row]) -> bool:
    """Return whether words name a row and, of its cells, this one: by its column, or by what it says."""
    said = normalise(words)
    if not _names_row(said, row, rows):
        return False
    columns = {bare(one.column) for one in row.cells[row.key + 1 :]}
    named, rest = set(), str(said)
    for column in sorted(columns, key=len, reverse=True):
        if len(column) >= LEAST and column in rest:
            named.add(column)
            rest = rest.replace(column, " ")  # 夜班 is not named by 大夜班
    value = normalise(cell.text)
    return bare(cell.column) in named if named else len(value) >= LEAST and value in said


def _names_row(said: Normal, row: Row, rows: Sequence[Row]) -> bool:
    """Return whether words name a row: its day or weekday where it has one, else its name."""
    own_days = _days_of(row)
    if own_days and (told := spans_of_days(said, min(own_days)[0])):
        return any(is_within(day, span) for day in own_days for span in told)
    own_weekdays = {day for cell in _firsts(row) for day in weekdays(normalise(cell.text))}
    if own_weekdays and (asked := weekdays(said)):
        return bool(own_weekdays & asked)
    if own_days or own_weekdays:
        return False
    name = row.name
    others = [one.name for one in rows if one is not row and name in one.name and one.name in said]
    return len(name) >= LEAST and name in said and not others


def _is_in_its_place(change: _Change, cell: Cell, row: Row, document: Document) -> bool:
    """Return whether a new value stands in place of a cell for good, or on the very day of its row."""
    new = change.new.of(document.text) if change.new else ""
    since = _SINCE.match(new)
    value = new[since.end() :] if since else new
    alike = bool(re.search(r"\d", value)) == bool(re.search(r"\d", cell.text)) and has_han(value) == has_han(cell.text)
    return alike and bool(_days_of(row) or not _FOR_A_TIME.search(change.words))


def _days_of(row: Row) -> set[Day]:
    return {day for cell in _firsts(row) for day in days(normalise(cell.text))}


def _firsts(row: Row) -> Sequence[Cell]:
    """Return the cells by which a row is named: its day and its weekday, or its name."""
    return row.cells[: max(row.key, 1) + 1]
