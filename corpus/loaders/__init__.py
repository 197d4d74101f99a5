"""One loader for each format: it turns bytes into a Document, or into the files that a container holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module

from corpus.document import Document
from corpus.limits import Budget
from corpus.loaders.containers.contents import Contents
from corpus.loaders.parts import libreoffice
from corpus.loaders.parts.packages import installed


@dataclass(frozen=True, slots=True)
class Loader:
    """The reader of one format: the module, and the packages that it uses.

    `version` rises whenever the same file would become another document. `light` formats need no parser written in C,
    so small files are read without a process of their own. LibreOffice first converts a file to the suffix `office`, if
    set. A `container` holds files that become documents of their own.
    """

    name: str
    version: int
    packages: tuple[str, ...] = ()
    light: bool = False
    office: str = ""
    container: bool = False

    @property
    def identity(self) -> str:
        """Name and version of everything that takes part in the reading."""
        parts = [f"{self.name}-{self.version}", *(f"{name}-{installed(name)}" for name in self.packages)]
        return " ".join([*parts, f"libreoffice-{libreoffice.version()}"] if self.office else parts)

    def load(self, name: str, content: bytes, budget: Budget) -> Document:
        """Read a file. Raises `FileProblem`, or whatever the parser raises on a damaged file."""
        # Imported on use, because the serving process needs no parser.
        load: Callable[[str, bytes, Budget], Document] = import_module(f"corpus.loaders.{self.name}").load
        return load(name, content, budget)

    def unpack(self, name: str, content: bytes, budget: Budget) -> Contents:
        """Return what a container holds. Raises as `load` does."""
        unpack: Callable[[str, bytes, Budget], Contents] = import_module(f"corpus.loaders.{self.name}").unpack
        return unpack(name, content, budget)


_MARKDOWN = Loader("markdown", 19, ("markdown-it-py",), light=True)
_HTML = Loader("html", 21, ("lxml",))
_IMAGE = Loader("image", 10, ("rapidocr", "pillow"))
_MAIL = Loader("containers.mail", 18, ("lxml",), container=True)
_OWN: Mapping[str, Loader] = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": Loader("text", 17, light=True),
    ".html": _HTML,
    ".htm": _HTML,
    ".pdf": Loader("pdf", 26, ("pypdfium2", "rapidocr")),
    ".docx": Loader("docx", 21, ("python-docx", "lxml")),
    ".pptx": Loader("pptx", 21, ("python-pptx", "lxml")),
    ".xlsx": Loader("xlsx", 17, ("openpyxl", "defusedxml")),
    ".csv": Loader("csv", 16, light=True),
    ".epub": Loader("epub", 19, ("lxml",)),
    ".png": _IMAGE,
    ".jpg": _IMAGE,
    ".jpeg": _IMAGE,
    ".tif": _IMAGE,
    ".tiff": _IMAGE,
    ".ofd": Loader("ofd", 18, ("lxml",)),
    ".eml": _MAIL,
    ".mht": _MAIL,
    ".mhtml": _MAIL,
    ".zip": Loader("containers.zip", 1, container=True),
}
# Formats of WPS Office, older Microsoft Office and others, and the suffix to which LibreOffice converts each.
_BY_OFFICE: Mapping[str, tuple[str, ...]] = {
    ".docx": (".doc", ".wps", ".rtf", ".odt"),
    ".xlsx": (".xls", ".et", ".ods"),
    ".pptx": (".ppt", ".dps", ".odp"),
}

# Add a format here, and staff can drop its files into the folder.
LOADERS: Mapping[str, Loader] = {
    **_OWN,
    **{suffix: replace(_OWN[made], office=made) for made, suffixes in _BY_OFFICE.items() for suffix in suffixes},
}
