"""A folder becomes documents: only what changed is converted, and every file has a status and a reason."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.document import Document, Page
from corpus.document_json import as_json, from_json
from corpus.loaders import LOADERS
from corpus.read import FileStatus, Reading, read, scan

TODAY = date(2026, 11, 24)


class Folder:
    """A folder of documents, and the reading of it before."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before: tuple[Document, ...] = ()
        self.converted = 0

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        return path

    def read(self) -> Reading:
        self.converted = 0
        reading = read(self.path, before=self.before, progress=self._count, today=TODAY)
        self.before = reading.documents
        return reading

    def status(self, name: str) -> tuple[FileStatus, str]:
        (file,) = (file for file in self.read().files if file.name == name)
        return file.status, file.reason

    def _count(self, done: int, total: int) -> None:
        self.converted = done


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.write("合作.txt", "两地结成13对帮扶对子。")
    return folder


def test_only_what_changed_is_converted(folder: Folder) -> None:
    folder.write("产业.txt", "产业园在白涛。")
    assert (folder.status("合作.txt"), folder.converted) == ((FileStatus.INDEXED, ""), 2)
    assert (folder.status("合作.txt"), folder.converted) == ((FileStatus.UNCHANGED, ""), 0)
    folder.write("合作.txt", "两地结成14对帮扶对子。")
    assert (folder.status("合作.txt"), folder.converted) == ((FileStatus.INDEXED, ""), 1)
    assert "14对" in folder.before[1].text


def test_a_renamed_file_is_not_converted_again(folder: Folder) -> None:
    folder.read()
    (folder.path / "合作.txt").rename(folder.path / "往来.txt")
    (document,) = folder.read().documents
    assert (document.name, document.title, folder.converted) == ("往来.txt", "往来", 0)


def test_a_document_of_another_loader_version_is_converted_again(folder: Folder) -> None:
    folder.read()
    folder.before = tuple(replace(document, loader="text-0") for document in folder.before)
    folder.read()
    assert folder.converted == 1


def test_a_side_file_gives_what_the_file_cannot_say(folder: Folder) -> None:
    before = scan(folder.path).files[0].sha256
    folder.write(
        "合作.txt.meta.yaml", "title: 合作: 通知\n文号：涪府发〔2020〕1号\ncontact: 合作办\nurl: https://x.cn/a\n"
    )
    assert scan(folder.path).files[0].sha256 != before
    (document,) = folder.read().documents
    about = document.about
    assert (document.title, about.number, about.contact, about.url) == (
        "合作: 通知",
        "涪府发〔2020〕1号",
        "合作办",
        "https://x.cn/a",
    )


def test_a_side_file_without_its_file_is_named_with_what_to_do(folder: Folder) -> None:
    folder.write("别的.meta.yaml", "title: 甲")
    status, reason = folder.status("别的.meta.yaml")
    assert status is FileStatus.FAILED
    assert "通知.pdf.meta.yaml" in reason


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("in_force_until: 2025-12-31", "已于2025年12月31日到期失效"),
        ("失效日期：2026年11月23日\n替代文件：新办法", "已于2026年11月23日到期失效，由“新办法”替代"),
        ("in_force_from: 2027/1/1", "尚未生效，自2027年1月1日起施行"),
        ("superseded_by: 新办法", "已失效，由“新办法”替代"),
        ("失效日期：二〇二四年三月一日", "已于2024年3月1日到期失效"),
    ],
)
def test_a_document_out_of_force_is_indexed_as_such(folder: Folder, lines: str, words: str) -> None:
    folder.write("合作.txt.meta.yaml", lines)
    for _ in range(2):
        status, reason = folder.status("合作.txt")
        assert (status, reason.startswith(words)) == (FileStatus.OUT_OF_FORCE, True)


def test_the_first_and_the_last_day_are_in_force(folder: Folder) -> None:
    folder.write("合作.txt.meta.yaml", f"in_force_from: {TODAY}\nin_force_until: {TODAY}")
    assert folder.status("合作.txt") == (FileStatus.INDEXED, "")


def test_a_day_in_force_that_is_none_is_quarantined(folder: Folder) -> None:
    folder.write("另.txt", "可以读。")
    for line in ("in_force_until: 2026-02-30", "in_force_until: 明年", "in_force_from: 2027-1-1\n失效日期: 2026-1-1"):
        folder.write("合作.txt.meta.yaml", line)
        assert folder.status("合作.txt")[0] is FileStatus.QUARANTINED


def test_an_unknown_key_in_a_side_file_is_said(folder: Folder) -> None:
    folder.write("合作.txt.meta.yaml", "in_force_untill: 2020-01-01")
    for expected in (FileStatus.INDEXED, FileStatus.UNCHANGED):
        status, reason = folder.status("合作.txt")
        assert (status, "in_force_untill" in reason) == (expected, True)


