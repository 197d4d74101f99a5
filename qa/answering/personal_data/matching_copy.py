"""The copy of a text that is matched: usual characters, nothing invisible, and where each stands in the text."""

import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃─━ー"), "-")
_DOTS = dict.fromkeys(map(ord, "·•‧・∙"), ".")
# Only characters of the labels, so that one spelling of each label is enough.
_SIMPLIFIED = str.maketrans(
    "電話機號碼證護車郵銀帳賬戶聯繫會醫編積臺灣這個麼誰哪裡", "电话机号码证护车邮银账账户联系会医编积台湾这个么谁哪里"
)
CHINESE_DIGITS = str.maketrans("零〇○洞一幺壹二两贰三叁参四肆五伍六陆七柒八捌九玖", "0000111222333445566778899")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me")


def copied(text: str) -> tuple[str, list[int]]:
    """Return the normalised copy and, for each of its characters and its end, the offset in the text."""
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        piece = _normal(char)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    return "".join(pieces), [*offsets, len(text)]


@lru_cache(maxsize=4096)
def _normal(char: str) -> str:
    """Return a character in its usual form, Latin letters as capitals; empty for an invisible character."""
    if char.isspace():
        return " "
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    usual = unicodedata.normalize("NFKC", char).translate(_DASHES).translate(_DOTS).translate(_SIMPLIFIED)
    return "".join(part.upper() if part.isascii() else part for part in usual)
