"""Checks what a figure belongs to: the same thing at the same time as in its document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import rjieba

from qa.answering.forms.figures import Date, Facts, Figure, governing

# The share of the words beside a figure that must go with it in the document too.
TIED = 0.25
# 增加 with a figure states a change, 增加到 with a figure states a total.
_CHANGES = re.compile(r"(?:增加|新增|增长|上升|提高|减少|下降|降低)[了约近超过]{0,2}$")


def mixed_up(clause: Facts, figures: Sequence[Figure], source: Facts, passage: Sequence[Facts]) -> bool:
    """Return whether a figure stands with the words or the date of another figure of the same unit."""
    for figure in figures:
        own = [other for other in source.figures if figure.same(other) and _alike(figure, clause, other, source)]
        if not own:
            return True
        others = [
            (found, other)
            for found in passage
            for other in found.figures
            if other.unit == figure.unit and (other.value != figure.value or (found is source and other not in own))
        ]
        if not clause.dates and all(_dated(other, source) for other in own):
            return True
        date = _nearest_date(figure, clause)
        if date and all((its := _nearest_date(o, source)) and date.contradicts(its) for o in own):
            return True
        said = _context(figure, clause)
        mine = [_context(other, source) for other in own]
        if mine and max(_tied(said, my, _opening(source)) for my in mine) < TIED:
            return True
        for found, other in others:
            theirs = _context(other, found)
            if all(_score(said, theirs, less=my) > _score(said, my, less=theirs) for my in mine):
                dated = _nearest_date(other, found)
                if date and dated and date.contradicts(dated):
                    continue
                return True
    return False


def _nearest_date(figure: Figure, found: Facts) -> Date | None:
    return governing(figure, found) or next((date for date in found.dates if date.start >= figure.end), None)


def _alike(figure: Figure, clause: Facts, other: Figure, source: Facts) -> bool:
    """Return whether both state a change, or neither does; an ordinal must continue as in its source."""
    changes = _CHANGES.search(clause.copy[: figure.start]), _CHANGES.search(source.copy[: other.start])
    if bool(changes[0]) != bool(changes[1]):
        return False
    return not figure.ordinal or _behind(figure, clause) == _behind(other, source)


def _behind(figure: Figure, found: Facts) -> str:
    match = re.match(r"[\u4e00-\u9fff]{0,2}", found.copy[figure.end :])
    return match.group() if match else ""


def _dated(figure: Figure, source: Facts) -> bool:
    """Return whether a figure is one of several of its unit that the sentence distinguishes by dates."""
    date = governing(figure, source)
    others = [governing(o, source) for o in source.figures if o.unit == figure.unit and o.value != figure.value]
    return date is not None and any(other and other.contradicts(date) for other in others)


@dataclass(frozen=True, slots=True)
class _Context:
    """The words that go with a figure: near ones count in full, others of its sentence a little."""

    near: frozenset[str]
    far: frozenset[str]


def _tied(said: _Context, own: _Context, opening: frozenset[str]) -> float:
    """Return the share of words said with a figure that go with it in the source, or open its sentence."""
    pairs = [pair for pair in said.near if not pair.startswith("=")]
    return sum(pair in own.near | own.far | opening for pair in pairs) / len(pairs) if pairs else 1.0


def _opening(found: Facts) -> frozenset[str]:
    """Return the words before the first figure: the subject, which is left out before the other figures."""
    return _content(found.copy[: min((figure.start for figure in found.figures), default=0)])


def _context(figure: Figure, found: Facts) -> _Context:
    copy = found.copy
    before = max((f.end for f in found.figures if f.end <= figure.start and f.unit == figure.unit), default=0)
    after = min((f.start for f in found.figures if f.start >= figure.end and f.unit == figure.unit), default=len(copy))
    left, right = copy[before : figure.start], copy[figure.end : after]
    if before:  # words between two figures are shared between both
        left = re.split(r"[，,；;、和与同及比]", left)[-1]
    right = re.split(r"[，,；;。、和与同及比增减升降到至]", right)[0]
    near_left = re.split(r"[，,；;：:]", left)[-1][-10:]
    return _Context(_content(near_left + " " + right), _content(left))


def _content(text: str) -> frozenset[str]:
    """Return the words and character pairs that distinguish one thing from another."""
    pairs = {run[i : i + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for i in range(len(run) - 1)}
    words = {f"={word}" for word in rjieba.cut(text) if len(word) > 1}
    return frozenset(pairs | words | set(re.findall(r"[a-z]{2,}", text)))


def _score(said: _Context, context: _Context, *, less: _Context) -> float:
    """Return how much of what is said with a figure goes with `context` and not with `less`."""
    near = said.near & (context.near - less.near - less.far)
    far = (said.near | said.far) & (context.far - context.near - less.near - less.far)
    return len(near) + 0.25 * len(far)