@pytest.mark.parametrize("line", ["失效日期 2020-01-01", "- 2020", "失效日期=2020-01-01"])
def test_a_line_of_a_side_file_that_says_nothing_is_told(folder: Folder, line: str) -> None:
    folder.write("合作.txt.meta.yaml", f"# 说明\n---\n标题: 甲\n来源:\n\n{line}\n")
    status, reason = folder.status("合作.txt")
    assert (status, reason) == (FileStatus.INDEXED, f"说明文件里有看不懂的行：{line}；每行请写成“项目: 内容”")


@pytest.mark.parametrize(
    ("name", "advice"),
    [("宏.xlsm", "不带宏的.xlsx"), ("照.bmp", ".png或.jpg"), ("文.CAJ", "导出为PDF"), ("无", "不支持没有扩展名的文件")],
)
def test_a_format_that_is_not_read_comes_with_what_to_do(folder: Folder, name: str, advice: str) -> None:
    folder.write(name, "x")
    status, reason = folder.status(name)
    assert status is FileStatus.FAILED and advice in reason


def test_an_empty_file_is_said_to_be_empty(folder: Folder) -> None:
    for suffix in LOADERS:
        folder.write(f"空{suffix}", "")
    reports = {report.name: report for report in folder.read().files}
    for suffix in LOADERS:
        report = reports[f"空{suffix}"]
        assert report.status is FileStatus.QUARANTINED and "文件是空的" in report.reason


def test_two_files_with_the_same_text_are_kept_and_named(folder: Folder) -> None:
    folder.write("副本.txt", "两地结成13对帮扶对子。\n")
    reading = folder.read()
    assert len(reading.documents) == 2
    assert ["副本.txt" in reading.files[1].reason, "合作.txt" in reading.files[0].reason] == [True, True]


def test_a_sudden_loss_keeps_the_version_before(folder: Folder) -> None:
    whole = "两地结成13对帮扶对子。" * 40
    folder.write("合作.txt", whole)
    folder.read()
    folder.write("合作.txt", whole[:100])
    for _ in range(2):
        status, reason = folder.status("合作.txt")
        assert status is FileStatus.QUARANTINED
        assert "从480字变成100字" in reason and "上一版" in reason
        assert folder.before[0].text == whole
    folder.write("合作.txt", whole[:400])
    assert folder.status("合作.txt")[0] is FileStatus.INDEXED


def test_links_out_of_the_folder_are_not_followed(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "秘密.txt").write_text("不可读。", encoding="utf-8")
    (folder.path / "外.txt").symlink_to(outside / "秘密.txt")
    (folder.path / "外夹").symlink_to(outside)
    (folder.path / "内.txt").symlink_to(folder.path / "合作.txt")
    (folder.path / "断.txt").symlink_to(folder.path / "没有.txt")
    statuses = {file.name: file.status for file in folder.read().files}
    quarantined = FileStatus.QUARANTINED
    assert {name: statuses[name] for name in ("外.txt", "外夹", "断.txt")} == dict.fromkeys(
        ("外.txt", "外夹", "断.txt"), quarantined
    )
    assert statuses["内.txt"] is FileStatus.INDEXED  # the control: a link within the folder is read


def test_names_that_are_shown_alike_stay_apart(folder: Folder) -> None:
    for name in ("甲\x01.txt", "甲\x02.txt"):
        folder.write(name, f"文字{name[1]!r}。")
    assert len({document.name for document in folder.read().documents}) == 3


def test_what_editors_leave_behind_is_not_looked_at(folder: Folder) -> None:
    for name in ("~$合作.docx", "Thumbs.db", "desktop.ini", ".合作.swp"):
        folder.write(name, "x")
    assert [file.name for file in folder.read().files] == ["合作.txt"]


def test_documents_as_json_come_back_whole(folder: Folder) -> None:
    folder.write("合作.txt.meta.yaml", "in_force_until: 2030-01-02\nissuer: 区政府")
    (document,) = folder.read().documents
    document = replace(document, pages=(Page("第1页", 0), Page("第2页", 5)), remark="有一页看不清")
    assert from_json(as_json(document)) == document


def test_a_place_is_the_page_that_a_character_stands_on() -> None:
    document = Document("a", "a", "0123456789", pages=(Page("第1页", 2), Page("第2页", 5), Page("第3页", 5)))
    assert [document.place(at) for at in (0, 2, 4, 5, 9)] == ["", "第1页", "第1页", "第3页", "第3页"]
    assert Document("a", "a", "0").place(0) == ""


@pytest.mark.parametrize("pages", [(Page("第2页", 5), Page("第1页", 2)), (Page("第1页", 11),), (Page("第1页", -1),)])
def test_pages_lie_in_order_within_the_text(pages: tuple[Page, ...]) -> None:
    with pytest.raises(ValueError, match="pages"):
        Document("a", "a", "0123456789", pages=pages)
