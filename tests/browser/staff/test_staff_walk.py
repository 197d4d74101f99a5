"""A member of staff walks through the area in Chromium: real files, the program as it is served.

The embedder is the real one; the reader, which takes longest to open, is so in `make test-all`.

Each test is a step and needs those before it. With PICTURES set to a folder, pictures of the pages are left there.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from qa.runtime.settings import ROOT
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE
from qa.web.staff.pages.frame import PLACES
from qa.web.staff.pages.more.routes import PLACES as FURTHER
from tests.support.counts import FULL
from tests.support.doubles.staff import PASSWORD
from tests.support.files import office_files
from tests.support.programs.browsing import (
    DESKTOP,
    PATIENCE,
    PHONE,
    TABLET,
    Visit,
    ask_and_wait,
    scrolls_sideways,
    settle,
)
from tests.support.programs.serving import Served, serving

READER = "trained" if FULL else "similarity"
# On a busy machine a refresh reads, embeds and asks for minutes.
REFRESH = 600_000
DOCUMENTS = ("business-services.md", "exchange-visits.md")
GOLDEN = '{"id": "w1", "question": "涪陵浙江商会是什么时候成立的？", "must": [["2020"]], "answerable": true}\n'
NEW = "截至2021年底，浙江到位资金是多少？"
UNKNOWN = "涪陵区图书馆几点开门？"
SCAN, WORD, BROKEN = "扫描件-合作情况.pdf", "《合作情况》.docx", "损坏的表格.xlsx"

# What the program says of itself, asked from a page of it.
IS_REVIEWED = """async question => {
  const headers = {"Content-Type": "application/json"};
  const asked = await fetch("/api/ask", {method: "POST", headers, body: JSON.stringify({question})});
  return (await asked.json()).made_by === "reviewed";
}"""
IS_SERVED = """async name => (await (await fetch("/readyz")).json()).snapshot === name"""


@dataclass
class Walk:
    """The member's browser, the program, and the steps done so far."""

    page: Page
    visit: Visit
    served: Served
    home: Path
    done: list[str] = field(default_factory=list)

    def after(self, step: str) -> Page:
        if step and step not in self.done:
            pytest.skip(f"The step “{step}” did not come to its end")
        return self.page

    def open(self, name: str) -> None:
        """Click one of the places above, or of those that 更多 leads to."""
        if not self.page.locator("#places").count():
            self.page.goto(f"{self.served.address}/staff/home")
        panel = self.page.locator("#panel .close")
        narrow = (self.page.viewport_size or DESKTOP)["width"] <= TABLET["width"]
        if narrow and panel.count() and panel.is_visible():  # it lies over the places
            panel.click()
            expect(panel).to_be_hidden()
        further = name in [one for one, _, _ in FURTHER]
        self.page.locator("#places").get_by_role("link", name="更多" if further else name, exact=True).click()
        if further:
            self.page.locator(".ways b").get_by_text(name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def picture(self, name: str) -> None:
        if folder := os.environ.get("PICTURES"):
            settle(self.page)
            self.page.screenshot(path=Path(folder) / f"staff-{name}.png", full_page=True)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, served: Served, browser: Browser) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("walk")
    documents, home = folder / "corpus" / "documents", folder / "home"
    documents.mkdir(parents=True)
    home.mkdir()
    served.lend_models(home)
    for name in DOCUMENTS:
        shutil.copy(ROOT / "corpus" / "documents" / name, documents / name)
    (documents.parent / "golden.jsonl").write_text(GOLDEN, encoding="utf-8")
    Accounts(home / DATABASE).add("王芳", Role.ADMIN, PASSWORD)
    Accounts(home / DATABASE).add("李明", Role.EDITOR, PASSWORD)
    with (
        serving(
            folder, QA_DOCUMENTS=str(documents), QA_MAX_FILE_MB="5", QA_FOUR_EYES="no", QA_READER=READER
        ) as program,
        browser.new_context(viewport=DESKTOP, locale="zh-CN", accept_downloads=True) as context,
    ):
        page = context.new_page()
        visit = Visit(page, program.address)
        visit.watch()
        yield Walk(page, visit, program, home)


@pytest.fixture
def colleague(walk: Walk, browser: Browser) -> Iterator[Page]:
    """An editor elsewhere, with the page of refreshes open."""
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{walk.served.address}/staff")
        page.fill("input[name=name]", "李明")
        page.fill("input[name=password]", PASSWORD)
        page.click("button")
        expect(page.locator(".who")).to_contain_text("李明")
        page.goto(f"{walk.served.address}/staff/publish")
        expect(page.locator("#publishing")).to_contain_text("请有“发布”角色的同事发布")
        yield page


def row(page: Page, text: str) -> Locator:
    return page.locator("#list tbody tr").filter(has_text=text).first


def test_1_sign_in(walk: Walk) -> None:
    page = walk.page
    page.goto(f"{walk.served.address}/staff")
    page.fill("input[name=name]", "王芳")
    page.fill("input[name=password]", "不是这个密码")
    page.click("button")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    walk.picture("sign-in")
    page.fill("input[name=password]", PASSWORD)
    page.click("button")
    expect(page.locator(".who")).to_contain_text("王芳（管理）")
    expect(page.locator(".cards").first).to_contain_text("正常")
    walk.done.append("sign in")


