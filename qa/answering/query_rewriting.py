"""Makes a copy of the question for matching, in the words and characters of the documents.

The dictionaries of words and sounds load with the first documents: a command without a question needs none.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import rjieba

from corpus.text.normalise import Normal, normalise
from index.search.names import CHINESE, LONGEST, names_in
from index.snapshots.snapshot import Snapshot
from qa.answering.question.words import ASKS, has_han

_ENGLISH_GRAMMAR = re.compile(
    r"\b(?:a|an|the|of|in|on|at|to|for|from|by|with|and|or|is|are|was|were|be|been|did|do|does|has|have|had|"
    r"there|that|this|it|its|s|please|can|could|you|tell|me)\b|'"
)
# 吗 as it is said in the south-west.
_SPOKEN_WHETHER = re.compile(r"(?:(?<![豪年])迈|(?<![啰罗哆])嗦)(?=[？?。！! ]*$)")
_SHORT = 2  # characters of a word in which a part may still be a slip
SYNONYMS = Path(__file__).parents[2] / "corpus" / "synonyms.txt"


class SynonymsError(Exception):
    """A line of the synonyms file does not have the form `documents' word = other word, other word`."""


class Synonyms:
    """Words of citizens and the documents' words for them, which staff keep in `corpus/synonyms.txt`."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """`pairs` are (other word, documents' word)."""
        self._words: dict[str, str] = {normalise(other): normalise(word) for other, word in pairs}
        longest_first = sorted(self._words, key=len, reverse=True)
        # Latin words match only whole: "in" is not a part of "inside".
        patterns = [rf"(?<![a-z0-9]){re.escape(w)}(?![a-z0-9])" if w.isascii() else re.escape(w) for w in longest_first]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    @classmethod
    def read(cls, path: Path = SYNONYMS) -> "Synonyms":
        """Read the file: one documents' word a line, `=`, the other words between commas; # begins a comment."""
        return _synonyms(path.name, path.read_text(encoding="utf-8-sig"))

    def apply(self, text: str) -> str:
        """Return the text with every other word replaced by the documents' word."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._words[match.group()], text)


# Each call of a staff page reads the file anew.
@lru_cache(maxsize=1)
def _synonyms(name: str, text: str) -> Synonyms:
    pairs: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.split("#", 1)[0].strip()
        if not content:
            continue
        word, separator, others = content.partition("=")
        if not separator or not word.strip() or not others.strip():
            raise SynonymsError(f"{name}, line {number}: write 文件用词 = 其他说法, 其他说法")
        pairs += [(other.strip(), word.strip()) for other in re.split("[,，]", others) if other.strip()]
    return Synonyms(pairs)


def matching_copy(question: str, synonyms: Synonyms) -> Normal:
    """Return the question normalised (width, case, Simplified characters) and in the documents' words.

    An English question that contains one of these words loses its purely grammatical words.
    """
    normal = Normal(_SPOKEN_WHETHER.sub("吗", normalise(question)))
    copy = synonyms.apply(normal)
    if has_han(copy) and not has_han(normal):
        copy = _ENGLISH_GRAMMAR.sub(" ", copy)
    return Normal(" ".join(copy.split()))


class Names:
    """The names in documents by their sound, to mend names typed by sound: 华锋 → 华峰."""

    def __init__(self, names: Iterable[str], holds: Callable[[str], bool]) -> None:
        """`holds` returns whether a word of two Chinese characters or more stands in the documents."""
        by_sound: dict[tuple[str, ...], set[str]] = {}
        for word in set(names):
            by_sound.setdefault(_sound(word), set()).add(word)
        # Names that sound alike cannot be told apart by sound, so they are left out.
        self._by_sound = {sound: words.pop() for sound, words in by_sound.items() if len(words) == 1}
        self._holds = holds

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Names":
        """Take the names in a snapshot's documents; they are found now if an earlier program built it."""
        found = snapshot.names
        if found is None:
            found = tuple(names_in(document.text) for document in snapshot.documents)
        return cls(set().union(*found), snapshot.holds)

    def mend(self, question: str) -> str:
        """Return a normalised question in which names unknown to the documents become the known name of that sound."""
        for run in set(CHINESE.findall(question)):
            asking = {place for match in ASKS.finditer(run) for place in range(*match.span())}
            within = _within_words(run)
            for size in range(min(LONGEST, len(run)), 1, -1):
                for begin in range(len(run) - size + 1):
                    # A part of a long word is no name: 打乒|乓球 is not 大坪.
                    if begin in within or begin + size in within:
                        continue
                    typed = run[begin : begin + size]
                    name = self._by_sound.get(_sound(typed), typed)
                    # Question words are no part of a name: 浙江省为什么 is not 浙江省委什么.
                    if name != typed and not self._holds(typed) and asking.isdisjoint(range(begin, begin + size)):
                        question = question.replace(typed, name)
        return question


def _within_words(run: str) -> set[int]:
    """Return the places of a text that lie within words of three characters or more."""
    found: set[int] = set()
    place = 0
    for word in rjieba.cut(run, False):  # words of the dictionary, no guesses
        if len(word) > _SHORT:
            found.update(range(place + 1, place + len(word)))
        place += len(word)
    return found


def _sound(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))
