"""Finds which documents repeal others (《…》同时废止, by title or number), and revised texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from corpus.document import Document
from corpus.metadata.dates import DAY, in_words, read_day, read_moment, with_digits
from corpus.metadata.own_words import NUMBER, OwnWords, day_of, number_of, read_own_words, statements, titles
from corpus.text.normalise import normalise
from corpus.validity import CURRENT, About

_ENDS = r"废止|停止执行|停止施行|终止执行|不再执行|失效"
_REPEALS = re.compile(rf"(?<!不得)(?<!是否)(?<!建议)(?<!未)(?<!不)(?<!拟)(?:{_ENDS})")
_NAME = re.compile(rf"《([^《》]{{2,80}}(?:〈[^〉]*〉[^《》]*)?)》(?:\s*[（(\[]?\s*(?:{NUMBER})\s*[）)\]]?)?|{NUMBER}")
# Words after which a text is only referred to, or repealed in part.
_REFERRED_TO = re.compile(
    r"(?:根据|依据|依照|按照|贯彻|落实|违反)[^，,。；;《》]{0,12}$|(?:按|印发|发布|公布|制定|修订|执行|参照|结合)$"
)
_PART = re.compile(r"^\s*(?:第[\d一二三四五六七八九十百、至]+[条款项章节]|中的?|有关|的?部分|附件|的(?:规定|附))")
_HOLDS_NOW = re.compile(r"^[^，,。；;]{0,4}自[^，,。；;]{0,16}起[^，,。；;]{0,4}(?:施行|执行|实施|生效)")
_LIST_ITEM = re.compile(r"^\s*(?:\d+[.、．]|[（(]?[一二三四五六七八九十\d]+[）)、]|《)")
# The date of the repeal; 自…起施行 states when another text comes into force.
_WHEN = re.compile(rf"自?\s*({DAY})\s*起(?!\s*(?:正式|开始)?(?:施行|执行|实施|生效|试行))")
_ISSUING = re.compile(r"^(?:[\u4e00-\u9fff]{2,30})?关于(?:印发|发布|公布|转发)(.{4,})的(?:通知|公告|通告|决定)$")
_BRACKETS = re.compile(r"[（(\[【][^（）()\[\]【】]*[）)\]】]$")
_BRACKETS_BACKWARDS = re.compile(r"[）)\]】][^（）()\[\]【】]*[（(\[【]")
_NEAR = 14  # characters between 废止 and the first title after it
_SHOWN = 80  # characters of a sentence shown to staff
_TOLD = ("standing", "in_force_from", "in_force_until")
_REVISED = re.compile(r"修订|修正")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A text named as repealed by title or number, the date of the repeal if stated, and the words that say so."""

    title: str
    number: str
    since: date | None
    words: str


