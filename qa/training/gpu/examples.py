"""The bundle's examples on the device, where batches are put together from one pool of sequences."""

import io
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

_BEGIN, _PAD, _END = 0, 1, 2
# Columns of an example of the reader.
EPOCH, QUESTION, PASSAGE, OFFSET, LENGTH, START, STOP, ANSWERABLE = range(8)
_WIDTHS = 8  # batches are padded to a multiple of it, for the card's sake

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Examples:
    """All arrays of a bundle, the pool of sequences also on the device."""

    arrays: dict[str, npt.NDArray[Any]]
    texts: dict[str, list[str]]
    pool: Tensor
    bounds: Tensor
    device: torch.device

    def sizes(self, sequences: Rows) -> npt.NDArray[np.int32]:
        """Return the tokens of these sequences of the pool."""
        bounds = self.arrays["bounds"]
        found: npt.NDArray[np.int32] = bounds[sequences + 1] - bounds[sequences]
        return found


def write(folder: Path, arrays: dict[str, npt.NDArray[Any]], texts: dict[str, list[str]]) -> None:
    """Write `examples.npz.xz` and `texts.json`."""
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # numpy types its own option among the names
    (folder / "examples.npz.xz").write_bytes(lzma.compress(content.getvalue(), preset=6))
    (folder / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def read(folder: Path, device: torch.device) -> Examples:
    """Read what `write` wrote."""
    with np.load(io.BytesIO(lzma.decompress((folder / "examples.npz.xz").read_bytes()))) as stored:
        arrays = {name: stored[name] for name in stored.files}
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    pool, bounds = (torch.from_numpy(arrays[name].astype(np.int64)).to(device) for name in ("tokens", "bounds"))
    return Examples(arrays, texts, pool, bounds, device)


def read_together(examples: Examples, rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Return (ids, attention mask, passage mask), each (rows, tokens), of questions with passages."""
    question = examples.sizes(rows[:, QUESTION])
    width = _width(question + rows[:, LENGTH] + 4)
    table = torch.from_numpy(rows.astype(np.int64)).to(examples.device)
    asked = torch.from_numpy(question.astype(np.int64)).to(examples.device)[:, None]
    length = table[:, LENGTH, None]
    place = torch.arange(width, device=examples.device)[None, :]
    first = asked + 3  # <s> question </s> </s> passage </s>
    in_question = (place >= 1) & (place <= asked)
    in_passage = (place >= first) & (place < first + length)
    begin_question = examples.bounds[table[:, QUESTION]][:, None] - 1
    begin_passage = (examples.bounds[table[:, PASSAGE]] + table[:, OFFSET])[:, None] - first
    source = torch.where(in_question, begin_question + place, begin_passage + place)
    ids = torch.where(in_question | in_passage, examples.pool[source.clamp(0, len(examples.pool) - 1)], _END)
    ids[:, 0] = _BEGIN
    attention = place <= first + length
    return torch.where(attention, ids, _PAD), attention.long(), in_passage.long()


def read_alone(examples: Examples, sequences: Rows, most: int) -> tuple[Tensor, Tensor]:
    """Return (ids, attention mask), each (sequences, tokens), of single texts, cut off at `most` tokens."""
    size = np.minimum(examples.sizes(sequences) + 2, most)
    width = _width(size)
    numbers = torch.from_numpy(sequences.astype(np.int64)).to(examples.device)
    # As the product cuts them: the last token of a text that is too long is one of its words.
    whole = torch.from_numpy((examples.sizes(sequences) + 2).astype(np.int64)).to(examples.device)[:, None]
    place = torch.arange(width, device=examples.device)[None, :]
    inside = (place >= 1) & (place < whole - 1)
    source = examples.bounds[numbers][:, None] - 1 + place
    ids = torch.where(inside, examples.pool[source.clamp(0, len(examples.pool) - 1)], _END)
    ids[:, 0] = _BEGIN
    attention = (place < whole) & (place < most)
    return torch.where(attention, ids, _PAD), attention.long()


def batches(rows: Rows, lengths: npt.NDArray[Any], size: int, chance: np.random.Generator) -> Iterator[Rows]:
    """Yield all rows as batches of like length, in a random order."""
    order = np.argsort(lengths + chance.random(len(rows)) * 24, kind="stable")
    cuts: Sequence[int] = range(0, len(rows), size)
    for cut in chance.permutation(np.array(cuts)):
        yield rows[order[cut : cut + size]]


def _width(sizes: npt.NDArray[Any]) -> int:
    return int(-(-int(sizes.max()) // _WIDTHS) * _WIDTHS)
