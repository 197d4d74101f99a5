"""What the router looks at in a question: runs of characters, English words, and the concepts that they stand for.

A thousand examples hold each word of danger once or twice. Concepts let 爷爷, 外婆 and 我爸 count as one, so that a
sentence is known by who, what and whom. What each of them says is not written here: it is learned.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from corpus.text.normalise import normalise
from index.search.terms import words_in

LONGEST_RUN = 3
# Characters of a question that are looked at; who writes a story says at the beginning or the end what is wrong.
LONGEST = 120
# The feature of a question that is one word.
WORD = "#word"
# How the features begin that say how much a question holds, and not what.
FORM = (WORD, "#length")

_LATIN = re.compile(r"[a-z]+|\d+")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_KEPT = re.compile(r"[a-z0-9\u3400-\u9fff]+")

# Words that stand for the same to whoever needs help, by the concept's name; the last five mark those who want to know.
_CONCEPTS: Mapping[str, str] = json.loads(Path(__file__).with_name("concepts.json").read_text(encoding="utf-8"))
_PATTERNS = {name: re.compile(pattern) for name, pattern in _CONCEPTS.items()}


def features(question: str) -> frozenset[str]:
    """Return what a question holds: `^…$` marks its ends, `#` a concept, `#…#…` two of them together."""
    text = " ".join(_KEPT.findall(normalise(question)[:LONGEST]))
    return frozenset([*_runs(text), *_words(text), *_concepts(text)])


def _runs(text: str) -> Iterator[str]:
    """Runs of one to three Chinese characters; where they begin or end the question, with a mark."""
    joined = "^" + "".join(_CHINESE.findall(text)) + "$"
    for length in range(1, LONGEST_RUN + 1):
        for at in range(len(joined) - length + 1):
            if (run := joined[at : at + length]) not in ("^", "$", "^$"):
                yield run


def _words(text: str) -> Iterator[str]:
    """Latin words and numbers, and each two in a row."""
    found = ["<", *_LATIN.findall(text), ">"]
    if len(found) > 2:
        yield from found[1:-1]
        yield from (f"{first} {second}" for first, second in zip(found, found[1:], strict=False))


def _concepts(text: str) -> Iterator[str]:
    found = [name for name, pattern in _PATTERNS.items() if pattern.search(text)]
    yield from (f"#{name}" for name in found)
    yield from (f"#{first}#{second}" for first, second in combinations(found, 2))
    # How much is said: a word, a few, a sentence, more.
    yield WORD if text in words_in(text) else f"#length{min(3, len(text) // 5)}"
