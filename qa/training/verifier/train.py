"""Training of the verifier.

The lowest layers never change. Their states are therefore computed once for each pair.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from index.embedding import weights
from qa.answering.reader.encoding import PairEncoder
from qa.answering.reader.verifier import network as networks
from qa.answering.reader.verifier.judging import quote_tokens
from qa.training.steps import Schedule, precision, quicken, take_steps
from qa.training.verifier.pairs import Pair

PROCESSOR = torch.device("cpu")
MAX_TOKENS = 128


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
    items: dict[Pair, _Item] = {}

    def loss(batch: Sequence[Pair]) -> Tensor:
        return _loss(network, _items(network, encoder, batch, items))

    take_steps(parameters, plan, loss, out=out, recipe=recipe)
    result = out / "verifier.safetensors"
    trained = {name: parameter.detach() for name, parameter in parameters.items()}
    weights.save(trained, base, result, metadata={"recipe": json.dumps(asdict(recipe))})
    return result


def _items(
    network: networks.VerifierNetwork, encoder: PairEncoder, batch: Sequence[Pair], known: dict[Pair, _Item]
) -> list[_Item]:
    """Return the pairs of a batch with the states of the kept layers, computed where they are not `known`."""
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
            states = network.kept(ids, attention)
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
