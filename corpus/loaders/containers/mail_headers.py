"""Headers of mails as Chinese mail programs write them: encoded words, and bytes that name no encoding.

The standard library gives up what these programs do against RFC 2047: characters of GBK under the name gb2312, a
character parted between two words, plain bytes.
"""

import base64
import binascii
import quopri
import re
from email.policy import Compat32

from corpus.text.decoding import UnknownEncoding, decode

_WORD = r"=\?([\w.:*-]{1,60})\?([bBqQ])\?([^?\s]*)\?="
_WORDS = re.compile(rf"(?:{_WORD}\s*(?==\?))*{_WORD}")
_ONE = re.compile(_WORD)
# Names under which mail programs write GBK and GB 18030.
CHINESE = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030", "cp936", "936")


class AsWritten(Compat32):
    """Gives headers as they stand in the file, bytes beyond ASCII as surrogates."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def decoded(header: str) -> str:
    """Return a header in words, on one line."""
    parts: list[str] = []
    end = 0
    for match in _WORDS.finditer(header):
        parts += [_of_bytes(header[end : match.start()]), _of_words(match[0])]
        end = match.end()
    return " ".join("".join([*parts, _of_bytes(header[end:])]).split())


def _of_words(words: str) -> str:
    """Return what encoded words say; the bytes of neighbours in one encoding are put together first."""
    texts: list[str] = []
    content, charset = b"", ""
    for word in _ONE.finditer(words):
        named = word[1].partition("*")[0].lower()  # behind the asterisk stands a language
        if named != charset:
            texts.append(_text(content, charset))
            content, charset = b"", named
        content += _content(word[2], word[3])
    return "".join([*texts, _text(content, charset)])


def _content(how: str, written: str) -> bytes:
    if how in "qQ":
        return quopri.decodestring(written.replace("_", " ").encode("ascii", "replace"))
    try:
        return base64.b64decode(written.rstrip("=") + "=" * (-len(written.rstrip("=")) % 4))
    except (binascii.Error, ValueError):
        return b""


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode("gb18030" if charset in CHINESE else charset or "ascii", "replace")
    except (LookupError, UnicodeError):
        return _of_bytes(content.decode("ascii", "surrogateescape"))


def _of_bytes(text: str) -> str:
    """Return a text whose surrogates stand for bytes in an encoding that nothing names."""
    if text.isascii():
        return text
    content = text.encode("utf-8", "surrogateescape")
    try:
        return decode(content)
    except UnknownEncoding:
        return content.decode("utf-8", "replace")
