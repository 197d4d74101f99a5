"""Documents as JSON objects and back: how snapshots keep them, and how the converting process hands them over."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from corpus.document import Document, Heading, Page, Span
from corpus.validity import About


def as_json(document: Document) -> dict[str, Any]:
    """All of a document, in values that JSON has."""
    about = {name: value for name, value in asdict(document.about).items() if value}
    return {
        "name": document.name,
        "title": document.title,
        "topic": document.topic,
        "source": document.source,
        "headings": [[heading.level, heading.span.start, heading.span.end] for heading in document.headings],
        "pages": [[page.label, page.start] for page in document.pages],
        "about": {name: value.isoformat() if isinstance(value, date) else value for name, value in about.items()},
        "file_sha256": document.file_sha256,
        "loader": document.loader,
        "remark": document.remark,
        "text": document.text,
    }


def from_json(entry: Mapping[str, Any]) -> Document:
    """The document that `as_json` was given. Raises KeyError, TypeError or ValueError when `entry` is none."""
    about = dict(entry["about"])
    for name in ("in_force_from", "in_force_until"):
        if name in about:
            about[name] = date.fromisoformat(about[name])
    if "read" in about:
        about["read"] = tuple(map(str, about["read"]))
    if "reasons" in about:
        about["reasons"] = tuple((str(name), str(words)) for name, words in about["reasons"])
    texts = {name: entry[name] for name in ("name", "title", "text", "topic", "source")}
    origin = {name: entry[name] for name in ("file_sha256", "loader", "remark")}
    if not all(isinstance(value, str) for value in (*texts.values(), *origin.values())):
        raise TypeError("A text of the document is none")
    return Document(
        **texts,
        **origin,
        headings=tuple(Heading(level, Span(start, end)) for level, start, end in entry["headings"]),
        pages=tuple(Page(label, start) for label, start in entry["pages"]),
        about=About(**about),
    )
