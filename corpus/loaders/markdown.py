"""Markdown files: their words without markup, headings at their places, one statement per row of a table."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.loaders.parts.page.visible.web_tables import end_of_table, table_of
from corpus.loaders.parts.tables.grid import Grid, grid_of
from corpus.loaders.parts.tables.header import header_rows
from corpus.loaders.parts.tables.typed.trees import with_lists
from corpus.loaders.parts.text_writer import STRUCK, Writer
from corpus.metadata.side_file import apply, parse
from corpus.text.decoding import decode
from corpus.text.sentences import may_be_cut

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_HTML_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)  # Markdown knows no other line break within a cell
_STRUCK = re.compile(r"<(s|del|strike)>(?:(?!\n\n).){1,500}?</\1>", re.DOTALL | re.IGNORECASE)
_TWO_BLANKS = re.compile("  +")  # around words that are left out
# What no line of its own ends with.
_GOES_ON = re.compile(r"[，,、（(“《]\s*$")


def load(name: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> Document:
    """Read Markdown; its front matter holds the metadata. Raises `UnknownEncoding`.

    A front matter without any `key: value` line counts as text, so that nothing is lost. What is struck through holds
    no more: it is left out, and a remark says so.
    """
    source = decode(content)
    values, body = _front_matter(source)
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    writer = Writer()
    body, struck = _STRUCK.subn("", body)
    if struck:
        writer.tell(STRUCK)
    for part in _parts(body):
        if isinstance(part, Grid):
            writer.table(part)
        else:
            tokens = parser.parse(part)
            if any(child.type == "s_open" for token in tokens for child in token.children or ()):
                writer.tell(STRUCK)
            _write(writer, tokens)
    return apply(writer.document(name, numbered=True), values)


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(source)
    values = parse(match.group(1) or "") if match else {}
    return (values, source[match.end() :]) if match and values else ({}, source)


def _parts(body: str) -> Iterator[str | Grid]:
    """Yield the text in pieces, and between them the tables that are written in HTML, as Markdown allows."""
    if not _HTML_TABLE.search(body):
        yield body
        return
    lines = body.split("\n")
    end = seen = 0
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(body):
        start = token.map[0] if token.map else 0
        if token.type != "html_block" or start < seen or not _HTML_TABLE.match(token.content.lstrip()):
            continue
        seen = end_of_table(lines, start)
        if seen == start:  # one that never ends holds whatever follows
            break
        if grid := table_of("\n".join(lines[start:seen])):
            yield "\n".join(lines[end:start])
            yield grid
            end = seen
    yield "\n".join(lines[end:])


def _write(writer: Writer, tokens: Sequence[Token]) -> None:
    """Write block tokens: a blank line between blocks, one line for each list item and table row."""
    markers: list[str] = []  # for each surrounding list, what its next item starts with
    prefix = ""
    rows: list[list[str]] | None = None  # of the table that is open
    for number, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open":
                markers.append("- ")
            case "ordered_list_open":
                markers.append(f"{token.attrGet('start') or 1}. ")
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
                writer.write("" if markers else "\n")
            case "list_item_open":
                prefix = "  " * (len(markers) - 1) + markers[-1]
                if markers[-1] != "- ":
                    markers[-1] = f"{int(markers[-1].rstrip('. ')) + 1}. "
            case "table_open":
                rows = []
            case "tr_open" if rows is not None:
                rows.append([])
            case "table_close" if rows is not None:
                writer.table(_grid(rows))
                rows = None
            case "inline":
                words = _inline(token.children or [], lines=tokens[number - 1].type == "paragraph_open" and not markers)
                if rows is not None:
                    rows[-1].append(words)
                elif token.content and not words.strip():
                    prefix = ""  # all of it is struck through
                elif tokens[number - 1].type == "heading_open" and not markers:
                    writer.heading(int(tokens[number - 1].tag[1:]), words)
                elif markers:
                    writer.item(prefix + words)
                    prefix = ""
                else:
                    writer.paragraph(words)
            case "fence" | "code_block":
                writer.write(with_lists(token.content).rstrip("\n") + "\n\n")


def _grid(rows: Sequence[Sequence[str]]) -> Grid:
    """Return the cells of a table. Markdown marks one row as header; rows of names below it are found as elsewhere."""
    rows = [row for row in rows if any(row)]  # one that is struck through would part the table
    grid = grid_of(rows)
    return grid if header_rows(grid) else grid_of(rows, header=1)


def _inline(children: Sequence[Token], *, lines: bool = False) -> str:
    """Return the words of inline tokens; with `lines` on the lines of the file."""
    parts: list[str] = []
    struck = 0
    for child in children:
        struck += (child.type == "s_open") - (child.type == "s_close")
        match child.type:
            case _ if struck:
                pass
            case "text":
                parts.append(_BREAK.sub("\n", child.content))
            case "code_inline":
                parts.append(child.content)
            case "image":
                parts.append(child.content)
            case "softbreak":
                parts.append(_between(parts, lines=lines))
            case "hardbreak":
                parts.append("\n")
    return _TWO_BLANKS.sub(" ", "".join(parts)) if any(child.type == "s_open" for child in children) else "".join(parts)


def _between(parts: Sequence[str], *, lines: bool) -> str:
    """Return what stands for a line break after these parts: the break itself where no layout has cut the line.

    Many offices keep plain texts under this suffix, a clause a line.
    """
    line = "".join(parts).rpartition("\n")[2]
    if lines and not (may_be_cut(line) or _GOES_ON.search(line)):
        return "\n"
    return "" if line[-1:] >= "\u2e80" else " "  # Chinese lines join without a space
