"""A document that staff withdraw is quoted no more: by no server, under no name, whatever is published."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from corpus.document import Document
from index.retrieve import retrieve
from index.snapshots.snapshot import build
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.base import AtThreshold
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Abstention, Answer, Reply
from qa.publishing.serving import ServedSnapshot
from qa.runtime.errors import NotAllowed, ReasonMissing
from qa.runtime.settings import ROOT
from qa.service.answer_queue import AnswerQueue
from qa.service.sources import Sources
from qa.staff.documents.folder import DocumentMissing
from qa.staff.documents.withdrawing import AlreadyWithdrawn, HolderWithdrawn, OwnWithdrawal
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import CurrentSettings
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder, document
from tests.support.engines import in_a_file
from tests.support.programs.feedback_office import LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")
QUESTION = "涪陵浙江商会有多少家会员企业？"


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


def next_second() -> None:
    """Wait until the clock shows another second: the audit log counts in them."""
    shown = int(time.time())
    while int(time.time()) == shown:
        time.sleep(0.01)


class Server:
    """What one server process answers with; it looks at the switches for every question."""

    def __init__(self, office: LoopOffice) -> None:
        self.runtime_settings = CurrentSettings(open_database(office.home / DATABASE), seconds=0)
        store = office.console()._store
        served = ServedSnapshot(store, model="toy-1")
        reader = SimilarityReader(office.embedder)
        reader.threshold = 0.0
        self.assistant = Assistant(
            served,
            office.embedder,
            AtThreshold(reader, lambda: self.runtime_settings.now().threshold),
            Synonyms([]),
            switches=self.runtime_settings.now,
        )
        self.sources = Sources(served, store, lambda one: self.runtime_settings.now().withdrawn.hides(one))
        self.desk = AnswerQueue(self.assistant, edition=lambda: self.assistant.edition)

    def ask(self) -> Reply:
        return asyncio.run(self.desk.ask(QUESTION))


def quoted(reply: Reply) -> set[str]:
    """The documents of which words are shown."""
    cited = reply.citations if isinstance(reply, Answer) else ()
    nearest = reply.nearest if isinstance(reply, Abstention) else ()
    return {citation.document for citation in (*cited, *nearest)}


def test_answers_stop_quoting_it_on_every_server_and_begin_again(office: LoopOffice) -> None:
    servers = [Server(office), Server(office)]
    assert all("合作.txt" in quoted(server.ask()) for server in servers)
    documents = office.console().documents
    documents.withdraw("合作.txt", why="数字有误")
    assert not any("合作.txt" in quoted(server.ask()) for server in servers)
    assert [server.sources.open("snapshot-000001", "合作.txt") for server in servers] == [None, None]
    assert documents.withdrawn()[0].why == "数字有误"
    documents.reinstate("合作.txt", why="已核实")
    assert all("合作.txt" in quoted(server.ask()) for server in servers)
    assert servers[0].sources.open("snapshot-000001", "合作.txt")


def test_a_kept_reply_is_given_no_more_while_its_document_is_withdrawn(office: LoopOffice) -> None:
    server = Server(office)
    first = server.ask()
    assert server.desk._replies and "合作.txt" in quoted(first)
    office.console().documents.withdraw("合作.txt", why="有误")
    assert "合作.txt" not in quoted(server.ask()) and "237家" not in server.ask().text
    office.console().documents.reinstate("合作.txt", why="已核实")
    assert server.ask().text == first.text


def test_a_refresh_does_not_bring_it_back_nor_does_another_name_for_the_same_file(office: LoopOffice) -> None:
    store, embedder = office.console()._store, office.embedder
    first = replace(COOPERATION, file_sha256="a" * 64)

    def publish(one: Document) -> None:
        with store.writing():
            store.publish(store.save(build([one, INDUSTRY], embedder, max_tokens=160)))

    publish(first)
    assert "合作.txt" in quoted(Server(office).ask())
    office.console().documents.withdraw("合作.txt", why="有误")
    for published in (first, replace(first, name="改名.txt")):
        publish(published)
        assert not quoted(Server(office).ask()) & {"合作.txt", "改名.txt"}
    publish(replace(first, name="改写.txt", file_sha256="b" * 64))
    assert quoted(Server(office).ask()) >= {"改写.txt"}


@pytest.mark.parametrize(
    ("changed", "who", "four_eyes", "allowed"),
    [
        (False, "王芳", True, True),
        (True, "王芳", True, False),
        (True, "李强", True, True),
        (True, "王芳", False, True),
    ],
)
def test_what_changed_while_it_was_withdrawn_is_reinstated_by_another_person(
    office: LoopOffice, changed: bool, who: str, four_eyes: bool, allowed: bool
) -> None:
    """No golden question about a withdrawn document counts, so whoever withdrew it would publish unjudged words."""
    store, embedder = office.console()._store, office.embedder
    first = replace(COOPERATION, file_sha256="a" * 64)

    def publish(one: Document) -> None:
        with store.writing():
            store.publish(store.save(build([one, INDUSTRY], embedder, max_tokens=160)))

    publish(first)
    office.console().documents.withdraw("合作.txt", why="有误")
    if changed:
        publish(replace(first, file_sha256="b" * 64))
    office.environment["QA_FOUR_EYES"] = "yes" if four_eyes else "no"
    documents = office.console(who=who).documents
    if not allowed:
        with pytest.raises(OwnWithdrawal, match="另一位"):
            documents.reinstate("合作.txt")
    else:
        documents.reinstate("合作.txt")
    assert ("合作.txt" in quoted(Server(office).ask())) == allowed


def test_a_withdrawal_that_stands_keeps_its_file_person_and_reason(office: LoopOffice) -> None:
    """Else whoever withdrew it would withdraw it again after the change, and reinstate it alone."""
    store, first = office.console()._store, replace(COOPERATION, file_sha256="a" * 64)

    def publish(one: Document) -> None:
        with store.writing():
            store.publish(store.save(build([one, INDUSTRY], office.embedder, max_tokens=160)))

    publish(first)
    stands, *_ = office.console().documents.withdraw("合作.txt", why="有误")
    publish(replace(first, file_sha256="b" * 64))
    office.environment["QA_FOUR_EYES"] = "yes"
    for who in ("王芳", "李强"):
        with pytest.raises(AlreadyWithdrawn, match="已由王芳在.*停止引用（有误）"):
            office.console(who=who).documents.withdraw("合作.txt", why="再停一次")
    assert office.console().documents.withdrawn() == (stands,)
    with pytest.raises(OwnWithdrawal):
        office.console().documents.reinstate("合作.txt")
    office.console(who="李强").documents.reinstate("合作.txt")
    assert office.console().documents.withdraw("合作.txt", why="再停一次")[0].file_sha256 == "b" * 64, "the control"


@pytest.mark.parametrize("put_back", [False, True], ids=["waits", "was there meanwhile"])
def test_what_a_refresh_under_way_may_publish_is_reinstated_by_another_person(
    office: LoopOffice, put_back: bool
) -> None:
    """The refresh has judged without the questions about the file; who withdrew it would publish what he uploaded."""

    def upload(text: str, replacing: str = "") -> str:
        content = BytesIO(text.encode())
        return office.console().documents.upload("合作.txt", content, replacing=replacing).version

    office.environment["QA_FOUR_EYES"] = "yes"
    version = upload(COOPERATION.text)
    (file,) = [one for one in office.console().documents._scan().files if one.name == "合作.txt"]
    store = office.console()._store
    with store.writing():
        first = replace(COOPERATION, file_sha256=file.sha256)
        store.publish(store.save(build([first, INDUSTRY], office.embedder, max_tokens=160)))
    next_second()
    office.console().documents.withdraw("合作.txt", why="有误")
    office.console().documents.reinstate("合作.txt")  # the control
    office.console().documents.withdraw("合作.txt", why="有误")
    next_second()
    version = upload("合作是捏造的。", version)
    if put_back:
        upload(COOPERATION.text, version)
    with pytest.raises(OwnWithdrawal, match="另一位"):
        office.console().documents.reinstate("合作.txt")
    office.console(who="赵敏").documents.reinstate("合作.txt")


TABLE, NOTE = "包.zip/表.txt", "包.zip/通知.txt"


def with_archive(office: LoopOffice, *, called: str = "包.zip") -> None:
    """An archive of two files beside another, published."""
    (office.folder / called).write_bytes(b"PK")
    named = [replace(COOPERATION, name=TABLE, file_sha256="a" * 64), replace(INDUSTRY, name=NOTE, file_sha256="b" * 64)]
    found = [replace(one, name=one.name.replace("包.zip", called)) for one in named]
    store = office.console()._store
    with store.writing():
        store.publish(store.save(build([*found, document("独立的一份。")], office.embedder, max_tokens=160)))


def test_an_archive_goes_with_all_that_is_in_it_also_under_another_name_and_returns_with_it(office: LoopOffice) -> None:
    with_archive(office)
    documents = office.console().documents
    assert TABLE in quoted(Server(office).ask())
    documents.withdraw("包.zip", why="有误")
    with_archive(office, called="换了名.zip")
    assert not any(".zip" in name for name in quoted(Server(office).ask()))
    with_archive(office)
    for name in (TABLE, NOTE):
        with pytest.raises(HolderWithdrawn, match="请对包.zip恢复引用"):
            documents.reinstate(name)
        with pytest.raises(AlreadyWithdrawn, match="包.zip已由王芳"):
            documents.withdraw(name, why="再停一次")
    assert documents.reinstate("包.zip") == () and documents.withdrawn() == ()
    assert TABLE in quoted(Server(office).ask())


def test_a_file_that_was_withdrawn_by_itself_stays_so_when_its_archive_returns(office: LoopOffice) -> None:
    with_archive(office)
    office.console(who="李强").documents.withdraw(TABLE, why="这一张有误")
    documents = office.console().documents
    documents.withdraw("包.zip", why="全部核对")
    assert {one.name: one.withdrawn and one.withdrawn.why for one in documents.list() if "包" in one.name} == {
        **dict.fromkeys(("包.zip", TABLE, NOTE), "全部核对")
    }
    assert documents.reinstate("包.zip") == (TABLE,)
    assert [(one.document, one.who) for one in documents.withdrawn()] == [(TABLE, "李强")]
    assert TABLE not in quoted(Server(office).ask())
    documents.reinstate(TABLE)
    assert TABLE in quoted(Server(office).ask())


@pytest.mark.parametrize("before", [False, True])
def test_whoever_changed_the_file_of_a_withdrawn_document_does_not_reinstate_it(
    office: LoopOffice, before: bool
) -> None:
    """Also who changed it before the withdrawal, if that change was published after it."""
    store, first = office.console()._store, replace(COOPERATION, file_sha256="a" * 64)

    def publish(one: Document) -> None:
        with store.writing():
            store.publish(store.save(build([one, INDUSTRY], office.embedder, max_tokens=160)))

    def upload(who: str, text: str, replacing: str = "") -> str:
        content = BytesIO(text.encode())
        return office.console(who=who).documents.upload("合作.txt", content, replacing=replacing).version

    office.environment["QA_FOUR_EYES"] = "yes"
    version = upload("赵敏", COOPERATION.text)
    publish(first)
    if before:
        upload("李强", "合作有变。", version)
    next_second()
    office.console().documents.withdraw("合作.txt", why="有误")
    if not before:
        upload("李强", "合作有变。", version)
    publish(replace(first, file_sha256="b" * 64))
    for who in ("王芳", "李强"):
        with pytest.raises(OwnWithdrawal, match="改文件的人不能自己恢复"):
            office.console(who=who).documents.reinstate("合作.txt")
    office.console(who="赵敏").documents.reinstate("合作.txt")


def test_who_why_and_the_role_are_asked_for(office: LoopOffice) -> None:
    for role, passes in ((Role.EDITOR, False), (Role.PUBLISHER, True)):
        documents = office.console(role=role).documents
        if not passes:
            with pytest.raises(NotAllowed):
                documents.withdraw("合作.txt", why="有误")
            with pytest.raises(NotAllowed):
                documents.reinstate("合作.txt")
        else:
            documents.withdraw("合作.txt", why="有误")
    rows = [(row.who, row.action, row.target, row.why, row.outcome) for row in Audit(office.home).rows()]
    assert rows[-1] == ("王芳", "withdraw", "合作.txt", "有误", "done")
    with pytest.raises(ReasonMissing):
        office.console().documents.withdraw("合作.txt", why=" ")
    with pytest.raises(DocumentMissing):
        office.console().documents.withdraw("没有.txt", why="有误")
    with pytest.raises(DocumentMissing):
        office.console().documents.reinstate("产业.txt")


def test_what_is_hidden_takes_no_other_passages_place() -> None:
    """However many hidden passages are nearer, those that may be shown are found as if the others did not exist."""
    embedder = ToyEmbedder()
    loud = [document(f"商会\n\n会员企业有{number}家。\n", name=f"撤下{number}.txt") for number in range(300)]
    quiet = [document(f"学校\n\n第{number}所学校有操场。\n", name=f"留着{number}.txt") for number in range(80)]
    both = build([*loud, *quiet], embedder, max_tokens=160)
    alone = build(quiet, embedder, max_tokens=160)
    found = retrieve(both, embedder, "会员企业有多少家？", count=6, hidden=lambda one: one.name.startswith("撤下"))
    expected = retrieve(alone, embedder, "会员企业有多少家？", count=6)
    assert len(found) == 6
    assert {hit.passage.document.name[:2] for hit in found} == {"留着"}
    assert found[0].dense == pytest.approx(expected[0].dense, abs=1e-5)
    assert retrieve(both, embedder, "会员企业有多少家？", count=6)[0].passage.document.name.startswith("撤下")


def test_the_threshold_that_staff_set_holds_for_the_next_question(office: LoopOffice) -> None:
    server = Server(office)
    assert isinstance(server.ask(), Answer)
    office.console().runtime_settings.change("threshold", "1")
    assert isinstance(server.ask(), Abstention)
    office.console().runtime_settings.change("threshold", "")
    assert isinstance(server.ask(), Answer)


@in_a_file
def test_a_server_process_sees_it_within_seconds(office: LoopOffice) -> None:
    """Another process, with the interval that servers look at."""
    code = (
        "import sys, time, json; from pathlib import Path; from qa.storage.database import open_database;"
        "from qa.storage.runtime_settings import CurrentSettings;"
        "board = CurrentSettings(open_database(Path(sys.argv[1])));"
        "print(json.dumps(sorted(board.now().withdrawn.names)), flush=True); sys.stdin.readline()\n"
        "while not board.now().withdrawn.names: time.sleep(0.05)\n"
        "print(json.dumps(sorted(board.now().withdrawn.names)), flush=True)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code, str(office.home / DATABASE)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        assert json.loads(server.stdout.readline()) == []
        office.console().documents.withdraw("合作.txt", why="有误")
        assert json.loads(server.communicate("\n", timeout=120)[0]) == ["合作.txt"]
    finally:
        server.kill()
        server.wait()
