"""`python -m qa train`: embedder, reader and confidence trained from files of questions, also an office's own."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from transformers import BertModel

from corpus.text.passages import PASSAGE_TOKENS
from index.embedding import weights
from index.embedding.tokens.tokenizer import Tokenizer, open_tokenizer
from qa.answering.reader import network as networks
from qa.answering.reader import opening
from qa.answering.reader.encoding import PairEncoder
from qa.answering.reader.verifier import network as verifier_network
from qa.evaluation.golden import read_golden
from qa.training import embedder
from qa.training import train as reader_training
from qa.training.linear import confidence
from qa.training.linear.answer_forms import read_rows
from qa.training.paragraphs.examples import build, read_training_sets
from qa.training.questions.readings import Readings
from qa.training.questions.written import (
    WrittenDocument,
    WrittenExamples,
    merged,
    of_golden,
    of_paragraphs,
    read_written,
    with_forms,
)
from qa.training.verifier import train as verifier_training
from qa.training.verifier.pairs import Pair, VerifierPairs, batched, pairs_of, with_verdicts_repeated

# The share of the data taken from sets in SQuAD form, beside the written questions. The reader does not forget them so.
# The verifier learns from them that words of the document's own are no sign of a near miss.
FROM_SETS = 0.15

Progress = Callable[[str], None]
# Puts the questions of documents to the reader.
Read = Callable[[Sequence[WrittenDocument]], Iterator[Readings]]


@dataclass(frozen=True, slots=True)
class Data:
    """The data of a training: question files, an office's golden questions with its documents, sets in SQuAD form.

    `forms` are questions of known form on the documents of the question files, for the reader.
    """

    questions: Sequence[Path]
    golden: Path | None = None
    documents: Path | None = None
    sets: Path | None = None
    forms: Sequence[Path] = ()

    def read(self) -> list[WrittenDocument]:
        """Read all documents with their questions. Raises `QuestionFileError`."""
        found = merged(written for path in self.questions for written in read_written(path))
        if self.golden and self.documents:
            found += of_golden(read_golden(self.golden), self.documents)
        return with_forms(found, read_rows(self.forms)) if self.forms else found


@dataclass(frozen=True, slots=True)
class Run:
    """How a training is run: `out` for its files, on the encoder in `model_folder`, from the weights `start`.

    With `average` the result is the mean with those weights. `chosen` are values of the recipe, None for its default.
    """

    out: Path
    model_folder: Path
    start: Path | None
    average: bool
    chosen: dict[str, Any]
    progress: Progress


def train_embedder(data: Data, run: Run) -> Path:
    """Train the embedder; return the weight file. Raises `QuestionFileError` or `WeightsError`."""
    recipe = embedder.Recipe(**_known(embedder.Recipe, run.chosen))
    documents, tokenizer = data.read(), open_tokenizer(run.model_folder)
    examples = WrittenExamples(documents, counter(tokenizer), PASSAGE_TOKENS)
    plan = [
        batch
        for epoch in range(recipe.epochs)
        for batch in embedder.batched(embedder.pairs(documents, examples, recipe, epoch), recipe.batch)
    ]
    run.progress(f"{len(documents)} documents, {len(plan)} batches of {recipe.batch} questions")
    encoder = BertModel.from_pretrained(run.model_folder, add_pooling_layer=False, local_files_only=True)
    run.out.mkdir(parents=True, exist_ok=True)
    result = embedder.fit(encoder, tokenizer, plan, out=run.out, recipe=recipe, start=run.start, progress=run.progress)
    return _averaged(run.start, result, run.average)


def train_reader(data: Data, run: Run) -> Path:
    """Train the reader; return the weight file. Raises `QuestionFileError` or `WeightsError`.

    Ended and run again with the same data and recipe, it goes on from `out/checkpoint.safetensors`.
    """
    recipe = reader_training.Recipe(**_known(reader_training.Recipe, run.chosen))
    documents = data.read()
    encoder = PairEncoder(run.model_folder, max_tokens=reader_training.TRAINING_TOKENS)
    tokenizer = open_tokenizer(run.model_folder)
    examples = WrittenExamples(documents, counter(tokenizer), PASSAGE_TOKENS)
    run.progress(f"{len(documents)} documents, {sum(len(d.questions) for d in documents)} questions")
    plan: list[list[reader_training.Item]] = []
    for epoch in range(recipe.epochs):
        chance = random.Random(f"{recipe.seed}/{epoch}")
        drawn = reader_training.items(encoder, list(examples.epoch(f"{recipe.seed}/{epoch}")))
        drawn += _from_sets(data.sets, encoder, round(FROM_SETS * len(drawn)), chance)
        plan += reader_training.batched(drawn, recipe.batch, chance)
    run.progress(f"{len(plan)} batches of {recipe.batch} sequences")
    run.out.mkdir(parents=True, exist_ok=True)
    result = reader_training.fit(networks.build(run.model_folder), plan, out=run.out, recipe=recipe, start=run.start)
    return _averaged(run.start, result, run.average)


def train_verifier(data: Data, run: Run, read: Read) -> Path:
    """Train the verifier beside the bundled reader; return the weight file. Raises what `train_reader` raises.

    `read` puts the questions to that reader: what it would quote is judged in every epoch, beside what shares most
    terms with a question. Ended and run again with the same data and recipe, it goes on from
    `out/checkpoint.safetensors`.
    """
    recipe = verifier_training.Recipe(**_known(verifier_training.Recipe, run.chosen))
    documents = data.read()
    tokenizer = open_tokenizer(run.model_folder)
    pairs = VerifierPairs(documents, counter(tokenizer), PASSAGE_TOKENS)
    quoted = [pair for readings in read(documents) for pair in pairs_of(readings)]
    run.progress(f"{len(quoted)} quotations of the reader")
    paragraphs = read_training_sets(data.sets)[0] if data.sets else []
    of_sets = VerifierPairs(of_paragraphs(paragraphs), counter(tokenizer), PASSAGE_TOKENS)
    plan: list[list[Pair]] = []
    for epoch in range(recipe.epochs):
        seed = f"{recipe.seed}/{epoch}"
        chance = random.Random(seed)
        drawn = with_verdicts_repeated([*pairs.epoch(seed), *quoted], recipe.verdicts)
        others = list(of_sets.epoch(seed))
        drawn += chance.sample(others, min(len(others), round(FROM_SETS * len(drawn))))
        plan += batched(drawn, recipe.batch, chance)
    run.progress(f"{len(documents)} documents, {len(plan)} batches of {recipe.batch} pairs")
    run.out.mkdir(parents=True, exist_ok=True)
    network = verifier_network.build(run.model_folder)
    encoder = PairEncoder(run.model_folder, max_tokens=verifier_training.MAX_TOKENS)
    result = verifier_training.fit(
        network, plan, encoder, out=run.out, recipe=recipe, reader_weights=opening.WEIGHTS, start=run.start
    )
    return _averaged(run.start, result, run.average)


def fit_confidence(data: Data, read: Read, *, out: Path, threshold: float, progress: Progress) -> Path:
    """Fit the confidence on questions that neither embedder nor reader was trained on; return the file of constants.

    `read` puts the questions to the reader.
    """
    found = list(confidence.samples(read(data.read())))
    fitted = confidence.fit(found)
    progress(json.dumps(fitted.report, ensure_ascii=False))
    out.mkdir(parents=True, exist_ok=True)
    path = out / "calibration.json"
    fitted.save(path, threshold=threshold)
    return path


def _averaged(start: Path | None, result: Path, average: bool) -> Path:
    if average and start:
        weights.mean(start, result, result, metadata={"mean": "of start and end"})
    return result


def _from_sets(
    sets: Path | None, encoder: PairEncoder, count: int, chance: random.Random
) -> list[reader_training.Item]:
    """Return windows of encyclopaedia paragraphs, two answered ones for each unanswered one."""
    if sets is None:
        return []
    paragraphs, _ = read_training_sets(sets)
    chance.shuffle(paragraphs)
    # Each paragraph gives some ten answered windows.
    made = list(build(paragraphs[: max(20, count // 8)], seed=chance.randrange(1 << 30)))
    answered = [example for example in made if example.kind == "window"]
    unanswered = [example for example in made if not example.answerable]
    drawn = chance.sample(answered, min(len(answered), 2 * count // 3))
    drawn += chance.sample(unanswered, min(len(unanswered), count // 3))
    return reader_training.items(encoder, drawn)


def counter(tokenizer: Tokenizer) -> Callable[[str], int]:
    """Return the function that counts the tokens of a text."""
    return lambda text: len(tokenizer.encode(text).ids)


def _known(recipe: type, chosen: dict[str, Any]) -> dict[str, Any]:
    """Return those of the chosen values that a recipe has and that were given."""
    names = {field.name for field in fields(recipe)}
    return {name: value for name, value in chosen.items() if name in names and value is not None}
