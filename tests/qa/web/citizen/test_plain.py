"""Pages without a script: a form that answers, the documents by topic, whose site it is."""

import re
from html import unescape
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.storage.database import DATABASE, open_database
from qa.storage.runtime_settings import CONTACT, write
from qa.web.citizen import plain
from qa.web.page import shell
from qa.web.site import Site
from tests.support.doubles.web import ADDRESS, FakeAssistant, admission, two_documents

SITE = Site("区府办", "大厅 023-72212345", records=("渝ICP备1号",), log_days=30)


def client(home: Path, site: Site = SITE, *, assistant: FakeAssistant | None = None) -> TestClient:
    app = FastAPI()
    app.include_router(plain.routes(admission(assistant or FakeAssistant(), home), site))
    return TestClient(app, base_url=ADDRESS, headers={"Accept-Language": "zh-CN"})


def test_the_form_answers_and_keeps_the_question_out_of_the_address(tmp_path: Path) -> None:
    with client(tmp_path) as visitor:
        empty = visitor.get("/ask").text
        answered = visitor.post("/ask", data={"q": "结成多少对？"}).text
    assert 'method="post"' in empty and "7对" not in empty
    assert "&#40;" not in answered
    # On a phone the reply is seen without scrolling.
    assert (
        0 < answered.index("7对") < answered.index("<textarea")
        and "文件里没有的" in empty
        and "文件里没有的" not in answered
    )


def test_the_documents_are_listed_with_links_to_their_headings_and_searched(tmp_path: Path) -> None:
    with client(tmp_path) as visitor:
        listed = visitor.get("/topics").text
        found = visitor.get("/topics", params={"q": "对子"}).text
    assert "两地学校结对" in listed and "at=0-2" in unescape(listed)
    assert "blockquote" in found and "blockquote" not in listed


def test_every_page_says_whose_it_is_and_what_is_kept_of_questions(tmp_path: Path) -> None:
    with client(tmp_path) as visitor:
        about, form = visitor.get("/about").text, visitor.get("/ask").text
    assert "区府办" in form and "渝ICP备1号" in form
    assert 'href="tel:02372212345"' in about and "想提前删除" in about
    assert '大厅 <span class="number">023-72212345</span>' in unescape(about)  # no line breaks it in two
    with client(tmp_path, Site()) as visitor:
        unset = visitor.get("/about").text
    assert "主办单位还没有写" not in about and "主办单位还没有写" in unset


def test_the_contact_that_staff_set_last_stands_on_the_page_about_the_site(tmp_path: Path) -> None:
    with client(tmp_path) as visitor:
        before = visitor.get("/about").text
        write(open_database(tmp_path / DATABASE), CONTACT, "总机 023-72287654")
        after = visitor.get("/about").text
    assert ("72212345" in before, "72212345" in after, "72287654" in after) == (True, False, True)


def test_records_required_by_law_stand_on_every_page_and_lead_to_their_registers(tmp_path: Path) -> None:
    site = Site("区府办", records=("渝ICP备1号-2", "渝公网安备 50010202000001号", "政府网站标识码5001020001"))
    with client(tmp_path, site) as visitor:
        pages = [visitor.get(address).text for address in ("/ask", "/topics", "/about")]
    for page in [*pages, shell("zh-CN", site=site)]:
        links = dict(re.findall(r'<a class="text" href="(https[^"]*)"[^>]*>([^<]*)</a>', unescape(page)))
        assert links == {
            "https://beian.miit.gov.cn/": "渝ICP备1号-2",
            "https://beian.mps.gov.cn/#/query/webSearch?code=50010202000001": "渝公网安备 50010202000001号",
        }
        assert "政府网站标识码5001020001" in page and "区府办" in page


def test_how_long_questions_are_kept_is_a_sentence_in_each_language(tmp_path: Path) -> None:
    said = {
        "zh-CN": "提问遮住号码后保存30天，到期删除。",
        "zh-TW": "提問遮住號碼後保存30天，到期刪除。",
        "en": "Questions are kept with numbers masked, and deleted after 30 days.",
    }
    with client(tmp_path) as visitor:
        for language, sentence in said.items():
            for address in ("/about", "/ask"):
                page = visitor.get(address, headers={"Accept-Language": language}).text
                assert sentence in unescape(re.sub(r"<[^>]*>", "", page))
        assert f'<main id="shell" lang="{language}">' in shell(language, site=SITE)


def test_a_link_asks_unless_it_comes_from_another_site(tmp_path: Path) -> None:
    assistant = FakeAssistant()
    app = FastAPI()
    app.include_router(plain.routes(admission(assistant, tmp_path), SITE))
    with TestClient(app, base_url=ADDRESS) as visitor:
        for site in ("cross-site", "same-site"):
            shown = visitor.get("/ask?q=结成多少对？</textarea>", headers={"Sec-Fetch-Site": site}).text
            assert "结成多少对？" in shown and shown.count("</textarea>") == 1 and "7对" not in shown
        assert not assistant.asked
        for site in ("same-origin", "none"):
            assert "7对" in visitor.get("/ask?q=结成多少对？", headers={"Sec-Fetch-Site": site}).text
    assert len(assistant.asked) == 2


def test_what_is_searched_for_is_cut_like_a_question(tmp_path: Path) -> None:
    with client(tmp_path) as visitor:
        found = visitor.get("/topics", params={"q": "对子" * 400}).text
    assert "blockquote" in found and "对子" * 150 in found and "对子" * 151 not in found


def test_a_choice_between_documents_is_a_form_that_asks_one_of_them(tmp_path: Path) -> None:
    assistant = FakeAssistant(two_documents)
    with client(tmp_path, assistant=assistant) as visitor:
        offered = unescape(visitor.post("/ask", data={"q": "每户多少元？"}).text)
        chosen = unescape(visitor.post("/ask", data={"q": "每户多少元？", "document": "village.md"}).text)
        kept = visitor.get(
            "/ask", params={"q": "每户多少元？", "document": "village.md"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
    assert 'name="document" value="village.md"' in offered and "380元" in offered and "250元" in offered
    assert "250元" in chosen and "380元" not in chosen and 'name="document"' not in chosen
    assert 'name="document" value="village.md"' in unescape(kept.text) and "250元" not in kept.text
    assert assistant.chosen == ["", "village.md"]
