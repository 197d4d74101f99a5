"""Decides what a quotation says to a question: yes or no, or that the question takes something wrong for granted.

The verifier's verdict decides, with whether both sides deny something, and figures against a limit. `python -m qa train
polarity` fits the constants in `model/polarity.json`; no word has a hand-set weight.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from index.embedding.weight_file import WeightsError
from qa.answering.forms.asking import A_NOT_A, asking_clause
from qa.answering.forms.base import Form
from qa.answering.forms.conditions import compared
from qa.answering.forms.figures import facts
from qa.answering.question.words import HAN
from qa.answering.reader.verifier.judging import Verdict

FILE = Path(__file__).parents[1] / "model" / "polarity.json"

_NEGATION = re.compile(
    r"不(?!同|仅|但|论|管|动产|锈|断|错|好意思)|未(?!来|成年)|没|无(?!论|线|人机|障碍|偿)|非(?!遗|常|机动|居民)|"
    r"免(?!疫)|禁|停(?!车|电|水|靠)|勿|拒|谢绝|除外|取消|闭馆|休息"
)
# Words of a limit, or that one keeps to it, deny nothing; nor does what stands in nobody's way.
_LIMIT = re.compile(
    r"不(?:超过|超|少于|低于|高于|大于|小于|多于|足|满|到|晚于|早于|限|含)|未满|没到|没满|[没不]算?(?:超|逾期|过期|违规|违反)|"
    r"没(?:有)?问题|不(?:影响|妨碍|耽误)"
)
# What a rule leaves out: 化工（不含分装）, 除港澳台以外, 代步车除外.
_LEFT_OUT = re.compile(
    r"(?:不含|不包括|不包含)([^，,。；;）)]{2,20})|除了?([^，,。；;]{2,20}?)(?:以外|之外|外)|([^，,。；;（(]{2,20})(?:的)?除外"
)
# What alone a rule holds for: 只限树葬.
_ONLY = re.compile(r"(?<![不每一两\d])(?:只限|仅限|(?<![只仅有无])限于|[只仅](?:对|适用))于?([^，,。；;）)]{2,40})")
_OTHERS = re.compile(r"(?:但|而)?(?:其他|其它|其余|别的)")
_HINDERS = re.compile(r"影响|妨碍|耽误")
_UNHINDERED = re.compile(r"不(?:影响|妨碍|耽误)([^，,。；;]{1,20})")
_CLAUSE = re.compile(r"[^，,。；;：:！!？?\n|（）()]+")
_STATEMENT = re.compile(r"[^。；;！!？?\n|]+")
_LEAST_SHARED = 2  # pairs of characters that the question and an exception share
MOST = 6.0  # larger logits carry no further information
# Function words of questions carry nothing about what is asked.
_ASKING = re.compile(
    r"是不是|是否|能不能|可不可以|有没有|会不会|要不要|用不用|行不行|得不得|吗|呢|嘛|吧|啊|呀|哦|请问|想问|麻烦|我|我们|你们|的|了|不|没"
)
_WHETHER = re.compile(
    r"是不是|是否|能否|可否|有没有|有无|对不对|行不行|(?:没有|没得|不|没|否|不成)(?:啊|呀|哦|呢|哈|的|了)?[?？!！。 ]*$"
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """A logistic regression over named features; `threshold` is the probability (0–1) that a conclusion needs."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability (0–1) of a conclusion; of yes, where no is one as well."""
        logit = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@lru_cache(maxsize=4)
