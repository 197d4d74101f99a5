"""Words of a sheet outside of its cells: boxes, charts and SmartArt over it, boxes to tick, headers and footers."""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from posixpath import dirname, join, normpath
from typing import Any

from lxml import etree

from corpus.loaders.parts.office.drawings import chart_lines, diagram_lines, referred
from corpus.loaders.parts.office.names import LARGE, A, R, integer, parsed
from corpus.loaders.parts.tables.sheets.layout import Layout

_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_DRAWING = re.compile(rb"<(?:\w+:)?drawing\b[^<>]*?\b\w+:id=[\"']([^\"']+)[\"']")
_CONTROLS = re.compile(rb"<(?:\w+:)?legacyDrawing\b[^<>]*?\b\w+:id=[\"']([^\"']+)[\"']")
_V, _X = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:excel}"
_TICKED, _LABELS = ("Checkbox", "Radio"), ("Label", "GBox")  # kinds of controls; Note is a comment
_MOST_CONTROLS = 5_000
_HEADER = re.compile(rb"<(?:\w+:)?(odd|even|first)(?:Header|Footer)\b[^<>]*>([^<]*)<")
_HEADERS = re.compile(rb"<(?:\w+:)?headerFooter\b([^<>]*)>")
# Which pages have headers of their own; without it, those of odd pages stand on all.
_OWN = {
    b"even": re.compile(rb"\bdifferentOddEven=[\"'](?:1|true)[\"']"),
    b"first": re.compile(rb"\bdifferentFirst=[\"'](?:1|true)[\"']"),
}
# Fonts, sizes, colours, page numbers, dates and file names, which say nothing of the sheet.
_CODES = re.compile(r'&(?:"[^"]*"|\d{1,3}|K[\dA-Fa-f+-]{3,6}|[PNDTZFAGBIUESXYOH])', re.IGNORECASE)
_PART_OF_HEADER = re.compile(r"&[LCR]", re.IGNORECASE)
_ONLY_NUMBERS = re.compile(r"(?:page|of|[\s第页共/—–\-,，])*", re.IGNORECASE)
_EMU_OF_ROW, _EMU_OF_COLUMN = 180_000, 610_000  # of usual cells


@dataclass(frozen=True, slots=True)
class Drawn:
    """The lines beside a sheet's cells, and the number of its large pictures."""

    lines: tuple[str, ...] = ()
    pictures: int = 0


def drawn_on(archive: zipfile.ZipFile, path: str, shown: Layout) -> Drawn:
    """Return the words over the visible cells of the sheet in part `path`, then those in the margins of its pages."""
    sheet = archive.read(path)
    lines: list[str] = []
    pictures = 0
    found = _DRAWING.search(sheet)
    part = related(archive, path).get(found[1].decode(), "") if found else ""
    if part in archive.namelist():
        others = related(archive, part)
        for anchor in parsed(archive.read(part)):
            if not _hidden(anchor, shown):
                lines += _lines(archive, anchor, others)
                pictures += next(anchor.iter(f"{_XDR}pic"), None) is not None and _is_large(anchor)
    lines += (line for line in _controls(archive, path, sheet, shown) if line not in lines)
    margins = (line for line in _margins(sheet) if line not in lines)
    return Drawn((*lines, *dict.fromkeys(margins)), pictures)


