"""Whoever presses a button sees at once that it works, and sends nothing twice."""

import time

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.staff.conftest import Desk
from tests.support.programs.browsing import PATIENCE

NAMES = ("船费.txt", "船票.txt")


@pytest.fixture
def held(desk: Desk) -> tuple[Page, list[Route]]:
    """The page 文件 with something to publish; what its forms send waits in the list."""
    desk.office.write(NAMES[0], "船费\n\n船费2元。\n")
    page, sent = desk.member("publisher").page, list[Route]()
    page.goto(f"{desk.address}/staff/files")

    def hold(route: Route) -> None:
        sent.append(route) if route.request.method == "POST" else route.continue_()

    for address in ("**/staff/files?*", "**/staff/files/upload"):
        page.route(address, hold)
    return page, sent


def arrived(page: Page, sent: list[Route], number: int) -> Route:
    """The request of a number, from 0, once the browser has sent it: what a click does is seen before."""
    deadline = time.monotonic() + PATIENCE / 1000
    while len(sent) <= number:
        assert time.monotonic() < deadline, "Nothing was sent"
        page.wait_for_timeout(20)  # lets the browser's messages in
    return sent[number]


def test_a_pressed_button_says_that_it_works_and_is_not_pressed_twice(held: tuple[Page, list[Route]]) -> None:
    page, sent = held
    page.get_by_role("button", name="发布", exact=True).click()
    busy = page.get_by_role("button", name="正在发布……")
    expect(busy).to_be_disabled()
    expect(page.locator("body.waiting")).to_be_attached()
    busy.click(force=True)
    page.locator("#publishing form").evaluate("form => form.requestSubmit()")
    arrived(page, sent, 0).abort()
    expect(page.locator("#trouble")).to_contain_text("服务没有响应")
    expect(page.get_by_role("button", name="发布", exact=True)).to_be_enabled()
    assert len(sent) == 1 and sent[0].request.post_data and "do=publish" in sent[0].request.post_data
    page.get_by_role("button", name="发布", exact=True).click()
    arrived(page, sent, 1).continue_()
    expect(page.locator("#publishing")).to_contain_text("已发布：市民现在看到的就是")
    expect(page.locator("body:not(.waiting)")).to_be_attached()


def test_an_upload_says_that_it_is_under_way_and_a_second_one_waits(held: tuple[Page, list[Route]]) -> None:
    page, sent = held
    box = page.locator("#upload input[type=file]").first
    for name in NAMES:
        box.set_input_files([FilePayload(name=name, mimeType="text/plain", buffer="船票\n\n船票1元。\n".encode())])
    expect(page.locator("#upload .primary.large")).to_contain_text("正在上传1个文件……")
    arrived(page, sent, 0).abort()
    assert len(sent) == 1
    expect(page.locator("#upload .primary.large")).to_contain_text("上传文件")
