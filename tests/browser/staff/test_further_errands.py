"""Further errands of a clerk: two at once, what was held back, a contact, a new colleague; and axe on every page."""

import pyotp
import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.staff.conftest import NARROW, WIDE, Desk, Errand
from tests.browser.test_accessibility import violations
from tests.support.counts import some
from tests.support.doubles.staff import PASSWORD
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.browsing import scrolls_sideways


def write_answer(errand: Errand, asked: str, text: str) -> None:
    """Mark a sentence of the documents, and write what citizens read."""
    page = errand.page
    errand.go("问题")
    errand.click(page.get_by_role("link", name=asked))
    errand.click(page.locator("[data-preview] label.sentence").filter(has_text="237家"))
    errand.fill(page.get_by_label("给市民的答案"), text)
    expect(page.locator("[data-shown]")).to_contain_text(text)


def test_of_two_who_answer_at_once_the_second_is_told_and_loses_nothing(desk: Desk) -> None:
    asked = "商会的会员单位一共几家？"
    desk.ask(asked, hours=1)
    first, second = desk.member("editor"), desk.member("admin", NARROW)
    for errand, text in ((first, "共237家。"), (second, "会员企业237家。")):
        write_answer(errand, asked, text)
    for errand in (first, second):
        errand.click(errand.page.get_by_role("button", name="提交，请同事审核"))
        expect(errand.page.locator("#told")).not_to_be_empty()
    expect(first.page.locator("#told")).to_contain_text("已提交")
    expect(second.page.locator("#told")).to_contain_text("editor")
    expect(second.page.get_by_label("给市民的答案")).to_have_value("会员企业237家。")


@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_what_was_held_back_is_told_on_the_first_page_and_why_one_click_further(
    desk: Desk, screen: ViewportSize
) -> None:
    count = "240家" if screen is WIDE else "251家"
    desk.office.write("合作.txt", COOPERATION.text.replace("237家", count))
    before = desk.office.store.published()
    desk.refresh()
    assert desk.office.store.published() == before
    errand = desk.member("publisher", screen)
    page = errand.page
    errand.click(page.locator(".todo").get_by_role("link", name="上一次没有发布"))
    told = page.locator("#publishing")
    for words in ("浙江商会有多少家会员企业？", "237家", count):
        expect(told).to_contain_text(words)
    errand.picture("held")
    assert errand.clicks == 1 and not scrolls_sideways(page) and errand.visit.errors == []
    errand.go("发布")
    errand.click(page.locator("#list tbody").get_by_role("link").first)
    expect(page.get_by_role("button", name="仍要发布这一版")).to_be_in_viewport(ratio=1)  # below all that waits
    desk.office.write("合作.txt", COOPERATION.text + f"\n以上数字于{'五' if screen is WIDE else '六'}月核对。\n")
    desk.refresh()
    assert desk.office.store.published() != before


@pytest.mark.parametrize("screen", some([WIDE, NARROW], part=[WIDE]))
def test_the_missing_contact_is_filled_in_from_the_first_page(desk: Desk, screen: ViewportSize) -> None:
    for hours, asked in ((5, "图书馆几点开门？"), (30, "公交卡在哪里办？"), (52, "公交卡在哪里办？")):
        desk.ask(asked, hours=hours)
    waiting = desk.office.folder / "公交卡办理.txt"
    waiting.write_text("公交卡在政务大厅办。", encoding="utf-8")
    errand = desk.member("admin", screen)
    page = errand.page
    page.get_by_role("link", name="看过了").click()
    expect(page.locator("#tour")).to_have_count(0)
    errand.picture("home")
    errand.click(page.get_by_role("link", name="还没有设咨询电话"))
    expect(page.get_by_label("咨询方式", exact=True)).to_be_in_viewport()
    errand.fill(page.get_by_label("咨询方式", exact=True), "区合作办，023-12345678")
    errand.click(page.get_by_role("button", name="保存咨询方式"))
    expect(page.locator("#told")).to_contain_text("已保存")
    assert (errand.clicks, errand.fields) == (2, 1) and errand.visit.errors == []
    page.get_by_label("咨询方式", exact=True).fill("")
    page.get_by_role("button", name="保存咨询方式").click()
    expect(page.get_by_label("咨询方式", exact=True)).to_have_value("")
    waiting.unlink()


