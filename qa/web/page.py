"""Pages that need neither Gradio nor a script: a document, a shared answer, a missing page."""

from collections.abc import Sequence

from starlette.responses import HTMLResponse

from qa.answering.screening import MAX_QUESTION
from qa.web.html import Html, in_language, render, words
from qa.web.site import NO_SITE, Site
from qa.web.translations import SIMPLIFIED, preferred


def page(template: str, *, language: str, status: int = 200, site: Site = NO_SITE, **values: object) -> HTMLResponse:
    """Return a whole page from a template that continues `page.html`; `site` says at its end whose it is.

    `values` are what the template shows, as text but for `Html`.
    """
    made = render(template, language=language, words=words(language), site=site, **values)
    return HTMLResponse(in_language(made, language), status)


def head() -> Html:
    """Return our part of the head of the page at `/`, which others see of it, too."""
    return render("page_head.html", words=words(SIMPLIFIED))


def shell(accepted: str, *, examples: Sequence[str] = (), notices: Sequence[str] = (), site: Site = NO_SITE) -> Html:
    """Return what the page at `/` shows until the chat is loaded, in the language that a browser accepts.

    `examples` are questions to tap, `notices` what staff have to say.
    """
    language = preferred(accepted)
    values = {"longest": MAX_QUESTION, "examples": examples, "notices": notices, "site": site}
    return in_language(render("shell.html", language=language, **values), language)


def come_back(language: str, seconds: int, *, status: int) -> HTMLResponse:
    """Return the page for a reader who comes too often or when too many read."""
    response = page("citizen/come_back.html", language=language, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response


def not_found(language: str) -> HTMLResponse:
    """Return the page for a link that leads nowhere."""
    return page("citizen/not_found.html", language=language, status=404)
