"""Pages that need no script: a form that answers, the documents by topic, and the office that runs the site."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from corpus.document import Document, Span
from qa.answering.reply import Citation
from qa.service.admission import Admission, Received, TurnedAway, Visitor
from qa.service.questions import readable
from qa.web import html, page
from qa.web.citizen.chat import ways
from qa.web.html.citations import highlighted, origin
from qa.web.site import Site
from qa.web.translations import preferred

FOUND = 10
# Headings listed for each document: those of its two highest levels, as many as fit a phone comfortably.
MOST_HEADINGS = 12
_LEVELS = 2


def routes(reception: Admission, site: Site) -> APIRouter:
    """Return the routes `/ask`, `/topics` and `/about`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/ask")
    async def form(request: Request, q: str = "") -> HTMLResponse:
        return await _ask(reception, site, request, q)

    @router.post("/ask")
    async def asked(request: Request) -> HTMLResponse:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        return await _ask(reception, site, request, fields.get("q", [""])[0])

    @router.get("/topics")
    async def topics(request: Request, q: str = "") -> HTMLResponse:
        language = _language(request)
        if seconds := reception.reads_too_fast(_visitor(request)):
            return page.come_back(language, seconds, status=429)
        content = html.label("by_topic", "h1") + _search_box(q)
        if q.strip():
            found = await reception.search(readable(q), _visitor(request), count=FOUND)
            if isinstance(found, TurnedAway):
                return page.come_back(language, found.seconds, status=found.status)
            content += _found(found, reception.snapshot)
        else:
            content += "".join(_document(document, reception.snapshot) for document in reception.documents())
        return page.page(html.words(language)["by_topic"], content, language=language, site=site)

    @router.get("/about")
    async def about(request: Request) -> HTMLResponse:
        language = _language(request)
        return page.page(html.words(language)["about"], site.about_html(), language=language, site=site)

    return router


async def _ask(reception: Admission, site: Site, request: Request, question: str) -> HTMLResponse:
    """Return the form, and below it the reply to the question typed into it."""
    language = _language(request)
    question = readable(question)
    shown = ""
    if question.strip():
        match await reception.ask(question, (), _visitor(request), channel="page"):
            case Received() as received:
                offered = ways(reception, site.contact, received.further)
                shown = html.exchange(received.reply, ways=offered)
            case TurnedAway() as away:
                shown = html.turned_away(question, away.why, away.detail)
    return page.page(html.words(language)["title"], f"{_form(site)}{shown}", language=language, site=site)


def _form(site: Site) -> str:
    return (
        f"{html.label('tagline', 'h1')}{html.label('promise', 'p')}{site.privacy_html()}"
        '<form class="ask" method="post" action="/ask">'
        f'<label for="q">{html.label("question")}</label>'
        '<textarea id="q" name="q" rows="2" maxlength="300" required></textarea>'
        f'<button type="submit" class="primary">{html.label("send")}</button></form>'
    )


def _search_box(query: str) -> str:
    return (
        '<form class="ask" method="get" action="/topics">'
        f'<label for="q">{html.label("search_documents")}</label>'
        f'<input id="q" name="q" type="search" maxlength="100" value="{html.escape(query)}">'
        f'<button type="submit" class="primary">{html.label("search")}</button></form>'
    )


def _document(document: Document, snapshot: str) -> str:
    """Return a document with its headings, each linked to its place."""
    about = "".join(
        f'<span class="text">{html.escape(fact)}</span>'
        for fact in (document.about.issuer, document.about.date)
        if fact
    )
    spans = [heading.span for heading in document.headings if heading.level <= _level(document)][:MOST_HEADINGS]
    links = "".join(
        f'<li><a class="text" href="{_address(document, snapshot, span)}">{html.escape(text)}</a></li>'
        for span in spans
        if (text := " ".join(span.of(document.text).split())) and text != document.title
    )
    title = f'<a class="text" href="{_address(document, snapshot, None)}">{html.escape(document.title)}</a>'
    listed = f"<ul>{links}</ul>" if links else ""
    return f'<section class="topic" lang="zh-CN"><h2>{title}</h2><p class="about">{about}</p>{listed}</section>'


def _level(document: Document) -> int:
    """Return the lowest heading level that is listed."""
    levels = sorted({heading.level for heading in document.headings})
    return levels[:_LEVELS][-1] if levels else 0


def _address(document: Document, snapshot: str, span: Span | None) -> str:
    at = [("at", f"{span.start}-{span.end}")] if span else []
    query = urlencode([("snapshot", snapshot), ("document", document.name), *at])
    return html.escape(f"/source?{query}{'#m1' if span else ''}")


def _found(passages: Sequence[Citation], snapshot: str) -> str:
    """Return the passages nearest to the search words, or a sentence that nothing was found."""
    if not passages:
        return html.label("nothing_found", "p")
    shown = "".join(
        f'<li><p class="source">{origin(one)}</p><blockquote class="text" lang="zh-CN">{highlighted(one)}</blockquote>'
        f'<a class="chip" href="{html.escape(html.source_address(snapshot, [one]))}">'
        f"{html.label('see_source')}</a></li>"
        for one in passages
    )
    return f'<div class="reply"><ol class="nearest">{shown}</ol></div>'


def _language(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))


def _visitor(request: Request) -> Visitor:
    return Visitor(request.client.host if request.client else "")
