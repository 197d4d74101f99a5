"""The page 问答记录: every single question, found by its words, outcome, verdict, channel and day, and as a table."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import WRITTEN, Sentence
from qa.bootstrap.models import Models
from qa.staff.questions.log.wording import COMPLAINTS
from qa.storage.question_log import HELPFUL, REASONS, UNHELPFUL, new_id
from qa.web.translations import word
from tests.qa.web.staff.pages.browser import Browser
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.programs.feedback_office import NOW, QUOTED, REFUSED, LoopOffice

pytestmark = pytest.mark.long
PAGE = "/staff/log"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LoopOffice:
    """Questions of two channels and three days, two of them judged, one failed."""
    office = LoopOffice(tmp_path_factory.mktemp("log"))
    office.note(QUOTED, "甲校长是谁？", days=3, verdict=HELPFUL)
    judged = office.note(REFUSED, "乙校长是谁？", days=2)
    office.log.judge(judged, UNHELPFUL, NOW, reasons=("wrong",), comment="答的不是这个")
    asked = replace(REFUSED, question="丙校长是谁？", standalone_question="丙校长是谁？")
    office.log.add(new_id(), asked, datetime.now(UTC), channel="api", documents={})
    fault = datetime.now(UTC) - timedelta(days=1)
    office.log.fail("丁校长是谁？", ValueError(), fault, channel="page", snapshot="snapshot-000001", ms=20.0)
    return office


@pytest.fixture(scope="module")
def app(office: LoopOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder))
        with open_client(app):
            yield app


def listed(page: str) -> str:
    """The first characters of the questions in the list, in its order."""
    return "".join(re.findall(r'<a class="text" data-part href="[^"]+"[^>]*>(.)校长是谁？</a>', page))


def days_ago(days: int) -> str:
    return str((datetime.now(UTC) - timedelta(days=days)).astimezone().date())


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, "丙丁乙甲"),
        ({"text": "乙"}, "乙"),
        ({"outcome": "answered"}, "甲"),
        ({"outcome": "failed"}, "丁"),
        ({"verdict": "down"}, "乙"),
        ({"verdict": "any"}, "乙甲"),
        ({"verdict": "none"}, "丙丁"),
        ({"channel": "api"}, "丙"),
        ({"channel": "page"}, "丁乙甲"),
        ({"since": days_ago(2)}, "丙丁乙"),
        ({"until": days_ago(2)}, "乙甲"),
        ({"since": days_ago(2), "until": days_ago(1), "outcome": "abstained"}, "乙"),
        ({"text": "戊"}, ""),
    ],
)
def test_questions_are_found_by_each_filter_on_the_page_and_in_the_table(
    app: FastAPI, query: dict[str, str], wanted: str
) -> None:
    browser = Browser(app, "editor")
    assert listed(browser.open(PAGE, **query)) == wanted
    table = browser.client.get("/staff/questions.csv", params=query)
    assert "".join(re.findall("(.)校长是谁", table.content.decode("utf-8-sig"))) == wanted
    if wanted:
        (address,) = re.findall(r'href="(/staff/questions\.csv[^"]*)"', browser.page)
        assert browser.client.get(address.replace("&amp;", "&")).content == table.content, "and the link leads there"
    else:
        assert "没有符合条件的记录" in browser.page and "导出" not in browser.page


def test_the_panel_tells_what_was_got_and_why_and_leads_to_where_it_is_worked_on(app: FastAPI) -> None:
    browser = Browser(app, "editor")
    browser.open(PAGE)
    page = browser.choose("乙校长是谁？").partition('id="panel"')[2]
    for words in ("未回答", "但其中没有这个问题的答案", "没帮助 答非所问", "答的不是这个", "网页", "0.20秒", "第1版"):
        assert words in page, words
    work = re.findall(r'class="button" href="(/staff/questions[^"]+)"', page)[0].replace("&amp;", "&")
    assert '<h2 class="text" tabindex="-1">乙校长是谁？</h2>' in browser.open(work)
    page = browser.open(PAGE) and browser.choose("甲校长是谁？").partition('id="panel"')[2]
    assert "在合作.txt里读到答案" in page and "有会员企业237家" in page and "原文摘录" in page
    page = browser.open(PAGE) and browser.choose("丁校长是谁？").partition('id="panel"')[2]
    assert "程序出错（ValueError）" in page


def test_the_panel_tells_how_the_form_of_an_answer_came_about(app: FastAPI, office: LoopOffice) -> None:
    form = AnswerForm(Form.COMPUTE, "9 − 4 = 5", "5家", (Operand("9家", "甲会", 0),), "compute 0.98")
    reply = office.note(replace(QUOTED, form=form), "庚的会员多几家？", days=8)
    page = Browser(app, "editor").open(PAGE, reply=reply, since=days_ago(8), until=days_ago(8))
    for words in ("答复的形式", "计算（compute 0.98）", "结论", "5家", "甲会 9家"):
        assert words in page.partition('id="panel"')[2], words


def test_an_answer_that_a_model_wrote_is_told_as_such(app: FastAPI, office: LoopOffice) -> None:
    written = replace(QUOTED, made_by=WRITTEN, sentences=(Sentence("有237家。", (0,)),))
    reply = office.note(written, "己的会员多少家？", days=9)
    page = Browser(app, "editor").open(PAGE, reply=reply, since=days_ago(9), until=days_ago(9))
    assert "AI 生成" in page and "由AI写成1句" in page


@pytest.mark.parametrize(
    ("query", "status", "why"),
    [
        ({"since": "昨天"}, 400, "不是日期"),
        ({"outcome": "x"}, 400, "没有“x”这种结果"),
        ({"verdict": "\x00"}, 400, "种评价"),
        ({"channel": "fax"}, 400, "没有这种来源"),
        ({"reply": "x"}, 404, "没有这条问答记录"),
        ({"page": "-1"}, 200, ""),
        ({"page": "9" * 30}, 200, ""),
    ],
)
def test_what_no_page_asks_for_is_answered_in_a_sentence(
    app: FastAPI, query: dict[str, str], status: int, why: str
) -> None:
    response = Browser(app, "editor").client.get(PAGE, params=query)
    assert response.status_code == status and why in response.text and "<h1>问答记录</h1>" in response.text


def test_no_day_is_too_far_for_the_questions(app: FastAPI) -> None:
    client = Browser(app, "editor").client
    for day in ("9999-12-31", "0001-01-01"):
        for address in (PAGE, "/staff/questions.csv"):
            assert client.get(address, params={"until": day, "since": day}).status_code == 200


def test_the_words_of_a_complaint_are_those_of_the_button_that_the_citizen_pressed() -> None:
    assert {f"why_{reason}": words for reason, words in COMPLAINTS.items()} == {
        name: word(name) for name in (f"why_{reason}" for reason in REASONS)
    }
