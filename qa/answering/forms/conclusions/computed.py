"""Concludes what a question asks of the figures of documents, where that is sure, and cites what it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from corpus.document import Document, Span
from corpus.text.headings.paths import headings_at
from corpus.text.sentences import sentences
from index.retrieve import Hit
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.concluding import CONCLUDERS
from qa.answering.forms.computing.order import order_asked
from qa.answering.forms.computing.spans import time_until, until_asked
from qa.answering.forms.computing.statements import Line, Statement, lines_of, statements
from qa.answering.forms.conclusions import polarity
from qa.answering.forms.conclusions.polarity import Polarity
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading

COMPARISONS = Path(__file__).parents[1] / "model" / "comparisons.json"
# How many documents are compared, the best first; lines read of each; citations shown.
DOCUMENTS = 2
MOST_LINES = 600
MOST_CITED = 3
MOST_COUNTED = 12

# A form, and the findings that its operands are of.
Cited = tuple[AnswerForm, tuple[Finding, ...]]


def comparisons() -> Mapping[Form, Polarity]:
    """Return the shipped constants that decide how sure a comparison is."""
    return polarity.read(COMPARISONS)


def concluded(
    question: Question, kinds: Sequence[Form], reading: Reading, hits: Sequence[Hit], *, shown: bool
) -> Cited | None:
    """Return the first conclusion that is sure, of those that a question may ask for."""
    documents = documents_of(hits, reading if shown else None)
    if order_asked(question.search):  # one document may tell of the one thing, another of the other
        documents = list({one.name: one for one in [*documents, *documents_of(hits, None)]}.values())
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
            return _cited(kind, conclusion, lines, documents=documents, how=how)
    return None


def time_left(question: Question, today: date, reading: Reading, hits: Sequence[Hit], *, shown: bool) -> Cited | None:
    """Return the days from today to what a question asks the time until, where a document dates it to the day."""
    what = until_asked(question.search)
    documents = documents_of(hits, reading if shown else None) if what else []
    lines = _all_lines(documents)
    conclusion = time_until(what, today, lines) if what else None
    if conclusion is None:
        return None
    return _cited(Form.COMPUTE, conclusion, lines, documents=documents, how="days from today by rule")


def documents_of(hits: Sequence[Hit], reading: Reading | None) -> list[Document]:
    """Return the documents that a comparison may rest on: the one shown, else the best ones in force."""
    if reading and reading.findings:
        return [reading.findings[0].document]
    found = {hit.passage.document.name: hit.passage.document for hit in hits if not hit.out_of_force}
    return list(found.values())[:DOCUMENTS]


@lru_cache(maxsize=64)
def lines_read(document: Document, number: int) -> list[Line]:
    """Return the first lines of a document, `number` among those that are compared."""
    return lines_of(document.text, sentences(document.text), document=number, above=document.title)[:MOST_LINES]


def _all_lines(documents: Sequence[Document]) -> list[Line]:
    return [line for number, document in enumerate(documents) for line in lines_read(document, number)]


def _cited(
    kind: Form, conclusion: Conclusion, lines: Sequence[Line], *, documents: Sequence[Document], how: str
) -> Cited:
    findings: list[Finding] = []
    operands: list[Operand] = []
    for statement in conclusion.operands[: MOST_COUNTED if kind is Form.COUNT else MOST_CITED]:
        finding = _finding(statement, lines[statement.line], documents)
        same = [place for place, other in enumerate(findings) if other.holds(finding)]
        if not same:
            findings.append(finding)
        operands.append(Operand(statement.words, statement.of, same[0] if same else len(findings) - 1))
    return AnswerForm(kind, conclusion.line, conclusion.verdict, tuple(operands), how), tuple(findings)


def _finding(statement: Statement, line: Line, documents: Sequence[Document]) -> Finding:
    document = documents[line.document]
    start = line.span.start
    short = Span(start + statement.start, start + statement.end)
    return Finding(document, headings_at(document, short.start), line.span, short)
