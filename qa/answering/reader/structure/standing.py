"""Answers whether a rule still holds by the words of the newer one that repeals it."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Document, Span
from corpus.metadata.repeals import base_title, repeals
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal, normalise
from index.retrieve import Hit
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.editions import asks_for_older, names

_SURE = 0.97
_HOLDS = re.compile(
    r"(?:还|仍|是否|是不是|现在|目前|已经?|有没有|被)[^，。？?《》]{0,4}?"
    r"(?:有效|生效|管用|算数|作数|适用|能用|可用|执行|实行|施行|废止|废除|失效|作废|取消|停止)"
    r"[^，。？?]{0,4}[吗么呢没否]?\s*[？?]?$"
)
_LEAST = 4  # characters of a title that a question must name


def still_in_force(question: Normal, hits: Sequence[Hit]) -> Reading | None:
    """Return the words that repeal the rule whose validity a question asks for.

    None when it asks for something else, or when no document found says so.
    """
    if not _HOLDS.search(question):
        return None
    documents = list({hit.passage.document.name: hit.passage.document for hit in hits}.values())
    ended = {hit.passage.document.name for hit in hits if hit.out_of_force}
    meant = [document for document in documents if _names(question, document)]
    if asks_for_older(question):
        meant = [document for document in meant if document.name in ended]
    elif any(names(question, document) for document in meant):
        meant = [document for document in meant if names(question, document)]
    if not meant or not all(document.name in ended for document in meant):
        return None
    for document in meant:
        for other in documents:
            if other.name != document.name and (span := next(_repealing(other, document), None)):
                headings = headings_at(other, span.start)
                return Reading((Finding(other, headings, span),), _SURE)
    return None


def _names(question: Normal, document: Document) -> bool:
    """Return whether a question holds the end of a document's title, as 救助办法 of 云溪县临时救助办法."""
    title = normalise(base_title(document.title))
    return len(title) >= _LEAST and title[-_LEAST:] in question


def _repealing(by: Document, document: Document) -> Iterator[Span]:
    """Yield the sentences of a document that repeal another one by name or number."""
    own = base_title(document.title)
    for repeal in repeals(by):
        start = by.text.find(repeal.words)
        called = repeal.title and base_title(repeal.title) == own
        numbered = repeal.number and repeal.number in normalise(document.about.number)
        if start >= 0 and (called or numbered):
            yield Span(start, start + len(repeal.words))
