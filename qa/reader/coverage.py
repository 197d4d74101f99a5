"""How much of what a question names stands in a text."""

import math
from collections.abc import Sequence

import rjieba

from index.tokens import normalise, words

_NAME_TAGS = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz"])


def coverage(question: str, texts: Sequence[str]) -> list[float]:
    """For each text the share (0–1) of the question's words that it holds; words that few texts hold count more."""
    asked = set(words(question))
    copies = [normalise(text) for text in texts]
    weights = {word: _rarity(word, copies) for word in asked}
    total = sum(weights.values()) or 1.0
    return [sum(weights[word] for word in asked if word in copy) / total for copy in copies]


def missing_names(question: str, texts: Sequence[str]) -> list[int]:
    """For each text the number of names of the question that it does not hold."""
    names = {word for word, tag in rjieba.tag(normalise(question)) if tag in _NAME_TAGS and len(word) >= 2}
    copies = [normalise(text) for text in texts]
    return [sum(name not in copy for name in names) for copy in copies]


def _rarity(word: str, copies: Sequence[str]) -> float:
    """BM25's inverse frequency among the texts, longer words a little heavier."""
    holding = sum(word in copy for copy in copies)
    return math.log(1 + (len(copies) - holding + 0.5) / (holding + 0.5)) * (1 + 0.2 * min(len(word), 6))
