"""Web pages (HTML): the visible words, headings h1 to h6, tables as lines."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.parts.office.names import integer
from corpus.loaders.parts.office.word.numerals import numeral
from corpus.loaders.parts.page.shown_words import (
    INLINE,
    NOT_SHOWN,
    box,
    collapsed,
    hidden,
    keep_lines,
    lines_of,
    words_of,
)
from corpus.loaders.parts.page.term_lists import lines_of_terms
from corpus.loaders.parts.page.visible.web_added import leaves_out_added
from corpus.loaders.parts.page.visible.web_pictures import large_pictures
from corpus.loaders.parts.page.visible.web_styles import as_shown, holds_struck
from corpus.loaders.parts.page.web_content import content_of, without_tools
from corpus.loaders.parts.tables.grid import Grid, GridBuilder
from corpus.loaders.parts.text_writer import STRUCK, Writer, cleaned
from corpus.text.decoding import UnknownEncoding, decode

PICTURED = "网页里有{}张大图片，图里的文字没有读入；如有要紧的内容请打进正文"
_ADDED = "网页的样式表给内容编了号或者添了字，没有读入；如有要紧的内容请打进正文"
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_ALL_ROWS = 65_534
_LEAST_ROWS = 2
_DEEPEST_TABLE = 5
# Characters beside a table in the same row: up to so many, the outer table holds data and is not a page layout.
_LONGEST_BESIDE = 60
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LIST_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
# A title that names the site or nothing: the page itself may say better what it is.
_SITE_NAME = re.compile(
    r"(?:人民政府|门户|网站|网|首页|平台|系统|委员会|局|办公室|正文|内容页?|详情页?)$|^(?:无标题|untitled|document)",
    re.IGNORECASE,
)
_SITE = re.compile(r"\s*[_|｜]+\s*|\s*(?<!\d)[—–]+(?!\d)\s*|\s+-\s+|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])")


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a saved web page; nothing that it links to is fetched. Raises `UnknownEncoding`."""
    root = parse(_decoded(content))
    writer = Writer()
    if root is None:
        return writer.document(name)
    title = write_page(writer, root)
    pictures = large_pictures(root)
    document = writer.document(name, title=title, numbered=True, remark=PICTURED.format(pictures) if pictures else "")
    if document.text or (root := parse(_decoded(content))) is None:
        return document
    write(writer, root)  # a page that consists of a menu alone is read as it is
    return writer.document(name, title=title, numbered=True)


def write_page(writer: Writer, root: Any) -> str:
    """Write the content of a whole page; return its title."""
    title = "".join(root.xpath("string(//title[1])")).strip()
    article = next((each.get("content") or "" for each in root.iter("meta") if _names_article(each)), "").strip()
    as_shown(root)
    mains = root.findall(".//main")
    main = content_of(mains[0] if len(mains) == 1 else root)
    page = _squeezed("".join(root.itertext()))
    title = _without_site(title, page)
    # It stands in the page once more where it is a title and no name of a site; else the first heading is the title.
    shown = page.count(_squeezed(title)) > 1
    write(writer, main)
    if article and _squeezed(article) in page:
        return article
    named = not main.findall(".//h1") and not _SITE_NAME.search(title)
    return title if shown or named else ""


def _names_article(meta: Any) -> bool:
    """Return whether an element states the title of the page, as government sites have to."""
    return (meta.get("name") or "").lower() == "articletitle"


def _squeezed(text: str) -> str:
    return "".join(text.split())


def insert(writer: Writer, content: bytes) -> str:
    """Write a page that stands within another file, all of it; return what could not be read."""
    insert_page(writer, _decoded(content))
    return ""


def insert_page(writer: Writer, source: str) -> None:
    """Write a decoded page that stands within another file."""
    if (root := parse(source)) is not None:
        as_shown(root)
        write(writer, root)


def _without_site(title: str, page: str) -> str:
    """Return a page's title without the site's name, if the page itself shows only the first part."""
    parts = _SITE.split(title)
    first = "".join(parts[0].split())
    return (
        parts[0].strip()
        if len(parts) > 1 and first and page.count(first) > page.count("".join(title.split()))
        else title
    )


def parse(source: str) -> Any:
    """Return the tree of a page, whatever is wrong with it; None if it is empty."""
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if "empty" in str(error):
            return None
        raise
    if root is not None:
        keep_lines(root)
    return root


