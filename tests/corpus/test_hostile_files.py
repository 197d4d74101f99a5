"""What hostile files would do, and does not happen: escapes, bombs, entities, fetches, types in disguise.

Each kind of attack has a control: the same file without the attack is read.
"""

import os
import resource
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from corpus.conversion.convert import convert
from corpus.conversion.converter import Converter
from corpus.errors import FileProblem, Quarantined
from corpus.files.scan import File
from corpus.limits import DEFAULT_BUDGET, DEFAULT_LIMITS, Budget
from corpus.read import FileStatus, read
from tests.support.counts import FULL
from tests.support.files import office_files
from tests.support.files.hostile_pdfs import HOSTILE_PDFS

OFFICE: Mapping[str, Callable[[], bytes]] = {
    ".docx": office_files.docx_file,
    ".pptx": office_files.pptx_file,
    ".xlsx": office_files.xlsx_file,
    ".epub": office_files.epub_file,
}
MAIN_PART = {".docx": "word/document.xml", ".pptx": "ppt/slides/slide2.xml", ".xlsx": "xl/worksheets/sheet2.xml"}


def refusal(suffix: str, content: bytes, budget: Budget = DEFAULT_BUDGET) -> str:
    """Why a file is not read; empty when it is."""
    try:
        convert(f"文件{suffix}", content, budget)
    except FileProblem as problem:
        return f"{'Q' if isinstance(problem, Quarantined) else 'F'} {problem}"
    return ""


@pytest.fixture(scope="module")
def conversion() -> Iterator[Converter]:
    with Converter(replace(DEFAULT_LIMITS, memory_megabytes=512, seconds=30.0)) as converter:
        yield converter


@pytest.fixture(scope="module")
def drawing() -> Iterator[Converter]:
    """Draws the pages, which is where hostile bytes are parsed; their recognition is stood in for but with FULL."""
    with pytest.MonkeyPatch.context() as patch:
        if not FULL:
            patch.setenv("PYTHONPATH", str(Path(__file__).parents[1] / "support" / "doubles" / "unread"))
        with Converter(replace(DEFAULT_LIMITS, memory_megabytes=512, seconds=30.0)) as converter:
            yield converter


def converted(conversion: Converter, folder: Path, name: str, content: bytes) -> str:
    """What the converting process makes of a file: its text, or why there is none."""
    path = folder / name
    path.write_bytes(content)
    try:
        return conversion.convert(File(name, path, "", len(content))).text
    except FileProblem as problem:
        return f"refused: {problem}"


# Names (T8)

NAMES = (
    *(
        "..txt",
        "...txt",
        "%2e%2e%2fa.txt",
        "..%2f..%2fetc%2fpasswd.txt",
        "..\\..\\a.txt",
        "C:\\a.txt",
        "\\\\host\\a.txt",
    ),
    *(
        "CON.txt",
        "NUL.txt",
        "a:b.txt",
        "a\x01b.txt",
        "a\nb.txt",
        "a\rb.txt",
        "a\tb.txt",
        "a\x1b[31mb.txt",
        "a\x7fb.txt",
    ),
    *("\u202etxt.exe.txt", "a\u200bb.txt", "a\u2028b.txt", "a\ufeffb.txt", "😀.txt", "👩\u200d👧.txt", "e\u0301.txt"),
    *("é.txt", "ｆｕｌｌ.txt", " .txt", "a .txt", ".hidden.txt", "-rf.txt", "--help.txt", "$(id).txt", "`id`.txt"),
    *("a;b.txt", "a|b.txt", "a&b.txt", "a>b.txt", "a*b.txt", "a?b.txt", "'a'.txt", '"a".txt', "<script>.txt"),
    *("<img src=x>.txt", "{{a}}.txt", "${a}.txt", "=1+1.txt", "@a.txt", "#a.txt", "~a.txt", "a" * 240 + ".txt"),
    *(
        "涪" * 80 + ".txt",
        "a.TXT",
        "a.Txt",
        "a.txt.txt",
        "a.meta.txt",
        "名字 空格.txt",
        "全角。.txt",
        "_.txt",
        "[a].txt",
    ),
    *(
        "CURRENT.txt",
        "snapshot-000001.txt",
        "a%00b.txt",
        "....\\\\a.txt",
        "a\u0307\u0323.txt",
        "\u0378.txt",
        "a\xadb.txt",
    ),
)


