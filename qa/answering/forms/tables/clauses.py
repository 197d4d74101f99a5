"""The clause that a question names, of those that say the same of different things: 停水提前24小时；停气提前48小时."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from index.search.terms import words
from qa.answering.forms.tables.cases import answer_in
from qa.answering.reader.base import Finding

# First the parts of a sentence, then what commas part in it.
_PARTED = (re.compile(r"[^；;。\n]+"), re.compile(r"[^；;。\n，,]+"))
# A name, and the figure of it that ends the clause: 咨询电话：东院区5320171.
_LABEL = re.compile(
    r"(?:[^：:]*[：:])?\s*(?P<name>(?!每)[\u4e00-\u9fff]{2,12})(?:是|为|共)?(?P<figure>\d[\d.,:：-]*[\u4e00-\u9fff%/]{0,6})$"
)
# How similar clauses are that say the same: one has the answer in place of the other, or one answer runs over both.
_SAME, _BOTH = 0.6, 0.35


def in_the_right_clause(question: Normal, finding: Finding) -> Finding:
    """Return a finding whose shortest answer is of the one clause that holds words of the question that no other has.

    An answer in a clause like it is moved there, one that runs on into a clause like it is cut. Where figures stand
    behind names, the name decides.
    """
    labelled = _of_its_label(question, finding)
    return labelled or _of_its_clause(question, finding)


def _of_its_clause(question: Normal, finding: Finding) -> Finding:
    short, text = finding.short, finding.document.text
    for parted in _PARTED if short else ():
        clauses = [Span(*match.span()) for match in parted.finditer(text, finding.quote.start, finding.quote.end)]
        asked = [clause for clause in clauses if _names(question, clause, clauses, text)]
        own = [clause for clause in clauses if short and short.start < clause.end and clause.start < short.end]
        if not short or len(asked) != 1 or not own or own == asked:
            continue
        alike = min(_alike(one, asked[0], text) for one in own if one != asked[0])
        if len(own) == 1 and alike >= _SAME:
            return replace(finding, short=answer_in(asked[0], short, text))
        if asked[0] in own and alike >= _BOTH:
            return replace(finding, short=_within(short, asked[0], text))
    return finding


def _of_its_label(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding whose answer is the figure behind the one name that a question holds: 东院区1，北院区2.

    None where no figures stand behind names of like things, or the question holds none of the names.
    """
    short, text = finding.short, finding.document.text
    if not short:
        return None
    clauses = [Span(*match.span()) for match in _PARTED[1].finditer(text, finding.quote.start, finding.quote.end)]
    labels = {clause: _LABEL.match(text[clause.start : clause.end]) for clause in clauses}
    own = next((label for clause, label in labels.items() if label and short.lies_in(clause)), None)
    asked = question.replace(" ", "")
    # Names of like things end alike: 东院区, 北院区.
    like = {
        clause: label
        for clause, label in labels.items()
        if label and own and _kind(label) == _kind(own) and label["name"][-1] == own["name"][-1]
    }
    named = [(clause, label) for clause, label in like.items() if label["name"] in asked]
    if len({label["name"] for label in like.values()}) < 2 or len(named) != 1:
        return None
    clause, label = named[0]
    return replace(finding, short=Span(clause.start + label.start("figure"), clause.start + label.end("figure")))


def _kind(label: re.Match[str]) -> str:
    """Return what figures behind like names have in common: their unit, and for numbers alone their length."""
    figure = label["figure"]
    return f"{len(figure)} digits" if figure.isdigit() else re.sub(r"[\d.,:：-]+", "0", figure)


def _names(question: Normal, clause: Span, clauses: Sequence[Span], text: str) -> bool:
    """Return whether a question holds a word of the clause that stands in none of the others."""
    others = [normalise(other.of(text)) for other in clauses if other is not clause]
    return any(
        len(word) > 1 and word in question and not any(word in other for other in others)
        for word in words(normalise(clause.of(text)))
    )


def _alike(one: Span, other: Span, text: str) -> float:
    return SequenceMatcher(None, normalise(one.of(text)), normalise(other.of(text)), autojunk=False).ratio()


def _within(short: Span, clause: Span, text: str) -> Span | None:
    span = Span(max(short.start, clause.start), min(short.end, clause.end)).trimmed(text)
    return span if len(span) else None
