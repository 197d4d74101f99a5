"""Archives and mails as offices have them: made here, so that each test says what is in them."""

import email
import io
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP

from tests.support.files import office_files


class _GbkInfo(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits


def gbk_zip(parts: Mapping[str, bytes]) -> bytes:
    """An archive as Chinese Windows makes it: names in GBK, and nothing that says so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(_GbkInfo(name), content)
    return buffer.getvalue()


def eml_file(
    subject: str = office_files.TITLE,
    body: str = office_files.SENTENCES[0],
    *,
    html: str = "",
    attachments: Mapping[str, bytes] | None = None,
    mails: Mapping[str, bytes] | None = None,
) -> bytes:
    """A mail with files attached, and mails."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "合作办 <a@example.cn>", "b@example.cn", subject
    message["Date"] = "Fri, 01 Mar 2024 09:00:00 +0800"
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in (attachments or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    for name, content in (mails or {}).items():
        message.add_attachment(email.message_from_bytes(content, policy=SMTP), filename=name)
    return message.as_bytes()


def mht_file(page: str | None = None) -> bytes:
    """A web page as a browser keeps it whole: the page and a picture in one file."""
    html = page or office_files.html_file().decode()
    return (
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{html}\r\n"
        "--B\r\nContent-Type: image/png\r\nContent-Location: a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "iVBORw0KGgo=\r\n--B--\r\n"
    ).encode()
