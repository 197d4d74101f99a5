"""Fractions as a sheet shows them: 1 1/2 of 1.5 in # ?/? (ECMA-376, 18.8.31)."""

import re
from decimal import Decimal
from fractions import Fraction

_FORM = re.compile(
    r"(?:(?P<whole>[0#?,]+)[^0#?/\d]*[\s_][^0#?/\d]*)?[0#?]+\s*/\s*(?:(?P<places>[0#?]+)|(?P<fixed>\d{1,5}))"
)
_MOST_PLACES = 4  # digits of a denominator


def as_fraction(value: float, pattern: str) -> str | None:
    """Return a number without its sign as the fraction of a pattern; None if the pattern is none.

    The denominator is the nearest one of as many digits as the pattern has, or the one that it states, not reduced.
    """
    form = _FORM.fullmatch(pattern.strip())
    if not form or value >= 10**15:
        return None
    exact = Fraction(Decimal(f"{value:.15g}"))
    if form["fixed"] and int(form["fixed"]):
        over, under = round(exact * int(form["fixed"])), int(form["fixed"])
    else:
        near = exact.limit_denominator(10 ** min(len(form["places"] or "#"), _MOST_PLACES) - 1)
        over, under = near.numerator, near.denominator
    whole, over = divmod(over, under) if form["whole"] else (0, over)
    if form["whole"] and not over:
        return str(whole)
    return f"{whole} {over}/{under}" if whole else f"{over}/{under}"
