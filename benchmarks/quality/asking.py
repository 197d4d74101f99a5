"""The questions of a folder asked: what was shown, what would be at any threshold, where the answer was found."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from benchmarks.quality.memory import Memory
from benchmarks.quality.scoring import holds, judge
from benchmarks.quality.sets import Folder, Question, lot
from corpus.document import Passage
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.vector_cache import VectorCache
from index.retrieve import Hit, retrieve
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.reader.base import Reader
from qa.answering.reader.extractive import ExtractiveReader, quotation
from qa.answering.reply import Answer, Reply, Turn
from qa.bootstrap.service import Parts
from qa.evaluation.golden import holds_all
from qa.evaluation.squad import exact_match, f1
from qa.service.questions import MAX_TURNS

# One day for all runs: what is in force must not change between two of them.
TODAY = date(2026, 11, 28)
TIMED = 10  # of so many questions one is computed without memory, and timed
ALONE = 2  # of so many questions one is read on its own document
DEEPEST = 50  # the last place at which a passage is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that is kept of one question.

    `would` is the outcome if no confidence were too low, and `confidence` that of what would be shown; `would` is held
    or refused where something else than the threshold holds it back. `understood` is the question made whole. `ranks`
    are the places, from 1, of the passage with the answer by meaning, by terms and as served; `alone` is the reader's
    score and words on its own document. `milliseconds` is None where something came from the memory.
    """

    question_id: str
    question: str
    understood: str
    tags: tuple[str, ...]
    answerable: bool
    outcome: str
    would: str
    confidence: float
    milliseconds: float | None
    reason: str
    short: str
    quoted: str
    document: str
    length: int
    placed: bool | None
    polarity: str
    em: float | None
    f1: float | None
    ranks: dict[str, int | None] | None
    alone: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class QualityInputs:
    """The program's parts to ask with, and the outputs of earlier runs."""

    parts: Parts
    vectors: VectorCache
    memory: Memory


def ask_all(means: QualityInputs, folder: Folder, *, alone: bool, tell: Callable[[], None]) -> Iterator[Record]:
    """Build the folder's index, ask its questions one by one."""
    parts = means.parts
    built = snapshots.build(folder.documents, parts.embedder, max_tokens=PASSAGE_TOKENS, vectors=means.vectors)
    asked, forced = _assistant(parts, built, parts.reader), _assistant(parts, built, parts.reader.at(0.0))
    asked.prepare(built)
    asked.ask("预热一下")  # nobody waits for the first question of a server
    dialogues: dict[str, tuple[Turn, ...]] = {}
    for question in folder.questions:
        history = dialogues.get(question.dialogue, ()) or question.history
        means.memory.paused = timed = not lot(question.question_id, TIMED)
        reply = asked.ask(question.text, history)
        means.memory.paused = False
        # Read from memory, for the same passages were read a moment ago.
        any_sure = reply if isinstance(reply, Answer) else forced.ask(question.text, history)
        if question.dialogue:
            dialogues[question.dialogue] = (*history, Turn(question.text, reply.text, reply.standalone_question))[
                -MAX_TURNS:
            ]
        copy = asked.search(any_sure.standalone_question)[0]
        yield _record(
            question,
            reply,
            any_sure,
            ranks=_ranks(parts, built, question, copy) if question.answerable else None,
            alone=_alone(parts.reader, built, question, copy) if alone and _tried_alone(question) else None,
            timed=timed,
        )
        tell()


def _assistant(parts: Parts, built: Snapshot, reader: Reader) -> Assistant:
    return Assistant(lambda: Loaded(built), parts.embedder, reader, parts.synonyms, today=lambda: TODAY)