def read(path: Path) -> Mapping[Form, Polarity]:
    """Read the constants of each form. Raises `WeightsError` when the file is missing or has another form."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            Form(name): Polarity(dict(one["weights"]), float(one["bias"]), float(one["threshold"]))
            for name, one in content.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"The constants {path} are missing or damaged; restore them from the release") from error


def constants() -> Mapping[Form, Polarity]:
    """Return the shipped constants for yes or no and for premises."""
    return read(FILE)


def deciding(question: Normal, quote: str, short: Span | None = None) -> Span:
    """Return the deciding clause of a quotation: the one with the short answer, else the nearest to the question."""
    clauses = [Span(*match.span()) for match in _CLAUSE.finditer(quote) if match.group().strip()]
    if not clauses:
        return Span(0, len(quote))
    if short:
        held = [clause for clause in clauses if clause.overlaps(short)]
        if held:
            return Span(min(held[0].start, short.start), max(held[-1].end, short.end))
    asked = _content(question)
    return max(clauses, key=lambda clause: (_shared(asked, normalise(clause.of(quote))), -clause.start))


def features(question: Normal, quote: str, short: Span | None, verdict: Verdict | None) -> dict[str, float]:
    """Return features of a question and the quotation that answers it; `short` is the shortest answer within.

    `verdict` is None if no network has read them.
    """
    clause, asked = normalise(deciding(question, quote, short).of(quote)), _asked(question)
    alike = _denies(clause) == _denies(asked)
    found = {"denied alike in its words": (1.0 if alike else -1.0) * _share_held(asked, clause)}
    if verdict is not None:
        holds, known = _bounded(verdict.holds), facts(question)
        found["holds"] = holds
        found["holds in its words"] = holds * _share_held(asked, normalise(quote))
        found["holds of what settles"] = holds * _bounded(verdict.settles)
        found["holds of a figure"] = holds if known.figures or known.dates else 0.0
    if met := compared(question, clause):
        found["within the limit"] = 1.0 if met.inside == alike else -1.0
    return found


def is_told_otherwise(question: Normal, quote: str, short: Span | None) -> bool:
    """Return whether another statement of a quotation has more of a question's words, and says the opposite.

    Of 上半年错过的可以补报；下半年错过的不再补发 each holds for a case of its own.
    """
    asked, clause = _content(question), deciding(question, quote, short)
    own = next((one for one in _statements(quote) if clause.overlaps(one)), None)
    if own is None:
        return False
    said = normalise(own.of(quote))
    others = (normalise(one.of(quote)) for one in _statements(quote) if one != own)
    least = _shared(asked, said) + _LEAST_SHARED
    opposed = any(_shared(asked, other) >= least and _denies(other) != _denies(said) for other in others)
    return opposed or _is_of_the_others(asked, normalise(clause.of(quote)), said)


def _is_of_the_others(asked: set[str], clause: str, statement: str) -> bool:
    """Return whether a statement says the opposite of all 其他 things, and a question names none of its own."""
    rest = (match.group().strip() for match in _CLAUSE.finditer(statement))
    others = [one for one in rest if _OTHERS.match(one) and one != clause and _denies(one) != _denies(clause)]
    return any(not any(pair in clause and pair not in one for pair in asked) for one in others)


def _statements(quote: str) -> list[Span]:
    return [Span(*match.span()) for match in _STATEMENT.finditer(quote) if match.group().strip()]


def is_left_out(question: Normal, quote: str) -> bool:
    """Return whether a question asks of what a quotation excepts, for which the rule around it says the opposite."""
    asked = _content(question)
    excepted = ("".join(filter(None, match.groups())) for match in _LEFT_OUT.finditer(normalise(quote)))
    return any(_shared(asked, words) >= _LEAST_SHARED for words in excepted)


def is_limited(question: Normal, quote: str) -> bool:
    """Return whether a quotation holds only for what a question does not name, so that it says no plain yes."""
    asked = _content(question)
    only = [match[1] for match in _ONLY.finditer(normalise(quote))]
    return bool(only) and not any(_shared(asked, words) for words in only)


def is_unhindered(question: Normal, quote: str, short: Span | None) -> bool:
    """Return whether a quotation says that nothing stands in the way of what is asked for: 不影响门诊 is no no.

    What its deciding clause says so of may have another name in the question: 最低生活保障 and 低保.
    """
    asked, decides = _content(question), normalise(deciding(question, quote, short).of(quote))
    free = (match[1] for match in _UNHINDERED.finditer(normalise(quote)))
    named = any(_shared(asked, words) for words in free) or _UNHINDERED.search(decides)
    return bool(named) and not _HINDERS.search(question)


def premise_features(verdict: Verdict) -> dict[str, float]:
    """Return features of a quotation that may put a question's premise right."""
    return {"settles": _bounded(verdict.settles), "holds": _bounded(verdict.holds)}


def _bounded(logit: float) -> float:
    return max(-MOST, min(MOST, logit))


def _denies(text: str) -> bool:
    return bool(_NEGATION.search(_LIMIT.sub("#", text)))


def _asked(question: Normal) -> str:
    """Return the clause that asks, without the words by which it does so."""
    bare = A_NOT_A.sub(lambda match: match["verb"] or match["first"], asking_clause(question))
    return _WHETHER.sub("", bare)


def _share_held(asked: str, text: str) -> float:
    """Return the share of the pairs of characters of a question that a text holds."""
    kept = re.sub(r"\W", "", asked)
    pairs = {kept[i : i + 2] for i in range(len(kept) - 1)}
    return sum(pair in text for pair in pairs) / max(1, len(pairs))


def _content(question: Normal) -> set[str]:
    kept = _ASKING.sub(" ", question)
    return {kept[i : i + 2] for i in range(len(kept) - 1) if HAN.match(kept[i]) and HAN.match(kept[i + 1])}


def _shared(pairs: Iterable[str], text: str) -> int:
    return sum(pair in text for pair in pairs)
