"""The form of an answer as a value: its first line, its conclusion, and the words that support the conclusion."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """The kind of answer that a question asks for; `LOOKUP` is the quotation alone."""

    LOOKUP = "lookup"
    YES_NO = "yesno"
    COMPARE = "compare"
    SUPERLATIVE = "superlative"
    COUNT = "count"
    COMPUTE = "compute"
    PREMISE = "premise"
    PARTS = "parts"


YES, NO = "yes", "no"
# Forms whose questions one figure or name of a document does not answer.
OF_SEVERAL = (Form.COMPARE, Form.SUPERLATIVE, Form.COMPUTE)


@dataclass(frozen=True, slots=True)
class Operand:
    """Words of a document that support a conclusion: `of` names their subject, `citation` counts from 0."""

    text: str
    of: str
    citation: int

    def __post_init__(self) -> None:
        if self.citation < 0:
            raise ValueError("An operand stands in a citation of its reply")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form in which a reply answers.

    `line` is the first line, empty when the quotation itself is. `verdict` is yes, no, the winning name or a computed
    value with its unit; None without a conclusion. `how` explains to staff how the conclusion was reached.
    """

    kind: Form
    line: str = ""
    verdict: str | None = None
    operands: tuple[Operand, ...] = ()
    how: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the three fields that stand in a reply's JSON."""
        return {
            "form": self.kind.value,
            "verdict": self.verdict,
            "operands": [{"text": o.text, "of": o.of, "citation": o.citation} for o in self.operands],
        }


LOOKUP = AnswerForm(Form.LOOKUP)
