"""The page in a real Chromium: the real program where the answer counts, a fake assistant where the page does."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from app import create_app
from qa.reply import Abstention, Answer, Citation, Reason, Reply, Turn
from tests.serving import Served
from tests.web import QUOTE, FakeAssistant, settings

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
QUESTION = "两地学校结成了多少对帮扶对子？"
HOSTILE = (
    "<script>window.fired = 1</script>",
    '"><img src="http://evil.example/x.png" onerror="window.fired = 1">',
    "</p></div></blockquote></article><iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style><form action=http://evil.example><input name=q><button>送</button></form>",
    "![图](http://evil.example/y.png) [链接](javascript:window.fired=1) <svg onload=window.fired=1>",
    "\n\n# 题\n\n<img src=x onerror=window.fired=1>\n\n- 列 **粗** `码` $x$ &lt;b&gt; &#60;i&#62;",
    '{{window.fired=1}} ${window.fired=1} __i18n__{"key":"x"} @children',
)


@dataclass
class Visit:
    """A page with what went wrong on it: console errors, and requests to anywhere but the site."""

    page: Page
    site: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def open(self) -> Page:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._see)
        self.page.goto(self.site)
        expect(self.page.locator("#question textarea")).to_be_visible()
        return self.page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.strangers.append(request.url)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[tuple[FakeAssistant, str]]:
    """A fake assistant and the address where the web app around it is served, in a thread of its own."""
    assistant = FakeAssistant()
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        app = create_app(assistant, settings(tmp_path))
        servers.append(uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    yield assistant, f"http://127.0.0.1:{listener.getsockname()[1]}"
    if assistant.gate:
        assistant.gate.set()
    servers[0].should_exit = True
    thread.join()
    listener.close()


def ask(page: Page, question: str) -> None:
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_citizen_asks_and_reads_the_marked_source(served: Served, browser: Browser, viewport: ViewportSize) -> None:
    with browser.new_context(viewport=viewport, locale="zh-CN") as context:
        visit = Visit(context.new_page(), served.address)
        page = visit.open()
        assert page.title() == "浙涪问答"
        expect(page.get_by_role("heading", name="浙涪问答")).to_be_visible()
        assert not scrolls_sideways(page)
        ask(page, QUESTION)
        expect(page.locator("#latest mark").first).to_contain_text("13对")
        expect(page.locator("#latest .source cite").first).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value("")
        assert not scrolls_sideways(page)
        if viewport is DESKTOP and "SCREENSHOT" in os.environ:
            page.screenshot(path=os.environ["SCREENSHOT"])
        assert (visit.errors, visit.strangers) == ([], [])


@pytest.mark.slow
def test_a_question_without_an_answer_is_refused_calmly(served: Served, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = Visit(context.new_page(), served.address).open()
        ask(page, "今天北京的天气怎么样？")
        expect(page.locator("#latest .abstained")).to_be_visible()
        expect(page.locator("#latest mark")).to_have_count(0)


@pytest.mark.slow
def test_every_example_question_has_an_answer(served: Served, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = Visit(context.new_page(), served.address).open()
        for example in page.locator(".example").all_inner_texts():
            page.reload()
            page.get_by_role("button", name=example).click()
            expect(page.locator("#latest .asked .text")).to_have_text(example)
            expect(page.locator("#latest .answered"), example).to_be_visible()


def test_the_conversation_stays_on_the_page_and_follow_ups_are_understood(
    fake: tuple[FakeAssistant, str], browser: Browser
) -> None:
    assistant, address = fake
    with browser.new_context(viewport=PHONE) as context:
        page = Visit(context.new_page(), address).open()
        page.locator(".example").first.click()
        expect(page.locator("#latest .answered")).to_be_visible()
        example = page.locator("#latest .asked .text").inner_text()
        ask(page, "那医院呢")
        expect(page.locator("#latest .understood")).to_have_text(f"我的理解：{example}：那医院呢")
        expect(page.locator("#earlier .asked .text")).to_have_text([example])
        page.fill("#question textarea", "明天天气")
        page.click("#send")
        expect(page.locator("#latest .abstained")).to_contain_text("最接近的段落（不是答案，仅供参考）")
        expect(page.locator("#latest blockquote")).not_to_be_visible()
        page.locator("#latest summary").click()
        expect(page.locator("#latest blockquote")).to_have_text(QUOTE)
        expect(page.locator("#earlier .exchange")).to_have_count(2)
        expect(page.locator("#earlier mark")).to_have_text([QUOTE, QUOTE])
        assert not scrolls_sideways(page)
    assert [turn.question for turn in assistant.asked[2][1]] == [example, "那医院呢"]


def test_the_page_shows_that_a_question_is_under_way(fake: tuple[FakeAssistant, str], browser: Browser) -> None:
    assistant, address = fake
    assistant.gate = threading.Event()
    with browser.new_context(viewport=PHONE) as context:
        page = Visit(context.new_page(), address).open()
        ask(page, QUESTION)
        expect(page.locator("#waiting")).to_contain_text("正在查阅文件")
        expect(page.locator("#waiting .asked .text")).to_have_text(QUESTION)
        assistant.gate.set()
        expect(page.locator("#latest .short")).to_have_text("7对")
        expect(page.locator("#waiting")).to_be_empty()


@pytest.mark.parametrize("failure", ["abort", "500"])
def test_a_question_that_got_lost_is_kept(fake: tuple[FakeAssistant, str], browser: Browser, failure: str) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = Visit(context.new_page(), fake[1]).open()
        ask(page, QUESTION)
        expect(page.locator("#latest .short")).to_be_visible()
        page.route(
            "**/run/predict",
            lambda route: route.abort() if failure == "abort" else route.fulfill(status=500, body="{}"),
        )
        ask(page, "那医院呢")
        expect(page.get_by_role("alert").filter(has_text="您的问题还在输入框里")).to_be_visible()
        expect(page.locator("#question textarea")).to_have_value("那医院呢")
        expect(page.locator("#earlier .exchange")).to_have_count(0)
        page.unroute("**/run/predict")
        page.click("#send")
        expect(page.locator("#latest .understood")).to_contain_text("那医院呢")
        expect(page.get_by_role("alert").filter(has_text="您的问题")).to_have_count(0)


def hostile(question: str, history: Sequence[Turn]) -> Reply:
    """The question itself in every place where a document's text can stand."""
    citation = Citation(question, question, (question,), 0, len(question), question, ((0, 5),), question, question)
    if history:
        return Abstention(
            question=question,
            standalone_question=question + "。",
            snapshot="1",
            reason=Reason.OFF_TOPIC,
            text=question,
            nearest=(citation,),
        )
    return Answer(
        question=question,
        standalone_question=question + "。",
        snapshot="1",
        text=question + "。",
        citations=(citation,),
        confidence=1,
        short=question,
        missing=question,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_runs_nothing_and_adds_nothing(
    fake: tuple[FakeAssistant, str], browser: Browser, text: str
) -> None:
    assistant, address = fake
    assistant.reply = hostile
    foreign = "img, form, iframe, style, script, svg, a, input, button, h1, h4, ul, code, em"
    with browser.new_context() as context:
        visit = Visit(context.new_page(), address)
        page = visit.open()
        for kind in (".answered", ".abstained"):
            ask(page, text)
            expect(page.locator(f"#latest {kind}")).to_be_visible()
            for shown in page.locator("#latest .exchange :is(.asked .text, cite, mark, .short)").all():
                assert shown.text_content() == text
        expect(page.locator(f"#latest .exchange :is({foreign})")).to_have_count(0)
        expect(page.locator(f"#earlier :is({foreign})")).to_have_count(0)
        assert page.evaluate("window.fired") is None
        assert (visit.errors, visit.strangers) == ([], [])


def test_the_same_text_fires_where_it_is_not_escaped(fake: tuple[FakeAssistant, str], browser: Browser) -> None:
    with browser.new_context() as context:
        visit = Visit(context.new_page(), fake[1])
        page = visit.open()
        page.evaluate("text => { document.querySelector('#latest').innerHTML = text }", HOSTILE[1])
        page.wait_for_function("window.fired === 1")
        expect(page.locator("#latest img")).to_have_count(1)
        assert visit.strangers == ["http://evil.example/x.png"]
        assert "Content Security Policy" in visit.errors[0]


CONTRAST = """element => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  let ground = element;
  while (ground && (channels(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
  const [one, other] = [getComputedStyle(element).color, getComputedStyle(ground).backgroundColor]
    .map(colour => light(channels(colour)));
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_high_contrast(fake: tuple[FakeAssistant, str], browser: Browser, scheme: Any) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        page = Visit(context.new_page(), fake[1]).open()
        texts = page.locator(".masthead :is(h1, p), .example, #send, #question textarea").all()
        low = {text.inner_text(): ratio for text in texts if (ratio := text.evaluate(CONTRAST)) < 7}
        ask(page, QUESTION)
        expect(page.locator("#latest .answered")).to_be_visible()
        ask(page, "明天天气")
        expect(page.locator("#latest .abstained")).to_be_visible()
        texts = page.locator(":is(#earlier, #latest) .exchange :is(h3, p, cite, .heading, .around, mark, .text)").all()
        assert len(texts) >= 20
        low |= {text.inner_text(): ratio for text in texts if (ratio := text.evaluate(CONTRAST)) < 7}
        assert low == {}


def test_everything_to_tap_is_large_enough(fake: tuple[FakeAssistant, str], browser: Browser) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = Visit(context.new_page(), fake[1]).open()
        boxes = [place.bounding_box() for place in page.locator("button:visible, textarea:visible").all()]
        assert len(boxes) >= 7
        assert all(box and box["height"] >= 44 and box["width"] >= 44 for box in boxes)
        assert not scrolls_sideways(page)
