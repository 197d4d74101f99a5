"""Which elements of a web page show, and the words that they show."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree

NOT_SHOWN = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "noframes",
        "rt",
        "rp",
        "head",
        "title",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "textarea",
        "iframe",
        "object",
        "svg",
        "math",
        "audio",
        "video",
        "canvas",
        "datalist",
    ]
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
LINE_END = "\u2028"  # a line end that shows
_SPACE = re.compile(rf"[^\S{LINE_END}]+")
_BREAK_WITHIN_CHINESE = re.compile(r"(?<=[\u2e80-\uffee])[ \t]*\n\s*(?=[\u2e80-\uffee])")
# What a style says of an element that nobody sees.
HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|"
    r"(?:(?<![\w-])(?:left|top)|text-indent)\s*:\s*-\d{4,5}(?![.\d])|clip\s*:\s*rect\(\s*0|"
    r"clip-path\s*:\s*inset\(\s*100%|transform\s*:\s*scale\(\s*0\s*\)|(?<![\w-])color\s*:\s*transparent(?!.{0,300}text)",
    re.IGNORECASE,
)
# A style sheet says it of words that a script lets appear, too.
_FAINT = re.compile(r"(?<![\w-])opacity\s*:\s*0(?:\.0+)?%?(?![.\d])", re.IGNORECASE)


def hidden(element: Any) -> bool:
    """Return whether an element hides itself, by its attribute or its own style."""
    style = element.get("style") or ""
    return element.get("hidden") is not None or bool(HIDING.search(style) or _FAINT.search(style))


def box(element: Any) -> str:
    """Return a checkbox as it shows; other fields show what visitors type."""
    if (element.get("type") or "").lower() not in ("checkbox", "radio"):
        return ""
    return "☑" if element.get("checked") is not None else "☐"


def keep_lines(root: Any) -> None:
    """Mark the line ends that show as such, those of preformatted text."""
    for part in root.iter("pre"):
        for element in part.iter():
            element.text = (element.text or "").replace("\n", LINE_END)
            if element is not part:
                element.tail = (element.tail or "").replace("\n", LINE_END)


def collapsed(text: str | None) -> str:
    """Collapse white space of the source into one space; a line break between Chinese characters is removed."""
    return _SPACE.sub(" ", _BREAK_WITHIN_CHINESE.sub("", text or ""))


def words_of(element: Any, without: Collection[Any] = ()) -> str:
    """Return the words that an element shows, in one line; those of the elements `without` are left out."""
    return " ".join("".join(_shown_text(element, frozenset(without))).split())


def lines_of(element: Any, without: Collection[Any] = ()) -> str:
    """Return the same words with the line breaks that the element shows."""
    lines = "".join(_shown_text(element, frozenset(without))).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _shown_text(element: Any, without: Collection[Any]) -> Iterator[str]:
    skipped: Any = None
    for event, part in etree.iterwalk(element, events=("start", "end")):
        edge = "\n" if part is not element and part.tag not in INLINE else ""
        if skipped is None and event == "start":
            if part is not element and (part.tag in NOT_SHOWN or hidden(part) or part in without):
                skipped = part
            else:
                yield edge
                yield box(part) if part.tag == "input" else ""
                yield collapsed(part.text)
        elif event == "end" and (skipped is None or skipped is part):
            if part is not element:
                yield "" if skipped is part else edge
                yield collapsed(part.tail)
            skipped = None
