"""What a quotation says of the most that is asked for, where it says the same of the opposite: 最大, 最小."""

import re
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from qa.answering.forms.clauses.cases import answer_in
from qa.answering.forms.clauses.parted import BY_COMMAS, within
from qa.answering.forms.figures import facts
from qa.answering.reader.base import Finding

_SENTENCE = re.compile(r"[^。！？\n]+")
# Superlatives and what says the opposite of them.
_PAIRS = (
    ("最大|最年长", "最小|最年轻"),
    ("最高", "最低"),
    ("最多", "最少"),
    ("最早|最先", "最[晚迟后]"),
    ("最长", "最短"),
    ("最远", "最近"),
    ("最快", "最慢"),
    ("最贵", "最便宜"),
    ("最[重沉]", "最轻"),
    ("最[宽厚深强好]", "最[窄薄浅弱差]"),
)
_COMPILED = [(re.compile(one), re.compile(other)) for one, other in _PAIRS]
_OPPOSITES = [*_COMPILED, *((other, one) for one, other in _COMPILED)]
# Names, which ask for no least.
_NAMED_SO = re.compile("最低(?:生活|工资|保障|收入)|最高(?:人民|法|检)|最后(?!的|一)")
_IS = re.compile("[是为](?!否)")


def of_the_most(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding with what is said of the most asked for, where its answer is of the opposite: 最大 for 最小.

    It has no shortest answer where that is said more than once. None for other questions and answers.
    """
    short, text = finding.short, finding.document.text
    asked = _NAMED_SO.sub("", question)
    sides = [(one, other) for one, other in _OPPOSITES if one.search(asked) and not other.search(asked)]
    if not short or len(sides) != 1:
        return None
    clauses = _clauses_of_most(sides[0], finding)
    asked_for = [clause for clause, is_asked in clauses if is_asked]
    own = [is_asked for clause, is_asked in clauses if short.overlaps(clause)]
    if not asked_for or not own or all(own):
        return None
    if len(asked_for) > 1:
        return replace(finding, short=None)
    clause = asked_for[0]
    return replace(finding, short=within(short, clause, text) if any(own) else _said_in(clause, short, text))


def _clauses_of_most(sides: tuple[re.Pattern[str], re.Pattern[str]], finding: Finding) -> list[tuple[Span, bool]]:
    """Return what is said of one superlative or its opposite, and whether it is the one: up to where the next is said.

    A clause that holds both is of neither.
    """
    text, found = finding.document.text, list[tuple[Span, bool]]()
    for sentence in _SENTENCE.finditer(text, finding.quote.start, finding.quote.end):
        following = False
        for match in BY_COMMAS.finditer(text, *sentence.span()):
            words = _NAMED_SO.sub("", normalise(match.group()))
            one, other = (bool(side.search(words)) for side in sides)
            if one != other:
                found.append((Span(*match.span()), one))
            elif following and not one:
                found[-1] = (Span(found[-1][0].start, match.end()), found[-1][1])
            following = one != other or (following and not one)
    return found


def _said_in(clause: Span, short: Span, text: str) -> Span:
    """Return the answer in a clause: the figure like that of `short`, what stands behind 是, or all of it."""
    if facts(short.of(text)).figures and (found := answer_in(clause, short, text)):
        return found
    said = _IS.search(text, clause.start, clause.end)
    return Span(said.end(), clause.end).trimmed(text) if said else clause.trimmed(text)
