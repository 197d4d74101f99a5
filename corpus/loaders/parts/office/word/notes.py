"""Footnotes and endnotes by their ids."""

from collections.abc import Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE

from corpus.loaders.parts.office.names import W, parsed
from corpus.loaders.parts.office.word.ink import Ink
from corpus.loaders.parts.office.word.styles import Styles
from corpus.loaders.parts.office.word.words import Words
from corpus.loaders.parts.text_writer import cleaned

_KINDS = {RELATIONSHIP_TYPE.FOOTNOTES: "footnote", RELATIONSHIP_TYPE.ENDNOTES: "endnote"}


class Notes:
    """The notes of a Word file; only those that the text refers to are shown."""

    def __init__(self, document: Any, styles: Styles, ink: Ink) -> None:
        self._words = Words(styles, ink)
        self._notes: dict[tuple[str, str], Any] = {}
        for relation in document.part.rels.values():
            kind = _KINDS.get(relation.reltype)
            if kind and not relation.is_external:
                for note in parsed(relation.target_part.blob).iterfind(f"{W}{kind}"):
                    if note.get(f"{W}type", "normal") == "normal":
                        self._notes[kind, note.get(f"{W}id") or ""] = note

    def texts(self, marks: Sequence[tuple[str, str]]) -> list[str]:
        """Return the notes that the marks stand for, each only once in the file."""
        found = [self._notes.pop(mark) for mark in marks if mark in self._notes]
        return [cleaned("\n".join(self._words.of(paragraph) for paragraph in note.iter(f"{W}p"))) for note in found]
