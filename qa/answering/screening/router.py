"""Chooses the card that a question needs before any search: a logistic classifier, trained by `qa train router`."""

import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.answering.screening.cards import EMERGENCIES, HELPS, TALK
from qa.answering.screening.features import FORM, WORD, features

CONSTANTS = Path(__file__).with_name("router.json")
ORDINARY = "ordinary"
KINDS = (ORDINARY, *HELPS, *TALK)
# Probabilities (0–1). An emergency card costs an ordinary question a few lines above its answer; its lack may cost a
# life. Talk replaces the answer, so it must be likelier than not.
EMERGENCY, OTHER = 0.14, 0.6

_CLAUSE_END = re.compile(r"[，,。.！!？?；;\n]+")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Router:
    """The constants: for each feature its weights (kinds,) in the order of `KINDS`, and the bias (kinds,)."""

    weights: Mapping[str, Floats]
    bias: Floats

    def probabilities(self, found: frozenset[str]) -> Floats:
        """Return the probabilities (kinds,) for a question's features, in the order of `KINDS`."""
        total = self.bias.copy()
        for name in found & self.weights.keys():
            total += self.weights[name] / math.sqrt(len(found))
        shares = np.exp(total - total.max())
        result: Floats = shares / shares.sum()
        return result

    def card(self, question: str) -> str:
        """Return the name of the card a question needs; empty when it is only looked up."""
        card = self._whole(question)
        # 你好，请问低保怎么办 asks after its greeting: talk replaces the answer only where no clause asks.
        clauses = [clause for clause in _CLAUSE_END.split(question) if clause.strip()]
        asks = card in TALK and len(clauses) > 1 and not all(self._whole(clause) for clause in clauses)
        return "" if asks else card

    def _whole(self, question: str) -> str:
        found = features(question)
        if all(name.startswith(FORM) for name in found & self.weights.keys()):
            return ""  # no word is known, and the length alone says nothing
        share = dict(zip(KINDS, self.probabilities(found), strict=True))
        # A single word says too little for a guess.
        if sum(share[kind] for kind in EMERGENCIES) >= (OTHER if WORD in found else EMERGENCY):
            return _likeliest(share, EMERGENCIES)
        return _likeliest(share, (*HELPS, *TALK)) if 1 - share[ORDINARY] >= OTHER else ""


def _likeliest(share: Mapping[str, float], kinds: Collection[str]) -> str:
    return max(kinds, key=lambda kind: share[kind])


def read_router(path: Path = CONSTANTS) -> Router:
    """Read the constants that `qa.training.linear.router` writes: tenths, by feature and index of the kind."""
    content = json.loads(path.read_text(encoding="utf-8"))
    weights = {}
    for name, sparse in content["weights"].items():
        row = np.zeros(len(KINDS))
        row[sparse[::2]] = np.array(sparse[1::2]) / 10
        weights[name] = row
    return Router(weights, np.array(content["bias"]))


@cache
def _shipped() -> Router:
    return read_router()


def route(question: str) -> str:
    """Return the name of the card a cleaned question needs; empty when it is only looked up."""
    return _shipped().card(question)
