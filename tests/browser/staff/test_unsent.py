"""What a clerk has begun to write is not thrown away by a click elsewhere, a key, or the way back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.staff.conftest import Desk

COMPOSING = """() => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true }))"""
FIRST, SECOND = "甲塔有几层？", "乙塔有几层？"


@pytest.fixture
def page(desk: Desk) -> Page:
    """An answer half written, and another question below it."""
    for hours, asked in enumerate((FIRST, SECOND), 1):
        desk.ask(asked, hours=hours)
    page = desk.member("editor").page
    page.goto(f"{desk.address}/staff/questions")
    page.get_by_role("link", name=FIRST).click()
    page.get_by_label("给市民的答案").press_sequentially("写到一半")
    return page


def answering(page: Page, *, leave: bool) -> list[str]:
    """Answer every question of the browser; the list tells what was asked."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if leave else dialog.dismiss()

    page.on("dialog", answer)
    return asked


@pytest.mark.parametrize("way", ["another row", "Escape", "a place above", "back", "a search"])
def test_whoever_leaves_a_half_written_answer_is_asked(page: Page, way: str) -> None:
    asked = answering(page, leave=False)
    field = page.get_by_label("给市民的答案")
    ways: dict[str, Callable[[], object]] = {
        "another row": lambda: page.get_by_role("link", name=SECOND).click(),
        "Escape": lambda: page.keyboard.press("Escape"),
        "a place above": lambda: page.locator("#places").get_by_role("link", name="文件").click(no_wait_after=True),
        "back": lambda: page.evaluate("history.back()"),
        "a search": lambda: page.get_by_role("button", name="查找").click(),
    }
    ways[way]()
    expect(field).to_have_value("写到一半")
    page.wait_for_function("() => true")
    assert asked == ["beforeunload" if way == "a place above" else "confirm"]
    expect(page.locator("#panel .head h2")).to_have_text(FIRST)


def test_escape_that_ends_the_choice_of_characters_asks_nothing_and_closes_nothing(page: Page) -> None:
    asked = answering(page, leave=False)
    page.get_by_label("给市民的答案").focus()
    page.evaluate(COMPOSING)
    expect(page.get_by_label("给市民的答案")).to_have_value("写到一半")
    assert asked == []


def test_who_wants_to_leave_leaves_and_who_wrote_nothing_is_not_asked(page: Page) -> None:
    asked = answering(page, leave=True)
    page.get_by_role("link", name=SECOND).click()
    expect(page.locator("#panel .head h2")).to_have_text(SECOND)
    page.get_by_role("link", name=FIRST).click()
    expect(page.locator("#panel .head h2")).to_have_text(FIRST)
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    assert asked == ["confirm"]


def test_what_was_refused_or_only_looked_for_is_not_sent_yet(page: Page) -> None:
    asked = answering(page, leave=False)
    page.get_by_label("没有合适的？换几个字再找").fill("会员企业")
    page.get_by_role("button", name="再找").click()
    expect(page.locator("[data-preview] label.sentence").filter(has_text="237家")).to_be_visible()
    page.get_by_role("link", name=SECOND).click()
    expect(page.get_by_label("给市民的答案")).to_have_value("写到一半")
    assert asked == ["confirm"]


def test_what_waits_for_an_answer_before_a_dangerous_change_is_not_left_unasked(desk: Desk) -> None:
    errand = desk.member("admin")
    page = errand.page
    errand.go("设置")
    page.get_by_label("咨询方式", exact=True).fill("合作办")
    page.get_by_label("暂停服务的原因", exact=True).fill("系统升级")
    page.get_by_role("button", name="保存暂停服务的原因").click()
    expect(page.locator("#asking")).to_be_visible()
    asked = answering(page, leave=False)
    page.get_by_role("link", name="账号", exact=True).click()
    page.evaluate("history.back()")
    page.locator("#places").get_by_role("link", name="文件").click(no_wait_after=True)
    page.wait_for_function("() => true")
    expect(page.locator("#asking")).to_be_visible()
    assert asked == ["confirm", "confirm", "beforeunload"]
    page.locator("#asking").get_by_role("button", name="不改").click()
    expect(page.get_by_label("咨询方式", exact=True)).to_have_value("合作办")
    expect(page.get_by_label("暂停服务的原因", exact=True)).to_have_value("系统升级")
    assert len(asked) == 3, "the answer itself is asked about by nobody"
    for field in ("咨询方式", "暂停服务的原因"):
        page.get_by_label(field, exact=True).fill("")
    page.get_by_role("link", name="账号", exact=True).click()
    expect(page.get_by_role("link", name="新建账号")).to_be_visible()
    assert len(asked) == 3, "all is as it is stored"


def test_what_was_done_is_said_once(desk: Desk) -> None:
    page = desk.member("publisher").page
    page.goto(f"{desk.address}/staff/files")
    page.locator("#list").get_by_role("link", name="教育合作").click()
    page.get_by_text("立即停止引用、删除").click()
    page.locator("#panel").get_by_label("原因（记入审计）").fill("核对数字")
    page.get_by_role("button", name="立即停止引用").click()
    expect(page.locator("#told")).to_contain_text("已停止引用")
    page.reload()
    expect(page.locator("#panel")).to_contain_text("已停止引用")
    expect(page.locator("#told")).to_have_text("")
    page.goto(f"{desk.address}/staff/files?done=reinstate")
    expect(page.locator("#told")).to_contain_text("已恢复引用")
    page.reload()
    expect(page.locator("#told")).to_have_text("")
    # By another person: the file may have changed since, by the hands of other tests.
    page = desk.member("admin").page
    page.goto(f"{desk.address}/staff/files")
    page.locator("#list").get_by_role("link", name="教育合作").click()
    page.get_by_text("恢复引用、删除").click()
    page.get_by_role("button", name="恢复引用").click()
    expect(page.locator("#told")).to_contain_text("已恢复引用")
