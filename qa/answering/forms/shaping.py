"""Decides the form of a reply: a conclusion computed from the words found, or the quotation alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.retrieve import Hit
from qa.answering.forms import wording
from qa.answering.forms.alone import answers_alone
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.forms.base import LOOKUP, OF_SEVERAL, AnswerForm, Form, Operand
from qa.answering.forms.computing.concluding import CONCLUDERS, asked_forms
from qa.answering.forms.computing.differing import relates
from qa.answering.forms.computing.in_english import changed_in_english, related_in_english
from qa.answering.forms.computing.ratios import ratio_asked
from qa.answering.forms.conclusions.computed import Cited, concluded, documents_of, lines_read, time_left
from qa.answering.forms.conclusions.yes_or_no import put_right, yes_or_no
from qa.answering.forms.figures import facts
from qa.answering.forms.lists.guiding import guide
from qa.answering.forms.lists.listing import listed
from qa.answering.forms.lists.parting import BRIEF
from qa.answering.forms.lists.summands import summands
from qa.answering.forms.tables.most.sure import surely_most
from qa.answering.forms.tables.most.winner import most_of_a_column
from qa.answering.forms.tables.rowwise.computed import of_rows
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding, Reading


@dataclass(frozen=True, slots=True)
class Shaped:
    """A form and the findings it rests on; each operand's `citation` counts among these findings."""

    form: AnswerForm
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a form is decided by: a question, what was read for it, and the hits.

    `shown` says whether the reading is sure enough to be shown. Without `today` nothing is counted from it.
    """

    question: Question
    reading: Reading
    hits: Sequence[Hit]
    shown: bool
    today: date | None = None

    @property
    def finding(self) -> Finding | None:
        """What was found first, where it is sure enough to be shown."""
        return self.reading.findings[0] if self.shown and self.reading.findings else None


def shape(
    question: Question, reading: Reading, hits: Sequence[Hit], *, shown: bool, today: date | None = None
) -> Shaped | None:
    """Return the form of the reply to a question; None when the reading is shown as it is. See `Basis`."""
    if card := guide(question, hits, reading.confidence):
        return Shaped(*card)
    if reading.contradictory:
        return None
    basis = Basis(question, reading, hits, shown, today)
    steps = _FOR_YES_OR_NO if asks_yes_or_no(question.search) else _FOR_OTHERS
    return next((shaped for step in steps if (shaped := step(basis))), None)


def silent(question: str) -> AnswerForm:
    """Return the form of a reply that found nothing."""
    asked = Question.of(question)
    return AnswerForm(Form.YES_NO, wording.words(asked).silent) if asks_yes_or_no(asked.normal) else LOOKUP


def _worded(question: Question, cited: Cited) -> Shaped:
    """Return what was concluded in the characters of the question."""
    form, findings = cited
    if question.traditional:
        verdict = wording.as_traditional(form.verdict) if form.verdict else None
        form = replace(form, line=wording.as_traditional(form.line), verdict=verdict)
    return Shaped(form, findings)


def _until(basis: Basis) -> Shaped | None:
    """Return how long it is from today to what the question asks the time until."""
    if basis.today is None:
        return None
    until = time_left(basis.question, basis.today, basis.reading, basis.hits, shown=basis.shown)
    return _worded(basis.question, until) if until else None


def _concluded(basis: Basis) -> Shaped | None:
    """Return what is concluded from the figures of the documents.

    A yes or no is not concluded by counting or computing; whether something doubled is told by how many times.
    """
    question = basis.question
    counts = not asks_yes_or_no(question.search) or ratio_asked(question.search)
    forms = [form for form in asked_forms(question.search) if form in CONCLUDERS]
    forms = [form for form in forms if counts or form not in (Form.COMPUTE, Form.COUNT)]
    found = concluded(question, forms, basis.reading, basis.hits, shown=basis.shown) if forms else None
    return _worded(question, found) if found else None


def _changed(basis: Basis) -> Shaped | None:
    """Return what has changed between two years, asked in English, by the figures of the sentence that was read."""
    question, finding = basis.question, basis.finding
    if not finding or has_han(question.standalone):
        return None
    # Some of its words are searched for in Chinese.
    found = changed_in_english(question.normal, finding.quote.of(finding.document.text), finding.short_in_quote)
    if found is None:
        return None
    operands = tuple(Operand(one.words, one.of, 0) for one in found.operands)
    return Shaped(AnswerForm(Form.COMPUTE, found.line, found.verdict, operands, "two years of a sentence"), (finding,))


def _most_of_its_table(basis: Basis) -> Shaped | None:
    """Return which has the most in the table that was read."""
    most = most_of_a_column(basis.question.search, basis.finding) if basis.finding else None
    return _worded(basis.question, most) if most else None


def _most_surely(basis: Basis) -> Shaped | None:
    """Return which has the most in the document that was read, else in the best ones; None where that is not sure."""
    most = surely_most(basis.question.search, documents_of(basis.hits, basis.reading))
    return _worded(basis.question, most) if most else None


def _of_rows(basis: Basis) -> Shaped | None:
    """Return what is computed of the rows of a table; of an unsure reading only where that concludes something."""
    rows = of_rows(basis.question, documents_of(basis.hits, basis.reading if basis.shown else None))
    return _worded(basis.question, rows) if rows and (basis.shown or rows[0].line) else None


def _said(basis: Basis) -> Shaped | None:
    """Return yes or no, or what the document says where that is not sure."""
    finding = basis.finding
    return Shaped(yes_or_no(basis.question, finding), basis.reading.findings) if finding else None


def _put_right(basis: Basis) -> Shaped | None:
    """Return what the document says instead of what the question takes for granted."""
    findings = basis.reading.findings[:1]
    form = put_right(basis.question, findings[0], shown=basis.shown) if findings else None
    return Shaped(form, findings) if form else None


def _counted(basis: Basis) -> Shaped | None:
    """Return the members of a list with their number, when the shortest answer is surely a whole list."""
    question, finding = basis.question, basis.finding
    short = finding.short if finding and len(basis.reading.findings) == 1 else None
    count = listed(question.search, finding.document.text, short.start, short.end) if finding and short else ""
    if not finding or not short or not count:
        return None
    said = wording.as_traditional(count) if question.traditional else count
    members = " ".join(short.of(finding.document.text).split())
    form = AnswerForm(Form.COUNT, f"{said}：{members}", said, (Operand(members, "", 0),), "members of a list")
    return Shaped(form, basis.reading.findings)


def _of_a_total(basis: Basis) -> Shaped | None:
    """Return the sentences that tell the parts of a total, none of which is said first; None where one tells it."""
    finding = basis.finding
    parts = summands(basis.question.search, finding, lines_read(finding.document, 0)) if finding else ()
    form = AnswerForm(Form.COMPUTE, "", None, (), "no conclusion: what was found is a part of the total")
    return Shaped(form, parts) if parts else None


def _unconcluded(basis: Basis) -> Shaped | None:
    """Return the form of a reply whose shortest answer is only an operand of what is asked; None where it answers.

    It says nothing in large letters but a brief quotation, as such, that holds several figures.
    """
    question, finding = basis.question, basis.finding
    if not finding:
        return None
    kind = next((form for form in asked_forms(question.search) if form in OF_SEVERAL), None)
    if kind is Form.COMPUTE and not relates(question.search):
        kind = None
    asked = question.search if has_han(question.standalone) else question.normal
    quote, short = finding.quote.of(finding.document.text), finding.short_in_quote
    kind = kind or related_in_english(asked, quote)
    if answers_alone(asked, kind, quote, short):
        return None
    # One row says nothing of which is the most.
    brief = len(quote) <= BRIEF and len(facts(quote).figures) > 1 and kind is not Form.SUPERLATIVE
    line = wording.words(question).says + " ".join(quote.split()) if brief else ""
    form = AnswerForm(kind or Form.COMPUTE, line, None, (), "no conclusion: what was found is an operand")
    return Shaped(form, basis.reading.findings)


# In this order; the first that is sure decides.
_FOR_YES_OR_NO = (_until, _concluded, _most_of_its_table, _said)
_FOR_OTHERS = (
    _until,
    _of_rows,
    _concluded,
    _changed,
    _most_of_its_table,
    _most_surely,
    _put_right,
    _counted,
    _of_a_total,
    _unconcluded,
)
