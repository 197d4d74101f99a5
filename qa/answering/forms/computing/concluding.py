"""What is computed from the figures of a text, for each form of question whose conclusion is fitted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.text.normalise import Normal
from qa.answering.forms.base import Form
from qa.answering.forms.computing.comparing import Conclusion, compared, superlative
from qa.answering.forms.computing.counting import count_asked, counted
from qa.answering.forms.computing.differing import computed, computed_of
from qa.answering.forms.computing.order import order_asked, which_was_first
from qa.answering.forms.computing.pairs import which_is_more
from qa.answering.forms.computing.statements import Line, Statement


@dataclass(frozen=True, slots=True)
class Concluder:
    """Whether a question is of a form, and what is concluded from all statements; None where nothing is."""

    asked: Callable[[Normal], bool]
    conclude: Callable[[Normal, Sequence[Statement], Sequence[Line]], Conclusion | None]


def _more(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    asked = compared(question)
    if asked:
        return which_is_more(asked, found, lines)
    order = order_asked(question)
    return which_was_first(order, lines) if order else None


# In this order: of those that a question is asked by, the first decides.
CONCLUDERS: Mapping[Form, Concluder] = {
    Form.COMPARE: Concluder(lambda question: bool(compared(question) or order_asked(question)), _more),
    Form.COMPUTE: Concluder(computed_of, computed),
    Form.COUNT: Concluder(lambda question: bool(count_asked(question)), counted),
}

_LIKELIEST = (Form.COMPARE, Form.SUPERLATIVE, Form.COMPUTE, Form.COUNT)


def asked_forms(question: Normal) -> list[Form]:
    """Return the forms of conclusion that a question may ask for, the likeliest first.

    The most of several is computed within the table that was read (`forms/tables/most/winner.py`), and not here.
    """
    most = superlative(question) is not None
    return [form for form in _LIKELIEST if (most if form is Form.SUPERLATIVE else CONCLUDERS[form].asked(question))]
