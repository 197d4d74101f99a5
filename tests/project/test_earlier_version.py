"""What an earlier version of the program left behind still opens: its snapshot, its database, its audit log."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from corpus.read import read as read_documents
from index.embedding import bundled_model
from index.snapshots.errors import NoSnapshot
from index.snapshots.served import Loaded, load_served
from index.snapshots.snapshot import Snapshot, SnapshotForeign, build
from qa.answering.query_rewriting import Synonyms
from qa.answering.reply import Abstention, Answer
from qa.publishing import records
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings, read
from qa.service.sources import Sources
from qa.staff.accounts.members import SignInWrong
from qa.staff.accounts.sessions import Sessions
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from qa.storage.migrations import MIGRATIONS
from qa.storage.question_log import Log
from qa.storage.reviewed_answers import ReviewedAnswers
from qa.storage.runtime_settings import CurrentSettings
from tests.support.doubles.toy import ToyEmbedder
from tests.support.programs.refresh_office import RefreshOffice

EARLIER = Path(__file__).parent / "earlier"
# The passwords that were given then.
PASSWORDS = {"wangfang": "青禾-河边-旧桥-2024", "liming": "石榴-风筝-南墙-1987"}
SNAPSHOT, LINK = "snapshot-000001", "0yh_y6OSuc0_e2J_zqKJ8w"
MODEL = "multilingual-e5-small-1571fc982750-2"
WORDS = "每张借书证一次可以借图书五册，借期三十天。到期前可以续借一次，续借期为十五天。"
NOW = datetime(2026, 11, 28, 18, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a program that is started on the earlier one's folder."""
    home = tmp_path / "home"
    shutil.copytree(EARLIER / "home", home)
    database = sqlite3.connect(home / DATABASE)
    database.executescript((EARLIER / "service.sql").read_text(encoding="utf-8"))
    assert database.execute("PRAGMA user_version").fetchone()[0] == 3 < len(MIGRATIONS), "it is of an earlier version"
    database.close()
    return read({"QA_HOME": str(home), "QA_DOCUMENTS": str(EARLIER / "documents")})


def console(settings: Settings) -> Console:
    return Console(settings, who="wangfang", role=Role.ADMIN)


def sources(settings: Settings, served: Snapshot) -> Sources:
    """The documents behind citations, as a server opens them that serves a snapshot of today."""
    return Sources(lambda: Loaded(served), store_of(settings))


@pytest.fixture
def today() -> Snapshot:
    """The same documents as this program reads them, in a snapshot of its own."""
    documents = read_documents(EARLIER / "documents").documents
    return replace(build(documents, ToyEmbedder(), max_tokens=160), name="snapshot-000002")


def test_the_snapshot_is_sound_and_its_documents_open(settings: Settings) -> None:
    store = store_of(settings)
    assert (store.names(), store.published()) == ([SNAPSHOT], SNAPSHOT)
    assert console(settings).verify() == {"CURRENT": [], SNAPSHOT: [], "audit.jsonl": []}
    found = store.document(SNAPSHOT, "停车.txt")
    assert found and found.text == (EARLIER / "documents" / "停车.txt").read_text(encoding="utf-8")
    assert len(store.passages(SNAPSHOT)) == 4


def test_a_snapshot_that_this_program_would_build_otherwise_says_what_to_do(settings: Settings) -> None:
    store = store_of(settings)
    with pytest.raises(NoSnapshot, match="请运行 python -m qa refresh"):
        load_served(store, model=bundled_model.embedder_name())
    with pytest.raises(SnapshotForeign, match=r"splitter：1，现在是\d+）；请运行 python -m qa refresh"):
        store.load(SNAPSHOT, model=MODEL)


