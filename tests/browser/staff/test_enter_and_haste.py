"""Keys pressed from habit, and clicks made too early, do nothing that nobody asked for."""

from playwright.sync_api import Route, expect

from qa.runtime.settings import read
from qa.staff.permissions import Role
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_review import GoldenReview
from tests.browser.staff.conftest import Desk
from tests.browser.staff.test_busy_buttons import arrived

ASKED = "公厕几点关门？"


def test_enter_after_a_reason_against_a_change_does_not_agree_to_it(desk: Desk) -> None:
    home = desk.office.home
    places = {"QA_HOME": str(home), "QA_DOCUMENTS": str(desk.office.folder), "QA_GOLDEN": str(home / "golden.jsonl")}
    editor = GoldenReview(read(places), who="editor", role=Role.EDITOR)
    editor.propose(NewGolden(question=ASKED, must=(("9点",),), evidence="公厕晚上9点关门。"))
    page = desk.member("publisher").page
    page.goto(f"{desk.address}/staff/golden?shelf=waiting")
    page.get_by_role("link", name=ASKED).click()
    page.get_by_label("不同意的原因").fill("依据不对")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_have_text("没有同意，检验题不变")


def test_enter_after_a_reason_for_what_is_selected_presses_nothing(desk: Desk) -> None:
    desk.office.write("公厕.txt", "公厕晚上9点关门。")
    page = desk.member("publisher").page
    page.goto(f"{desk.address}/staff/files")
    page.get_by_label("选中公厕.txt").check()
    page.locator("#selected").get_by_label("原因").fill("重复")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="恢复引用").click()
    expect(page.locator("#uploaded")).to_contain_text("没有被撤下")  # it was not withdrawn before
    page.get_by_role("link", name="公厕.txt").click()
    page.get_by_text("立即停止引用、删除").click()
    page.locator("#panel").get_by_label("原因").fill("重复")
    page.keyboard.press("Enter")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除文件").click()
    expect(page.locator("#told")).to_contain_text("已删除")


def test_who_goes_on_too_early_is_told_what_was_refused(desk: Desk) -> None:
    """The page that says so never comes up, and what was refused would be taken for done."""
    for hours, asked in enumerate((ASKED, "公厕收费吗？"), 1):
        desk.ask(asked, hours=hours)
    page, sent = desk.member("editor").page, list[Route]()
    page.goto(f"{desk.address}/staff/questions")
    page.get_by_role("link", name=ASKED).click()
    page.get_by_label("给市民的答案").fill("晚上9点。")

    def hold(one: Route) -> None:
        sent.append(one) if one.request.method == "POST" else one.continue_()

    page.route("**/staff/questions?*", hold)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="提交，请同事审核").click()
    held = arrived(page, sent, 0)
    page.get_by_role("link", name="公厕收费吗？").click()
    expect(page.locator("#panel .head h2")).to_have_text("公厕收费吗？")
    held.continue_()
    expect(page.locator("#trouble")).to_have_text("刚才的操作没有做：请先在下面的原文里点选作为依据的句子")
