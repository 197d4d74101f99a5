"""Decodes text in the encodings that Chinese offices use."""

import codecs
import re
from collections import Counter

from corpus.errors import Quarantined

_NUL = b"\x00"  # in a file of text, half of an ASCII character, or of a Chinese one such as 一, in UTF-16
# Shares (0–1) of characters that Chinese texts have, in the right and in the wrong order of bytes.
_USUAL, _UNUSUAL = 0.98, 0.5
_LEAST_CHINESE = 0.9  # share of usual characters, below which bytes may be Japanese
_SAMPLE, _LEAST_KANA = 20_000, 3
_HIRAGANA, _HALF_WIDTH = re.compile("[\u3041-\u3096]"), re.compile("[\uff61-\uff9f]")
# The same of frequent characters, in the right encoding and in the other one. Traditional texts have 0.64 to 0.73 of
# those of GB 2312 where they are GB18030, and 0.2 to 0.3 where they are Big5 that was taken for it.
_FREQUENT, _INFREQUENT = 0.95, 0.5
_LEAST_COUNTED = 20  # characters that tell one encoding from the other
# The encoding without rare additions, and the first bytes of its signs and frequent characters.
_FREQUENT_CODES = {
    "gb18030": ("gb2312", ((0xA1, 0xA3), (0xB0, 0xD7))),
    "big5hkscs": ("big5", ((0xA1, 0xA3), (0xA4, 0xC6))),
}


class UnknownEncoding(Quarantined):
    """The bytes are not text in UTF-8, GB18030, UTF-16 or Big5."""


def decode(content: bytes, *, page: bool = False) -> str:
    """Decode UTF-8 or UTF-16, with or without a byte order mark, or else GB18030 or Big5; line ends become \\n.

    Nearly any bytes are valid GB18030, so the result must also look like text: control or private-use characters mean
    another encoding, and rare ones Big5 if they are frequent ones there. In the UTF-8 of a web `page` they may be
    icons. Raises `UnknownEncoding`.
    """
    text = None if _NUL in content else _strictly(content.removeprefix(codecs.BOM_UTF8), "utf-8")
    icons = page and text is not None
    if text is None:
        marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = _strictly(content, "utf-16") if marked else _strictly(content, _unmarked(content))
        text = _japanese(content) or text if text and _usual(text[:_SAMPLE]) < _LEAST_CHINESE else text
    if text is None or (not icons and any(_foreign(char) for char in text)):
        raise UnknownEncoding("文字不是UTF-8、GB18030、UTF-16或Big5编码；请用记事本另存为UTF-8再放入")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unmarked(content: bytes) -> str:
    """Return the encoding of bytes without a mark.

    It is UTF-16 if one order of bytes gives a text, the other none; Big5 if its characters are the frequent ones.
    """
    if _NUL in content:
        shares = {name: _usual(_strictly(content, name) or "") for name in ("utf-16-le", "utf-16-be")}
        best, other = sorted(shares, key=lambda name: shares[name], reverse=True)
        if shares[best] >= _USUAL and shares[other] < _UNUSUAL:
            return best
    elif _frequent(content, "big5hkscs") >= _FREQUENT and _frequent(content, "gb18030") < _INFREQUENT:
        return "big5hkscs"
    return "gb18030"


def _japanese(content: bytes) -> str | None:
    """Return bytes that are no usual Chinese as Shift-JIS, if that gives a text with several hiragana; else None.

    Chinese in GB18030 becomes kana of half the width by it.
    """
    text = _strictly(content, "shift_jis") or ""
    kana = len(_HIRAGANA.findall(text))
    return text if kana >= _LEAST_KANA and not _HALF_WIDTH.search(text) else None


def _frequent(content: bytes, encoding: str) -> float:
    """Return the share of frequent characters in bytes of an encoding; 0 if they are not, or hold too few."""
    counts = Counter(char for char in _strictly(content, encoding) or "" if char >= "\x80")
    if counts.total() < _LEAST_COUNTED:
        return 0.0
    found = sum(count for char, count in counts.items() if _is_frequent(char, encoding))
    return found / counts.total()


def _is_frequent(char: str, encoding: str) -> bool:
    kept, firsts = _FREQUENT_CODES[encoding]
    return _fits(char, kept) and any(low <= char.encode(kept)[0] <= high for low, high in firsts)


def _usual(text: str) -> float:
    """Return the share of characters that GB 2312 or Big5 has."""
    counts = Counter(text)
    return sum(count for char, count in counts.items() if _is_usual(char)) / max(counts.total(), 1)


def _is_usual(char: str) -> bool:
    if char < "\x80":
        return not _foreign(char)
    return any(_fits(char, encoding) for encoding in ("gb2312", "big5"))


def _fits(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _foreign(char: str) -> bool:
    control = char < " " or "\x7f" <= char <= "\x9f"
    return (control and char not in "\t\n\r\f") or "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