@pytest.mark.parametrize(("screen", "name"), some([(WIDE, "zhaoyi"), (NARROW, "qianer")], part=[(NARROW, "qianer")]))
def test_a_new_colleague_gets_an_account_another_password_and_a_phone(
    desk: Desk, screen: ViewportSize, name: str
) -> None:
    errand, other = desk.member("admin", screen), "山路 弯弯 九月 铜钥匙"
    page = errand.page
    errand.go("设置")
    errand.click(page.get_by_role("link", name="账号", exact=True))
    errand.click(page.get_by_role("link", name="新建账号"))
    errand.fill(page.get_by_label("用户名"), name)
    assert len(page.get_by_label("密码").input_value()) > 15, "one is suggested, and stands there to be read"
    errand.fill(page.get_by_label("密码"), other)
    errand.click(page.get_by_role("button", name="新建", exact=True))
    expect(page.locator("#told")).to_contain_text("已新建账号")
    assert (errand.clicks, errand.fields) == (4, 2)
    errand.picture("accounts")
    expect(page.get_by_label("新密码")).to_be_hidden()  # another than the one that is handed over now
    errand.click(page.get_by_text("忘了密码：重设"))
    errand.fill(page.get_by_label("新密码"), "第一次 用的 四十 灯笼")
    errand.click(page.get_by_role("button", name="重设密码"))
    expect(page.locator("#told")).to_contain_text("密码已重设")
    desk.choose_password(name, "第一次 用的 四十 灯笼", screen)
    colleague = desk.member(name, screen)
    page = colleague.page
    colleague.click(page.locator(".who"))
    colleague.click(page.get_by_role("link", name="两步登录"))
    colleague.fill(page.get_by_label("现在的密码"), PASSWORD)
    colleague.click(page.get_by_role("button", name="开通"))
    secret = page.locator("code.text").inner_text()
    colleague.fill(page.get_by_label("验证码"), pyotp.TOTP(secret).now())
    colleague.click(page.get_by_role("button", name="开通"))
    expect(page.locator("#panel")).to_contain_text("请保存这些恢复码")
    assert (colleague.clicks, colleague.fields) == (4, 2)
    assert not scrolls_sideways(page) and errand.visit.errors == colleague.visit.errors == []


def test_a_passage_is_marked_in_its_document(desk: Desk) -> None:
    errand = desk.member("editor")
    page = errand.page
    errand.go("文件")
    page.locator("#list").get_by_role("link", name="合作").first.click()
    page.get_by_role("link", name="看分成哪些段落").click()
    page.locator("#panel .passages a").first.click()
    expect(page.locator("#panel mark").first).to_be_in_viewport()
    errand.picture("document")


def test_what_was_asked_is_looked_up_and_asked_again_and_what_was_done_is_looked_up_on_a_phone(desk: Desk) -> None:
    for hours, asked in ((3, "浙江商会有多少家会员企业？"), (5, "图书馆几点开门？"), (8, "公交卡在哪里办？")):
        desk.ask(asked, hours=hours)
    errand = desk.member("editor")
    page = errand.page
    errand.go("更多")
    errand.click(page.locator(".ways b").get_by_text("问答记录", exact=True))
    errand.click(page.locator("#list").get_by_role("link", name="浙江商会有多少家会员企业？").first)
    expect(page.locator("#panel")).to_contain_text("未回答")
    errand.picture("log")
    errand.click(page.get_by_role("link", name="现在再问一遍试试"))
    expect(page.locator(".tried .exchange")).to_be_visible()
    expect(page.locator("#list")).to_contain_text("达到门槛")
    errand.picture("trial")
    assert (errand.clicks, errand.fields) == (4, 0) and errand.visit.errors == []
    phone = desk.member("admin", NARROW)
    phone.go("更多")
    phone.click(phone.page.locator(".ways b").get_by_text("审计", exact=True))
    expect(phone.page.locator("#whole")).to_contain_text("完整无改动")
    expect(phone.page.locator("#list")).to_contain_text("登录")
    phone.picture("audit")
    assert phone.clicks == 2 and not scrolls_sideways(phone.page) and phone.visit.errors == []


