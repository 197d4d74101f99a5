"""What a question in English asks of two figures, and what is computed for it from the sentence that was read."""

import re

from corpus.document import Span
from corpus.text.normalise import Normal
from qa.answering.forms.base import Form
from qa.answering.forms.computing.changes import in_a_line
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.results import difference, growth, quotient
from qa.answering.forms.computing.statements import Line, Statement, statements
from qa.answering.question.words import has_han

_MORE = r"more|higher|larger|bigger|longer|greater|later|older|faster|heavier|dearer|further|better|deeper|taller"
_LESS = r"less|fewer|lower|smaller|shorter|cheaper|younger|slower|earlier|lighter|nearer|closer|worse"
_RISE = r"grow|grown|rise|risen|increased?|expand(?:ed)?|gain(?:ed)?|gone up|go up|climb(?:ed)?"
_FALL = r"fall|fallen|decreased?|drop(?:ped)?|declined?|shrink|shrunk|gone down|go down|reduced?"
_ASKS = re.compile(
    rf"\bhow (?:much|many|far) (?:{_MORE}|{_LESS})\b.*\bthan\b|\bby how (?:much|many)\b|"
    r"\bhow (?:much|many|far|fast|strongly) (?:did|does|do|has|have|had|was|were|will)\b"
    rf".*\b(?:{_RISE}|{_FALL}|changed?)\b"
    r"(?! to (?!(?:19|20)\d\d))|\b(?:difference|gap) between\b|"
    rf"\b(?:what|how many) per ?cent(?:age)?(?: points?)? (?:{_MORE}|{_LESS})\b|\bby what per ?cent(?:age)?\b|"
    r"\bhow many times (?:more|as|the)\b|\b(?:more|less) than .* how (?:much|many)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"\b(?:which|who|what)\b(?=.*\b(?:or|of the two)\b).*\b(?:{_MORE}|{_LESS})\b",
    re.IGNORECASE,
)
# A bound, and no second thing: 10 tonnes or more.
_OR_MORE = re.compile(rf"\bor (?:{_MORE}|{_LESS})\b", re.IGNORECASE)
_RATE = re.compile(r"\bper ?cent|\bpercentage\b(?! point)", re.IGNORECASE)
_TIMES = re.compile(r"\bhow many times\b|\btwice\b", re.IGNORECASE)
_UPWARDS = re.compile(rf"\b(?:{_MORE}|{_RISE})\b", re.IGNORECASE)
_DOWNWARDS = re.compile(rf"\b(?:{_LESS}|{_FALL})\b", re.IGNORECASE)
_YEAR_ASKED = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR = re.compile(r"((?:19|20)\d\d)年")


def related_in_english(question: Normal) -> Form | None:
    """Return whether a question in English asks how two figures are related (compute), or which is more (compare)."""
    if has_han(question):
        return None
    if _ASKS.search(question):
        return Form.COMPUTE
    return Form.COMPARE if _WHICH.search(_OR_MORE.sub("", question)) else None


def changed_in_english(question: Normal, quote: str, short: Span | None) -> Conclusion | None:
    """Return what has changed between the two years of a question, where one sentence tells both figures.

    The figure read, at `short` of the quotation, has to be one of them. None where the question has it the other way.
    """
    years = sorted(set(_YEAR_ASKED.findall(question)))
    if related_in_english(question) is not Form.COMPUTE or len(years) != 2 or not short:
        return None
    lines = [Line(quote, Span(0, len(quote)))]
    pairs = [
        (before, now)
        for before, now, _ in in_a_line(statements(lines), lines)
        if [_year_of(before, quote), _year_of(now, quote)] == years
    ]
    if len(pairs) != 1:
        return None
    before, now = pairs[0]
    read = any(one.start <= short.start < one.end for one in pairs[0])
    if not read or before.bound or now.bound or not before.value or not _fits(question, now.value > before.value):
        return None
    if now.unit != "%" and _RATE.search(question):
        return growth(before, now, {})
    return quotient(now, before, {}) if _TIMES.search(question) else difference(before, now, {}, lines)


def _fits(question: Normal, rose: bool) -> bool:
    """Return whether the direction is the one that the question takes for granted, if it takes one."""
    up, down = bool(_UPWARDS.search(question)), bool(_DOWNWARDS.search(question))
    return up in (down, rose)


def _year_of(statement: Statement, quote: str) -> str:
    years = _YEAR.findall(quote[: statement.start])
    return years[-1] if years else ""
