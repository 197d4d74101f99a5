"""The page on which citizens ask: one question, one call, one reply; the conversation stays in the browser."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.responses import FileResponse, Response

from qa.pages import render
from qa.pages.desk import BUSY, MAX_TURN_CHARACTERS, MAX_TURNS, Busy, Desk, MalformedHistory, read_turns, readable
from qa.reply import Turn

FILES = Path(__file__).parent / "files"
ASSETS = ("chat.css", "chat.js", "icon.svg")
EXAMPLES = (
    "涪陵浙江商会是什么时候成立的？",
    "两地学校结成了多少对帮扶对子？",
    "浙涪合作的三个变化是什么？",
    "华峰新材料产业园在涪陵什么地方？",
    "涪陵社会福利院改造了哪些内容？",
    "涪陵2021年的地区生产总值是多少？",
)
FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif")
MONOSPACE = ("ui-monospace", "monospace")


def mount(app: FastAPI, desk: Desk, *, examples: Sequence[str] = EXAMPLES) -> FastAPI:
    """The app with the chat page at `/`, its questions answered by `desk`."""
    addresses = {name: _address(name) for name in ASSETS}
    app.get("/pages/{version}/{name}")(_send_asset)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build(desk, examples),
        path="/",
        theme=gr.themes.Base(font=FONTS, font_mono=MONOSPACE),
        head=(
            f'<link rel="stylesheet" href="{addresses["chat.css"]}">'
            f'<script src="{addresses["chat.js"]}"></script>'
            f'<meta name="description" content="{render.TAGLINE}">'
        ),
        favicon_path=str(FILES / "icon.svg"),
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


def build(desk: Desk, examples: Sequence[str]) -> gr.Blocks:
    """The page itself.

    An ask is a single call past Gradio's queue, whose line and error texts the desk replaces; without gr.State no
    heartbeat is opened. Replies go through gr.Markdown and not gr.HTML: it sanitises, and needs no 'unsafe-eval'.
    """

    async def answer(question: str, conversation: str) -> tuple[str, str, str]:
        question, turns = readable(question), _read_conversation(conversation)
        try:
            reply = await desk.ask(question, turns)
        except Busy:
            return render.unavailable(question, BUSY), question, conversation
        turns = (*turns, Turn(question[:MAX_TURN_CHARACTERS], reply.text[:MAX_TURN_CHARACTERS]))
        return render.exchange(reply.question, reply), "", _write_conversation(turns)

    page = gr.Blocks(title=render.TITLE, analytics_enabled=False, fill_width=True)
    with page:
        gr.Markdown(render.header(), elem_id="masthead", latex_delimiters=[])
        with gr.Row(elem_id="examples"):
            buttons = [gr.Button(example, elem_classes="example") for example in examples]
        latest = gr.Markdown(elem_id="latest", latex_delimiters=[], show_label=False)
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(
                label="您的问题",
                placeholder="请输入您的问题",
                lines=1,
                max_lines=4,
                elem_id="question",
                scale=1,
            )
            send = gr.Button("提问", variant="primary", elem_id="send", scale=0)
        conversation = gr.Textbox("[]", visible=False)
        outputs = [latest, question, conversation]
        gr.on(
            [send.click, question.submit],
            answer,
            [question, conversation],
            outputs,
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        for button in buttons:
            button.click(
                answer,
                [button, conversation],
                outputs,
                queue=False,
                show_progress="hidden",
                api_visibility="private",
            )
    page.queue(api_open=False)
    return page


def _read_conversation(conversation: str) -> tuple[Turn, ...]:
    """The turns that the browser kept; a conversation that cannot be read starts anew."""
    try:
        return read_turns(json.loads(conversation))
    except (ValueError, RecursionError, MalformedHistory):
        return ()


def _write_conversation(turns: Sequence[Turn]) -> str:
    return json.dumps([[turn.question, turn.reply] for turn in turns[-MAX_TURNS:]], ensure_ascii=False)


def _address(name: str) -> str:
    """Where a file of the page is found: its version is in the path, so that browsers may keep it for good."""
    version = hashlib.sha256((FILES / name).read_bytes()).hexdigest()[:12]
    return f"/pages/{version}/{name}"


async def _send_asset(version: str, name: str) -> Response:
    return FileResponse(FILES / name) if name in ASSETS else Response(status_code=404)
