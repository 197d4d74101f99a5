"""A question of several parts is answered part by part: a line for each, from what was found for it alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.text.normalise import digits
from qa.answering.forms import wording
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import is_of_kind, unit_asked
from qa.answering.forms.figures import Figure, facts
from qa.answering.forms.tables.cells.telling import said
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding

# Characters up to which a quotation without a shorter answer stands in the line of its part.
BRIEF = 60


@dataclass(frozen=True, slots=True)
class PartFound:
    """What was found for a part of a question: the finding shown for it, None where none is.

    `sure` says whether the reader is sure of it; one that was not looked up is not `read`.
    """

    asked: str
    finding: Finding | None = None
    sure: bool = False
    read: bool = True


def in_parts(question: Question, found: Sequence[PartFound], shown: Sequence[Finding]) -> AnswerForm:
    """Return the form of a reply to several parts; `shown` are the findings it quotes, those of the parts too.

    A part that is answered by none of them has no line: the reply names it as missing.
    """
    fixed, lines, operands = wording.words(question), [], []
    for part in found:
        if not part.read:
            lines.append(f"{part.asked}{fixed.colon}{fixed.unread}")
        if part.finding is None:
            continue
        text = _text(part.finding) if part.sure else ""
        text = text if _is_of_the_kind(part.asked, text) else ""
        lines.append(f"{part.asked}{fixed.colon}{text or fixed.below}")
        place = next((n for n, other in enumerate(shown) if other.holds(part.finding)), None)
        if text and place is not None:
            operands.append(Operand(text, part.asked, place))
    return AnswerForm(Form.PARTS, "\n".join(lines), None, tuple(operands), f"{len(operands)} of {len(found)} parts")


def is_computed_of(parts: AnswerForm, form: AnswerForm) -> bool:
    """Return whether a form concludes something, and from the very figures that were found for the parts."""
    return bool(form.verdict) and all(operand.text in parts.line for operand in form.operands)


def _is_of_the_kind(asked: str, text: str) -> bool:
    """Return whether a figure measures what a part asks for, where it names a unit: 人次 are no 批次."""
    wanted, found = unit_asked(digits(asked)), facts(text)
    return not found.figures or any(
        is_of_kind(wanted, one.unit) and not (wanted and _is_a_date(found.copy, one)) for one in found.figures
    )


def _is_a_date(copy: str, figure: Figure) -> bool:
    """Return whether a figure is a day of the month, as in 每月10日, and no length of time."""
    return figure.unit == "日" and copy[: figure.start].endswith("月")


def _text(finding: Finding) -> str:
    """Return the shortest answer, or the quotation where that is brief."""
    text = said(finding) or " ".join(finding.quote.of(finding.document.text).split())
    return text if finding.short or len(text) <= BRIEF else ""
