"""Reads what a document says about itself: its number and date, when it is in force, whether it is a draft."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from corpus.document import Document
from corpus.metadata.dates import DAY, MONTH, read_day, read_moment, with_digits
from corpus.metadata.force import MENTIONED, read_force
from corpus.text.letterhead import names_office
from corpus.text.sentences import sentences
from corpus.validity import REPEALED, REVISED, in_words

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
# The brackets below the title of a statute: （2010年…通过　根据2023年…《…的决定》修正）, often on several lines.
_OPENS_HISTORY = re.compile(rf"[（(]\s*(?:根据|自)?\s*{DAY}")
_HISTORY = re.compile(rf"[（(]\s*(?:根据|自)?\s*{DAY}[^。]*[）)]$|^{DAY}[^。]*(?:修订|修正)$")
_ENACTED = re.compile(r"(?:通过|批准|公布|发布|印发|修订|修正|修改)(?!的?《|的[^，。；]*《)")
_MOST_HISTORY = 8  # lines
_ALONE = re.compile(rf"(?:[^，。；：:\d]{{2,30}}[\s\u3000]+)?[（(]?\s*({DAY})\s*[）)]?")
_MONTH_ALONE = re.compile(rf"[（(]?({MONTH})[）)]?")
_AS_OF = re.compile(rf"(?:截至|截止到?)\s*({DAY}|{MONTH})")
_EDITION = re.compile(rf"[（(]({MONTH})版?[）)]")
_SIGNER = re.compile(r"[^。；！？：:]{2,40}")
# 附件, 附件1 above an annex; 附件：申请表 may only list it, above the signature.
_ANNEX = re.compile(r"附\s*(?:件|表|录)?\s*[\d一二三四五六七八九十]{0,2}\s*(?:[：:].{0,60})?")
_ISSUES = re.compile(r"关于(?:印发|转发|发布|公布)|令$")
_LISTED = re.compile(r"[：:].")
_LAST = 3  # lines at the very end, where a date needs no signature above it
_DRAFT = re.compile(r"征求意见稿|送审稿|讨论稿|审议稿|草案|草稿|初稿")
_CONSULTED = "征求意见稿"
_ASKS_FOR_VIEWS = re.compile(r"征求[^。]*意见")
# A budget keeps the word draft when it is published, and reports on a consultation are no drafts.
_NO_DRAFT = re.compile(r"(?:预算|决算|计划)[（(]?草案|采纳|意见.{0,6}(?:结果|情况)|起草说明")
_MARKED_REPEALED = re.compile(
    r"已(?:经)?(?:废止|失效|作废)|[（(【\[](?:废止|失效|作废)[）)】\]]|[（(【\[，,]已?(?:经)?(?:停止(?:执行|施行|使用)|停用)[）)】\]]"
)
# The field of a government site's page, beside its number and its date.
_SAID_REPEALED = re.compile(
    r"(?:^|[；;，,\s])(?:有效性|时效性?|时效状态|效力(?:状态|级别)?|文件状态)\s*[：:]\s*(?:已|现)?(?:经)?(?:失效|废止|作废|无效)(?=[。；;，,\s]|$)"
)
_SENTENCE_END = re.compile(r"[。；！？：，、;!?:,]$")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The result of reading: values for fields of `About`, and for staff the words they were read in."""

    values: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def read_own_words(document: Document) -> OwnWords:
    """Return what a document says about itself; statements about others and contradictory ones are left out."""
    found = _Found()
    lines = [line.strip() for line in document.text.split("\n") if line.strip()]
    _read_head(found, document, _with_history([with_digits(line) for line in lines[: _HEAD + _MOST_HISTORY]]))
    if "date" not in found.values and (signed := _signed_above_annex(lines) or _signed(lines[-_FOOT:])):
        found.keep("date", signed, "")
    if MENTIONED.search(document.text):
        _read_validity(found, document)
    if "date" not in found.values and (month := _MONTH_ALONE.fullmatch(with_digits(lines[-1] if lines else ""))):
        found.keep("date", month[1], "")
    if "date" not in found.values and (since := found.values.get("in_force_from")):
        found.keep("date", in_words(since), "")
    return OwnWords(found.values, found.words)


