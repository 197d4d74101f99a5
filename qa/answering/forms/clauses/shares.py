"""The share of the one who is asked for, of those that a whole is divided into: 六成归村集体，四成归农户."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import whole_number
from qa.answering.forms.clauses.parted import BY_COMMAS
from qa.answering.reader.base import Finding

_SHARE = re.compile(r"(?P<percent>\d+(?:\.\d+)?)[%％]|(?P<tenths>[一二三四五六七八九1-9])成")
_WHOLE = 100
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


def of_its_share(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding with the share of the one that a question names, where its answer is the share of another.

    None unless clauses one after the other divide a whole, and words of one of them alone stand in the question.
    """
    short, text = finding.short, finding.document.text
    if not short:
        return None
    shares = _of_a_whole(finding)
    named = [clause for clause in shares if _names(question, clause, list(shares), text)]
    own = [clause for clause in shares if short.overlaps(clause)]
    if len(named) != 1 or not own or own == named:
        return None
    return replace(finding, short=shares[named[0]])


def _of_a_whole(finding: Finding) -> dict[Span, Span]:
    """Return the clauses of a quotation, one after the other, whose shares make a whole, each with its share."""
    told: list[tuple[Span, Span, Decimal]] = []
    for match in BY_COMMAS.finditer(finding.document.text, finding.quote.start, finding.quote.end):
        found = list(_SHARE.finditer(finding.document.text, *match.span()))
        if len(found) == 1:
            told.append((Span(*match.span()), Span(*found[0].span()), _percent(found[0])))
    for run in _runs(told):
        if len(run) > 1 and sum(share for _, _, share in run) == _WHOLE:
            return {clause: share for clause, share, _ in run}
    return {}


def _runs(told: list[tuple[Span, Span, Decimal]]) -> Iterator[list[tuple[Span, Span, Decimal]]]:
    """Yield the clauses that stand side by side, only a mark between them."""
    run = told[:1]
    for before, one in pairwise(told):
        if one[0].start - before[0].end > 1:
            yield run
            run = []
        run.append(one)
    yield run


def _percent(match: re.Match[str]) -> Decimal:
    return Decimal(match["percent"]) if match["percent"] else Decimal(10 * whole_number(match["tenths"]))


def _names(question: str, clause: Span, clauses: list[Span], text: str) -> bool:
    own = _pairs(clause.of(text))
    return any(pair in question for pair in own.difference(*(_pairs(one.of(text)) for one in clauses if one != clause)))


def _pairs(words: str) -> set[str]:
    copy = _SHARE.sub("|", normalise(words))
    return {copy[place : place + 2] for place in range(len(copy) - 1) if _HAN.fullmatch(copy, place, place + 2)}
