"""One training within a time: decay to its end, validation on the way, the best kept on disk."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from json import dumps
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from index.embedding import weights
from qa.training.gpu import parts
from qa.training.gpu.encoder import Encoder, Shape, layers
from qa.training.gpu.tasks import Recipe, Task, score

Weights = dict[str, Tensor]
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Budget:
    """The length of a training: a number of steps if given, else seconds."""

    seconds: float
    steps: int | None = None

    def share(self, step: int, begun: float) -> float:
        """Return the share of it that is used up, 1 at its end."""
        return step / self.steps if self.steps else (time.monotonic() - begun) / self.seconds


@dataclass(slots=True)
class Best:
    """The best weights of a task so far, written into a folder at once, so that a forced end loses nothing."""

    task: Task
    base: Mapping[str, Tensor]
    out: Path
    about: Mapping[str, str]
    limit: int = parts.LIMIT
    score: float = -1.0
    figures: dict[str, Any] = field(default_factory=dict)

    def offer(self, trained: Weights, figures: dict[str, float], metadata: Mapping[str, str]) -> None:
        """Write the weights when they are better than all before."""
        reached = score(self.task, figures)
        if reached <= self.score:
            return
        for old in self.out.glob(f"{self.task.name}-*.safetensors"):
            old.unlink()
        whole = self.out / f"{self.task.name}.safetensors"
        weights.save(trained, self.base, whole, metadata={**self.about, **metadata, "validation": dumps(figures)})
        parts.split(whole, self.limit)
        self.score, self.figures = reached, {**figures, **metadata}


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a training: the encoder as it came, and a weight file upon it.

    `about` says of every weight file what it was trained on, and its licence.
    """

    shape: Shape
    state: Mapping[str, Tensor]
    weights: Path | None
    about: Mapping[str, str]

    def network(self, task: Task, recipe: Recipe, device: torch.device) -> nn.Module:
        """Return the network that a training begins with; its heads are drawn from the recipe's seed."""
        torch.manual_seed(recipe.seed)
        encoder = Encoder(self.shape)
        encoder.load_state_dict(dict(self.state))
        network = task.network(encoder)
        if self.weights and not recipe.restart:
            weights.apply(network, self.weights)
        for module in network.modules():
            if isinstance(module, nn.Dropout):
                module.p = recipe.dropout
        return network.to(device)


def precision(device: torch.device) -> AbstractContextManager[Any]:
    """Use bfloat16 matrices on a card; a processor without instructions for it would be many times slower."""
    return torch.autocast("cuda", dtype=torch.bfloat16) if device.type == "cuda" else nullcontext()


@dataclass(frozen=True, slots=True)
class End:
    """The result of a training: its last weights, on the processor, with their figures."""

    recipe: Recipe
    weights: Weights
    figures: dict[str, float]


def fit(task: Task, network: nn.Module, recipe: Recipe, budget: Budget, *, best: Best, report: Report) -> End:
    """Train the network in place. `best` is offered what it is half-way and at its end."""
    device = next(network.parameters()).device
    trained = _trained(network, recipe)
    kept = trained | _moved(network, best.base)
    fused = device.type == "cuda"
    optimizer = torch.optim.AdamW(_groups(trained, recipe), weight_decay=recipe.weight_decay, fused=fused)
    _only_these_learn(network, recipe)
    begun, step, looked = time.monotonic(), 0, False
    for batch in _batches(task, recipe):
        share = budget.share(step, begun)
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * min(share / recipe.warmup, (1 - share) / (1 - recipe.warmup))
        with precision(device):
            loss = task.loss(network, batch, recipe)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # of PyTorch
        nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        step += 1
        if share >= 0.5 and not looked:
            looked = True
            figures = look(task, network)
            report(f"  {recipe.name} {share:.0%}, {step} batches, loss {loss.item():.3f}: {shown(figures)}")
            best.offer(copied(kept), figures, told(recipe, step))
            _only_these_learn(network, recipe)
    figures = look(task, network)
    report(f"{task.name} {recipe.name}: {step} batches, {time.monotonic() - begun:.0f} s: {shown(figures)}")
    best.offer(copied(kept), figures, told(recipe, step))
    return End(recipe, copied(kept), figures)


def look(task: Task, network: nn.Module) -> dict[str, float]:
    """Measure the network on the validation questions, in the product's own precision."""
    return task.figures(network.eval())


def copied(trained: Mapping[str, Tensor]) -> Weights:
    """Return the weights as they are now, on the processor."""
    return {name: parameter.detach().float().cpu().clone() for name, parameter in trained.items()}


def told(recipe: Recipe, step: int, **further: str) -> dict[str, str]:
    """Return the description of its making for a weight file."""
    return {"recipe": dumps(asdict(recipe)), "batches": str(step), **further}


def shown(figures: Mapping[str, float]) -> str:
    """Return figures as one line."""
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def _batches(task: Task, recipe: Recipe) -> Iterator[Any]:
    number = 0
    while True:
        yield from task.epoch(recipe, number)
        number += 1


def _frozen(encoder: Encoder, recipe: Recipe) -> int:
    return max(0, len(layers(encoder)) - recipe.layers)


def _trained(network: nn.Module, recipe: Recipe) -> dict[str, nn.Parameter]:
    """Return the heads and the upper layers; never the embedding tables, of which most rows are not here."""
    encoder = network.encoder
    assert isinstance(encoder, Encoder)
    numbers = range(_frozen(encoder, recipe), len(layers(encoder)))
    upper = tuple(f"encoder.encoder.layer.{number}." for number in numbers)
    return {n: p for n, p in network.named_parameters() if n.startswith(upper) or not n.startswith("encoder.")}


def _moved(network: nn.Module, base: Mapping[str, Tensor]) -> dict[str, nn.Parameter]:
    """Return what the starting weights had changed, lower layers included: it belongs into the result in any case."""
    found = network.named_parameters()
    return {name: p for name, p in found if name in base and not torch.equal(p.detach().cpu(), base[name])}


def _only_these_learn(network: nn.Module, recipe: Recipe) -> None:
    """Turn on dropout and gradients where something learns, and nowhere else."""
    trained = _trained(network, recipe)
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name in trained)
    network.train()
    encoder = network.encoder
    assert isinstance(encoder, Encoder)
    encoder.embeddings.eval()
    for layer in layers(encoder)[: _frozen(encoder, recipe)]:
        layer.eval()


def _groups(trained: Mapping[str, nn.Parameter], recipe: Recipe) -> list[dict[str, Any]]:
    encoder = [parameter for name, parameter in trained.items() if name.startswith("encoder.")]
    heads = [parameter for name, parameter in trained.items() if not name.startswith("encoder.")]
    groups = [{"params": encoder, "peak": recipe.learning_rate}, {"params": heads, "peak": recipe.head_learning_rate}]
    return [{**group, "lr": group["peak"]} for group in groups if group["params"]]
