"""Sources as markup: the document, its headings, the link to the place."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from corpus.metadata.dates import read_day
from qa.answering.reply import Citation
from qa.web.html.escaping import escape, label, moment


def source_address(snapshot: str, citations: Sequence[Citation]) -> str:
    """Return the address that shows the document of these citations with all of them marked, the first in view."""
    spans = [("at", f"{citation.start}-{citation.end}") for citation in citations]
    return f"/source?{urlencode([('snapshot', snapshot), ('document', citations[0].document), *spans])}#m1"


def numbered(citations: Iterable[Citation]) -> dict[str, int]:
    """Return a number for each cited document, from 1, in the order of the citations."""
    documents = dict.fromkeys(citation.document for citation in citations)
    return {document: number for number, document in enumerate(documents, start=1)}


def chip(snapshot: str, citations: Sequence[Citation], number: int) -> str:
    """Return a quoted document as a link with its number."""
    address = escape(source_address(snapshot, citations))
    return f'<li><a class="chip source" href="{address}"><b>{number}</b><span>{origin(citations[0])}</span></a></li>'


def origin(citation: Citation) -> str:
    """Return the title, headings and date of the document that holds the words."""
    places = "".join(f'<span class="heading text">{escape(place)}</span>' for place in path(citation))
    title = f'<cite class="text">{escape(citation.title)}</cite>'
    return f'<span class="origin" lang="zh-CN">{title}{places}</span>{dated(citation)}{note(citation)}'


def path(citation: Citation) -> list[str]:
    """Return the headings above the words, and their page."""
    return [place for place in (*citation.headings, citation.place) if place and place != citation.title]


def dated(citation: Citation) -> str:
    """Return the document's own date; a full date in the page's language."""
    if not citation.date:
        return ""
    day = read_day(citation.date)
    return f'<span class="dated">{moment(day) if day else escape(citation.date)}</span>'


def note(citation: Citation) -> str:
    """Return a warning that a document is not in force; empty if it is."""
    words = f'<span class="text" lang="zh-CN">{escape(citation.note)}</span>'
    return f'<strong class="note">{label("out_of_force")}{words}</strong>' if citation.note else ""


def highlighted(citation: Citation) -> str:
    """Return the words of the citation with its marked ranges highlighted; overlapping ranges are joined."""
    parts, position = [], 0
    text = citation.text.rstrip()
    for start, end in sorted(citation.marks):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            parts += [escape(text[position:start]), f"<mark>{escape(text[start:end])}</mark>"]
            position = end
    return "".join(parts) + escape(text[position:])
