"""Training of the embedder: questions drawn to the passages that answer them, away from those beside them.

The loss is cross entropy over the passages of a batch (van den Oord et al. 2018), with one more passage of the same
document for each question. sentence-transformers' own trainer needs two further packages, `datasets` and `accelerate`,
for a loop of thirty lines; and it cannot store a difference to the bundled encoder.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from json import dumps
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize
from tqdm import tqdm

from corpus.document import Passage, Span
from corpus.text.normalise import converted
from index.embedding import weights
from index.embedding.tokens.tokenizer import BEGIN, END, Tokenizer
from index.snapshots.snapshot import indexed_text
from qa.training.questions.written import WrittenDocument, WrittenExamples

_QUERY, _PASSAGE = "query: ", "passage: "
_PADDING = 1
MAX_TOKENS = 256  # passages of 160 tokens under their headings; longer ones lose their end


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the result besides the data.

    `frozen` counts the lower layers left as they are; `traditional` is the share (0–1) of questions put into
    Traditional characters; `temperature` divides the cosines.
    """

    seed: int = 7
    epochs: int = 1
    batch: int = 48
    learning_rate: float = 5e-5
    warmup: int = 20
    weight_decay: float = 0.01
    frozen: int = 3
    traditional: float = 0.05
    temperature: float = 0.03
    checkpoint_every: int = 50
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the passage with its answer, and another passage of the same document, if there is one."""

    question: str
    passage: str
    beside: str | None


def pairs(documents: Sequence[WrittenDocument], examples: WrittenExamples, recipe: Recipe, epoch: int) -> list[Pair]:
    """Return one pair for each answerable question, in an order of the epoch's own."""
    chance = random.Random(f"{recipe.seed}/{epoch}")
    found = []
    for number, written in enumerate(documents):
        for question in written.questions:
            own = examples.passages(number)
            held = next((p for p in own if question.answer and _holds(p, question.answer)), None)
            if held is None:
                continue
            others = [passage for passage in own if passage is not held]
            text = question.text
            if chance.random() < recipe.traditional:
                text = converted(text, "s2t")
            found.append(Pair(text, indexed_text(held), indexed_text(chance.choice(others)) if others else None))
    chance.shuffle(found)
    return found


def fit(
    encoder: nn.Module,
    tokenizer: Tokenizer,
    batches: Sequence[Sequence[Pair]],
    *,
    out: Path,
    recipe: Recipe,
    start: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train `encoder` in place; write `out/embedder.safetensors`, the difference to how it came, and return that path.

    `start` is a weight file to begin from. Raises `WeightsError` when it is missing.
    """
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    holder = nn.Module()
    holder.encoder = encoder
    holder.to(device)
    trained = {n: p for n, p in holder.named_parameters() if _is_trained(n, encoder, recipe.frozen)}
    base = {name: parameter.detach().cpu().clone() for name, parameter in trained.items()}
    if start:
        weights.apply(holder, start)
    for name, parameter in holder.named_parameters():
        parameter.requires_grad_(name in trained)
    optimizer = torch.optim.AdamW(trained.values(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    plan = batches[: recipe.steps]
    encoder.train()
    for step, batch in enumerate(tqdm(plan, desc="train", unit="batch", mininterval=10)):
        share = min((step + 1) / recipe.warmup, (len(plan) - step) / max(1, len(plan) - recipe.warmup), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * share
        loss = _loss(encoder, tokenizer, batch, recipe.temperature, device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # of PyTorch
        nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        if (step + 1) % recipe.checkpoint_every == 0:
            _save(trained, base, out / "checkpoint.safetensors", recipe)
            progress(f"{step + 1} of {len(plan)} batches, loss {loss.item():.3f}")
    return _save(trained, base, out / "embedder.safetensors", recipe)


def batched(found: Sequence[Pair], size: int) -> Iterator[Sequence[Pair]]:
    """Cut an epoch's pairs into batches, the last one short."""
    for begin in range(0, len(found), size):
        yield found[begin : begin + size]


def _holds(passage: Passage, answer: Span) -> bool:
    return answer.lies_in(passage.span)


def _is_trained(name: str, encoder: nn.Module, frozen: int) -> bool:
    layers = {int(place.split(".")[2]) for place, _ in encoder.named_parameters() if place.startswith("encoder.layer.")}
    return name.startswith(tuple(f"encoder.encoder.layer.{number}." for number in layers if number >= frozen))


def _loss(
    encoder: nn.Module, tokenizer: Tokenizer, batch: Sequence[Pair], temperature: float, device: torch.device
) -> Tensor:
    passages = [pair.passage for pair in batch] + [pair.beside for pair in batch if pair.beside]
    asked = _encoded(encoder, tokenizer, [_QUERY + pair.question for pair in batch], device)
    found = _encoded(encoder, tokenizer, [_PASSAGE + passage for passage in passages], device)
    scores = asked @ found.T / temperature
    # The same passage may answer two questions of a batch: it is no wrong one for either.
    for row, pair in enumerate(batch):
        for column, passage in enumerate(passages):
            if column != row and passage == pair.passage:
                scores[row, column] = -torch.inf
    return cross_entropy(scores, torch.arange(len(batch), device=device))


def _encoded(encoder: nn.Module, tokenizer: Tokenizer, texts: Sequence[str], device: torch.device) -> Tensor:
    """Return mean-pooled states at unit length, (texts, dimensions)."""
    ids = [[BEGIN, *tokenizer.encode(text).ids, END][:MAX_TOKENS] for text in texts]
    width = max(map(len, ids))
    tokens = torch.full((len(ids), width), _PADDING, dtype=torch.long)
    mask = torch.zeros((len(ids), width), dtype=torch.long)
    for row, one in enumerate(ids):
        tokens[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    states = encoder(input_ids=tokens.to(device), attention_mask=mask.to(device)).last_hidden_state
    weight = mask.to(device).unsqueeze(-1).to(states.dtype)
    return normalize((states * weight).sum(1) / weight.sum(1), dim=1)


def _save(trained: dict[str, nn.Parameter], base: dict[str, Tensor], path: Path, recipe: Recipe) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: parameter.detach().cpu() for name, parameter in trained.items()}
    weights.save(tensors, base, path, metadata={"recipe": dumps(asdict(recipe))})
    return path
