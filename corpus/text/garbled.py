"""Detects text that was decoded wrongly."""

from collections import Counter
from collections.abc import Mapping
from unicodedata import category, name

# Shares (0–1) of characters: text decoded wrongly, or from a PDF that does not say what its glyphs mean, has more.
_MOST_BROKEN, _MOST_RARE = 0.02, 0.2
# A text of another people is in one script, with spaces or marks between words; whatever is decoded wrongly falls into
# many scripts, or has none: GB 2312 taken for UTF-16 looks Korean.
_ONE_SCRIPT, _LEAST_BETWEEN = 0.9, 0.04
_SCRIPTS = frozenset({"HANGUL", "ARABIC", "TIBETAN", "MONGOLIAN", "HEBREW", "THAI", "LAO", "KHMER", "MYANMAR"})
_BETWEEN = frozenset("\u0f0b\u200b")  # besides white space
_COMMON_SIGNS = frozenset("·×÷°±§©®«»£¥¢µ¼½¾²³¹¶ˉˇ¨¿¡")


def garbled(text: str) -> str:
    """Return why a text cannot have been written by anybody; empty if it can."""
    counts = Counter("".join(text.split()))
    characters = counts.total()
    broken = sum(count for character, count in counts.items() if _broken(character))
    if broken > _MOST_BROKEN * characters:
        return f"{broken / characters:.0%}的字符无法显示"
    unusual = {character: count for character, count in counts.items() if _rare(character)}
    rare = sum(unusual.values())
    between = sum(character.isspace() or character in _BETWEEN for character in text.strip())
    written = _in_one_script(unusual) >= _ONE_SCRIPT * rare and between >= _LEAST_BETWEEN * len(text)
    if rare <= _MOST_RARE * characters or written:
        return ""
    return f"{rare / characters:.0%}是罕用字符"


def _in_one_script(counts: Mapping[str, int]) -> int:
    """Return how many of the characters are letters of the one script that most of them are of."""
    scripts: Counter[str] = Counter()
    for character, count in counts.items():
        scripts[name(character, "").partition(" ")[0]] += count
    return max((count for script, count in scripts.items() if script in _SCRIPTS), default=0)


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
