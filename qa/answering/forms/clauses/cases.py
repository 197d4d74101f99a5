"""The case that a question's figure falls into: 95岁 is of 90至99周岁, and of no other clause."""

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from corpus.text.sentences import sentences
from qa.answering.forms.conditions import asked_values, intervals
from qa.answering.forms.figures import Figure, facts
from qa.answering.reader.base import Finding

_CLAUSE = re.compile(r"[^，,；;。\n]+")
# A question for a bound itself, or whether something holds, may be answered by another case.
_OPEN = re.compile(
    r"吗|是否|是不是|能不能|可不可|够不够|以上|以下|以内|超过|不足|低于|不满|至少|最多|[—~～-]\s*\d|\d\s*[至到]\s*\d"
)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")  # 1,000人 is one figure, not the end of a clause
_PERIODS = ("年", "个月", "月", "天", "日")
_NEAR = 400  # characters on both sides
_ALIKE = 0.6


def in_the_right_case(question: Normal, finding: Finding) -> Finding:
    """Return a finding whose shortest answer is of the clause that holds the question's figure.

    Where its own clause is of another case and none of the quotation is of this one, it has no shortest answer.
    """
    short, text = finding.short, finding.document.text
    if not short or not asked_values(question):
        return finding
    quote = finding.quote
    clauses = [Span(*match.span()) for match in _CLAUSE.finditer(text, quote.start, quote.end)]
    own = next((clause for clause in clauses if short.lies_in(clause)), None)
    if not own or falls_into(question, own.of(text)) is not False:
        return finding
    others = [clause for clause in clauses if falls_into(question, clause.of(text))]
    found = answer_in(others[0], short, text) if len(others) == 1 else None
    return replace(finding, short=found)


def of_another_case(question: Normal, quoted: str) -> bool:
    """Return whether a question asks for one figure and the words quoted are for cases of its unit without it."""
    return falls_into(question, quoted) is False and _asks_one_case(question)


def sentence_of_the_case(question: Normal, text: str, quote: Span, within: Span) -> Span | None:
    """Return the sentence of a section that says of the asked figure's case what `quote` says of another; or None."""
    if not _asks_one_case(question):
        return None
    return sentence_like(text, quote, within, lambda words: bool(falls_into(question, words)))


def sentence_like(text: str, quote: Span, within: Span, fits: Callable[[str], bool]) -> Span | None:
    """Return the sentence near a quotation that `fits` and differs in little but figures; None without one."""
    said = _without_figures(quote.of(text))
    around = Span(max(within.start, quote.start - _NEAR), min(within.end, quote.end + _NEAR))
    found = (Span(around.start + a, around.start + b).trimmed(text) for a, b in sentences(around.of(text)))
    fitting = [span for span in found if len(span) and fits(span.of(text))]
    alike = {span: SequenceMatcher(None, said, _without_figures(span.of(text))).ratio() for span in fitting}
    best = max(fitting, key=alike.__getitem__, default=None)
    return best if best and alike[best] >= _ALIKE else None


def _asks_one_case(question: Normal) -> bool:
    return len(_cases_asked(question)) == 1 and not _OPEN.search(question)


def _cases_asked(question: Normal) -> list[Figure]:
    """Return the figures that may be of a case: of 一年用200立方米 the second, since the first says how long."""
    figures = asked_values(question)
    return [one for one in figures if len(figures) == 1 or one.value != 1 or one.unit not in _PERIODS]


def falls_into(question: Normal, words: str) -> bool | None:
    """Return whether the question's figure lies in a case that words name; None where they name none of its unit.

    The bounds of one clause make one case together: 满10年不满20年.
    """
    copy = _GROUPED.sub("", normalise(words))
    clauses = [found for clause in _CLAUSE.findall(copy) if (found := intervals(clause))]
    for figure in _cases_asked(question) if clauses else ():
        alike = ([one for one in clause if in_one_name(one.unit) == in_one_name(figure.unit)] for clause in clauses)
        if cases := [case for case in alike if case]:
            return any(all(one.holds(figure.value) for one in case) for case in cases)
    return None


def in_one_name(unit: str) -> str:
    """Return the unit, with one name for days: 五天 lies in 四日至七日."""
    return "天" if unit == "日" else unit


def _without_figures(words: str) -> str:
    return re.sub(r"[\d.]+", "", normalise(words))[:_NEAR]


def answer_in(clause: Span, short: Span, text: str) -> Span | None:
    """Return the answer in a clause: what stands there as the shortest answer stands in its own."""
    wanted = facts(short.of(text)).figures
    if len(wanted) != 1:
        return None
    before, behind = short.of(text)[: wanted[0].start], short.of(text)[wanted[0].end :]
    read = facts(clause.of(text))
    alike = [figure for figure in read.figures if figure.unit == wanted[0].unit]
    if len(alike) != 1 or len(read.copy) != len(clause):
        return None
    start, end = clause.start + alike[0].start, clause.start + alike[0].end
    begins = text.rfind(before, clause.start, start) if before else start
    ends = end + len(behind) if text.startswith(behind, end, clause.end) else end
    return Span(begins if begins >= 0 and begins + len(before) == start else start, ends)