def chart_sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield title and part of each visible sheet that is one chart."""
    parts = related(archive, "xl/workbook.xml")
    for sheet in parsed(archive.read("xl/workbook.xml")).iter("{*}sheet"):
        part = parts.get(sheet.get(f"{R}id") or "", "")
        if (
            part.startswith("xl/chartsheets/")
            and part in archive.namelist()
            and sheet.get("state", "visible") == "visible"
        ):
            yield sheet.get("name") or "", part


def _lines(archive: zipfile.ZipFile, anchor: Any, others: Mapping[str, str]) -> Iterator[str]:
    for body in anchor.iter(f"{_XDR}txBody"):
        for paragraph in body.iter(f"{A}p"):
            words = "".join(paragraph.itertext(f"{A}t"))
            yield from [words] if words.strip() else []
    for kind, identity in referred(anchor):
        if others.get(identity) in archive.namelist():
            root = parsed(archive.read(others[identity]))
            yield from chart_lines(root) if kind == "chart" else diagram_lines(root)


def related(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """Return the parts that a part refers to within the archive, by their identity."""
    relations = join(dirname(path), "_rels", f"{path.rsplit('/', 1)[-1]}.rels")
    if relations not in archive.namelist():
        return {}
    inner = (each for each in parsed(archive.read(relations)) if each.get("TargetMode") != "External")
    targets = ((each.get("Id", ""), each.get("Target", "")) for each in inner)
    return {name: normpath(join("/", dirname(path), target)).lstrip("/") for name, target in targets}


def _hidden(anchor: Any, shown: Layout) -> bool:
    """Return whether an object is hidden itself, or lies wholly over hidden rows or columns."""
    named = next(anchor.iter(f"{_XDR}cNvPr"), None)
    if named is not None and named.get("hidden") in ("1", "true"):
        return True
    rows, columns = _cells(anchor, "row"), _cells(anchor, "col")
    no_row = rows is not None and not any(shown.shows_row(row + 1) for row in rows)
    return no_row or (columns is not None and all(column + 1 in shown.hidden_columns for column in columns))


def _cells(anchor: Any, kind: str) -> range | None:
    """Return the rows or columns, counted from 0, that an object stretches over with them; None if it does not."""
    ends = [anchor.findtext(f"{_XDR}{end}/{_XDR}{kind}") for end in ("from", "to")]
    if None in ends or anchor.get("editAs") == "absolute":
        return None
    first, last = (integer(end, 0) for end in ends)
    return range(first, min(last, first + 1_000) + 1)


def _is_large(anchor: Any) -> bool:
    extent = anchor.find(f"{_XDR}ext")
    if extent is not None:
        return min(integer(extent.get("cx"), 0), integer(extent.get("cy"), 0)) >= LARGE
    rows, columns = _cells(anchor, "row"), _cells(anchor, "col")
    if rows is None or columns is None:
        return False
    return min(len(rows) * _EMU_OF_ROW, len(columns) * _EMU_OF_COLUMN) >= LARGE


def _controls(archive: zipfile.ZipFile, path: str, sheet: bytes, shown: Layout) -> Iterator[str]:
    """Yield the lines of boxes to tick and of their labels, from the top; those of one row on one line.

    What newer programs write of them besides is marked as hidden.
    """
    found = _CONTROLS.search(sheet)
    part = related(archive, path).get(found[1].decode(), "") if found else ""
    if part not in archive.NameToInfo:
        return
    # Excel leaves tags of line breaks open.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(archive.read(part).replace(b"<br>", b"<br/>"), parser)
    rows: dict[int, list[tuple[int, str]]] = {}
    for shape in islice(() if root is None else root.iter(f"{_V}shape"), _MOST_CONTROLS):
        data = shape.find(f"{_X}ClientData")
        kind = "" if data is None else data.get("ObjectType") or ""
        words = " ".join("".join(" ".join(box.itertext()) for box in shape.iterfind(f"{_V}textbox")).split())
        if not words or kind not in (*_TICKED, *_LABELS):
            continue
        places = [integer(each.strip(), -1) for each in (data.findtext(f"{_X}Anchor") or "").split(",")]
        if len(places) > 2 and _shows(shape, places[2], places[0], shown):
            mark = ("☑ " if data.findtext(f"{_X}Checked") == "1" else "☐ ") if kind in _TICKED else ""
            rows.setdefault(places[2], []).append((places[0], mark + words))
    yield from (" ".join(text for _, text in sorted(rows[row])) for row in sorted(rows))


def _shows(shape: Any, row: int, column: int, shown: Layout) -> bool:
    away = "visibility:hidden" in (shape.get("style") or "").replace(" ", "")
    return not away and shown.shows_row(row + 1) and column + 1 not in shown.hidden_columns


def _margins(sheet: bytes) -> Iterator[str]:
    """Yield the headers and footers of the printed pages without page numbers and dates."""
    switches = next(iter(_HEADERS.findall(sheet)), b"")
    for found in _HEADER.finditer(sheet):
        if found[1] in _OWN and not _OWN[found[1]].search(switches):
            continue
        codes = html.unescape(found[2].decode("utf-8", "replace")).replace("&&", "\0")
        for piece in _PART_OF_HEADER.split(codes):
            for line in _CODES.sub("", piece).replace("\0", "&").splitlines():
                if not _ONLY_NUMBERS.fullmatch(line):
                    yield line.strip()
