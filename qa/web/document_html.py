"""A whole document as readable HTML, with citations marked at their offsets."""

import re
from collections.abc import Iterator, Mapping, Sequence

from corpus.document import Document, Span, Table
from qa.web.html import NOTHING, Html, escape

_GAP = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
# Loaders separate the cells of a table row by this.
_CELL_END = " | "
# Heading levels of HTML.
_LOWEST = 6
_TABLE = Html('<div class="table"><table>{}</table></div>')
_ROW, _HEAD, _CELL = Html("<tr>{}</tr>"), Html('<th class="text">{}</th>'), Html('<td class="text">{}</td>')
_BLOCKS = {f"h{level}": Html(f'<h{level} class="text">{{}}</h{level}>') for level in range(2, _LOWEST + 1)}  # noqa: S704
_BLOCKS["p"] = Html('<p class="text">{}</p>')


def document_html(document: Document, marks: Sequence[Span]) -> Html:
    """Return the whole text under its headings; a table shows its column names once.

    Each of `marks` becomes `<mark>`; its first part gets an id.
    """
    title = Html('<h1 class="text">{}</h1>').format(document.title)
    about = document.about
    facts = [document.source, about.issuer, about.number, about.date, about.contact]
    origin = NOTHING.join(Html('<p class="text origin">{}</p>').format(fact) for fact in facts if fact)
    started: set[int] = set()
    pages = list(document.pages)
    parts = []
    tables = {rows.start: table for table in document.tables if (rows := _rows_of(document.text, table))}
    for tag, span in _blocks(document, tables):
        while pages and pages[0].start <= span.start:
            parts.append(Html('<p class="text number">{}</p>').format(pages.pop(0).label))
        if tag == "table":
            parts.append(_grid(document.text, tables[span.start], marks, started))
        else:
            parts.append(_block(document, tag, span, marks, started))
    return Html('<article class="document" lang="zh-CN">{}{}{}</article>').format(title, origin, NOTHING.join(parts))


def _blocks(document: Document, tables: Mapping[int, Table]) -> Iterator[tuple[str, Span]]:
    """Yield headings, tables and paragraphs of the text, in order; only white space lies between them."""
    position = 0
    # The title is the page's first heading. The headings below it start at level two, and no level is skipped.
    levels = sorted({heading.level for heading in document.headings if not _is_title(document, heading.span)})
    for heading in sorted(document.headings, key=lambda heading: heading.span):
        yield from _between(document.text, Span(position, max(position, heading.span.start)), tables)
        level = 2 if _is_title(document, heading.span) else 2 + levels.index(heading.level)
        yield f"h{min(level, _LOWEST)}", heading.span
        position = max(position, heading.span.end)
    yield from _between(document.text, Span(position, len(document.text)), tables)


def _between(text: str, within: Span, tables: Mapping[int, Table]) -> Iterator[tuple[str, Span]]:
    position = within.start
    for start in sorted(start for start in tables if within.start <= start < within.end):
        rows = _rows_of(text, tables[start])
        if rows and rows.start >= position and rows.end <= within.end:
            yield from _paragraphs(text, Span(position, rows.start))
            yield "table", rows
            position = rows.end
    yield from _paragraphs(text, Span(position, within.end))


def _paragraphs(text: str, within: Span) -> Iterator[tuple[str, Span]]:
    position = within.start
    ends = [(gap.start(), gap.end()) for gap in _GAP.finditer(text, within.start, within.end)]
    for start, end in [*ends, (within.end, within.end)]:
        if text[position:start].strip():
            yield "p", Span(position, start)
        position = end


def _block(document: Document, tag: str, span: Span, marks: Sequence[Span], started: set[int]) -> Html:
    if tag == "p" and (rows := _rows(document.text, span)):
        return _table(document.text, rows, marks, started)
    content = _marked(document.text, span, marks, started).strip("\n")
    # A heading equal to the title would show twice.
    repeats = tag == "h2" and _is_title(document, span) and "<mark" not in content
    return NOTHING if repeats else _BLOCKS[tag].format(content)


