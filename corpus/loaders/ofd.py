"""OFD files (GB/T 33190-2016): the text layer of each page, placed by coordinates.

OFD has no text flow: each piece of text holds the places of its characters. Lines and paragraphs are reconstructed
from them as from those of a PDF.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.parts.archive import check_declarations, open_archive
from corpus.loaders.parts.glyph_lines import lines_of
from corpus.loaders.parts.layout.lines import Line, Sheet
from corpus.loaders.parts.ofd_text import glyphs, numbers
from corpus.loaders.parts.page.visible.objects import Box
from corpus.loaders.parts.page.visible.pictures import is_scan, on_page, shows_unread
from corpus.loaders.pdf import PICTURED, document_of_sheets

_ROOT = "OFD.xml"
_A4 = (210.0, 297.0)  # millimetres
_ENCRYPTED = ("encryptions.xml", "decryptseed.dat")
_DEEPEST_BLOCK = 20
_LARGE = 60.0  # millimetres; smaller pictures are mostly seals
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Package:
    """The archive and its parts; paths are relative to the part that names them, or start at the root."""

    archive: zipfile.ZipFile
    names: dict[str, str]

    def find(self, location: str, beside: str = "") -> str:
        joined = (
            location.lstrip("/") if location.startswith("/") else posixpath.join(posixpath.dirname(beside), location)
        )
        return self.names.get(posixpath.normpath(joined).lower(), "")

    def xml(self, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self.archive.read(name), parser)


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read an OFD file. Raises `Quarantined` if it is encrypted, too long or not OFD."""
    archive = open_archive(content, budget.limits)
    package = _Package(archive, {entry.lower(): entry for entry in archive.namelist()})
    if any(posixpath.basename(entry) in _ENCRYPTED for entry in package.names):
        raise Quarantined("文件有密码；请取消密码后另存再放入")
    root = package.find(_ROOT)
    if not root:
        raise Quarantined("扩展名是.ofd，内容却不是；请核对来源，改正扩展名或重新另存")
    check_declarations(archive)
    sheets: list[Sheet] = []
    scanned: list[int] = []
    pictured: list[int] = []
    for location in package.xml(root).iterfind(".//{*}DocRoot"):
        for page in _pages(package, package.find((location.text or "").strip(), root)):
            if len(sheets) >= budget.limits.pages:
                raise Quarantined(f"超过{budget.limits.pages}页的上限；请拆分后再放入")
            sheets.append(Sheet(page.size[1], page.lines))
            if is_scan(page.pictures, page.lines, page.size):
                scanned.append(len(sheets))
            elif shows_unread(page.pictures, page.lines, large=_LARGE):
                pictured.append(len(sheets))
    remarks = [f"第{_shown(scanned)}页是扫描图像，未读入；请导出为PDF再放入，并安装文字识别组件"] if scanned else []
    remarks += [PICTURED.format(_shown(pictured))] if pictured else []
    return document_of_sheets(name, sheets, remark="；".join(remarks))


def _shown(numbers: list[int]) -> str:
    return "、".join(map(str, numbers[:_SHOWN]))


@dataclass(frozen=True, slots=True)
class _Page:
    size: tuple[float, float]
    lines: tuple[Line, ...] = ()
    pictures: tuple[Box, ...] = ()


def _pages(package: _Package, document: str) -> Iterator[_Page]:
    if not document:
        return
    root = package.xml(document)
    usual = _box(root.find("{*}CommonData/{*}PageArea/{*}PhysicalBox")) or _A4
    templates = {
        template.get("ID"): package.find(template.get("BaseLoc") or "", document)
        for template in root.iterfind("{*}CommonData/{*}TemplatePage")
    }
    for page in root.iterfind("{*}Pages/{*}Page"):
        part = package.find(page.get("BaseLoc") or "", document)
        if not part:
            yield _Page(usual)
            continue
        tree = package.xml(part)
        width, height = _box(tree.find("{*}Area/{*}PhysicalBox")) or usual
        layers = [*_template_trees(package, tree, templates), tree]
        drawn = [each for layer in layers for each in _of_content(layer)]
        words = (glyph for each in drawn if _tag(each) == "TextObject" for glyph in glyphs(each))
        found = [glyph for glyph in words if 0 <= glyph.left <= width and 0 <= glyph.base <= height + glyph.size]
        boxes = (_placed(each) for each in drawn if _tag(each) == "ImageObject")
        size = width, height
        yield _Page(size, tuple(lines_of(found, width)), tuple(on_page(filter(None, boxes), size)))


def _template_trees(package: _Package, page: Any, templates: dict[str, str]) -> Iterator[Any]:
    """Yield the template pages printed under this one, such as a form."""
    for used in page.iterfind("{*}Template"):
        if part := templates.get(used.get("TemplateID"), ""):
            yield package.xml(part)


def _of_content(page: Any) -> Iterator[Any]:
    """Yield the visible texts and pictures of a page."""
    for layer in page.iterfind("{*}Content/{*}Layer"):
        yield from _of_block(layer, 0)


def _of_block(block: Any, depth: int) -> Iterator[Any]:
    for child in block:
        if (child.get("Visible") or "").lower() == "false" or child.get("Alpha") == "0":
            continue
        if _tag(child) in ("TextObject", "ImageObject"):
            yield child
        elif _tag(child) == "PageBlock" and depth < _DEEPEST_BLOCK:
            yield from _of_block(child, depth + 1)


def _tag(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _placed(picture: Any) -> Box | None:
    """Return left, right, top and bottom of a picture."""
    values = numbers(picture.get("Boundary") or "")
    if len(values) != 4:
        return None
    left, top, width, height = values
    return left, left + width, top, top + height


def _box(element: Any) -> tuple[float, float] | None:
    values = numbers(element.text if element is not None else "")
    return (values[2], values[3]) if len(values) == 4 and values[2] > 0 and values[3] > 0 else None
