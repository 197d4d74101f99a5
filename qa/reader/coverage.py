"""How much of what a question names stands in a text."""

import math
from collections.abc import Sequence

from index.tokens import normalise, words


def coverage(question: str, texts: Sequence[str]) -> list[float]:
    """For each text the share (0–1) of the question's words that it holds; words that few texts hold count more."""
    asked = set(words(question))
    copies = [normalise(text) for text in texts]
    weights = {word: _rarity(word, copies) for word in asked}
    total = sum(weights.values()) or 1.0
    return [sum(weights[word] for word in asked if word in copy) / total for copy in copies]


def _rarity(word: str, copies: Sequence[str]) -> float:
    """BM25's inverse frequency among the texts, longer words a little heavier."""
    holding = sum(word in copy for copy in copies)
    return math.log(1 + (len(copies) - holding + 0.5) / (holding + 0.5)) * (1 + 0.2 * min(len(word), 6))
