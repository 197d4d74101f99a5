"""Says why a reading is not shown."""

from collections.abc import Sequence

from corpus.text.normalise import normalise
from index.retrieve import Hit
from qa.answering.answer_checks.figures import unsupported_figures
from qa.answering.answer_checks.premises import says_the_opposite
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from qa.answering.reply import Reason

# Cosine similarity (-1 to 1) of the best passage. An unanswered question below it is reported as off topic.
OFF_TOPIC = 0.2


def why_not(question: Question, hits: Sequence[Hit], reading: Reading, *, threshold: float) -> Reason | None:
    """Return why a reading is not shown, or None when it is. The reader's confidence alone decides whether."""
    if reading.findings and reading.confidence >= threshold:
        return None
    if max((hit.dense for hit in hits), default=0.0) < OFF_TOPIC:
        return Reason.OFF_TOPIC
    return Reason.PREMISE_NOT_SUPPORTED if _contradicted(question, reading.findings, hits) else Reason.NOT_IN_DOCUMENTS


def _contradicted(question: Question, findings: Sequence[Finding], hits: Sequence[Hit]) -> bool:
    """Return whether the nearest words contradict the question's premise, or none of what was found has its figures."""
    nearest = [
        normalise("\n".join([finding.document.title, *finding.headings, finding.quote.of(finding.document.text)]))
        for finding in findings
    ]
    # What another passage or the title of its document says is no premise that the documents do not know.
    around = [normalise(f"{hit.passage.document.title}\n{hit.passage.text}") for hit in hits]
    lacking = bool(nearest) and bool(unsupported_figures(question, [*nearest, *around]))
    return lacking or (bool(nearest) and says_the_opposite(question, nearest))
