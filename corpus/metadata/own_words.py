"""Reads what a document says about itself: its number and date, when it is in force, whether it is a draft."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Any

from corpus.document import Document
from corpus.metadata.dates import DAY, MONTH, after, read_day, read_moment, read_months, with_digits
from corpus.text.sentences import sentences
from corpus.validity import REPEALED, in_words

# 云府发〔2025〕3号: issuer, year, number.
NUMBER = r"([\u4e00-\u9fff]{0,16})\s*[〔\[（(【﹝［]\s*((?:19|20)\d{2})\s*[〕\]）)】﹞］]\s*第?\s*(\d{1,4})\s*号"
_HEAD, _FOOT = 12, 12  # lines at its beginning and its end in which a document states number and date
_HEAD_LINE = 80
_LONGEST = 1000
_OWN_NUMBER = re.compile(rf"[（(\[【]?\s*(?:发文字号|文号)?\s*[：:]?\s*{NUMBER}")
_DATED = re.compile(
    rf"(?:(?:发布|印发|发文|成文|公布|公开|制定|更新|签发)(?:日期|时间)?|日期)\s*[：:]?\s*({DAY})|"
    rf"({DAY})\s*(?:[\u4e00-\u9fff]{{0,20}})(?:印发|发布|公布|通过|制定|签订|签署|修订|修正)(?!的?《|的[^，。；]*《)"
)
_ALONE = re.compile(rf"(?:[^，。；：:\d]{{2,30}}[\s\u3000]+)?[（(]?\s*({DAY})\s*[）)]?")
_MONTH_ALONE = re.compile(rf"[（(]?({MONTH})[）)]?")
_AS_OF = re.compile(rf"(?:截至|截止到?)\s*({DAY}|{MONTH})")
_EDITION = re.compile(rf"[（(]({MONTH})版?[）)]")
_SIGNER = re.compile(r"[^。；！？：:]{2,40}")
_LAST = 3  # lines at the very end, where a date needs no signature above it
_LABEL = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零〇\d]+[条章]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、])?\s*"
)
_KIND = (
    r"(?:办法|规定|规则|细则|条例|意见|通知|方案|决定|标准|制度|政策|准则|章程|协议|合同|措施|计划|规程|公告|通告|规范|"
    r"预案|法)"
)
_OWN = rf"本[^，,。；;第]{{0,12}}?{_KIND}"
_HOLDS = r"(?:施行|执行|实施|生效|试行)"
_ISSUED = r"(?:发布|公布|印发|下发|签发|发文)"
_END = r"(?=[，,。；;）)\s]|$)"
_SINCE = re.compile(
    rf"(?:^|[，,；;（(\s])(?:{_OWN}[^，,。；;第]{{0,6}})?自\s*(?P<day>{DAY}|{_ISSUED})\s*(?:之日)?\s*起?\s*"
    rf"(?:(?P<later>\d+)日后)?\s*(?:正式|开始)?{_HOLDS}{_END}"
)
_SINCE_LINE = re.compile(rf"[（(]?(?P<day>{DAY})\s*起(?:正式|开始)?{_HOLDS}[）)]?")
_TERM = re.compile(
    rf"(?:^|[，,；;（(\s]|{_OWN}|本(?:价格|标准|收费))(?:有效期限?|试行期限?|执行期限|施行期限|执行时间)\s*"
    rf"(?:[：:]\s*)?(?:(?:为|是)?自?\s*(?P<from>{DAY})\s*起?(?=\s*(?:至|到|—|-|－))|为|是|自?\s*(?P<since>{DAY})\s*起?|自[^，,。；;\d]{{0,20}}?起?)?\s*"
    rf"(?:(?:至|到|截至|截止到?|延长至|—|-|－)\s*(?P<day>{DAY})|(?P<time>[\d一二两三四五六七八九十]{{1,3}}\s*(?:年|个月)))"
)
_PERIOD_LINE = re.compile(r"执行(?:期限|时间)\s*[：:]")
_LASTS = re.compile(rf"{_OWN}[^，,。；;]{{0,10}}{_HOLDS}(?:期限)?[至到](?P<day>{DAY})")
_OWN_TEXT = re.compile(rf"{_OWN}|自[^，,。；;]{{0,24}}起?{_HOLDS}")
_ENDED = re.compile(
    rf"(?:{_OWN}[^，,。；;]{{0,6}}|^[（(])自?\s*(?P<day>{DAY})\s*起\s*(?:停止(?:执行|施行|使用)|废止|失效|终止|(?:由|被)《)"
)
_DRAFT = re.compile(r"征求意见稿|送审稿|讨论稿|审议稿|修订稿|草案|草稿|初稿")
# A budget keeps the word draft when it is published, and reports on a consultation are no drafts.
_NO_DRAFT = re.compile(r"(?:预算|决算|计划)[（(]?草案|采纳|意见.{0,6}(?:结果|情况)|起草说明")
_MARKED_REPEALED = re.compile(r"已(?:经)?(?:废止|失效|作废)|[（(【\[](?:废止|失效|作废)[）)】\]]")
# The field of a government site's page, beside its number and its date.
_SAID_REPEALED = re.compile(
    r"(?:^|[；;，,\s])(?:有效性|时效性?|时效状态|效力(?:状态|级别)?|文件状态)\s*[：:]\s*(?:已|现)?(?:经)?(?:失效|废止|作废|无效)(?=[。；;，,\s]|$)"
)
_SENTENCE_END = re.compile(r"[。；！？：，、;!?:,]$")
_ANY = re.compile(r"施行|执行|实施|生效|试行|有效期|废止|失效|终止|停止|取代|替代")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The result of reading: values for fields of `About`, and for staff the words they were read in."""

    values: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def read_own_words(document: Document) -> OwnWords:
    """Return what a document says about itself; statements about others and contradictory ones are left out."""
    found = _Found()
    lines = [line.strip() for line in document.text.split("\n") if line.strip()]
    _read_head(found, document, [with_digits(line) for line in lines[:_HEAD]])
    if "date" not in found.values and (day := _signed([with_digits(line) for line in lines[-_FOOT:]])):
        found.keep("date", in_words(day), "")
    if _ANY.search(document.text):
        _read_validity(found, statements(document))
    if "date" not in found.values and (month := _MONTH_ALONE.fullmatch(with_digits(lines[-1] if lines else ""))):
        found.keep("date", month[1], "")
    if "date" not in found.values and (since := found.values.get("in_force_from")):
        found.keep("date", in_words(since), "")
    return OwnWords(found.values, found.words)


