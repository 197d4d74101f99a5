"""The clause that a question names, of those that say the same of different things: 停水提前24小时；停气提前48小时."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from index.search.terms import words
from qa.answering.forms.clauses.cases import answer_in
from qa.answering.forms.clauses.deadlines import until_when
from qa.answering.forms.clauses.heads import of_its_head
from qa.answering.forms.clauses.labels import of_its_label, of_its_spoken_name
from qa.answering.forms.clauses.parted import BY_COMMAS, BY_SENTENCES, within
from qa.answering.forms.clauses.portions import of_the_part
from qa.answering.forms.clauses.shares import of_its_share
from qa.answering.forms.clauses.superlatives import of_the_most
from qa.answering.reader.base import Finding

# How similar clauses are that say the same: one has the answer in place of the other, or one answer runs over both.
_SAME, _BOTH = 0.6, 0.35


def in_the_right_clause(question: Normal, finding: Finding) -> Finding:
    """Return a finding whose shortest answer is of the one clause that holds words of the question that no other has.

    An answer in a clause like it is moved there, one that runs on into a clause like it is cut. Where figures stand
    behind names, the name decides. What is said of the least does not answer which is the most, nor the day of the
    event until when to apply for it.
    """
    return (
        until_when(question, finding)
        or of_the_most(question, finding)
        or of_its_label(question, finding)
        or of_its_spoken_name(question, finding)
        or of_its_share(question, finding)
        or of_the_part(question, finding)
        or of_its_head(question, finding)
        or _of_its_clause(question, finding)
    )


def _of_its_clause(question: Normal, finding: Finding) -> Finding:
    short, text = finding.short, finding.document.text
    for parted in (BY_SENTENCES, BY_COMMAS) if short else ():
        clauses = [Span(*match.span()) for match in parted.finditer(text, finding.quote.start, finding.quote.end)]
        asked = [clause for clause in clauses if _names(question, clause, clauses, text)]
        own = [clause for clause in clauses if short and short.overlaps(clause)]
        if len(asked) > 1 and len(own) == 1:
            # What heads them all, 古树的保护范围，一级为…5米，二级为…3米, is none of them.
            asked = [clause for clause in asked if clause in own or _alike(own[0], clause, text) >= _SAME]
        if not short or len(asked) != 1 or not own or own == asked:
            continue
        alike = min(_alike(one, asked[0], text) for one in own if one != asked[0])
        if len(own) == 1 and alike >= _SAME:
            return replace(finding, short=answer_in(asked[0], short, text))
        if asked[0] in own and alike >= _BOTH:
            return replace(finding, short=within(short, asked[0], text))
    return finding


def _names(question: Normal, clause: Span, clauses: Sequence[Span], text: str) -> bool:
    """Return whether a question holds a word of the clause that stands in none of the others."""
    others = [normalise(other.of(text)) for other in clauses if other is not clause]
    return any(
        len(word) > 1 and _stands_in(word, question) and not any(word in other for other in others)
        for word in words(normalise(clause.of(text)))
    )


def _stands_in(word: str, question: str) -> bool:
    """Return whether a word stands in a question: 20 is no part of 2021."""
    return word in question and not (
        word[0].isdigit() and re.search(rf"\d{re.escape(word)}|{re.escape(word)}\d", question)
    )


def _alike(one: Span, other: Span, text: str) -> float:
    return SequenceMatcher(None, normalise(one.of(text)), normalise(other.of(text)), autojunk=False).ratio()
