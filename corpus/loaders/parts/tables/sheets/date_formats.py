"""Dates and times as a sheet shows them: format codes of workbooks (ECMA-376, 18.8.31), as far as words need."""

import datetime
import re

from corpus.loaders.parts.tables.sheets.number_formats import LONGEST_FORM, in_chinese

# Built-in formats of Chinese workbooks (ECMA-376, 18.8.30); files name them only by number.
CHINESE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
}
_WEEKDAYS = "一二三四五六日"
_MINUTES = re.compile(r"h[^ymd]*m|m[^ymdh]*s")  # other m are months
_HALF = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)  # the place of a half of the day, in the words of the format
_LOCALE = re.compile(r"\[\$-[\dA-F]*804\]", re.IGNORECASE)  # Chinese, which writes 下午 for PM
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)


def shows_a_weekday(form: str) -> bool:
    """Return whether a format shows the day of the week of a date, which openpyxl takes for a number: aaaa."""
    return "aaa" in _bare(form[:LONGEST_FORM])


def shown_date(value: datetime.date, form: str) -> str:
    """Return a date in the parts of its format: 2024年3月15日, 2024年3月, 3月15日, 星期五; a time of day follows.

    [DBNum1] writes them in Chinese: 二〇二四年三月十五日.
    """
    form = form[:LONGEST_FORM].split(";")[0]
    bare = _HALF.sub("", _bare(form))
    year, day = "y" in bare or "e" in bare, "d" in bare.replace("ddd", "")
    month = "m" in bare and (year or day or "h" not in bare and "s" not in bare)
    if "aaa" in bare or "ddd" in bare:
        weekday = "星期" + _WEEKDAYS[value.weekday()]
        if not (year or month):
            return weekday
    if not (year or month or day):
        year = month = day = not ("h" in bare or "s" in bare) or not isinstance(value, datetime.datetime)
    parts = f"{in_chinese(value.year, form, by_digit=True)}年" * year
    parts += f"{in_chinese(value.month, form)}月" * month + f"{in_chinese(value.day, form)}日" * day
    if isinstance(value, datetime.datetime) and (value.time() != datetime.time() or not parts):
        return parts + shown_time(value.time(), form) if "h" in bare or not parts else parts
    return parts


def shown_time(value: datetime.time | datetime.timedelta, form: str) -> str:
    """Return a time of day, or a length of time, in the parts of its format: 08:30, 03:25 of mm:ss, 8时30分, 26:05."""
    form = form[:LONGEST_FORM].split(";")[0]
    if isinstance(value, datetime.timedelta):
        total = round(value.total_seconds())
    else:
        total = value.hour * 3600 + value.minute * 60 + value.second + (value.microsecond >= 500_000)
    elapsed = _ELAPSED.search(form)
    first = elapsed[1][0].lower() if elapsed else ""
    half = None if isinstance(value, datetime.timedelta) else _HALF.search(_bare(form))
    if half:
        return _in_half(total, form, half[0])
    shown = first + _bare(form)
    words = "时" in form or "分" in form
    hours, seconds = "h" in shown, "s" in shown
    minutes = first == "m" or bool(_MINUTES.search(shown)) or not words and (hours or not seconds)
    sign, total = "-" * (total < 0), abs(total)
    figures: list[tuple[int, str, str]] = []
    if hours or not (minutes and seconds or words):
        figures.append((total // 3600, "小时" if "小时" in form else "时", "hh"))
    if minutes:
        figures.append((total // 60 % 60 if figures else total // 60, "分", "mm"))
    if seconds:
        figures.append((total % 60 if figures else total, "秒", "ss"))
    if words:
        return sign + "".join(_figure(figure, code, form) + name for figure, name, code in figures)
    leads = isinstance(value, datetime.time) or first != "h"
    return sign + ":".join(f"{figure:02}" if leads or at else str(figure) for at, (figure, _, _) in enumerate(figures))


def _in_half(seconds: int, form: str, half: str) -> str:
    """Return a time of day by halves of the day: 2:30 PM, 下午2:30, 下午2时30分."""
    hour = seconds // 3600
    bare = _HALF.sub("", form)
    shown = shown_time(datetime.time((hour - 1) % 12 + 1, seconds // 60 % 60, seconds % 60), bare)
    if shown.startswith("0") and "hh" not in _bare(bare):
        shown = shown[1:]
    if "m" not in _bare(bare):
        shown = shown.split(":")[0]
    if "/下" in half or _LOCALE.search(form):
        return ("上午", "下午")[hour >= 12] + shown
    return f"{shown} {half.split('/')[hour >= 12].upper()}"


def _figure(figure: int, code: str, form: str) -> str:
    text = in_chinese(figure, form)
    return text.zfill(2) if code in form.lower() and text.isdecimal() else text


def _bare(form: str) -> str:
    return re.sub(r'"[^"]*"?|\\.|\[[^\]]*\]', "", form).lower()
