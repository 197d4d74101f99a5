"""Encodes question and passage as one sequence of tokens, and maps tokens back to the passage's characters."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding.running import Arrays
from index.embedding.tokens.tokenizer import BEGIN, END, open_tokenizer

MAX_TOKENS = 512
MAX_QUESTION_READ = 160  # characters: longer questions lose their end, never the passage
# OpenVINO caches what it prepares for each shape: with hundreds of shapes, memory would grow for days.
LENGTH_STEP = 16
Tokens = tuple[tuple[int, ...], int, int]  # token ids, index of the passage's first token, number of its tokens
_QUESTION, _PASSAGE = "query: ", "passage: "
_AROUND = 4  # tokens around question and passage


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
        self._tokenizer = open_tokenizer(model_folder, punctuation_apart=True)
        self._most = max_tokens - _AROUND
        self._overlap = max_tokens // 4

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        """Return the windows of (question, passage) pairs, in order, at least one for each pair."""
        questions: dict[str, list[int]] = {}
        windows: list[Window] = []
        for number, (question, passage) in enumerate(pairs):
            if question not in questions:
                questions[question] = self._question(question)
            windows += self._windows(questions[question], passage, number)
        return windows

    def _question(self, question: str) -> list[int]:
        ids = self._tokenizer.encode(_QUESTION + question[:MAX_QUESTION_READ]).ids
        return ids[: self._most - self._overlap - LENGTH_STEP]

    def _windows(self, question: list[int], passage: str, number: int) -> Iterator[Window]:
        read = self._tokenizer.encode(_PASSAGE + passage)
        offsets = _in_passage(read.offsets, passage)
        before = [BEGIN, *question, END, END]
        room = self._most - len(question)
        for begin in range(0, len(read.ids), room - self._overlap):
            end = begin + room
            yield Window([*before, *read.ids[begin:end], END], len(before), offsets[begin:end], number)
            if end >= len(read.ids):
                return


def _in_passage(offsets: Sequence[tuple[int, int]], passage: str) -> list[tuple[int, int]]:
    """Return offsets behind the word before each passage as those of its own characters, without leading spaces."""
    lead = len(_PASSAGE)
    found = []
    for start, end in offsets:
        start, end = max(0, start - lead), max(0, end - lead)
        while start < end and passage[start].isspace():
            start += 1
        found.append((start, end))
    return found


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
