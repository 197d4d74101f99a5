"""The page 首页: what waits, for whom, each with the address of the place where it is done."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from corpus.files.scan import scan
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.bootstrap.service import SERVER
from qa.staff.documents import listing
from tests.qa.web.staff.test_sign_in import comes
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.programs.feedback_office import QUOTED, LoopOffice

pytestmark = pytest.mark.long
HOME = "/staff/home"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LoopOffice:
    return LoopOffice(tmp_path_factory.mktemp("home"), QA_CONTACT="合作办")


@pytest.fixture(scope="module")
def app(office: LoopOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder), QA_CONTACT="")
        with open_client(app):
            yield app


def lines(app: FastAPI, role: str) -> dict[str, tuple[str, bool]]:
    """What is to be done: each with its address, and whether it is for others."""
    client = open_client(app)
    assert sign_in(client, role).headers["location"] == HOME
    found = re.findall(r'<a class="text" href="([^"]+)">(?:<b>(\d+)</b>)?([^<]+)</a>( <span)?', client.get(HOME).text)
    return {f"{count}{what}": (address, bool(others)) for address, count, what, others in found}


def test_each_kind_of_work_leads_to_the_place_where_it_is_done(app: FastAPI, office: LoopOffice) -> None:
    told = "还没有设咨询电话：没有答案时市民只看到12345"
    first = lines(app, "admin")
    assert first[told] == ("/staff/settings#setting-contact", False)
    office.note(question="校长是谁？")
    office.note(replace(QUOTED, contradictory=True), "会费是多少？")
    office.review("会员有几家？", approved=False)
    (office.folder / "新区.txt").write_text("新区有12个社区。", encoding="utf-8")
    found = lines(app, "editor")
    assert found["2类问题没有答案，或市民说没帮助"] == ("/staff/questions", False)
    assert found["1类问题，几份文件说法不一"] == ("/staff/questions?shelf=contradictory", False)
    assert found["3个文件的改动市民还看不到，等发布"] == ("/staff/files?shelf=waiting", True)
    assert found[told][1], "an editor cannot set it"
    assert not lines(app, "publisher")["3个文件的改动市民还看不到，等发布"][1]


def test_every_address_of_the_to_do_opens(app: FastAPI, office: LoopOffice) -> None:
    client = open_client(app)
    sign_in(client)
    addresses = {address for address, _ in lines(app, "admin").values()}
    assert len(addresses) > 2
    assert {client.get(address.partition("#")[0]).status_code for address in addresses} == {200}


@pytest.mark.parametrize("period", ["24h", "7d", "30d", "x", "\x00"])
def test_the_figures_of_a_period_stand_below(app: FastAPI, office: LoopOffice, period: str) -> None:
    client = open_client(app)
    sign_in(client)
    page = client.get(HOME, params={"period": period})
    assert page.status_code == 200 and 'aria-current="true"' in page.text and "满意" in page.text


def test_the_tour_is_told_once_to_each_by_the_role(app: FastAPI) -> None:
    seen = {}
    for role in ("editor", "admin"):
        client = open_client(app)
        sign_in(client, role)
        page = client.get(HOME).text.partition('id="tour"')[2].partition("</section>")[0]
        seen[role] = re.findall(r'<li><a href="/staff/(\w+)">', page)
        assert 'id="tour"' not in client.get(HOME, params={"tour": "done"}).text
        assert 'id="tour"' not in client.get(HOME).text, "nor ever after"
        sign_in(client, "publisher")
        assert 'id="tour"' in client.get(HOME).text, "another member in the same browser"
    assert seen == {
        "editor": ["files", "questions", "golden"],
        "admin": ["files", "questions", "golden", "publish", "settings"],
    }


def test_the_folder_was_looked_at_before_the_first_member_comes(
    office: LoopOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def noting(folder: Path, **options: Any) -> Any:
        looked.append(folder)
        return scan(folder, **options)

    monkeypatch.setattr(listing, "scan", noting)
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "新区.txt").write_text("新区有12个社区。", encoding="utf-8")
    app = make_staff_app(office.home, QA_DOCUMENTS=str(folder))
    with open_client(app) as client:
        assert comes(lambda: looked == [folder])
        sign_in(client)
        assert client.get(HOME).status_code == 200 and looked == [folder], "and not once more"


def test_what_the_program_publishes_is_told_in_words(app: FastAPI, office: LoopOffice) -> None:
    with office.console()._store.refreshing(who=SERVER):
        assert lines(app, "editor")["系统正在发布文件，可以看进度"] == ("/staff/files", False)
