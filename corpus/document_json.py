"""Documents as JSON objects: snapshots store them so, and the converting process sends them so."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from corpus.document import Document, Heading, Page, Span, Table
from corpus.validity import ABOUT, About

_NOTHING = About()


def as_json(document: Document) -> dict[str, Any]:
    """Return all of a document in JSON values."""
    about = {name: value for name in ABOUT if (value := getattr(document.about, name))}
    return {
        "name": document.name,
        "title": document.title,
        "topic": document.topic,
        "source": document.source,
        "headings": [[heading.level, heading.span.start, heading.span.end] for heading in document.headings],
        "pages": [[page.label, page.start] for page in document.pages],
        "tables": [_table_json(table) for table in document.tables],
        "about": {name: value.isoformat() if isinstance(value, date) else value for name, value in about.items()},
        "file_sha256": document.file_sha256,
        "loader": document.loader,
        "remark": document.remark,
        "text": document.text,
    }


def from_json(entry: Mapping[str, Any]) -> Document:
    """Return the document that `as_json` was given. Raises `KeyError`, `TypeError` or `ValueError` for other input."""
    texts = {name: entry[name] for name in ("name", "title", "text", "topic", "source")}
    origin = {name: entry[name] for name in ("file_sha256", "loader", "remark")}
    if not all(isinstance(value, str) for value in (*texts.values(), *origin.values())):
        raise TypeError("A text of the document is none")
    return Document(
        **texts,
        **origin,
        headings=tuple(Heading(level, Span(start, end)) for level, start, end in entry["headings"]),
        pages=tuple(Page(label, start) for label, start in entry["pages"]),
        about=_about(entry["about"]) if entry["about"] else _NOTHING,
        tables=tuple(map(_table, entry.get("tables", ()))),
    )


def _about(entry: Mapping[str, Any]) -> About:
    about = dict(entry)
    for name in ("in_force_from", "in_force_until"):
        if name in about:
            about[name] = date.fromisoformat(about[name])
    if "read" in about:
        about["read"] = tuple(map(str, about["read"]))
    if "reasons" in about:
        about["reasons"] = tuple((str(name), str(words)) for name, words in about["reasons"])
    return About(**about)


def _table_json(table: Table) -> list[Any]:
    # Two numbers per value keep this small: a workbook has a hundred thousand values.
    rows = [[value and [value.start, value.end] for value in row] for row in table.rows]
    return [table.span.start, table.span.end, table.title, list(table.columns), rows]


def _table(entry: Sequence[Any]) -> Table:
    start, end, title, columns, rows = entry
    if not all(isinstance(words, str) for words in (title, *columns)):
        raise TypeError("A text of a table is none")
    values = tuple(tuple(value and Span(*value) for value in row) for row in rows)
    return Table(Span(start, end), title, tuple(columns), values)
