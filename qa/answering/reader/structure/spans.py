"""Tells figures of another span from those that a question asks for: 200立方米 is not 超过260立方米."""

import math
import re
from collections.abc import Iterator

from corpus.text.normalise import Normal, normalise

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
    asked = [match for match in _ASKED.finditer(question) if not _is_year(match["figure"], match["unit"])]
    if len(asked) != 1 or _OPEN.search(question):
        return False
    figure, unit = float(asked[0]["figure"]), asked[0]["unit"]
    spans = [span for clause in _CLAUSE.findall(normalise(quoted)) for span in _span(clause, unit)]
    return bool(spans) and not any(low <= figure <= high for low, high in spans)


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
