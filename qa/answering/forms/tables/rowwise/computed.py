"""What a question asks to be computed of the rows of a table, by rule: two beside each other, a sum, the first."""

from collections.abc import Sequence

from corpus.document import Document
from corpus.text.normalise import Normal
from qa.answering.forms.base import AnswerForm
from qa.answering.forms.tables.rowwise.across import most_across
from qa.answering.forms.tables.rowwise.beside import beside
from qa.answering.forms.tables.rowwise.first import first_of_rows
from qa.answering.forms.tables.rowwise.sums import sum_of_rows
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding


def of_rows(question: Question, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows of a question whose answer the figures of one table are computed to; else None.

    In the words of the search 哪个人多 may be 谁多, so that the question's own words are tried as well, as they stand.
    """
    copies = dict.fromkeys((question.search, Normal(question.standalone)))
    tried = (way(copy, documents) for copy in copies for way in (beside, sum_of_rows, first_of_rows, most_across))
    return next(filter(None, tried), None)
