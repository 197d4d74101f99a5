"""The clause that begins with what a question asks about, of clauses about several things: 喜事酒席…；丧事…."""

import re
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from index.search.terms import words
from qa.answering.forms.clauses.cases import answer_in
from qa.answering.forms.clauses.parted import BY_SENTENCES
from qa.answering.reader.base import Finding

_NUMBER = re.compile(r"^\s*(?:第[一二三四五六七八九十百零\d]+条|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])?\s*")


def of_its_head(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding whose answer is of the one clause whose first word the question holds.

    None where the answer's own clause begins with a word of the question, where several others do, or where that clause
    has no figure, or several, of the answer's unit.
    """
    short, text = finding.short, finding.document.text
    if not short:
        return None
    clauses = [Span(*match.span()) for match in BY_SENTENCES.finditer(text, finding.quote.start, finding.quote.end)]
    heads = {clause: _head(clause.of(text)) for clause in clauses}
    own = next((clause for clause in clauses if short.lies_in(clause)), None)
    if not own or not heads[own] or heads[own] in question:
        return None
    said = normalise(own.of(text))
    asked = [clause for clause, head in heads.items() if head and head in question and head not in said]
    moved = answer_in(asked[0], short, text) if len(asked) == 1 else None
    return replace(finding, short=moved) if moved else None


def _head(clause: str) -> str:
    """Return the first word of a clause behind its number; empty where that is one character or no word."""
    copy = normalise(_NUMBER.sub("", clause, count=1)).strip()
    found = next(iter(words(copy)), "")
    return found if len(found) > 1 and not found.isdigit() and copy.startswith(found) else ""
