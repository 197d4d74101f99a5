"""An untrained reader: picks the sentence nearest to the question by meaning, terms and kind of answer."""

import copy
import math
import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.text.normalise import Normal, normalise
from index.embedding.base import Embedder, Vectors
from index.retrieve import Hit
from qa.answering.answer_checks.answer_type import fits
from qa.answering.question.analysis import Question, analysed
from qa.answering.reader.base import Finding, Reading, finding
from qa.answering.reader.quotations import Unit, units

# Tuned on the development questions over both texts (docs/decisions/similarity-reader.md).
SIMILARITY, COVERAGE, KIND, RANK = 2.2, 3.0, 0.9, 0.35
THRESHOLD = 0.7
_MIDDLE = 2.4  # the score at which half of the shown answers would be wrong
_SLOPE = 2.2

_LIST = re.compile(r"哪些|哪几|哪两|哪三|分别|包括|有什么|内容|什么人|各是|是什么")
_SEVERAL = re.compile(r"分别|各是|各为|和.{1,12}(?:分别|各)|从.{1,12}到.{1,12}")


class SimilarityReader:
    """Ranks the units of the hits; the confidence is a logistic function of the best score."""

    def __init__(self, embedder: Embedder, *, threshold: float = THRESHOLD) -> None:
        self.threshold = threshold
        self._embedder = embedder
        self._vector = lru_cache(maxsize=20_000)(self._embed)

    def at(self, threshold: float) -> "SimilarityReader":
        """Return the same reader with another threshold (0–1)."""
        other = copy.copy(self)
        other.threshold = threshold
        return other

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
        question = analysed(question)
        found = units([hit.passage for hit in hits])
        if not found:
            return Reading((), 0.0)
        scores = self._scores(question, found, hits)
        order = sorted(range(len(found)), key=lambda i: (-scores[i], len(found[i].span)))
        best = found[order[0]]
        findings = [_finding(best)]
        if _SEVERAL.search(question.search):
            findings += [
                _finding(found[i]) for i in order[1:4] if scores[i] > scores[order[0]] - 1.0 and _apart(found[i], best)
            ][:1]
        confidence = 1 / (1 + math.exp(-_SLOPE * (scores[order[0]] - _MIDDLE)))
        return Reading(tuple(findings), confidence)

    def _scores(self, question: Question, found: Sequence[Unit], hits: Sequence[Hit]) -> list[float]:
        query = self._embedder.encode_queries([question.search])[0]
        copies = [normalise(" ".join(unit.passage.headings) + unit.text) for unit in found]
        asked = QuestionTerms(question, copies)
        wants_list = bool(_LIST.search(question.search))
        scores = []
        for unit, text in zip(found, copies, strict=True):
            score = SIMILARITY * float(self._vector(unit.text) @ query) - RANK * unit.hit / len(hits)
            score += COVERAGE * asked.held(text)
            score += KIND * fits(question.search, unit.text)
            if wants_list:
                score += KIND * (unit.text.count("、") >= 2 or "\n" in unit.text)
            scores.append(score)
        return scores

    def _embed(self, text: str) -> Vectors:
        vector: Vectors = self._embedder.encode_passages([text])[0]
        return vector


def _finding(unit: Unit) -> Finding:
    return finding(unit.passage, unit.span)


def _apart(unit: Unit, best: Unit) -> bool:
    same = unit.passage.document.name == best.passage.document.name
    return not same or unit.span.end <= best.span.start or unit.span.start >= best.span.end


class QuestionTerms:
    """The words of a question, weighted by how few of the texts found for it contain them."""

    def __init__(self, question: Question, copies: Sequence[Normal]) -> None:
        self._weights = {word: _rarity(word, copies) for word in question.words}
        self._total = sum(self._weights.values()) or 1.0

    def held(self, copy: Normal) -> float:
        """Return the weighted share (0–1) of the question's words that a text contains."""
        return sum(weight for word, weight in self._weights.items() if word in copy) / self._total


def _rarity(word: str, copies: Sequence[str]) -> float:
    """Return BM25's inverse document frequency among the texts; longer words weigh a little more."""
    holding = sum(word in copy for copy in copies)
    return math.log(1 + (len(copies) - holding + 0.5) / (holding + 0.5)) * (1 + 0.2 * min(len(word), 6))
