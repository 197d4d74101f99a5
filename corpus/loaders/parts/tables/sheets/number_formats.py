"""Numbers and words as a sheet shows them: format codes of workbooks (ECMA-376, 18.8.31), as far as words need."""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from corpus.loaders.parts.office.word.numerals import chinese
from corpus.loaders.parts.tables.sheets.fractions import as_fraction

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|(?P<bracket>\[[^\]]*\])|_.|\*.|'
    r"(?P<digits>[0#?.,]+)|(?P<percent>%)|(?P<general>General|G/通用格式|E[+-]|[/@])|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?\d{1,15}(?:\.\d{1,15})?)\]")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
LONGEST_FORM = 200
USUAL_ROOM = 11  # characters that a general number takes at most, however wide its column
_LEAST_PLACES = 2  # behind the point, however narrow it is
_CHINESE = re.compile(r"\[DBNum([12])\]", re.IGNORECASE)
_DIGITS_ONLY = str.maketrans("0123456789", "〇一二三四五六七八九")
_LEGAL = str.maketrans("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟")
_MOST_IN_CHINESE = 100_000_000
_EXACT = Context(prec=2000)  # holds the largest double with all signs of percent that a format has
_LARGEST = 1e15  # a double cannot hold larger whole numbers exactly


def shown_number(value: float, form: str, *, room: int = USUAL_ROOM) -> str:
    """Return a number in a format; unchanged if the format has no digits.

    A general number has as many digits behind the point as `room`, in characters, leaves.
    """
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return ""
    form = form[:LONGEST_FORM]
    sections = _sections(form)
    section, sign = _section(value, sections)
    if section is None:
        return _plain(value, room)
    if len(sections) > 1 and not any(match["bracket"] is None for match in section):
        return ""  # such as zero in 0;-0; or any figure in ;;;
    text = _in_section(abs(value), section, room)
    if text is None:
        return _plain(value, room)
    if value < 0 and text[:1] == "(" and text[-1:] == ")":
        text, sign = text[1:-1], "-"  # accountants put negative figures into brackets
    return sign + _in_chinese(text, section)


def shown_text(text: str, form: str) -> str:
    """Return words in a format: 东河 in @"镇" is 东河镇, and in ;;; nothing."""
    sections = _sections(form[:LONGEST_FORM])
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) > 3 and not section:
        return ""
    if not any(match["general"] == "@" for match in section):
        return text
    return "".join(text if match["general"] == "@" else _literal(match) for match in section).strip()


def in_chinese(number: int, form: str, *, by_digit: bool = False) -> str:
    """Return a whole number in the numerals of a format: 12 is 十二 in [DBNum1], 拾贰 in [DBNum2], else 12."""
    kind = _CHINESE.search(form)
    if not kind or not 0 <= number < _MOST_IN_CHINESE:
        return str(number)
    text = str(number).translate(_DIGITS_ONLY) if by_digit else chinese(number)
    return text.translate(_LEGAL) if kind[1] == "2" else text


