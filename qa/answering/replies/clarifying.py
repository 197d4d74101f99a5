"""Which of several documents a question means: the words that tell them apart, to choose from."""

from collections.abc import Sequence

import rjieba

from corpus.document import Document
from corpus.text.normalise import Normal, normalise
from qa.answering.question.analysis import pairs_in
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.editions import subject

# A short difference in titles that otherwise agree stands for its document: 城镇, 农村. Else the whole title does.
LONGEST_LABEL = 8
FEWEST_SHARED = 4
MOST = 3


def choices(question: Normal, reading: Reading) -> tuple[tuple[str, Finding], ...]:
    """Return the findings of different documents that a question fits equally, each with a label; else nothing."""
    known = reading.findings if reading.contradictory else (*reading.findings[:1], *reading.rivals)
    names = [one.document.name for one in known]
    findings = [one for place, one in enumerate(known) if names[place] not in names[:place]][:MOST]
    labels = told_apart(question, [one.document for one in findings])
    return tuple(zip(labels, findings, strict=True)) if labels else ()


def told_apart(question: Normal, documents: Sequence[Document]) -> tuple[str, ...]:
    """Return a label for each document, to choose between them; empty where there is nothing to choose.

    That is so for editions of one document, for titles that are equal, and where the question has words of only some
    of the titles: it says itself which it means. `question` is its search form.
    """
    titles = [normalise(document.title) for document in documents]
    if len(titles) < 2 or len(set(map(subject, titles))) < len(titles):
        return ()
    asked = [pairs_in(title) & pairs_in(question) for title in titles]
    if any(one != asked[0] for one in asked[1:]):
        return ()
    return _differences([document.title for document in documents])


def _differences(titles: Sequence[str]) -> tuple[str, ...]:
    """Return the words of each title between what all begin and end with; the whole titles where those say more."""
    words = [list(rjieba.cut(title)) for title in titles]
    shortest = min(map(len, words))
    first = next((n for n in range(shortest) if len({one[n] for one in words}) > 1), shortest)
    most = shortest - first
    last = next((n for n in range(most) if len({one[-1 - n] for one in words}) > 1), most)
    middles = ["".join(one[first : len(one) - last]) for one in words]
    shared = len("".join(words[0])) - len(middles[0])
    short = shared >= FEWEST_SHARED and all(0 < len(one) <= LONGEST_LABEL for one in middles)
    return tuple(middles) if short else tuple(f"《{title}》" for title in titles)
