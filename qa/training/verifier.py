"""Training of the verifier: questions with the quotations that settle them, and with those that seem to.

The layers shared with the reader never change. Their states are therefore computed once for each pair.
"""

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from corpus.document import Passage, Span
from corpus.text.normalise import Normal, digits
from corpus.text.passages import Splitter
from index.embedding import weight_file, weights
from index.search.lexical import LexicalIndex
from index.snapshots.snapshot import indexed_text
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.reader.encoding import PairEncoder
from qa.answering.reader.quotations import Unit, units
from qa.answering.reader.verifier import network as networks
from qa.answering.reader.verifier.judging import SHARED_LAYERS, Quoted, quote_tokens
from qa.training.train import Schedule, checkpoint, optimizer_of, precision, quicken, resume, set_rate, share_done
from qa.training.written import WrittenDocument, WrittenQuestion

PROCESSOR = torch.device("cpu")
MAX_TOKENS = 128
LONGEST_QUOTE = 260  # characters; longer units of a document are whole lists
# Of answered questions, the share that is also paired with words of their document that do not answer; of unanswered
# ones, the share that is paired with a second quotation.
OTHER, SECOND = 0.6, 0.4
NEAREST = 0.75  # how often that is the unit most like the question, else one of the next
# What an answer that is no yes or no says of its question's premise is rarely in doubt.
PREMISE_HOLDS = 0.1


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a quotation: whether it settles the question, and whether what the question says holds.

    `holds` is None where the quotation does not settle it; `weight` (0–1) says how much that teaches.
    """

    question: str
    quoted: Quoted
    settles: bool
    holds: bool | None = None
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Everything that decides the result besides the data."""

    batch: int = 32
    checkpoint_every: int = 100
    # How often a pair with a verdict comes in an epoch: there are few of them.
    verdicts: int = 3


@dataclass(slots=True)
class _Item:
    ids: npt.NDArray[np.int32]
    first: int
    length: int
    pair: Pair
    states: Tensor | None = None  # (tokens, hidden) in half precision, once computed


class VerifierPairs:
    """Draws pairs from documents with questions; what is near a question is decided by the terms they share."""

    def __init__(self, documents: Sequence[WrittenDocument], count_tokens: Callable[[str], int], max_tokens: int):
        splitter = Splitter(count_tokens, max_tokens)
        self._documents = documents
        self._units = [_units(splitter.split(written.document)) for written in documents]
        self._lexical = LexicalIndex.build([unit.text for found in self._units for unit in found])

    def epoch(self, seed: int | str) -> Iterator[Pair]:
        """Yield the pairs of all questions once, in the order of the documents."""
        chance = random.Random(f"verifier/{seed}")
        first = 0
        for number, written in enumerate(self._documents):
            rows = range(first, first + len(self._units[number]))
            first = rows.stop
            for question in written.questions:
                copy = digits(matching_copy(question.text, Synonyms(())))
                scores = self._lexical.scores(copy)
                order = sorted(range(len(rows)), key=lambda unit: -scores[rows[unit]])  # used at once
                if question.answer:
                    yield from self._answered(number, question, question.answer, copy, order=order, chance=chance)
                elif question.kind != "premise":  # its document may contradict it, which settles it
                    yield from self._unanswered(number, copy, order, chance)

    def _answered(
        self,
        number: int,
        question: WrittenQuestion,
        answer: Span,
        copy: Normal,
        *,
        order: Sequence[int],
        chance: random.Random,
    ) -> Iterator[Pair]:
        found = self._units[number]
        holding = [unit for unit in found if unit.span.start <= answer.start and answer.end <= unit.span.end]
        if not holding:
            return
        quote = min(holding, key=lambda unit: len(unit.span))
        known = question.verdict is not None
        holds = question.verdict if known else None if asks_yes_or_no(copy) else True
        weight = 1.0 if known else 0.0 if holds is None else PREMISE_HOLDS
        yield Pair(copy, quoted(quote), True, holds, weight)
        words = answer.of(self._documents[number].document.text)
        others = [unit for unit in (found[i] for i in order[:6]) if words not in unit.text]
        others = [unit for unit in others if unit.span.end <= quote.span.start or quote.span.end <= unit.span.start]
        if others and chance.random() < OTHER:
            yield Pair(copy, quoted(others[0] if chance.random() < NEAREST else chance.choice(others[:3])), False)

    def _unanswered(self, number: int, copy: str, order: Sequence[int], chance: random.Random) -> Iterator[Pair]:
        nearest = [self._units[number][i] for i in order[:3]]
        if nearest and chance.random() >= NEAREST:
            chance.shuffle(nearest)
        for unit in nearest[: 2 if chance.random() < SECOND else 1]:
            yield Pair(copy, quoted(unit), False)


def _units(passages: Sequence[Passage]) -> list[Unit]:
    """Return what can be quoted from a document, each once although passages overlap."""
    found = {(unit.span.start, unit.span.end): unit for unit in units(passages)}
    return [unit for unit in found.values() if len(unit.span) <= LONGEST_QUOTE]


def quoted(unit: Unit) -> Quoted:
    """Return a quotation with the title and headings that the reader sees above its passage."""
    text = indexed_text(unit.passage)
    return Quoted(text[: len(text) - len(unit.passage.text)], unit.text)


