"""Decides by what documents say of themselves and of one another which are in force."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from corpus.document import Document
from corpus.metadata.dates import read_moment
from corpus.metadata.facts import Facts
from corpus.metadata.own_words import NUMBER, OwnWords, day_of, number_of, titles
from corpus.metadata.repeals import BRACKETS, Repeal, base_title, plain_title
from corpus.validity import CURRENT, About, in_words

_SHOWN = 80  # characters of a sentence shown to staff
_TOLD = ("standing", "in_force_from", "in_force_until")
_REVISED = re.compile(r"修订|修正")


def with_facts(documents: Sequence[Document], facts: Mapping[str, Facts]) -> tuple[Document, ...]:
    """Return the documents with what they say of themselves and of one another; what staff wrote takes precedence.

    `facts` holds those of each document by its name. A document about which nothing changes is returned as it is.
    """
    told = [_told(document, facts[document.name].own) for document in documents]
    known = _Known(told, facts)
    out: dict[str, About] = {}
    for document in told:
        if document.about.is_draft:
            continue
        for repeal in (*facts[document.name].repeals, *_revises(document)):
            for target in known.named(repeal, document):
                about = out.get(target.name, target.about)
                out[target.name] = _repealed(about, target, document, repeal)
    ended = (_about(document, out.get(document.name, document.about)) for document in told)
    return tuple(old if old.about == new.about else new for old, new in zip(documents, ended, strict=True))


def _about(document: Document, about: About) -> Document:
    return document if document.about == about else replace(document, about=about)


def _revises(document: Document) -> Iterator[Repeal]:
    """Yield a repeal of all older texts of its name if a text calls itself revised."""
    for title in titles(document):
        bracket = BRACKETS.search(plain_title(title))
        if bracket and _REVISED.search(bracket[0]) and day_of(document):
            yield Repeal(base_title(title), "", None, title)


class _Known:
    """Documents by title and by number."""

    def __init__(self, documents: Sequence[Document], facts: Mapping[str, Facts]) -> None:
        self._titles: dict[str, list[Document]] = {}
        self._bases: dict[str, list[Document]] = {}
        self._numbers: dict[str, list[Document]] = {}
        for document in documents:
            for plain, base in facts[document.name].titles:
                self._titles.setdefault(plain, []).append(document)
                self._bases.setdefault(base, []).append(document)
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
            exact = self._titles.get(plain_title(repeal.title), [])
            found = self._older(exact, by) or self._older(self._bases.get(base_title(repeal.title), []), by)
            # A text known by another number is a different text of that title.
            found = [d for d in found if not (repeal.number and _number(d))]
        return self._older(found, by)

    @staticmethod
    def _older(documents: Sequence[Document], by: Document) -> list[Document]:
        # Within the year or the month of a text whose day is not known, any other day is an older one.
        first, last = day_of(by), day_of(by, end=True)
        days = ((document, day_of(document)) for document in documents if document.name != by.name)
        return [document for document, day in days if not (last and day and (day >= last or day == first))]


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
    return _about(document, _with(about, values, own.words) if values else about)


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
    since = repeal.since or by.about.in_force_from or (None if repeal.waits else read_moment(by.about.date))
    if repeal.waits and not since:
        return about  # the newer text does not hold yet, as far as anybody can read
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
