"""Training examples as arrays of token ids, each sequence kept once, with a vocabulary of the ids that occur.

A sequence stands in a pool; examples are rows of numbers of sequences, so that a further epoch costs a few bytes a
question. `qa/training/gpu/examples.py` reads what is made here.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import Passage
from corpus.text.normalise import converted
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.tokens.tokenizer import Tokenizer, open_tokenizer
from index.snapshots.snapshot import indexed_text
from qa.answering.reader.encoding import PairEncoder, Window
from qa.training.paragraphs.examples import Example, build, read_training_sets
from qa.training.questions.written import WrittenDocument, WrittenExamples
from qa.training.train import TRAINING_TOKENS

_WHOLE = 1 << 20  # tokens; no text is longer
_SPECIAL = (0, 1, 2, 3)  # <s>, <pad>, </s>, <unk>
_BESIDE = 4
# Of an epoch of the reader, the share of sequences from sets in SQuAD form; a third of those has no answer.
_FROM_SETS = 0.15
# Their windows are most of a bundle, so that the epochs share as many as two have.
_DISTINCT = 2

Arrays = dict[str, npt.NDArray[Any]]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokenised:
    """`arrays` and `texts` as the bundle holds them; `tokens` are the ids of the whole vocabulary, in new order."""

    arrays: Arrays
    texts: dict[str, list[str]]
    tokens: Ints


class _Pool:
    """Sequences of token ids, each stored once."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def put(self, ids: Sequence[int]) -> int:
        return self._numbers.setdefault(np.array(ids, dtype="<i4").tobytes(), len(self._numbers))

    def arrays(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return all ids in a row, and where each sequence begins, with the end of the last."""
        found = [np.frombuffer(content, dtype="<i4") for content in self._numbers]
        bounds = np.cumsum([0, *map(len, found)])
        return np.concatenate(found), bounds.astype(np.int32)


class _Texts:
    """Puts questions and passages into the pool as reader and embedder read them."""

    def __init__(self, model_folder: Path) -> None:
        self.pool = _Pool()
        self.pairs = PairEncoder(model_folder, max_tokens=TRAINING_TOKENS)
        self.tokenizer = open_tokenizer(model_folder)
        self._whole = PairEncoder(model_folder, max_tokens=_WHOLE)
        self._passages: dict[str, Window] = {}

    def passage(self, text: str) -> Window:
        """Return the passage as the reader reads it, uncut."""
        if text not in self._passages:
            self._passages[text] = self._whole.encode([("", text)])[0]
        return self._passages[text]

    def embedded(self, text: str) -> int:
        """Return the number of a text with its prefix as the embedder reads it."""
        return self.pool.put(self.tokenizer.encode(text).ids)

    def rows(self, examples: Sequence[Example], epoch: int) -> Iterator[tuple[int, ...]]:
        """Yield the reader's examples, one row per window; of a long passage, only the windows with the answer."""
        for window in self.pairs.encode([(e.question, e.passage) for e in examples]):
            example = examples[window.passage]
            span = window.tokens_of(example.start, example.end) if example.answerable else (0, 0)
            if span is None:
                continue
            ids = _passage_ids(self.passage(example.passage))
            own = window.ids[window.first : window.first + len(window.offsets)]
            question = self.pool.put(window.ids[1 : window.first - 2])
            places = (_place(own, ids), len(own), *span)
            yield (epoch, question, self.pool.put(ids), *places, int(example.answerable))


def tokenise(
    training: Sequence[WrittenDocument],
    validation: Sequence[WrittenDocument],
    model_folder: Path,
    *,
    sets: Path | None,
    epochs: int,
    seed: int,
    progress: Callable[[str], None],
) -> Tokenised:
    """Tokenise so many epochs of the reader's examples, the embedder's pairs and the validation questions."""
    texts = _Texts(model_folder)
    examples = WrittenExamples(training, _counter(texts.tokenizer), PASSAGE_TOKENS)
    rows: list[tuple[int, ...]] = []
    for epoch in range(epochs):
        drawn = list(examples.epoch(f"{seed}/{epoch}"))
        rows += texts.rows(drawn, epoch)
        progress(f"epoch {epoch + 1} of {epochs}: {len(drawn)} examples")
    answered: list[Example] = []
    if sets:
        share = round(_FROM_SETS * len(rows) / epochs)
        made, answered = _of_sets(sets, share * min(epochs, _DISTINCT), seed)
        windows = list(texts.rows(made, 0))
        chance = random.Random(f"{seed}/shares")
        for epoch in range(epochs):
            rows += [(epoch, *row[1:]) for row in chance.sample(windows, min(share, len(windows)))]
    arrays: Arrays = {"reader": np.array(rows, dtype=np.int32)}
    arrays |= _pairs(training, examples, texts, answered)
    more, strings = _validation(validation, texts)
    ids, bounds = texts.pool.arrays()
    tokens = np.unique(np.concatenate([ids, _SPECIAL])).astype(np.int64)
    if len(tokens) > np.iinfo(np.uint16).max:
        raise ValueError(f"{len(tokens)} different pieces are too many for two bytes each")
    arrays |= {"tokens": np.searchsorted(tokens, ids).astype(np.uint16), "bounds": bounds, "vocabulary": tokens}
    return Tokenised(arrays | more, strings, tokens)


def _of_sets(folder: Path, count: int, seed: int) -> tuple[list[Example], list[Example]]:
    """Return windows of encyclopaedia paragraphs for the reader, half of the answered ones for the embedder."""
    paragraphs, _ = read_training_sets(folder)
    chance = random.Random(f"{seed}/sets")
    chance.shuffle(paragraphs)
    # Each paragraph gives some ten answered windows, of which a few are taken.
    made = list(build(paragraphs[: max(20, count // 6)], seed=chance.randrange(1 << 30)))
    answered = [example for example in made if example.kind == "window"]
    unanswered = [example for example in made if not example.answerable]
    answered = chance.sample(answered, min(len(answered), 2 * count // 3))
    unanswered = chance.sample(unanswered, min(len(unanswered), count // 3))
    return answered + unanswered, answered[::2]


def _pairs(
    documents: Sequence[WrittenDocument], examples: WrittenExamples, texts: _Texts, answered: Sequence[Example]
) -> Arrays:
    """Return the embedder's pairs: question, its Traditional form, passage, document; and passages beside."""
    rows, beside, own, bounds = [], [], [], [0]
    for number, written in enumerate(documents):
        passages = examples.passages(number)
        own += [_passage(texts, passage) for passage in passages]
        bounds.append(len(own))
        for place, question in enumerate(written.questions):
            answer = question.answer
            held = next((p for p in passages if answer and answer.lies_in(p.span)), None)
            if held is None:
                continue
            traditional = texts.embedded("query: " + converted(question.text, "s2t"))
            rows.append((texts.embedded("query: " + question.text), traditional, _passage(texts, held), number))
            near = [_passage(texts, passage) for passage in examples.beside(number, place)[:_BESIDE]]
            beside.append(near + [-1] * (_BESIDE - len(near)))
    for example in answered:
        question_number = texts.embedded("query: " + example.question)
        rows.append((question_number, question_number, texts.embedded("passage: " + example.passage), -1))
        beside.append([-1] * _BESIDE)
    return {
        "pairs": np.array(rows, dtype=np.int32).reshape(-1, 4),
        "beside": np.array(beside, dtype=np.int32).reshape(-1, _BESIDE),
        "own": np.array(own, dtype=np.int32),
        "own_bounds": np.array(bounds, dtype=np.int32),
    }


def _validation(documents: Sequence[WrittenDocument], texts: _Texts) -> tuple[Arrays, dict[str, list[str]]]:
    """Return all passages and questions of the validation documents, with what is needed to judge words."""
    examples = WrittenExamples(documents, _counter(texts.tokenizer), PASSAGE_TOKENS)
    passages: list[Any] = []
    questions: list[Any] = []
    offsets: list[Any] = []
    strings: list[Any] = []
    answers: list[Any] = []
    for number, written in enumerate(documents):
        first = len(passages)
        for passage in examples.passages(number):
            text = indexed_text(passage)
            window = texts.passage(text)
            # The headings stand before the passage's own words, which alone may answer.
            above = len(text) - len(passage.text)
            passages.append((texts.pool.put(_passage_ids(window)), _passage(texts, passage), number, above))
            offsets += window.offsets
            strings.append(text)
        for question in written.questions:
            answer, gold = question.answer, (-1, -1, -1)
            for place, passage in enumerate(examples.passages(number)):
                if answer and answer.lies_in(passage.span):
                    above = passages[first + place][3]
                    start = above + answer.start - passage.span.start
                    gold = (first + place, start, start + len(answer))
            window = texts.pairs.encode([(question.text, "")])[0]
            asked = texts.pool.put(window.ids[1 : window.first - 2])
            embedded = texts.embedded("query: " + question.text)
            questions.append((asked, embedded, number, int(answer is not None), *gold))
            answers.append(answer.of(written.document.text) if answer else "")
    arrays = {
        "validation_passages": np.array(passages, dtype=np.int32),
        "validation_questions": np.array(questions, dtype=np.int32),
        "validation_offsets": np.array(offsets, dtype=np.int32),
    }
    return arrays, {"passages": strings, "answers": answers}


def _passage(texts: _Texts, passage: Passage) -> int:
    return texts.embedded("passage: " + indexed_text(passage))


def _passage_ids(window: Window) -> list[int]:
    return window.ids[window.first : window.first + len(window.offsets)]


def _place(part: Sequence[int], whole: Sequence[int]) -> int:
    """Return where a window's tokens stand in the passage's."""
    size = len(part)
    for place in range(len(whole) - size + 1):
        if whole[place] == part[0] and whole[place : place + size] == part:
            return place
    raise ValueError("A window's tokens are not those of its passage")


def _counter(tokenizer: Tokenizer) -> Callable[[str], int]:
    return lambda text: len(tokenizer.encode(text).ids)
