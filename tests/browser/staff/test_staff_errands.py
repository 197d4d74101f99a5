"""Errands of a clerk on the pages 首页, 文件, 问题, 检验题, 发布 and 设置, with their clicks counted."""

import threading

import pytest
from playwright.sync_api import FilePayload, ViewportSize, expect

from tests.browser.staff.conftest import NARROW, WIDE, Desk
from tests.support.counts import some
from tests.support.doubles.staff import PASSWORD
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.browsing import scrolls_sideways

DROPPED = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["村里\\n\\n村里有3口井。"], "村里.txt"));
  return data;
}"""
ASKED, AGAIN = "商会有多少家会员企业？", "商会的会员企业有多少家？"


def text_file(name: str, text: str) -> FilePayload:
    return FilePayload(name=name, mimeType="text/plain", buffer=text.encode())


@pytest.mark.parametrize(
    ("screen", "name"), some([(WIDE, "新区.txt"), (NARROW, "新街.txt")], part=[(WIDE, "新区.txt")])
)
def test_a_file_goes_to_citizens_in_three_clicks_on_one_page(desk: Desk, screen: ViewportSize, name: str) -> None:
    errand = desk.member("publisher", screen)
    page = errand.page
    errand.go("文件")
    with page.expect_file_chooser() as chooser:
        errand.click(page.locator(".upload .primary.large"))
    chooser.value.set_files([text_file(name, f"{name}\n\n这里有12个社区。\n" * 9), text_file("程序.exe", "MZ")])
    expect(page.locator("#uploaded")).to_contain_text(f"已上传：{name}")
    expect(page.locator("#uploaded")).to_contain_text("程序.exe：不支持.exe")
    expect(page.locator("#publishing")).to_contain_text(f"新增：{name}")
    errand.picture("files")
    button = page.get_by_role("button", name="发布", exact=True)
    expect(button).to_be_in_viewport(ratio=1)  # below a preview, without scrolling
    assert page.evaluate("scrollY") == 0
    errand.click(button)
    expect(page.locator("#publishing")).to_contain_text("已发布：市民现在看到的就是")
    assert errand.clicks == 3 and page.url.partition("?")[0].endswith("/staff/files")
    assert not scrolls_sideways(page) and errand.visit.errors == [] and errand.visit.strangers == []


def test_a_file_is_dropped_anywhere_and_previewed_before_it_is_published(desk: Desk) -> None:
    errand = desk.member("editor")
    page = errand.page
    page.goto(f"{desk.address}/staff/files")
    dropped = page.evaluate_handle(DROPPED)
    page.dispatch_event("#list", "drop", {"dataTransfer": dropped})
    expect(page.locator("#uploaded")).to_contain_text("已上传：村里.txt")
    expect(page.locator("#publishing")).to_contain_text("请有“发布”角色的同事发布")
    errand.click(page.locator("#list").get_by_role("link", name="村里.txt"))
    expect(page.locator("#panel")).to_contain_text("村里有3口井。")
    errand.picture("file")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


@pytest.mark.parametrize(
    ("screen", "asked", "words"),
    some([(WIDE, ASKED, "237家"), (NARROW, "卫生院有几所？", "29个")], part=[(NARROW, "卫生院有几所？", "29个")]),
)
def test_a_question_becomes_an_approved_answer_in_three_clicks_and_one_field_each(
    desk: Desk, screen: ViewportSize, asked: str, words: str
) -> None:
    desk.ask(asked, hours=3)
    if asked == ASKED:
        desk.ask(AGAIN, hours=2)
    writer = desk.member("editor", screen)
    page = writer.page
    page.goto(f"{desk.address}/staff/questions")
    writer.click(page.get_by_role("link", name=asked, exact=True))
    writer.click(page.locator("[data-preview] label.sentence").filter(has_text=words))
    expect(page.locator("[data-shown]")).to_contain_text("市民会看到")
    writer.fill(page.get_by_label("给市民的答案"), f"一共{words}。")
    expect(page.locator("[data-shown]")).to_contain_text(f"一共{words}。")
    page.locator("#split").evaluate("one => one.scrollIntoView()")
    writer.picture("answer")
    writer.click(page.get_by_role("button", name="提交，请同事审核"))
    expect(page.locator("#panel #told")).to_contain_text("已提交")  # on phones the panel lies over the page
    assert (writer.clicks, writer.fields) == (3, 1)

    approver = desk.member("publisher", screen)
    page = approver.page
    approver.click(page.get_by_role("link", name="条人工答案等审核"))
    approver.click(page.get_by_role("link", name=asked, exact=True))
    approver.picture("approve")
    expect(page.get_by_role("button", name="审核通过，给市民看")).to_be_in_viewport(ratio=1)
    approver.click(page.get_by_role("button", name="审核通过，给市民看"))
    expect(page.locator("#told")).to_contain_text("已启用")
    assert (approver.clicks, approver.fields) == (3, 0)
    approver.click(page.get_by_role("button", name="设为检验题并办结"))
    expect(page.locator("#told")).to_contain_text("已设为检验题并办结")
    assert not scrolls_sideways(page) and writer.visit.errors == approver.visit.errors == []


def test_what_was_written_outlasts_the_session(desk: Desk) -> None:
    desk.ask("教师多久来一次？", hours=1)
    errand = desk.member("editor")
    page = errand.page
    page.goto(f"{desk.address}/staff/questions")
    page.get_by_role("link", name="教师多久来一次？").click()
    page.get_by_label("给市民的答案").fill("写到一半")
    page.context.clear_cookies(name="staff_session")
    page.get_by_role("button", name="提交，请同事审核").click()
    expect(page.locator("#trouble")).to_contain_text("登录已经过期")
    with page.context.expect_page() as opened:
        page.locator("#trouble a").click()
    opened.value.fill("input[name=name]", "editor")
    opened.value.fill("input[name=password]", PASSWORD)
    opened.value.click("button")
    expect(opened.value.get_by_role("heading", name="今天要办的")).to_be_visible()
    page.get_by_role("button", name="提交，请同事审核").click()
    expect(page.locator("#told")).to_contain_text("请先在下面的原文里点选")
    expect(page.get_by_label("给市民的答案")).to_have_value("写到一半")


PASTED = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["渡口\\n\\n渡口早上6时开船。"], "渡口.txt"));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


def test_a_file_is_pasted_and_several_are_withdrawn_at_once(desk: Desk) -> None:
    errand = desk.member("publisher")
    page = errand.page
    page.goto(f"{desk.address}/staff/files")
    page.evaluate(PASTED)
    expect(page.locator("#uploaded")).to_contain_text("已上传：渡口.txt")
    expect(page.locator("#selected")).to_be_hidden()
    errand.click(page.get_by_label("全选这一页"))
    count = page.locator("#list input[name=chosen]").count()
    expect(page.locator("#selected")).to_contain_text(f"选中{count}个文件")
    errand.fill(page.locator("#selected").get_by_label("原因（记入审计）"), "核对数字")
    errand.picture("selected")
    errand.click(page.locator("#selected").get_by_role("button", name="停止引用"))
    expect(page.locator("#uploaded li").filter(has_text="已停止引用：")).to_have_count(count)
    errand.click(page.get_by_label("全选这一页"))
    errand.click(page.locator("#selected").get_by_role("button", name="恢复引用"))
    expect(page.locator("#uploaded li").filter(has_text="已恢复引用：")).to_have_count(count)
    assert (errand.clicks, errand.fields) == (4, 1) and errand.visit.errors == []


def test_what_is_selected_and_written_outlasts_a_colleagues_refresh_and_what_was_said_of_it_ends_with_it(
    desk: Desk,
) -> None:
    page, goes_on = desk.member("publisher").page, threading.Event()
    desk.office.write("渡船.txt", "渡船\n\n渡船有3条。\n")
    refresh = threading.Thread(target=desk.refresh)

    def hold(state: object) -> None:
        goes_on.wait(60)

    desk.office.each = hold
    try:
        page.goto(f"{desk.address}/staff/files")
        box = page.locator("#list input[name=chosen][value$=':合作.txt']")
        box.check()
        reason = page.locator("#selected").get_by_label("原因（记入审计）")
        reason.fill("核对")
        refresh.start()
        expect(page.locator("#publishing progress")).to_be_visible()
        expect(box).to_be_checked()
        begun = desk.member("editor").page
        begun.goto(f"{desk.address}/staff/files?done=publish")
        expect(begun.locator("#told")).to_contain_text("发布已开始")
    finally:
        desk.office.each = lambda state: None
        goes_on.set()
    for one in (page, begun):
        expect(one.locator("#publishing")).to_contain_text("已发布：市民现在看到的就是")
    expect(begun.locator("#told")).to_have_text("")
    expect(box).to_be_checked()
    expect(page.locator("#selected")).to_contain_text("选中1个文件")
    expect(reason).to_have_value("核对")
    refresh.join()


@pytest.mark.parametrize("screen", some([WIDE, NARROW], part=[WIDE]))
def test_a_golden_question_is_made_of_what_citizens_asked(desk: Desk, screen: ViewportSize) -> None:
    errand, asked = desk.member("editor", screen), "浙江商会有几家？" if screen is WIDE else "会员企业有几家？"
    page = errand.page
    errand.go("检验题")
    errand.click(page.get_by_role("link", name="新的检验题"))
    errand.fill(page.get_by_label("问题", exact=True), asked)
    page.get_by_label("没有合适的？换几个字再找").fill("会员企业")
    errand.click(page.get_by_role("button", name="再找"))
    errand.click(page.locator("label.sentence").filter(has_text="237家"))
    errand.fill(page.get_by_label("答案里必须出现"), "237")
    errand.picture("golden")
    errand.click(page.get_by_role("button", name="提交，请同事同意"))
    expect(page.locator("#told")).to_contain_text("已提交")
    publisher = desk.member("publisher", screen)
    page = publisher.page
    publisher.click(page.get_by_role("link", name="道检验题的改动等同意"))
    publisher.click(page.locator("#list").get_by_role("link", name=asked))
    publisher.click(page.get_by_role("button", name="同意，立即生效"))
    expect(page.locator("#told")).to_contain_text("已生效")
    assert (errand.clicks, publisher.clicks) == (5, 3)
    assert not scrolls_sideways(page) and errand.visit.errors == publisher.visit.errors == []


@pytest.mark.parametrize("screen", some([WIDE, NARROW], part=[NARROW]))
def test_going_back_takes_three_clicks(desk: Desk, screen: ViewportSize) -> None:
    desk.office.write("合作.txt", COOPERATION.text + f"\n以上数字于{'三' if screen is WIDE else '四'}月核对。\n")
    desk.refresh()
    before = sorted(desk.office.store.names())[-2]
    errand = desk.member("publisher", screen)
    page = errand.page
    errand.go("发布")
    title = f"第{int(before.removeprefix('snapshot-'))}版"
    errand.click(page.locator("#list").get_by_role("link", name=title, exact=True))
    expect(page.locator("#panel")).to_contain_text("合作.txt")
    errand.picture("publish")
    page.once("dialog", lambda dialog: dialog.accept())
    errand.click(page.get_by_role("button", name=f"退回{title}"))
    expect(page.locator("#told")).to_contain_text("已换成这一版")
    assert errand.clicks == 3 and desk.office.store.published() == before
    assert not scrolls_sideways(page) and errand.visit.errors == []


@pytest.mark.parametrize("screen", some([WIDE, NARROW], part=[WIDE]))
def test_a_pause_is_asked_about_and_an_account_has_its_own_buttons(desk: Desk, screen: ViewportSize) -> None:
    errand = desk.member("admin", screen)
    page = errand.page
    errand.go("设置")
    errand.picture("settings")
    errand.fill(page.get_by_label("暂停服务的原因", exact=True), "系统升级")
    errand.click(page.get_by_role("button", name="保存暂停服务的原因"))
    expect(page.locator("#asking")).to_contain_text("市民打开页面只看到“系统升级”")
    errand.click(page.locator("#asking").get_by_role("button", name="不改"))
    expect(page.locator("#asking")).to_have_count(0)
    expect(page.get_by_label("暂停服务的原因", exact=True)).to_have_value("系统升级")
    page.get_by_label("暂停服务的原因", exact=True).fill("")
    page.get_by_role("button", name="全部保存").click()
    expect(page.locator("#told")).to_contain_text("没有改动")
    errand.click(page.get_by_role("link", name="账号", exact=True))
    errand.click(page.locator("#list").get_by_role("link", name="editor", exact=True))
    errand.click(page.get_by_role("button", name="在所有设备上退出"))
    expect(page.locator("#told")).to_contain_text("已在所有设备上退出")
    assert not scrolls_sideways(page) and errand.visit.errors == []
