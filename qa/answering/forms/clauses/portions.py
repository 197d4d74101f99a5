"""The figure of the part of a whole that a question asks for: 车位200个，其中充电车位30个."""

import re
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.asking import asks_amount
from qa.answering.forms.clauses.cases import answer_in
from qa.answering.forms.clauses.parted import BY_COMMAS
from qa.answering.reader.base import Finding

_PART = re.compile(r"\s*其中[：:，,]?")
_FIGURE = re.compile(r"\d[\d,.]*\s*[\u4e00-\u9fff]?")
_ABLE = re.compile("[可能](?=[用住停坐租借售])")  # 能用的 is 可用
_TWO = 2  # characters that name a part


def of_the_part(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding with the figure of the part that a question names, where its answer is that of the whole.

    None unless the clause of the part follows that of the whole, and has words of the question that the whole lacks.
    """
    short, text = finding.short, finding.document.text
    if not short or not asks_amount(question) or "其中" in question:
        return None
    clauses = [Span(*match.span()) for match in BY_COMMAS.finditer(text, finding.quote.start, finding.quote.end)]
    own = next((number for number, clause in enumerate(clauses) if short.lies_in(clause)), len(clauses))
    following = clauses[own + 1 : own + 2]
    if not following or not _PART.match(text, following[0].start, following[0].end):
        return None
    if not _names(question, following[0].of(text), clauses[own].of(text)):
        return None
    there = answer_in(following[0], short, text)
    return replace(finding, short=there) if there else None


def _names(question: str, part: str, whole: str) -> bool:
    """Return whether a question holds words of a part that the whole lacks."""
    asked, told, besides = (_ABLE.sub("可", normalise(words)) for words in (question, part, whole))
    names = _FIGURE.sub("|", _PART.sub("", told))
    pairs = {names[at : at + _TWO] for at in range(len(names) - 1)}
    return any(pair in asked for pair in pairs if "|" not in pair and pair.isalpha() and pair not in besides)
