"""Decodes text in the encodings that Chinese offices use."""

import codecs

from corpus.errors import Quarantined


class UnknownEncoding(Quarantined):
    """The bytes are not text in UTF-8, GB18030 or UTF-16."""


def decode(content: bytes, *, page: bool = False) -> str:
    """Decode UTF-8 with or without a byte order mark, UTF-16 with one, or else GB18030; line ends become \\n.

    Nearly any bytes are valid GB18030, so the result must also look like text: control or private-use characters mean
    another encoding. In the UTF-8 of a web `page` they may be icons. Raises `UnknownEncoding`.
    """
    text = _strictly(content.removeprefix(codecs.BOM_UTF8), "utf-8")
    icons = page and text is not None
    if text is None:
        marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = _strictly(content, "utf-16" if marked else "gb18030")
    if text is None or (not icons and any(_foreign(char) for char in text)):
        raise UnknownEncoding("文字不是UTF-8、GB18030或UTF-16编码；请用记事本另存为UTF-8再放入")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _foreign(char: str) -> bool:
    control = char < " " or "\x7f" <= char <= "\x9f"
    return (control and char not in "\t\n\r\f") or "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
