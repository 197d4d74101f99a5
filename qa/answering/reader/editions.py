"""Documents of different dates: which one a question means, and where two answer it with different values."""

import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from corpus.document import Document
from corpus.metadata.own_words import day_of
from corpus.text.normalise import normalise
from qa.answering.reader.base import Finding

# What a title ends with that says of which kind the document is, not whom it is for; 标准 and 表 may stand together.
KINDS = (
    r"(?:表|单|册|须知|指南|说明|简介|公示|公告|通告|通知|办法|方案|规定|规程|细则|规则|条例|措施|意见|标准|"
    r"政策|制度|指引|问答|目录|汇总)"
)
_KIND = re.compile(rf"{KINDS}$")
_SUBJECT = 4  # characters that titles of one subject begin with, at least
# What differs between two editions of one document.
_EDITION = re.compile(
    r"(?:19|20)\d{2}(?:[-—–至到](?:(?:19|20)\d{2}|\d{2}))?|年度?版?|第?[一二三四五六七八九十\d]+[次版]|"
    r"\d{1,2}月(?:\d{1,2}日)?|[（(][^（）()]*[)）]|新版|旧版|最新|修[订正改]|试行|暂行|征求意见稿|草案|"
    r"实施|关于|印发|的|\d|\W"
)
_CHANGED = re.compile(r"(?:进一步|重新|再次)?(?:调整|公布|明确|规范|完善|核定|修改|优化)(?:后|完善)?")
# Within a title only a kind of two characters is one: 单位 and 代表 are others.
_OF_A_KIND = re.compile(rf"{KINDS}(?<![表单册])|{KINDS}+$")
# Documents do not call themselves the newest, and a reader that looks for the word finds no answer.
_LATEST = re.compile(r"最新(?:版本?|一版)?的?(?=[\u4e00-\u9fff]{2})")
_NEWEST = re.compile(r"现在|目前|最新|现行|当前|如今|眼下|now\b|current|latest", re.IGNORECASE)
_OLDER = re.compile(
    r"[旧老]版|[上前]一版|旧的|[旧老]的?(?:[暂试]行)?(?:政策|办法|规定|规则|细则|条例|制度|标准|章程|公约|村规)|"
    r"原来|以前|过去|从前|废止前|修[订改]之?前|(?:废止|失效|作废)了?的[\u4e00-\u9fff]{2}|原政策|原办法"
)
_CLAUSE_END = re.compile(r"[；;。\n]")
_LAST_MONTH = 12
_ENDED = re.compile(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?起?(?:废止|失效|作废|停止)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_TWO_YEARS = re.compile(r"(?<!\d)((?:19|20)\d{2})年?\s*(?:[-—–~～/]+|[至到])\s*((?:19|20)\d{2})(?!\d)")


def asks_for_newest(question: str) -> bool:
    """Return whether a question asks for what holds today: 现在, 目前, 最新."""
    return bool(_NEWEST.search(question))


def without_latest(question: str) -> str:
    """Return a question without 最新, which says which document is meant and not what is asked of it."""
    return _LATEST.sub("", question)


def asks_for_older(question: str) -> bool:
    """Return whether a question asks for what held before: 旧办法, 原来."""
    return bool(_OLDER.search(question))


def names(question: str, document: Document) -> bool:
    """Return whether a question asks for this older document: by a year in its name or in force, or as the old one."""
    about = document.about
    named, asked = years_named(document), years(question)
    first, last = about.in_force_from, about.in_force_until
    # In the year in which it ended, what came in its place is meant, too.
    until = last.year - (last.month < _LAST_MONTH) if last else 0
    held = bool(first and last and any(first.year <= int(year) <= until for year in asked))
    return held or any(year in named for year in asked) or bool(_OLDER.search(question) and not about.is_draft)


def years(question: str) -> set[str]:
    """Return the years that a question names."""
    return set(_YEAR.findall(question))


def years_named(document: Document) -> set[str]:
    """Return the years in a document's name and title, without that in which the title says that it ended."""
    return set(_YEAR.findall(_ENDED.sub("", f"{PurePosixPath(document.name).stem} {document.title}")))


def seasons(text: str) -> set[str]:
    """Return the first years of the seasons over a year's end that a text names: 2025—2026采暖季, 2024-2025学年."""
    return {first for first, last in _TWO_YEARS.findall(text) if int(last) == int(first) + 1}


def of_another_season(question: str, document: Document, passage: str) -> bool:
    """Return whether a document is of other seasons than a question names, and its passage names none of those."""
    asked = seasons(question)
    of_it = seasons(f"{PurePosixPath(document.name).stem} {document.title}") if asked else set()
    return bool(of_it) and not asked & (of_it | seasons(passage))


def of_the_year(question: str, findings: Sequence[Finding]) -> Finding | None:
    """Return the finding whose document is of the one year that a question names, where the others are of other years.

    None where another one speaks of that year, too: a later document may have put its figure right.
    """
    asked = years(question)
    own = [one for one in findings if asked & years_named(one.document)]
    others = [one for one in findings if one not in own]
    if len(asked) != 1 or len(own) != 1 or not all(years_named(one.document) for one in others):
        return None
    return None if any(asked & years(_said_of_the_value(one)) for one in others) else own[0]


def _said_of_the_value(found: Finding) -> str:
    """Return the headings above a quotation, and the cell or the clause of it that holds the short answer."""
    clauses = [found.quote.of(found.document.text)]
    if found.short:
        before = found.document.text[found.quote.start : found.short.start]
        behind = found.document.text[found.short.end : found.quote.end]
        clauses = [_CLAUSE_END.split(before)[-1], _CLAUSE_END.split(behind)[0]]
    return "\n".join([*found.headings, *clauses])


def subject(title: str) -> str:
    """Return a normalised title without what tells editions and kinds of documents about one subject apart."""
    return _OF_A_KIND.sub("", _EDITION.sub("", title))


def with_newer_ones(documents: Sequence[Document]) -> set[str]:
    """Return the names of the documents that have a newer edition among these: of one subject and of one office."""
    subjects = [_CHANGED.sub("", subject(normalise(one.title))) for one in documents]
    days = [day_of(one) for one in documents]
    return {
        one.name
        for one, about, day in zip(documents, subjects, days, strict=True)
        for other, same, later in zip(documents, subjects, days, strict=True)
        if day and later and later > day and about == same and len(about) >= _SUBJECT and _may_share_office(one, other)
    }


def _may_share_office(one: Document, other: Document) -> bool:
    issuers = {one.about.issuer, other.about.issuer} - {""}
    return len(issuers) < 2


def newest_first(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings by their documents' dates, the newest first, undated ones last."""
    return tuple(sorted(findings, key=lambda one: day_of(one.document) or date.min, reverse=True))


def newest_of_kinds(findings: Sequence[Finding]) -> Finding | None:
    """Return the newest of findings whose documents are of different kinds about one subject: 收费标准, 收费公示.

    None where they may be for different people (城镇, 农村), where one is undated, or where two are of one day.
    """
    days = [day_of(one.document) for one in findings]
    titles = [normalise(one.document.title) for one in findings]
    alike = os.path.commonprefix(titles), os.path.commonprefix([title[::-1] for title in titles])
    if None in days or len(set(days)) < len(days) or len(alike[0]) < _SUBJECT or alike[1]:
        return None
    return newest_first(findings)[0] if all(map(_KIND.search, titles)) else None


def told_apart(findings: Sequence[Finding]) -> str:
    """Return one sentence with what each contradicting document says, named by its year or else its title."""
    days = [day_of(one.document) for one in findings]
    years = [day.year if day else None for day in days]
    by_year = None not in years and len(set(years)) == len(years)
    parts = []
    for number, one in enumerate(findings):
        value = " ".join((one.short or one.quote).of(one.document.text).split())
        if by_year:
            parts.append(f"{years[number]}年的{'' if number else '文件'}写的是{value}")
        else:
            parts.append(f"《{one.document.title}》{'' if number else ' '}写的是{value}".replace(" ", ""))
    return "；".join(parts)
