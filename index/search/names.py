"""The proper names in documents, found once when an index is built: names that are typed by their sound are mended."""

import re

from corpus.text.normalise import normalise

# Tags of people, places, bodies and other proper names, as rjieba gives them.
NAME_TAGS = frozenset(["nr", "nrt", "nrfg", "ns", "nt", "nz"])
LONGEST = 4  # characters
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of two to `LONGEST` Chinese characters in a text as in its normalised copy, ascending.

    Half a million characters a second or more are read.
    """
    import rjieba  # here, because its dictionary takes a while to load, and many commands search nothing

    tagged = {word for word, tag in rjieba.tag(normalise(text)) if tag in NAME_TAGS and 2 <= len(word) <= LONGEST}
    return tuple(sorted(word for word in tagged if CHINESE.fullmatch(word)))
