"""Hostile text in questions and documents, in a real Chromium: it shows as text, runs nothing, asks for nothing."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser, Page, expect

from corpus.document import Document, Heading, Span
from qa.answering.reply import Abstention, Answer, Citation, Reason, Reply, Turn
from tests.conftest import Site
from tests.support.counts import count
from tests.support.files.payloads import PAYLOADS
from tests.support.programs.browsing import Visit, ask_and_wait

FIRED = "window.count = 0; window.fired = () => { window.count += 1 }"
FOREIGN = "img, form, iframe, style, script, svg, math, input, h4, code, em, table, object, embed, video, audio, base"
# So many texts in one reply: a citation each.
TOGETHER = 40
TRIES = 100


def shown(text: str) -> str:
    """The text as it is to stand on the page: control characters but line ends and tabs replaced."""
    return "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n\r") or c == "\x7f" else c for c in text)


def groups(texts: Sequence[str]) -> Iterable[Sequence[str]]:
    return (texts[start : start + TOGETHER] for start in range(0, len(texts), TOGETHER))


def hostile(texts: Sequence[str]) -> tuple[list[Document], list[Citation]]:
    """A document for each text, which is its name, its title, its heading and its words."""
    documents, citations = [], []
    for number, text in enumerate(texts):
        body = f"{text}\n\n句子{text}"
        headings = (Heading(1, Span(0, len(text))),)
        start = len(text) + 4
        documents.append(Document(f"{number}{text}", text, body, headings, source=text))
        citations.append(
            Citation(f"{number}{text}", text, (text,), start, start + len(text), text, place=text, note=text)
        )
    return documents, citations


def is_clean(page: Page, visit: Visit, within: str) -> None:
    expect(page.locator(f"{within} :is({FOREIGN})")).to_have_count(0)
    assert page.evaluate("count") == 0
    assert (visit.errors, visit.strangers) == ([], [])
    addresses = page.locator(f"{within} a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert all(address is None or address.startswith(("/source?", "/file?", "/", "tel:")) for address in addresses)
    assert not any(address and address.startswith("//") for address in addresses)


def test_hostile_documents_come_out_as_text_everywhere(site: Site, browser: Browser) -> None:
    assert len(PAYLOADS) >= 120 and len(set(PAYLOADS)) == len(PAYLOADS)
    for texts in list(groups(PAYLOADS))[:: count(2, whole=1)]:
        documents, citations = hostile(texts)
        site.sources.documents = {document.name: document for document in documents}

        def reply(question: str, history: Sequence[Turn], cited: Sequence[Citation] = tuple(citations)) -> Reply:
            given: dict[str, Any] = {
                "question": question,
                "standalone_question": question + cited[0].text,
                "snapshot": "1",
            }
            if history:
                text = cited[0].text
                return Abstention(**given, reason=Reason.OFF_TOPIC, text=text, nearest=tuple(cited))
            whole = "".join(citation.text for citation in cited)
            return Answer(**given, text="x", citations=tuple(cited), confidence=1, short=f"{whole}短", missing=whole)

        site.assistant.reply = reply
        with browser.new_context(locale="zh-CN") as context:
            context.add_init_script(FIRED)
            visit = Visit(context.new_page(), site.address)
            page = visit.open()
            ask_and_wait(page, "问")
            whole = shown("".join(texts)) + "短"  # words that only repeat the quotations are no headline
            assert page.locator("#latest .short").text_content() == whole
            titles = page.locator("#latest .sources cite").evaluate_all("all => all.map(e => e.textContent)")
            assert titles == [shown(text) for text in texts]
            is_clean(page, visit, "#latest")
            for number in (0, len(texts) // 2, len(texts) - 1):
                page.locator("#latest a.ref").nth(number).click()
                expect(page.locator("#viewer h1")).to_have_text(shown(texts[number]), use_inner_text=False)
                is_clean(page, visit, "#viewer")
            page.keyboard.press("Escape")
            expect(page.locator("#latest a.ref").nth(len(texts) - 1)).to_be_focused()
            ask_and_wait(page, "问", ".abstained")
            is_clean(page, visit, "#latest")
            is_clean(page, visit, "#earlier")
            page.reload()
            expect(page.locator("#earlier .exchange")).to_have_count(2)
            assert page.locator("#earlier .short").text_content() == whole
            is_clean(page, visit, "#earlier")


def test_hostile_documents_come_out_as_text_on_pages_of_their_own(site: Site, browser: Browser) -> None:
    documents, _ = hostile(PAYLOADS)
    site.sources.documents = {
        "all": replace(documents[0], text="\n\n".join(PAYLOADS), headings=(), title="".join(PAYLOADS))
    }
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(FIRED)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        page.goto(f"{site.address}/source?snapshot=1&document=all&at=0-50&at=40-900#m1")
        assert page.locator("h1").text_content() == shown("".join(PAYLOADS))
        tables = page.locator("main :is(table)").count()
        assert tables <= 1  # the payload that is written as a table
        expect(page.locator("main :is(img, form, iframe, style, script, svg, input, object, video)")).to_have_count(0)
        assert page.evaluate("count") == 0 and (visit.errors, visit.strangers) == ([], [])


def test_hostile_questions_come_out_as_text(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(FIRED)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        for text in ("多少" + payload for payload in PAYLOADS[::10]):
            page.fill("#question textarea", text)
            typed = page.locator("#question textarea").input_value()
            page.press("#question textarea", "Enter")
            expect(page.locator("#latest .asked .text")).to_have_text(shown(typed).strip(), use_inner_text=False)
            expect(page.locator("body:not(.asking)")).to_be_attached()
        is_clean(page, visit, "#latest")
        is_clean(page, visit, "#earlier")


def asked_at_last(page: Page, question: str) -> None:
    """Ask until it is taken: Gradio takes no question before it has drawn that the last one failed."""
    waiting = page.locator("#waiting .asked .text")
    for _ in range(TRIES):
        page.fill("#question textarea", question)
        page.press("#question textarea", "Enter")
        with suppress(AssertionError):
            expect(waiting).to_be_visible(timeout=500)
            return
    expect(waiting).to_be_visible()


def test_hostile_text_that_waits_for_an_answer_is_text(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(FIRED)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        page.route("**/run/predict", lambda route: None)
        for payload in PAYLOADS[::15]:
            asked_at_last(page, payload)
            is_clean(page, visit, "#waiting")
            page.locator("#stop").click()
            expect(page.locator("#notice")).not_to_be_empty()
            page.fill("#question textarea", "")


def test_a_history_that_was_tampered_with_loses_everything_but_its_words(site: Site, browser: Browser) -> None:
    html = '<div class="exchange"><h2 class="asked">问</h2><div class="reply">' + "".join(PAYLOADS) + "</div></div>"
    facts = {"id": "", "status": "answered", "turn": ["问", "答"], "plain": "答", "further": list(PAYLOADS[:5])}
    stored = json.dumps([[{"html": html, "facts": facts}]])
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(FIRED + f";localStorage.setItem('qa.chats', {json.dumps(stored)})")
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        expect(page.locator("#earlier .exchange").first).to_be_visible()
        expect(page.locator("#earlier :is(img, form, iframe, style, script, svg, input, video, base)")).to_have_count(0)
        foreign = page.locator("#earlier a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert foreign == []
        assert page.evaluate("count") == 0 and visit.strangers == []


def test_the_same_texts_fire_and_reach_out_where_they_are_not_escaped(site: Site, browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        context.add_init_script(FIRED)
        visit = Visit(context.new_page(), site.address)
        page = visit.open()
        page.evaluate(
            """texts => {
          for (const text of texts.filter(text => !text.includes("refresh"))) {  // it would leave the page
            const place = document.createElement("div");
            document.querySelector("#latest").append(place);
            place.innerHTML = text;
          }
        }""",
            PAYLOADS,
        )
        page.wait_for_function("window.count >= 5")
        assert any("evil.example" in stranger for stranger in visit.strangers)
        assert any("Content Security Policy" in error for error in visit.errors)