def with_validity(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the documents with what they say of themselves and of one another; what staff wrote takes precedence."""
    own = {document.name: read_own_words(document) for document in documents}
    told = [_told(document, own[document.name]) for document in documents]
    known = _Known(told)
    out: dict[str, About] = {}
    for document in told:
        if document.about.is_draft:
            continue
        for repeal in (*repeals(document), *_revises(document)):
            for target in known.named(repeal, document):
                about = out.get(target.name, target.about)
                out[target.name] = _repealed(about, target, document, repeal)
    return tuple(replace(document, about=out.get(document.name, document.about)) for document in told)


def repeals(document: Document) -> Iterator[Repeal]:
    """Yield the texts that a document repeals as a whole."""
    if not _REPEALS.search(document.text):
        return
    listing = False
    for part in statements(document):
        verbs = list(_REPEALS.finditer(part))
        if verbs:
            yield from _in_sentence(part, verbs)
            listing = part.endswith(("：", ":"))
        elif listing and _LIST_ITEM.match(part):
            yield from _names(part, 0, len(part), None)
        else:
            listing = False


def _in_sentence(part: str, verbs: Sequence[re.Match[str]]) -> Iterator[Repeal]:
    begin = 0
    for verb in verbs:
        since = _WHEN.search(with_digits(part[begin : verb.start()]))
        found = list(_names(part, begin, verb.start(), read_day(since[1]) if since else None))
        if not found:  # 同时废止《…》
            rest = re.search(r"[。；;]|$", part[verb.end() :])
            assert rest is not None
            behind = verb.end() + rest.start()
            follows = 0 <= part.find("《", verb.end(), behind) - verb.end() < _NEAR
            found = list(_names(part, verb.end(), behind, None)) if follows else []
        yield from found
        begin = verb.end()


def _names(part: str, begin: int, end: int, since: date | None) -> Iterator[Repeal]:
    for match in _NAME.finditer(part, begin, end):
        before, behind = part[begin : match.start()], part[match.end() :]
        if _REFERRED_TO.search(before) or _PART.match(behind) or _HOLDS_NOW.match(behind):
            continue
        numbered = re.search(NUMBER, match[0][len(match[1]) + 2 :] if match[1] else match[0])
        number = number_of(numbered) if numbered else ""
        yield Repeal(match[1] or "", number, since, part)


def _revises(document: Document) -> Iterator[Repeal]:
    """Yield a repeal of all older texts of its name if a text calls itself revised."""
    for title in titles(document):
        bracket = _BRACKETS.search(title.strip())
        if bracket and _REVISED.search(bracket[0]) and day_of(document):
            yield Repeal(base_title(title), "", None, title)


class _Known:
    """Documents by title and by number."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._titles: dict[str, list[Document]] = {}
        self._bases: dict[str, list[Document]] = {}
        self._numbers: dict[str, list[Document]] = {}
        for document in documents:
            for title in titles(document):
                self._titles.setdefault(_plain(title), []).append(document)
                self._bases.setdefault(base_title(title), []).append(document)
            if number := _number(document):
                self._numbers.setdefault(_short(number), []).append(document)

    def named(self, repeal: Repeal, by: Document) -> list[Document]:
        """Return the documents that a repeal means, excluding the one that states it and newer ones."""
        found: list[Document] = []
        if repeal.number:
            found = [d for d in self._numbers.get(_short(repeal.number), []) if _same_number(d, repeal.number)]
            if repeal.number.startswith("〔") and len(found) > 1:
                found = []  # each of several offices has its own number 12
        if not found and repeal.title:
            exact = self._titles.get(_plain(repeal.title), [])
            found = self._older(exact, by) or self._older(self._bases.get(base_title(repeal.title), []), by)
            # A text known by another number is a different text of that title.
            found = [d for d in found if not (repeal.number and _number(d))]
        return self._older(found, by)

    @staticmethod
    def _older(documents: Sequence[Document], by: Document) -> list[Document]:
        day = day_of(by)
        return [
            document
            for document in documents
            if document.name != by.name and not (day and (other := day_of(document)) and other >= day)
        ]


def base_title(title: str) -> str:
    """Return a title for comparison: without 关于印发…的通知, and without brackets at its end."""
    title = _plain(title)
    backwards, cut = title[::-1], 0
    while (match := _BRACKETS_BACKWARDS.match(backwards, cut)) and match.end() < len(title):
        cut = match.end()
    return title[: len(title) - cut]


def _plain(title: str) -> str:
    title = re.sub(r"[\s《》〈〉“”\"]", "", normalise(title))
    issued = _ISSUING.match(title)
    return issued[1] if issued else title


def _short(number: str) -> str:
    """Return year and number alone, because 〔2019〕12号 names a text too."""
    return number[number.find("〔") :]


def _number(document: Document) -> str:
    """Return a document's number in one spelling; empty if it has none."""
    match = re.search(NUMBER, document.about.number)
    return number_of(match) if match else ""


def _same_number(document: Document, number: str) -> bool:
    own, named = _number(document).split("〔")[0], number.split("〔")[0]
    return own.endswith(named) or named.endswith(own)


def _told(document: Document, own: OwnWords) -> Document:
    """Return the document with what it says of itself in fields that staff left empty."""
    about = document.about.written
    values: dict[str, Any] = {name: value for name, value in own.values.items() if not getattr(about, name)}
    decided = {"in_force_from", "in_force_until"} if about.standing == CURRENT else set()
    if about.superseded_by:
        decided = decided | {"in_force_until"}
    values = {name: value for name, value in values.items() if name not in decided}
    return replace(document, about=_with(about, values, own.words))


def _with(about: About, values: Mapping[str, Any], words: Mapping[str, str]) -> About:
    """Return `about` with further values; unchanged if they contradict its dates."""
    reasons = [(name, f"文件写明“{words[name][:_SHOWN]}”") for name in _TOLD if values.get(name)]
    try:
        return replace(about, **values, read=(*about.read, *values), reasons=(*about.reasons, *reasons))
    except ValueError:
        return about


def _repealed(about: About, target: Document, by: Document, repeal: Repeal) -> About:
    """Return the facts about a document after another one repeals it, unless staff wrote otherwise."""
    written = about.written
    if written.standing or written.superseded_by or written.in_force_until:
        return about
    since = repeal.since or by.about.in_force_from or read_moment(by.about.date)
    until = since - timedelta(days=1) if since else None
    if until and about.in_force_until:
        until = min(until, about.in_force_until)
    successor = f"{by.title}（{by.about.number or by.about.date}）" if by.about.number or by.about.date else by.title
    values: dict[str, Any] = {"superseded_by": successor} | ({"in_force_until": until} if until else {})
    reason = f"{by.name}写明“{' '.join(repeal.words.split())[:_SHOWN]}”" + (f"（{in_words(since)}起）" if since else "")
    if until and about.in_force_from and until < about.in_force_from:
        values.pop("in_force_until")
    read = tuple(dict.fromkeys((*about.read, *values)))
    return replace(about, **values, read=read, reasons=(*about.reasons, ("superseded_by", reason)))
