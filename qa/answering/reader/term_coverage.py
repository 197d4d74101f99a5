"""Measures how many of the question's words stand in a text."""

import math
from collections.abc import Sequence

from corpus.text.normalise import normalise
from index.search.terms import words


class QuestionTerms:
    """The words of a question, weighted by how few of the texts found for it contain them."""

    def __init__(self, question: str, texts: Sequence[str]) -> None:
        copies = [normalise(text) for text in texts]
        self._weights = {word: _rarity(word, copies) for word in set(words(question))}
        self._total = sum(self._weights.values()) or 1.0

    def held(self, text: str) -> float:
        """Return the weighted share (0–1) of the question's words that a text contains."""
        copy = normalise(text)
        return sum(weight for word, weight in self._weights.items() if word in copy) / self._total


def _rarity(word: str, copies: Sequence[str]) -> float:
    """Return BM25's inverse document frequency among the texts; longer words weigh a little more."""
    holding = sum(word in copy for copy in copies)
    return math.log(1 + (len(copies) - holding + 0.5) / (holding + 0.5)) * (1 + 0.2 * min(len(word), 6))
