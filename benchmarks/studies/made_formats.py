"""Documents in formats that LibreOffice does not write: books, web archives, slides; tables as workbooks."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import openpyxl
import pptx
from lxml import html
from pptx.util import Cm

from corpus.text.decoding import decode

Make = Callable[[Path, str], bytes]
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest><item id="c" href="c.xhtml" '
    'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine></package>'
)
_HEADINGS = ("h1", "h2", "h3", "h4")
_LINE = 1.2  # cm
_LOWEST = 17.0  # cm


def book(path: Path, page: str) -> bytes:
    """Return an EPUB of one chapter."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr("book.opf", _PACKAGE)
        archive.writestr("c.xhtml", page)
    return buffer.getvalue()


def web_archive(path: Path, page: str) -> bytes:
    """Return a page as browsers keep it in one file."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "<Saved by Blink>", path.stem
    message.set_content(page, subtype="html", charset="utf-8")
    message.make_related()
    return message.as_bytes()


def workbook(path: Path, page: str) -> bytes:
    """Return a table as the only sheet of a workbook, its figures as text."""
    made: Any = openpyxl.Workbook()
    for row in csv.reader(decode(path.read_bytes()).splitlines()):
        made.active.append(row)
    return _saved(made.save)


def slides(path: Path, page: str) -> bytes:
    """Return a slide for the title and each heading, with the words and tables below it."""
    made: Any = pptx.Presentation()
    first, *parts = html.fromstring(page).find("body")
    slide, top = _slide(made, first.text_content()), 5.0
    for part in parts:
        if part.tag in _HEADINGS:
            slide, top = _slide(made, part.text_content()), 5.0
        elif part.tag == "table":
            cells = [[cell.text_content() for cell in row] for row in part.iter("tr")]
            width = max(map(len, cells))
            table = slide.shapes.add_table(len(cells), width, Cm(1), Cm(top), Cm(22), Cm(len(cells))).table
            for place, text in ((place, text) for place, row in enumerate(cells) for text in enumerate(row)):
                table.cell(place, text[0]).text = text[1]
            top = min(top + len(cells) + 1, _LOWEST)
        else:
            lines = [item.text_content() for item in part.iter("li")] or [part.text_content()]
            box = slide.shapes.add_textbox(Cm(1), Cm(top), Cm(22), Cm(_LINE * len(lines)))
            box.text_frame.text = "\n".join(lines)
            top = min(top + _LINE * len(lines), _LOWEST)
    return _saved(made.save)


def _slide(presentation: Any, title: str) -> Any:
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = title
    return slide


def _saved(save: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


# A workbook holds a table alone: only the documents that are one are made.
MADE: Mapping[str, Make] = {"epub": book, "mht": web_archive, "xlsx": workbook, "pptx": slides}
