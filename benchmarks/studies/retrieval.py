"""Prints how often the facts asked for stand in the best passages, for each way to index and fuse.

python -m benchmarks.studies.retrieval QUESTIONS.jsonl DOCUMENTS [DOCUMENTS ...]
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from corpus.document import Passage
from corpus.read import read
from corpus.text.normalise import normalise
from index.embedding import bundled_model
from index.embedding.sentence_transformer import open_embedder
from index.retrieve import retrieve
from index.search import fusion, lexical
from index.search import terms as tokens
from index.snapshots import snapshot

HOME = Path(__file__).parents[2] / "var"


def bigrams(text: str) -> list[str]:
    """Return the pairs of neighbouring Chinese characters of a normalised copy."""
    return tokens.bigrams_in(normalise(text))


def reciprocal_ranks(dense: fusion.Scores, lexical: fusion.Scores, *, constant: int = 60) -> fusion.Scores:
    """Return the sum of 1 / (constant + rank) over both rankings (Cormack, Clarke and Büttcher 2009)."""
    return (1.0 / (constant + _ranks(dense)) + 1.0 / (constant + _ranks(lexical))).astype(np.float32)


def _ranks(scores: fusion.Scores) -> npt.NDArray[np.int64]:
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


TERMS: dict[str, Callable[[str], list[str]]] = {"words": tokens.words, "bigrams": bigrams, "both": tokens.terms}
FUSIONS: dict[str, Callable[[fusion.Scores, fusion.Scores], fusion.Scores]] = {
    "dense": lambda dense, _: dense,
    "lexical": lambda _, lexical: lexical,
    "z-scores": fusion.summed_z_scores,
    "ranks": reciprocal_ranks,
}


def main(questions: Path, folders: Sequence[Path]) -> None:
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    asked = [q for q in asked if q["answerable"] and not q["history"]]
    embedder = open_embedder(bundled_model.NAME, HOME)
    for folder in folders:
        documents = read(folder).documents
        print(
            f"\n{folder}: {len(asked)} questions\n| tokens | indexed | terms | fusion | first | best 3 | best 5 |\n"
            + "|---" * 7
            + "|"
        )
        for size in (80, 120, 160, 240):
            for indexed in ("with headings", "text only"):
                for name, terms in TERMS.items():
                    text = snapshot.indexed_text if indexed == "with headings" else _text_only
                    with patch.object(snapshot, "indexed_text", text), patch.object(lexical, "terms", terms):
                        built = snapshot.build(documents, embedder, max_tokens=size)
                        for label, fuse in FUSIONS.items():
                            found = [retrieve(built, embedder, q["question"], count=5, fuse=fuse) for q in asked]
                            shares = [
                                _share(asked, [[hit.passage for hit in hits[:k]] for hits in found]) for k in (1, 3, 5)
                            ]
                            print(
                                f"| {size} | {indexed} | {name} | {label} | "
                                + " | ".join(f"{s:.1%}" for s in shares)
                                + " |"
                            )


def _text_only(passage: Passage) -> str:
    return passage.text


def _share(asked: Sequence[dict[str, list[list[str]]]], found: Sequence[Sequence[Passage]]) -> float:
    """Return the share of questions whose every fact stands in one of the passages found."""
    texts = ["\n".join(passage.text for passage in passages) for passages in found]
    return sum(all(any(s in t for s in group) for group in q["must"]) for q, t in zip(asked, texts, strict=True)) / len(
        asked
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
