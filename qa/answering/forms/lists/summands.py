"""Other figures beside the one found, where a total is asked for: what was found is one part of several."""

import re
from collections.abc import Sequence

from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from index.search.terms import words_in
from qa.answering.forms.alone import asks_total, tells_total
from qa.answering.forms.computing.statements import Line
from qa.answering.forms.figures import facts
from qa.answering.reader import editions
from qa.answering.reader.base import Finding

MOST = 5  # quotations shown
_NO_SUBJECT = re.compile(r"\d|一共|总共|合计|多少|资金|投入")


def summands(question: Normal, finding: Finding, lines: Sequence[Line]) -> tuple[Finding, ...]:
    """Return the sentences of a document that each tell a part of the total that a question asks for.

    `lines` are those of the finding's document. Empty unless the finding is one part of several: its figure is no sum,
    and others of its unit stand in sentences that hold as much of the question.
    """
    short, quote = finding.short_in_quote, finding.quote.of(finding.document.text)
    if not short or not asks_total(question):
        return ()
    figures = facts(short.of(quote)).figures
    if not figures or tells_total(quote, short):
        return ()
    copy = normalise(quote)
    about = {word for word in words_in(question) if len(word) > 1 and word in copy and not _NO_SUBJECT.search(word)}
    years = editions.years(question)
    found = []
    for line in lines:
        told = facts(line.text)
        like = any(figure.unit == figures[0].unit and not figure.ordinal for figure in told.figures)
        other_year = years and editions.years(told.copy) and not years & editions.years(told.copy)
        if like and not other_year and all(word in normalise(line.text) for word in about):
            headings = headings_at(finding.document, line.span.start)
            found.append(Finding(finding.document, headings, line.span))
    return tuple(found[:MOST]) if about and len(found) > 1 else ()
