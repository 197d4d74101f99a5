"""The page 问题: from what citizens asked to an approved and guarded answer, by forms as a browser sends them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from html import unescape

import pytest
from fastapi import FastAPI

from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.evaluation.golden import read_golden
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE
from qa.web.staff.pages.questions import panel
from tests.qa.web.staff.pages.browser import PAGE, Browser, signed_in
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.programs.feedback_office import QUOTED, WORDS, LoopOffice

pytestmark = pytest.mark.long
ASKED = "商会有多少会员？"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LoopOffice:
    return LoopOffice(tmp_path_factory.mktemp("questions"))


@pytest.fixture(scope="module")
def app(office: LoopOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder), QA_GOLDEN=str(office.golden))
        with open_client(app):
            yield app


def test_one_list_shows_work_first_and_everything_on_another_shelf(app: FastAPI, office: LoopOffice) -> None:
    office.note(question="校长是谁？", days=1)
    office.note(question="校長是谁")
    office.note(QUOTED, "两地结成多少对？")
    page = (browser := Browser(app, "editor")).open()
    assert "校长是谁？" in page and "两地结成多少对" not in page
    assert re.search(r'校长是谁？</a></td>\s*<td class="count" data-name="次数">2<', page)
    page = browser.open(shelf="all")
    assert "校长是谁？" in page and "两地结成多少对" in page
    page = browser.open(shelf="all", text="結成")
    assert "校长是谁？" not in page and "两地结成多少对" in page
    assert "没有符合条件的问题" in browser.open(shelf="all", text="结成", outcome="abstained")
    browser.open()
    assert "但其中没有这个问题的答案" in browser.choose("校长是谁？")
    assert browser.page.index('aria-label="写答案"') < browser.page.index('aria-label="市民看到的"')


def test_a_marked_sentence_becomes_an_answer_that_another_person_approves_and_a_guard(
    app: FastAPI, office: LoopOffice
) -> None:
    office.note(question=ASKED)
    editor, publisher = Browser(app, "editor"), Browser(app, "publisher")
    editor.open()
    editor.choose(ASKED)
    waiting = int(re.findall(r"要办的 <b>(\d+)</b>", editor.page)[0])
    assert editor.press("write", text="会员企业共237家。").status_code == 400
    assert "请先在下面的原文里点选" in editor.page and "会员企业共237家。" in editor.page, "what was typed stays"
    assert editor.press("write", text="会员企业共237家。", mark=editor.mark(WORDS)).status_code == 303
    assert "已提交" in editor.page and "审核通过" not in editor.page.replace("；审核通过后，市民会看到", "")
    after = int(re.findall(r"要办的 <b>(\d+)</b>", editor.page)[0])
    assert after == waiting - 1 and ASKED not in editor.page.partition('id="list"')[2].partition('id="panel"')[0]
    publisher.open(shelf="review")
    publisher.choose(ASKED)
    assert "会员企业共237家。" in publisher.page and "审核通过，给市民看" in publisher.page
    assert publisher.press("approve").status_code == 303
    (answer,) = office.console().reviewed.list()
    assert (answer.state, answer.approved_by, answer.source.words[-9:]) == ("live", "publisher", f"{WORDS[-8:]}。")
    assert editor.open(shelf="todo") and editor.choose(ASKED) and "设为检验题并办结" in editor.page
    assert editor.press("guard").status_code == 303
    assert "下次发布起检验" in editor.page
    assert [one.question for one in read_golden(office.golden)] == [ASKED]
    done = {(row.who, row.action, row.outcome) for row in Audit(office.home).rows()}
    assert {("editor", "review", "done"), ("publisher", "review", "done"), ("editor", "todo", "done")} <= done


def test_the_marked_words_are_the_answer_where_none_is_typed(app: FastAPI, office: LoopOffice) -> None:
    office.note(question="产业园在哪里？")
    browser = Browser(app, "editor")
    browser.open()
    browser.choose("产业园在哪里？")
    assert browser.press("write", mark=browser.mark("华峰产业园在白涛")).status_code == 303
    (written,) = office.console().reviewed.list(text="产业园在哪里")
    assert written.text == written.source.words == "华峰产业园在白涛，落户12年。"


def test_of_two_who_write_at_once_the_second_is_told_and_loses_nothing(app: FastAPI, office: LoopOffice) -> None:
    office.note(question="卫生院有多少个？")
    first, second = Browser(app, "editor"), Browser(app, "publisher")
    for browser in (first, second):
        browser.open()
        browser.choose("卫生院有多少个？")
    mark = first.mark("卫生院29个")
    assert first.press("write", text="29个。", mark=mark).status_code == 303
    assert second.press("write", text="一共29个。", mark=mark).status_code == 409
    assert "已被editor于" in second.page and "一共29个。" in second.page
    assert [one.text for one in office.console().reviewed.list(text="卫生院有多少个")] == ["29个。"]


def test_a_question_that_was_answered_is_taken_up_for_a_better_answer(app: FastAPI, office: LoopOffice) -> None:
    asked = "教师多久来一次？"
    office.note(QUOTED, asked)
    office.note(QUOTED, asked)
    browser = Browser(app, "editor")
    browser.open(shelf="all")
    browser.choose(asked)
    assert browser.press("take-up").status_code == 303
    assert "写答案" in browser.page
    assert browser.page.index('aria-label="市民看到的"') < browser.page.index('aria-label="写答案"'), (
        "what is wrong in it"
    )
    (group,) = office.console().todo.list(text=asked)
    assert group.count == 2


def test_what_a_new_file_answers_is_asked_again_and_closed_without_copying_a_word(
    app: FastAPI, office: LoopOffice
) -> None:
    asked = "华峰产业园在哪个镇？"
    office.note(question=asked)
    browser = Browser(app, "editor")
    browser.open()
    browser.choose(asked)
    (trial,) = re.findall(r'<a class="button" href="([^"]+)">现在再问一遍试试</a>', browser.page)
    here, mark = browser.page, browser.mark("华峰产业园")
    assert f'value="{asked}"' in browser.open(unescape(trial))
    browser.page = here
    assert browser.press("close-golden", must="白涛", evidence="华峰产业园在蔺市").status_code == 400
    assert "没有提交：" in browser.page and "请在下面点选原文" in browser.page and "华峰产业园在蔺市" in browser.page
    assert browser.press("close-golden", must="白涛", evidence="", mark=[mark]).status_code == 303, browser.page
    waits = next(one for one in office.console().golden.proposals() if one.after and one.after.question == asked)
    assert waits.after and "白涛" in waits.after.evidence and waits.after.must == (("白涛",),)
    office.console("editor", Role.EDITOR).golden.take_back(waits.id, waits.version)


@pytest.mark.parametrize("button", ["keep", "take", "close", "close-golden", "separate"])
def test_the_lesser_steps_are_on_the_panel_too(app: FastAPI, office: LoopOffice, button: str) -> None:
    asked = {
        "keep": "甲的邮编？",
        "take": "乙路几号？",
        "close": "丙岛门票？",
        "close-golden": "丑亭在哪？",
        "separate": "丁河水位？",
    }[button]
    office.note(question=asked, days=1)
    office.note(question=asked.rstrip("？"))
    browser = Browser(app, "editor")
    browser.open()
    browser.choose(asked)
    why, must = {"why": "不归我们管"}, {"must": "白涛", "evidence": "华峰产业园在白涛"}
    typed = {"keep": {"note": "已问"}, "close": why, "close-golden": must}.get(button, {})
    assert browser.press(button, **typed).status_code == 303, browser.page
    groups = office.console().todo.list(text=asked.rstrip("？"))
    told = {(one.note, one.assignee, one.state, one.why_done, one.count) for one in groups}
    wanted = {
        "keep": {("已问", "", "open", "", 2)},
        "take": {("", "editor", "working", "", 2)},
        "close": {("", "", "done", "不归我们管", 2)},
        "close-golden": {("", "", "done", "", 2)},
        "separate": {("", "", "open", "", 1)},
    }
    assert told == wanted[button]
    if button == "close-golden":
        (waits,) = office.console().golden.proposals()
        assert waits.after and (waits.after.question, waits.after.must) == (asked, (("白涛",),))
    if button == "close":
        browser.open(shelf="done")
        browser.choose(asked)
        assert browser.press("reopen").status_code == 303


def test_what_the_role_does_not_cover_is_refused_whatever_is_sent(app: FastAPI, office: LoopOffice) -> None:
    answer = office.review("谁是会长？", approved=False)
    editor = Browser(app, "editor")
    editor.open()
    token = re.findall(
        r'name="form" value="([^"]+)"', editor.open(PAGE, shelf="all", reply=office.note(QUOTED, "戊？"))
    )[0]
    fields = {"form": token, "do": "approve", "answer": answer.id, "answer_version": answer.version, "group": 1}
    refused = editor.client.post(PAGE, data=fields)
    assert refused.status_code == 403 and "需要“发布”角色" in refused.text
    assert office.console().reviewed.get(answer.id).state == "draft"
    publisher = Browser(app, "publisher")
    page = publisher.open(PAGE, shelf="all", reply=office.note(QUOTED, "己？"))
    fields["form"] = re.findall(r'name="form" value="([^"]+)"', page)[0]
    assert publisher.client.post(PAGE, data=fields).status_code == 303, "the control"


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/preview"])
def test_a_form_that_is_not_of_this_browser_does_nothing(app: FastAPI, office: LoopOffice, path: str) -> None:
    office.note(question="庚桥多长？")
    browser = Browser(app, "editor")
    browser.open()
    browser.choose("庚桥多长？")
    before = office.console().todo.list(text="庚桥")
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', browser.page))
    assert browser.client.post(path, data={**fields, "do": "take", "form": "x" * 22}).status_code == 403
    assert office.console().todo.list(text="庚桥") == before
    assert browser.press("take").status_code == 303, "the control"


def test_the_preview_is_what_citizens_will_see_and_stores_nothing(app: FastAPI, office: LoopOffice) -> None:
    office.note(question="辛城多大？")
    browser = Browser(app, "editor")
    browser.open()
    browser.choose("辛城多大？")
    token = re.findall(r'name="form" value="([^"]+)"', browser.page)[0]
    fields = {"form": token, "questions": "辛城多大？", "text": "<b>答</b>", "mark": browser.mark("卫生院29个")}
    before = office.console().reviewed.list()
    shown = browser.client.post(f"{PAGE}/preview", data=fields)
    assert shown.status_code == 200 and "人工审核" in shown.text and "<b>答" not in shown.text
    assert browser.client.post(f"{PAGE}/preview", data={**fields, "mark": ""}).status_code == 400
    assert office.console().reviewed.list() == before


@pytest.mark.parametrize(
    "query",
    [
        {"shelf": "nothing"},
        {"outcome": "x' OR 1=1"},
        {"page": "-1"},
        {"page": "99999999999"},
        {"group": "1e9"},
        {"group": "999999"},
        {"reply": "\x00"},
        {"text": "%_\\'\"" * 400},
        {"shelf": "all", "text": "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")},
    ],
)
def test_junk_in_an_address_is_answered_in_a_sentence(app: FastAPI, query: dict[str, str]) -> None:
    response = signed_in(app, "editor").get(PAGE, params=query)
    assert response.status_code in (200, 404), response.text
    assert "<h1>问题</h1>" in response.text and "Traceback" not in response.text


@pytest.mark.parametrize(
    "fields", [{}, {"do": "write"}, {"do": "x"}, {"do": "write", "mark": "1:2"}, {"do": "close", "group": "9" * 30}]
)
def test_junk_in_a_form_is_refused_in_a_sentence(app: FastAPI, fields: dict[str, str], office: LoopOffice) -> None:
    browser = Browser(app, "editor")
    page = browser.open(PAGE, shelf="all", reply=office.note(QUOTED, "壬？"))
    token = re.findall(r'name="form" value="([^"]+)"', page)[0]
    for content in ({**fields, "form": token}, fields):
        response = browser.client.post(PAGE, data=content)
        assert response.status_code in (400, 403) and 'class="said refused' in response.text


def test_several_groups_are_assigned_and_closed_at_once_and_the_second_of_two_is_told(
    app: FastAPI, office: LoopOffice
) -> None:
    for question in ("癸码头几点关门？", "子博物馆门票多少钱？"):
        office.note(question=question)
    editor, colleague = Browser(app, "editor"), Browser(app, "publisher")
    page = editor.open()
    colleague.open()
    rows = re.findall(r'name="chosen" value="([^"]+)" aria-label="选中(癸码头|子博物馆)', page)
    boxes = [box for box, _ in rows]
    assert len(boxes) == 2
    assert "请先在列表里勾选" in str(editor.press("assign-all", assignee="publisher").text)
    assert "请填写经办人" in str(editor.press("assign-all", assignee=" ", chosen=boxes).text)
    assert editor.press("assign-all", assignee="隔壁老王", chosen=boxes).text.count("没有账号“隔壁老王”") == 2
    assert editor.page.count('aria-label="选中癸码头几点关门？" checked') == 1, "and stay selected"
    editor.press("assign-all", assignee="publisher", chosen=boxes)
    assert editor.page.count("已由publisher办理：") == 2
    assert " checked>" not in editor.page.partition('id="list"')[2].partition('id="panel"')[0]
    colleague.press("close-all", why="不属于本区", chosen=boxes)
    assert "已办结：" not in colleague.page and "已被" in colleague.page, "both changed since they were looked at"
    boxes = re.findall(r'name="chosen" value="([^"]+)" aria-label="选中(?:癸码头|子博物馆)', editor.open())
    assert editor.press("close-all", why="", chosen=boxes).text.count("不加检验题的原因") == 2
    editor.press("close-all", why="不属于本区", chosen=boxes)
    assert editor.page.count("已办结：") == 2
    assert "癸码头" in editor.open(PAGE, shelf="done") and 'name="chosen"' not in editor.page


TYPED = {
    "keep": {"note": "问过教委，没有回音", "assignee": "publisher", "document": "招生办法.docx"},
    "close": {"why": "不归我们管，请问教委"},
    "close-golden": {"question": "渡船几点开？", "must": "白涛", "evidence": "华峰产业园在白涛"},
}


@pytest.mark.parametrize("button", TYPED)
def test_whatever_the_second_of_two_typed_stays_where_it_was_typed(
    app: FastAPI, office: LoopOffice, button: str
) -> None:
    asked = f"{button}的渡船几点开？"
    office.note(question=asked)
    first, second = Browser(app, "editor"), Browser(app, "publisher")
    for browser in (first, second):
        browser.open()
        browser.choose(asked)
    assert first.press("take").status_code == 303
    assert second.press(button, **TYPED[button]).status_code == 409
    step = next(one for one in re.findall(r'<details class="step" open>.*?</details>', second.page, re.S))
    assert [text for text in TYPED[button].values() if text not in step] == [], "in a step that is open"
    assert second.press(button, **TYPED[button]).status_code == 303, "and is sent once more"


def test_an_answer_whose_source_changed_is_reviewed_again_where_it_was_written(
    app: FastAPI, office: LoopOffice
) -> None:
    asked = "会费一年多少钱？"
    answer = office.review(asked)
    office.note(question=asked)
    (group,) = office.console().todo.list(text=asked)
    with closing(sqlite3.connect(office.home / DATABASE)) as database, database:
        database.execute("UPDATE todo SET reviewed = ?, state = 'done' WHERE id = ?", (answer.id, group.id))
    editor = Browser(app, "editor")
    assert "答案要复核的" not in editor.open(), "nothing to review yet"
    with closing(sqlite3.connect(office.home / DATABASE)) as database, database:
        expired = "UPDATE reviewed SET expires_on = '2020-01-01', version = version + 1 WHERE id = ?"
        database.execute(expired, (answer.id,))
    assert "答案要复核的 <b>1</b>" in editor.open() and asked not in editor.page, "its question is done"
    assert "/staff/questions?shelf=renew" in editor.open("/staff/home")
    editor.open(PAGE, shelf="renew")
    editor.choose(asked)
    assert "已过有效期（2020-01-01）" in editor.page and 'name="expires" value="2020' not in editor.page
    assert editor.press("change").status_code == 303, editor.page
    publisher = Browser(app, "publisher")
    publisher.open(PAGE, shelf="review")
    publisher.choose(asked)
    assert publisher.press("approve").status_code == 303
    assert "答案要复核的" not in editor.open() and office.console().reviewed.get(answer.id).state == "live"


def test_answers_without_a_golden_question_have_a_place_of_their_own(app: FastAPI, office: LoopOffice) -> None:
    asked = "庚桥有多宽？"
    office.note(question=asked)
    editor, publisher = Browser(app, "editor"), Browser(app, "publisher")
    editor.open()
    editor.choose(asked)
    editor.press("write", text="29个。", mark=editor.mark("卫生院29个"))
    assert asked not in editor.open(PAGE, shelf="live")
    publisher.open(PAGE, shelf="review")
    publisher.choose(asked)
    publisher.press("approve")
    assert "/staff/questions?shelf=live" in editor.open("/staff/home") and asked in editor.open(PAGE, shelf="live")


def test_whoever_approves_has_read_all_that_the_answer_will_be_shown_for(app: FastAPI, office: LoopOffice) -> None:
    """Else an answer to a harmless question would go to citizens who ask another one."""
    office.note(question="中医院有多少个？")
    editor, publisher = Browser(app, "editor"), Browser(app, "publisher")
    editor.open()
    editor.choose("中医院有多少个？")
    also = "中医院有多少个？\n涪陵有几家中医院？"
    assert editor.press("write", text="1个。", mark=editor.mark("卫生院29个"), questions=also).status_code == 303

    def told() -> str:
        publisher.open(shelf="review")
        shown = publisher.choose("中医院有多少个？").partition('aria-label="人工答案"')[2]
        return shown.partition('<div class="preview">')[0]  # above the answer, in sight

    assert '<li class="text">涪陵有几家中医院？</li>' in told() and "负责人：editor；有效到" in told()
    publisher.press("approve")
    editor.open(shelf="live")
    editor.choose("中医院有多少个？")
    assert editor.press("change", text="2个。", questions=f"{also}\n卫生院有几家？").status_code == 303
    assert '<li class="text">卫生院有几家？</li>' in told() and "市民现在看到的：1个。" in told()


def test_an_answer_to_what_means_this_year_lasts_no_longer(
    app: FastAPI, office: LoopOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was refused until a clerk had found out that it is the day, and where to change it."""
    monkeypatch.setattr(panel, "EXPIRES", timedelta(days=366))
    office.note(question="今年产业园落户几年了？")
    editor = Browser(app, "editor")
    editor.open()
    assert f'value="{date.today().year}-12-31"' in editor.choose("今年产业园落户几年了？")
    assert editor.press("write", text="12年。", mark=editor.mark("华峰产业园在白涛")).status_code == 303
    office.note(question="产业园落户几年？")
    editor.open()
    assert f'value="{date.today() + timedelta(days=366)}"' in editor.choose("产业园落户几年？"), "the control"
