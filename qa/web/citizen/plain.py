"""Pages that need no script: a form that answers, the documents by topic, and the office that runs the site."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from corpus.document import Document, Span
from qa.answering.screening import MAX_QUESTION, clean
from qa.service.admission import Admission, Received, TurnedAway
from qa.service.answer_queue import RETRY_SECONDS
from qa.service.document_pages import ReadingRoomFull
from qa.service.questions import readable
from qa.web import html, page
from qa.web.citizen.chat import ways
from qa.web.http.visitor import visitor_of
from qa.web.site import Site
from qa.web.translations import preferred

FOUND = 10
# Headings listed for each document: those of its two highest levels, as many as fit a phone comfortably.
MOST_HEADINGS = 12
_LEVELS = 2


def routes(admission: Admission, site: Site) -> APIRouter:
    """Return the routes `/ask`, `/topics` and `/about`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/ask")
    async def form(request: Request, q: str = "", document: str = "") -> HTMLResponse:
        # A picture or a frame of another site must not ask in its visitors' names: there the form is only filled in.
        elsewhere = request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
        return await _ask(admission, site, request, "" if elsewhere else q, typed=q, document=document)

    @router.post("/ask")
    async def asked(request: Request) -> HTMLResponse:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        question, document = (fields.get(name, [""])[0] for name in ("q", "document"))
        return await _ask(admission, site, request, question, document=document)

    @router.get("/topics")
    async def topics(request: Request, q: str = "") -> HTMLResponse:
        language = _language(request)
        if seconds := await admission.reads_too_fast(visitor_of(request.client)):
            return page.come_back(language, seconds, status=429)
        wanted = clean(readable(q))[:MAX_QUESTION]
        if not wanted:
            return await _documents(admission, site, request, language)
        found = await admission.search(wanted, visitor_of(request.client), count=FOUND)
        if isinstance(found, TurnedAway):
            return page.come_back(language, found.seconds, status=found.status)
        served = admission.snapshot
        return page.page("citizen/found.html", language=language, site=site, query=wanted, found=found, snapshot=served)

    @router.get("/about")
    async def about(request: Request) -> HTMLResponse:
        card = page.Card(page.origin(request))
        shown = replace(site, contact=ways(admission, site.contact).contact)  # the one that staff set comes first
        return page.page("citizen/about.html", language=_language(request), site=shown, card=card)

    return router


async def _documents(admission: Admission, site: Site, request: Request, language: str) -> HTMLResponse:
    """Return the list of documents; it is as long as the library, so it is made in a thread and kept."""
    documents, snapshot = admission.documents(), admission.snapshot

    def made() -> bytes:
        topics = listed(documents, snapshot)
        return bytes(page.page("citizen/documents.html", language=language, site=site, query="", topics=topics).body)

    key = ("topics", snapshot, language, tuple(document.name for document in documents))
    try:
        return HTMLResponse(await admission.reading.page(key, made, network=visitor_of(request.client).network))
    except ReadingRoomFull:
        return page.come_back(language, RETRY_SECONDS, status=503)


async def _ask(
    admission: Admission, site: Site, request: Request, question: str, *, typed: str = "", document: str = ""
) -> HTMLResponse:
    """Return the form, below the reply to a question; without one, `typed` stands in the form.

    A `document` is asked alone, and the form keeps it until the question is sent.
    """
    question, document, language = readable(question), readable(document), _language(request)
    shown = html.NOTHING
    if question.strip():
        match await admission.ask(question, (), visitor_of(request.client), channel="page", document=document):
            case Received() as received:
                offered = replace(ways(admission, site.contact, received.further), forms=True)
                shown = html.exchange(received.reply, ways=offered, page=language)
            case TurnedAway() as away:
                shown = html.turned_away(question, away.why, away.detail)
    typed = "" if question.strip() else readable(typed)[:MAX_QUESTION]
    kept = document if typed else ""  # another question is asked of all documents
    return page.page(
        "citizen/ask.html",
        language=language,
        site=site,
        card=page.Card(page.origin(request)),
        reply=shown,
        typed=typed,
        document=kept,
    )


@dataclass(frozen=True, slots=True)
class Topic:
    """A document as it is listed: its title and headings, each with the address of where it stands."""

    title: str
    address: str
    facts: tuple[str, ...]
    headings: tuple[tuple[str, str], ...]


def listed(documents: Sequence[Document], snapshot: str) -> list[Topic]:
    """Return the documents of the list."""
    return [topic(document, snapshot) for document in documents]


def topic(document: Document, snapshot: str) -> Topic:
    """Return a document with its headings, each with the address of its place."""
    spans = [heading.span for heading in document.headings if heading.level <= _level(document)][:MOST_HEADINGS]
    named = [(" ".join(span.of(document.text).split()), span) for span in spans]
    headings = [(text, _address(document, snapshot, span)) for text, span in named if text and text != document.title]
    facts = tuple(fact for fact in (document.about.issuer, document.about.date) if fact)
    return Topic(document.title, _address(document, snapshot, None), facts, tuple(headings))


def _level(document: Document) -> int:
    """Return the lowest heading level that is listed."""
    levels = sorted({heading.level for heading in document.headings})
    return levels[:_LEVELS][-1] if levels else 0


def _address(document: Document, snapshot: str, span: Span | None) -> str:
    at = [("at", f"{span.start}-{span.end}")] if span else []
    query = urlencode([("snapshot", snapshot), ("document", document.name), *at])
    return f"/source?{query}{'#m1' if span else ''}"


def _language(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))
