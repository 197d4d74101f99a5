"""The router's features of a question: runs of characters, English words, and the concepts behind words.

A thousand examples contain each word of danger once or twice. Concepts count 爷爷, 外婆 and 我爸 as one, so that a
sentence is known by its persons and deeds. The weight of each concept is learned, not written here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from corpus.text.normalise import normalise
from index.search.terms import words

LONGEST_RUN = 3
# Characters of a question that are read: a long story says at its beginning or its end what is wrong.
LONGEST = 120
# The feature of a question that is one word.
WORD = "#word"
# Prefixes of features that measure how long a question is, not what it says.
FORM = (WORD, "#length")

_LATIN = re.compile(r"[a-z]+|\d+")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_KEPT = re.compile(r"[a-z0-9\u3400-\u9fff]+")

# Words of one meaning in a call for help, by the concept's name. The last five mark questions for information.
_CONCEPTS: Mapping[str, str] = json.loads(Path(__file__).with_name("concepts.json").read_text(encoding="utf-8"))
_PATTERNS = {name: re.compile(pattern) for name, pattern in _CONCEPTS.items()}


def features(question: str) -> frozenset[str]:
    """Return the features of a question: `^…$` marks its ends, `#` a concept, `#…#…` two concepts together."""
    text = " ".join(_KEPT.findall(normalise(question)[:LONGEST]))
    return frozenset([*_runs(text), *_words(text), *_concepts(text)])


def _runs(text: str) -> Iterator[str]:
    """Yield runs of one to three Chinese characters, with a mark where they begin or end the question."""
    joined = "^" + "".join(_CHINESE.findall(text)) + "$"
    for length in range(1, LONGEST_RUN + 1):
        for at in range(len(joined) - length + 1):
            if (run := joined[at : at + length]) not in ("^", "$", "^$"):
                yield run


def _words(text: str) -> Iterator[str]:
    """Yield Latin words and numbers, and each two in a row."""
    found = ["<", *_LATIN.findall(text), ">"]
    if len(found) > 2:
        yield from found[1:-1]
        yield from (f"{first} {second}" for first, second in zip(found, found[1:], strict=False))


def _concepts(text: str) -> Iterator[str]:
    found = [name for name, pattern in _PATTERNS.items() if pattern.search(text)]
    yield from (f"#{name}" for name in found)
    yield from (f"#{first}#{second}" for first, second in combinations(found, 2))
    # The length of the question in steps: a word, a few, a sentence, more.
    yield WORD if text in words(text) else f"#length{min(3, len(text) // 5)}"
