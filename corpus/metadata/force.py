"""Reads since when and until when a document holds, by its own words: 自…起施行, 有效期至…."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.metadata.dates import DAY, after, read_day, read_months, with_digits

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
_END = r"(?=[，,。；;）)\s]|$)"
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
_TERM = re.compile(
    rf"(?:^|[，,；;（(\s]|{_OWN}|本(?:价格|标准|收费))(?:有效期限?|试行期限?|执行期限|施行期限|执行时间)\s*"
    rf"(?:[：:]\s*)?(?:(?:为|是)?自?\s*(?P<from>{DAY})\s*起?(?=\s*(?:至|到|—|-|－))|为|是|自?\s*(?P<since>{DAY})\s*起?|自[^，,。；;\d]{{0,20}}?起?)?\s*"
    rf"(?:(?:至|到|截至|截止到?|延长至|—|-|－)\s*(?P<day>{DAY})|(?P<time>[\d一二两三四五六七八九十]{{1,3}}\s*(?:年|个月)))"
)
_PERIOD_LINE = re.compile(r"执行(?:期限|时间)\s*[：:]")
_LASTS = re.compile(rf"{_OWN}[^，,。；;]{{0,10}}{_HOLDS}(?:期限)?[至到](?P<day>{DAY})")
_OWN_TEXT = re.compile(rf"{_OWN}|自[^，,。；;]{{0,24}}起?{_HOLDS}")
_ENDED = re.compile(
    rf"(?:{_OWN}[^，,。；;]{{0,6}}|^[（(])自?\s*(?P<day>{DAY}){HOUR}\s*起\s*(?:停止(?:执行|施行|使用)|废止|失效|终止|(?:由|被)《)"
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
        if (lasts := _LASTS.search(sentence)) and (day := read_day(lasts["day"])):
            until[day] = part
        # A line of its own states the document's period, unless there are several, of several things.
        lines_own = periods == 1 and bool(_PERIOD_LINE.match(sentence))
        if (term := _TERM.search(sentence)) and (lines_own or _of_itself(sentence, term, before)):
            if begun := read_day(term["since"] or term["from"] or ""):
                since[begun] = part
            begun = begun or (max(since) if since else issued)
            if day := _until(term, begun):
                until[day] = part
        before = sentence
    return Force(since, until, awaited and not since)


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


def _until(match: re.Match[str], begun: date | None) -> date | None:
    if match["day"]:
        return read_day(match["day"])
    months = read_months(match["time"])
    return after(begun, months) - timedelta(days=1) if begun and months else None
