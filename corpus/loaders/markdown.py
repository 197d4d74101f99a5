"""Markdown files: their words without markup, headings at their places."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Document, Heading, Span
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.metadata.side_file import apply, parse
from corpus.text.decoding import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read Markdown; its front matter holds the metadata. Raises `UnknownEncoding`.

    A front matter without any `key: value` line counts as text, so that nothing is lost.
    """
    source = decode(content)
    values, body = _front_matter(source)
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    text, headings = _plain(parser.parse(body))
    first = headings[0].span.of(text) if headings else PurePosixPath(name).stem
    return apply(Document(name, first, text, tuple(headings)), values)


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(source)
    values = parse(match.group(1) or "") if match else {}
    return (values, source[match.end() :]) if match and values else ({}, source)


def _plain(tokens: Sequence[Token]) -> tuple[str, list[Heading]]:
    """Return the text of block tokens: a blank line between blocks, one line for each list item and table row."""
    text = ""
    headings: list[Heading] = []
    markers: list[str] = []  # for each surrounding list, what its next item starts with
    prefix = ""
    in_row = False
    for number, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open":
                markers.append("- ")
            case "ordered_list_open":
                markers.append(f"{token.attrGet('start') or 1}. ")
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
                text += "" if markers else "\n"
            case "list_item_open":
                prefix = "  " * (len(markers) - 1) + markers[-1]
                if markers[-1] != "- ":
                    markers[-1] = f"{int(markers[-1].rstrip('. ')) + 1}. "
            case "tr_open" | "tr_close":
                in_row = token.type == "tr_open"
                text += "" if in_row else "\n"
            case "table_close":
                text += "\n"
            case "inline":
                words = _inline(token.children or [])
                if in_row:
                    text += words + (" | " if tokens[number + 2].type in ("td_open", "th_open") else "")
                    continue
                start = len(text) + len(prefix)
                text += prefix + words + ("\n" if markers else "\n\n")
                prefix = ""
                if tokens[number - 1].type == "heading_open" and words.strip():
                    headings.append(Heading(int(tokens[number - 1].tag[1:]), Span(start, start + len(words))))
            case "fence" | "code_block":
                text += token.content.rstrip("\n") + "\n\n"
    return text, headings


def _inline(children: Sequence[Token]) -> str:
    parts: list[str] = []
    for child in children:
        match child.type:
            case "text" | "code_inline":
                parts.append(child.content)
            case "image":
                parts.append(child.content)
            case "softbreak":
                before = parts[-1][-1:] if parts else ""
                parts.append("" if before >= "\u2e80" else " ")  # Chinese lines join without a space
            case "hardbreak":
                parts.append("\n")
    return "".join(parts)
