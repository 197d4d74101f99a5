"""Archives and mails: each file in them is a document of its own name, within the limits and without tricks."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.conversion.convert import convert, unpack
from corpus.document import Document
from corpus.errors import Quarantined
from corpus.files.file_type import check_type
from corpus.files.odf import check_odf
from corpus.limits import DEFAULT_LIMITS, Budget, Limits
from corpus.loaders.parts import libreoffice
from corpus.read import FileReport, FileStatus, read
from tests.corpus.test_hostile_files import ARCHIVES, with_entry
from tests.support.files import container_files, ofd_files, office_files
from tests.support.files.container_files import eml_file, gbk_zip
from tests.support.files.office_files import zip_file

WORDS = "涪陵浙江商会有会员企业237家。".encode()
OTHER = "友谊学校的实验室于2021年9月投入使用。".encode()


def readings(
    folder: Path, *, before: tuple[Document, ...] = (), limits: Limits = DEFAULT_LIMITS
) -> tuple[dict[str, Document], dict[str, FileReport]]:
    (folder / "旁.txt").write_bytes(b"control")
    reading = read(folder, before=before, limits=limits)
    documents = {document.name: document for document in reading.documents}
    assert documents.pop("旁.txt")
    return documents, {report.name: report for report in reading.files if report.name != "旁.txt"}


def test_each_file_of_an_archive_is_a_document_of_its_own_name(tmp_path: Path) -> None:
    parts = {"表.xlsx": office_files.xlsx_file(), "通知/说明.txt": WORDS}
    (tmp_path / "包.zip").write_bytes(zip_file(parts))
    documents, reports = readings(tmp_path)
    assert sorted(documents) == ["包.zip/表.xlsx", "包.zip/通知/说明.txt"]
    assert documents["包.zip/表.xlsx"].title == "表" and documents["包.zip/通知/说明.txt"].text == WORDS.decode()
    assert reports["包.zip"].reason == "里面有2个文件，都已分别收录"
    assert {report.status for report in reports.values()} == {FileStatus.INDEXED}


def test_names_in_gbk_are_read_as_their_author_wrote_them(tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(gbk_zip({"通知.txt": WORDS, "甲/俓.txt": OTHER}))  # 俓 ends in a backslash
    documents, _ = readings(tmp_path)
    assert sorted(documents) == ["包.zip/甲/俓.txt", "包.zip/通知.txt"]


def test_an_unchanged_archive_is_not_opened_again_and_a_changed_one_is(tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    path.write_bytes(zip_file({"甲.txt": WORDS, "乙.txt": OTHER}))
    first, _ = readings(tmp_path)
    again, reports = readings(tmp_path, before=tuple(first.values()))
    assert again == first and {report.status for report in reports.values()} == {FileStatus.UNCHANGED}
    path.write_bytes(zip_file({"甲.txt": OTHER}))
    changed, reports = readings(tmp_path, before=tuple(first.values()))
    assert [document.text for document in changed.values()] == [OTHER.decode()]
    assert reports["包.zip/甲.txt"].status is FileStatus.INDEXED


def test_a_damaged_archive_leaves_what_was_read_of_it(tmp_path: Path) -> None:
    path = tmp_path / "包.zip"
    path.write_bytes(zip_file({"甲.txt": WORDS, "乙.txt": OTHER}))
    first, _ = readings(tmp_path)
    path.write_bytes(path.read_bytes()[:-30])
    kept, reports = readings(tmp_path, before=tuple(first.values()))
    assert kept == first
    assert reports["包.zip"].status is FileStatus.FAILED and "现在仍用上一版的内容" in reports["包.zip"].reason


def test_a_bad_file_in_an_archive_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    parts = {"坏.docx": office_files.docx_file()[:900], "程序.exe": b"MZ", "好.txt": WORDS, "空.txt": b""}
    (tmp_path / "包.zip").write_bytes(zip_file(parts))
    documents, reports = readings(tmp_path)
    assert list(documents) == ["包.zip/好.txt"]
    assert reports["包.zip"].reason == "里面有4个文件，其中3个没有读入，原因见各个文件"
    assert "不支持.exe" in reports["包.zip/程序.exe"].reason
    assert reports["包.zip/坏.docx"].status is FileStatus.FAILED
    again, reports = readings(tmp_path, before=tuple(documents.values()))
    assert reports["包.zip/好.txt"].status is FileStatus.INDEXED  # looked through again, for the sake of the bad ones


@pytest.mark.parametrize("name", ["包.zip", "信.eml"])
def test_what_waits_for_a_library_makes_the_whole_file_tried_again(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    parts = {"旧.rtf": b"{\\rtf1 }", "新.txt": WORDS}
    (tmp_path / name).write_bytes(zip_file(parts) if name == "包.zip" else eml_file(attachments=parts))
    documents, reports = readings(tmp_path)
    assert reports[f"{name}/旧.rtf"].again and reports[name].again and not reports[f"{name}/新.txt"].again
    assert f"{name}/新.txt" in documents


def test_side_files_and_leftovers_in_an_archive_count_as_in_the_folder(tmp_path: Path) -> None:
    parts = {"甲.txt": WORDS, "甲.txt.meta.yaml": "发文机关: 合作办".encode()}
    parts |= {"__MACOSX/._甲.txt": b"x", ".DS_Store": b"x", "~$甲.docx": b"x", "Thumbs.db": b"x"}
    (tmp_path / "包.zip").write_bytes(zip_file(parts))
    documents, reports = readings(tmp_path)
    assert documents["包.zip/甲.txt"].about.issuer == "合作办"
    assert sorted(reports) == ["包.zip", "包.zip/甲.txt"]


def test_long_names_in_a_mail_are_cut_and_many_alike_told_apart(tmp_path: Path) -> None:
    (tmp_path / "信.eml").write_bytes(eml_file(attachments={"长" * 4_000 + ".txt": WORDS}))
    (tmp_path / "包.zip").write_bytes(zip_file({f"甲{chr(number)}.txt": WORDS for number in (1, 2, 3, 4)}))
    documents, _ = readings(tmp_path)
    names = [name for name in documents if name.startswith("信.eml/")]
    assert [(len(name), name[-6:]) for name in names] == [(7 + 250, "长长.txt")]
    assert sorted(name.count("\ufffd") for name in documents if name.startswith("包.zip/")) == [1, 2, 3, 4]


@pytest.mark.parametrize("name", ["../甲.txt", "/etc/甲.txt", "甲/../../乙.txt", "C:甲.txt", "甲\\乙.txt"])
def test_names_that_lead_out_of_an_archive_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(zip_file({"好.txt": WORDS, name: WORDS}))
    documents, reports = readings(tmp_path)
    assert not documents and "文件夹之外的路径" in reports["包.zip"].reason
    assert sorted(path.name for path in tmp_path.iterdir()) == ["包.zip", "旁.txt"]


def test_a_bomb_is_refused_and_so_is_one_of_many_small_archives(tmp_path: Path) -> None:
    (tmp_path / "弹.zip").write_bytes(zip_file({"零.txt": b"0" * 3_000_000}))
    level = zip_file({"零.txt": b"0" * 300_000})
    limits = replace(DEFAULT_LIMITS, expanded_megabytes=2)
    (tmp_path / "层.zip").write_bytes(zip_file({f"{number}.zip": level for number in range(8)}))
    (tmp_path / "少.zip").write_bytes(zip_file({f"{number}.zip": level for number in range(3)}))
    documents, reports = readings(tmp_path, limits=limits)
    assert "压缩炸弹" in reports["弹.zip"].reason
    assert "一层层的文件合起来超过2 MB" in reports["层.zip"].reason
    assert sorted(documents) == [f"少.zip/{number}.zip/零.txt" for number in range(3)]


def test_too_many_files_level_below_level_are_refused(tmp_path: Path) -> None:
    level = zip_file({f"{number}.txt": WORDS for number in range(20)})
    (tmp_path / "层.zip").write_bytes(zip_file({f"{number}.zip": level for number in range(4)}))
    _, reports = readings(tmp_path, limits=replace(DEFAULT_LIMITS, entries=60))
    assert reports["层.zip"].status is FileStatus.QUARANTINED and "超过60个" in reports["层.zip"].reason


def test_archives_within_archives_end_at_the_third_level(tmp_path: Path) -> None:
    content = WORDS
    for number in range(4, 0, -1):
        content = zip_file({"甲.txt": content} if number == 4 else {f"{number + 1}.zip": content, "乙.txt": OTHER})
    (tmp_path / "1.zip").write_bytes(content)
    documents, reports = readings(tmp_path)
    assert sorted(documents) == ["1.zip/2.zip/3.zip/乙.txt", "1.zip/2.zip/乙.txt", "1.zip/乙.txt"]
    assert "套了3层以上" in reports["1.zip/2.zip/3.zip/4.zip"].reason


def test_an_archive_without_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "空.zip").write_bytes(zip_file({}))
    assert readings(tmp_path)[1]["空.zip"].reason == "压缩包里没有文件；请核对后重新放入"


def test_an_archive_with_a_password_says_so(tmp_path: Path) -> None:
    content = bytearray(zip_file({"a.txt": WORDS}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "密.zip").write_bytes(content)
    _, reports = readings(tmp_path)
    assert "有密码" in reports["密.zip"].reason


def test_a_mail_is_a_document_and_so_is_each_file_attached_to_it(tmp_path: Path) -> None:
    inner = eml_file("关于商会的答复", WORDS.decode(), attachments={"附.txt": OTHER})
    attachments = {"通知.docx": office_files.docx_file(), "图.ofd": ofd_files.ofd_file()}
    (tmp_path / "信.eml").write_bytes(eml_file(attachments=attachments, mails={"答复.eml": inner}))
    documents, reports = readings(tmp_path)
    assert sorted(documents) == [
        *("信.eml", "信.eml/图.ofd", "信.eml/答复.eml", "信.eml/答复.eml/附.txt", "信.eml/通知.docx"),
    ]
    assert documents["信.eml"].title == office_files.TITLE
    assert office_files.SENTENCES[0] in documents["信.eml"].text and "日期：2024年3月1日" in documents["信.eml"].text
    assert "发件人：合作办\n收件人：b@example.cn\n" in documents["信.eml"].text
    assert documents["信.eml/答复.eml"].title == "关于商会的答复"
    assert all(report.status is FileStatus.INDEXED for report in reports.values())


def test_of_words_that_a_mail_says_twice_the_page_is_read(tmp_path: Path) -> None:
    page = "<h2>费用</h2><table><tr><th>项目<th>金额<tr><td>检测<td>30元</table>"
    (tmp_path / "信.eml").write_bytes(eml_file(body="项目 金额 检测 30元", html=page))
    documents, _ = readings(tmp_path)
    assert "项目：检测；金额：30元。" in documents["信.eml"].text and "项目 金额" not in documents["信.eml"].text


def test_what_the_style_sheet_of_a_mail_hides_is_not_read(tmp_path: Path) -> None:
    page = "<style>.away{display:none}</style><p>三月十五日前报送。</p><p class=away>看不见的一句。</p>"
    (tmp_path / "信.eml").write_bytes(eml_file(body="三月十五日前报送。", html=page))
    documents, _ = readings(tmp_path)
    assert "报送" in documents["信.eml"].text and "看不见" not in documents["信.eml"].text


@pytest.mark.parametrize("charset", ["gb2312", "utf-8", "big5"])
def test_a_mail_is_read_in_the_encoding_that_it_names(charset: str, tmp_path: Path) -> None:
    words = "商會有企業237家。"
    if charset == "gb2312":
        words = "商会有企业237家，镕基。"  # 镕 is in GBK alone, which mail programs call gb2312
    body = words.encode("gb18030" if charset == "gb2312" else charset)
    head = f"From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n"
    (tmp_path / "信.eml").write_bytes(head.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + body)
    documents, _ = readings(tmp_path)
    assert words in documents["信.eml"].text


def test_a_web_archive_is_read_as_its_page(tmp_path: Path) -> None:
    (tmp_path / "页.mht").write_bytes(container_files.mht_file())
    (tmp_path / "页.html").write_bytes(office_files.html_file())
    documents, reports = readings(tmp_path)
    assert documents["页.mht"].text == documents["页.html"].text
    assert documents["页.mht"].title == documents["页.html"].title
    assert sorted(reports) == ["页.html", "页.mht"]


@pytest.mark.parametrize("content", [b"", b"no mail at all", b"\x00\x01\x02" * 50, eml_file()[:60]])
def test_what_is_no_mail_is_a_reason(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "信.eml").write_bytes(content)
    documents, reports = readings(tmp_path)
    assert not documents and reports["信.eml"].status in (FileStatus.QUARANTINED, FileStatus.FAILED)


def test_a_sealed_mail_says_so(tmp_path: Path) -> None:
    head = b"From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIAG"
    (tmp_path / "密.eml").write_bytes(head)
    _, reports = readings(tmp_path)
    assert "加密" in reports["密.eml"].reason


@pytest.mark.parametrize("attack", ARCHIVES)
@pytest.mark.parametrize("suffix", [".zip", ".ofd", ".odt"])
def test_archives_of_the_newer_formats_that_escape_or_explode_are_quarantined(suffix: str, attack: str) -> None:
    """Of OpenDocument this is what is looked at before LibreOffice opens it."""
    limits = replace(DEFAULT_LIMITS, expanded_megabytes=1 if attack == "size" else 200)
    content = _archive(suffix)
    assert _refusal(suffix, with_entry(content, "harmless.bin"), limits) == ""  # the control
    assert _refusal(suffix, ARCHIVES[attack](content), limits)


def _archive(suffix: str) -> bytes:
    if suffix == ".odt":
        return zip_file({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})
    return ofd_files.ofd_file() if suffix == ".ofd" else zip_file({"a.txt": WORDS})


def _refusal(suffix: str, content: bytes, limits: Limits) -> str:
    name, budget = f"文{suffix}", Budget(limits)
    try:
        if suffix == ".zip":
            unpack(name, content, budget)
        elif suffix == ".ofd":
            convert(name, content, budget)
        else:
            check_type(suffix, content)
            check_odf(suffix, content, limits)
    except Quarantined as problem:
        return str(problem)
    return ""
