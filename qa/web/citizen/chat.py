"""The page where citizens ask: one question, one call, one reply. The conversation stays in the browser."""

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
from fastapi import FastAPI

from qa.answering.reply import Abstention, Reason, Turn
from qa.service.admission import Admission, Received, TurnedAway
from qa.service.questions import MalformedHistory, read_turns, readable
from qa.web import assets, html
from qa.web.citizen.gradio_queue import checking_files, without_queue
from qa.web.http.visitor import visitor_of
from qa.web.site import NO_SITE, Site
from qa.web.translations import all_words, word

FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")
MONOSPACE = ("ui-monospace", "monospace")


def mount(app: FastAPI, admission: Admission, site: Site = NO_SITE) -> FastAPI:
    """Return the app with the chat page at `/`; `admission` answers its questions."""
    app.get("/pages/{version}/{name}", include_in_schema=False)(assets.send)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build(admission, site),
        path="/",
        theme=gr.themes.Base(font=FONTS, font_mono=MONOSPACE),
        head=html.render("chat_head.html", words=all_words()),
        favicon_path=str(assets.FILES["icon.svg"]),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size="1kb",
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
    )
    return mounted


def build(admission: Admission, site: Site) -> gr.Blocks:
    """Build the page itself.

    A question is a single call that bypasses Gradio's queue: our own queue replaces its line and its error texts.
    Without gr.State no heartbeat is opened. Replies use gr.Markdown instead of gr.HTML: it sanitises, and it needs no
    'unsafe-eval'.
    """

    async def answer(question: str, conversation: str, request: gr.Request) -> tuple[html.Html, str, str]:
        question, (turns, document) = readable(question), _read_conversation(conversation)
        visitor = visitor_of(request.client, request.session_hash or "")
        match await admission.ask(question, turns, visitor, channel="page", document=document):
            case Received() as received:
                shown = html.exchange(
                    received.reply, reply_id=received.reply_id, ways=ways(admission, site.contact, received.further)
                )
                return (
                    shown,
                    question if received.reply.status == "rejected" else "",
                    json.dumps(facts(received), ensure_ascii=False),
                )
            case TurnedAway() as away:
                return html.turned_away(question, away.why, away.detail), question, "{}"

    page = gr.Blocks(title=word("title"), analytics_enabled=False, fill_width=True)
    with page:
        gr.Markdown(html.header(site.privacy_html()), elem_id="masthead", latex_delimiters=[])
        latest = gr.Markdown(elem_id="latest", latex_delimiters=[], show_label=False)
        question, send = _composer()
        # The browser keeps the conversation and sends it with the call. It gets back the facts it needs about the
        # reply.
        conversation = gr.Textbox("[]", visible=False)
        gr.on(
            [send.click, question.submit],
            answer,
            [question, conversation],
            [latest, question, conversation],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
    return checking_files(without_queue(page))


def _composer() -> tuple[gr.Textbox, gr.Button]:
    """Lay out the box for the question and the button that sends it."""
    with gr.Row(elem_id="composer"):
        question = gr.Textbox(
            label=word("question"),
            placeholder=word("placeholder"),
            lines=1,
            max_lines=6,
            elem_id="question",
            scale=1,
        )
        send = gr.Button(word("send"), variant="primary", elem_id="send", scale=0)
    return question, send


def ways(admission: Admission, contact: str, further: Sequence[str] = ()) -> html.Ways:
    """Return what the page offers besides a reply; contact and cards set by staff precede the defaults."""
    switches = admission.switches()
    return html.Ways(contact if switches.contact is None else switches.contact, switches.cards, further)


def facts(received: Received) -> dict[str, Any]:
    """Return what the browser needs to know about a reply besides its markup."""
    reply = received.reply
    return {
        "id": received.reply_id,
        "status": reply.status,
        "turn": [reply.question, reply.text, reply.standalone_question],
        "document": reply.document,
        "plain": html.plain(reply),
        "language": html.language_of(reply),
        "further": list(received.further),
        "writable": received.writable,
        # Thanks and greetings are not questions that staff could answer.
        "talk": isinstance(reply, Abstention) and reply.reason is Reason.SMALL_TALK,
    }


def _read_conversation(conversation: str) -> tuple[tuple[Turn, ...], str]:
    """Return the turns that the browser kept and the document it asks alone; empty if they cannot be read."""
    try:
        match json.loads(conversation):
            case {"turns": turns, "document": str(document)}:
                return read_turns(turns), readable(document)
            case turns:
                return read_turns(turns), ""
    except (ValueError, RecursionError, MalformedHistory):
        return (), ""
