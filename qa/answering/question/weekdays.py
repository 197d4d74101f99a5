"""The weekdays that a text names."""

import re

_DAYS = "一二三四五六日"
_WEEKDAYS = re.compile(
    r"(?:周|星期|礼拜)([一二三四五六日天])(?![次回趟个])(?:\s*[至到—–~～-]+\s*(?:周|星期|礼拜)?([一二三四五六日天]))?"
)
_SPANS_OF_DAYS = (
    (re.compile("周末|双休|节假日"), range(5, 7)),
    (re.compile("工作日|平日|平时"), range(5)),
)


def weekdays(text: str) -> set[int]:
    """Return the weekdays that a text names, from 0 for Monday on; 周末 names two of them, 工作日 five."""
    found = {day for words, days in _SPANS_OF_DAYS if words.search(text) for day in days}
    for first, last in _WEEKDAYS.findall(text):
        start = _number(first)
        end = _number(last) if last else start
        found.update(day % 7 for day in range(start, (end if end >= start else end + 7) + 1))
    return found


def _number(day: str) -> int:
    return _DAYS.index("日" if day == "天" else day)
