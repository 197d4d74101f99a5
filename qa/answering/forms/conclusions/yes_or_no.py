"""Says yes or no where that is sure, else what the document says; puts right what a question takes for granted."""

from qa.answering.answer_checks.premises import moves_the_other_way
from qa.answering.forms import conditions, wording
from qa.answering.forms.base import NO, YES, AnswerForm, Form, Operand
from qa.answering.forms.conclusions import polarity
from qa.answering.forms.tables.reading import table_at
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding


def yes_or_no(question: Question, finding: Finding) -> AnswerForm:
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
    in_a_row = bool(table_at(finding.document, finding.quote.start))
    unclear = unclear or (not in_a_row and polarity.is_told_otherwise(question.search, quote, short))
    if yes > 0.5:
        unclear = unclear or polarity.is_limited(question.search, quote)
    else:
        unclear = unclear or polarity.is_unhindered(question.search, quote, short)
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


def put_right(question: Question, finding: Finding, *, shown: bool) -> AnswerForm | None:
    """Return what the document says instead, where it surely contradicts what the question takes for granted.

    Of a finding that is `shown` the words tell whether something fell or rose; else the networks' verdict decides.
    """
    clause = (finding.short or finding.quote).of(finding.document.text)
    if shown and moves_the_other_way(question.search, clause):
        words = " ".join(clause.split())
        line = wording.words(question).contradicts + words
        return AnswerForm(Form.PREMISE, line, NO, (Operand(words, "", 0),), "the other way by its words")
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


def _holds_rows(finding: Finding) -> bool:
    """Return whether a quotation holds several rows of a table, each of which may say something else."""
    rows = table_at(finding.document, finding.quote.start)
    return sum(row.span.lies_in(finding.quote) and not row.header for row in rows) > 1