def number_of(match: re.Match[str]) -> str:
    """Return a document's number in the form used for comparison: 云府发〔2025〕3号."""
    return f"{match[1]}〔{match[2]}〕{int(match[3])}号"


def day_of(document: Document) -> date | None:
    """Return the date that ranks documents by age: their own, else the start of force, else a year in name or title."""
    about = document.about
    called = " ".join([PurePosixPath(document.name).stem, *titles(document)])
    named = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", called)
    year = read_moment(max(named)) if named else None
    return read_moment(about.date) or about.in_force_from or year


def statements(document: Document) -> list[str]:
    """Return the sentences of a document, except those too long to state a date or a repeal."""
    found = (document.text[start:end].strip() for start, end in sentences(document.text) if end - start <= _LONGEST)
    return list(filter(None, found))


def titles(document: Document) -> list[str]:
    """Return what a document may be called by: its title, and its first line if that is a title."""
    first = document.text.lstrip().split("\n", 1)[0].strip()
    named = len(first) <= _HEAD_LINE and not _SENTENCE_END.search(first)
    return list(dict.fromkeys([document.title, first] if named and first else [document.title]))


class _Found:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.words: dict[str, str] = {}

    def keep(self, name: str, value: Any, words: str) -> None:
        self.values[name] = value
        self.words[name] = " ".join(words.split())


def _read_head(found: _Found, document: Document, lines: list[str]) -> None:
    names = [*titles(document), PurePosixPath(document.name).stem]
    for text in (*names, *(line for line in lines[1:3] if len(line) <= 40)):
        if (match := _DRAFT.search(text)) and not _NO_DRAFT.search(text):
            found.keep("standing", match[0], text)
    for text in (*names, *lines):
        if _MARKED_REPEALED.search(text) if text in names else _SAID_REPEALED.search(text):
            found.keep("standing", REPEALED, text)
    for line in lines:
        if len(line) > _HEAD_LINE:
            break  # the text has begun
        if "number" not in found.values and (number := _OWN_NUMBER.match(line)) and number[1]:
            found.keep("number", number_of(number), line)
        if "date" not in found.values and (dated := _DATED.search(line) or _ALONE.fullmatch(line)):
            day = read_day(next(filter(None, dated.groups())))
            if day:
                found.keep("date", in_words(day), line)
    if "date" not in found.values:
        for text in (document.title, *lines[:4]):
            copy = with_digits(text)
            if moment := _AS_OF.search(copy) or _EDITION.search(copy):
                found.keep("date", moment[1], text)
                break


def _signed(lines: list[str]) -> date | None:
    """Return the last date that stands alone on a line below a signature; None without one."""
    for number in range(len(lines) - 1, 0, -1):
        match = _ALONE.fullmatch(lines[number])
        if match and (len(lines) - number <= _LAST or _SIGNER.fullmatch(lines[number - 1])):
            return read_day(match[1])
    return None


def _read_validity(found: _Found, parts: list[str]) -> None:
    issued = read_day(str(found.values.get("date", "")))
    since: dict[date, str] = {}
    until: dict[date, str] = {}
    before = ""
    periods = sum(bool(_PERIOD_LINE.match(_LABEL.sub("", part, count=1))) for part in parts)
    for part in parts:
        sentence = _LABEL.sub("", with_digits(part), count=1)
        if not _ANY.search(sentence):
            before = sentence
            continue
        for match in [*_SINCE.finditer(sentence), *([m] if (m := _SINCE_LINE.fullmatch(sentence)) else [])]:
            if day := _since(match, issued):
                since[day] = part
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
    if len(since) == 1:
        found.keep("in_force_from", *next(iter(since.items())))
    if until and not (since and min(until) < min(since)):
        found.keep("in_force_until", *min(until.items()))


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
    later = match.groupdict().get("later")
    return day + timedelta(days=int(later)) if day and later else day


def _until(match: re.Match[str], begun: date | None) -> date | None:
    if match["day"]:
        return read_day(match["day"])
    months = read_months(match["time"])
    return after(begun, months) - timedelta(days=1) if begun and months else None
