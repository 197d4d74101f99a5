"""Training of the verifier."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from index.embedding import weights
from qa.answering.reader.encoding import PairEncoder
from qa.answering.reader.verifier import network as networks
from qa.answering.reader.verifier.judging import quote_tokens
from qa.training.steps import Schedule, collate, precision, quicken, take_steps
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

    def loss(batch: Sequence[Pair]) -> Tensor:
        return _loss(network, encoder, batch)

    take_steps(parameters, plan, loss, out=out, recipe=recipe)
    result = out / "verifier.safetensors"
    trained = {name: parameter.detach() for name, parameter in parameters.items()}
    weights.save(trained, base, result, metadata={"recipe": json.dumps(asdict(recipe))})
    return result


def _loss(network: networks.VerifierNetwork, encoder: PairEncoder, batch: Sequence[Pair]) -> Tensor:
    tokens = quote_tokens(encoder, [(pair.question, pair.quoted) for pair in batch])
    ids, attention, quote = collate(tokens, PROCESSOR)
    with precision(PROCESSOR):
        network.eval()  # the kept layers learn nothing, so nothing of them is dropped
        with torch.no_grad():
            states = network.kept(ids, attention)
        network.train()
        judged = network.judge(states, attention, quote).float()
    settles = torch.tensor([float(pair.settles) for pair in batch])
    holds = torch.tensor([float(bool(pair.holds)) for pair in batch])
    weight = torch.tensor([pair.weight for pair in batch])
    of_premise = binary_cross_entropy_with_logits(judged[:, 1], holds, reduction="none")
    # Over few pairs the mean would be noisy.
    return binary_cross_entropy_with_logits(judged[:, 0], settles) + (of_premise * weight).sum() / weight.sum().clamp(
        min=4.0
    )
