"""Replies and pages as HTML: the one room where text of visitors and documents becomes markup."""

from qa.web.html.answers import (
    BRIEF,
    exchange,
    header,
    language_of,
    plain,
    sentence,
    turned_away,
    withheld,
)
from qa.web.html.citations import source_address
from qa.web.html.escaping import NOTHING, Html, escape, in_language, label, moment
from qa.web.html.help import Ways
from qa.web.html.pages import render
from qa.web.translations import words

__all__ = [
    "BRIEF",
    "NOTHING",
    "Html",
    "Ways",
    "escape",
    "exchange",
    "header",
    "in_language",
    "label",
    "language_of",
    "moment",
    "plain",
    "render",
    "sentence",
    "source_address",
    "turned_away",
    "withheld",
    "words",
]
