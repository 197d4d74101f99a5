"""Decides the form of a reply: a conclusion computed from the words found, or the quotation alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from corpus.document import Document, Span
from corpus.text.headings.paths import heading_path
from corpus.text.sentences import sentences
from index.retrieve import Hit
from qa.answering.forms import conditions, polarity, wording
from qa.answering.forms.alone import answers_alone
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.forms.base import LOOKUP, NO, OF_SEVERAL, YES, AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.concluding import CONCLUDERS, asked_forms
from qa.answering.forms.computing.differing import relates
from qa.answering.forms.computing.in_english import changed_in_english, related_in_english
from qa.answering.forms.computing.order import order_asked
from qa.answering.forms.computing.ratios import ratio_asked
from qa.answering.forms.computing.spans import time_until, until_asked
from qa.answering.forms.computing.statements import Line, Statement, lines_of, statements
from qa.answering.forms.figures import facts
from qa.answering.forms.lists.guiding import guide
from qa.answering.forms.lists.listing import listed
from qa.answering.forms.lists.parting import BRIEF
from qa.answering.forms.lists.summands import summands
from qa.answering.forms.polarity import Polarity
from qa.answering.forms.tables.beside import beside
from qa.answering.forms.tables.most import most_of_a_column
from qa.answering.forms.tables.reading import table_at
from qa.answering.question.analysis import Question
from qa.answering.question.words import has_han
from qa.answering.reader.base import Finding, Reading

COMPARISONS = Path(__file__).parent / "model" / "comparisons.json"
# How many documents are compared, the best first; lines read of each; citations shown.
DOCUMENTS = 2
MOST_LINES = 600
MOST_CITED = 3
MOST_COUNTED = 12


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
    if today and (until := _time_left(question, today, reading, hits, shown=shown)):
        return until
    if concludable and (concluded := _concluded(question, concludable, reading, hits, shown=shown)):
        return concluded
    if shown and not whether and reading.findings and (changed := _changed(question, reading.findings[0])):
        return changed
    if shown and reading.findings and (most := most_of_a_column(question.search, reading.findings[0])):
        return _worded(question, Shaped(*most))
    if not whether and (rows := beside(question.search, _documents(hits, reading if shown else None))):
        return _worded(question, Shaped(*rows))
    if whether:
        if not shown or not reading.findings:
            return None
        return Shaped(_yes_or_no(question, reading.findings[0]), reading.findings)
    if reading.findings and (form := _put_right(question, reading.findings[0])):
        return Shaped(form, reading.findings[:1])
    if shown and len(reading.findings) == 1 and (form := _counted(question, reading.findings[0])):
        return Shaped(form, reading.findings)
    if shown and reading.findings and (parts := _of_a_total(question, reading.findings[0])):
        return parts
    if shown and reading.findings and (left := _unconcluded(question, forms, reading.findings[0])):
        return Shaped(left, reading.findings)
    return None


def silent(question: str) -> AnswerForm:
    """Return the form of a reply that found nothing."""
    asked = Question.of(question)
    return AnswerForm(Form.YES_NO, wording.words(asked).silent) if asks_yes_or_no(asked.normal) else LOOKUP


def comparisons() -> Mapping[Form, Polarity]:
    """Return the shipped constants that decide how sure a comparison is."""
    return polarity.read(COMPARISONS)


def _concluded(
    question: Question, kinds: Sequence[Form], reading: Reading, hits: Sequence[Hit], *, shown: bool
) -> Shaped | None:
    """Return the first conclusion that is sure, of those that a question may ask for."""
    documents = _documents(hits, reading if shown else None)
    if order_asked(question.search):  # one document may tell of the one thing, another of the other
        documents = list({one.name: one for one in [*documents, *_documents(hits, None)]}.values())
    lines = _all_lines(documents)
    found = statements(lines)
    for kind in kinds:
        if kind is Form.COUNT and len(lines) >= MOST_LINES:
            continue  # rows may lie beyond
        conclusion = CONCLUDERS[kind].conclude(question.search, found, lines)
        if conclusion is None:
            continue
        sure = comparisons()[kind]
        probability = sure.probability(conclusion.features)
        if conclusion.certain or probability >= sure.threshold:
            how = f"{kind.value} {'by rule' if conclusion.certain else f'{probability:.2f}'}"
            return _cited(question, kind, conclusion, lines, documents=documents, how=how)
    return None


def _time_left(question: Question, today: date, reading: Reading, hits: Sequence[Hit], *, shown: bool) -> Shaped | None:
    """Return the days from today to what a question asks the time until, where a document dates it to the day."""
    what = until_asked(question.search)
    documents = _documents(hits, reading if shown else None) if what else []
    lines = _all_lines(documents)
    conclusion = time_until(what, today, lines) if what else None
    if conclusion is None:
        return None
    return _cited(question, Form.COMPUTE, conclusion, lines, documents=documents, how="days from today by rule")


def _all_lines(documents: Sequence[Document]) -> list[Line]:
    return [line for number, document in enumerate(documents) for line in _lines(document, number)]


def _documents(hits: Sequence[Hit], reading: Reading | None) -> list[Document]:
    """Return the documents that a comparison may rest on: the one shown, else the best ones in force."""
    if reading and reading.findings:
        return [reading.findings[0].document]
    found = {hit.passage.document.name: hit.passage.document for hit in hits if not hit.out_of_force}
    return list(found.values())[:DOCUMENTS]


@lru_cache(maxsize=64)
def _lines(document: Document, number: int) -> list[Line]:
    return lines_of(document.text, sentences(document.text), document=number, above=document.title)[:MOST_LINES]


def _cited(
    question: Question,
    kind: Form,
    conclusion: Conclusion,
    lines: Sequence[Line],
    *,
    documents: Sequence[Document],
    how: str,
) -> Shaped:
    findings: list[Finding] = []
    operands: list[Operand] = []
    for statement in conclusion.operands[: MOST_COUNTED if kind is Form.COUNT else MOST_CITED]:
        finding = _finding(statement, lines[statement.line], documents)
        same = [place for place, other in enumerate(findings) if other.holds(finding)]
        if not same:
            findings.append(finding)
        operands.append(Operand(statement.words, statement.of, same[0] if same else len(findings) - 1))
    form = AnswerForm(kind, conclusion.line, conclusion.verdict, tuple(operands), how)
    return _worded(question, Shaped(form, tuple(findings)))


def _worded(question: Question, shaped: Shaped) -> Shaped:
    """Return what was computed in the characters of the question."""
    form = shaped.form
    if not question.traditional:
        return shaped
    verdict = wording.as_traditional(form.verdict) if form.verdict else None
    return replace(shaped, form=replace(form, line=wording.as_traditional(form.line), verdict=verdict))


def _finding(statement: Statement, line: Line, documents: Sequence[Document]) -> Finding:
    document = documents[line.document]
    start = line.span.start
    short = Span(start + statement.start, start + statement.end)
    return Finding(document, heading_path(document.headings, document.text, short.start), line.span, short)


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
    parts = summands(question.search, finding, _lines(finding.document, 0))
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


def _yes_or_no(question: Question, finding: Finding) -> AnswerForm:
    """Return yes or no when that is sure enough, else what the document says. Either names a limit it compared."""
    quote = finding.quote.of(finding.document.text)
    short = finding.short_in_quote
    model = polarity.constants()[Form.YES_NO]
    known = polarity.features(question.search, quote, short, finding.verdict)
    yes = model.probability(known)
    met = conditions.compared(question.search, polarity.deciding(question.search, quote, short).of(quote))
    operands = (Operand(met.interval.words, "", 0),) if met else ()
    how = f"yes {yes:.2f}"
    unclear = polarity.is_left_out(question.search, quote) or _holds_rows(finding)
    unclear = unclear or (polarity.is_limited if yes > 0.5 else polarity.is_unhindered)(question.search, quote)
    if max(yes, 1 - yes) >= model.threshold and not unclear:
        said = wording.verdict(question, yes=yes > 0.5)
        # Figures that speak against the verdict are no reason for it.
        told = met and (known["within the limit"] > 0) == (yes > 0.5)
        line = f"{said[:-1]}：{met.relation}" if met and told else said
        return AnswerForm(Form.YES_NO, line, YES if yes > 0.5 else NO, operands, how)
    if not short:
        return AnswerForm(Form.YES_NO, "", None, operands, how)
    said = wording.words(question).says + " ".join(short.of(quote).split())
    return AnswerForm(Form.YES_NO, f"{said}（{met.relation}）" if met else said, None, operands, how)


def _holds_rows(finding: Finding) -> bool:
    """Return whether a quotation holds several rows of a table, each of which may say something else."""
    rows = table_at(finding.document, finding.quote.start)
    return sum(row.span.lies_in(finding.quote) and not row.header for row in rows) > 1


def _put_right(question: Question, finding: Finding) -> AnswerForm | None:
    """Return what the document says instead, where it surely contradicts what the question takes for granted."""
    if finding.verdict is None:
        return None
    model = polarity.constants()[Form.PREMISE]
    wrong = model.probability(polarity.premise_features(finding.verdict))
    if wrong < model.threshold:
        return None
    instead = finding.short or finding.quote
    words = " ".join(instead.of(finding.document.text).split())
    line = wording.words(question).contradicts + words
    return AnswerForm(Form.PREMISE, line, NO, (Operand(words, "", 0),), f"premise wrong {wrong:.2f}")
