"""How often an answer names two documents that contradict each other, over the question sets of `benchmarks.quality`.

    python -m benchmarks.studies.contradictions [--sets written,field] [--limit 640]

Prints each such answer with both quotations, to be judged by reading; the outputs of the networks are remembered.
"""

import argparse
import os

from benchmarks.quality import sets
from benchmarks.quality.asking import TODAY, QualityInputs
from benchmarks.quality.measuring import open_inputs
from corpus.text.passages import PASSAGE_TOKENS
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from qa.answering.assistant import Assistant
from qa.answering.reply import Answer
from qa.runtime.settings import read as read_settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.contradictions", description=__doc__)
    parser.add_argument("--sets", help="names separated by commas; without it, all")
    parser.add_argument("--limit", type=int, default=640, help="at most so many questions a set, 0 for all")
    given = parser.parse_args()
    means = open_inputs(read_settings(os.environ))
    for name in given.sets.split(",") if given.sets else sets.names():
        try:
            chosen = sets.thinned(sets.open_set(name), given.limit)
        except sets.SetMissing as missing:
            print(f"{name}: skipped, {missing}")
            continue
        answers = [answer for folder in chosen.folders for answer in _answers(means, folder)]
        asked = sum(len(folder.questions) for folder in chosen.folders)
        for question, answer in answers:
            if answer.contradictory:
                print(f"{question.question_id} {question.text}\n    {answer.short}")
                for citation in answer.citations:
                    print(f"    {citation.document}: {' '.join(citation.text.split())[:160]}")
        contradictory = sum(answer.contradictory for _, answer in answers)
        print(f"{name}: {asked} asked, {len(answers)} answered, {contradictory} with a contradiction", flush=True)
        means.memory.close()


def _answers(means: QualityInputs, folder: sets.Folder) -> list[tuple[sets.Question, Answer]]:
    parts = means.parts
    built = snapshots.build(folder.documents, parts.embedder, max_tokens=PASSAGE_TOKENS, vectors=means.vectors)
    assistant = Assistant(lambda: Loaded(built), parts.embedder, parts.reader, parts.synonyms, today=lambda: TODAY)
    replies = ((question, assistant.ask(question.text, question.history)) for question in folder.questions)
    return [(question, reply) for question, reply in replies if isinstance(reply, Answer)]


if __name__ == "__main__":
    main()
