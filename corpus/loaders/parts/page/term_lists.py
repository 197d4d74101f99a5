"""Lists of terms on web pages (`dl`): each term on one line with all that is said of it, as in a table."""

from collections.abc import Iterator
from typing import Any

from corpus.loaders.parts.page.shown_words import INLINE, NOT_SHOWN, hidden, words_of

_LONGEST = 160  # characters of a term with what is said of it; a longer one is text below a heading
_LONGEST_TERM = 30
_ASKS = ("？", "?")
_COLON, _ENDS = ("：", ":"), ("。", "；", ";", "！", "？", ".", "，")


def lines_of_terms(terms: Any) -> list[str]:
    """Return the lines of a list of terms: 冬令：7:00—18:00；17:00停止入园。 Empty where it holds more than words.

    Several terms before one description share it. A term that asks heads an answer, and is no label.
    """
    lines = []
    for names, said in _groups(terms):
        name = "、".join(names)
        line = (name if name.endswith(_COLON) else f"{name}：") + "；".join(said)
        if not names or not said or len(name) > _LONGEST_TERM or len(line) > _LONGEST or name.endswith(_ASKS):
            return []
        lines.append(line if line.endswith(_ENDS) else f"{line}。")
    return lines


def _groups(terms: Any) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the terms and descriptions that belong together; none at all where one holds more than words."""
    names: list[str] = []
    said: list[str] = []
    for part in _parts(terms):
        if part.tag not in ("dt", "dd") or any(
            one.tag not in INLINE and one.tag != "br" for one in part.iterdescendants()
        ):
            yield [], []
            return
        if part.tag == "dt" and said:
            yield names, said
            names, said = [], []
        if words := " ".join(words_of(part).split()):
            (names if part.tag == "dt" else said).append(words)
    if names or said:
        yield names, said


def _parts(terms: Any) -> Iterator[Any]:
    """Yield what shows of a list, also within the `div` around each term."""
    for part in terms:
        if part.tag == "div" and not hidden(part):
            yield from _parts(part)
        elif part.tag not in NOT_SHOWN and not hidden(part):
            yield part
