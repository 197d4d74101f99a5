"""The encoder's tokenizer: the library `tokenizers` normalises and splits the text, our trie finds the pieces."""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tokenizers
from tokenizers import PreTokenizedString, pre_tokenizers

from index.embedding.tokens.pieces import SETTINGS, open_nodes, remove_pieces, stored_pieces
from index.embedding.tokens.unigram import Unigram

logger = logging.getLogger(__name__)

BEGIN, END = 0, 2  # the ids around a sequence, of every model of this kind


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, without those around it; `offsets[i]` are the characters under token `i`."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class Tokenizer:
    """Turns texts into tokens as the encoder was trained on them. Threads may share it."""

    def __init__(self, unigram: Unigram, settings: tokenizers.Tokenizer, *, punctuation_apart: bool) -> None:
        """`settings` tell how to normalise and split, and which tokens a text may name."""
        self._unigram = unigram
        self._normalizer, self._splitter = settings.normalizer, settings.pre_tokenizer
        if punctuation_apart:
            parts = [self._splitter, pre_tokenizers.Punctuation("isolated")]
            self._splitter = pre_tokenizers.Sequence(parts)
        self._special = {token.content: number for number, token in settings.get_added_tokens_decoder().items()}
        self._names = re.compile("(" + "|".join(map(re.escape, self._special)) + ")")

    def encode(self, text: str) -> Tokens:
        """Return the tokens of a text."""
        parts = self._names.split(text)
        if len(parts) == 1:
            return self._encode(text)
        tokens, at = Tokens([], []), 0
        for part in parts:
            number = self._special.get(part)
            found = self._encode(part) if number is None else Tokens([number], [(0, len(part))])
            tokens.ids.extend(found.ids)
            tokens.offsets.extend((at + begin, at + end) for begin, end in found.offsets)
            at += len(part)
        return tokens

    def enclosed(self, text: str, most: int) -> list[int]:
        """Return the ids of a text with those around it, at most so many: the end of a long text is left out."""
        return [BEGIN, *self.encode(text).ids[: most - 2], END]

    def _encode(self, text: str) -> Tokens:
        split = PreTokenizedString(text)
        split.normalize(self._normalizer.normalize)
        self._splitter.pre_tokenize(split)
        split.tokenize(self._unigram.pieces)
        encoding = split.to_encoding()
        return Tokens(encoding.ids, encoding.offsets)


def open_tokenizer(folder: Path, *, punctuation_apart: bool = False) -> Tokenizer:
    """Return the tokenizer of the encoder unpacked in `folder`; all of them share its pieces.

    `punctuation_apart` has each punctuation mark be tokens of its own.
    """
    unigram, settings = _opened(folder)
    return Tokenizer(unigram, settings, punctuation_apart=punctuation_apart)


@lru_cache(maxsize=4)
def _opened(folder: Path) -> tuple[Unigram, tokenizers.Tokenizer]:
    stored = stored_pieces(folder)
    try:
        return _read(stored)
    except Exception as error:  # the library raises nothing narrower for damaged settings
        logger.warning("The vocabulary's trie is damaged and made again: %s", error)
        remove_pieces(folder)
    return _read(stored_pieces(folder))


def _read(stored: Path) -> tuple[Unigram, tokenizers.Tokenizer]:
    return Unigram(open_nodes(stored)), tokenizers.Tokenizer.from_file(str(stored / SETTINGS))
