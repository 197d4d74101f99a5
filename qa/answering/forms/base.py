"""The form of an answer as a value: its first line, the conclusion, and what the conclusion rests on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """What a question asks for; `LOOKUP` is the quotation alone."""

    LOOKUP = "lookup"
    YES_NO = "yesno"
    COMPARE = "compare"
    SUPERLATIVE = "superlative"
    COUNT = "count"
    COMPUTE = "compute"
    PREMISE = "premise"
    PARTS = "parts"


YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Operand:
    """Words of a document that a conclusion rests on, whose they are, and the place of their citation in the reply."""

    text: str
    of: str
    citation: int

    def __post_init__(self) -> None:
        if self.citation < 0:
            raise ValueError("An operand stands in a citation of its reply")


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How a reply answers.

    `line` is the first line, empty where the quotation is it. `verdict` is yes, no, the winning name or the computed
    value with its unit, None where nothing is concluded. `how` tells staff how it came about.
    """

    kind: Form
    line: str = ""
    verdict: str | None = None
    operands: tuple[Operand, ...] = ()
    how: str = ""

    def as_json(self) -> dict[str, Any]:
        """The three fields of a reply's JSON."""
        return {
            "form": self.kind.value,
            "verdict": self.verdict,
            "operands": [{"text": o.text, "of": o.of, "citation": o.citation} for o in self.operands],
        }


LOOKUP = AnswerForm(Form.LOOKUP)