def test_the_addresses_of_former_tabs_lead_to_their_pages(desk: Desk) -> None:
    page = desk.member("editor").page
    for name, path in (("文档", "files"), ("审计", "audit"), ("人工答案", "answers")):
        page.goto("about:blank")
        page.goto(f"{desk.address}/staff/#{name}")
        page.wait_for_url(f"**/staff/{path}")
    page.goto("about:blank")
    page.goto(f"{desk.address}/staff/#list")
    expect(page.get_by_role("heading", level=1)).to_have_text("首页")


@pytest.mark.parametrize("width", some(["wide", "narrow"], part=["wide"]))
def test_axe_finds_nothing_on_the_pages_of_staff(desk: Desk, width: str, axe: str) -> None:
    screen = {"wide": WIDE, "narrow": NARROW}[width]
    desk.ask("戊楼有几层？", hours=1)
    page = desk.member("publisher", screen).page
    found = {"home": violations(page, axe)}
    for name, row in (("questions", "戊楼有几层？"), ("files", "合作")):
        page.goto(f"{desk.address}/staff/{name}")
        found[name] = violations(page, axe)
        page.locator("#list").get_by_role("link", name=row).first.click()
        expect(page.locator("#panel .head h2")).to_be_visible()
        found[f"{name} opened"] = violations(page, axe)
        assert not scrolls_sideways(page), name
    tried = "question=商会有多少家会员企业？"
    further = (("more", ""), ("log", ""), ("answers", "new=1"), ("trial", tried), ("audit", ""), ("backups", ""))
    for name, opened in (
        *(("publish", "name=snapshot-000001"), ("golden", "new=1"), ("settings", ""), ("two-step", "")),
        *further,
    ):
        page.goto(f"{desk.address}/staff/{name}?{opened}")
        found[name] = violations(page, axe)
        assert not scrolls_sideways(page), name
    admin = desk.member("admin", screen).page
    beginner = page if screen is WIDE else admin  # who has begun is not asked for the password again
    beginner.goto(f"{desk.address}/staff/two-step")
    beginner.fill("input[name=password]", PASSWORD)
    beginner.get_by_role("button", name="开通").click()
    expect(beginner.locator("svg.qr")).to_be_visible()
    found["two-step begun"] = violations(beginner, axe)
    admin.goto(f"{desk.address}/staff/backups")
    admin.get_by_role("button", name="现在备份").click()
    expect(admin.locator("#told")).to_contain_text("已备份到")
    found["backups kept"] = violations(admin, axe)
    admin.goto(f"{desk.address}/staff/log")
    admin.locator("#list .main a").first.click()
    expect(admin.locator("#panel .head h2")).to_be_visible()
    found["log opened"] = violations(admin, axe)
    for query in ("shelf=accounts&account=editor", "shelf=accounts&new=1"):
        admin.goto(f"{desk.address}/staff/settings?{query}")
        found[query] = violations(admin, axe)
        assert not scrolls_sideways(admin), query
    assert found == {name: [] for name in found}


def test_a_button_that_leads_to_another_place_marks_it_above(desk: Desk) -> None:
    page = desk.member("publisher").page
    page.goto(f"{desk.address}/staff/files")
    expect(page.locator("#places [aria-current]")).to_have_text("文件")
    # 看过了，发布 leads there as well, after a refresh that was held back.
    page.evaluate("() => { document.querySelector('.filters').action = '/staff/publish'; }")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("发布")
    expect(page.locator("#places [aria-current]")).to_have_text("发布")


def test_who_changes_the_own_account_is_told_that_it_is_done(desk: Desk) -> None:
    """The page after it asks to sign in, and was taken for an expired session in which nothing had been done."""
    page = desk.member("admin").page
    page.goto(f"{desk.address}/staff/settings?shelf=accounts&account=admin")
    page.get_by_role("button", name="在所有设备上退出").click()
    expect(page.locator("#trouble")).to_have_text("已办好。您自己的登录随之失效，请重新登录。")
    page.goto(f"{desk.address}/staff/home")
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()
