"""Signs of symbol fonts (Wingdings, Symbol) as Unicode characters, and those between the parts of a formula."""

from collections.abc import Mapping

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
BEFORE_PART = {f"{M}den": "/", f"{M}sup": "^", f"{M}sub": "_", f"{M}deg": ""}  # of a formula on one line
MARKS = frozenset("☐☑☒✓✗")  # bullets that carry meaning
_PRIVATE = range(0xF000, 0xF100)  # where symbol fonts put their 256 signs

_WINGDINGS: Mapping[int, str] = {
    0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "☐",
    0x70: "☐", 0x71: "☐", 0x72: "☐", 0x73: "◆", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x7B: "❀", 0x9E: "·",
    0x9F: "•", 0xA1: "○", 0xA2: "○", 0xA3: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★",
    0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
    **{0x80 + number: "⓪①②③④⑤⑥⑦⑧⑨⑩"[number] for number in range(11)},
    **{0x8B + number: "⓿❶❷❸❹❺❻❼❽❾❿"[number] for number in range(11)},
}  # fmt: skip
_WINGDINGS_2: Mapping[int, str] = {
    0x2A: "☐", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x55: "☒", 0x56: "☒", 0x97: "●",
    0x98: "•", 0xA2: "■", 0xA3: "☐", 0xA4: "☐", 0xA6: "☐",
    **{0x69 + number: "⓪①②③④⑤⑥⑦⑧⑨⑩"[number] for number in range(11)},
}  # fmt: skip
_SYMBOL: Mapping[int, str] = {
    0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±",
    0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD5: "∏",
    0xD6: "√", 0xD7: "·", 0xE5: "∑", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x44: "Δ", 0x65: "ε", 0x71: "θ",
    0x6C: "λ", 0x6D: "μ", 0x70: "π", 0x72: "ρ", 0x73: "σ", 0x53: "Σ", 0x6A: "φ", 0x77: "ω", 0x57: "Ω", 0x66: "φ",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings2": _WINGDINGS_2, "symbol": _SYMBOL}
# For an unnamed font, the signs that mean the same in every symbol font: boxes, ticks, dots.
_ANY = {
    **{code: _WINGDINGS[code] for code in (0x6F, 0xA8, 0xFC, 0xFD, 0xFE, 0x6C, 0x6E)},
    0x52: "☑",
    0xA3: "☐",
    0xB7: "•",
}


def is_symbol_font(font: str) -> bool:
    """Return whether the letters of a font are signs."""
    return _key(font) in _FONTS


def shown(text: str, font: str = "") -> str:
    """Return a text as it shows in a font; private-use characters missing from the tables stay unchanged."""
    table = _FONTS.get(_key(font))
    return "".join(_sign(character, table) for character in text)


def _sign(character: str, table: Mapping[int, str] | None) -> str:
    code = ord(character)
    if code in _PRIVATE:
        return (_ANY if table is None else table).get(code - _PRIVATE.start, character)
    return table.get(code, character) if table is not None else character


def _key(font: str) -> str:
    return "".join(font.lower().split())
