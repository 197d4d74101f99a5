"""The older mail that a reply quotes below or between its own words."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from corpus.loaders.parts.page.shown_words import INLINE, hidden

_RULE = r"[-—–_=*\s]{2,}"
_MARK = re.compile(
    rf"{_RULE}(?:原始邮件|原邮件|原始信息|原始消息|回复的原?邮件|original (?:message|e?mail))(?:信息)?{_RULE}",
    re.IGNORECASE,
)
_FORWARDS = re.compile(
    rf"{_RULE}(?:转发的?(?:原?邮件|信息|消息)|forwarded (?:message|by)).*|"
    r"(?:begin forwarded message|以下是转发的邮件)\s*[：:]?",
    re.IGNORECASE,
)
FORWARDED = re.compile(r"\s*(?:转发|轉寄|fwd?)\s*[：:]", re.IGNORECASE)
_FROM = re.compile(r"\*?(?:发件人|寄件人|寄件者|from)\*?\s*[：:]", re.IGNORECASE)
_SENT = re.compile(r"\*?(?:(?:发送|寄件)?(?:时间|日期)|sent|date)\*?\s*[：:]", re.IGNORECASE)
_WROTE = re.compile(r"(?:.{0,200}\s)?\S{0,40}(?:写道|寫道|wrote)\s*[：:]", re.IGNORECASE)
_QUOTED = re.compile(r"\s*>(?![=\d])")
_RULED_OFF = re.compile(r"[-—–_=*\s]*")
_HEADERS = 4  # lines below the sender among which the time of sending stands
_BLANK = 20  # lines between an older mail and what is said above it
_CITING = ("gmail_quote", "yahoo_quoted")

Place = tuple[Any, bool, int]  # an element, whether its tail is meant and not its text, an offset within


def own_lines(text: str) -> str:
    """Return the words of a plain mail without what it quotes."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        opened = _opens(lines, at)
        below = _next(lines, at + 1) if opened else at
        if opened and not _is_quoted(lines, below):
            break
        if opened or _is_quoted(lines, at):
            at = _end_of_quoted(lines, below)
        else:
            kept.append(lines[at])
            at += 1
        if _FORWARDS.fullmatch(_plain(kept[-1]) if kept else ""):
            return text
    while kept and at < len(lines) and _RULED_OFF.fullmatch(kept[-1]):
        kept.pop()
    return "\n".join(kept)


def without_quoted(root: Any) -> None:
    """Remove from the tree of a mail what it quotes: cited blocks, and all from the header of an older mail on."""
    cited = [element for element in root.iter("blockquote", "div") if _cites(element)]
    lines = list(_lines(root, frozenset(cited)))
    words = [text for text, _ in lines]
    forwards = next((at for at, text in enumerate(words) if _FORWARDS.fullmatch(_plain(text))), len(words))
    opened = next((at for at in range(forwards) if _opens(words, at)), None)
    if opened is None and forwards < len(words):
        return
    if opened is not None:
        below = words[_next(words, opened + 1) :]
        if not below or not _QUOTED.match(below[0]) or all(map(_QUOTED.match, below)):
            _cut(lines[opened][1])
    for element in cited:
        element.set("hidden", "")


def _plain(line: str) -> str:
    return " ".join(line.split())


def _opens(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is the first of an older mail: a mark, its sender, or who wrote what is quoted below."""
    line = _plain(lines[at])
    if _MARK.fullmatch(line):
        return True
    if _FROM.match(line):
        further = [text for text in map(_plain, lines[at + 1 : at + 2 * _HEADERS]) if text][:_HEADERS]
        return any(map(_SENT.match, further))
    both = f"{line} {_plain(lines[at + 1])}" if "@" in line and at + 1 < len(lines) else line
    if not any(_WROTE.fullmatch(text) for text in (line, both)):
        return False
    return "@" in line or _is_quoted(lines, _next(lines, at + 1))


def _next(lines: Sequence[str], at: int) -> int:
    """Return the next line with words, or who wrote below an address; the number of lines if there is none."""
    most = min(len(lines), at + _BLANK)
    while at < most and (not lines[at].strip() or _plain(lines[at]) in ("写道：", "写道:", "wrote:")):
        at += 1
    return at


def _is_quoted(lines: Sequence[str], at: int) -> bool:
    return at < len(lines) and bool(_QUOTED.match(lines[at]))


def _end_of_quoted(lines: Sequence[str], at: int) -> int:
    """Return the line behind those that are quoted from `at` on, and behind blank lines between them."""
    while _is_quoted(lines, at):
        at += 1
        if not _is_quoted(lines, at) and _is_quoted(lines, _next(lines, at)):
            at = _next(lines, at)
    return at


def _cites(element: Any) -> bool:
    """Return whether mail programs mark an element as words of another mail."""
    if element.tag == "blockquote" and ((element.get("type") or "") == "cite" or element.get("id") == "isReplyContent"):
        return True
    return any(name in (element.get("class") or "").split() for name in _CITING)


def _lines(root: Any, cited: frozenset[Any]) -> Iterator[tuple[str, Place]]:
    """Yield the lines that a tree shows and where each begins; cited ones begin with a mark of quotation."""
    words, place, depth = "", None, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        start = event == "start"
        breaks = element.tag not in INLINE
        if breaks and place:
            yield words, place
        words, place = ("", None) if breaks else (words, place)
        depth += (element in cited) * (1 if start else -1)
        text = (element.text if start else element.tail) or ""
        offset = 0
        for number, part in enumerate(text.split("\u2028")):
            if number and place:
                yield words, place
            words, place = ("", None) if number else (words, place)
            if part.strip() and not hidden(element):
                place = place or (element, not start, offset)
                words = words or ("> " if depth else "")
            words += part
            offset += len(part) + 1
    if place:
        yield words, place


def _cut(place: Place) -> None:
    """Remove all words of a tree from a place on."""
    element, tail, offset = place
    if not tail:
        element.text = (element.text or "")[:offset]
        for child in list(element):
            element.remove(child)
    at, kept = element, (element.tail or "")[:offset] if tail else ""
    while at is not None and at.getparent() is not None:
        above = at.getparent()
        for after in list(at.itersiblings()):
            above.remove(after)
        at.tail, kept, at = kept, "", above
