"""Routes of the page besides asking: its state, documents, shared replies, the widget."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from corpus.document import Span
from qa.answering.reply import Answer
from qa.service.admission import Admission
from qa.service.answer_queue import RETRY_SECONDS
from qa.service.document_pages import ReadingRoomFull
from qa.service.rate_limit import Visitor
from qa.service.sources import CHANGED, GONE, WITHDRAWN, Source
from qa.storage.question_log import Shared
from qa.web import assets, html, page
from qa.web.citizen import receipts
from qa.web.document_html import document_html
from qa.web.http.visitor import visitor_of
from qa.web.site import NO_SITE, Site
from qa.web.translations import LANGUAGES, preferred

MOST_MARKS = 40
# Characters of an answer on the card of a shared link.
MOST_SAID = 120
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


def routes(admission: Admission, originals: Path | None, site: Site = NO_SITE) -> APIRouter:
    """Return the routes for the page and its links. Files of the folder `originals`, if given, can be downloaded."""
    pages = APIRouter(include_in_schema=False)

    @pages.get("/api/page")
    async def state() -> dict[str, Any]:
        status, switches = admission.queue.assistant.status, admission.switches()
        return {
            "notice": switches.notice,
            "pause": switches.pause,
            "date": status.built_at.date().isoformat(),
            "examples": {language: page.examples(admission.suggestions, language) for language in LANGUAGES},
            "ai": "" if admission.writing is None else "resting" if admission.writing.resting else "ready",
        }

    @pages.get("/widget.js")
    async def widget() -> Response:
        return FileResponse(assets.FILES["widget.js"], media_type="text/javascript")

    _document_routes(pages, admission, originals, site)
    _shared_routes(pages, admission, site)
    router = APIRouter()
    router.include_router(pages)
    router.include_router(receipts.routes(admission))
    return router


def _document_routes(router: APIRouter, admission: Admission, originals: Path | None, site: Site) -> None:
    """Add the page of a document, and its file."""

    @router.get("/source")
    async def source(request: Request, snapshot: str = "", document: str = "") -> HTMLResponse:
        language = preferred(request.headers.get("accept-language", ""))
        if seconds := await admission.reads_too_fast(visitor_of(request.client)):
            return page.come_back(language, seconds, status=429)
        marks = _spans(request.query_params.getlist("at"))
        try:
            found = await admission.open(snapshot, document, visitor_of(request.client))
        except ReadingRoomFull:
            return page.come_back(language, RETRY_SECONDS, status=503)
        if found is None:
            return page.not_found(language)
        marks = [] if found.note == GONE else [mark for mark in marks if mark.end <= len(found.document.text)]
        file = _original(originals, document) if found.note != WITHDRAWN else None
        # The key holds the served snapshot too, because a deleted version is shown as the document is today.
        text = hash(found.document.text)
        key = (snapshot, admission.snapshot, document, text, tuple(marks), found.note, bool(file), language)

        def made() -> bytes:
            shown = page.page(
                "citizen/source.html",
                language=language,
                site=site,
                card=page.Card(title=found.document.title),
                title=found.document.title,
                note=found.note,
                document=document_html(found.document, marks),
                file=document if file else "",
            )
            return bytes(shown.body)

        try:
            return HTMLResponse(await admission.reading.page(key, made, network=visitor_of(request.client).network))
        except ReadingRoomFull:
            return page.come_back(language, RETRY_SECONDS, status=503)

    @router.get("/file")
    async def file(request: Request, document: str = "") -> Response:
        if seconds := await admission.reads_too_fast(visitor_of(request.client)):
            return page.come_back(preferred(request.headers.get("accept-language", "")), seconds, status=429)
        served = admission.queue.assistant.status.snapshot
        source = await admission.open(served, document, visitor_of(request.client))
        path = _original(originals, document) if source and not source.note else None
        if path is None:
            return page.not_found(preferred(request.headers.get("accept-language", "")))
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def _shared_routes(router: APIRouter, admission: Admission, site: Site) -> None:
    """Add the page of a shared reply."""

    @router.get("/a/{link}")
    async def shared(request: Request, link: str) -> HTMLResponse:
        language = preferred(request.headers.get("accept-language", ""))
        # Opens each document that the reply quotes; those of an old snapshot are read from the disk.
        if seconds := await admission.reads_too_fast(visitor_of(request.client)):
            return page.come_back(language, seconds, status=429)
        found = await admission.log.shared(link) if receipts.ID.fullmatch(link) else None
        if found is None:
            return page.not_found(language)
        try:
            shown = await _shared(admission, found, visitor_of(request.client), language=language)
        except ReadingRoomFull:
            return page.come_back(language, RETRY_SECONDS, status=503)
        card = page.Card(page.origin(request), found.reply.question, shown.pop("said"))
        return page.page("citizen/shared.html", language=language, site=site, card=card, **shown)


async def _shared(admission: Admission, found: Shared, visitor: Visitor, *, language: str) -> dict[str, Any]:
    """Return the reply as it was, with what happened to its documents since. Nothing withdrawn is shown."""
    reply = found.reply
    cited = reply.citations if isinstance(reply, Answer) else reply.nearest
    sources = {one.document: await admission.open(reply.snapshot, one.document, visitor) for one in cited}
    warnings = []
    if isinstance(reply, Answer):
        for name, title in {citation.document: citation.title for citation in cited}.items():
            if what := _since(sources[name], found.documents.get(name, "")):
                warnings.append((title, what))
        # An answer consists of all its quotations: if one of its documents is gone, it is not shown.
        gone = None in sources.values()
        shown = html.withheld(reply.question) if gone else html.exchange(reply, page=language)
        said = "" if gone else (reply.form.line or reply.short or reply.text)[:MOST_SAID]
    else:
        nearest = tuple(one for one in reply.nearest if sources[one.document])
        shown, said = html.exchange(replace(reply, nearest=nearest), page=language), ""
    day = found.asked_at.date()
    return {"question": reply.question, "warnings": warnings, "reply": shown, "day": day, "said": said}


def _since(source: Source | None, quoted: str) -> str:
    """Return the key of the note on what happened to a document since it was quoted; empty if nothing did."""
    if source is None or source.note == WITHDRAWN:
        return "since_withdrawn"
    # A deleted version may equal today's document.
    return "since_changed" if source.note == CHANGED or source.document.content_hash != quoted else ""


def _original(folder: Path | None, name: str) -> Path | None:
    """Return the file that a document was read from, if it really lies within the folder; else None."""
    try:
        path = (folder / name).resolve() if folder else None
        return path if path and folder and path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (OSError, ValueError):
        return None


def _spans(ranges: list[str]) -> list[Span]:
    found = [_RANGE.fullmatch(text) for text in ranges[:MOST_MARKS]]
    pairs = [(int(match[1]), int(match[2])) for match in found if match]
    return [Span(start, end) for start, end in pairs if start < end]
