"""The proper names in documents, found once when an index is built: names that are typed by their sound are mended."""

import re
from typing import NamedTuple

from corpus.text.normalise import normalise

# Tags of people, places, bodies and other proper names, as rjieba gives them.
NAME_TAGS = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz"])
LONGEST = 4  # characters
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


class Named(NamedTuple):
    """The names in one text."""

    names: tuple[str, ...]  # of two to `LONGEST` Chinese characters, as in its normalised copy, ascending
    simplified: bool  # whether the copy has the same Chinese characters as the text


def names_in(text: str) -> Named:
    """Find the names in a text; half a million characters a second or more."""
    import rjieba  # here, because its dictionary takes a while to load, and many commands search nothing

    copy = normalise(text)
    tagged = {word for word, tag in rjieba.tag(copy) if tag in NAME_TAGS and 2 <= len(word) <= LONGEST}
    names = sorted(word for word in tagged if CHINESE.fullmatch(word))
    return Named(tuple(names), CHINESE.findall(copy) == CHINESE.findall(text))
