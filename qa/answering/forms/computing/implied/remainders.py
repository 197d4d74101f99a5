"""How many are left: the whole of a sentence without the part that a question excludes (没验收的, 除了…, 还剩)."""

import re
from collections.abc import Iterator, Sequence

from corpus.text.normalise import Normal
from qa.answering.forms.computing.comparing import HOW_MUCH, amount_asked, content, held, unit_asked, unit_fits
from qa.answering.forms.computing.statements import Line, Pair, Statement

_END = rf"(?=的|{HOW_MUCH}|[，,、]|还|一共|总共|里|有|$)"
_EXCLUDED = (
    re.compile(
        rf"(?:没有?|还未|未|不是|除了|除开|不(?!超|过|少|低|高|足|到|同|锈|动|良|等))(?P<part>[^，,的]{{1,10}}?){_END}"
    ),
    re.compile(r"(?P<part>[^，,]{2,10}?)(?:以外|之外)"),
)
_LEFT = re.compile(r"还剩|剩下|还差|还缺|其余的?|余下")
_NOT = re.compile(r"没|未|不(?!锈|动)|无|其余|其他|剩|余(?!人|家|个|万|元)|尚|待|差|缺")
# Words of a part that is done, for a question that asks what is left of the whole.
_DONE = re.compile(r"已|完成|实际|实有|支出|使用|到位|办结|合格|收回|现有")
_WHOLE = re.compile(r"其中|中|里|已|实")
# The least share of the words of the part, and of the others, that have to stand at the figures.
_PART, _REST = 0.75, 0.5
_DENIED = re.compile(r"没|未|不是|除了|除开|以外|之外")


def remainder_asked(question: Normal) -> tuple[str, str] | None:
    """Return the words for what a question excludes, empty for what is done, and its other words; None for others."""
    copy = question.strip("？?。 ")
    if not amount_asked(copy) or len(_DENIED.findall(copy)) > 1:
        return None
    for pattern in _EXCLUDED:
        if match := pattern.search(copy):
            return match["part"], copy[: match.start()] + copy[match.end() :]
    left = _LEFT.search(copy)
    return ("", copy[: left.start()] + copy[left.end() :]) if left else None


def best_rest(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Pair | None:
    """Return the whole and the part of a sentence that fit a question best, and what is known of how they fit."""
    asked = remainder_asked(question)
    if asked is None:
        return None
    part, about = content(asked[0]), content(asked[1])
    wanted = unit_asked(question)
    ranked = []
    for whole, excluded, known in _pairs(found, lines):
        fits = unit_fits(wanted, whole.unit)
        label = _label(excluded, lines)
        share = held(part, label) if part else 0.8 * float(bool(_DONE.search(label)))
        line = lines[whole.line]
        known |= {"part": share, "rest": held(about, line.text + line.above), "unit fits": fits}
        if fits < 0 or share < _PART or known["rest"] < _REST:
            continue
        known["named"] = held(about, whole.named + _label(whole, lines))
        known["score"] = known["part"] + known["rest"] + 0.5 * known["named"] + 0.3 * fits + 0.3 * known["of which"]
        ranked.append((whole, excluded, known))
    if not ranked:
        return None
    ranked.sort(key=lambda one: -one[2]["score"])
    whole, excluded, known = ranked[0]
    rivals = [one for one in ranked if one[0].value - one[1].value != whole.value - excluded.value]
    known["margin"] = min(2.0, known["score"] - rivals[0][2]["score"]) if rivals else 2.0
    return ranked[0]


def _pairs(found: Sequence[Statement], lines: Sequence[Line]) -> Iterator[Pair]:
    """Yield each figure of a sentence that is a part, with the whole before it."""
    of_line: dict[int, list[Statement]] = {}
    for statement in found:
        if statement.unit and not statement.bound and not statement.row:
            of_line.setdefault(statement.line, []).append(statement)
    for number, group in of_line.items():
        text = lines[number].text
        for place, excluded in enumerate(group):
            before = [one for one in group[:place] if one.unit == excluded.unit]
            whole = _whole(before, excluded, text)
            beside = [one for one in group[place:] if one.unit == excluded.unit]
            if whole and not any(_NOT.search(_label(one, lines)) for one in beside):
                between = text[whole.end : excluded.start]
                known = {
                    "of which": float(bool(_WHOLE.search(between))),
                    "next": float(whole is before[-1]),
                    "long": float(len(between) > 15),
                }
                yield whole, excluded, known


def _whole(before: Sequence[Statement], part: Statement, text: str) -> Statement | None:
    """Return the figure that a part belongs to: the last before it that no 、 makes another part of the same."""
    for place in range(len(before) - 1, -1, -1):
        behind = before[place + 1] if place + 1 < len(before) else part
        if "、" not in text[before[place].end : behind.start]:
            return before[place] if before[place].value > part.value > 0 else None
    return None


def _label(statement: Statement, lines: Sequence[Line]) -> str:
    """Return the words around a figure, up to the next mark on either side."""
    text = lines[statement.line].text
    before = re.search(r"[^，,；;。：:（()）\d]*$", text[: statement.start])
    behind = re.match(r"[^，,；;。：:（()）、\d]{0,12}", text[statement.end :])
    return (before.group() if before else "") + (behind.group() if behind else "")
