"""Trains the router on examples and counter-examples, and measures it on a held-out half."""

import json
import lzma
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.answering.screening.cards import EMERGENCIES
from qa.answering.screening.features import features
from qa.answering.screening.router import KINDS, ORDINARY, Router

FOLDER = Path(__file__).parents[1] / "data"
TRAIN, HELD_OUT = FOLDER / "router" / "train.tsv", FOLDER / "router" / "held_out.tsv"
# Never trained on.
UNSEEN = FOLDER / "router" / "unseen.tsv"
STEPS, RATE, RIDGE = 300, 0.15, 5e-7
# An emergency missed is worse than any other mistake. The weight of questions to documents, and the bar in `router.py`,
# are those with which a router of one half of the training lines caught most of the other at 0.42 % of questions.
EMERGENCY_WEIGHT, QUESTION_WEIGHT = 4.0, 2.0
# Features of questions alone are kept from so many on; of the written lines, from one (short) or two on.
FREQUENT, LONG_RUN = 40, 3
# Weights below are left out of the file.
LEAST = 0.3

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as citizens type it, its kind, and its weight."""

    text: str
    kind: str
    weight: float = 1.0


def read_lines(path: Path) -> list[Line]:
    """Read lines of `kind<TAB>text`. Raises `ValueError` for an unknown kind."""
    rows = [row.split("\t", 1) for row in path.read_text(encoding="utf-8").splitlines() if row]
    for kind, text in rows:
        if kind not in KINDS:
            raise ValueError(f"{path}: {kind!r} ({text}) is no kind; give one of {', '.join(KINDS)}")
    return [Line(text, kind, EMERGENCY_WEIGHT if kind in EMERGENCIES else 1.0) for kind, text in rows]


def read_questions(path: Path) -> list[Line]:
    """Read the questions of a file of documents, all of them ordinary."""
    content = path.read_bytes()
    rows = (lzma.decompress(content) if path.suffix == ".xz" else content).decode("utf-8").splitlines()
    found = [question["question"] for row in rows for question in json.loads(row)["questions"]]
    return [Line(text, ORDINARY, QUESTION_WEIGHT) for text in dict.fromkeys(found)]


def fit(lines: Sequence[Line], progress: Progress = lambda text: None) -> Router:
    """Fit a multinomial logistic regression with a ridge; equal lines make equal routers."""
    import torch  # here, because who only reads the lines needs none

    torch.manual_seed(7)
    held = [features(line.text) for line in lines]
    names = {name: place for place, name in enumerate(_chosen(lines, held))}
    rows = [[names[name] for name in sorted(found) if name in names] for found in held]
    flat = torch.tensor([place for row in rows for place in row])
    starts = torch.tensor(np.cumsum([0, *map(len, rows[:-1])]))
    shares = torch.tensor(
        [1 / math.sqrt(len(found)) for found, row in zip(held, rows, strict=True) for _ in row], dtype=torch.float32
    )
    labels = torch.tensor([KINDS.index(line.kind) for line in lines])
    importance = torch.tensor([line.weight for line in lines])
    table = torch.nn.EmbeddingBag(len(names), len(KINDS), mode="sum")
    torch.nn.init.zeros_(table.weight)
    bias = torch.nn.Parameter(torch.zeros(len(KINDS)))
    optimiser = torch.optim.Adam([table.weight, bias], lr=RATE)
    for step in range(STEPS):
        optimiser.zero_grad()
        given = table(flat, starts, per_sample_weights=shares) + bias
        losses = torch.nn.functional.cross_entropy(given, labels, reduction="none")
        loss = (losses * importance).mean() + RIDGE * (table.weight**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if step % 50 == 49:
            progress(f"step {step + 1} of {STEPS}, loss {float(loss.detach()):.4f}")
    found = table.weight.detach().numpy().astype(np.float64)
    found[np.abs(found) < LEAST] = 0.0
    weights = {name: found[place].round(1) for name, place in names.items() if found[place].any()}
    return Router(weights, bias.detach().numpy().astype(np.float64).round(2))


def _chosen(lines: Sequence[Line], held: Sequence[frozenset[str]]) -> list[str]:
    """Return the features that get a weight."""
    written: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for line, found in zip(lines, held, strict=True):
        (asked if line.weight == QUESTION_WEIGHT else written).update(found)
    known = [
        name
        for name in written.keys() | asked.keys()
        if asked[name] >= FREQUENT or written[name] >= (1 if len(name) < LONG_RUN or name[0] == "#" else 2)
    ]
    return sorted(known)


def save(router: Router, path: Path, report: Mapping[str, object]) -> None:
    """Write the constants as `read_router` reads them, with their figures on the held-out half."""
    weights = {
        name: [int(number) for kind in np.flatnonzero(row) for number in (kind, round(row[kind] * 10))]
        for name, row in sorted(router.weights.items())
    }
    content = {"kinds": KINDS, "report": report, "bias": router.bias.tolist(), "weights": weights}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def measure(router: Router, lines: Sequence[Line]) -> dict[str, dict[str, float]]:
    """Return by kind the number of lines and the shares caught and left ordinary; emergencies also together."""
    cards: dict[str, list[str]] = {}
    for line in lines:
        cards.setdefault(line.kind, []).append(router.card(line.text))
    shown = {
        kind: {"lines": len(given), "right": _share(given, (kind,)), "without": _share(given, ("",))}
        for kind, given in cards.items()
        if kind != ORDINARY
    }
    urgent = [card for kind in EMERGENCIES for card in cards.get(kind, [])]
    ordinary = cards.get(ORDINARY, [])
    return {
        "emergencies": {"lines": len(urgent), "caught": _share(urgent, EMERGENCIES)},
        "ordinary": {
            "lines": len(ordinary),
            "with a card": round(1 - _share(ordinary, ("",)), 4),
            "of an emergency": _share(ordinary, EMERGENCIES),
        },
        **shown,
    }


def _share(cards: Sequence[str], wanted: Sequence[str]) -> float:
    return round(sum(card in wanted for card in cards) / max(1, len(cards)), 4)


def train_router(out: Path, progress: Progress) -> Path:
    """Train on one half of the lines and measure on the other, then train on all; return the file of constants.

    Of the questions of the documents every other one is trained on. The report is that of the first half.
    """
    questions, lines, held = (
        read_questions(FOLDER / "learned" / "train.jsonl.xz"),
        read_lines(TRAIN),
        read_lines(HELD_OUT),
    )
    router = fit([*lines, *questions[::2]], progress)
    others = [*questions[1::2], *read_questions(FOLDER / "held_out" / "validation.jsonl.xz")]
    unseen = measure(router, read_lines(UNSEEN))
    report = {"written": measure(router, held), "unseen": unseen, "questions": measure(router, others)["ordinary"]}
    progress(json.dumps(report, ensure_ascii=False, indent=1))
    path = out / "router.json"
    save(fit([*lines, *held, *questions[::2]], progress), path, report)
    return path