def _sections(form: str) -> list[list[re.Match[str]]]:
    sections: list[list[re.Match[str]]] = [[]]
    for match in _TOKEN.finditer(form):
        if match["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(match)
    return sections


def _section(value: float, sections: Sequence[list[re.Match[str]]]) -> tuple[list[re.Match[str]] | None, str]:
    """Return the section of a format that shows a number, None if none does, and the sign before it."""
    sign = "-" if value < 0 else ""
    told = [_condition(section) for section in sections[:2]]
    if not any(told):
        if value < 0 and len(sections) > 1:
            return sections[1], ""
        return sections[2 if value == 0 and len(sections) > 2 else 0], sign
    implied = (">", 0.0), ("<", 0.0) if len(sections) > 2 else ("<>", float("nan"))  # which holds for any number
    for section, condition in zip(
        sections, [one or other for one, other in zip(told, implied, strict=False)], strict=False
    ):
        sort, bound = condition
        if _HOLDS[sort](value, bound):
            # A section for nothing but negative numbers says so in its own words.
            only_negative = sort in ("<", "<=", "=") and (bound < 0 or (bound == 0 and sort == "<"))
            return section, "" if only_negative else sign
    return (sections[2], sign) if len(sections) > 2 else (None, sign)


def _condition(section: Sequence[re.Match[str]]) -> tuple[str, float] | None:
    found = (_CONDITION.fullmatch(match["bracket"]) for match in section if match["bracket"])
    return next(((match[1], float(match[2])) for match in found if match), None)


def _in_chinese(text: str, section: Sequence[re.Match[str]]) -> str:
    brackets = "".join(match["bracket"] or "" for match in section)
    if not _CHINESE.search(brackets):
        return text
    general = any(match["general"] for match in section)
    return re.sub(r"\d+", lambda digits: _numeral(digits[0], brackets, by_digit=not general), text)


def _numeral(digits: str, form: str, *, by_digit: bool) -> str:
    return in_chinese(int(digits), form, by_digit=by_digit) if len(digits) < 9 else digits


def _in_section(value: float, tokens: list[re.Match[str]], room: int) -> str | None:
    if any(match["general"] == "/" for match in tokens):
        return _fraction(value, tokens)
    if any(match["general"] for match in tokens):
        rest = [match for match in tokens if match["general"]]
        if len(rest) != 1 or rest[0]["general"].lower() not in ("general", "g/通用格式"):
            return None
        return "".join(_plain(value, room) if match["general"] else _literal(match) for match in tokens)
    digits = [match["digits"] for match in tokens if match["digits"]]
    if not digits:
        literal = "".join(map(_literal, tokens))
        return literal.strip() or None
    percent = sum(match["percent"] is not None for match in tokens)
    pattern = "".join(digits)
    number = _digits(value, pattern, percent)
    if len(digits) == 1:
        return "".join(number if match["digits"] else _literal(match) for match in tokens).strip()
    return _threaded(number, tokens).strip() if "." not in pattern and "," not in pattern.rstrip(",") else None


def _fraction(value: float, tokens: Sequence[re.Match[str]]) -> str | None:
    """Return a number as a fraction, with the words before and behind it; None if the section has none."""
    signs = [bool(match["digits"] or match["general"] or (match["other"] or "").isdecimal()) for match in tokens]
    first, stop = signs.index(True), len(signs) - signs[::-1].index(True)
    shown = as_fraction(value, "".join(match["quoted"] or match[0] for match in tokens[first:stop]))
    if shown is None:
        return None
    before, behind = ("".join(map(_literal, part)) for part in (tokens[:first], tokens[stop:]))
    return (before + shown + behind).strip()


def _digits(value: float, pattern: str, percent: int) -> str:
    whole, _, decimals = pattern.partition(".")
    scaled = len(whole) - len(whole.rstrip(",")) if not decimals else len(decimals) - len(decimals.rstrip(","))
    decimals = decimals.replace(",", "")
    comma = "," if "," in whole.rstrip(",") else ""
    # Sheets round halves up, of the fifteen digits that they keep.
    exact = Decimal(f"{value:.15g}").scaleb(2 * percent - 3 * scaled)
    places = Decimal(1).scaleb(-min(len(decimals), 15))
    text = f"{exact.quantize(places, ROUND_HALF_UP, _EXACT):{comma}f}"
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


def _plain(value: float, room: int) -> str:
    if not isinstance(value, float) or value.is_integer() or abs(value) >= _LARGEST:
        return f"{value:.0f}"
    exact = Decimal(f"{value:.15g}")
    if exact.adjusted() < -USUAL_ROOM:
        return f"{value:.3g}"
    # Of numbers below one, three digits that are none of the noughts at the beginning.
    places = max(_LEAST_PLACES, room - len(f"{abs(value):.0f}") - 1, 2 - exact.adjusted())
    text = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
