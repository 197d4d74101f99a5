"""Where words come from: the document, its headings, the link to the place."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from corpus.metadata.dates import read_day
from qa.answering.reply import Citation
from qa.web.html.escaping import escape, label, moment


def source_address(snapshot: str, citations: Sequence[Citation]) -> str:
    """Where the document of these citations is shown with all of them marked, the first in view."""
    spans = [("at", f"{citation.start}-{citation.end}") for citation in citations]
    return f"/source?{urlencode([('snapshot', snapshot), ('document', citations[0].document), *spans])}#m1"


def numbered(citations: Iterable[Citation]) -> dict[str, int]:
    """A number for each document cited, in the order of the citations."""
    documents = dict.fromkeys(citation.document for citation in citations)
    return {document: number for number, document in enumerate(documents, start=1)}


def chip(snapshot: str, citations: Sequence[Citation], number: int) -> str:
    """A document that an answer quotes, as a link with its number."""
    address = escape(source_address(snapshot, citations))
    return f'<li><a class="chip source" href="{address}"><b>{number}</b><span>{origin(citations[0])}</span></a></li>'


def origin(citation: Citation) -> str:
    """The title, headings and date of the document that words stand in."""
    places = "".join(f'<span class="heading text">{escape(place)}</span>' for place in path(citation))
    title = f'<cite class="text">{escape(citation.title)}</cite>'
    return f'<span class="origin" lang="zh-CN">{title}{places}</span>{dated(citation)}{note(citation)}'


def path(citation: Citation) -> list[str]:
    """The headings above the words and the page they stand on."""
    return [place for place in (*citation.headings, citation.place) if place and place != citation.title]


def dated(citation: Citation) -> str:
    """The document's own day, in the page's language where it is a whole one."""
    if not citation.date:
        return ""
    day = read_day(citation.date)
    return f'<span class="dated">{moment(day) if day else escape(citation.date)}</span>'


def note(citation: Citation) -> str:
    """That a document is not in force."""
    words = f'<span class="text" lang="zh-CN">{escape(citation.note)}</span>'
    return f'<strong class="note">{label("out_of_force")}{words}</strong>' if citation.note else ""


def highlighted(citation: Citation) -> str:
    """The words of the citation, its marked ranges highlighted; ranges that overlap are joined."""
    parts, position = [], 0
    text = citation.text.rstrip()
    for start, end in sorted(citation.marks):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            parts += [escape(text[position:start]), f"<mark>{escape(text[start:end])}</mark>"]
            position = end
    return "".join(parts) + escape(text[position:])
