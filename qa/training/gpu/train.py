"""Trains reader and embedder from a bundle within a time: recipes compared, the best one trained longest.

    cd BUNDLE && python3 -m qa.training.gpu.train --out FOLDER --reader WEIGHTS --embedder WEIGHTS

Each recipe gets an equal share of two fifths of a task's time, the best one the rest. What is written is the best on
the validation questions of all ends, halves and means: `reader-1.safetensors`, …, and `report.json`.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors.numpy import load_file

from index.embedding import weights
from qa.training.gpu import examples as stored
from qa.training.gpu import parts
from qa.training.gpu.encoder import Shape, unpacked
from qa.training.gpu.fit import Best, Budget, End, Start, Weights, copied, fit, look, shown, told
from qa.training.gpu.tasks import RECIPES, EmbedderTask, ReaderTask, Recipe, Task, score

_TRIALS = 0.4  # of the time of a task, where several recipes are compared
_SHARES = {"reader": 0.7, "embedder": 0.3}
_WRITING = 12  # seconds kept for reading the bundle and for what is written last


def main(arguments: Sequence[str] | None = None) -> None:
    """Train what was asked for."""
    options = _options().parse_args(arguments)
    begun = time.monotonic()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    examples = stored.read(options.bundle, device)
    shape = Shape(**json.loads((options.bundle / "shape.json").read_text(encoding="utf-8")))
    about = json.loads((options.bundle / "about.json").read_text(encoding="utf-8"))
    state = unpacked(load_file(options.bundle / "encoder.safetensors"))
    report: dict[str, object] = {"device": _named(device)}
    for position, name in enumerate(options.tasks):
        task: Task = ReaderTask(examples) if name == "reader" else EmbedderTask(examples)
        left = options.seconds - _WRITING - (time.monotonic() - begun)
        share = _SHARES[name] / sum(_SHARES[other] for other in options.tasks[position:])
        start = Start(shape, state, _start(options, name), about)
        report[name] = compete(
            task, start, _chosen(options, name), device, out, seconds=share * left, steps=options.steps
        )
        (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")


def compete(
    task: Task,
    start: Start,
    recipes: Sequence[Recipe],
    device: torch.device,
    out: Path,
    *,
    seconds: float,
    steps: int | None = None,
    limit: int = parts.LIMIT,
) -> dict[str, object]:
    """Try the recipes, train the best one longer; write the best weights into `out` and return the figures of all."""
    base = {f"encoder.{name}": tensor for name, tensor in start.state.items()}
    best = Best(task, base, out, start.about, limit)
    begun = time.monotonic()
    first = start.network(task, recipes[0], device)
    figures = {"start": look(task, first)}
    looking = time.monotonic() - begun
    _say(f"{task.name} start: {shown(figures['start'])}")
    begun_with = copied(dict(first.named_parameters()))
    ends: list[End] = []
    trials = max(1.0, seconds * _TRIALS / len(recipes) - looking) if len(recipes) > 1 else 0.0
    for recipe in recipes if trials else ():
        ends.append(
            fit(task, start.network(task, recipe, device), recipe, Budget(trials, steps), best=best, report=_say)
        )
    chosen = max(ends, key=lambda end: score(task, end.figures)).recipe if ends else recipes[0]
    # Its end, two means and the files are measured after it.
    rest = max(1.0, seconds - (time.monotonic() - begun) - 5 * looking)
    longer = steps * 3 if steps and trials else steps
    final = replace(chosen, name=f"{chosen.name}-long")
    ends.append(fit(task, start.network(task, final, device), final, Budget(rest, longer), best=best, report=_say))
    figures |= {end.recipe.name: end.figures for end in ends}
    ends.sort(key=lambda end: score(task, end.figures), reverse=True)
    others = {end.recipe.name: end.weights for end in ends[1:2]}
    if start.weights and not chosen.restart:
        others["start"] = begun_with
    figures |= _means(task, start, ends[0], others, begun_with=begun_with, best=best, device=device)
    written = sorted(out.glob(f"{task.name}-*.safetensors"))
    return {
        "figures": figures,
        "best": best.figures,
        "as_written": _as_written(task, start, chosen, written, device),
        "recipes": [asdict(recipe) for recipe in recipes],
        "files": [path.name for path in written],
    }


def _means(
    task: Task,
    start: Start,
    end: End,
    others: Mapping[str, Weights],
    *,
    begun_with: Weights,
    best: Best,
    device: torch.device,
) -> dict[str, dict[str, float]]:
    """Offer the mean of an end with each of the others as the best weights; return the figures by name.

    The mean of two trainings often reads better than either (Wortsman et al. 2022).
    """
    figures = {}
    for name, other in others.items():
        mixed = _mean(end.weights, other, begun_with)
        network = start.network(task, end.recipe, device)
        network.load_state_dict({**network.state_dict(), **mixed})
        key = f"mean of {end.recipe.name} and {name}"
        figures[key] = look(task, network)
        _say(f"{task.name} {key}: {shown(figures[key])}")
        best.offer(mixed, figures[key], told(end.recipe, 0, mean=key))
    return figures


def _mean(first: Weights, second: Weights, begun_with: Weights) -> Weights:
    """Return the mean of both; what only one of them trained is averaged with the beginning."""
    names = sorted({*first, *(name for name in second if not torch.equal(second[name], begun_with[name]))})
    return {name: (first.get(name, begun_with[name]) + second.get(name, begun_with[name])) / 2 for name in names}


def _as_written(
    task: Task, start: Start, recipe: Recipe, files: Sequence[Path], device: torch.device
) -> Mapping[str, float]:
    """Return what the files come to, read again as the product reads them: in eight bits, on the encoder as it came."""
    network = start.network(task, replace(recipe, restart=True), torch.device("cpu"))
    for path in files:
        weights.apply(network, path)
    figures = look(task, network.to(device))
    _say(f"{task.name} as written: {shown(figures)}")
    return figures


def _chosen(options: argparse.Namespace, task: str) -> list[Recipe]:
    names = options.recipes.split(",") if options.recipes else None
    found = [replace(recipe, seed=options.seed) for recipe in RECIPES[task] if not names or recipe.name in names]
    if not found:
        raise SystemExit(f"{options.recipes} names no recipe of the {task}; there are {_names(task)}")
    return [replace(recipe, **json.loads(options.change)) for recipe in found] if options.change else found


def _names(task: str) -> str:
    return ", ".join(recipe.name for recipe in RECIPES[task])


def _start(options: argparse.Namespace, task: str) -> Path | None:
    beside = options.bundle / f"start-{task}.safetensors"
    given: Path | None = getattr(options, task)
    return given or (beside if beside.is_file() else None)


def _named(device: torch.device) -> str:
    return torch.cuda.get_device_name() if device.type == "cuda" else "processor"


def _say(line: str) -> None:
    print(line, flush=True)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qa.training.gpu.train", description="train from a bundle; see docs/training.md"
    )
    parser.add_argument("--bundle", type=Path, default=Path(), help="the bundle's folder (the one you are in)")
    parser.add_argument("--out", type=Path, required=True, help="for the weight files and report.json")
    parser.add_argument("--reader", type=Path, metavar="WEIGHTS", help="the reader to begin from")
    parser.add_argument("--embedder", type=Path, metavar="WEIGHTS", help="the embedder to begin from")
    parser.add_argument("--tasks", nargs="+", choices=tuple(_SHARES), default=list(_SHARES))
    parser.add_argument("--recipes", metavar="A,B", help="only these; `base` alone gets all of the time")
    parser.add_argument("--change", metavar="JSON", help='of each recipe, such as {"batch": 128}')
    parser.add_argument("--seconds", type=float, default=480, help="for everything (480)")
    parser.add_argument("--steps", type=int, help="batches of a trial in place of a time, repeatable from the seed")
    parser.add_argument("--seed", type=int, default=7)
    return parser


if __name__ == "__main__":
    main()
