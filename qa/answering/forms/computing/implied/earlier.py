"""The figure of an earlier time, where a sentence tells the present one and by how much it differs."""

import re
from collections.abc import Iterator, Sequence

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import amount_asked, content, held, unit_asked, unit_fits
from qa.answering.forms.computing.statements import Line, Statement

_TIME = (
    r"(?:上年|去年|前年|上一年|前一年|上个?月|上季度|上年度)(?:同期|同月)?|同期|[12]\d\d\d年(?:同期)?|"
    r"1?\d月份?|[一二三四]季度|上半年"
)
_ASKED = re.compile(rf"(?P<time>{_TIME})")
_COMPARES = re.compile(r"比|增|减|多了|少了|涨|降|提高|差")
_UP = "增加|增长|提高|上升|上涨|多|增|加快|扩大|高|涨"
_DOWN = "减少|下降|降低|回落|收窄|缩小|少|减|放缓|低|降|缩短"
_BETWEEN = re.compile(
    rf"^[^，,；;。\d]{{0,8}}[，,（(]?(?:同比|[比较与](?P<time>{_TIME})(?:的|相比|，)*)"
    rf"[^，,；;。\d]{{0,6}}?(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了)?$"
)
_YEAR = re.compile(r"[12]\d\d\d")
_FEWEST = 0.5

Earlier = tuple[Statement, Statement, bool, dict[str, float]]


def earlier_asked(question: Normal) -> str:
    """Return the earlier time whose figure a question asks for; empty where it asks for none."""
    copy = question.strip("？?。 ")
    match = _ASKED.search(copy)
    if not match or not amount_asked(copy) or _COMPARES.search(copy):
        return ""
    return match["time"]


def best_earlier(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Earlier | None:
    """Return the present figure, the difference, whether it rose since, and what is known of how they fit."""
    time, wanted = earlier_asked(question), unit_asked(question)
    about = content(question.replace(time, ""))
    if not time or not about:
        return None
    ranked = []
    for now, change, up, told in _changes(found, lines):
        fits = unit_fits(wanted, now.unit)
        line = lines[now.line]
        if fits < 0 or not _is_of(time, told, line, now):
            continue
        clause = re.search(r"[^，,；;。]*$", line.text[: now.start])
        known = {
            "named": held(about, now.named + (clause.group() if clause else "")),
            "asked": held(about, line.text + line.above + now.named),
            "unit fits": fits,
            "unit": float(bool(now.unit)),
        }
        known["score"] = known["named"] + known["asked"] + 0.3 * fits
        if min(known["asked"], known["named"]) >= _FEWEST:
            ranked.append((now, change, up, known))
    if not ranked:
        return None
    ranked.sort(key=lambda one: -one[3]["score"])
    best = ranked[0]
    rivals = [one for one in ranked if (one[0].value, one[1].value) != (best[0].value, best[1].value)]
    best[3]["margin"] = min(2.0, best[3]["score"] - rivals[0][3]["score"]) if rivals else 2.0
    return best


def _changes(found: Sequence[Statement], lines: Sequence[Line]) -> Iterator[tuple[Statement, Statement, bool, str]]:
    """Yield two figures that stand as 152批次，比上年多61批次, with the direction and the earlier time."""
    for now, change in zip(found, found[1:], strict=False):
        if now.line != change.line or now.bound or change.bound:
            continue
        alike = now.unit == change.unit if now.unit != "%" else change.unit == "个百分点"
        match = _BETWEEN.search(lines[now.line].text[now.end : change.start]) if alike else None
        if match:
            yield now, change, bool(match["up"]), match["time"] or "同期"


def _is_of(asked: str, told: str, line: Line, now: Statement) -> bool:
    """Return whether a sentence's earlier time is the one asked for, and not the sentence's own time."""
    before = line.text[: now.start]
    if year := _YEAR.search(asked):
        if told_year := _YEAR.search(told):
            return year.group() == told_year.group()
        years = _YEAR.findall(line.above + before)
        return bool(years) and int(years[-1]) == int(year.group()) + 1 and "年" in told
    if re.search(r"月|季度|半年", asked + told):
        return asked.rstrip("份") == told.rstrip("份")
    return asked[:2] not in before
