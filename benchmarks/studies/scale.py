"""What the reader answers when thousands of other texts stand in the same index.

    python -m benchmarks.studies.scale NEWS.jsonl [--golden QUESTIONS.jsonl:DOCUMENTS ...]
        [--squad FILE.json [--limit N]]

Golden questions are asked over their documents and the news; questions in SQuAD form over all paragraphs of their
file and the news, each answered by the surest words found, however unsure. Vectors are kept for the next run.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from corpus.document import Document
from corpus.read import read
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.vector_cache import VectorCache
from index.retrieve import retrieve
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.lookup.searching import HITS
from qa.answering.query_rewriting import matching_copy
from qa.bootstrap import service as bootstrap
from qa.cli.output import show_progress
from qa.evaluation.golden import judge, read_golden, tally
from qa.evaluation.squad import exact_match, f1, read_squad
from qa.runtime.settings import read as read_settings


def main() -> None:
    options = _options()
    settings = read_settings(os.environ)
    parts = bootstrap.open_parts(settings, show_progress)
    vectors = VectorCache(settings.home / "benchmarks", parts.embedder.name)
    news = [_news(line) for line in options.news.read_text(encoding="utf-8").splitlines()]
    for source in options.golden:
        questions, folder = source.split(":")
        built = _build(parts, vectors, [*read(Path(folder)).documents, *news])
        _golden(parts, built, Path(questions))
    if options.squad:
        _open(parts, vectors, news, options.squad, limit=options.limit)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Ask with thousands of other texts in the index")
    parser.add_argument("news", type=Path, metavar="NEWS.jsonl")
    parser.add_argument("--golden", nargs="*", default=[], metavar="QUESTIONS.jsonl:DOCUMENTS")
    parser.add_argument("--squad", type=Path, metavar="FILE.json")
    parser.add_argument("--limit", type=int, default=None)
    return parser.parse_args()


def _news(line: str) -> Document:
    content = json.loads(line)
    return Document(f"news-{content['id']}.txt", "", content["text"])


def _build(parts: bootstrap.Parts, vectors: VectorCache, documents: Sequence[Document]) -> Snapshot:
    def tell(done: int, total: int) -> None:
        show_progress(f"{done} of {total} passages embedded")

    return snapshots.build(documents, parts.embedder, max_tokens=PASSAGE_TOKENS, vectors=vectors, progress=tell)


def _golden(parts: bootstrap.Parts, built: Snapshot, questions: Path) -> None:
    assistant = Assistant(lambda: Loaded(built), parts.embedder, parts.reader, parts.synonyms)
    assistant.prepare(built)
    judgements = judge(read_golden(questions), assistant.ask)
    print(f"{questions.name} over {len(built.documents)} documents, {len(built.passages)} passages")
    for row in tally(judgements):
        print(f"  {row.tag:<15}{row.asked:>5} asked{row.right:>5} right{row.wrong:>4} wrong{row.refused:>5} refused")
    for judgement in judgements:
        if not judgement.acceptable:
            print(f"  {judgement.verdict}: {judgement.golden.question_id} {judgement.golden.question}")


def _open(
    parts: bootstrap.Parts, vectors: VectorCache, news: Sequence[Document], squad: Path, *, limit: int | None
) -> None:
    paragraphs = read_squad(squad)
    own = [Document(f"paragraph-{n}.txt", paragraph.title, paragraph.text) for n, paragraph in enumerate(paragraphs)]
    built = _build(parts, vectors, [*own, *news])
    asked = [(n, question) for n, paragraph in enumerate(paragraphs) for question in paragraph.questions]
    found, scores, started = 0, [], time.perf_counter()
    for n, question in islice(asked, limit):
        copy = matching_copy(question.text, parts.synonyms)
        hits = retrieve(built, parts.embedder, copy, count=HITS)
        found += any(hit.passage.document.name == own[n].name for hit in hits)
        findings = parts.reader.at(1.0).read(copy, hits).findings
        words = (findings[0].short or findings[0].quote).of(findings[0].document.text) if findings else ""
        references = [answer for answer, _ in question.answers]
        scores.append((exact_match(words, references), f1(words, references)))
        if len(scores) % 100 == 0:
            show_progress(f"{len(scores)} questions read")
    count = len(scores)
    each = (time.perf_counter() - started) / count
    print(
        f"{squad.name}, open, over {len(built.documents)} documents, {len(built.passages)} passages: {count} questions"
    )
    print(f"  its paragraph among the {HITS} hits: {found / count:.1%}; {1000 * each:.0f} ms a question")
    print(f"  EM {100 * sum(em for em, _ in scores) / count:.1f}  F1 {100 * sum(f for _, f in scores) / count:.1f}")


if __name__ == "__main__":
    main()
