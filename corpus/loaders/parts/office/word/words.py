"""The words of Word's paragraphs that show and hold: none deleted, struck or hidden, fields by their result."""

import re
from dataclasses import dataclass
from typing import Any

from corpus.loaders.parts.office.names import MC, VAL, WP, W, integer, switched
from corpus.loaders.parts.office.symbols import BEFORE_PART, M, is_symbol_font, shown
from corpus.loaders.parts.office.word.ink import Ink
from corpus.loaders.parts.office.word.styles import Styles

TEXTPATH = "{urn:schemas-microsoft-com:vml}textpath"
# Deleted text, the older copy of a drawing, phonetic guides. Text boxes are paragraphs of their own.
NOT_SHOWN = frozenset(
    [
        *(f"{W}{name}" for name in ("del", "moveFrom", "delText", "pPr", "rPr", "rt", "txbxContent", "tbl")),
        f"{MC}Fallback",
    ]
)
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-"}
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\b", re.IGNORECASE)
_CONTENTS_FIELD = re.compile(r"\s*TOC\b", re.IGNORECASE)
_SYMBOL_FIELD = re.compile(r"\s*SYMBOL\s+(\d+|0x[0-9a-f]+)(?:.*\\f\s*\"?([^\"\\]+))?", re.IGNORECASE)
_OVERSTRIKE = re.compile(r"\s*EQ\s*\\o\s*(?:\\a[a-z]\s*)?\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_RINGS, _BOXES, _TICKS, _CROSSES = "○〇◯", "□☐", "√✓✔", "×✗xX"


@dataclass(slots=True)
class _Field:
    """A field that has begun: its code, whether its result has begun, and what it shows without one."""

    code: str = ""
    result: bool = False
    box: str = ""


@dataclass(frozen=True, slots=True)
class _Run:
    """The run that words stand in. `hidden` ones, or struck, take their notes along; `unseen` ones leave them."""

    hidden: bool = False
    unseen: bool = False
    font: str = ""


class Words:
    """Reads paragraphs in order, because a field may span several; collects the notes referred to."""

    def __init__(self, styles: Styles, ink: Ink, *, page_numbers: bool = True) -> None:
        self._styles, self._ink = styles, ink
        self._page_numbers = page_numbers
        self._fields: list[_Field] = []
        self.notes: list[tuple[str, str]] = []  # kind of note, and its id

    @property
    def within_contents(self) -> bool:
        """Whether a table of contents has begun and not ended."""
        return any(_CONTENTS_FIELD.match(field.code) for field in self._fields)

    def of(self, paragraph: Any) -> str:
        """Return the words of a paragraph, without those of its text boxes."""
        parts: list[str] = []
        self._walk(paragraph, paragraph, parts)
        return "".join(parts)

    def _walk(self, element: Any, paragraph: Any, parts: list[str]) -> None:
        """Walk with a stack of its own: files nest elements deeper than Python nests calls."""
        stack = [(element, _Run())]
        while stack:
            here, run = stack.pop()
            tag = here.tag
            if tag in NOT_SHOWN or not isinstance(tag, str):
                continue
            if tag == f"{W}r":
                hidden = self._styles.hidden(here, paragraph) or self._ink.struck(here, paragraph)
                run = _Run(hidden, not hidden and self._ink.unseen(here, paragraph), _font(here))
            self._take(here, parts, run)
            if tag == f"{W}fldSimple" and not self._may_show(here.get(f"{W}instr") or ""):
                continue
            stack.extend((child, run) for child in reversed(here))

    def _take(self, element: Any, parts: list[str], run: _Run) -> None:
        match element.tag.rpartition("}")[2]:
            case "fldChar":
                self._field(element, parts, hidden=run.hidden or run.unseen)
            case "instrText":
                if self._fields and not self._fields[-1].result:
                    self._fields[-1].code += element.text or ""
            case _ if run.hidden or not all(self._shows(field) for field in self._fields):
                pass
            case "t" | "sym" if run.unseen:
                pass
            case "t":
                parts.append(shown(element.text or "", run.font if is_symbol_font(run.font) else ""))
            case "sym":
                code = element.get(f"{W}char") or ""
                parts.append(shown(_character(code), element.get(f"{W}font") or ""))
            case "footnoteReference" | "endnoteReference" as kind:
                self.notes.append((kind.removesuffix("Reference"), element.get(f"{W}id") or ""))
            case "oMath" if parts and element.getparent().tag == f"{M}oMathPara":
                parts.append("\n")
            case "textpath" if element.tag == TEXTPATH:
                parts.append(f"\n{element.get('string') or ''}\n")
            case _:
                parts.append(_BREAKS.get(element.tag, "") or BEFORE_PART.get(element.tag, ""))

    def _field(self, mark: Any, parts: list[str], *, hidden: bool) -> None:
        match mark.get(f"{W}fldCharType"):
            case "begin":
                self._fields.append(_Field(box=_form_field(mark)))
            case "separate" if self._fields:
                self._fields[-1].result = True
            case "end" if self._fields:
                field = self._fields.pop()
                if not hidden and all(map(self._shows, self._fields)):
                    parts.append(field.box or ("" if field.result else _without_result(field.code)))

    def _shows(self, field: _Field) -> bool:
        return field.result and not field.box and self._may_show(field.code)

    def _may_show(self, code: str) -> bool:
        return self._page_numbers or not _PAGE_FIELD.match(code)


def shows(drawing_part: Any) -> bool:
    """Return whether a text box or picture is visible: not deleted, not the older copy, not in a hidden drawing."""
    for above in drawing_part.iterancestors():
        if above.tag in (f"{W}del", f"{W}moveFrom", f"{MC}Fallback"):
            return False
        if above.tag in (f"{WP}anchor", f"{WP}inline"):
            properties = above.find(f"{WP}docPr")
            if properties is not None and properties.get("hidden") in ("1", "true"):
                return False
        if "visibility:hidden" in (above.get("style") or "").replace(" ", ""):
            return False
    return True


def _font(run: Any) -> str:
    fonts = run.find(f"{W}rPr/{W}rFonts")
    return "" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or ""


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""


def _form_field(mark: Any) -> str:
    """Return what a checkbox or a drop-down list shows; empty for other fields."""
    data = mark.find(f"{W}ffData")
    if data is None:
        return ""
    box, choice = data.find(f"{W}checkBox"), data.find(f"{W}ddList")
    if box is not None:
        ticked = switched(box, f"{W}checked")
        return "☑" if (ticked if ticked is not None else switched(box, f"{W}default")) else "☐"
    if choice is not None:
        chosen = choice.find(f"{W}result")
        chosen = chosen if chosen is not None else choice.find(f"{W}default")
        number = integer(chosen.get(VAL), 0) if chosen is not None else 0
        entries = [entry.get(VAL) or "" for entry in choice.iterfind(f"{W}listEntry")]
        return entries[number] if 0 <= number < len(entries) else ""
    return ""


def _without_result(code: str) -> str:
    """Return what a field without a stored result shows: signs by number, signs written over one another."""
    if match := _SYMBOL_FIELD.match(code):
        number = int(match[1], 16 if match[1].lower().startswith("0x") else 10)
        font = (match[2] or "").strip()
        return shown(chr(number), font) if number < 0x110000 else ""
    if match := _OVERSTRIKE.fullmatch(code):
        return _overstruck([part.strip() for part in re.split(r"[,，;]", match[1])])
    return ""


def _overstruck(parts: list[str]) -> str:
    together = "".join(parts)
    if any(sign in together for sign in _BOXES):
        ticked, crossed = (any(sign in together for sign in signs) for signs in (_TICKS, _CROSSES))
        return "☑" if ticked else "☒" if crossed else together
    inner = together.strip(_RINGS)
    if inner != together and inner.isascii() and inner.isdigit() and 1 <= int(inner) <= 20:
        return chr(0x2460 + int(inner) - 1)
    return together
