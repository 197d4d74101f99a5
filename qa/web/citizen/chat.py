"""The page where citizens ask: one question, one call, one reply. The conversation stays in the browser."""

import json
from collections.abc import Sequence
from typing import Any

import gradio as gr
from fastapi import FastAPI

from qa.answering.reply import Abstention, Reason, Turn
from qa.service.admission import Admission, Received, TurnedAway, Visitor
from qa.service.questions import MalformedHistory, read_turns, readable
from qa.web import assets, html
from qa.web.gradio_queue import checking_files, without_queue
from qa.web.site import NO_SITE, Site
from qa.web.translations import as_script_data, word

FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")
MONOSPACE = ("ui-monospace", "monospace")


def mount(app: FastAPI, reception: Admission, site: Site = NO_SITE) -> FastAPI:
    """Return the app with the chat page at `/`; `reception` answers its questions."""
    app.get("/pages/{version}/{name}", include_in_schema=False)(assets.send)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build(reception, site),
        path="/",
        theme=gr.themes.Base(font=FONTS, font_mono=MONOSPACE),
        head=(
            f'<link rel="stylesheet" href="{assets.address("page.css")}">'
            f'<link rel="stylesheet" href="{assets.address("chat.css")}">'
            f'<script id="words" type="application/json">{as_script_data()}</script>'
            f'<script type="module" src="{assets.address("chat.js")}"></script>'
            f'<link rel="manifest" href="{assets.address("manifest.json")}"><meta name="theme-color" content="#0b4a7f">'
            f'<meta name="description" content="{word("tagline")}">'
        ),
        favicon_path=str(assets.FOLDER / "icon.svg"),
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


def build(reception: Admission, site: Site) -> gr.Blocks:
    """Build the page itself.

    A question is a single call that bypasses Gradio's queue: our own queue replaces its line and its error texts.
    Without gr.State no heartbeat is opened. Replies use gr.Markdown instead of gr.HTML: it sanitises, and it needs no
    'unsafe-eval'.
    """

    async def answer(question: str, conversation: str, request: gr.Request) -> tuple[str, str, str]:
        question, turns = readable(question), _read_conversation(conversation)
        client = request.client
        visitor = Visitor(client.host if client else "", request.session_hash or "")
        match await reception.ask(question, turns, visitor, channel="page"):
            case Received() as received:
                shown = html.exchange(
                    received.reply, reply_id=received.reply_id, ways=ways(reception, site.contact, received.further)
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


def ways(reception: Admission, contact: str, further: Sequence[str] = ()) -> html.Ways:
    """Return what the page offers besides a reply; contact and cards set by staff precede the defaults."""
    switches = reception.switches()
    return html.Ways(contact if switches.contact is None else switches.contact, switches.cards, further)


def facts(received: Received) -> dict[str, Any]:
    """Return what the browser needs to know about a reply besides its markup."""
    reply = received.reply
    return {
        "id": received.reply_id,
        "status": reply.status,
        "turn": [reply.question, reply.text],
        "plain": html.plain(reply),
        "further": list(received.further),
        "writable": received.writable,
        # Thanks and greetings are not questions that staff could answer.
        "talk": isinstance(reply, Abstention) and reply.reason is Reason.SMALL_TALK,
    }


def _read_conversation(conversation: str) -> tuple[Turn, ...]:
    """Return the turns that the browser kept; empty if they cannot be read."""
    try:
        return read_turns(json.loads(conversation))
    except (ValueError, RecursionError, MalformedHistory):
        return ()
