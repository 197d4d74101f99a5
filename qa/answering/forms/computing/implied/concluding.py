"""Concludes what a question asks of figures that it does not name: earlier times, rests, sums, so many of one."""

from collections.abc import Sequence

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.implied.earlier import best_earlier, earlier_asked
from qa.answering.forms.computing.implied.products import best_product, quantity_asked
from qa.answering.forms.computing.implied.remainders import best_rest, remainder_asked
from qa.answering.forms.computing.implied.sums import best_group, named_group, names_asked, sum_asked
from qa.answering.forms.computing.results import calculated, difference, in_scale, named_by, total
from qa.answering.forms.computing.statements import Line, Statement


def implies(question: Normal) -> bool:
    """Return whether a question asks for something of the kind."""
    ways = sum_asked, names_asked, earlier_asked, remainder_asked, quantity_asked
    return any(asked(question) for asked in ways)


def implied(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    """Return the first conclusion that the figures allow; None without one."""
    tried = (one(question, found, lines) for one in (_earlier, _rest, _of_group, _of_many))
    return next(filter(None, tried), None)


def _earlier(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = best_earlier(question, found, lines)
    if best is None:
        return None
    now, change, up, known = best
    if up and change.value >= now.value:
        return None
    verdict = calculated(now, change, -1 if up else 1, unit=now.unit)
    line = f"{now.words} {'−' if up else '+'} {change.words} = {verdict}"
    return Conclusion(verdict, line, (now, change), named_by("earlier", known))


def _rest(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = best_rest(question, found, lines)
    if best is None:
        return None
    whole, part, known = best
    return difference(whole, part, named_by("rest", known), lines)


def _of_group(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = named_group(question, found, lines) if names_asked(question) else best_group(question, found, lines)
    if best is None:
        return None
    group, known = best
    return total(group, named_by("sum", known))


def _of_many(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Conclusion | None:
    best = best_product(question, found, lines)
    if best is None:
        return None
    each, count, words, known = best
    verdict = f"{in_scale(each.value * count, [each])}{each.unit}"
    return Conclusion(verdict, f"{each.words} × {words} = {verdict}", (each,), named_by("product", known))