def test_2_upload_three_files(walk: Walk) -> None:
    page = walk.after("sign in")
    walk.open("文件")
    expect(row(page, "exchange-visits.md")).to_be_visible()
    contents = {
        WORD: office_files.docx_file(),
        SCAN: office_files.scanned_pdf(),
        BROKEN: b"PK\x03\x04" + b"\x00" * 2000,
        "程序.exe": b"MZ",
    }
    kind = "application/octet-stream"
    box = page.locator("#upload input[type=file]").first
    box.set_input_files([FilePayload(name="很大.pdf", mimeType=kind, buffer=bytes(6 * 1024 * 1024))])
    expect(page.locator("#trouble")).to_have_text("没有上传：很大.pdf超过5 MB。")
    box.set_input_files(
        [FilePayload(name=name, mimeType=kind, buffer=content) for name, content in contents.items()],
    )
    expect(page.locator("#uploaded .said")).to_have_count(4)
    expect(page.locator("#uploaded .refused")).to_have_count(1)
    expect(page.locator("#uploaded .refused")).to_contain_text("程序.exe：不支持.exe")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(row(page, WORD)).to_contain_text("等发布（新增）")
    walk.picture("documents")
    walk.done.append("upload")


def test_3_publish_with_progress_and_see_what_was_left_out(walk: Walk, colleague: Page) -> None:
    page = walk.after("upload")
    page.goto(f"{walk.served.address}/staff/publish")
    expect(page.locator("#publishing")).to_contain_text(WORD)
    expect(colleague.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.locator("#publishing progress")).to_be_visible(timeout=REFRESH)
    # A page that was open before follows by itself.
    expect(colleague.locator("#publishing progress")).to_be_visible()
    expect(colleague.locator("#publishing")).to_contain_text("王芳")
    walk.picture("refresh-under-way")
    # It goes on without the page, and whoever comes sees how far it is.
    page.reload()
    expect(page.locator("#publishing")).to_contain_text("已发布：市民现在看到的就是", timeout=REFRESH)
    expect(colleague.locator("#publishing")).to_contain_text("已发布：市民现在看到的就是")
    page.reload()
    page.get_by_text("没有收录的文件").click()
    expect(page.locator("#main")).to_contain_text(BROKEN)
    walk.done.append("refresh")


def test_4_the_documents_show_what_became_of_them(walk: Walk) -> None:
    page = walk.after("refresh")
    walk.open("文件")
    row(page, WORD).get_by_role("link").first.click()
    expect(page.locator("#panel .document")).to_contain_text("30.964亿元")
    page.get_by_role("link", name="看分成哪些段落").click()
    page.locator("#panel .passages a").nth(1).click()
    expect(page.locator("#panel mark").first).to_be_in_viewport()
    walk.picture("document")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载原件").click()
    assert download.value.path().read_bytes().startswith(b"PK")
    assert download.value.suggested_filename == WORD
    walk.done.append("documents")


def test_5_a_citizen_gets_the_new_answer_and_finds_it_unhelpful(walk: Walk, browser: Browser) -> None:
    walk.after("refresh")
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        citizen = Visit(context.new_page(), walk.served.address).open()
        ask_and_wait(citizen, NEW)
        expect(citizen.locator("#latest")).to_contain_text("30.964亿元")
        citizen.locator("#after").get_by_role("button", name="没帮助").click()
        citizen.get_by_role("button", name="提交").click()
        expect(citizen.locator("#after")).to_contain_text("谢谢您的反馈")
        ask_and_wait(citizen, UNKNOWN, ".abstained")
    walk.done.append("citizen")


def test_6_the_log_explains_both(walk: Walk) -> None:
    page = walk.after("citizen")
    walk.open("问答记录")
    page.locator("#list").get_by_role("link", name=UNKNOWN).click()
    expect(page.locator("#panel")).to_contain_text("未回答")
    page.locator("#list").get_by_role("link", name=NEW).click()
    expect(page.locator("#panel")).to_contain_text("没帮助")
    walk.picture("questions")
    page.goto(f"{walk.served.address}/staff/home")
    expect(page.locator(".plot .abstained").first).to_be_visible()
    walk.picture("overview")
    walk.done.append("log")


def test_7_a_reviewed_answer_is_written_approved_and_seen(walk: Walk, browser: Browser) -> None:
    page = walk.after("citizen")
    page.goto(f"{walk.served.address}/staff/questions")
    expect(page.get_by_role("link", name=UNKNOWN)).to_be_visible()
    page.get_by_role("link", name=NEW).click()
    page.locator("[data-preview] label.sentence").filter(has_text="30.964").first.click()
    page.get_by_label("给市民的答案").fill("到2021年底，浙江到位资金30.964亿元。")
    expect(page.locator("[data-shown]")).to_contain_text("市民会看到")
    page.get_by_role("button", name="提交，请同事审核").click()
    expect(page.locator("#told")).to_contain_text("已提交")
    page.get_by_role("button", name="审核通过，给市民看").click()
    expect(page.locator("#told")).to_contain_text("已启用")
    expect(page.get_by_role("button", name="审核通过，给市民看")).to_have_count(0)
    walk.open("人工答案")
    expect(row(page, NEW)).to_contain_text("已启用")
    walk.picture("reviewed")
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        citizen = Visit(context.new_page(), walk.served.address).open()
        # Every server process looks for it within some seconds.
        citizen.wait_for_function(IS_REVIEWED, arg=NEW, polling=1000)
        ask_and_wait(citizen, NEW)
        expect(citizen.locator("#latest")).to_contain_text("人工审核")
    walk.done.append("reviewed")


