"""Detects text that was decoded wrongly."""

from collections import Counter
from unicodedata import category

# Shares (0–1) of characters: text decoded wrongly, or from a PDF that does not say what its glyphs mean, has more.
_MOST_BROKEN, _MOST_RARE = 0.02, 0.2
_COMMON_SIGNS = frozenset("·×÷°±§©®«»£¥¢µ¼½¾²³¹¶ˉˇ¨¿¡")


def garbled(text: str) -> str:
    """Return why a text cannot have been written by anybody; empty if it can."""
    counts = Counter("".join(text.split()))
    characters = counts.total()
    broken = sum(count for character, count in counts.items() if _broken(character))
    if broken > _MOST_BROKEN * characters:
        return f"{broken / characters:.0%}的字符无法显示"
    rare = sum(count for character, count in counts.items() if _rare(character))
    return f"{rare / characters:.0%}是罕用字符" if rare > _MOST_RARE * characters else ""


def _broken(character: str) -> bool:
    return character == "\ufffd" or category(character) in ("Co", "Cn", "Cc", "Cs")


def _rare(character: str) -> bool:
    """Return whether a character is unusual in Simplified and Traditional texts, or typical of misread UTF-8."""
    if character < "\u0080" or character in _COMMON_SIGNS:
        return False
    if character < "\u0250":
        return True
    if not "\u2e80" <= character <= "\ufaff" and not character >= "\U00020000":
        return "\u0530" <= character <= "\u1fff"
    for encoding in ("gb2312", "big5"):
        try:
            character.encode(encoding)
            return False
        except UnicodeEncodeError:
            continue
    return True
