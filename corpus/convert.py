"""Files become documents."""

from dataclasses import replace
from types import TracebackType

from corpus.document import Document
from corpus.limits import Limits
from corpus.loaders import LOADERS
from corpus.metadata import apply_side_file
from corpus.problems import Failed
from corpus.quarantine import check
from corpus.scan import File, contents, file_hash


class Converter:
    """Converts files one after another."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def __enter__(self) -> "Converter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def convert(self, file: File) -> Document:
        """Read one file. Raises `FileProblem`."""
        loader = LOADERS[file.path.suffix.lower()]
        try:
            content, side = contents(file.path, limits=self._limits)
        except OSError as error:
            raise Failed(f"文件打不开（{error.strerror}）；请检查访问权限，或等复制完成后再刷新") from error
        document = loader.load(file.name, content, self._limits)
        check(document, self._limits)
        if side:
            document = apply_side_file(document, side)
        # Of the bytes that were read, which need not be those that were scanned.
        return replace(document, file_sha256=file_hash(content, side), loader=loader.identity)