def test_8_the_to_do_is_closed_with_a_golden_question(walk: Walk) -> None:
    page = walk.after("reviewed")
    page.goto(f"{walk.served.address}/staff/questions")
    page.get_by_role("link", name=NEW).click()
    page.get_by_role("button", name="设为检验题并办结").click()
    expect(page.locator("#told")).to_contain_text("已设为检验题并办结")
    page.goto(f"{walk.served.address}/staff/golden?shelf=waiting")
    page.locator("#list").get_by_role("link", name=NEW).click()
    expect(page.locator("#panel")).to_contain_text("30.964")
    page.get_by_role("button", name="同意，立即生效").click()
    expect(page.locator("#told")).to_contain_text("已生效")
    walk.picture("golden-agreed")
    walk.done.append("golden")


def test_9_rolling_back_brings_the_old_answer(walk: Walk, browser: Browser) -> None:
    page = walk.after("refresh")
    page.goto(f"{walk.served.address}/staff/publish")
    page.locator("#list").get_by_role("link", name="第1版").click()
    expect(page.locator("#panel")).to_contain_text(WORD)
    walk.picture("versions")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退回第1版").click()
    expect(page.locator("#told")).to_contain_text("已换成这一版")
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:
        citizen = Visit(context.new_page(), walk.served.address).open()
        citizen.wait_for_function(IS_SERVED, arg="snapshot-000001", polling=1000)
        ask_and_wait(citizen, NEW, ".abstained")
    walk.done.append("roll back")


def test_10_the_audit_chain_is_whole_and_tells_of_all_this(walk: Walk) -> None:
    page = walk.after("roll back")
    walk.open("审计")
    expect(page.locator("#whole")).to_contain_text("完整无改动")
    walk.picture("audit")
    rows = Audit(walk.home).rows()
    done = {(row.who, row.action) for row in rows}
    assert {("王芳", "upload"), ("王芳", "refresh"), ("王芳", "publish"), ("王芳", "review")} <= done
    with page.expect_download() as download:
        page.get_by_role("link", name="导出全部记录").click()
    assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
    log = walk.home / "audit.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace("snapshot-000002", "snapshot-000003"), encoding="utf-8")
    page.reload()
    expect(page.locator("#whole")).to_contain_text("核对发现问题")
    walk.done.append("audit")


def test_11_what_was_being_written_outlasts_the_session(walk: Walk) -> None:
    page = walk.after("sign in")
    page.goto(f"{walk.served.address}/staff/golden?new=1")
    page.get_by_label("问题", exact=True).fill("写到一半的问题？")
    page.context.clear_cookies(name="staff_session")
    page.get_by_role("button", name="提交，请同事同意").click()
    expect(page.locator("#trouble")).to_contain_text("登录已经过期")
    with page.context.expect_page() as opened:
        page.locator("#trouble a").click()
    door = opened.value
    door.fill("input[name=name]", "王芳")
    door.fill("input[name=password]", PASSWORD)
    door.click("button")
    expect(door.locator(".who")).to_contain_text("王芳")
    door.close()
    page.get_by_role("button", name="提交，请同事同意").click()
    expect(page.locator("#told")).to_contain_text("请填写")
    expect(page.get_by_label("问题", exact=True)).to_have_value("写到一半的问题？")


def test_12_back_opens_what_was_open_before(walk: Walk) -> None:
    page = walk.after("log")
    walk.open("问答记录")
    heading = page.locator("#panel .head h2")
    for question in (UNKNOWN, NEW):
        page.locator("#list").get_by_role("link", name=question).first.click()
        expect(heading).to_have_text(question)
    page.go_back()
    expect(heading).to_have_text(UNKNOWN)
    page.go_forward()
    expect(heading).to_have_text(NEW)


def test_13_every_page_fits_the_screen_and_nothing_left_the_site(walk: Walk) -> None:
    page = walk.after("sign in")
    for screen in (TABLET, PHONE):
        page.set_viewport_size(screen)
        for name in (*(name for name, _ in PLACES), *(name for name, _, _ in FURTHER)):
            walk.open(name)
            settle(page)
            assert not scrolls_sideways(page), (name, screen)
    assert walk.visit.strangers == []
    # One form was refused on purpose: the question without its evidence, after the session had ended.
    errors = [error for error in walk.visit.errors if "401" not in error and "403" not in error]
    assert ["400 (Bad Request)" in error for error in errors] == [True], errors
