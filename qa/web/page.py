"""Pages that need neither Gradio nor a script: a document, a shared answer, a missing page."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.answering.screening import MAX_QUESTION
from qa.service.answer_queue import RETRY_SECONDS
from qa.service.suggestions import Suggestions
from qa.web.html import Html, in_language, render, words
from qa.web.site import NO_SITE, Site
from qa.web.translations import ENGLISH, SIMPLIFIED, TRADITIONAL, as_traditional, preferred


@dataclass(frozen=True, slots=True)
class Card:
    """What other programs show of a link to a page: the picture served at `origin`, a title, a text.

    Title and text are the site's where they are empty; without `origin` there is no picture.
    """

    origin: str = ""
    title: str = ""
    text: str = ""


NO_CARD = Card()


def page(
    template: str, *, language: str, status: int = 200, site: Site = NO_SITE, card: Card = NO_CARD, **values: object
) -> HTMLResponse:
    """Return a whole page from a template that continues `page.html`; `site` says at its end whose it is.

    `values` are what the template shows, as text but for `Html`.
    """
    made = render(template, language=language, words=words(language), site=site, **_shared(card), **values)
    return HTMLResponse(in_language(made, language), status)


def head(origin: str) -> Html:
    """Return our part of the head of the page at `/`, which others see of it, too; `origin` is where it is served."""
    return render("page_head.html", words=words(SIMPLIFIED), **_shared(Card(origin)))


def _shared(card: Card) -> dict[str, str]:
    return {"served_at": card.origin, "shared_title": card.title, "shared_text": card.text}


def shell(accepted: str, *, examples: Sequence[str] = (), notices: Sequence[str] = (), site: Site = NO_SITE) -> Html:
    """Return what the page at `/` shows until the chat is loaded, in the language that a browser accepts.

    `examples` are questions to tap, `notices` what staff have to say.
    """
    language = preferred(accepted)
    values = {"longest": MAX_QUESTION, "examples": examples, "notices": notices, "site": site}
    return in_language(render("shell.html", language=language, **values), language)


def origin(request: Request) -> str:
    """Return scheme and host that the visitor called; the guard lets no foreign host pass."""
    return f"{request.url.scheme}://{request.url.netloc}"


def examples(suggestions: Suggestions, language: str) -> list[str]:
    """Return the questions to begin with in a language of the page; in English where there are any, else in Chinese."""
    found = suggestions.examples(english=language == ENGLISH)
    return [as_traditional(question) for question in found] if language == TRADITIONAL else found


def come_back(language: str, seconds: int = RETRY_SECONDS, *, status: int, why: str = "busy") -> HTMLResponse:
    """Return the page for a reader who comes too often or when too many read; `why` names the word that says so."""
    response = page("citizen/come_back.html", language=language, status=status, why=why)
    response.headers["Retry-After"] = str(seconds)
    return response


def not_found(language: str) -> HTMLResponse:
    """Return the page for a link that leads nowhere."""
    return page("citizen/not_found.html", language=language, status=404)
