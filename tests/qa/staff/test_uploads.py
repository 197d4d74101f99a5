"""Hostile uploads end in a reason that says what to do, and nothing is written outside (T8 to T10, T13, T15)."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from index.embedding import bundled_model
from qa.runtime.errors import Overtaken
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.documents.files import DocumentExists
from qa.staff.documents.folder import DocumentMissing
from qa.staff.documents.listing import DocumentStatus
from qa.staff.documents.uploads import UploadRefused
from qa.staff.permissions import Role
from tests.corpus.test_hostile_files import ARCHIVES, CONTENTS, DECLARATIONS, NAMES, SUFFIXES, declared
from tests.support.doubles.toy import COOPERATION
from tests.support.files import office_files as files
from tests.support.programs.refresh_office import RefreshOffice

TRAVERSAL = (
    *(
        "../a.txt",
        "../../etc/passwd.txt",
        "/etc/cron.d/a.txt",
        "\\\\host\\share\\a.txt",
        "..\\..\\a.txt",
        "a/../../b.txt",
    ),
    *("%2e%2e%2fa.txt", "..%2fa.txt", "a%00.txt", "a\x00.txt", "C:\\Windows\\a.txt", "file:///etc/a.txt", "./../a.txt"),
    *("\u202etxt.a.txt", "a" * 300 + ".txt", "涪" * 300 + ".txt", "a" * 4096 + ".txt", "\ud800.txt", "a.txt/", "a.svg"),
    *("a.txt:stream.txt", "..", ".", "", " ", "a.txt\n", "合作.txt.meta.yaml", "COM1.txt", "lpt9.md", "aux.csv"),
)
GOOD = "文字可以读。".encode()


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    (tmp_path / "home").mkdir()
    made = RefreshOffice(tmp_path / "home")
    made.write("合作.txt", COOPERATION.text)
    made.refresh()
    return made


def console(office: RefreshOffice, megabytes: int = 2) -> Console:
    settings = {"QA_HOME": str(office.home), "QA_DOCUMENTS": str(office.folder), "QA_MAX_FILE_MB": str(megabytes)}
    return Console(read(settings), who="王芳", role=Role.EDITOR)


def upload(office: RefreshOffice, name: str, content: bytes, **options: Any) -> str:
    """The name under which it is kept, or why it is not."""
    try:
        return console(office).documents.upload(name, io.BytesIO(content), **options).name
    except (UploadRefused, DocumentExists) as error:
        return f"refused: {error}"


def everything(root: Path) -> set[str]:
    names = ("audit.jsonl", "audit.head", "documents.lock", "service.sqlite")
    written = (f"home/{name}" for name in names)
    return {path.relative_to(root).as_posix() for path in root.rglob("*")} - {*written}


def test_no_name_leads_outside_and_each_refusal_is_one_short_sentence(office: RefreshOffice, tmp_path: Path) -> None:
    names = {*NAMES, *TRAVERSAL}
    assert len(names) >= 80
    before, outcomes = everything(tmp_path), {}
    for name in names:
        outcomes[name] = upload(office, name, GOOD)
    kept = {outcome for outcome in outcomes.values() if not outcome.startswith("refused: ")}
    assert everything(tmp_path) - before == {f"home/documents/{name}" for name in kept}
    refused = [outcome for outcome in outcomes.values() if outcome.startswith("refused: ")]
    assert all(len(outcome) < 300 and outcome.isprintable() for outcome in refused)
    assert {name for name in TRAVERSAL if not outcomes[name].startswith("refused: ")} <= {"a.txt\n"}
    # The control: names that people write are kept as they are.
    assert kept >= {"😀.txt", "é.txt", "名字 空格.txt", "a;b.txt", "全角。.txt"}


def test_names_that_some_systems_take_for_one_are_one(office: RefreshOffice) -> None:
    assert upload(office, "a.txt", GOOD) == "a.txt"
    assert "只差大小写" in upload(office, "A.TXT", GOOD)
    assert "已有同名文件" in upload(office, "a.txt", GOOD)
    assert upload(office, "e\u0301.txt", GOOD) == "é.txt"
    assert "已有同名文件" in upload(office, "é.txt", GOOD)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_magic_and_suffix_both_have_to_match(office: RefreshOffice, suffix: str) -> None:
    for kind, content in CONTENTS.items():
        outcome = upload(office, f"{kind}{suffix}", content())
        if kind == SUFFIXES[suffix]:
            assert outcome == f"{kind}{suffix}"  # the control
        elif suffix in (".pptx", ".epub", ".docx", ".xlsx") and kind in ("docx", "xlsx", "zip"):
            continue  # archives one and all: which, only the refresh finds out
        else:
            assert outcome.startswith(f"refused: {kind}{suffix}"), kind


class Announced(io.RawIOBase):
    """Ten gigabytes, of which is counted how much is read."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        size = min(size if size >= 0 else 10_000_000_000, 10_000_000_000 - self.given)
        assert size <= 3_000_000, "it would all be read into memory"
        self.given += size
        return b"x" * size