def test_a_refresh_builds_it_anew_and_keeps_the_old_one(settings: Settings) -> None:
    office = RefreshOffice(settings.home)
    shutil.copytree(EARLIER / "documents", office.folder, dirs_exist_ok=True)
    office.golden = []
    report = office.refresh()
    assert (report.published, office.store.names()) == ("snapshot-000002", [SNAPSHOT, "snapshot-000002"])
    assert [one.was_published for one in console(settings).snapshots()] == [True, True]


def test_its_record_tells_how_it_came_to_be(settings: Settings) -> None:
    record = records.read(store_of(settings), SNAPSHOT)
    assert record and (record.who, record.documents, record.passages, len(record.golden)) == ("root", 2, 4, 1)
    (listed,) = console(settings).snapshots()
    assert (listed.name, listed.published, listed.golden_asked) == (SNAPSHOT, True, 1)


@pytest.mark.long
@pytest.mark.parametrize(("name", "role"), [("wangfang", Role.ADMIN), ("liming", Role.EDITOR)])
def test_staff_sign_in_with_their_passwords(settings: Settings, name: str, role: Role) -> None:
    sessions = Sessions(settings.home / DATABASE)
    signed_in = sessions.sign_in(name, PASSWORDS[name], address="198.51.100.1", now=NOW)
    assert (signed_in.member.name, signed_in.member.role) == (name, role)
    with pytest.raises(SignInWrong):
        sessions.sign_in(name, PASSWORDS[name] + "x", address="198.51.100.1", now=NOW)
    sessions.close()


def test_the_log_shows_every_question_with_its_reply(settings: Settings) -> None:
    log = console(settings).questions
    entries = {entry.id: entry for entry in log.find().entries}
    assert sorted(entry.status for entry in entries.values()) == ["abstained"] * 4 + ["answered"] * 3
    assert (entries[LINK].verdict, entries[LINK].verdict_reasons) == ("down", ("wrong",))
    replies = [log.detail(name).reply for name in entries]
    assert [type(reply) for reply in replies].count(Answer) == 3
    assert all(reply.nearest for reply in replies if isinstance(reply, Abstention) and reply.reason != "off_topic")


def test_a_shared_link_opens_the_answer_and_its_source(settings: Settings, today: Snapshot) -> None:
    log = Log(open_database(settings.home / DATABASE), keep_days=180, share_days=90)
    shared = log.shared(LINK, NOW)
    assert shared and isinstance(shared.reply, Answer)
    (citation,) = shared.reply.citations
    assert (citation.document, citation.text) == ("借书.md", WORDS)
    assert log.shared(LINK[:-1] + "X", NOW) is None
    log.close()
    source = sources(settings, today).open(shared.reply.snapshot, citation.document)
    assert source and source.document.text[citation.start : citation.end] == WORDS
    assert source.note == "", "today's document says the same"


def test_an_approved_answer_is_shown_and_a_draft_is_not(settings: Settings, today: Snapshot) -> None:
    reviewed = ReviewedAnswers(settings.home / DATABASE, ToyEmbedder(), Synonyms([]))
    match = reviewed.find("借书证可以代办吗", today, date(2026, 11, 28))
    assert match and match.text == "可以，请带上双方证件到一楼服务台办理。"
    assert match.finding.document.name == "借书.md"
    assert reviewed.find("停车费能开发票吗", today, date(2026, 11, 28)) is None
    assert {one.id: one.state for one in console(settings).reviewed.list()} == {1: "live", 2: "draft"}


def test_settings_and_to_do_are_as_staff_left_them(settings: Settings) -> None:
    now = CurrentSettings(open_database(settings.home / DATABASE)).now()
    assert (now.notice, now.pause, now.threshold) == ("周六上午系统维护", "", 0.15)
    assert len(console(settings).todo.list(seconds=0)) == 4


def test_the_audit_log_is_whole_and_goes_on(settings: Settings) -> None:
    audit = Audit(settings.home)
    assert audit.tampering() == []
    audit.add("wangfang", "setting", target="notice")
    rows = audit.rows()
    assert (len(rows), rows[-1].number, audit.tampering()) == (17, 17, [])
