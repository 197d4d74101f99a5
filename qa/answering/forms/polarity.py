"""Decides whether a quotation says yes or no to a question, by the reader's logit and by figures against a condition.

`python -m qa train polarity` fits the constants in `model/polarity.json`; no word has a hand-set weight.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.document import Span
from corpus.text.normalise import normalise
from index.embedding.weight_file import WeightsError
from qa.answering.forms.conditions import compared

FILE = Path(__file__).parent / "model" / "polarity.json"

_NEGATION = re.compile(
    r"不(?!同|仅|但|论|管|动产|锈|断)|未(?!来|成年)|没|无(?!论|线|人机|障碍)|非(?!遗|常)|免|禁|停|勿|拒|谢绝|除外"
)
_CLAUSE = re.compile(r"[^，,。；;：:！!？?\n|（）()]+")
MOST = 6.0  # larger logits carry no further information
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


def features(question: str, quote: str, short: Span | None, logit: float | None) -> dict[str, float]:
    """Return features of a question and the quotation that answers it; `short` is the shortest answer within.

    `logit` holds the reader's log odds of yes against no; None if no network has read them.
    """
    asked = normalise(question)
    clause = normalise(deciding(question, quote, short).of(quote))
    found = {} if logit is None else {"read": max(-MOST, min(MOST, logit))}
    met = compared(asked, clause) or compared(asked, normalise(quote))
    if met:
        refused = bool(_NEGATION.search(clause[met.interval.end :] if met.interval.end < len(clause) else ""))
        name = "inside" if met.inside else "outside"
        found |= {name: 1.0, f"{name} of what is refused": float(refused)}
    return found


def _content(text: str) -> set[str]:
    kept = _ASKING.sub(" ", normalise(text))
    return {kept[i : i + 2] for i in range(len(kept) - 1) if _HAN.match(kept[i]) and _HAN.match(kept[i + 1])}


def _shared(pairs: Iterable[str], text: str) -> int:
    return sum(pair in text for pair in pairs)
