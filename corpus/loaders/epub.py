"""Electronic books (EPUB): the chapters in the order of the spine."""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders.html import parse, write
from corpus.loaders.parts.archive import open_archive
from corpus.loaders.parts.page.visible.web_styles import as_shown
from corpus.loaders.parts.text_writer import Writer
from corpus.text.decoding import decode

_CONTAINER, _RIGHTS = "META-INF/container.xml", "META-INF/encryption.xml"
_MIME = b"application/epub+zip"
# Methods in encryption.xml that only scramble fonts, as is usual; others mean digital rights on the texts.
_FONT_METHODS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_CONTENT = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_MOST_STYLES = 20  # of one chapter
_PACKAGE = "{http://www.idpf.org/2007/opf}"


def load(name: str, content: bytes, budget: Budget) -> Document:
    """Read a book. Raises `Quarantined` if it is not a book, or protected."""
    archive = open_archive(content, budget.limits)
    names = set(archive.namelist())
    if "mimetype" not in names or archive.read("mimetype").strip() != _MIME or _CONTAINER not in names:
        raise Quarantined("扩展名是.epub，内容却不是电子书；请核对来源，改正扩展名或重新另存")
    if _RIGHTS in names and _protected(_xml(archive.read(_RIGHTS))):
        raise Quarantined("电子书有版权保护（加密）；请换成没有保护的文件")
    package = next(_xml(archive.read(_CONTAINER)).iter(f"{_CONTENT}rootfile")).get("full-path") or ""
    root = _xml(archive.read(package))
    writer = Writer()
    # The spine of a hostile book names one chapter without an end.
    for chapter in dict.fromkeys(_chapters(root, posixpath.dirname(package))):
        if chapter in names and (tree := parse(decode(archive.read(chapter), page=True))) is not None:
            if tree.find(".//h1") is None and tree.find(".//h2") is None and (title := tree.findtext(".//title")):
                writer.heading(1, title)
            for aside in tree.iter("aside"):
                aside.tag = "div"  # the notes of a book, unlike those of a site
            as_shown(tree, _styles(archive, tree, posixpath.dirname(chapter)))
            write(writer, tree)
    title = root.findtext(".//{http://purl.org/dc/elements/1.1/}title")
    return writer.document(name, title=title or "")


def _xml(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _styles(archive: zipfile.ZipFile, chapter: Any, folder: str) -> list[str]:
    """Return the style sheets of the book that a chapter names."""
    links = (link.get("href") or "" for link in chapter.iter("link") if "stylesheet" in (link.get("rel") or "").lower())
    named = dict.fromkeys(posixpath.normpath(posixpath.join(folder, unquote(link))) for link in links)
    paths = [path for path in named if path in archive.NameToInfo][:_MOST_STYLES]
    return [archive.read(path).decode("utf-8", "replace") for path in paths]


def _protected(rights: Any) -> bool:
    methods = (element.get("Algorithm") or "" for element in rights.iter("{*}EncryptionMethod"))
    return any(method not in _FONT_METHODS for method in methods)


def _chapters(package: Any, folder: str) -> Iterator[str]:
    manifest = {item.get("id"): item.get("href") or "" for item in package.iter(f"{_PACKAGE}item")}
    for reference in package.iter(f"{_PACKAGE}itemref"):
        href = manifest.get(reference.get("idref"), "")
        yield posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))
