"""What so many cost or get, where a document tells it of one: 每亩8元 for 10亩."""

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.text.normalise import Normal
from corpus.text.numerals import number
from qa.answering.forms.computing.comparing import amount_asked, content, held, unit_asked, unit_fits, units
from qa.answering.forms.computing.statements import Line, Statement

_QUANTITY = re.compile(
    r"(?<![\d.第])(?P<number>\d+(?:\.\d+)?|[两三四五六七八九十百千]+)\s*(?P<of>个(?!月)人?|[吨亩头棵株瓶盒袋箱只台套张次份人户间辆名册本幢层天平方米公斤里小时]{1,2})"
    r"(?!\s*(?:以上|以下|以内|之内|起|多|余|左右|及以))"
)
_EACH = re.compile(
    r"每(?P<count>\d+)?(?P<of>[\u4e00-\u9fff]{1,3}?)(?P<more>每[\u4e00-\u9fff]{1,2})?(?P<said>[^，,；;。：:\d每]{0,8})$"
)
# What may make the figure of one not hold for each of several, or for all of them.
_STEPS = re.compile(
    r"起步|首|超|续|[再另]加|加收|以上|以内|不足|第[一二三\d]|满|最高|最多|不超过|封顶|限|折|减半|免|上浮|下浮|其余"
)
_OTHER_CASE = re.compile(r"折|报停|减|免|优惠|提前|超|逾|退|最[多高少低]|平均|比|占|倍")

# The least share of the question's words that the clause holds, and how far it has to be ahead of any other.
_NAMED, _AHEAD = 0.6, 0.1

Product = tuple[Statement, Decimal, str, dict[str, float]]


def quantity_asked(question: Normal) -> tuple[Decimal, str, str] | None:
    """Return how many of what a question asks the amount for, and the words of that; None for other questions."""
    copy = question.strip("？?。 ")
    how_much = amount_asked(copy)
    if not how_much or _OTHER_CASE.search(copy):
        return None
    found = [match for match in _QUANTITY.finditer(copy) if match.start() < how_much.start()]
    if len(found) != 1:
        return None
    count = number(found[0]["number"])
    return (count, found[0]["of"], found[0].group()) if count > 1 else None


def best_product(question: Normal, found: Sequence[Statement], lines: Sequence[Line]) -> Product | None:
    """Return the figure of one, how many are asked for, in which words, and what is known of how it fits."""
    asked = quantity_asked(question)
    if asked is None:
        return None
    count, of, words = asked
    copy = question.replace(words, "")
    about, wanted = content(copy), unit_asked(question) or units(copy)
    ranked = []
    for one in found:
        line = lines[one.line]
        each = _EACH.search(line.text[: one.start])
        if not each or one.bound or unit_fits(wanted, one.unit) < 0 or not _same(of, each["of"]) or not one.unit:
            continue
        clause = _clause(line.text, one)
        if _STEPS.search(clause) or one.unit.startswith(of[:1]):
            continue
        known = {
            "named": held(about, one.named + clause),
            "asked": held(about, line.text + line.above),
            "steps": float(bool(_STEPS.search(line.text))),
            "twice": float(bool(each["more"])),
            "unit fits": unit_fits(wanted, one.unit),
            "row": float(one.row),
        }
        known["score"] = known["named"] + known["asked"] + 0.3 * known["unit fits"]
        ranked.append((one, count / Decimal(each["count"] or 1), words, known))
    if not ranked:
        return None
    ranked.sort(key=lambda entry: -entry[3]["score"])
    best = ranked[0]
    rivals = [entry for entry in ranked if entry[0].value * entry[1] != best[0].value * best[1]]
    best[3]["margin"] = min(2.0, best[3]["score"] - rivals[0][3]["score"]) if rivals else 2.0
    return best if best[3]["named"] >= _NAMED and best[3]["margin"] >= _AHEAD else None


def _same(of: str, each: str) -> bool:
    """Return whether the words behind a number and behind 每 name one unit: 平 and 平方米, 个人 and 人."""
    one, other = of.removeprefix("个") or "个", each.removeprefix("个") or "个"
    return one.startswith(other) or other.startswith(one)


def _clause(text: str, one: Statement) -> str:
    before = re.search(r"[^，,；;。]*$", text[: one.start])
    behind = re.match(r"[^，,、；;。]*", text[one.end :])
    return (before.group() if before else "") + (behind.group() if behind else "")
