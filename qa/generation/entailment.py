"""Asks the models whether a written sentence says what its support says: a second guard behind the rules."""

import re
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from corpus.document import Passage
from index.embedding.base import Embedder
from index.retrieve import Hit
from qa.answering.forms.figures import Date, Facts, Figure, facts
from qa.answering.reader.extractive import ExtractiveReader
from qa.generation.grounding import clauses

Agrees = Callable[[str, Sequence[Passage]], bool]

# Cosine (-1 to 1). The lowest of 28 faithful sentences has 0.653; three of 6 loose ones that pass the rules are below.
AGREES = 0.65
# The reader's logit for what a clause says, asked of its support: true clauses reach down to 0.7, clauses about
# somebody else are mostly below -15.
READS = -8.0
MOST_ASKED = 6

_NUMBER = re.compile(r"\d[\d,.]*")


def agreement(embedder: Embedder, reader: ExtractiveReader | None) -> Agrees:
    """Return a check that sentence and support agree by their vectors, and by the reader if there is one.

    The reader is asked for each figure and date of the sentence, and must find it in the support.
    """
    return partial(_agrees, embedder, reader)


def _agrees(embedder: Embedder, reader: ExtractiveReader | None, sentence: str, support: Sequence[Passage]) -> bool:
    one, other = embedder.encode_passages([sentence, "".join(passage.text for passage in support)])
    return float(np.dot(one, other)) >= AGREES and (reader is None or reads_the_same(reader, sentence, support))


def reads_the_same(reader: ExtractiveReader, sentence: str, support: Sequence[Passage]) -> bool:
    """Return whether the reader finds each figure and date when the rest of the clause asks for it."""
    told = [figure for passage in support for figure in facts(passage.text).figures]
    hits = [Hit(passage, 0.0, 0.0, 0.0) for passage in support]
    asked = [(said, fact) for said in map(facts, clauses(sentence)) for fact in _asked(said, told)]
    for said, fact in asked[:MOST_ASKED]:
        read = reader.reckon(_question(said, fact), hits)
        best = max(read, key=lambda one: one.reading, default=None)
        if best is None or best.reading < READS:
            return False
        if not _holds(facts(best.span.of(best.hit.passage.document.text)), fact):
            return False
    return True


def _asked(said: Facts, told: Sequence[Figure]) -> list[Figure | Date]:
    """Return the facts of a clause that can be asked for.

    Calculated figures stand nowhere; 三类 and 第一个 only introduce what follows.
    """
    in_digits = (f for f in said.figures if said.copy[f.start].isdigit() and not f.ordinal)
    return [*(figure for figure in in_digits if any(map(figure.same, told))), *said.dates]


def _question(said: Facts, fact: Figure | Date) -> str:
    """Return the clause as a question for a fact: 在涪陵的浙资企业有多少家？"""
    stands = said.copy[fact.start : fact.end]
    asks = "什么时候" if isinstance(fact, Date) else _NUMBER.sub("多少", stands, count=1)
    return (said.copy[: fact.start] + asks + said.copy[fact.end :]).strip("，。；,; ") + "？"


def _holds(read: Facts, fact: Figure | Date) -> bool:
    if isinstance(fact, Date):
        return any(fact.within(date) or date.within(fact) for date in read.dates)
    # Whether it is more or less is left to the rules: its words may stand outside of what was read.
    return any((figure.value, figure.unit) == (fact.value, fact.unit) for figure in read.figures)
