"""The page 人工答案: answers whatever they were written for, changed, approved, dropped and withdrawn."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI

from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.storage.audit import Audit
from qa.storage.database import DATABASE
from tests.qa.web.staff.pages.browser import Browser
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.programs.feedback_office import WORDS, LoopOffice

pytestmark = pytest.mark.long
PAGE = "/staff/answers"


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


@pytest.fixture
def app(office: LoopOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder), QA_GOLDEN=str(office.golden))
        with open_client(app):
            yield app


def shelves(page: str) -> dict[str, int]:
    nav = page.partition('id="shelves"')[2].partition("</nav>")[0]
    return {name: int(count) for name, count in re.findall(r">([^<>]+) <b>(\d+)</b></a>", nav)}


def test_all_answers_are_listed_by_their_state_and_found_by_their_words(app: FastAPI, office: LoopOffice) -> None:
    office.review("庚桥有多长？", text="29米。", approved=False)
    office.review("商会有几家会员？")
    browser = Browser(app, "editor")
    page = browser.open(PAGE)
    assert shelves(page) == {"全部": 2, "待审核": 1, "已启用": 1, "待复核": 0, "已停用": 0}
    assert "庚桥有多长？" in page and "商会有几家会员？" in page
    page = browser.open(PAGE, state="draft")
    assert "庚桥有多长？" in page and "商会有几家会员？" not in page
    for words in ("商会", "237", "合作.txt"):
        assert "商会有几家会员？" in browser.open(PAGE, text=words), words
    assert "没有符合条件的人工答案" in browser.open(PAGE, text="火星")


def test_an_answer_for_no_question_of_the_log_is_written_approved_changed_dropped_and_withdrawn(
    app: FastAPI, office: LoopOffice
) -> None:
    editor, publisher = Browser(app, "editor"), Browser(app, "publisher")
    asked = "商会一共多少会员企业？"
    editor.open(PAGE, new="1")
    editor.press("find", questions=asked, text="237家。")
    assert asked in editor.page and "237家。" in editor.page, "what was typed stays while passages are looked for"
    assert editor.press("write", text="237家。").status_code == 400 and "请先在下面的原文里点选" in editor.page
    assert editor.press("write", text="237家。", mark=editor.mark(WORDS)).status_code == 303
    assert "已提交" in editor.page and 'value="approve"' not in editor.page
    publisher.open(PAGE, state="draft")
    publisher.choose(asked)
    assert publisher.press("approve").status_code == 303
    (one,) = office.console().reviewed.list()
    assert (one.state, one.text, one.authors, one.approved_by) == ("live", "237家。", ("editor",), "publisher")
    editor.open(PAGE)
    editor.choose(asked)
    assert editor.press("change", text="共237家。").status_code == 303
    assert office.console().reviewed.get(one.id).text == "237家。", "citizens see no change"
    assert "改动的作者" in editor.page
    assert editor.press("discard").status_code == 400 and "请填写放弃的原因" in editor.page
    assert editor.press("discard", why="原来的好").status_code == 303
    assert office.console().reviewed.get(one.id).draft is None
    publisher.open(PAGE)
    publisher.choose(asked)
    assert publisher.press("withdraw").status_code == 400 and "请填写停用的原因" in publisher.page
    assert publisher.press("withdraw", why="政策有变").status_code == 303
    assert shelves(publisher.page)["已停用"] == 1
    rows = [(row.who, row.target, row.why) for row in Audit(office.home).rows() if row.action == "review"]
    assert ("editor", f"discard {one.id}", "原来的好") in rows and (
        "publisher",
        f"withdraw {one.id}",
        "政策有变",
    ) in rows


def test_what_was_withdrawn_comes_back_by_two_people_only(app: FastAPI, office: LoopOffice) -> None:
    one = office.review("商会有几家会员？")
    publisher, admin = Browser(app, "publisher"), Browser(app, "admin")
    publisher.open(PAGE, answer=str(one.id))
    assert publisher.press("withdraw", why="有误").status_code == 303
    for browser in (publisher, admin):
        assert 'value="approve"' not in browser.open(PAGE, answer=str(one.id))
        token = re.findall(r'name="form" value="([^"]+)"', browser.page)[0]
        version = office.console().reviewed.get(one.id).version
        sent = {"form": token, "do": "approve", "answer": one.id, "answer_version": version}
        refused = browser.client.post(PAGE, data=sent)
        assert refused.status_code == 400 and "已停用" in refused.text
    assert office.console().reviewed.get(one.id).state == "withdrawn"
    publisher.open(PAGE, answer=str(one.id))
    assert publisher.press("change").status_code == 303, "it is proposed again"
    assert 'value="approve"' not in publisher.page, "not by who proposed it"
    admin.open(PAGE, answer=str(one.id))
    assert admin.press("approve").status_code == 303
    assert office.console().reviewed.get(one.id).state == "live"


def test_the_panel_leads_to_the_questions_that_it_was_written_for(app: FastAPI, office: LoopOffice) -> None:
    office.note(question="会费是多少？")
    browser = Browser(app, "editor")
    browser.open()
    (group,) = office.console().todo.list()
    tied, loose = office.review("会费是多少？"), office.review("会长是谁？")
    with closing(sqlite3.connect(office.home / DATABASE)) as database, database:
        database.execute("UPDATE todo SET reviewed = ? WHERE id = ?", (tied.id, group.id))
    address = f"/staff/questions?shelf=all&amp;group={group.id}"
    assert address in browser.open(PAGE, answer=str(tied.id))
    assert "/staff/questions?shelf=all" not in browser.open(PAGE, answer=str(loose.id))


def test_of_two_who_change_an_answer_the_second_is_told_and_loses_nothing(app: FastAPI, office: LoopOffice) -> None:
    one = office.review("商会有几家会员？")
    first, second = Browser(app, "editor"), Browser(app, "publisher")
    for browser in (first, second):
        browser.open(PAGE, answer=str(one.id))
    assert first.press("change", text="237家企业。").status_code == 303
    assert second.press("change", text="会员237家。").status_code == 409
    assert "已被editor于" in second.page and "会员237家。" in second.page


QUERIES = ({"answer": "99"}, {"answer": "x"}, {"state": "x"}, {"page": "9" * 30}, {"answer": "\x00"})


@pytest.mark.parametrize("query", QUERIES)
def test_what_no_page_asks_for_is_answered_in_a_sentence(app: FastAPI, query: dict[str, str]) -> None:
    response = Browser(app, "editor").client.get(PAGE, params=query)
    assert response.status_code in (200, 404) and "<h1>人工答案</h1>" in response.text
