"""The words of paragraphs on slides, and the numbers of their lists."""

from collections.abc import Callable
from typing import Any

from corpus.loaders.parts.office.names import A, integer
from corpus.loaders.parts.office.symbols import BEFORE_PART, MARKS, M, is_symbol_font, shown
from corpus.loaders.parts.office.word.numerals import numeral

# ST_TextAutonumberScheme of ECMA-376, where it differs from Arabic figures.
_KINDS = (
    ("alphaLc", "lowerLetter"),
    ("alphaUc", "upperLetter"),
    ("romanLc", "lowerRoman"),
    ("romanUc", "upperRoman"),
    ("circleNum", "decimalEnclosedCircle"),
    ("ea1Chs", "chineseCountingThousand"),
    ("ea1Cht", "chineseCountingThousand"),
    ("ea1JpnChs", "chineseCountingThousand"),
)


_NOT_STRUCK = "noStrike"


def slide_words(paragraph: Any, unseen: Callable[[Any], bool]) -> str:
    """Return the words of a paragraph with fields, formulas and line breaks, without struck and `unseen` runs.

    Symbol fonts become signs.
    """
    parts: list[str] = []
    for element in paragraph.iter(f"{A}t", f"{A}br", f"{M}t", *BEFORE_PART):
        if element.tag not in (f"{A}t", f"{M}t"):
            parts.append(BEFORE_PART.get(element.tag, "\n"))
            continue
        run = element.getparent()
        if is_struck(run) or unseen(run):
            continue
        font = run.find(f"{A}rPr/{A}latin")
        name = font.get("typeface") or "" if font is not None else ""
        parts.append(shown(element.text or "", name if is_symbol_font(name) else ""))
    return "".join(parts)


def is_struck(run: Any) -> bool:
    """Return whether a run is struck through."""
    properties = run.find(f"{A}rPr")
    return properties is not None and properties.get("strike", _NOT_STRUCK) != _NOT_STRUCK


def list_labels(body: Any) -> list[str]:
    """Return what precedes each paragraph: （一）, 1. and the like if numbered, a box if that is its bullet.

    Only numbering in the paragraphs themselves counts; numbers from a layout are unknown here.
    """
    labels: list[str] = []
    counts: dict[int, tuple[str, int]] = {}  # for each level: the scheme and the last number
    for paragraph in body.iterfind(f"{A}p"):
        properties = paragraph.find(f"{A}pPr")
        level = integer(properties.get("lvl"), 0) if properties is not None else 0
        counts = {above: count for above, count in counts.items() if above <= level}
        numbered = properties.find(f"{A}buAutoNum") if properties is not None else None
        if not "".join(paragraph.itertext(f"{A}t")).strip():
            labels.append("")  # an empty paragraph has no number and does not interrupt a list
        elif numbered is None:
            counts.pop(level, None)
            labels.append(_bullet(properties))
        else:
            scheme, start = numbered.get("type") or "arabicPeriod", integer(numbered.get("startAt"), 1)
            before = counts.get(level)
            number = before[1] + 1 if before and before[0] == f"{scheme}{start}" else start
            counts[level] = (f"{scheme}{start}", number)
            labels.append(f"{_numbered(number, scheme)} ")
    return labels


def _numbered(number: int, scheme: str) -> str:
    kind = next((kind for start, kind in _KINDS if scheme.startswith(start)), "decimal")
    words = numeral(number, kind)
    if scheme.endswith("ParenBoth"):
        return f"({words})"
    if scheme.endswith("ParenR"):
        return f"{words})"
    if scheme.startswith("ea1"):
        return f"{words}." if scheme.endswith("Period") else f"{words}、"
    return f"{words}." if scheme.endswith("Period") else words


def _bullet(properties: Any) -> str:
    sign = properties.find(f"{A}buChar") if properties is not None else None
    if sign is None:
        return ""
    font = properties.find(f"{A}buFont")
    mark = shown(sign.get("char") or "", font.get("typeface") or "" if font is not None else "")
    return f"{mark} " if mark in MARKS else ""