def _record(
    question: Question,
    reply: Reply,
    any_sure: Reply,
    *,
    ranks: dict[str, int | None] | None,
    alone: dict[str, Any] | None,
    timed: bool,
) -> Record:
    verdict, would = judge(question, reply), judge(question, any_sure)
    answer = any_sure if isinstance(any_sure, Answer) else None
    short = (answer.short or "") if answer else ""
    scored = bool(question.answer and answer)
    return Record(
        question_id=question.question_id,
        question=question.text,
        understood=any_sure.standalone_question,
        tags=question.tags,
        answerable=question.answerable,
        outcome=verdict.outcome,
        would=would.outcome,
        confidence=round(any_sure.confidence, 4),
        milliseconds=round(reply.elapsed_ms, 1) if timed else None,
        reason="" if isinstance(reply, Answer) else reply.reason.value,
        short=short,
        quoted="\n".join(citation.text for citation in answer.citations) if answer else "",
        document=answer.citations[0].document if answer else "",
        length=len(short) + sum(len(citation.text) for citation in answer.citations) if answer else 0,
        placed=would.placed,
        polarity=verdict.polarity,
        em=exact_match(short, [question.answer]) if scored else None,
        f1=round(f1(short, [question.answer]), 4) if scored else None,
        ranks=ranks,
        alone=alone,
    )


def _ranks(parts: Parts, built: Snapshot, question: Question, copy: str) -> dict[str, int | None]:
    """Return the answer's place in each ranking; None if it lies beyond the deepest."""
    query = parts.embedder.encode_queries([copy])[0]
    dense = built.dense.search(query, count=DEEPEST)
    lexical = built.lexical.scores(copy)
    terms = [row for row in np.argsort(-lexical, kind="stable")[:DEEPEST] if lexical[row] > 0]
    fused = retrieve(built, parts.embedder, copy, count=DEEPEST, today=TODAY)
    return {
        "dense": _place(question, [built.passages[row] for row in dense], built),
        "lexical": _place(question, [built.passages[row] for row in terms], built),
        "fused": _place(question, [hit.passage for hit in fused], built),
    }


def _place(question: Question, found: list[Passage], built: Snapshot) -> int | None:
    """Return how many passages have to be read to hold the answer."""
    if question.answer:
        wanted = _holding(question, built)
        return next((place for place, passage in enumerate(found, start=1) if _key(passage) in wanted), None)
    read = ""
    for place, passage in enumerate(found, start=1):
        read += passage.text + "\n"
        if holds_all(question.must, read):
            return place
    return None


def _holding(question: Question, built: Snapshot) -> set[tuple[str, int]]:
    """Return the passages that hold the whole answer, or else a part of it."""
    end = question.start + len(question.answer)
    own = [passage for passage in built.passages if passage.document.name == question.document]
    whole = [p for p in own if p.span.start <= question.start and end <= p.span.end]
    return {_key(p) for p in whole or [p for p in own if p.span.start < end and question.start < p.span.end]}


def _key(passage: Passage) -> tuple[str, int]:
    return passage.document.name, passage.span.start


def _tried_alone(question: Question) -> bool:
    return bool(question.document) and not lot(question.question_id, ALONE)


def _alone(reader: Reader, built: Snapshot, question: Question, copy: str) -> dict[str, Any] | None:
    """Return the reading of the question's own document, all of it read."""
    own = [Hit(p, 0.0, 0.0, 0.0) for p in built.passages if p.document.name == question.document]
    if not own or not isinstance(reader, ExtractiveReader):
        return None
    read = max(reader.reckon(copy, own), key=lambda reckoning: reckoning.reading, default=None)
    words = read.span.of(read.hit.passage.document.text) if read else ""
    kept: dict[str, Any] = {"score": round(float(read.reading), 4) if read else -99.0, "words": words}
    if question.answer:
        kept |= {"em": exact_match(words, [question.answer]), "f1": round(f1(words, [question.answer]), 4)}
        kept["right"] = holds(words, question.answer)
    elif question.answerable:
        quoted = quotation(read, copy).quote.of(read.hit.passage.document.text) if read else ""
        kept["right"] = holds_all(question.must, quoted)
    return kept
