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


OWN, OLD = "培训改在九月十四日报到。", "九月十日在党校报到。"
HEADERS = "发件人：县统计局\n发送时间：2025年8月20日\n收件人：各站\n主题：培训班"
QUOTING = [
    f"{OWN}\n\n-----原始邮件-----\n{HEADERS}\n\n{OLD}\n",
    f"{OWN}\n\n------------------ 原始邮件 ------------------\n{OLD}\n",
    f"{OWN}\n----- 原始邮件 -----\n> {OLD}\n> 报送回执。\n",
    f"{OWN}\n\n{HEADERS}\n\n{OLD}\n",
    f"{OWN}\n\n________________________________\nFrom: A <a@b.cn>\nSent: Wednesday\nTo: B\nSubject: x\n\n{OLD}\n",
    f"> {OLD}\n> 报送回执。\n\n{OWN}\n",
    f'在 2025-08-20 10:00:00，"统计局" <a@b.cn> 写道：\n>{OLD}\n\n{OWN}\n',
    f"{OWN}\n\nOn Wed, Aug 20, 2025 at 10:00 AM A <a@b.cn>\nwrote:\n> {OLD}\n",
]
PAGES = [
    f"<p>{OWN}</p><div>------------------&nbsp;原始邮件&nbsp;------------------</div><div>{OLD}</div>",
    f"<div><p>{OWN}</p></div><div><div><p><b>发件人：</b>A<br><b>发送时间：</b>周三<br></p></div></div><p>{OLD}</p>",
    f"<div>{OWN}<br>发件人: A<br>日期: 2025-08-20<br>{OLD}</div><p>{OLD}</p>",
    f"<p>{OWN}</p><blockquote type='cite'><p>{OLD}</p></blockquote>",
    f"<p>{OWN}</p><div class='gmail_quote'><div>在 2025年8月20日，A <a>a@b.cn</a> 写道：</div><p>{OLD}</p></div>",
    f"<blockquote type='cite'><p>{OLD}</p></blockquote><p>{OWN}</p>",
    f"<pre>{OWN}\n\n-----Original Message-----\n{OLD}</pre><p>{OLD}</p>",
]


def written(text: str, *, subject: str = "回复：培训班", page: bool = False) -> bytes:
    kind = "html" if page else "plain"
    head = f"From: a@b.cn\r\nSubject: {subject}\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n"
    return (head + text.replace("\n", "\r\n")).encode()


@pytest.mark.parametrize(("text", "page"), [*((text, False) for text in QUOTING), *((text, True) for text in PAGES)])
def test_what_a_reply_quotes_of_an_older_mail_is_left_out_and_said_so(text: str, page: bool) -> None:
    document = contents(written(text, page=page)).document
    assert document and OWN in document.text and OLD not in document.text
    assert "引用的旧邮件没有读入" in document.remark
    for part in ("报送回执", "收件人", "Original", "原始邮件", "____"):
        assert part not in document.text
    alone = text.replace(OWN, "")
    for mail in (written(alone, page=page), written(text, subject="Fw: 培训班", page=page)):
        document = contents(mail).document
        assert document and OLD in document.text and not document.remark


@pytest.mark.parametrize(
    "text",
    [
        f"请阅。\n\n---------- Forwarded message ---------\nFrom: A <a@b.cn>\nDate: Wed\nTo: B\n\n{OLD}\n",
        f"发件人：报名表请寄到人民路1号\n邮编：618000\n{OLD}\n",
        f"成绩\n>60分的为合格。\n>=85分的为优秀。\n{OLD}\n",
        f"县长在会上写道：\n{OLD}\n",
        f"原始邮件请保存。\n{OLD}\n",
    ],
)
def test_words_of_a_mail_that_only_look_like_an_older_one_stay(text: str) -> None:
    document = contents(written(text)).document
    assert document and OLD in document.text and not document.remark
