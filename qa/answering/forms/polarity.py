"""Decides whether a quotation says yes or no to a question: a logistic regression over words, figures, negations.

`python -m qa train polarity` fits the constants in `model/polarity.json`; no word has a hand-set weight.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import rjieba

from corpus.document import Span
from corpus.text.normalise import normalise
from index.embedding.weight_file import WeightsError
from qa.answering.forms.conditions import compared

FILE = Path(__file__).parent / "model" / "polarity.json"

_NEGATION = re.compile(
    r"不(?!同|仅|但|论|管|动产|锈|断)|未(?!来|成年)|没|无(?!论|线|人机|障碍)|非(?!遗|常)|免|禁|停|勿|拒|谢绝|除外"
)
_QUESTION_NEGATES = re.compile(
    r"(?:是不是|是否|就|还|都|可以|能)?(?:不能|不可以|不用|不给|不让|不会|没有?|不(?![\u4e00-\u9fff]{0,2}$))[\u4e00-\u9fff]{1,12}(?:吗|吧|了吗)"
)
_WHOLE = re.compile(r"全|都|所有|每|一定|必须|非.{1,8}不可|任何|只|就|一直|马上|直接|随便|随时")
_CLAUSE = re.compile(r"[^，,。；;：:！!？?\n|（）()]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Function words of questions carry nothing about what is asked.
_ASKING = re.compile(
    r"是不是|是否|能不能|可不可以|有没有|会不会|要不要|用不用|行不行|得不得|吗|呢|嘛|吧|啊|呀|哦|请问|想问|麻烦|我|我们|你们|的|了|不|没"
)


@dataclass(frozen=True, slots=True)
class Polarity:
    """A logistic regression over named features; `threshold` is the probability (0–1) that a verdict needs."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability (0–1) that the answer is yes."""
        logit = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@lru_cache(maxsize=4)
def read(path: Path = FILE) -> Polarity:
    """Read the constants. Raises `WeightsError` when the file is missing or has another form."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        weights = {str(name): float(weight) for name, weight in content["weights"].items()}
        return Polarity(weights, float(content["bias"]), float(content["threshold"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"The constants {path} are missing or damaged; restore them from the release") from error


def deciding(question: str, quote: str, short: Span | None = None) -> Span:
    """Return the deciding clause of a quotation: the one with the short answer, else the nearest to the question."""
    clauses = [Span(*match.span()) for match in _CLAUSE.finditer(quote) if match.group().strip()]
    if not clauses:
        return Span(0, len(quote))
    if short:
        held = [clause for clause in clauses if clause.start < short.end and short.start < clause.end]
        if held:
            return Span(min(held[0].start, short.start), max(held[-1].end, short.end))
    asked = _content(question)
    return max(clauses, key=lambda clause: (_shared(asked, normalise(clause.of(quote))), -clause.start))


def features(question: str, quote: str, short: Span | None = None) -> dict[str, float]:
    """Return features of a question and the quotation that answers it; `short` is the shortest answer within."""
    asked, whole = normalise(question), normalise(quote)
    clause = normalise(deciding(question, quote, short).of(quote))
    found: dict[str, float] = {}
    found |= dict.fromkeys((f"a:{gram}" for gram in _grams(clause)), 1.0)
    found |= dict.fromkeys((f"s:{gram}" for gram in _grams(short.of(quote) if short else "")), 1.0)
    found |= dict.fromkeys((f"q:{gram}" for gram in _grams(asked)), 1.0)
    found |= _negated(asked, clause)
    found |= _shared_negation(asked, clause)
    found["negations"] = min(3.0, len(_NEGATION.findall(clause)))
    found["negations elsewhere"] = min(3.0, len(_NEGATION.findall(whole)) - found["negations"])
    found["question negates"] = float(bool(_QUESTION_NEGATES.search(asked)))
    found["whole asked"] = float(bool(_WHOLE.search(asked)))
    found["negates a negation"] = found["question negates"] * found["negations"]
    held = _content(asked)
    found["in clause"] = _shared(held, clause) / max(1, len(held))
    found["in quotation"] = _shared(held, whole) / max(1, len(held))
    found |= _figures(asked, clause, whole)
    found |= _names(asked, whole)
    return found


def _grams(text: str) -> set[str]:
    """Return all runs of one to three characters; a number becomes 0, the ends of the clause ^ and $."""
    copy = "^" + re.sub(r"[\d.,]+", "0", text.strip()) + "$"
    return {copy[i : i + n] for n in (1, 2, 3) for i in range(len(copy) - n + 1)}


def _content(text: str) -> set[str]:
    kept = _ASKING.sub(" ", normalise(text))
    return {kept[i : i + 2] for i in range(len(kept) - 1) if _HAN.match(kept[i]) and _HAN.match(kept[i + 1])}


def _shared(pairs: Iterable[str], text: str) -> int:
    return sum(pair in text for pair in pairs)


def _negated(asked: str, clause: str) -> dict[str, float]:
    """Count the words of the question that the clause negates, and those that it asserts."""
    under, plain = 0, 0
    for pair in _content(asked) | set(re.findall(r"[\u4e00-\u9fff](?=不|没)", asked)):
        place = clause.find(pair)
        if place >= 0:
            if _NEGATION.search(clause[max(0, place - 4) : place + 1]):
                under += 1
            else:
                plain += 1
    return {"under a negation": min(under, 3.0), "asserted": min(plain, 4.0), "only negated": float(under > plain)}


def _shared_negation(asked: str, clause: str) -> dict[str, float]:
    """Report whether the clause negates in the question's own words: 免费吗 and 免费, but not 要钱吗 and 免费."""
    tokens = [clause[match.start() : match.end() + 1] for match in _NEGATION.finditer(clause)]
    shared = sum(token in asked for token in tokens)
    return {"negated as asked": float(shared > 0), "negated otherwise": float(len(tokens) > shared)}


def _figures(asked: str, clause: str, whole: str) -> dict[str, float]:
    """Report whether the question's figure meets the condition, and whether a refusal follows it."""
    met = compared(asked, clause) or compared(asked, whole)
    if met is None:
        return {}
    refused = bool(_NEGATION.search(clause[met.interval.end :] if met.interval.end < len(clause) else ""))
    name = "inside" if met.inside else "outside"
    return {name: 1.0, f"{name} of what is refused": float(refused)}


def _names(asked: str, whole: str) -> dict[str, float]:
    """Report whether the question names people, places or things that the quotation lacks, while it names others."""
    tagged = [(word, tag) for word, tag in rjieba.tag(asked) if tag in ("ns", "nr", "nt", "nz") and len(word) > 1]
    missing = [word for word, _ in tagged if word not in whole and word[:2] not in whole]
    others = {tag for word, tag in rjieba.tag(whole) if word not in asked}
    kinds = {tag for word, tag in tagged if word in missing}
    return {"names missing": min(2.0, len(missing)), "others named": float(bool(kinds & others))}
