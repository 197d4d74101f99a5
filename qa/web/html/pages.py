"""Renders whole pages from the templates beside this file."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qa.answering.question.words import has_han
from qa.web import assets
from qa.web.html.abstentions import passage
from qa.web.html.citations import origin, retold
from qa.web.html.escaping import Html, label, moment
from qa.web.html.help import people

FOLDER = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> Html:
    """Return the page of a template, named by its path below `FOLDER`.

    Everything in `values` except `Html` is shown as text. Raises `jinja2.UndefinedError` if the template needs a
    missing value.
    """
    return Html(templates().get_template(template).render(values))  # noqa: S704  the template has escaped it


@cache
def templates() -> Environment:
    """Return the environment of all templates, with the functions they may call."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals = {
        "asset": assets.address,
        "has_han": has_han,
        "label": label,
        "moment": moment,
        "origin": origin,
        "passage": passage,
        "people": people,
        "retold": retold,
    }
    return environment
