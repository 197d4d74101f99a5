"""How often a reviewed answer would be shown for another question, and how well questions are grouped.

    python -m benchmarks.studies.paraphrase

Pairs: those of the two files beside this, the golden questions among each other, and golden questions changed in one
point by qa/training/paragraphs/perturbations.py. Vectors by the embedding model of the settings.
"""

import qa.runtime.offline  # noqa: F401 - before all others, as it says

# isort: split
import os
import random
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from index.embedding.sentence_transformer import open_embedder
from qa.answering.paraphrase import same, sense
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.evaluation.golden import GoldenQuestion, read_golden
from qa.runtime import settings as configuration
from qa.staff.questions.clustering import Leader, nearest
from qa.storage.reviewed_answers import NEAR
from qa.training.paragraphs.perturbations import Names, reword, unanswerable

HERE = Path(__file__).parent / "data"
ROUNDS = 20

Pair = tuple[str, str, bool]


def pairs(path: Path) -> Iterator[Pair]:
    """Yield the questions with others, and whether those mean the same."""
    asked = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("= ", "! ")):
            yield asked, line[2:], line.startswith("=")
        elif line and not line.startswith("#"):
            asked = line


def among(golden: Sequence[GoldenQuestion]) -> Iterator[Pair]:
    """Yield golden questions that ask for different things."""
    for one, other in combinations(golden, 2):
        if one.must != other.must:
            yield one.question, other.question, False


def changed(golden: Sequence[GoldenQuestion], texts: Sequence[str]) -> Iterator[Pair]:
    """Yield golden questions changed in one point, and reworded."""
    names, chance = Names(texts), random.Random(5)
    for question in golden:
        held = [text for text in texts if any(string in text for group in question.must for string in group)]
        for _ in range(ROUNDS if held else 0):
            answer = question.must[0][0]
            for _, other in unanswerable(question.question, answer, held[0], names=names, chance=chance):
                yield question.question, other, False
            if (other := reword(question.question, chance)) != question.question:
                yield question.question, other, True


def main() -> None:
    settings = configuration.read(os.environ)
    embedder, synonyms = open_embedder(settings.embedding_model, settings.home), Synonyms.read()
    golden = [q for q in read_golden(settings.golden) if q.answerable and not q.history]
    texts = [path.read_text(encoding="utf-8") for path in sorted(settings.documents.glob("*.md"))]
    sets = {
        "written with the rules": list(pairs(HERE / "same_questions.txt")),
        "written after them": list(pairs(HERE / "same_questions_held_out.txt")),
        "golden among each other": list(among(golden)),
        "golden changed": list(dict.fromkeys(changed(golden, texts))),
    }
    asked = sorted({question for found in sets.values() for one, other, _ in found for question in (one, other)})
    known = {question: sense(question, synonyms) for question in asked}
    copies = [matching_copy(question, synonyms) for question in asked]
    vectors = dict(zip(asked, embedder.encode_queries(copies), strict=True))

    def shown(one: str, other: str) -> bool:
        return same(known[one], known[other]) and float(vectors[one] @ vectors[other]) >= NEAR

    def grouped(one: str, other: str) -> bool:
        return nearest([Leader(1, known[one], vectors[one])], known[other], vectors[other]) is not None

    print(f"{'':<25}{'same: shown':>16}{'grouped':>14}{'other: shown':>18}{'grouped':>16}")
    for name, found in sets.items():
        cells = []
        for wanted in (True, False):
            chosen = [(one, other) for one, other, is_same in found if is_same == wanted]
            for judge in (shown, grouped):
                cells.append(f"{sum(judge(*pair) for pair in chosen)}/{len(chosen)}")
        print(f"{name:<25}{cells[0]:>16}{cells[1]:>14}{cells[2]:>18}{cells[3]:>16}")
    print("\nby similarity alone, at the threshold")
    for threshold in (0.95, 0.97, 0.98, 0.99):
        rates = []
        for wanted in (True, False):
            near = [
                float(vectors[one] @ vectors[other]) >= threshold
                for found in list(sets.values())[:2]
                for one, other, is_same in found
                if is_same == wanted
            ]
            rates.append(f"{sum(near)}/{len(near)} {'same' if wanted else 'other'}")
        print(f"  {threshold:.2f}: {', '.join(rates)}")
    matched = [
        float(np.dot(vectors[one], vectors[other]))
        for found in sets.values()
        for one, other, is_same in found
        if is_same and same(known[one], known[other])
    ]
    print(f"lowest similarity of two questions of one sense: {min(matched):.3f}")


if __name__ == "__main__":
    main()