def test_of_ten_gigabytes_no_more_is_read_than_may_be_kept(office: RefreshOffice) -> None:
    content = Announced()
    with pytest.raises(UploadRefused, match="超过2 MB的上限"):
        console(office).documents.upload("大.txt", content)  # type: ignore[arg-type] # it reads
    assert content.given == 2_000_001
    assert "空的" in upload(office, "空.txt", b"")


def test_whoever_saw_an_older_file_does_not_replace_a_newer_one(office: RefreshOffice) -> None:
    with pytest.raises(DocumentExists) as exists:
        console(office).documents.upload("合作.txt", io.BytesIO(GOOD))
    office.write("合作.txt", "别人刚改的。")
    with pytest.raises(Overtaken):
        upload(office, "合作.txt", GOOD, replacing=exists.value.version)
    assert (office.folder / "合作.txt").read_text(encoding="utf-8") == "别人刚改的。"


def test_a_link_among_the_documents_is_not_followed(office: RefreshOffice, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(GOOD)
    (office.folder / "链接.txt").symlink_to(outside)
    with pytest.raises(DocumentMissing):
        console(office).documents.original("链接.txt")
    with pytest.raises(DocumentExists) as exists:
        console(office).documents.upload("链接.txt", io.BytesIO(b"new"))
    assert upload(office, "链接.txt", b"new", replacing=exists.value.version) == "链接.txt"
    assert (outside.read_bytes(), console(office).documents.original("链接.txt").read_bytes()) == (GOOD, b"new")


def test_what_is_taken_and_hostile_is_told_by_the_refresh_and_harms_nobody(
    office: RefreshOffice, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密原文", encoding="utf-8")
    docx = files.docx_file()
    laughs = DECLARATIONS["laughs"].format(long="x" * 100)
    hostile: Mapping[str, bytes] = {
        **{f"{attack}.docx": change(docx) for attack, change in ARCHIVES.items() if attack not in ("size", "prefixed")},
        "外部实体.docx": declared(".docx", DECLARATIONS["file"].format(path=secret)),
        "十亿.docx": declared(".docx", laughs),
        "截断.docx": docx[: len(docx) // 2],
        "截断.pdf": files.pdf_file()[:400],
        "脚本.html": "<html><body><script>fired()</script><p>浙江与涪陵。</p></body></html>".encode(),
        "公式.csv": "名称,数\n=cmd|' /C calc'!A1,1\n".encode(),
    }
    before = everything(tmp_path)
    for name, content in hostile.items():
        assert upload(office, name, content) == name
    office.refresh()
    rows = {row.name: row for row in console(office).documents.list()}
    left_out = {name for name in hostile if rows[name].status in (DocumentStatus.QUARANTINED, DocumentStatus.FAILED)}
    assert left_out == hostile.keys() - {"脚本.html", "公式.csv"}
    assert all(rows[name].reason for name in left_out)
    assert "fired" not in console(office).documents.preview("脚本.html").document.text
    assert "=cmd" in console(office).documents.preview("公式.csv").document.text
    assert not Path("/tmp/escaped").exists()
    made = {path for path in everything(tmp_path) - before if not path.startswith(("home/snapshots", "home/caches"))}
    assert made <= {f"home/documents/{name}" for name in hostile} | {"home/progress.json"}
    passages = [passage.text for passage in office.store.passages(office.store.names()[-1])]
    assert not any("机密原文" in text for text in passages) and any("13对" in text for text in passages)
