"""The headers and footers of a Word file that show on some page, each once."""

import re
from collections.abc import Iterator
from typing import Any

from corpus.loaders.parts.office.names import R, W, parsed, switched
from corpus.loaders.parts.office.word.ink import Ink
from corpus.loaders.parts.office.word.styles import Styles
from corpus.loaders.parts.office.word.words import TEXTPATH, Words, shows
from corpus.loaders.parts.text_writer import cleaned

_ONLY_NUMBERS = re.compile(r"[\s\d第页共/／|·.—–－\-~～,，]*")


def running_lines(document: Any, styles: Styles, ink: Ink, kind: str) -> list[str]:
    """Return the lines of the headers, or with kind `footer` of the footers, without page numbers."""
    words = Words(styles, ink, page_numbers=False)
    lines: list[str] = []
    for part in _parts(document, kind):
        for paragraph in parsed(part.blob).iter(f"{W}p"):
            if shows(paragraph):
                for line in cleaned(words.of(paragraph)).split("\n"):
                    if not _ONLY_NUMBERS.fullmatch(line) and line not in lines:
                        lines.append(line)
    return lines


def watermarks(document: Any) -> frozenset[str]:
    """Return the words that headers draw across the page, as lettering."""
    paths = (path for part in _parts(document, "header") for path in parsed(part.blob).iter(TEXTPATH))
    return frozenset(cleaned(path.get("string") or "") for path in paths)


def _parts(document: Any, kind: str) -> Iterator[Any]:
    """Yield the parts that sections use; those for first or even pages only if such pages exist."""
    settings = document.settings.element
    even = bool(switched(settings, f"{W}evenAndOddHeaders"))
    seen = set()
    for section in document.element.body.iter(f"{W}sectPr"):
        used = {"first": bool(switched(section, f"{W}titlePg")), "even": even, "default": True}
        for reference in sorted(section.iterfind(f"{W}{kind}Reference"), key=lambda each: _order(each.get(f"{W}type"))):
            relation = document.part.rels.get(reference.get(f"{R}id"))
            if not used.get(reference.get(f"{W}type") or "default") or relation is None or relation.is_external:
                continue
            if relation.target_part.partname not in seen:
                seen.add(relation.target_part.partname)
                yield relation.target_part


def _order(kind: str | None) -> int:
    return {"first": 0, "default": 1}.get(kind or "default", 2)
