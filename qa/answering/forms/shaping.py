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
from qa.answering.forms.tables.beside import beside
from qa.answering.forms.tables.most.sure import surely_most
from qa.answering.forms.tables.most.winner import most_of_a_column
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding, Reading


@dataclass(frozen=True, slots=True)
class Shaped:
    """A form and the findings it rests on; each operand's `citation` counts among these findings."""

    form: AnswerForm
    findings: tuple[Finding, ...]


def shape(
    question: Question, reading: Reading, hits: Sequence[Hit], *, shown: bool, today: date | None = None
) -> Shaped | None:
    """Return the form of the reply to a question; None when the reading is shown as it is.

    `shown` says whether the reading is sure enough to be shown. Without `today` nothing is counted from it.
    """
    if card := guide(question, hits, reading.confidence):
        return Shaped(*card)
    if reading.contradictory:
        return None
    whether, forms = asks_yes_or_no(question.search), asked_forms(question.search)
    # A yes or no is not concluded by counting or computing; whether something doubled is told by how many times.
    counts = not whether or ratio_asked(question.search)
    concludable = [form for form in forms if form in CONCLUDERS and (counts or form not in (Form.COMPUTE, Form.COUNT))]
    if today and (until := time_left(question, today, reading, hits, shown=shown)):
        return _worded(question, until)
    if concludable and (found := concluded(question, concludable, reading, hits, shown=shown)):
        return _worded(question, found)
    if shown and not whether and reading.findings and (changed := _changed(question, reading.findings[0])):
        return changed
    if shown and reading.findings and (most := most_of_a_column(question.search, reading.findings[0])):
        return _worded(question, most)
    if not whether and (most := _most_surely(question, reading, hits)):
        return _worded(question, most)
    if not whether and (rows := beside(question.search, documents_of(hits, reading if shown else None))):
        return _worded(question, rows)
    if whether:
        if not shown or not reading.findings:
            return None
        return Shaped(yes_or_no(question, reading.findings[0]), reading.findings)
    if reading.findings and (form := put_right(question, reading.findings[0], shown=shown)):
        return Shaped(form, reading.findings[:1])
    if shown and len(reading.findings) == 1 and (form := _counted(question, reading.findings[0])):
        return Shaped(form, reading.findings)
    if shown and reading.findings and (parts := _of_a_total(question, reading.findings[0])):
        return parts
    if shown and reading.findings and (left := _unconcluded(question, forms, reading.findings[0])):
        return Shaped(left, reading.findings)
    return None


def _most_surely(question: Question, reading: Reading, hits: Sequence[Hit]) -> Cited | None:
    """Return which has the most in the document that was read, else in the best ones; None where that is not sure."""
    return surely_most(question.search, documents_of(hits, reading))


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


def _counted(question: Question, finding: Finding) -> AnswerForm | None:
    """Return the members of a list with their number, when the shortest answer is surely a whole list."""
    short, text = finding.short, finding.document.text
    count = listed(question.search, text, short.start, short.end) if short else ""
    if not short or not count:
        return None
    said = wording.as_traditional(count) if question.traditional else count
    members = " ".join(short.of(text).split())
    return AnswerForm(Form.COUNT, f"{said}：{members}", said, (Operand(members, "", 0),), "members of a list")


def _of_a_total(question: Question, finding: Finding) -> Shaped | None:
    """Return the sentences that tell the parts of a total, none of which is said first; None where one tells it."""
    parts = summands(question.search, finding, lines_read(finding.document, 0))
    form = AnswerForm(Form.COMPUTE, "", None, (), "no conclusion: what was found is a part of the total")
    return Shaped(form, parts) if parts else None


def _changed(question: Question, finding: Finding) -> Shaped | None:
    """Return what has changed between two years, asked in English, by the figures of the sentence that was read."""
    if has_han(question.standalone):
        return None
    # Some of its words are searched for in Chinese.
    found = changed_in_english(question.normal, finding.quote.of(finding.document.text), finding.short_in_quote)
    if found is None:
        return None
    operands = tuple(Operand(one.words, one.of, 0) for one in found.operands)
    return Shaped(AnswerForm(Form.COMPUTE, found.line, found.verdict, operands, "two years of a sentence"), (finding,))


def _unconcluded(question: Question, forms: Sequence[Form], finding: Finding) -> AnswerForm | None:
    """Return the form of a reply whose shortest answer is only an operand of what is asked; None where it answers.

    It says nothing in large letters but a brief quotation, as such, that holds several figures.
    """
    kind = next((form for form in forms if form in OF_SEVERAL), None)
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
    return AnswerForm(kind or Form.COMPUTE, line, None, (), "no conclusion: what was found is an operand")
