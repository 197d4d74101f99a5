"""Pages that need neither Gradio nor a script: a document, a shared answer, a missing page."""

from starlette.responses import HTMLResponse

from qa.web import assets
from qa.web.html import escape, in_language, label
from qa.web.site import NO_SITE, Site
from qa.web.translations import words


def page(title: str, content: str, *, language: str, status: int = 200, site: Site = NO_SITE) -> HTMLResponse:
    """Return a whole page around `content`, which is markup already; the end of the page names the `site`."""
    named = words(language)
    style, icon = assets.address("page.css"), assets.address("icon.svg")
    content, footer = in_language(content, language), in_language(site.footer_html(), language)
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        # The form must send its origin, which the header of all pages forbids.
        '<meta name="referrer" content="same-origin">'
        f"<title>{escape(title)} · {named['title']}</title>"
        f'<link rel="stylesheet" href="{style}"><link rel="icon" href="{icon}"></head>'
        f'<body class="plain"><header><a class="home" href="/">{named["title"]}</a>'
        f'<a class="action" href="/">{named["to_chat"]}</a></header><main>{content}</main>{footer}</body></html>',
        status,
    )


def come_back(language: str, seconds: int, *, status: int) -> HTMLResponse:
    """Return the page for a reader who comes too often, or when too many read."""
    content = label("busy", "p")
    response = page(words(language)["title"], content, language=language, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response


def not_found(language: str) -> HTMLResponse:
    """Return the page for a link that leads nowhere."""
    content = label("not_found", "h1") + label("not_found_why", "p")
    return page(words(language)["not_found"], content, language=language, status=404)
