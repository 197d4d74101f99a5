"""Every page that links and forms lead to, as a citizen and in each role: no fault, no stranger, no foreign markup."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from qa.staff.permissions import Role
from qa.web.http.policy import SECURITY_HEADERS
from tests.browser.staff.conftest import Desk, working
from tests.conftest import Site
from tests.support.counts import FULL
from tests.support.programs.crawl import MARK, Crawl

# Pages opened for each kind of visitor.
MOST = int(os.environ.get("CRAWL", 120 if FULL else 8))
# What ends the session, or takes away what others still walk over.
ENDING = (r"/staff/sign-out", r"/staff/account\b", r"\bdo=(out|remove|password|role|second|delete|delete-all)\b")
CITIZENS = {"/", "/ask", "/topics", "/about", "/source", "/docs"}


def test_citizens_meet_no_fault_wherever_links_and_forms_lead(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        crawl = Crawl(context.new_page(), site.address)
        crawl.walk(["/", "/ask", "/topics", "/about", "/docs", f"/ask?q={MARK}", f"/source?document={MARK}"], most=MOST)
    assert not crawl.faults, "\n".join(crawl.faults)
    assert crawl.paths() >= CITIZENS


@pytest.mark.full
@pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER, Role.ADMIN])
def test_staff_meet_no_fault_wherever_links_and_forms_lead(tmp_path: Path, browser: Browser, role: Role) -> None:
    # An office for each: the walk changes whatever the role may change.
    with working(tmp_path, browser) as desk:
        walk_as(role, desk)


def walk_as(role: Role, desk: Desk) -> None:
    desk.ask("村里的卫生院几点开门？", hours=2)
    page = desk.member(role.value).page
    crawl = Crawl(page, desk.address, left_alone=ENDING)
    crawl.walk(
        [f"/staff/{place}" for place in ("home", "questions", "files", "publish", "golden", "settings", "more")],
        most=MOST,
    )
    page.goto(f"{desk.address}/staff/home")
    assert page.url.endswith("/staff/home"), "the session ended on the way"
    page.context.close()
    assert not crawl.faults, "\n".join(crawl.faults)
    assert len(crawl.kinds) > 20 and any(method.startswith("post") for method, _ in crawl.kinds)


def test_what_no_page_may_do_is_noticed(browser: Browser) -> None:
    address = "http://127.0.0.1:9"
    pages = {
        "/": '<a href="/broken">b</a><form action="/find"><input name="q"></form><img src="http://127.0.0.2:9/x.png">'
        '<form action="/keep" method="post"><input name="word"><button name="do" value="save">s</button></form>',
        "/find": f"<p>{MARK}</p>",
        "/keep": f"<p>{MARK}</p>",
    }

    def answer(route: Route) -> None:
        path = "/" + route.request.url.partition("9/")[2].partition("?")[0]
        bare = {name: value for name, value in SECURITY_HEADERS.items() if name != "Referrer-Policy"}
        headers = {**bare, "Content-Type": "text/html", "Cache-Control": "no-store"}
        route.fulfill(status=500 if path == "/broken" else 200, headers=headers, body=pages.get(path, "x"))

    with browser.new_context() as context:
        context.route("**/*", answer)
        crawl = Crawl(context.new_page(), address)
        crawl.walk(["/"], most=5)
    told = "\n".join(crawl.faults)
    for fault in ("/broken: status 500", "no Referrer-Policy", "became an element", "came back as markup"):
        assert fault in told
    assert "violates the following Content Security Policy" in told or "from elsewhere" in told
