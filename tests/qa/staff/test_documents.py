"""The folder of documents as staff change it: what is taken, what is refused, and that nobody overwrites another."""

import io
from pathlib import Path

import pytest

from corpus.files.scan import hash_of
from corpus.limits import Limits
from index.embedding import bundled_model
from qa.runtime.errors import NotAllowed, Overtaken, Unfit
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.documents import listing, remembered
from qa.staff.documents.describing import MetadataRefused
from qa.staff.documents.files import DocumentExists
from qa.staff.documents.folder import DocumentMissing
from qa.staff.documents.listing import DocumentStatus
from qa.staff.documents.reading import Unreadable
from qa.staff.documents.uploads import UploadRefused
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from tests.support.doubles.toy import COOPERATION
from tests.support.files import office_files
from tests.support.programs.refresh_office import RefreshOffice

TEXT = "合作\n\n两地学校结成13对帮扶对子。\n"


@pytest.fixture
def office_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    """One document published."""
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    made = RefreshOffice(tmp_path)
    made.write("合作.txt", COOPERATION.text)
    made.refresh()
    return made


def console(made: RefreshOffice, role: Role = Role.ADMIN) -> Console:
    settings = read({"QA_HOME": str(made.home), "QA_DOCUMENTS": str(made.folder), "QA_MAX_FILE_MB": "1"})
    return Console(settings, who="王芳", role=role)


def names(made: RefreshOffice) -> set[str]:
    return {path.name for path in made.folder.iterdir()}


def upload(made: RefreshOffice, name: str, content: bytes | str, **options: str) -> str:
    data = content.encode() if isinstance(content, str) else content
    return console(made).documents.upload(name, io.BytesIO(data), **options).name


def test_the_list_tells_how_each_file_stands_to_what_is_published(office_of: RefreshOffice) -> None:
    office_of.write("新的.txt", TEXT)
    office_of.write("不懂.xyz", "?")
    rows = {row.name: row for row in console(office_of).documents.list()}
    assert {name: row.status for name, row in rows.items()} == {
        "合作.txt": DocumentStatus.INDEXED,
        "新的.txt": DocumentStatus.NEW,
        "不懂.xyz": DocumentStatus.FAILED,
    }
    assert rows["合作.txt"].passages == 3 and "不支持.xyz" in rows["不懂.xyz"].reason
    office_of.write("合作.txt", TEXT)
    (office_of.folder / "新的.txt").unlink()
    assert console(office_of).documents.list()[-1].status is DocumentStatus.CHANGED
    (office_of.folder / "合作.txt").unlink()
    office_of.write("另.txt", TEXT)
    assert DocumentStatus.REMOVED in [row.status for row in console(office_of).documents.list()]


@pytest.mark.parametrize(
    "name", ["普通.txt", "《关于浙涪合作》（试行）.txt", "🌊 江.md", "a b.TXT", "甲" * 55 + ".txt", "x.y.z.txt"]
)
def test_ordinary_names_are_kept_as_they_are(office_of: RefreshOffice, name: str) -> None:
    assert upload(office_of, name, TEXT) == name
    assert name in names(office_of)


@pytest.mark.parametrize(
    "name",
    [
        "../外面.txt",
        "..\\外面.txt",
        "/etc/cron.txt",
        "C:\\x.txt",
        "a/b.txt",
        "a\x00.txt",
        "a\n.txt",
        "a\u202etxt.exe.txt",
        "a\u200b.txt",
        ".txt",
        ".隐藏.txt",
        "~$临时.txt",
        "...txt",
        "CON.txt",
        "nul.txt",
        "a" * 300 + ".txt",
        "🌊" * 80 + ".txt",
        "合作.txt.meta.yaml",
        "程序.exe",
        "图.svg",
        "没有扩展名",
        "",
        "a:b.txt",
        "\ud800.txt",
    ],
)
def test_names_that_could_harm_or_mislead_are_refused_and_nothing_is_written(
    office_of: RefreshOffice, name: str
) -> None:
    before, outside = names(office_of), {path.name for path in office_of.home.iterdir()}
    with pytest.raises(UploadRefused) as refused:
        upload(office_of, name, TEXT)
    assert len(str(refused.value)) < 300 and names(office_of) == before
    assert {path.name for path in office_of.home.iterdir()} - outside <= {"documents.lock", "audit.jsonl", "audit.head"}
    assert upload(office_of, "可以.txt", TEXT) == "可以.txt"


