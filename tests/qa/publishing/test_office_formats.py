"""A file of each newer format on its way: uploaded, refreshed, listed, quoted, withdrawn."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from corpus.loaders.parts import libreoffice
from index.embedding import bundled_model
from index.snapshots.served import load_served
from qa.answering.assistant import Assistant
from qa.answering.overrides import Withdrawn
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Answer
from qa.runtime.settings import read
from qa.staff.console import Console
from qa.staff.documents.folder import DocumentMissing
from qa.staff.documents.listing import DocumentStatus
from qa.staff.documents.withdrawing import OwnWithdrawal
from qa.staff.permissions import Role
from tests.support.counts import some
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.files import container_files, legacy_files, ofd_files, office_files
from tests.support.programs.refresh_office import RefreshOffice

QUESTION, VALUE = "友谊学校的实验室建筑面积是多少平方米？", "3200平方米"
IN_SHEETS, SHEET_VALUE = "华峰产业园的投资是多少亿元？", "309.6"
# What is uploaded, and the document that answers.
OWN: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "报告.ofd": (ofd_files.ofd_file, "报告.ofd"),
    "信.eml": (lambda: container_files.eml_file(body=office_files.SENTENCES[1]), "信.eml"),
    "附.eml": (
        lambda: container_files.eml_file(attachments={"报告.docx": office_files.docx_file()}),
        "附.eml/报告.docx",
    ),
    "页.mht": (container_files.mht_file, "页.mht"),
    "包.zip": (lambda: container_files.gbk_zip({"甲/报告.docx": office_files.docx_file()}), "包.zip/甲/报告.docx"),
    "记.txt": (lambda: "\n".join(office_files.SENTENCES).encode("utf-16"), "记.txt"),
}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    made = RefreshOffice(tmp_path)
    made.write("合作.txt", COOPERATION.text)
    return made


def console(made: RefreshOffice, *, who: str = "王芳") -> Console:
    settings = read({"QA_HOME": str(made.home), "QA_DOCUMENTS": str(made.folder), "QA_MAX_FILE_MB": "2"})
    return Console(settings, who=who, role=Role.ADMIN)


def answer(made: RefreshOffice, question: str, withdrawn: Withdrawn | None = None) -> tuple[str, set[str]]:
    """What is answered, and the documents that it is quoted from."""
    loaded, embedder = load_served(made.store, model="toy-1"), ToyEmbedder()
    reader = SimilarityReader(embedder)
    reader.threshold = 0.0
    reply = Assistant(lambda: loaded, embedder, reader, Synonyms([])).ask(question)
    cited = {citation.document for citation in reply.citations} if isinstance(reply, Answer) else set()
    return reply.text, cited


def taken(made: RefreshOffice, name: str, content: bytes) -> None:
    console(made).documents.upload(name, io.BytesIO(content))
    assert made.refresh().published


@pytest.mark.parametrize("name", OWN)
def test_what_staff_upload_is_quoted_after_a_refresh(name: str, office: RefreshOffice) -> None:
    make, document = OWN[name]
    taken(office, name, make())
    text, cited = answer(office, QUESTION)
    assert VALUE in text and document in cited
    rows = {row.name: row for row in console(office).documents.list()}
    assert rows[name].status is rows[document].status is DocumentStatus.INDEXED and rows[document].passages
    assert VALUE in console(office).documents.preview(document).document.text


@pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", some(legacy_files.FORMATS, part=(".wps", ".et")))
def test_what_libreoffice_reads_is_quoted_after_a_refresh(suffix: str, office: RefreshOffice) -> None:
    taken(office, f"报告{suffix}", legacy_files.legacy_file(suffix))
    sheet = suffix in (".xls", ".et", ".ods")
    text, cited = answer(office, IN_SHEETS if sheet else QUESTION)
    assert (SHEET_VALUE if sheet else VALUE) in text and f"报告{suffix}" in cited


def test_a_file_within_another_is_listed_described_and_withdrawn_alone_or_with_it(office: RefreshOffice) -> None:
    parts = {"甲.txt": office_files.SENTENCES[1].encode(), "坏.exe": b"MZ"}
    taken(office, "包.zip", office_files.zip_file(parts))
    documents = console(office).documents
    rows = {row.name: row for row in documents.list()}
    assert rows["包.zip/甲.txt"].reason == "在包.zip里面" and not rows["包.zip/甲.txt"].version
    assert rows["包.zip/坏.exe"].status is DocumentStatus.FAILED and "不支持.exe" in rows["包.zip/坏.exe"].reason
    with pytest.raises(DocumentMissing, match="请对包.zip操作"):
        documents.original("包.zip/甲.txt")
    documents.withdraw("包.zip/甲.txt", why="有误")
    hidden = {row.name for row in documents.list() if row.withdrawn}
    assert hidden == {"包.zip/甲.txt"}
    documents.reinstate("包.zip/甲.txt")
    documents.withdraw("包.zip", why="有误")
    assert {row.name for row in documents.list() if row.withdrawn} == {"包.zip", "包.zip/甲.txt", "包.zip/坏.exe"}
    inside = next(d for d in load_served(office.store, model="toy-1").snapshot.documents if d.name == "包.zip/甲.txt")
    assert Withdrawn(frozenset({"包.zip"})).hides(inside) and not Withdrawn(frozenset({"包"})).hides(inside)


def test_an_archive_within_an_archive_is_withdrawn_alone_with_all_that_is_in_it(office: RefreshOffice) -> None:
    inner = office_files.zip_file({"甲.txt": office_files.SENTENCES[1].encode()})
    parts = {"内.zip": inner, "乙.txt": office_files.SENTENCES[0].encode()}
    taken(office, "包.zip", office_files.zip_file(parts))
    documents, other = console(office).documents, console(office, who="赵敏").documents

    def hidden() -> set[str]:
        return {row.name for row in documents.list() if row.withdrawn}

    assert next(row.reason for row in documents.list() if row.name == "包.zip/内.zip") == "在包.zip里面"
    documents.withdraw("包.zip/内.zip", why="有误")
    assert hidden() == {"包.zip/内.zip", "包.zip/内.zip/甲.txt"}
    assert documents.reinstate("包.zip/内.zip") == () and hidden() == set()
    documents.withdraw("包.zip/内.zip", why="有误")
    other.withdraw("包.zip", why="全部核对")
    assert other.reinstate("包.zip") == ("包.zip/内.zip",) and len(hidden()) == 2, "the outermost of what stays"
    changed = {**parts, "内.zip": office_files.zip_file({"甲.txt": "到位资金一百亿元。".encode()})}
    version = next(row.version for row in documents.list() if row.name == "包.zip")
    (office.folder / "包.zip").write_bytes(office_files.zip_file(changed))
    with pytest.raises(OwnWithdrawal):
        documents.reinstate("包.zip/内.zip")
    assert version != next(row.version for row in documents.list() if row.name == "包.zip")
    assert office.refresh().published
    with pytest.raises(OwnWithdrawal):
        documents.reinstate("包.zip/内.zip")
    assert other.reinstate("包.zip/内.zip") == () and hidden() == set()


def test_an_archive_that_changed_while_all_of_it_was_withdrawn_is_reinstated_by_another_person(
    office: RefreshOffice,
) -> None:
    taken(office, "包.zip", office_files.zip_file({"甲.txt": office_files.SENTENCES[1].encode()}))
    first, other = console(office).documents, console(office, who="赵敏").documents
    first.withdraw("包.zip", why="有误")
    first.reinstate("包.zip")  # the control: nothing changed
    first.withdraw("包.zip", why="有误")
    version = next(row.version for row in first.list() if row.name == "包.zip")
    changed = io.BytesIO(office_files.zip_file({"甲.txt": "到位资金一百亿元。".encode()}))
    first.upload("包.zip", changed, replacing=version)
    assert office.refresh().published
    with pytest.raises(OwnWithdrawal, match="另一位"):
        first.reinstate("包.zip")
    other.reinstate("包.zip")
    assert not [row.name for row in first.list() if row.withdrawn]


def test_a_file_that_is_gone_takes_what_was_in_it_with_it(office: RefreshOffice) -> None:
    taken(office, "包.zip", office_files.zip_file({"甲.txt": office_files.SENTENCES[1].encode()}))
    (office.folder / "包.zip").unlink()
    rows = {row.name: row for row in console(office).documents.list()}
    assert rows["包.zip/甲.txt"].status is DocumentStatus.REMOVED
    assert office.refresh().published and answer(office, QUESTION)[1] <= {"合作.txt"}