def test_no_name_of_a_file_leads_anywhere_or_stops_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    assert len(set(NAMES)) >= 60
    for name in {*NAMES, "控制.txt"}:
        (folder / name).write_text("可以读。", encoding="utf-8")
    raw = os.fsencode(folder) + b"/\xb8\xa2\xc1\xea\xff.txt"
    Path(os.fsdecode(raw)).write_text("可以读。", encoding="utf-8")
    reading = read(folder)
    hidden = {name for name in NAMES if name.startswith(".")}
    assert len(reading.documents) == len({*NAMES, "控制.txt"} - hidden) + 1
    assert len({document.name for document in reading.documents}) == len(reading.documents)
    assert all(document.name.isprintable() for document in reading.documents)
    assert [path.name for path in tmp_path.iterdir()] == ["documents"]


# Archives (T9)


def with_entry(content: bytes, name: str, data: bytes = b"x", **fields: int) -> bytes:
    """The archive with one entry more."""
    buffer = BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        for field, value in fields.items():
            setattr(entry, field, value)
        archive.writestr(entry, data)
    return buffer.getvalue()


def encrypted(content: bytes) -> bytes:
    """The archive with the password flag set in its directory."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 8] + struct.pack("<H", 1) + content[at + 10 :]


ARCHIVES: Mapping[str, Callable[[bytes], bytes]] = {
    "up": lambda content: with_entry(content, "../../../tmp/escaped"),
    "absolute": lambda content: with_entry(content, "/tmp/escaped"),
    "windows": lambda content: with_entry(content, "..\\..\\escaped"),
    "drive": lambda content: with_entry(content, "C:/escaped"),
    "link": lambda content: with_entry(content, "link", b"/etc/passwd", external_attr=0o120777 << 16),
    "ratio": lambda content: with_entry(content, "word/bomb.xml", b"0" * 20_000_000),
    "size": lambda content: with_entry(content, "a.bin", os.urandom(1_500_000)),
    "entries": lambda content: many_entries(content, 2_100),
    "encrypted": encrypted,
    "prefixed": lambda content: b"MZ\x90\x00" + content,
}


def many_entries(content: bytes, count: int) -> bytes:
    buffer = BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(count):
            archive.writestr(f"part{number}", "")
    return buffer.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("attack", ARCHIVES)
@pytest.mark.parametrize("suffix", OFFICE)
def test_archives_that_escape_or_explode_are_quarantined(suffix: str, attack: str) -> None:
    content = OFFICE[suffix]()
    budget = Budget(replace(DEFAULT_LIMITS, expanded_megabytes=1 if attack == "size" else 200))
    assert refusal(suffix, with_entry(content, "harmless.bin"), budget) == ""  # the control
    assert refusal(suffix, ARCHIVES[attack](content), budget).startswith("Q")
    assert not Path("/tmp/escaped").exists()


def test_an_archive_cannot_unpack_to_more_than_its_directory_says() -> None:
    content = bytearray(with_entry(office_files.docx_file(), "word/extra.xml", b"<a>" + b"0" * 900_000))
    at = content.rindex(b"word/extra.xml") - 46  # its entry in the directory
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refusal(".docx", bytes(content)).startswith("F")


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
def test_macros_are_quarantined(suffix: str) -> None:
    part = MAIN_PART[suffix].split("/")[0]
    assert "宏" in refusal(suffix, with_entry(OFFICE[suffix](), f"{part}/vbaProject.bin"))


# Entities (T10)

SECRET = "机密原文"
DECLARATIONS = {
    "file": '<!DOCTYPE a [<!ENTITY e SYSTEM "file://{path}">]>',
    "parameter": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file://{path}"> %p;]>',
    "network": '<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/e">]>',
    "external dtd": '<!DOCTYPE a SYSTEM "http://127.0.0.1:{port}/dtd"[<!ENTITY e "x">]>',
    "laughs": '<!DOCTYPE a [<!ENTITY x0 "{long}">'
    + "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    + '<!ENTITY e "&x9;">]>',
}


class Listener:
    """A web server on the loopback that counts who comes."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.1)
        self.port = self._server.getsockname()[1]
        self.visits = 0
        self._open = True
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while self._open:
            try:
                visitor, _ = self._server.accept()
            except TimeoutError:
                continue
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        self._open = False
        self._thread.join()
        self._server.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    socket.create_connection(("127.0.0.1", listener.port)).close()  # the control: a visit is counted
    while not listener.visits:
        time.sleep(0.01)
    yield listener
    listener.close()


