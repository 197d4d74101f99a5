"""Encodes question and passage as one sequence of tokens, and maps tokens back to the passage's characters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import pre_tokenizers

from index.embedding.tokenizer import open_tokenizer

MAX_TOKENS = 512
MAX_QUESTION_READ = 160  # characters: longer questions lose their end, never the passage
# OpenVINO caches what it prepares for each shape: with hundreds of shapes, memory would grow for days.
LENGTH_STEP = 16
Arrays = dict[str, npt.NDArray[np.int64]]
Tokens = tuple[tuple[int, ...], int, int]  # token ids, index of the passage's first token, number of its tokens
_QUESTION, _PASSAGE = "query: ", "passage: "


@dataclass(frozen=True, slots=True)
class Window:
    """Token ids of one sequence; `offsets[i]` is the range of characters under token `first + i`.

    `passage` is the index of its passage. A long passage is read in several windows that overlap.
    """

    ids: list[int]
    first: int
    offsets: list[tuple[int, int]]
    passage: int

    def tokens_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the first and last token of the passage's characters `[start, end)`; None if the window lacks some."""
        first = next((i for i, (_, e) in enumerate(self.offsets) if e > start), None)
        last = next((i for i in range(len(self.offsets) - 1, -1, -1) if self.offsets[i][0] < end), None)
        if first is None or last is None or last < first:
            return None
        if self.offsets[first][0] > start or self.offsets[last][1] < end:
            return None
        return self.first + first, self.first + last


class PairEncoder:
    """Encodes pairs with the encoder's own tokenizer, but splits punctuation from words.

    Otherwise pieces such as `》。` straddle the end of one answer in fourteen.
    """

    def __init__(self, model_folder: Path, *, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer = open_tokenizer(model_folder)
        apart = [self._tokenizer.pre_tokenizer, pre_tokenizers.Punctuation("isolated")]
        self._tokenizer.pre_tokenizer = pre_tokenizers.Sequence(apart)
        self._tokenizer.enable_truncation(max_tokens, stride=max_tokens // 4, strategy="only_second")
        self._tokenizer.no_padding()

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        """Return the windows of (question, passage) pairs, in order, at least one for each pair."""
        marked = [(_QUESTION + question[:MAX_QUESTION_READ], _PASSAGE + passage) for question, passage in pairs]
        encodings = self._tokenizer.encode_batch(marked)
        return [
            _window(part, number, passage)
            for number, (encoding, (_, passage)) in enumerate(zip(encodings, pairs, strict=True))
            for part in (encoding, *encoding.overflowing)
        ]


def _window(encoding: object, number: int, passage: str) -> Window:
    sequence = encoding.sequence_ids  # type: ignore[attr-defined]  # tokenizers ships no types for Encoding
    first = next((i for i, part in enumerate(sequence) if part == 1), len(sequence))
    last = len(sequence) - 1
    while last >= first and sequence[last] != 1:
        last -= 1
    lead = len(_PASSAGE)
    offsets = []
    for start, end in encoding.offsets[first : last + 1]:  # type: ignore[attr-defined]
        start, end = max(0, start - lead), max(0, end - lead)
        while start < end and passage[start].isspace():
            start += 1
        offsets.append((start, end))
    return Window(list(encoding.ids), first, offsets, number)  # type: ignore[attr-defined]


def padded(sequences: Sequence[Tokens], *, least: int = 1) -> Arrays:
    """Return arrays (sequences, tokens) for the network, padded to a multiple of `LENGTH_STEP`, at `least` so many."""
    longest = max(least, *(len(ids) for ids, _, _ in sequences))
    shape = (len(sequences), -(-longest // LENGTH_STEP) * LENGTH_STEP)
    arrays = {
        "input_ids": np.ones(shape, dtype=np.int64),  # 1 is the padding token
        "attention_mask": np.zeros(shape, dtype=np.int64),
        "passage_mask": np.zeros(shape, dtype=np.int64),
    }
    for row, (ids, first, length) in enumerate(sequences):
        arrays["input_ids"][row, : len(ids)] = ids
        arrays["attention_mask"][row, : len(ids)] = 1
        arrays["passage_mask"][row, first : first + length] = 1
    return arrays


Logits = npt.NDArray[np.float32]
MAX_ANSWER_TOKENS = 64


def best_span(start: Logits, end: Logits, window: Window, *, after: int = 0) -> tuple[float, tuple[int, int]]:
    """Return the best span as (score above "no answer here", characters `[start, end)` of the passage).

    `start` and `end` are logits (tokens,). Characters before `after` are no answers. Minus infinity if no span is left.
    """
    first = next((i for i, (begin, _) in enumerate(window.offsets) if begin >= after), len(window.offsets))
    offsets = window.offsets[first:]
    if not offsets:
        return -math.inf, (0, 0)
    tokens = slice(window.first + first, window.first + len(window.offsets))
    scores = np.triu(start[tokens, None] + end[None, tokens] + 0.0)
    scores[np.tril_indices(len(offsets), -1)] = -np.inf
    scores[np.triu_indices(len(offsets), MAX_ANSWER_TOKENS)] = -np.inf
    begin, stop = divmod(int(scores.argmax()), len(offsets))
    return float(scores[begin, stop] - start[0] - end[0]), (offsets[begin][0], offsets[stop][1])
