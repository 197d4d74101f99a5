"""Compares the evidence of a golden question with what documents say: which words are nowhere, and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from corpus.text.normalise import normalise

# Characters of the evidence, and of what is near it, that a sentence quotes.
MOST_QUOTED = 60
# Matching characters in a row that count as the same words.
SAME = 2


@dataclass(frozen=True, slots=True)
class Unfound:
    """Evidence that no published document holds: the nearest sentence with its document, and what differs from it."""

    words: str
    title: str = ""
    nearest: str = ""
    differing: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"现行的文件里没有“{_short(self.words)}”这段原文"
        if self.nearest:
            told += f"；最接近的在《{self.title}》：“{_short(self.nearest)}”"
        if self.differing:
            told += f"；对不上的是{'、'.join(f'“{_short(part)}”' for part in self.differing)}"
        return told


def holds(text: str, words: str) -> bool:
    """Return whether a text holds some words, wherever either breaks its lines."""
    return _joined(words) in _joined(text)


def unfound(words: str, near: Sequence[tuple[str, str]]) -> Unfound:
    """Return what evidence lacks; `near` are sentences, each after the title of its document."""
    if not near:
        return Unfound(words)
    title, nearest = max(near, key=lambda one: _matcher(words, one[1]).ratio())
    matcher = _matcher(words, nearest)
    same = [block for block in matcher.get_matching_blocks() if block.size >= SAME]
    gaps, at = [], 0
    for start, end in [*((block.a, block.a + block.size) for block in same), (len(words), len(words))]:
        gaps.append(words[at:start].strip())
        at = end
    return Unfound(words, title, " ".join(nearest.split()), tuple(gap for gap in gaps if gap))


def _joined(text: str) -> str:
    return "".join(normalise(text).split())


def _matcher(words: str, sentence: str) -> SequenceMatcher[str]:
    return SequenceMatcher(None, words, sentence, autojunk=False)


def _short(text: str) -> str:
    return text[:MOST_QUOTED] + ("……" if len(text) > MOST_QUOTED else "")
