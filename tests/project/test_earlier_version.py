"""What an earlier version of the program left behind still opens: its snapshot, its database, its audit log."""

import json
import shutil
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.embedding import bundled_model
from index.snapshots.snapshot import Snapshot, SnapshotForeign
from qa.answering.query_rewriting import Synonyms
from qa.answering.reply import Abstention, Answer, Citation
from qa.publishing import records
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings, read
from qa.service.sources import Sources
from qa.staff.accounts.sessions import Sessions, SignInWrong
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from qa.storage.migrations import MIGRATIONS
from qa.storage.question_log import Log
from qa.storage.reviewed_answers import ReviewedAnswers
from qa.storage.runtime_settings import CurrentSettings
from tests.support.doubles.toy import ToyEmbedder

EARLIER = Path(__file__).parent / "earlier"
# The passwords that were given then.
PASSWORDS = {"wangfang": "青禾-河边-旧桥-2024", "liming": "石榴-风筝-南墙-1987"}
SNAPSHOT, LINK = "snapshot-000001", "0yh_y6OSuc0_e2J_zqKJ8w"
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


def loaded(settings: Settings) -> Snapshot:
    return store_of(settings.home).load(SNAPSHOT, model=model_of_then())


def model_of_then() -> str:
    manifest = json.loads((EARLIER / "home" / "snapshots" / SNAPSHOT / "MANIFEST.json").read_text(encoding="utf-8"))
    return str(manifest["recipe"]["model"])


def sources(settings: Settings) -> Sources:
    store = store_of(settings.home)
    return Sources(lambda: store.load_served(model=model_of_then()), store)


def test_the_snapshot_is_sound_and_served(settings: Settings) -> None:
    served = store_of(settings.home).load_served(model=model_of_then())
    assert (served.snapshot.name, served.alarm) == (SNAPSHOT, "")
    assert [document.name for document in served.snapshot.documents] == ["借书.md", "停车.txt"]
    assert len(served.snapshot.passages) == 4 and len(served.snapshot.lexical.scores("借期几天")) == 4
    assert console(settings).verify() == {SNAPSHOT: []}


def test_it_was_built_with_the_weights_that_this_program_embeds_with(settings: Settings) -> None:
    """Were they others, the snapshot would be refused, and the refusal would say what to do."""
    assert bundled_model.embedder_name() == model_of_then()
    with pytest.raises(SnapshotForeign, match="请运行 python -m qa refresh"):
        store_of(settings.home).load(SNAPSHOT, model="other-weights")


def test_its_record_tells_how_it_came_to_be(settings: Settings) -> None:
    record = records.read(store_of(settings.home), SNAPSHOT)
    assert record and (record.who, record.documents, record.passages, len(record.golden)) == ("root", 2, 4, 1)
    (listed,) = console(settings).snapshots()
    assert (listed.name, listed.published, listed.golden_asked) == (SNAPSHOT, True, 1)


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


def test_a_shared_link_opens_the_answer_and_its_source(settings: Settings) -> None:
    log = Log(open_database(settings.home / DATABASE), keep_days=180, share_days=90)
    shared = log.shared(LINK, NOW)
    assert shared and isinstance(shared.reply, Answer)
    (citation,) = shared.reply.citations
    assert (citation.document, citation.text) == ("借书.md", WORDS)
    assert log.shared("uA0Ql76WB2fjful0FwdhbX", NOW) is None
    log.close()
    assert quoted(settings, shared.reply.snapshot, citation) == WORDS


def quoted(settings: Settings, snapshot: str, citation: Citation) -> str:
    source = sources(settings).open(snapshot, citation.document)
    assert source and not source.note
    return source.document.text[citation.start : citation.end]


def test_an_approved_answer_is_shown_and_a_draft_is_not(settings: Settings) -> None:
    reviewed = ReviewedAnswers(settings.home / DATABASE, ToyEmbedder(), Synonyms([]))
    snapshot = loaded(settings)
    match = reviewed.find("借书证可以代办吗", snapshot, date(2026, 11, 28))
    assert match and match.text == "可以，请带上双方证件到一楼服务台办理。"
    assert match.finding.document.name == "借书.md"
    assert reviewed.find("停车费能开发票吗", snapshot, date(2026, 11, 28)) is None
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