def write(writer: Writer, root: Any) -> None:
    """Write what is visible below `root`."""
    if holds_struck(root):
        writer.tell(STRUCK)
    if leaves_out_added(root):
        writer.tell(_ADDED)
    pending: list[str] = []
    marker = ""
    numbers: dict[Any, int] = {}

    def flush() -> None:
        nonlocal marker
        if words := without_tools(cleaned("".join(pending))):
            writer.paragraph(marker + words)
            marker = ""
        pending.clear()

    skipped: Any = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                pending.append(collapsed(element.tail))
            continue
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            grids = _tables(element)[0] if tag == "table" and not hidden(element) else []
            terms = lines_of_terms(element) if tag == "dl" and not hidden(element) else []
            if tag in NOT_SHOWN or hidden(element) or tag in _HEADINGS or grids or terms:
                if tag not in INLINE:
                    flush()
                if grids:
                    for grid in grids:
                        writer.table(grid)
                elif terms:
                    writer.lines(terms)
                elif tag in _HEADINGS and not hidden(element):
                    writer.heading(_HEADINGS[tag], words_of(element))
                skipped = element
                continue
            if tag == "br":
                pending.append("\n")
            elif tag == "input":
                pending.append(box(element))
            elif tag not in INLINE:
                flush()
                marker = _marker(element, numbers) if tag == "li" else marker
            pending.append(collapsed(element.text))
        else:
            if tag not in INLINE and tag != "br":
                flush()
            if element is not root:
                pending.append(collapsed(element.tail))
    flush()


def _decoded(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared and declared[1].lower() in (b"big5", b"big5-hkscs"):
        try:
            return content.decode("big5hkscs")
        except UnicodeDecodeError as error:
            raise UnknownEncoding("网页写明是Big5编码，内容却不是；请用浏览器打开后另存为UTF-8") from error
    return decode(content, page=True)


def _tables(table: Any, caption: str = "", depth: int = 0) -> tuple[list[Grid], bool]:
    """Return the cells of a data table and of tables in its cells; no cells for a table that arranges a page.

    Besides, return whether data lies in it: a table that arranges may hold others that do, and data in the innermost.
    """
    rows = [row for row in _own_rows(table) if not hidden(row)]
    own = table.find("caption")
    builder = GridBuilder(words_of(own) if own is not None else caption)
    inner: list[Grid] = []
    holds_data = False
    arranging = 0
    for row in rows:
        builder.row(heads=row.getparent().tag == "thead")
        first = ""
        for cell in row:
            if cell.tag not in ("td", "th") or hidden(cell):
                continue
            found = (
                {part: _tables(part, first, depth + 1) for part in _outermost(cell)} if depth < _DEEPEST_TABLE else {}
            )
            words = lines_of(cell, [part for part, (grids, _) in found.items() if grids])
            arranging += bool(found) + (len(words) > _LONGEST_BESIDE)
            first = first or words
            inner += [grid for grids, _ in found.values() for grid in grids]
            holds_data |= any(data for _, data in found.values())
            builder.cell(words, width=_span(cell, "colspan"), height=_span(cell, "rowspan"), heads=cell.tag == "th")
    grid = builder.grid()
    if len(rows) < _LEAST_ROWS or grid.width < _LEAST_ROWS:
        return [], holds_data
    if holds_data and 4 * arranging > len(rows) * grid.width:
        return [], True
    return [grid, *inner], True


def _own_rows(table: Any) -> Iterator[Any]:
    for part in table:
        if part.tag == "tr":
            yield part
        elif part.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in part if row.tag == "tr")


def _marker(item: Any, numbers: dict[Any, int]) -> str:
    """Return what precedes a list item: a dash, or its number in an ordered list; `numbers` caches the numbers."""
    above = item.getparent()
    if above is None or above.tag != "ol":
        return "- "
    if item not in numbers:  # all items at once: counting the earlier ones for each would be quadratic
        number = integer(above.get("start"), 1)
        for each in above.iterchildren("li"):
            numbers[each] = number = integer(each.get("value"), number)
            number += 1
    return f"{numeral(numbers[item], _LIST_FORMATS.get(above.get('type') or '1', 'decimal'))}. "


def _outermost(cell: Any) -> list[Any]:
    """Return the tables that show in a cell and lie in none of its others."""
    within = (table for table in cell.iter("table") if next(table.iterancestors("td", "th")) is cell)
    return [table for table in within if not any(map(_is_out, _up_to(cell, table)))]


def _up_to(cell: Any, table: Any) -> list[Any]:
    """Return a table and what it lies in, within a cell."""
    above = [table]
    while (parent := above[-1].getparent()) is not cell:
        above.append(parent)
    return above


def _is_out(element: Any) -> bool:
    return element.tag in NOT_SHOWN or hidden(element)


def _span(cell: Any, name: str) -> int:
    """Return how many columns or rows a cell covers; a rowspan of 0 covers all that follow."""
    value = (cell.get(name) or "").strip()
    number = int(value[:6]) if value.isascii() and value[:6].isdigit() else 1
    return number or (_ALL_ROWS if name == "rowspan" else 1)