def fit(
    network: networks.VerifierNetwork,
    plan: Sequence[Sequence[Pair]],
    encoder: PairEncoder,
    *,
    out: Path,
    recipe: Recipe,
    reader_weights: Path,
    start: Path | None = None,
) -> Path:
    """Train the network in place on a plan of batches; write `out/verifier.safetensors`.

    Goes on from `out/checkpoint.safetensors` where there is one, else begins with the weights `start` or the reader's.
    """
    torch.manual_seed(recipe.seed)
    parameters = networks.trained_parameters(network)
    base = {n: p.detach().clone() for n, p in parameters.items() if n.startswith("encoder.")}
    if start:
        weights.apply(network, start)
    else:
        networks.start_as_reader(network, reader_weights)
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name in parameters)
    quicken(network, network.encoder)
    optimizer = optimizer_of(parameters, recipe)
    plan = plan[: recipe.steps]
    items: dict[Pair, _Item] = {}
    mean, first, begun = 0.0, resume(out, parameters, optimizer), time.monotonic()
    progress = tqdm(range(first, len(plan)), initial=first, total=len(plan), desc="train", unit="batch", mininterval=10)
    for step in progress:
        done = share_done(step / len(plan), begun, recipe.seconds)
        if done >= 1:
            break
        set_rate(optimizer, done, recipe)
        loss = _loss(network, _items(network, encoder, plan[step], items))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # of PyTorch
        nn.utils.clip_grad_norm_(parameters.values(), 1.0)
        optimizer.step()
        mean = loss.item() if step == first else 0.98 * mean + 0.02 * loss.item()
        progress.set_postfix(loss=f"{mean:.3f}", refresh=False)
        if (step + 1) % recipe.checkpoint_every == 0:
            checkpoint(out, parameters, optimizer, step + 1)
    result = out / "verifier.safetensors"
    trained = {name: parameter.detach() for name, parameter in parameters.items()}
    metadata = {"recipe": json.dumps(asdict(recipe)), "reader": weight_file.digest_below(reader_weights, SHARED_LAYERS)}
    weights.save(trained, base, result, metadata=metadata)
    return result


def with_verdicts_repeated(pairs: Sequence[Pair], recipe: Recipe) -> list[Pair]:
    """Return the pairs of an epoch, those with a verdict as often as the recipe says."""
    verdicts = [pair for pair in pairs if pair.weight == 1.0]
    return [*pairs, *verdicts * (recipe.verdicts - 1)]


def batched(pairs: Sequence[Pair], size: int, chance: random.Random) -> list[list[Pair]]:
    """Return all pairs in batches of like length, in a random order."""
    order = sorted(pairs, key=lambda pair: len(pair.question) + len(pair.quoted.quote) + chance.random() * 20)
    found = [order[begin : begin + size] for begin in range(0, len(order), size)]
    chance.shuffle(found)
    return found


def _items(
    network: networks.VerifierNetwork, encoder: PairEncoder, batch: Sequence[Pair], known: dict[Pair, _Item]
) -> list[_Item]:
    """Return the pairs of a batch with the states of the shared layers, computed where they are not `known`."""
    new = [pair for pair in batch if pair not in known]
    if new:
        tokens = quote_tokens(encoder, [(pair.question, pair.quoted) for pair in new])
        made = [
            _Item(np.array(ids, dtype=np.int32), first, length, pair)
            for (ids, first, length), pair in zip(tokens, new, strict=True)
        ]
        network.eval()
        ids, attention, _ = _collated(made)
        with torch.no_grad(), precision(PROCESSOR):
            states = network.shared(ids, attention)
        for item, row in zip(made, states, strict=True):
            item.states = row[: len(item.ids)].to(torch.float16)
            known[item.pair] = item
    return [known[pair] for pair in batch]


def _loss(network: networks.VerifierNetwork, batch: Sequence[_Item]) -> Tensor:
    _, attention, quote = _collated(batch)
    states = torch.zeros(*attention.shape, network.encoder.config.hidden_size)
    for row, item in enumerate(batch):
        assert item.states is not None
        states[row, : len(item.ids)] = item.states.float()
    network.train()
    with precision(PROCESSOR):
        judged = network.judge(states, attention, quote).float()
    settles = torch.tensor([float(item.pair.settles) for item in batch])
    holds = torch.tensor([float(bool(item.pair.holds)) for item in batch])
    weight = torch.tensor([item.pair.weight for item in batch])
    of_premise = binary_cross_entropy_with_logits(judged[:, 1], holds, reduction="none")
    # Over few pairs the mean would be noisy.
    return binary_cross_entropy_with_logits(judged[:, 0], settles) + (of_premise * weight).sum() / weight.sum().clamp(
        min=4.0
    )


def _collated(items: Sequence[_Item]) -> tuple[Tensor, Tensor, Tensor]:
    """Pad items to token ids, attention and quotation masks, each (batch, tokens)."""
    shape = (len(items), max(len(item.ids) for item in items))
    ids, attention, quote = torch.ones(shape, dtype=torch.long), torch.zeros(shape), torch.zeros(shape)
    for row, item in enumerate(items):
        ids[row, : len(item.ids)] = torch.from_numpy(item.ids).long()
        attention[row, : len(item.ids)] = 1
        quote[row, item.first : item.first + item.length] = 1
    return ids, attention, quote
