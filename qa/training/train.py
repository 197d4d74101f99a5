"""Training of the reader: repeatable from a seed, resumable from its last checkpoint."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from index.embedding import weights
from qa.answering.reader import network as networks
from qa.answering.reader.encoding import PairEncoder
from qa.training.paragraphs.examples import Example
from qa.training.steps import Schedule, collate, precision, quicken, take_steps

LICENCE = "CC-BY-SA-4.0"
_ENCODED_AT_ONCE = 2_000
TRAINING_TOKENS = 448  # longer passages are read in windows, as in use


# How the unanswerable pairs of an epoch are shared out. Kinds that few questions allow are all taken.
SHARES = {
    "retrieved": 0.22,
    "answer_cut": 0.18,
    "exchanged": 0.18,
    "changed_attribute": 0.14,
    "changed_name": 0.10,
    "other_window": 0.06,
    "changed_number": 0.06,
    "asked_beside": 0.05,
    "random": 0.01,
}


@dataclass(frozen=True, slots=True)
class Recipe(Schedule):
    """Everything that decides the reader's training besides the data.

    `frozen` counts the lower layers left as they are; `paragraphs` is the share of questions read with their whole
    paragraph, the others with a window of it; `negatives` the unanswerable pairs for one answerable.
    """

    frozen: int = 3
    paragraphs: float = 0.25
    negatives: float = 0.7


@dataclass(frozen=True, slots=True)
class Item:
    """One training sequence: tokens, where the passage's stand, and the answer's first and last token (0 for none)."""

    ids: Sequence[int] | npt.NDArray[np.int32]
    first: int
    length: int
    start: int
    end: int
    answerable: bool
    kind: str
    group: str
    exact: bool = True  # whether the span is the shortest answer


def fit(
    network: networks.ReaderNetwork,
    plan: Sequence[Sequence[Item]],
    *,
    out: Path,
    recipe: Recipe,
    start: Path | None = None,
) -> Path:
    """Train the network, on the bundled encoder, in place on a plan of batches; write `out/reader.safetensors`.

    Goes on from `out/checkpoint.safetensors` where there is one, else begins with the weights `start` or untrained.
    """
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network.to(device)
    if device.type == "cpu":
        quicken(network, network.encoder)
    parameters = networks.trained_parameters(network, frozen=recipe.frozen)
    base = {n: p.detach().cpu().clone() for n, p in parameters.items() if n.startswith("encoder.")}
    if start:
        weights.apply(network, start)
    _only_these_learn(network, parameters, recipe)

    def loss(batch: Sequence[Item]) -> Tensor:
        with precision(device):
            return _loss(network, batch, device)

    take_steps(parameters, plan, loss, out=out, recipe=recipe)
    trained = {name: parameter.detach().cpu() for name, parameter in parameters.items()}
    result = out / "reader.safetensors"
    weights.save(trained, base, result, metadata=_metadata(recipe, start), start=start)
    return result


def _only_these_learn(network: networks.ReaderNetwork, parameters: Mapping[str, nn.Parameter], recipe: Recipe) -> None:
    """Put the network into training, but for what stays as it is: it gets no gradient, and no dropout."""
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name in parameters)
    network.train()
    network.encoder.embeddings.eval()
    for layer in network.encoder.encoder.layer[: recipe.frozen]:
        layer.eval()


def _metadata(recipe: Recipe, start: Path | None) -> dict[str, str]:
    begun = {"start": hashlib.sha256(start.read_bytes()).hexdigest()} if start else {}
    return {"recipe": json.dumps(asdict(recipe)), "licence": LICENCE, "data": "CMRC 2018 train, DRCD dev", **begun}


def items(encoder: PairEncoder, examples: Sequence[Example]) -> list[Item]:
    """Encode the examples; of a long passage only the windows that hold the answer, if there is one, are kept."""
    made = []
    for begin in range(0, len(examples), _ENCODED_AT_ONCE):
        part = examples[begin : begin + _ENCODED_AT_ONCE]
        for window in encoder.encode([(e.question, e.passage) for e in part]):
            example = part[window.passage]
            span = window.tokens_of(example.start, example.end) if example.answerable else None
            if example.answerable and span is None:
                continue  # another window of the passage holds the answer
            # Not a list: 150,000 sequences of Python integers would fill the memory.
            ids = np.array(window.ids, dtype=np.int32)
            places = (window.first, len(window.offsets), *(span or (0, 0)))
            known = example.answerable, example.kind, example.group
            made.append(Item(ids, *places, *known, exact=example.exact))
    return made


def batches(training: Sequence[Item], recipe: Recipe) -> list[list[Item]]:
    """Return the batches of all epochs, from items of which each question has several."""
    return [
        [training[number] for number in batch]
        for epoch in range(recipe.epochs)
        for batch in _batches(training, epoch, recipe)
    ]


def batched(drawn: Sequence[Item], size: int, chance: random.Random) -> list[list[Item]]:
    """Return items that are all used as batches of like length, in a random order."""
    order = sorted(drawn, key=lambda item: len(item.ids) + chance.random() * 24)
    found = [list(order[begin : begin + size]) for begin in range(0, len(order), size)]
    chance.shuffle(found)
    return found


def _batches(training: Sequence[Item], epoch: int, recipe: Recipe) -> list[list[int]]:
    """Return one epoch's batches, similar in length: every question once with its answer, and a draw of the others."""
    chance = random.Random(f"{recipe.seed}/{epoch}")
    by_group: dict[str, dict[str, list[int]]] = {}
    by_kind: dict[str, list[int]] = {}
    for number, item in enumerate(training):
        if item.answerable:
            by_group.setdefault(item.group, {}).setdefault(item.kind, []).append(number)
        else:
            by_kind.setdefault(item.kind, []).append(number)
    drawn = [_one_of(kinds, chance, paragraphs=recipe.paragraphs) for kinds in by_group.values()]
    wanted = recipe.negatives * len(drawn)
    for kind, pool in sorted(by_kind.items()):
        drawn += chance.sample(pool, min(len(pool), round(SHARES[kind] * wanted)))
    drawn.sort(key=lambda i: len(training[i].ids) + chance.random() * 24)
    batches = [drawn[i : i + recipe.batch] for i in range(0, len(drawn), recipe.batch)]
    chance.shuffle(batches)
    return batches


def _one_of(kinds: dict[str, list[int]], chance: random.Random, *, paragraphs: float) -> int:
    whole, windows = kinds.get("paragraph", []), kinds.get("window", [])
    return chance.choice(whole if whole and (not windows or chance.random() < paragraphs) else windows)


def _loss(network: nn.Module, batch: Sequence[Item], device: torch.device) -> Tensor:
    inputs = collate([(item.ids, item.first, item.length) for item in batch], device)
    start, end, answerable = network(*inputs)
    starts = torch.tensor([item.start for item in batch], device=device)
    ends = torch.tensor([item.end for item in batch], device=device)
    wanted = torch.tensor([float(item.answerable) for item in batch], device=device)
    # An unanswerable pair teaches the span head little (point at the first token), the judge much.
    share = torch.where(wanted > 0, 1.0, 0.3)
    share = share * torch.tensor([float(item.exact) for item in batch], device=device)
    spans = cross_entropy(start.float(), starts, reduction="none") + cross_entropy(end.float(), ends, reduction="none")
    judged = binary_cross_entropy_with_logits(answerable.float(), wanted)
    return (spans * share).sum() / (2 * share.sum()).clamp(min=1.0) + judged
