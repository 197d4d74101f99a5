"""The month of a roster or a plan that is of one month: what it says of 5月 does not answer for 6月."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.tables.reading import Row

# What is made anew each month. Other titles bear the month in which they were issued.
_OF_A_MONTH = re.compile(
    r"值班|值日|值守|排班|轮[班值]|安排|日程|课程?表|食谱|菜[谱单]|[坐出]诊|开诊|计划表|巡[诊讲展]|放映|场次"
)
_MONTH = re.compile(r"(?<![\d个第])(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?!\d|[内前后底中]|[上下]旬)")
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


def _months(text: str) -> set[int]:
    return {int(month) if month.isdecimal() else whole_number(month) for month in _MONTH.findall(text)}
