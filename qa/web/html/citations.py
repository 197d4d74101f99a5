"""Sources as markup: the document, its headings, the link to the place."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from corpus.metadata.dates import read_day
from qa.answering.reply import Citation
from qa.web.html.escaping import NOTHING, Html, label, moment


def source_address(snapshot: str, citations: Sequence[Citation]) -> str:
    """Return the address that shows the document of these citations with all of them marked, the first in view."""
    spans = [("at", f"{citation.start}-{citation.end}") for citation in citations]
    return f"/source?{urlencode([('snapshot', snapshot), ('document', citations[0].document), *spans])}#m1"


def numbered(citations: Iterable[Citation]) -> dict[str, int]:
    """Return a number for each cited document, from 1, in the order of the citations."""
    documents = dict.fromkeys(citation.document for citation in citations)
    return {document: number for number, document in enumerate(documents, start=1)}


def chip(snapshot: str, citations: Sequence[Citation], number: int) -> Html:
    """Return a quoted document as a link with its number."""
    link = Html('<li><a class="chip source" href="{}"><b>{}</b><span>{}</span></a></li>')
    day = NOTHING if citations[0].date else Html('<span class="dated">{}</span>').format(label("undated"))
    return link.format(source_address(snapshot, citations), number, origin(citations[0]) + day)


def origin(citation: Citation) -> Html:
    """Return the title, headings and date of the document that holds the words."""
    heading = Html('<span class="heading text">{}</span>')
    places = NOTHING.join(heading.format(place) for place in path(citation))
    named = Html('<span class="origin" lang="zh-CN"><cite class="text">{}</cite>{}</span>')
    return named.format(citation.title, places) + dated(citation) + note(citation)


def path(citation: Citation) -> list[str]:
    """Return the headings above the words, and their page."""
    return [place for place in (*citation.headings, citation.place) if place and place != citation.title]


def dated(citation: Citation) -> Html:
    """Return the document's own date; a full date in the page's language."""
    if not citation.date:
        return NOTHING
    day = read_day(citation.date)
    return Html('<span class="dated">{}</span>').format(moment(day) if day else citation.date)


def retold(citations: Iterable[Citation]) -> Html:
    """Return what the documents were made from, each source once: a work that one retells is not quoted itself."""
    sources = dict.fromkeys(citation.source for citation in citations if citation.source)
    shown = Html('<p class="retold">{}<span class="text" lang="zh-CN">{}</span></p>')
    return NOTHING.join(
        shown.format(label("retells" if "《" in source else "taken_from"), source) for source in sources
    )


def note(citation: Citation) -> Html:
    """Return a warning that a document is not in force; empty if it is."""
    if not citation.note:
        return NOTHING
    shown = Html('<strong class="note">{}<span class="text" lang="zh-CN">{}</span></strong>')
    return shown.format(label("out_of_force"), citation.note)


def highlighted(citation: Citation) -> Html:
    """Return the words of the citation with its marked ranges highlighted; overlapping ranges are joined."""
    parts: list[str] = []
    position = 0
    text = citation.text.rstrip()
    for start, end in sorted(citation.marks):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            parts += [text[position:start], Html("<mark>{}</mark>").format(text[start:end])]
            position = end
    return NOTHING.join([*parts, text[position:]])