def number_of(match: re.Match[str]) -> str:
    """Return a document's number in the form used for comparison: 云府发〔2025〕3号."""
    return f"{match[1]}〔{match[2]}〕{int(match[3])}号"


def day_of(document: Document, *, end: bool = False) -> date | None:
    """Return the date that ranks documents by age: their own, else the start of force, else the year that names them.

    That is a year in name or title, else that of the number. Of a month or a year it is the first day, with `end` the
    last.
    """
    about = document.about
    called = " ".join([PurePosixPath(document.name).stem, *titles(document)])
    years = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", called)
    numbered = re.search(NUMBER, about.number)
    year = max(years) if years else numbered[2] if numbered else ""
    return read_moment(about.date, end=end) or about.in_force_from or read_moment(year, end=end)


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
        if (draft := _draft_of(text)) and found.values.get("standing", REVISED) == REVISED:
            found.keep("standing", draft, text)
    for text in (*names, *lines):
        if _MARKED_REPEALED.search(text) if text in names else _SAID_REPEALED.search(text):
            found.keep("standing", REPEALED, text)
    for line in lines:
        if changed := _last_change(line):
            found.keep("date", in_words(changed), line)
            continue
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


def _draft_of(text: str) -> str:
    """Return the word by which a title calls its text a draft; empty if none does."""
    if _NO_DRAFT.search(text):
        return ""
    if match := _DRAFT.search(text):
        return match[0]
    if REVISED not in text:
        return ""
    return _CONSULTED if _ASKS_FOR_VIEWS.search(text) else REVISED


def _with_history(lines: Sequence[str]) -> list[str]:
    """Return the first lines, those of a statute's history in brackets as one."""
    out: list[str] = []
    rest = list(lines)
    while rest and len(out) < _HEAD:
        last = 0
        if _OPENS_HISTORY.match(rest[0]):
            last = next((n for n in range(_MOST_HISTORY) if _closed("".join(rest[: n + 1]))), 0)
        out.append(" ".join(rest[: last + 1]))
        del rest[: last + 1]
    return out


def _closed(text: str) -> bool:
    return sum(map(text.count, "（(")) == sum(map(text.count, "）)"))


def _last_change(line: str) -> date | None:
    """Return the last day on which a statute was passed, issued or changed, if a line tells its history."""
    if len(line) > _LONGEST or not _HISTORY.search(line):
        return None
    parts = re.split(rf"({DAY})", line)
    acts = zip(parts[1::2], parts[2::2], strict=True)
    days = [read_day(day) for day, said in acts if _ENACTED.search(re.sub(r"《[^》]*》", "《》", said))]
    return max(filter(None, days), default=None)


def _signed(lines: Sequence[str]) -> str:
    """Return the last date alone on a line below a signature, or month below an office; empty without one."""
    for number in range(len(lines) - 1, 0, -1):
        line, above = with_digits(lines[number]), with_digits(lines[number - 1])
        if match := _ALONE.fullmatch(line):
            day = read_day(match[1])
            if day and (len(lines) - number <= _LAST or _SIGNER.fullmatch(above)):
                return in_words(day)
        if (month := _MONTH_ALONE.fullmatch(line)) and all(map(names_office, above.split())):
            return month[1]
    return ""


def _signed_above_annex(lines: Sequence[str]) -> str:
    """Return the date of the signature above the first annex, or the text issued, which may be longer than the rest."""
    issues = any(map(_ISSUES.search, lines[:_FOOT]))
    for number, line in enumerate(lines):
        if _ANNEX.fullmatch(line):
            signed = _signed(lines[max(0, number - _FOOT) : number])
            if signed or not _LISTED.search(line):
                return signed
        dated = issues and _ALONE.fullmatch(with_digits(line))
        if dated and number and all(map(names_office, lines[number - 1].split())) and (day := read_day(dated[1])):
            return in_words(day)
    return ""


def _read_validity(found: _Found, document: Document) -> None:
    force = read_force(statements(document), read_day(str(found.values.get("date", ""))))
    if len(force.since) == 1:
        found.keep("in_force_from", *next(iter(force.since.items())))
    if force.until and not (force.since and min(force.until) < min(force.since)):
        found.keep("in_force_until", *min(force.until.items()))
