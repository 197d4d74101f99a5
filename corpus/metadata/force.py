"""Reads since when and until when a document holds, by its own words: 自…起施行, 有效期至…."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.metadata.dates import DAY, after, read_day, read_moment, read_months, with_digits

_LABEL = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零〇\d]+[条章]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、])?\s*"
)
_KIND = (
    r"(?:办法|规定|规则|细则|条例|意见|通知|方案|决定|标准|制度|政策|准则|章程|协议|合同|措施|计划|规程|公告|通告|规范|"
    r"预案|解释|守则|指引|令|法)"
)
_OWN = rf"本[^，,。；;第]{{0,12}}?{_KIND}"
_HOLDS = r"(?:施行|执行|实施|生效|试行)"
_ISSUED = r"(?:发布|公布|印发|下发|签发|发文)"
_SPAN = r"[\d一二两三四五六七八九十]{1,3}\s*(?:年|个月)"
_END = rf"(?=[，,。；;）)\s至到]|$|{_SPAN})"
# 零时; （含当日).
HOUR = r"(?:\s*(?:[零0]|00)\s*(?:时|点|[:：]\s*00)整?|\s*[（(]含[^（）()]{0,4}[)）])?"
_DAY_OF = rf"\s*(?P<day>{DAY}|{_ISSUED})\s*(?:之日)?{HOUR}\s*"
_LATER = r"(?:(?P<later>\d{1,3})\s*[日天]后|(?P<months>[\d一二两三四五六]{1,2}个月)后)?"
_FROM_THEN = rf"{_LATER}\s*(?:正式|开始)?{_HOLDS}{_END}"
_SINCE = tuple(
    map(
        re.compile,
        (
            rf"(?:^|[，,；;（(\s])(?:{_OWN}[^，,。；;第]{{0,6}})?自{_DAY_OF}起?\s*{_FROM_THEN}",
            rf"(?:^|[，,；;（(\s])(?:{_OWN}[^，,。；;第]{{0,6}})?[从于]{_DAY_OF}起\s*{_FROM_THEN}",
            rf"(?:^|[，,；;（(\s]){_OWN}[从于]?{_DAY_OF}起?\s*{_FROM_THEN}",
            rf"(?:^|[，,；;（(\s]){_OWN}的?(?:施行|实施|生效)(?:日期|时间)[为是]{_DAY_OF}{_END}",
            rf"^[（(]?{_DAY_OF}起(?:正式|开始)?{_HOLDS}[）)]?$",
            rf"^(?:施行|实施|生效)日期\s*[：:]{_DAY_OF}$",
        ),
    )
)
_BEGINS_SOMEHOW = re.compile(
    rf"(?:^|[，,；;（(\s])(?:{_OWN}[^，,。；;第《]{{0,6}})?[自从于][^，,。；;《》第]{{2,24}}?(?:正式|开始)?{_HOLDS}{_END}|"
    rf"{_OWN}的?(?:施行|实施|生效)(?:日期|时间)"
)
# A day, a month or a year with which a period begins or ends: 2025年底. Its end may lie in the year of its beginning.
_MOMENT = rf"(?:{DAY}|\d{{4}}\s*年\s*\d{{1,2}}\s*月(?!\s*\d)[底末]?|\d{{4}}年(?:年?[底末])?(?!度|\s*\d))"
_SAME_YEAR = r"(?:\d{1,2}月(?:\d{1,2}日|[底末])?)"
_TO = r"(?:截?至|到|截止到?|延长至|—+|-|－|～|~)"
_TERM = re.compile(
    rf"(?:^|[，,；;（(\s]|{_OWN}的?|本(?:价格|标准|收费))(?:(?:有效|试行)期限?|(?:执行|施行|实施)期限|执行时间)\s*"
    rf"(?:[：:]\s*)?(?:(?:为|是)?自?从?\s*(?P<from>{_MOMENT})\s*起?(?=\s*{_TO})|为|是|自?\s*(?P<since>{DAY})\s*起?|自[^，,。；;\d]{{0,20}}?起?)?\s*"
    rf"(?:{_TO}\s*(?P<day>{_MOMENT}|{_SAME_YEAR})|(?P<time>{_SPAN}))"
)
_PERIOD_LINE = re.compile(r"执行(?:期限|时间)\s*[：:]")
_LASTS = re.compile(
    rf"(?:{_OWN}[^，,。；;]{{0,10}}|(?<=起)|(?:^|[，,；;（(\s])(?P<above>(?:以上|上述)[^，,。；;]{{0,8}})?)"
    rf"(?:有效|暂?{_HOLDS})(?:期限)?(?:{_TO}(?P<day>{_MOMENT})|(?<!有效)(?<!生效)(?P<time>{_SPAN}))|"
    rf"(?<=[，,]){_TO}(?P<until>{_MOMENT})(?:止|自动失效|失效|废止|终止)"
)
_OWN_TEXT = re.compile(rf"{_OWN}|自[^，,。；;]{{0,24}}起?{_HOLDS}")
_ENDED = re.compile(
    rf"(?:{_OWN}[^，,。；;]{{0,6}}|^[（(](?:[^（）()。]{{4,60}}[，,；;\s])?)自?\s*(?P<day>{DAY}){HOUR}\s*起\s*(?:停止(?:执行|施行|使用)|废止|失效|终止|(?:由|被)《)"
)
# Without any of these words a text says nothing of its time.
MENTIONED = re.compile(r"施行|执行|实施|生效|试行|有效期|废止|失效|终止|停止|取代|替代")


@dataclass(frozen=True, slots=True)
class Force:
    """When a document begins and ends to hold: each day with the sentence that states it.

    It is `awaited` where a sentence states the beginning by a day that is not read: 自下月起施行.
    """

    since: Mapping[date, str]
    until: Mapping[date, str]
    awaited: bool


def read_force(parts: Sequence[str], issued: date | None) -> Force:
    """Return what the sentences of a document state about its own time, where it was `issued` on that day."""
    since: dict[date, str] = {}
    until: dict[date, str] = {}
    above: dict[date, str] = {}
    before, awaited = "", False
    periods = sum(bool(_PERIOD_LINE.match(_LABEL.sub("", part, count=1))) for part in parts)
    for part in parts:
        sentence = _LABEL.sub("", with_digits(part), count=1)
        if not MENTIONED.search(sentence):
            before = sentence
            continue
        begins = _begins(sentence)
        since |= {day: part for match in begins if (day := _since(match, issued))}
        awaited = awaited or not (begins or not _BEGINS_SOMEHOW.search(sentence))
        if ended := _ENDED.search(sentence):
            day = read_day(ended["day"])
            until |= {day - timedelta(days=1): part} if day else {}
        if (lasts := _LASTS.search(sentence)) and (day := _ends(lasts, max(since) if since else issued)):
            if lasts["above"]:
                above[day] = part
            elif "本" in lasts[0] or _of_itself(sentence, lasts, before):
                until[day] = part
        # A line of its own states the document's period, unless there are several, of several things.
        lines_own = periods == 1 and bool(_PERIOD_LINE.match(sentence))
        if (term := _TERM.search(sentence)) and (lines_own or _of_itself(sentence, term, before)):
            if begun := read_moment(term["since"] or term["from"] or ""):
                since[begun] = part
            begun = begun or (max(since) if since else issued)
            if day := _until(term, begun):
                until[day] = part
        before = sentence
    # What a notice says of 以上政策 is said of itself, unless it says so of several.
    return Force(since, until or (above if len(above) == 1 else {}), awaited and not since)


def _begins(sentence: str) -> list[re.Match[str]]:
    """Return the places where a sentence states since when its document holds."""
    return [match for pattern in _SINCE for match in pattern.finditer(sentence)]


def _of_itself(sentence: str, term: re.Match[str], before: str) -> bool:
    """Return whether a period of validity is the document's own, as the words or the sentence before it say."""
    lead = sentence[: term.start()]
    if "本" in term[0] or _OWN_TEXT.search(lead):
        return "所称" not in lead and "》" not in lead
    if sentence.startswith(("（", "(")) and sentence.endswith(("）", ")")):
        return True  # the brackets below the title
    return not lead.strip() and bool(_OWN_TEXT.search(before))


def _since(match: re.Match[str], issued: date | None) -> date | None:
    day = read_day(match["day"]) or (issued if re.fullmatch(_ISSUED, match["day"]) else None)
    named = match.groupdict()
    if day and (months := read_months(named.get("months") or "")):
        return after(day, months)
    return day + timedelta(days=int(named["later"])) if day and named.get("later") else day


def _ends(match: re.Match[str], begun: date | None) -> date | None:
    if match["time"]:
        return _after(begun, match["time"])
    return _last_day(match["day"] or match["until"])


def _until(match: re.Match[str], begun: date | None) -> date | None:
    if match["day"]:
        year = f"{begun.year}年" if begun and match["from"] and not re.match(r"\d{4}", match["day"]) else ""
        return _last_day(year + match["day"])
    return _after(begun, match["time"])


def _after(begun: date | None, span: str) -> date | None:
    months = read_months(span)
    return after(begun, months) - timedelta(days=1) if begun and months else None


def _last_day(moment: str) -> date | None:
    """Return the last day of a day, a month or a year: 2025年底, 2025年12月."""
    return read_moment(re.sub(r"\s|年?[底末]$", "", moment), end=True)
