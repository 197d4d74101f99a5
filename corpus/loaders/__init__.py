"""One loader for each format: bytes in, Document out."""

from collections.abc import Callable, Mapping

from corpus.document import Document
from corpus.loaders import markdown, text

# Add a format here and staff can drop its files into the folder.
LOADERS: Mapping[str, Callable[[str, bytes], Document]] = {
    ".md": markdown.load,
    ".markdown": markdown.load,
    ".txt": text.load,
}
