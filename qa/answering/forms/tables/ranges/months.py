"""The row and the column of the month that a question names: 1月 is of 淡季（11月至3月）, and of no roster of 5月."""

import re
from collections.abc import Sequence

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.clauses.cases import sentence_like
from qa.answering.forms.tables.reading import Row, bare

# What is made anew each month. Other titles bear the month in which they were issued.
_OF_A_MONTH = re.compile(
    r"值班|值日|值守|排班|轮[班值]|安排|日程|课程?表|食谱|菜[谱单]|[坐出]诊|开诊|计划表|巡[诊讲展]|放映|场次"
)
_MONTH = re.compile(r"(?<![\d个第])(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?!\d|[内前后底中]|[上下]旬)")
_IN_MONTH = re.compile(r"(?<![\d个第])(1[0-2]|[1-9])月(?=\d{1,2}[日号])")
_SPAN = re.compile(
    r"(?P<first>1[0-2]|[1-9])月(?:1日)?\s*[至到—–~～-]+\s*(?:次年|翌年|第二年)?(?P<last>1[0-2]|[1-9])月(?:底|(?:28|29|30|31)日)?(?!\d)"
)
_SEASON = re.compile("[旺淡平春夏秋冬](?:[、和/]?[春夏秋冬])?[季令天](?:时间?)?|[夏冬]时制?|月份")
_FIRST = 3  # columns that may name the months
_UNTIL = re.compile(r"[至到—–~～-]\s*(?:(?:20\d\d年)?\d{1,2}月|\d)")


def of_another_month(question: Normal, rows: Sequence[Row], *, above: str) -> bool:
    """Return whether a question names one month, and what stands above a roster or a plan names another one alone.

    What a row or a column names is compared elsewhere.
    """
    asked, heading = _months(question), normalise(above)
    told = _months(heading) if len(asked) == 1 and _OF_A_MONTH.search(heading) else set()
    if len(told) != 1 or asked == told or _UNTIL.search(heading):
        return False
    return not any(asked & _months(normalise(cell.column + cell.text)) for row in rows for cell in row.cells)


def column_of_the_month(question: Normal, row: Row, place: int | None) -> int | None:
    """Return the column of the same thing in the months that hold the one of a question, where that found is of others.

    Example: 冬季（10月至4月）开放时间, in place of 夏季（5月至9月）开放时间.
    """
    month = _month(question)
    if month is None or place is None or not of_other_months(question, row.cells[place].column):
        return None
    thing = _SEASON.sub("", bare(row.cells[place].column))
    same = [n for n, cell in enumerate(row.cells) if _SEASON.sub("", bare(cell.column)) == thing]
    found = [n for n in same if _holds(row.cells[n].column, month)]
    return found[0] if len(found) == 1 else None


def of_other_months(question: str, column: str) -> bool:
    """Return whether a column is of months among which the one of a question is not."""
    month = _month(question)
    return month is not None and _holds(column, month) is False


def row_of_the_month(question: Normal, row: Row, rows: Sequence[Row]) -> Row | None:
    """Return the one row of months that hold the one of a question, where the row found is of others; else None.

    It is called like the row found, but for the months.
    """
    month = _month(question)
    for place, cell in enumerate(row.cells[:_FIRST] if month else ()):
        if month is None or _holds(cell.text, month) is not False:
            continue
        like = [one for one in rows if not one.header and place < len(one.cells)]
        like = [one for one in like if all(one.cells[n].text == row.cells[n].text for n in range(place))]
        found = [one for one in like if _holds(one.cells[place].text, month)]
        return found[0] if len(found) == 1 else None
    return None


def sentence_of_the_month(question: Normal, text: str, quote: Span, within: Span) -> Span | None:
    """Return the sentence for the month of a question, where `quote` says the same of other months; else None.

    Example: 冬季（10月至次年4月）：17:00停止入园, in place of 夏季（5月至9月）：20:00停止入园.
    """
    month = _month(question)
    if month is None or _holds(quote.of(text), month) is not False:
        return None
    return sentence_like(text, quote, within, lambda words: bool(_holds(words, month)))


def _month(question: str) -> int | None:
    """Return the one month that a question names, with a day or alone; None unless it names one."""
    asked = _months(question) | {int(month) for month in _IN_MONTH.findall(question)}
    return asked.pop() if len(asked) == 1 and not _SPAN.search(question) else None


def _holds(text: str, month: int) -> bool | None:
    """Return whether a month is in the one span of months that a text names; None where it names none, or several."""
    spans = list(_SPAN.finditer(normalise(text)))
    if len(spans) != 1:
        return None
    first, last = int(spans[0]["first"]), int(spans[0]["last"])
    # From November to March the last month is the smaller one.
    return first <= month <= last if first <= last else month >= first or month <= last


def _months(text: str) -> set[int]:
    return {int(month) if month.isdecimal() else whole_number(month) for month in _MONTH.findall(text)}
