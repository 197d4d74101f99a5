"""A reader without training: the sentence nearest to the question by meaning, terms and kind of answer."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from index.embedder import Embedder, Vectors
from index.retrieve import Hit
from index.tokens import normalise
from qa.reader import Finding, Reading, finding
from qa.reader.coverage import coverage
from qa.reader.units import Unit, units

# Fitted on the development questions over both texts (docs/decisions.md). A point is one standard deviation of
# nothing in particular: only the order and the threshold matter.
SIMILARITY, COVERAGE, KIND, RANK = 8.0, 3.0, 0.9, 0.35
THRESHOLD = 0.7
_MIDDLE = 8.35  # the score at which half of the answers shown would be wrong
_SLOPE = 2.2

_NUMBER = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)\s*(?:余|多)?"
# What a question asks for, and what its answer then holds.
KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(held))
    for asked, held in (
        (r"什么时候|何时|哪一?年|哪一?天|几月|几号|日期|when", r"\d{4}\s*年|\d{1,2}\s*月|\d{1,2}\s*日"),
        (r"多久|多长时间|几年", _NUMBER + r"(?:年|个月|天|小时)"),
        (r"多少钱|资金|投资多少|总投资|金额|产值|收入|多少资金", _NUMBER + r"[万亿]?元"),
        (r"面积|多大", _NUMBER + r"(?:[万亿]?平方|亩|公顷|万?吨)"),
        (r"多少|几(?:个|家|位|名|所|对|人|次|项|批)|how many|数量|人次", _NUMBER),
        (r"哪里|哪儿|什么地方|何处|在哪", r"省|市|区|县|镇|乡|村|街道|城|园"),
        (r"第几|排名|排第", r"第[一二三四五六七八九十\d]|首位|前列"),
    )
)
_LIST = re.compile(r"哪些|哪几|哪两|哪三|分别|包括|有什么|内容|什么人|各是|是什么")
_SEVERAL = re.compile(r"分别|各是|各为|和.{1,12}(?:分别|各)|从.{1,12}到.{1,12}")


class SimilarityReader:
    """Ranks the units of the hits; its confidence is a logistic function of the best one's score."""

    threshold = THRESHOLD

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vector = lru_cache(maxsize=20_000)(self._embed)

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        found = units([hit.passage for hit in hits])
        if not found:
            return Reading((), 0.0)
        scores = self._scores(question, found, hits)
        order = sorted(range(len(found)), key=lambda i: (-scores[i], len(found[i].span)))
        best = found[order[0]]
        findings = [_finding(best)]
        if _SEVERAL.search(question):
            findings += [
                _finding(found[i]) for i in order[1:4] if scores[i] > scores[order[0]] - 1.0 and _apart(found[i], best)
            ][:1]
        confidence = 1 / (1 + math.exp(-_SLOPE * (scores[order[0]] - _MIDDLE)))
        return Reading(tuple(findings), confidence)

    def _scores(self, question: str, found: Sequence[Unit], hits: Sequence[Hit]) -> list[float]:
        query = self._embedder.encode_queries([question])[0]
        covered = coverage(question, [" ".join(unit.passage.headings) + unit.text for unit in found])
        held = next((pattern for asks, pattern in KINDS if asks.search(question)), None)
        wants_list = bool(_LIST.search(question))
        scores = []
        for unit, share in zip(found, covered, strict=True):
            score = SIMILARITY * float(self._vector(unit.text) @ query) + COVERAGE * share - RANK * unit.hit / len(hits)
            if held is not None:
                score += KIND if held.search(normalise(unit.text)) else -KIND
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
