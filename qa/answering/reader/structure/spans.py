"""Tells figures of another span from those that a question asks for: 200立方米 is not 超过260立方米."""

import math
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from corpus.text.sentences import sentences

_NEAR = 400  # characters on both sides
_ALIKE = 0.6
_UNIT = r"立方米|平方米|公里|千米|周岁|岁|个月|小时|分钟|毫米|厘米|公斤|千克|米|吨|度|万元|元|年|天|日|人|户|亩|件|次"
_FIGURE = r"(?<![\d.])\d+(?:\.\d+)?"
_ASKED = re.compile(rf"(?P<figure>{_FIGURE})\s*(?P<unit>{_UNIT})(?!以[上下内外]|[之]?[内后前间]|[起月])")
# A question for a bound itself, or whether something holds, may be answered by another span.
_OPEN = re.compile(
    r"吗|是否|是不是|能不能|可不可|够不够|以上|以下|以内|超过|不足|低于|不满|至少|最多|[—~～-]\s*\d|\d\s*[至到]\s*\d"
)
_BOUND = re.compile(
    rf"(?P<most>不超过|不足|低于|少于|未满|不满|小于)\s*(?P<a>{_FIGURE})\s*(?P<ua>{_UNIT})"
    rf"|(?P<least>超过|高于|多于|大于|不少于|不低于|达到|年?满)\s*(?P<b>{_FIGURE})\s*(?P<ub>{_UNIT})"
    rf"|(?P<from>{_FIGURE})\s*(?:{_UNIT})?\s*(?:至|到|—|~|～|-)\s*(?P<to>{_FIGURE})\s*(?P<us>{_UNIT})"
    rf"|(?P<c>{_FIGURE})\s*(?P<uc>{_UNIT})\s*(?:\(含\))?(?:及|\(含\))?(?:以(?P<up>上)|以[下内])"
)
_CLAUSE = re.compile(r"[^,。;!?\n]+")


def of_another_span(question: Normal, quoted: str) -> bool:
    """Return whether a question asks for one figure and the words quoted are for spans of its unit without it."""
    asked = _asked(question)
    return asked is not None and _holds(*asked, quoted) is False


def sentence_of_span(question: Normal, text: str, quote: Span, within: Span) -> Span | None:
    """Return the sentence of a section that says of the asked figure's span what `quote` says of another; or None."""
    asked = _asked(question)
    if asked is None:
        return None
    said = _without_figures(quote.of(text))
    around = Span(max(within.start, quote.start - _NEAR), min(within.end, quote.end + _NEAR))
    found = (Span(around.start + a, around.start + b).trimmed(text) for a, b in sentences(around.of(text)))
    fitting = [span for span in found if len(span) and _holds(*asked, span.of(text))]
    alike = {span: SequenceMatcher(None, said, _without_figures(span.of(text))).ratio() for span in fitting}
    best = max(fitting, key=alike.__getitem__, default=None)
    return best if best and alike[best] >= _ALIKE else None


def _asked(question: Normal) -> tuple[float, str] | None:
    """Return the one figure that a question asks for, and its unit."""
    found = [match for match in _ASKED.finditer(question) if not _is_year(match["figure"], match["unit"])]
    return (float(found[0]["figure"]), found[0]["unit"]) if len(found) == 1 and not _OPEN.search(question) else None


def _holds(figure: float, unit: str, words: str) -> bool | None:
    """Return whether spans in words hold a figure; None without a span of its unit."""
    spans = [span for clause in _CLAUSE.findall(normalise(words)) for span in _span(clause, unit)]
    return any(low <= figure <= high for low, high in spans) if spans else None


def _without_figures(words: str) -> str:
    return re.sub(r"[\d.]+", "", normalise(words))[:_NEAR]


def _span(clause: str, unit: str) -> Iterator[tuple[float, float]]:
    """Yield the span of a clause over a unit, which its bounds make together: 满1年不满10年."""
    low, high = -math.inf, math.inf
    for match in _BOUND.finditer(clause):
        if unit not in (match["ua"], match["ub"], match["us"], match["uc"]):
            continue
        if match["most"]:
            high = min(high, float(match["a"]))
        elif match["least"]:
            low = max(low, float(match["b"]))
        elif match["from"]:
            low, high = max(low, float(match["from"])), min(high, float(match["to"]))
        elif match["up"]:
            low = max(low, float(match["c"]))
        else:
            high = min(high, float(match["c"]))
    if (low > -math.inf or high < math.inf) and low <= high:
        yield low, high


def _is_year(figure: str, unit: str) -> bool:
    return unit == "年" and len(figure) == 4