def declared(suffix: str, declaration: str) -> bytes:
    """An office file whose main part declares an entity and uses it; EPUB: its package."""
    parts = office_files.unzipped(OFFICE[suffix]())
    name = MAIN_PART.get(suffix, "OEBPS/content.opf")
    part = parts[name].decode()
    body = part.split("?>", 1)[-1]
    for mark in ("</w:t>", "</a:t>", "</t>", "</dc:title>"):
        body = body.replace(mark, f"&e;{mark}", 1)
    return office_files.zip_file({**parts, name: f"<?xml version='1.0' encoding='UTF-8'?>{declaration}{body}"})


@pytest.mark.parametrize("kind", DECLARATIONS)
@pytest.mark.parametrize("suffix", OFFICE)
def test_entities_read_no_file_open_no_connection_and_do_not_grow(
    suffix: str, kind: str, tmp_path: Path, conversion: Converter, listener: Listener
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    declaration = DECLARATIONS[kind].replace("{path}", str(secret)).replace("{port}", str(listener.port))
    content = declared(suffix, declaration.replace("{long}", "涪" * 100))
    visits = listener.visits
    assert converted(conversion, tmp_path, f"控制{suffix}", OFFICE[suffix]()).count("涪陵") > 0
    text = converted(conversion, tmp_path, f"实体{suffix}", content)
    assert SECRET not in text
    assert len(text) < 10_000
    assert listener.visits == visits


# What files point to (T11)

POINTING_HTML = (
    *(
        '<img src="{url}">',
        '<link rel=stylesheet href="{url}">',
        '<script src="{url}"></script>',
        '<embed src="{url}">',
    ),
    *('<iframe src="{url}"></iframe>', '<object data="{url}"></object>', '<video src="{url}"></video>'),
    *('<meta http-equiv=refresh content="0;url={url}">', '<base href="{url}"><img src=a>', '<form action="{url}">'),
    *('<svg><image href="{url}"/></svg>', '<p style="background:url({url})">'),
)


def with_relation(suffix: str, kind: str, url: str) -> bytes:
    """An office file with a relation to something outside of it."""
    parts = office_files.unzipped(OFFICE[suffix]())
    name = next(name for name in parts if name.endswith(".rels") and name.count("/") > 1)
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rOut" Type="{schema}/{kind}" Target="{url}" TargetMode="External"/></Relationships>'
    return office_files.zip_file({**parts, name: parts[name].decode().replace("</Relationships>", relation)})


@pytest.mark.parametrize("tag", POINTING_HTML)
def test_what_a_web_page_points_to_is_not_fetched(
    tag: str, tmp_path: Path, conversion: Converter, listener: Listener
) -> None:
    visits = listener.visits
    page = office_files.html_file(tag.format(url=f"http://127.0.0.1:{listener.port}/x"))
    assert office_files.SENTENCES[0] in converted(conversion, tmp_path, "页.html", page)
    assert listener.visits == visits


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "oleObject", "hyperlink"])
@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx"])
def test_what_an_office_file_points_to_is_not_fetched(
    suffix: str, kind: str, tmp_path: Path, conversion: Converter, listener: Listener
) -> None:
    visits = listener.visits
    content = with_relation(suffix, kind, f"http://127.0.0.1:{listener.port}/x")
    assert "涪陵" in converted(conversion, tmp_path, f"外{suffix}", content)
    assert listener.visits == visits


