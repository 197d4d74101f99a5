"""Tells where quoted texts answer something else than a question asks.

Quoted texts are given as normalised copies, here and to the checks beside it.
"""

from collections.abc import Sequence

from qa.answering.answer_checks.attributes import gives_no_reason, leaves_unnamed, only_past_office, tells_no_measure
from qa.answering.answer_checks.places import goes_the_other_way, of_another_place
from qa.answering.answer_checks.premises import tells_no_change
from qa.answering.answer_checks.times import (
    of_another_feast,
    of_another_part_of_the_year,
    of_other_weekdays,
    tells_how_often,
)
from qa.answering.question.analysis import Question


def answers_something_else(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether the texts answer for another office-holder, place or attribute than the question asks about."""
    return (
        only_past_office(question, quoted)
        or of_another_place(question, quoted)
        or goes_the_other_way(question, quoted)
        or leaves_unnamed(question, quoted)
        or gives_no_reason(question, quoted)
        or tells_no_measure(question, quoted)
        or tells_no_change(question, quoted)
        or tells_how_often(question, quoted)
        or of_another_feast(question, quoted)
        or of_another_part_of_the_year(question, quoted)
        or of_other_weekdays(question, quoted)
    )
