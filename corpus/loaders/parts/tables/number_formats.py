"""Numbers and dates as a sheet shows them: format codes of workbooks (ECMA-376, 18.8.31), as far as words need."""

import datetime
import re

# Built-in formats of Chinese workbooks (ECMA-376, 18.8.30); files name them only by number.
CHINESE_FORMATS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<bracket>\[[^\]]*\])|_.|\*.|'
    r"(?P<digits>[0#?.,]+)|(?P<percent>%)|(?P<general>General|G/通用格式|E[+-]|[/@])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_WEEKDAYS = "一二三四五六日"
_LONGEST_FORM = 200
_LARGEST = 1e15  # a double cannot hold larger whole numbers exactly


def shown_number(value: float, form: str) -> str:
    """Return a number in a format; unchanged if the format has no digits."""
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return ""
    sections = _sections(form[:_LONGEST_FORM])
    negative = value < 0
    section, sign = sections[0], "-" if negative else ""
    if negative and len(sections) > 1:
        section, sign = sections[1], ""
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    if not section and len(sections) > 1:
        return ""  # such as zero in 0;-0; or any figure in ;;;
    text = _in_section(abs(value), section)
    if text is None:
        return _plain(value)
    # Accountants put negative figures into brackets.
    return f"-{text[1:-1]}" if negative and text[:1] == "(" and text[-1:] == ")" else sign + text


def shown_text(text: str, form: str) -> str:
    """Return words in a format: 东河 in @"镇" is 东河镇, and in ;;; nothing."""
    sections = _sections(form[:_LONGEST_FORM])
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) > 3 and not section:
        return ""
    if not any(match["general"] == "@" for match in section):
        return text
    return "".join(text if match["general"] == "@" else _literal(match) for match in section).strip()


def shows_a_weekday(form: str) -> bool:
    """Return whether a format shows the day of the week of a date, which openpyxl takes for a number: aaaa."""
    return "aaa" in re.sub(r'"[^"]*"?|\\.|\[[^\]]*\]', "", form[:_LONGEST_FORM]).lower()


def _sections(form: str) -> list[list[re.Match[str]]]:
    sections: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(form):
        if match["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(match)
    return sections


def _in_section(value: float, tokens: list[re.Match[str]]) -> str | None:
    if any(match["general"] for match in tokens):
        rest = [match for match in tokens if match["general"]]
        if len(rest) != 1 or rest[0]["general"].lower() not in ("general", "g/通用格式"):
            return None
        return "".join(_plain(value) if match["general"] else _literal(match) for match in tokens)
    digits = [match["digits"] for match in tokens if match["digits"]]
    if not digits:
        literal = "".join(map(_literal, tokens))
        return literal.strip() or None
    percent = sum(match["percent"] is not None for match in tokens)
    pattern = "".join(digits)
    number = _digits(value * 100**percent, pattern)
    if len(digits) == 1:
        return "".join(number if match["digits"] else _literal(match) for match in tokens).strip()
    return _threaded(number, tokens).strip() if "." not in pattern and "," not in pattern.rstrip(",") else None


def _digits(value: float, pattern: str) -> str:
    whole, _, decimals = pattern.partition(".")
    scaled = len(whole) - len(whole.rstrip(",")) if not decimals else len(decimals) - len(decimals.rstrip(","))
    decimals = decimals.replace(",", "")
    comma = "," if "," in whole.rstrip(",") else ""
    text = f"{value / 1000**scaled:{comma}.{min(len(decimals), 15)}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    while optional and text.endswith("0") and "." in text:
        text, optional = text[:-1], optional - 1
    text = text.rstrip(".") if "." in text else text
    least = whole.count("0")
    before, point, after = text.partition(".")
    if not least and not point and before == "0":
        return ""  # # and ? show no zero: "-"?? of accountants is a dash alone
    return before.rjust(least, "0") + point + after


def _threaded(number: str, tokens: list[re.Match[str]]) -> str:
    """Put digits into a pattern with words or hyphens between: 000-0000."""
    parts: list[str] = []
    left = number
    for place in range(len(tokens) - 1, -1, -1):
        match = tokens[place]
        if match["digits"]:
            first = not any(earlier["digits"] for earlier in tokens[:place])
            count = len(left) if first else len(match["digits"].rstrip(","))
            parts.append(left[len(left) - count :] if count else "")
            left = left[: len(left) - count]
        else:
            parts.append(_literal(match))
    return "".join(reversed(parts))


def _literal(match: re.Match[str]) -> str:
    if match["percent"]:
        return "%"
    return match["quoted"] or match["escaped"] or match["currency"] or match["other"] or ""


def _plain(value: float) -> str:
    if isinstance(value, float) and (value.is_integer() or abs(value) >= _LARGEST):
        return f"{value:.0f}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def shown_date(value: datetime.date, form: str) -> str:
    """Return a date in the parts of its format: 2024年3月15日, 2024年3月, 3月15日, 星期五; a time of day follows."""
    bare = re.sub(r'"[^"]*"?|\\.|\[[^\]]*\]', "", form[:_LONGEST_FORM].split(";")[0]).lower()
    year, day = "y" in bare or "e" in bare, "d" in bare.replace("ddd", "")
    month = "m" in bare and (year or day or "h" not in bare and "s" not in bare)
    if "aaa" in bare or "ddd" in bare:
        weekday = "星期" + _WEEKDAYS[value.weekday()]
        if not (year or month):
            return weekday
    if not (year or month or day):
        year = month = day = not ("h" in bare or "s" in bare) or not isinstance(value, datetime.datetime)
    parts = f"{value.year}年" * year + f"{value.month}月" * month + f"{value.day}日" * day
    if isinstance(value, datetime.datetime) and (value.time() != datetime.time() or not parts):
        return f"{parts}{value:%H:%M}" if "h" in bare or not parts else parts
    return parts