def _is_title(document: Document, heading: Span) -> bool:
    return heading.of(document.text).strip() == document.title


def _rows(text: str, span: Span) -> list[list[Span]]:
    """Return the cells of each row if every line of the paragraph has as many cells as the first, at least two."""
    rows: list[list[Span]] = []
    at = span.start
    for line in span.of(text).split("\n"):
        cells, start = [], at
        for cell in line.split(_CELL_END):
            cells.append(Span(start, start + len(cell)))
            start += len(cell) + len(_CELL_END)
        rows += [cells] if line.strip() else []
        at += len(line) + 1
    even = len(rows) > 1 and len(rows[0]) > 1 and all(len(row) == len(rows[0]) for row in rows)
    return rows if even else []


def _table(text: str, rows: Sequence[Sequence[Span]], marks: Sequence[Span], started: set[int]) -> Html:
    def row(cells: Sequence[Span], cell_html: Html) -> Html:
        return _ROW.format(NOTHING.join(cell_html.format(_marked(text, cell, marks, started)) for cell in cells))

    head, *body = rows
    return _TABLE.format(NOTHING.join([row(head, _HEAD), *(row(cells, _CELL) for cells in body)]))


def _rows_of(text: str, table: Table) -> Span | None:
    """Return the lines of a table's rows; None if the table must be shown as lines."""
    values = [value for row in table.rows for value in row if value]
    if not values:
        return None
    return Span(_line(text, values[0]).start, _line(text, values[-1]).end)


def _line(text: str, value: Span) -> Span:
    end = text.find("\n", value.end)
    return Span(text.rfind("\n", 0, value.start) + 1, end if end >= 0 else len(text))


def _grid(text: str, table: Table, marks: Sequence[Span], started: set[int]) -> Html:
    """Return the rows below their column names. A mark shows on the values that it covers."""
    head = _ROW.format(NOTHING.join(_HEAD.format(name) for name in table.columns))
    return _TABLE.format(NOTHING.join([head, *(_grid_row(text, table, row, marks, started) for row in table.rows)]))


def _grid_row(text: str, table: Table, row: Sequence[Span | None], marks: Sequence[Span], started: set[int]) -> Html:
    values = [value for value in row if value]
    if not values:
        return NOTHING
    line = _line(text, values[0])

    def on_a_value(mark: Span) -> Span:
        """Return the mark, or the row's first value if the mark covers only names of the row."""
        touches = any(mark.overlaps(value) for value in values)
        return values[0] if not touches and mark.overlaps(line) else mark

    own = [on_a_value(mark) for mark in marks]
    shown = [_marked(text, value, own, started) if value else NOTHING for value in row]
    if len(row) == 1 < len(table.columns):
        return _ROW.format(Html('<td class="text" colspan="{}">{}</td>').format(len(table.columns), shown[0]))
    return _ROW.format(NOTHING.join(_CELL.format(one) for one in shown))


def _marked(text: str, span: Span, marks: Sequence[Span], started: set[int]) -> Html:
    """Return the characters of `span`, cut at the ends of the marks. Where marks overlap, the first one counts."""
    ends = {edge for mark in marks for edge in (mark.start, mark.end) if span.start < edge < span.end}
    cuts = sorted({span.start, span.end, *ends})
    parts: list[Html] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        covering = next((n for n, mark in enumerate(marks) if mark.start <= start and end <= mark.end), None)
        words = escape(text[start:end])
        if covering is None or not text[start:end].strip():
            parts.append(words)
        else:
            named = NOTHING if covering in started else Html(' id="m{}"').format(covering + 1)
            started.add(covering)
            parts.append(Html("<mark{}>{}</mark>").format(named, words))
    return NOTHING.join(parts)
