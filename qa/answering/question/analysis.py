"""A question as a value: analysed once, and shared by the steps that search, read and check answers."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

import rjieba

from corpus.text.normalise import Normal, digits, normalise
from index.search.terms import words_in

_CLAUSE_END = re.compile(r"[，,。；;？?！!\n]")
_PAIR = re.compile(r"[\u4e00-\u9fff](?=[\u4e00-\u9fff])")

Tagged = tuple[tuple[str, str], ...]  # words with their tags, in order


@dataclass(frozen=True)
class Question:
    """A question as it is looked up; each property is computed on first use, and kept.

    `text` is the question as typed, without invisible characters. `standalone` is completed from the turns before.
    `search` is the form for matching: normalised, years in digits, in the words of the documents, names mended.
    """

    text: str
    standalone: str
    search: Normal

    @classmethod
    def of(cls, search: str) -> "Question":
        """Return a question of which only the search form is known."""
        return cls(search, search, digits(search))

    @cached_property
    def normal(self) -> Normal:
        """The standalone question, normalised, in its own words."""
        return normalise(self.standalone)

    @cached_property
    def traditional(self) -> bool:
        """Whether the question is written in Traditional characters."""
        return self.normal != unicodedata.normalize("NFKC", self.standalone).lower()

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the search form, without function words."""
        return frozenset(words_in(self.search))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of neighbouring Chinese characters."""
        return pairs_in(self.search)

    @cached_property
    def tagged(self) -> Tagged:
        """All words with their tags."""
        return tuple(rjieba.tag(self.search))

    @cached_property
    def clauses(self) -> tuple[Tagged, ...]:
        """All words with their tags, clause by clause."""
        return tagged_clauses(self.search)


def analysed(question: Question | str) -> Question:
    """Return a question as a value; a plain text is taken as the search form."""
    return question if isinstance(question, Question) else Question.of(question)


def tagged_clauses(normal: str) -> tuple[Tagged, ...]:
    """Return the clauses of a normalised text, cut into tagged words."""
    return tuple(tuple(rjieba.tag(clause)) for clause in _CLAUSE_END.split(normal))


def pairs_in(normal: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters of a normalised text."""
    return frozenset(normal[match.start() : match.start() + 2] for match in _PAIR.finditer(normal))
