"""What a question in English asks of two figures, and what is computed for it from the sentence that was read."""

import re

from corpus.document import Span
from corpus.text.normalise import Normal
from qa.answering.forms.base import Form
from qa.answering.forms.computing.changes import in_a_line
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.results import difference, growth, quotient
from qa.answering.forms.computing.statements import Line, Statement, statements
from qa.answering.forms.figures import facts
from qa.answering.question.words import ENGLISH_WH, has_han

_MORE = r"more|higher|larger|bigger|longer|greater|later|older|faster|heavier|dearer|further|better|deeper|taller"
_LESS = r"less|fewer|lower|smaller|shorter|cheaper|younger|slower|earlier|lighter|nearer|closer|worse"
_RISE = r"grow|grown|rise|risen|increased?|expand(?:ed)?|gain(?:ed)?|gone up|go up|climb(?:ed)?"
_FALL = r"fall|fallen|decreased?|drop(?:ped)?|declined?|shrink|shrunk|gone down|go down|reduced?"
# The verb of change as it follows each auxiliary, behind its subject.
_DOES = (
    r"grow|rise|increase|expand|gain(?! from (?!(?:19|20)\d\d))|climb|go up|fall|decrease|drop|decline|shrink|reduce|"
    r"go down|change"
)
_HAS = (
    r"(?:been )?(?:increased|expanded|decreased|reduced|changed)|grown|risen|gained|climbed|gone up|fallen|dropped|"
    r"declined|shrunk|gone down"
)
_WAS = (
    r"(?:increased|expanded|decreased|reduced|changed)"
    r"(?=\s*(?:$|[?,.]|(?:from|between|since|in|by|over|during|after|to|compared|and)\b))"
)
# No verb of the subject: invest to reduce, a reduced fare, tickets for reduced fares.
_OF_THE_SUBJECT = (
    r"(?<!\bto )(?<!\band )(?<!\bor )(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bfor )(?<!\bwith )(?<!\bof )(?<!\bon )"
    r"(?<!\bin )(?<!\bat )(?<!\bfrom )(?<!\bfurther )"
)
_ASKS_CHANGE = re.compile(
    r"\bhow (?:much|many|far|fast|strongly) (?:(?P<does>did|does|do|will)|(?P<has>has|have|had)|was|were)"
    r"\s+(?!been\b|not\b)\S+\s(?:(?!\b(?:if|when|who|whose|which|that|because)\b).)*?\b"
    rf"{_OF_THE_SUBJECT}(?(does)(?:{_DOES})|(?(has)(?:{_HAS})|(?:{_WAS})))\b(?!\s+to\b(?!\s+(?:19|20)\d\d))",
    re.IGNORECASE,
)
# 500 yuan is what a fine was increased to.
_WHAT_TO = re.compile(r"\bto\s*[?.]*$", re.IGNORECASE)
# expected to grow: what follows is the verb of the subject.
_IS_TO = re.compile(r"\b(?:expected|set|projected|forecast|planned|estimated|likely|due) to\b", re.IGNORECASE)
# What a rule allows, unless two figures tell of a change.
_BY_HOW_MANY = re.compile(r"\bby how many\b|\bby how much (?:can|may|could|must|should)\b", re.IGNORECASE)
_ASKS = re.compile(
    rf"\bhow (?:much|many|far) (?:{_MORE}|{_LESS})\b.*\bthan\b|\bby how much\b(?! (?:can|may|could|must|should)\b)|"
    r"\b(?:difference|gap) between\b|"
    rf"\b(?:what|how many) per ?cent(?:age)?(?: points?)? (?:{_MORE}|{_LESS})\b|\bby what per ?cent(?:age)?\b|"
    r"\bhow many times (?:more|as|the)\b|\b(?:more|less) than .* how (?:much|many)\b",
    re.IGNORECASE,
)
# The comparing word stands before the two things: no 80 or older, more information or help, 10 tonnes or more.
_COMPARING = rf"(?<!\bor )(?<!\bfor )(?<!\bany )(?<!\bno )(?<!\d )\b(?:{_MORE}|{_LESS})\b(?! or\b)"
_ADJECTIVE = "|".join(word for word in f"{_MORE}|{_LESS}".split("|") if word not in ("more", "less", "fewer"))
_OR_ANOTHER = rf"\bor\b(?!\s+(?:{_MORE}|{_LESS}|{ENGLISH_WH})\b)"
_WHICH = re.compile(
    rf"\b(?:which|who|what)\b[^?]*{_COMPARING}[^,:;—?]*[,:;—]\s*(?!or\b)[^,:;—?]*{_OR_ANOTHER}|"
    rf"\b(?:which|who|what) (?:is|are|was|were) (?:the )?(?:{_ADJECTIVE})\b(?! or\b).*{_OR_ANOTHER}|"
    rf"\bwhich of\b(?! the two).*{_OR_ANOTHER}.*{_COMPARING}|"
    rf"\b(?:which|who|what)\b(?=.*\bof the two\b).*{_COMPARING}",
    re.IGNORECASE,
)
_RATE = re.compile(r"\bper ?cent|\bpercentage\b(?! point)", re.IGNORECASE)
_TIMES = re.compile(r"\bhow many times\b|\btwice\b", re.IGNORECASE)
_UPWARDS = re.compile(rf"\b(?:{_MORE}|{_RISE})\b", re.IGNORECASE)
_DOWNWARDS = re.compile(rf"\b(?:{_LESS}|{_FALL})\b", re.IGNORECASE)
_YEAR_ASKED = re.compile(r"\b(?:19|20)\d\d\b")
_YEAR = re.compile(r"((?:19|20)\d\d)年")


def related_in_english(question: Normal, quote: str) -> Form | None:
    """Return whether a question in English asks how two figures are related (compute), or which is more (compare).

    By how many days something may be put off is no relation where the quotation holds a single figure.
    """
    if has_han(question):
        return None
    by_how_many = _BY_HOW_MANY.search(question) and len(facts(quote).figures) > 1
    if by_how_many or _ASKS.search(question) or _asks_change(question):
        return Form.COMPUTE
    return Form.COMPARE if _WHICH.search(question) else None


def _asks_change(question: Normal) -> bool:
    return bool(_ASKS_CHANGE.search(_IS_TO.sub("", question))) and not _WHAT_TO.search(question)


def changed_in_english(question: Normal, quote: str, short: Span | None) -> Conclusion | None:
    """Return what has changed between the two years of a question, where one sentence tells both figures.

    The figure read, at `short` of the quotation, has to be one of them. None where the question has it the other way.
    """
    years = sorted(set(_YEAR_ASKED.findall(question)))
    if related_in_english(question, quote) is not Form.COMPUTE or len(years) != 2 or not short:
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