# PDF (T12)


@pytest.mark.parametrize("kind", HOSTILE_PDFS)
def test_hostile_pdfs_end_in_time_and_in_memory(kind: str, tmp_path: Path, drawing: Converter) -> None:
    assert len(HOSTILE_PDFS) > 50
    text = converted(drawing, tmp_path, "文件.pdf", HOSTILE_PDFS[kind]())
    assert "还没有完成" not in text
    if kind == "control":
        assert text.strip() == "A sentence to be read here."
    assert "A sentence" in converted(drawing, tmp_path, "控制.pdf", HOSTILE_PDFS["control"]())


# Types (T13)

CONTENTS: Mapping[str, Callable[[], bytes]] = {
    "exe": lambda: b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200,
    "elf": lambda: b"\x7fELF\x02\x01\x01" + b"\x00" * 200,
    "script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "pdf": office_files.pdf_file,
    "docx": office_files.docx_file,
    "xlsx": office_files.xlsx_file,
    "zip": lambda: office_files.zip_file({"a.exe": b"MZ"}),
    "gif": lambda: b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "ole": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "rar": lambda: b"Rar!\x1a\x07\x00" + b"\x00" * 100,
}
SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".xlsx": "xlsx"} | dict.fromkeys(
    (".pptx", ".epub", ".txt", ".html", ".csv")
)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_of_another_type_than_its_suffix_is_quarantined(suffix: str) -> None:
    for kind, content in CONTENTS.items():
        if kind == SUFFIXES[suffix]:
            assert refusal(suffix, content()) == ""  # the control
        else:
            assert refusal(suffix, content()).startswith("Q"), kind


@pytest.mark.parametrize("suffix", [".pdf", ".txt", ".html", ".md", ".csv"])
def test_a_file_that_is_also_an_archive_is_quarantined(suffix: str) -> None:
    content = {".pdf": office_files.pdf_file(), ".txt": "文字。".encode()}.get(suffix, office_files.html_file())
    assert refusal(suffix, content) == ""
    assert refusal(suffix, content + office_files.zip_file({"a": "b"})).startswith("Q")


def test_an_encrypted_office_file_is_said_to_be_one() -> None:
    content = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 99
    )
    assert "密码" in refusal(".docx", content)


# What cannot be quoted


@pytest.mark.parametrize(
    "text",
    [
        "浙涪合作结成对子。".encode().decode("latin-1"),
        "浙江与涪陵对口合作，到位资金三十亿元。".encode().decode("gb18030", "replace"),
        "文字\ufffd" * 20,
        "\ue000\ue001字" * 20,
        "".join(chr(0x3400 + number) for number in range(60)),
    ],
)
def test_garbled_text_is_quarantined(text: str) -> None:
    page = f"<html><body><p>{text}</p></body></html>"
    assert "乱码" in refusal(".epub", office_files.epub_file({"OEBPS/0.xhtml": page, "OEBPS/1.xhtml": ""}))


@pytest.mark.parametrize(
    "text",
    [
        "涪陵榨菜。",
        "浙涪合作，GDP增长6.5%，约23℃。",
        "涪陵商會於二零二零年成立，會員二百三十七家。",
        "Résumé of the café.",
        "㎡、①、※、→、α",
    ],
)
def test_text_that_people_write_is_not(text: str) -> None:
    assert refusal(".html", f"<meta charset=utf-8><p>{text}</p>".encode()) == ""


def test_too_large_is_quarantined_without_being_read(tmp_path: Path) -> None:
    (tmp_path / "好.txt").write_text("可以读。", encoding="utf-8")
    with (tmp_path / "大.pdf").open("wb") as file:
        file.truncate(51_000_000)
    report = {file.name: file for file in read(tmp_path).files}["大.pdf"]
    assert (report.status, "51 MB" in report.reason) == (FileStatus.QUARANTINED, True)


def test_no_parser_ever_ran_in_this_process_out_of_bounds() -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 0
