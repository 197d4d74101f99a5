"""Prints, for each threshold of the reader, the wrong answers it lets through and the right ones it holds back.

python benchmarks/threshold.py QUESTIONS.jsonl DOCUMENTS [DOCUMENTS ...]
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corpus.read import read
from index import snapshot as snapshots
from index.store import Loaded
from qa import compose
from qa.assistant import Assistant
from qa.evaluate import Judgement, judge, read_golden
from qa.reader import Reader, Reading
from qa.refresh import PASSAGE_TOKENS
from qa.reply import Answer
from qa.settings import read as read_settings


@dataclass(frozen=True, slots=True)
class Unguarded:
    """A reader whose every reading is shown."""

    reader: Reader
    threshold: float = 0.0

    def read(self, question: str, hits: Sequence[object]) -> Reading:
        return self.reader.read(question, hits)  # type: ignore[arg-type]


def main(questions: Path, folders: Sequence[Path]) -> None:
    parts = compose.open_parts(read_settings(os.environ), lambda line: print(line, file=sys.stderr))
    golden = read_golden(questions)
    judgements: list[Judgement] = []
    for folder in folders:
        snapshot = snapshots.build(read(folder).documents, parts.embedder, max_tokens=PASSAGE_TOKENS)
        assistant = Assistant(partial(Loaded, snapshot), parts.embedder, Unguarded(parts.reader), parts.synonyms)
        judgements += judge(golden, assistant.ask)
    answerable = [j for j in judgements if j.golden.answerable]
    print("| threshold | right | wrong shown, of all | right held back, of answerable | near misses refused |")
    print("|---|---|---|---|---|")
    near = [j for j in judgements if "near-miss" in j.golden.tags]
    for step in range(0, 100, 5):
        threshold = step / 100
        right = sum(_shown(j, threshold) and j.verdict == "right" for j in answerable)
        best = sum(j.verdict == "right" for j in answerable)
        wrong = sum(_shown(j, threshold) and j.verdict == "wrong" for j in judgements)
        refused = sum(not _shown(j, threshold) for j in near)
        print(
            f"| {threshold:.2f} | {right / len(answerable):.1%} | {wrong} = {wrong / len(judgements):.1%} "
            f"| {(best - right) / len(answerable):.1%} | {refused / max(1, len(near)):.0%} |"
        )


def _shown(judgement: Judgement, threshold: float) -> bool:
    return isinstance(judgement.reply, Answer) and judgement.reply.confidence >= threshold


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]])