@pytest.mark.parametrize(
    "name, content",
    [
        ("空.txt", b""),
        ("大.txt", b"x" * 1_000_001),
        ("程序.docx", b"MZ\x90\x00"),
        ("程序.pdf", b"MZ\x90\x00"),
        ("网页.png", b"<svg onload=fired()>"),
        ("网页.xlsx", b"<html>"),
        ("程序.txt", b"MZ\x90\x00\x03\x00"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(office_of: RefreshOffice, name: str, content: bytes) -> None:
    with pytest.raises(UploadRefused, match=name):
        upload(office_of, name, content)
    assert name not in names(office_of)


def test_each_kind_of_file_is_taken(office_of: RefreshOffice) -> None:
    made = {
        "文.docx": office_files.docx_file(),
        "表.xlsx": office_files.xlsx_file(),
        "版.pdf": office_files.pdf_file(),
        "扫.png": office_files.image_file(size=(200, 100)),
        "页.html": office_files.html_file(),
        "记.txt": "办理须知\n\n带身份证原件和复印件2份。\n".encode("utf-16-le"),
    }
    assert [upload(office_of, name, content) for name, content in made.items()] == list(made)


def test_a_file_is_replaced_only_by_who_saw_it(office_of: RefreshOffice) -> None:
    with pytest.raises(DocumentExists) as exists:
        upload(office_of, "合作.txt", TEXT)
    seen = exists.value.version
    assert upload(office_of, "合作.txt", TEXT, replacing=seen) == "合作.txt"
    with pytest.raises(Overtaken):
        upload(office_of, "合作.txt", "另一个人的文字。", replacing=seen)
    assert (office_of.folder / "合作.txt").read_text(encoding="utf-8") == TEXT
    assert not [name for name in names(office_of) if name.startswith(".")]


def test_fields_are_kept_beside_the_file_by_whoever_saw_the_newest(office_of: RefreshOffice) -> None:
    documents = console(office_of).documents
    seen = documents.metadata("合作.txt").version
    made = documents.edit("合作.txt", {"title": "合作简报", "in_force_until": "2030-12-31"}, version=seen)
    assert made.values == {"title": "合作简报", "in_force_until": "2030-12-31"}
    with pytest.raises(Overtaken):
        documents.edit("合作.txt", {"title": "别的"}, version=seen)
    with pytest.raises(MetadataRefused, match="不是日期"):
        documents.edit("合作.txt", {"in_force_from": "下周"}, version=made.version)
    row = next(row for row in documents.list() if row.name == "合作.txt")
    assert (row.title, str(row.in_force_until), row.status) == ("合作简报", "2030-12-31", DocumentStatus.CHANGED)
    cleared = documents.edit("合作.txt", {"title": ""}, version=made.version)
    assert cleared.values == {} and names(office_of) == {"合作.txt"}


def test_a_field_cannot_smuggle_in_another(office_of: RefreshOffice) -> None:
    documents = console(office_of).documents
    seen = documents.metadata("合作.txt").version
    made = documents.edit("合作.txt", {"title": "简报\nsource: 假的"}, version=seen)
    assert made.values == {"title": "简报 source: 假的"}


def test_the_preview_is_of_the_published_snapshot_and_says_when_the_file_has_changed(office_of: RefreshOffice) -> None:
    documents = console(office_of).documents
    shown = documents.preview("合作.txt")
    assert len(shown.passages) == 3 and not shown.outdated
    assert shown.passages[0].span.of(shown.document.text).strip()
    office_of.write("合作.txt", TEXT)
    assert documents.preview("合作.txt").outdated
    with pytest.raises(DocumentMissing):
        documents.preview("没有.txt")


@pytest.mark.parametrize("name", ["../audit.jsonl", "/etc/passwd", "没有.txt", ""])
def test_only_files_of_the_list_are_given_out(office_of: RefreshOffice, name: str) -> None:
    with pytest.raises(DocumentMissing):
        console(office_of).documents.original(name)
    assert console(office_of).documents.original("合作.txt").name == "合作.txt"


def test_deleting_needs_the_role_and_the_newest_version_and_is_logged(office_of: RefreshOffice) -> None:
    seen = console(office_of).documents.metadata("合作.txt").version
    with pytest.raises(NotAllowed):
        console(office_of, Role.EDITOR).documents.delete("合作.txt", version=seen)
    office_of.write("合作.txt", TEXT)
    with pytest.raises(Overtaken):
        console(office_of).documents.delete("合作.txt", version=seen)
    newest = console(office_of).documents.metadata("合作.txt").version
    assert console(office_of).documents.delete("合作.txt", version=newest, why="过时").passages == 3
    assert names(office_of) == set()
    last = Audit(office_of.home).rows()[-1]
    assert (last.action, last.target, last.why, last.outcome) == ("delete", "合作.txt", "过时", "done")


def test_the_list_hashes_a_file_again_only_when_it_was_touched(
    office_of: RefreshOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def noted(path: Path, limits: Limits) -> str:
        hashed.append(path.name)
        return hash_of(path, limits)

    monkeypatch.setattr(remembered, "hash_of", noted)
    monkeypatch.setattr(listing, "HASHES", remembered.FileHashes())
    console(office_of).documents.list()
    console(office_of).documents.list()
    assert hashed == ["合作.txt"]
    office_of.write("合作.txt.meta.yaml", "title: 别的题目")
    (row,) = console(office_of).documents.list()
    assert hashed == ["合作.txt"] * 2 and (row.title, row.status) == ("别的题目", DocumentStatus.CHANGED)
    office_of.write("合作.txt", TEXT)
    console(office_of).documents.list()
    assert hashed == ["合作.txt"] * 3


def test_a_file_is_read_for_a_preview_without_being_published(office_of: RefreshOffice) -> None:
    upload(office_of, "新的.txt", TEXT)
    assert "13对帮扶对子" in console(office_of, Role.EDITOR).documents.read_now("新的.txt").text
    assert office_of.store.published() == "snapshot-000001"
    office_of.write("坏的.docx", "没有内容")
    for name, error in (("坏的.docx", Unreadable), ("没有.txt", DocumentMissing), ("../etc/passwd", DocumentMissing)):
        with pytest.raises(error):
            console(office_of).documents.read_now(name)


def test_words_of_any_length_reach_neither_citizens_nor_the_log(office_of: RefreshOffice) -> None:
    made, documents = Audit(office_of.home), console(office_of).documents
    version, before = documents.metadata("合作.txt").version, len(made.rows())
    with pytest.raises(MetadataRefused, match="标题有501个字，最多500个"):
        documents.edit("合作.txt", {"title": "长" * 501}, version=version)
    with pytest.raises(Unfit, match="原因有501个字，最多500个"):
        documents.withdraw("合作.txt", why="长" * 501)
    with pytest.raises(Unfit, match="原因有501个字"):
        documents.delete("合作.txt", version=version, why="长" * 501)
    with pytest.raises(Unfit, match="原因有501个字"):
        console(office_of).publish("snapshot-000001", why="长" * 501)
    assert len(made.rows()) == before and names(office_of) == {"合作.txt"}
    with pytest.raises(DocumentMissing):
        documents.edit("长" * 20_000, {}, version="x")
    assert max(len(row.target) + len(row.outcome) for row in made.rows()) <= 4_000
    assert documents.edit("合作.txt", {"title": "长" * 500}, version=version), "the control"
    assert documents.withdraw("合作.txt", why="长" * 500)[0].why == "长" * 500


def test_what_cannot_be_seen_stands_in_no_title(office_of: RefreshOffice) -> None:
    documents = console(office_of).documents
    version = documents.metadata("合作.txt").version
    with pytest.raises(MetadataRefused, match="标题里的“\ue000”是自造的字"):
        documents.edit("合作.txt", {"title": "王\ue000的讲话"}, version=version)
    typed = "\u202e2026年\u200b两地\ufeff合作\x1b\x00\t情况"
    assert documents.edit("合作.txt", {"title": typed}, version=version).values["title"] == "2026年两地合作 情况"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript://x", "data:text/html,x", "file:///etc/passwd", "//x", "www.x.cn", "https://"],
)
def test_the_address_of_a_file_is_one_of_the_web(office_of: RefreshOffice, address: str) -> None:
    documents = console(office_of).documents
    version = documents.metadata("合作.txt").version
    with pytest.raises(MetadataRefused, match="^网址“.*”不能用；要以http://或https://开头"):
        documents.edit("合作.txt", {"url": address}, version=version)
    assert names(office_of) == {"合作.txt"}
    kept = "HTTPS://www.example.gov.cn/文件?a=1"
    assert documents.edit("合作.txt", {"url": kept}, version=version).values == {"url": kept}
