"""The steps of a training above the encoder: its schedule, its batches as tensors, its rates and its checkpoints."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from tqdm import tqdm

from qa.training.dropout import bank_dropout

if TYPE_CHECKING:
    from transformers import BertModel

B = TypeVar("B")
_SHOWN_EVERY = 50  # batches


@dataclass(frozen=True, slots=True)
class Schedule:
    """What every training of a network above the encoder decides besides its data: order, rates, when it ends."""

    seed: int = 7
    epochs: int = 1
    batch: int = 16
    learning_rate: float = 1e-4
    head_learning_rate: float = 5e-4
    warmup: float = 0.05
    weight_decay: float = 0.01
    checkpoint_every: int = 50
    steps: int | None = None  # batches after which a training ends before its epochs do
    seconds: int | None = None  # time after which it ends; the rate falls with the clock, so no two runs are alike


def take_steps(
    parameters: dict[str, nn.Parameter],
    plan: Sequence[B],
    loss: Callable[[B], Tensor],
    *,
    out: Path,
    recipe: Schedule,
) -> None:
    """Train the parameters in place on a plan of batches, by the loss of each.

    Goes on from `out/checkpoint.safetensors` where there is one.
    """
    optimizer = optimizer_of(parameters, recipe)
    plan = plan[: recipe.steps]
    first, begun = resume(out, parameters, optimizer), time.monotonic()
    progress = tqdm(range(first, len(plan)), initial=first, total=len(plan), desc="train", unit="batch", mininterval=10)
    mean: Tensor | None = None
    for step in progress:
        done = share_done(step / len(plan), begun, recipe.seconds)
        if done >= 1:
            break
        set_rate(optimizer, done, recipe)
        lost = loss(plan[step])
        optimizer.zero_grad(set_to_none=True)
        lost.backward()  # type: ignore[no-untyped-call]  # of PyTorch
        nn.utils.clip_grad_norm_(parameters.values(), 1.0)
        optimizer.step()
        mean = lost.detach() if mean is None else 0.98 * mean + 0.02 * lost.detach()
        if step % _SHOWN_EVERY == 0:
            progress.set_postfix(loss=f"{mean.item():.3f}", refresh=False)
        if (step + 1) % recipe.checkpoint_every == 0:
            checkpoint(out, parameters, optimizer, step + 1)


def quicken(network: nn.Module, encoder: "BertModel") -> None:
    """Make a step of a network above the encoder cheaper on a processor; the draws of dropout differ, nothing else."""
    bank_dropout(network)
    if _native_bfloat16():
        # Fused attention works through small blocks: with a matrix unit for bfloat16 that takes longer.
        encoder.set_attn_implementation("eager")


def collate(
    sequences: Sequence[tuple[Sequence[int] | npt.NDArray[np.int32], int, int]], device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """Pad (ids, first passage token, passage tokens) to (ids, attention mask, passage mask), each (batch, tokens)."""
    width = max(len(ids) for ids, _, _ in sequences)
    shape = (len(sequences), width)
    ids, attention, passage = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    ids += 1  # the padding token
    for row, (tokens, first, length) in enumerate(sequences):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        attention[row, : len(tokens)] = 1
        passage[row, first : first + length] = 1
    return ids.to(device), attention.to(device), passage.to(device)


def precision(device: torch.device) -> torch.autocast:
    """Return the context of a training's forward pass: bfloat16 where the device has instructions for it."""
    # Without instructions of its own for bfloat16 a processor takes 23 times as long with it.
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda" or _native_bfloat16())


def _native_bfloat16() -> bool:
    return bool(torch.cpu.get_capabilities().get("avx512_bf16", False))


def optimizer_of(parameters: dict[str, nn.Parameter], recipe: Schedule) -> torch.optim.AdamW:
    """Return AdamW with the rates of a recipe, one for the encoder and one for the heads."""
    encoder = [p for name, p in parameters.items() if name.startswith("encoder.")]
    heads = [p for name, p in parameters.items() if not name.startswith("encoder.")]
    return torch.optim.AdamW(
        [{"params": encoder, "peak": recipe.learning_rate}, {"params": heads, "peak": recipe.head_learning_rate}],
        lr=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
    )


def share_done(steps: float, begun: float, seconds: int | None) -> float:
    """Return how much of a training is behind: of its `steps`, from 0 to 1, or of its `seconds` since `begun` if more.

    `begun` is a reading of `time.monotonic`.
    """
    return max(steps, (time.monotonic() - begun) / seconds) if seconds else steps


def set_rate(optimizer: torch.optim.Optimizer, done: float, recipe: Schedule) -> None:
    """Set the learning rate where `done` of the training, from 0 to 1, is behind: up in the warm-up, then down."""
    share = done / recipe.warmup if done < recipe.warmup else (1 - done) / (1 - recipe.warmup)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * share


def checkpoint(out: Path, parameters: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write parameters and the optimizer's state after `step` batches, in one step."""
    tensors = {f"model/{name}": parameter.detach().cpu() for name, parameter in parameters.items()}
    for name, parameter in parameters.items():
        state = optimizer.state[parameter]
        tensors |= {f"{key}/{name}": state[key].cpu() for key in ("exp_avg", "exp_avg_sq", "step")}
    aside = out / ".checkpoint.safetensors"
    save_file(tensors, aside, metadata={"step": str(step)})
    aside.replace(out / "checkpoint.safetensors")


def resume(out: Path, parameters: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer) -> int:
    """Restore what `checkpoint` wrote, if anything; return the number of batches behind it."""
    path = out / "checkpoint.safetensors"
    if not path.is_file():
        return 0
    tensors = load_file(path)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(tensors[f"model/{name}"])
            optimizer.state[parameter] = {
                "step": tensors[f"step/{name}"],
                "exp_avg": tensors[f"exp_avg/{name}"].to(parameter.device),
                "exp_avg_sq": tensors[f"exp_avg_sq/{name}"].to(parameter.device),
            }
    return int(next(iter(tensors[name] for name in tensors if name.startswith("step/"))).item())
