"""How many faithful and how many loose sentences about the shipped documents are shown.

    python -m benchmarks.studies.grounding

Of `benchmarks/studies/data/written.txt`, by the rules alone, with the vectors, and with the reader besides.
"""

import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

from qa.answering.reader.extractive import ExtractiveReader
from qa.bootstrap import service as bootstrap
from qa.generation.entailment import agreement
from qa.generation.grounding import check
from qa.runtime.settings import read
from tests.support.doubles.writing import shipped

SENTENCES = Path(__file__).parent / "data" / "written.txt"


def main() -> None:
    parts = bootstrap.open_parts(read(os.environ), lambda line: print(line, file=sys.stderr))
    assert isinstance(parts.reader, ExtractiveReader)
    judges = {"by vectors": agreement(parts.embedder, None), "and the reader": agreement(parts.embedder, parts.reader)}
    asked: Counter[str] = Counter()
    shown: Counter[tuple[str, str]] = Counter()
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, sentence = line.split("|")
        asked[kind] += 1
        verdict = check(sentence, shipped())
        if verdict.fault:
            print(f"{kind}: refused by the rules ({verdict.fault.value}): {sentence}")
            continue
        shown[kind, "by the rules"] += 1
        support = [replace(shipped()[s.passage], span=s.span) for s in verdict.support]
        for judge, agrees in judges.items():
            if agrees(verdict.text, support):
                shown[kind, judge] += 1
            else:
                print(f"{kind}: refused {judge}: {sentence}")
    for kind, count in asked.items():
        print(kind, count, *(f"{judge} {shown[kind, judge]}" for judge in ("by the rules", *judges)))


if __name__ == "__main__":
    main()
