"""One loader for each format: bytes in, Document out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from corpus.document import Document
from corpus.limits import Limits


@dataclass(frozen=True, slots=True)
class Loader:
    """How files of one format are read: the module that does it, and the packages that it does it with.

    `version` is raised whenever the same file would become another document.
    """

    name: str
    version: int
    packages: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Name and version of all that has a part in the reading."""
        return " ".join([f"{self.name}-{self.version}", *(f"{name}-{_version(name)}" for name in self.packages)])

    def load(self, name: str, content: bytes, limits: Limits) -> Document:
        """Read a file. Raises `FileProblem`, or whatever the parser raises over a damaged file."""
        # Imported on use: the process that serves needs no parser.
        load: Callable[[str, bytes, Limits], Document] = import_module(f"corpus.loaders.{self.name}").load
        return load(name, content, limits)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


_MARKDOWN = Loader("markdown", 2, ("markdown-it-py",))

# Add a format here and staff can drop its files into the folder.
LOADERS: Mapping[str, Loader] = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": Loader("text", 1),
}
