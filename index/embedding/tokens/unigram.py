"""Cuts words into pieces: those whose probabilities have the largest product.

Kudo 2018, https://arxiv.org/abs/1804.10959: the best way to each character, from left to right.
"""

import math
from bisect import bisect_left
from functools import lru_cache

from tokenizers import Token

from index.embedding.tokens.pieces import Nodes

# Clauses come again, above all those of passages that are read often. 4,096 short ones take about 5 MB.
_KEPT, _SHORT = 4096, 48


class Unigram:
    """Finds the pieces of words in a trie. Threads may share it."""

    def __init__(self, nodes: Nodes) -> None:
        self._characters, self._first = nodes["character"].data, nodes["first"].data
        self._scores, self._pieces = nodes["score"].data, nodes["piece"].data
        beginnings = nodes["character"][1 : nodes["first"][1]].tolist()
        self._beginnings = dict(zip(beginnings, range(1, len(beginnings) + 1), strict=True))
        self._recent = lru_cache(maxsize=_KEPT)(self._cut)

    def pieces(self, word: str) -> list[Token]:
        """Return the pieces that a word consists of, with the bytes that each takes of it.

        Of two ways that are equally probable, the one whose last piece begins earlier. What no piece covers is one
        unknown piece.
        """
        return self._recent(word) if len(word) <= _SHORT else self._cut(word)

    def _cut(self, word: str) -> list[Token]:
        begins, nodes = self._best_way(word)
        parts: list[tuple[int, int, int]] = []  # piece, and its characters
        end, unknown = len(word), self._pieces[0]
        while end:
            begin, piece = begins[end], self._pieces[nodes[end]]
            if parts and piece == unknown == parts[-1][0]:
                parts[-1] = (piece, begin, parts[-1][2])
            else:
                parts.append((piece, begin, end))
            end = begin
        tokens, at = [], 0
        for piece, begin, end in reversed(parts):
            text = word[begin:end]
            size = len(text.encode("utf-8"))
            tokens.append(Token(piece, text, (at, at + size)))
            at += size
        return tokens

    def _best_way(self, word: str) -> tuple[list[int], list[int]]:
        """Return where the last piece of the best way to each character begins, and the node of that piece."""
        characters, first, scores = self._characters, self._first, self._scores
        codes = list(map(ord, word))
        length = len(codes)
        best = [-math.inf] * (length + 1)
        best[0] = 0.0
        begins, nodes = [0] * (length + 1), [0] * (length + 1)
        for begin, code in enumerate(codes):
            so_far, end = best[begin], begin + 1
            node = self._beginnings.get(code, 0)
            if node == 0 or scores[node] == -math.inf:  # no piece is this character alone
                score = so_far + scores[0]
                if score > best[end]:
                    best[end], begins[end], nodes[end] = score, begin, 0
            while node:
                score = so_far + scores[node]
                if score > best[end]:
                    best[end], begins[end], nodes[end] = score, begin, node
                low, high = first[node], first[node + 1]
                if low == high or end == length:
                    break
                node = bisect_left(characters, codes[end], low, high)
                if node == high or characters[node] != codes[end]:
                    break
                end += 1
        return begins, nodes
