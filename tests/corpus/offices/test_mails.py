"""Mails as Chinese programs and telephones write them: subjects, names of files, lines, alternatives."""

import base64

import pytest

from corpus.conversion.convert import unpack
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.containers.contents import Contents
from corpus.loaders.containers.mail_headers import decoded

CSV = "项目,金额\n停车,6元\n过夜,40元\n".encode()


def contents(content: bytes) -> Contents:
    return unpack("信.eml", content, DEFAULT_BUDGET)


def word(content: bytes, charset: str) -> str:
    return f"=?{charset}?B?{base64.b64encode(content).decode()}?="


def mixed(headers: bytes, content: bytes = CSV, kind: str = "mixed") -> bytes:
    """A mail of a sentence and of another part, with the headers of that part."""
    top = f'From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary="B"\r\n\r\n'
    words = "--B\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n停车费有调整。\r\n--B\r\n"
    part = b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(content) + b"\r\n--B--\r\n"
    return (top + words).encode() + headers + part


def test_characters_of_gbk_under_the_name_gb2312_are_read() -> None:
    name = word("朱镕的表.csv".encode("gb18030"), "gb2312")
    found = contents(mixed(f'Content-Type: text/csv; name="{name}"\r\nContent-Disposition: attachment'.encode()))
    assert [member.name for member in found.members] == ["朱镕的表.csv"]
    head = f"From: {word('朱镕'.encode('gb18030'), 'gb2312')} <a@b.cn>\r\n"
    head += f"Subject: {word('关于淼镕路停车的通知'.encode('gb18030'), 'GB2312')}\r\nMIME-Version: 1.0\r\n\r\n一句。"
    document = contents(head.encode()).document
    assert document and document.title == "关于淼镕路停车的通知" and "发件人：朱镕\n" in document.text + "\n"


def test_bytes_without_an_encoding_are_read_as_those_of_the_text() -> None:
    named = 'Content-Type: application/octet-stream; name="停车表.csv"\r\nContent-Disposition: attachment'
    assert [member.name for member in contents(mixed(named.encode("gbk"))).members] == ["停车表.csv"]
    document = contents("From: a@b.cn\r\nSubject: 停车收费的通知\r\n\r\n一句。".encode("gbk")).document
    assert document and document.title == "停车收费的通知"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (" ".join(word("停车收费".encode()[a:b], "utf-8") for a, b in ((0, 5), (5, 12))), "停车收费"),
        ("\r\n ".join(word("停车收费".encode("gbk")[a:b], "gbk") for a, b in ((0, 3), (3, 8))), "停车收费"),
        (f"{word('停车'.encode(), 'utf-8')} {word('收费'.encode('gbk'), 'gb2312')}", "停车收费"),
        ("=?utf-8*zh?Q?=E5=81=9C_=E8=BD=A6?= fees", "停 车 fees"),
        ("Re: =?utf-8?B?5YGc6L2m?=", "Re: 停车"),
        ("=?no-such?B?5YGc6L2m?=", "停车"),
        ("=?utf-8?B?5YGc6L2?= and =?x", "停\ufffd and =?x"),
        ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
    ],
)
def test_encoded_words_are_put_together_before_they_are_read(header: str, words: str) -> None:
    assert decoded(header) == words


def test_a_file_that_a_telephone_shows_within_the_words_is_a_file() -> None:
    named = b'Content-Type: text/csv\r\nContent-Disposition: inline; filename="a.csv"\r\nContent-Id: <1@x>'
    assert [member.content for member in contents(mixed(named)).members] == [CSV]
    picture = b'Content-Type: image/png; name="a.png"\r\nContent-Disposition: inline\r\nContent-Id: <1@x>'
    assert contents(mixed(picture)).members == ()


def test_a_file_beside_alternatives_is_a_file() -> None:
    named = b'Content-Type: text/csv; name="a.csv"\r\nContent-Disposition: attachment'
    found = contents(mixed(named, kind="alternative"))
    assert found.document and "停车费有调整。" in found.document.text
    assert [member.name for member in found.members] == ["a.csv"]


def test_lines_that_a_program_has_broken_are_whole() -> None:
    text = "路内停车首小时六元，残疾人车辆免 \n费。\n第二行。\n-- \n合作办\n"
    for more, whole in (("; delsp=yes", "免费。\n第二行。"), ("", "免 费。\n第二行。")):
        head = f"From: a@b.cn\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8; format=flowed{more}\r\n\r\n"
        document = contents(head.encode() + text.encode()).document
        assert document and whole in document.text and "--\n合作办" in document.text
