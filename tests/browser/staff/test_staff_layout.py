"""Where the panel stands on wide and narrow screens, and that no page speaks the words of a program."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from qa.storage.question_log import new_id
from tests.browser.staff.conftest import NARROW, WIDE, Desk
from tests.support.programs.feedback_office import QUOTED

# What is seen or read aloud on a page.
WORDS = """() => {
  const seen = (name) => [...document.querySelectorAll(`[${name}]`)].filter((one) => one.checkVisibility());
  const named = (name) => seen(name).map((one) => one.getAttribute(name));
  const names = ["aria-label", "title", "placeholder", "alt"].flatMap(named);
  return [document.body.innerText, document.title, ...names.filter(Boolean)].join("\\n");
}"""
# Of the data of these tests, and what clerks say themselves.
KNOWN = re.compile(
    r"editor|publisher|admin|qianer|zhaoyi|\bs\d{3}\b|[\w.-]*\.(?:txt|docx|md|zip|eml|csv|epub|exe)|Excel|Word|WPS|PPT|PDF|OFD|ODF|UTC|AI|CSV|MB|KB"
    r"|https?://\S*|python -m qa restore|(?<![\w-])(?:[\w-]{22}|[A-Z2-7]{32})(?![\w-])|[0-9a-f]{8,}",
    re.ASCII,
)
ENGLISH = re.compile(r"[A-Za-z]{2,}[A-Za-z .]*")


def foreign(page: Page) -> set[str]:
    """The words of a page that are not Chinese, without names of files and accounts."""
    return set(ENGLISH.findall(KNOWN.sub("", str(page.evaluate(WORDS)))))


@pytest.fixture
def long_list(desk: Desk) -> Desk:
    """Fifty kinds of question that were answered."""
    for number in range(50):
        asked = replace(QUOTED, question=f"第{number}街有多长？", standalone_question=f"第{number}街有多长？")
        at = datetime.now(UTC) - timedelta(minutes=number)
        desk.log.add(new_id(), asked, at, channel="page", documents={})
    return desk


@pytest.mark.parametrize("screen", [WIDE, NARROW])
def test_the_panel_stands_on_the_screen_however_far_down_the_row_is(long_list: Desk, screen: ViewportSize) -> None:
    page = long_list.member("editor", screen).page
    page.goto(f"{long_list.address}/staff/questions?shelf=all")
    row = page.get_by_role("link", name="第45街有多长？")
    row.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 300, "far down"
    row.click()
    expect(page.locator("#panel .head h2")).to_have_text("第45街有多长？")
    box = page.locator("#panel").bounding_box()
    assert box and 0 <= box["y"] < screen["height"] / 3 and box["x"] + box["width"] <= screen["width"]
    if screen is WIDE:
        listed = page.locator("#list").bounding_box()
        assert listed and listed["x"] + listed["width"] <= box["x"], "beside the list"
        expect(row).to_be_in_viewport()
    else:
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, screen["width"], screen["height"])
    page.get_by_role("link", name="关闭").click()
    expect(page.locator("#panel")).to_be_hidden()
    expect(row).to_be_in_viewport()


def test_no_page_speaks_the_words_of_a_program(desk: Desk) -> None:
    desk.ask("丙塔有几层？", hours=1)
    page = desk.member("admin").page
    found = {}
    for place in (
        "home",
        "questions?shelf=all",
        "files?name=合作.txt",
        "publish",
        "golden?new=1",
        "settings",
        "two-step",
        "more",
        "log",
        "answers?new=1",
        "trial?question=商会有多少家会员企业？",
        "audit",
        "backups",
    ):
        page.goto(f"{desk.address}/staff/{place}")
        found[place] = foreign(page)
    assert found == {name: set() for name in found}
    page.evaluate("document.body.append('common.complete Textbox')")
    assert foreign(page) == {"common.complete Textbox"}, "the control"
