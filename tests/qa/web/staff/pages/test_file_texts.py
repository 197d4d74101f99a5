"""The text of a file on the page 文件: its passages, one of them marked, and what citizens get until a publication."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi import FastAPI

from corpus.document import Document, Span
from index.embedding import bundled_model
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.web.staff.pages.files.texts import AROUND, MOST_SHOWN, shown
from tests.qa.web.staff.pages.browser import Browser
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import RefreshOffice

pytestmark = pytest.mark.long
PAGE = "/staff/files"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RefreshOffice]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        office = RefreshOffice(tmp_path_factory.mktemp("texts"))
        office.write("合作.txt", COOPERATION.text)
        office.refresh()
        yield office


@pytest.fixture(scope="module")
def app(office: RefreshOffice) -> Iterator[FastAPI]:
    models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
    app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder))
    with open_client(app):
        yield app


def test_each_passage_is_listed_and_marked_in_the_text_where_it_is_clicked(app: FastAPI) -> None:
    browser = Browser(app, "editor")
    assert "<mark" not in browser.open(PAGE, name="合作.txt")
    (address,) = re.findall(r'href="([^"]+)">看分成哪些段落', browser.page)
    page = browser.open(unescape(address))
    listed = re.findall(r'<li><a class="text" data-part data-focus="panel" href="([^"]+)"[^>]*>([^<]+)</a>', page)
    assert listed and "<mark" not in page
    for link, start in listed:
        page = browser.open(unescape(link))
        marked = "".join(re.findall(r"<mark[^>]*>([^<]*)</mark>", page))
        squeezed = "".join(marked.split())
        assert squeezed and "".join(unescape(start).split()).startswith(unescape(squeezed)[:20]), (start, marked)
        assert page.count('aria-current="true">') >= 1
    beyond = browser.client.get(PAGE, params={"name": "合作.txt", "passage": "9999"})
    assert beyond.status_code == 200 and "<mark" not in beyond.text
    junk = browser.client.get(PAGE, params={"name": "合作.txt", "passage": "x"})
    assert junk.status_code == 404 and "没有认出" in junk.text


def test_of_a_changed_file_both_texts_are_there_until_it_is_published(app: FastAPI, office: RefreshOffice) -> None:
    browser = Browser(app, "editor")
    assert "改动以前的" not in browser.open(PAGE, name="合作.txt")
    office.write("合作.txt", COOPERATION.text.replace("237家", "238家"))
    page = browser.open(PAGE, name="合作.txt")
    old = page.partition("市民现在问到的文字（改动以前的）")[2]
    assert "程序读到的文字（还没有发布）" in page and "237家" in old and "238家" not in page
    assert "已收录的 <b>0</b>" in page and "等发布的 <b>1</b>" in page
    office.write("合作.txt", COOPERATION.text)
    assert "已收录的 <b>1</b>" in browser.open(PAGE)


def test_of_a_long_document_the_beginning_is_shown_or_what_stands_around_the_mark() -> None:
    text = "".join(f"第{number}条 甲。\n" for number in range(12_000))
    assert len(text) > MOST_SHOWN + 2 * AROUND
    document = Document("长.txt", "长", text)
    whole = shown(document)
    assert "第0条" in whole and "第11999条" not in whole and f"全文共{len(text)}个字" in whole
    at = text.index("第9000条")
    around = shown(document, Span(at, at + 6))
    assert "<mark>第9000条</mark>" in around and "第8990条" in around and "第0条" not in around
    assert len(around) < 4 * AROUND
