"""Mails (EML) and web archives (MHT): their text, and the files attached to them."""

import email
import re
from collections.abc import Iterator
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import Any

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Budget
from corpus.loaders import html
from corpus.loaders.containers.contents import Contents, Member
from corpus.loaders.containers.mail_headers import CHINESE, AsWritten, decoded
from corpus.loaders.containers.quoted_mail import FORWARDED, own_lines, without_quoted
from corpus.loaders.parts.page.shown_words import words_of
from corpus.loaders.parts.page.visible.web_pictures import large_pictures
from corpus.loaders.parts.page.visible.web_styles import as_shown
from corpus.loaders.parts.tables.typed.finding import typed
from corpus.loaders.parts.text_writer import Writer
from corpus.text.cleaning import printable
from corpus.text.decoding import UnknownEncoding, decode
from corpus.validity import in_words

_DEEPEST, _MOST_PARTS = 20, 2000
_HEADERS = (("From", "发件人"), ("To", "收件人"), ("Cc", "抄送"))
_NO_MAIL = "扩展名是{suffix}，内容却不是邮件或网页存档；请核对来源，改正扩展名或重新另存"
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_ENDINGS = {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt"}
_HTML = ("text/html", "application/xhtml+xml")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
_QUOTES = "邮件里引用的旧邮件没有读入；其中还有用的，请把那封邮件另存后放入"
_SAYS = re.compile(r"\w")
_SOFT_BREAK = re.compile(r"(?<!^--) \n(?=[^\n])", re.MULTILINE)  # RFC 3676; what follows "-- " is a signature


def unpack(name: str, content: bytes, budget: Budget) -> Contents:
    """Return subject, people, date and words of a mail as a document, attachments as members. Raises `Quarantined`."""
    message = email.message_from_bytes(content.removeprefix(b"\xef\xbb\xbf"), policy=AsWritten())
    suffix = PurePosixPath(name).suffix.lower()
    if not message.keys() or not (message["From"] or message["Subject"] or message["MIME-Version"]):
        raise Quarantined(_NO_MAIL.format(suffix=suffix))
    if message.get_content_type() in _SEALED:
        raise Quarantined("邮件是加密的；请在邮件软件里打开，把正文和附件另存后再放入")
    parts = list(_parts(message))
    attached = tuple(_members(part for part in parts if _is_attached(part)))
    said = [part for part in parts if not _is_attached(part)]
    document = _page(name, said) if suffix in (".mht", ".mhtml") else _mail(name, message, said)
    return Contents(attached, document if document.text.strip() or not attached else None)


def insert(writer: Writer, content: bytes) -> str:
    """Write a web archive that stands within another file; return what could not be read."""
    message = email.message_from_bytes(content.removeprefix(b"\xef\xbb\xbf"), policy=AsWritten())
    for part in _parts(message):
        if part.get_content_type() in _HTML:
            html.insert_page(writer, _text(part, page=True))
    return ""


def _parts(message: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the leaves of a message; of alternative parts, only the last readable one."""
    if depth > _DEEPEST:
        raise Quarantined(f"邮件的层数超过{_DEEPEST}层；请核对来源，把需要的附件另存后再放入")
    if message.get_content_maintype() != "multipart":
        yield message
        return
    inner = message.get_payload() if message.is_multipart() else []
    if len(inner) > _MOST_PARTS:
        raise Quarantined(f"邮件的部分超过{_MOST_PARTS}个；请核对来源，把需要的附件另存后再放入")
    if message.get_content_type() == "multipart/alternative":
        # The alternatives hold the same words; HTML keeps headings and tables that plain text has lost.
        said = [part for part in inner if not _is_attached(part)]
        worded = [part for part in said if part.get_content_type() in ("text/html", "text/plain")]
        related = [part for part in said if part.get_content_maintype() == "multipart"]
        pages = [part for part in worded if part.get_content_type() == "text/html"]
        attached = [part for part in inner if _is_attached(part)]
        inner = [*(related or pages[-1:] or worded[-1:] or said), *attached]
    for part in inner:
        yield from _parts(part, depth + 1)


def _is_attached(part: Any) -> bool:
    """Return whether a part is a file of its own; a picture within the words is not.

    Telephones give each file an identity, as if the words showed it.
    """
    if part.get_content_type() == "message/rfc822" or part.get_content_disposition() == "attachment":
        return True
    name = decoded(part.get_filename() or "").lower()
    shown = part["Content-ID"] and (part.get_content_maintype() == "image" or name.endswith(_PICTURES))
    return bool(name) and not shown and part.get_content_maintype() != "multipart"


def _members(parts: Iterator[Any]) -> Iterator[Member]:
    used: set[str] = set()
    for number, part in enumerate(parts, start=1):
        ending = _ENDINGS.get(part.get_content_type(), "")
        # The sender's name for the file: only the last part of its path, made printable.
        own = PurePosixPath(decoded(part.get_filename() or "").replace("\\", "/")).name
        shown = printable(own).strip(". ") or f"附件{number}{ending}"
        if ending and not PurePosixPath(shown).suffix:
            shown += ending
        while shown in used:
            shown = str(PurePosixPath(shown).with_stem(f"{PurePosixPath(shown).stem}（{number}）"))
        used.add(shown)
        yield Member(shown, _bytes(part))


def _bytes(part: Any) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return bytes(inner[0].as_bytes()) if isinstance(inner, list) and inner else b""
    return part.get_payload(decode=True) or b""


def _mail(name: str, message: Any, parts: list[Any]) -> Document:
    writer = Writer()
    subject = decoded(message["Subject"] or "")
    writer.heading(1, subject)
    said = [f"{word}：{value}" for header, word in _HEADERS if (value := _people(message, header))]
    if day := _day(message):
        said.append(f"日期：{day}")
    worded = [part for part in parts if part.get_content_maintype() == "text"]
    whole = list(map(_words, worded))
    own = whole if FORWARDED.match(subject) else [_words(part, quoted=False) for part in worded]
    # Where nothing else stands in a mail, the other one is passed on.
    quotes = any(map(_SAYS.search, map(_shown, own))) and list(map(_shown, own)) != list(map(_shown, whole))
    for words in own if quotes else whole:
        if isinstance(words, str):
            for part in typed(words):
                if isinstance(part, str):
                    for paragraph in part.split("\n\n"):
                        writer.paragraph(paragraph)
                else:
                    writer.table(part)
        elif words is not None:
            html.write(writer, words)
    if subject or any(map(_shown, whole)):  # nobody asks about sender and date alone
        writer.lines(said)
    return writer.document(name, title=subject, remark=_QUOTES if quotes else "")


def _words(part: Any, *, quoted: bool = True) -> Any:
    """Return the words of a part, or their tree if it is a page; `quoted` or without those of older mails."""
    text = _text(part, page=part.get_content_type() == "text/html")
    if part.get_content_type() != "text/html":
        return _unwrapped(part, text if quoted else own_lines(text))
    if (tree := html.parse(text)) is not None:
        as_shown(tree)
        if not quoted:
            without_quoted(tree)
    return tree


def _shown(words: Any) -> str:
    return words.strip() if isinstance(words, str) else "" if words is None else words_of(words)


def _page(name: str, parts: list[Any]) -> Document:
    """Return the page of a web archive, followed by the pages in its frames."""
    writer = Writer()
    title, pictures = "", 0
    for part in parts:
        if part.get_content_type() in _HTML:
            tree = html.parse(_text(part, page=True))
            if tree is not None:
                own = html.write_page(writer, tree)
                title, pictures = title or own, pictures + large_pictures(tree)
    return writer.document(name, title=title, remark=html.PICTURED.format(pictures) if pictures else "")


def _text(part: Any, *, page: bool = False) -> str:
    """Return the words of a part, decoded as it declares if that fits. Raises `UnknownEncoding`."""
    content = part.get_payload(decode=True) or b""
    named = str(part.get_content_charset() or "").lower()
    named = "gb18030" if named in CHINESE else named
    if named not in ("", "utf-8", "us-ascii", "gb18030"):
        try:
            return content.decode(named).replace("\r\n", "\n").replace("\r", "\n")
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return decode(content, page=page)
    except UnknownEncoding:
        raise UnknownEncoding("邮件的文字不是常用的编码；请在邮件软件里打开，把正文另存后再放入") from None


def _unwrapped(part: Any, text: str) -> str:
    """Return words without the line breaks that a mail program has put into paragraphs, and marked."""
    if part.get_param("format") != "flowed":
        return text
    return _SOFT_BREAK.sub("" if part.get_param("delsp") == "yes" else " ", text)


def _people(message: Any, name: str) -> str:
    """Return the people in a header; an address only if it has no name, because citizens may read the quotation."""
    return "、".join(decoded(person or address) for person, address in getaddresses([message[name] or ""]))


def _day(message: Any) -> str:
    try:
        at = parsedate_to_datetime(message["Date"] or "")
    except (ValueError, TypeError, IndexError):
        return ""
    return in_words(at)
