"""A scripted model behind a real OpenAI-compatible address on the loopback: it says what a test wants it to."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-hidden-0123456789"


@dataclass
class Call:
    """One request to the model, and the connection to answer it on."""

    body: dict[str, Any]
    headers: dict[str, str]
    handler: BaseHTTPRequestHandler
    gone: threading.Event = field(default_factory=threading.Event)

    def send(self, content: bytes) -> None:
        """Send some bytes; `gone` is set when nobody takes them."""
        try:
            self.handler.wfile.write(content)
            self.handler.wfile.flush()
        except OSError:
            self.gone.set()

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def chunk(self, text: str | None, *, reason: str | None = None) -> None:
        delta = {} if text is None else {"content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.send(f"data: {json.dumps(event)}\n\n".encode())


Script = Callable[[Call], None]


@dataclass
class Model:
    """The running endpoint: its address, what it was asked, and the script it follows; a list is followed in turn."""

    address: str
    calls: list[Call] = field(default_factory=list)
    scripts: Sequence[Script] = ()
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, call: Call) -> None:
        number = len(self.calls)
        self.calls.append(call)
        self.scripts[min(number, len(self.scripts) - 1)](call)

    def follow(self, *scripts: Script) -> None:
        self.calls.clear()
        self.scripts = scripts


@contextmanager
def running() -> Iterator[Model]:
    """The endpoint, served until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with suppress(OSError):
                model.answer(
                    Call(json.loads(body), {name.lower(): value for name, value in self.headers.items()}, self)
                )

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model = Model(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield model
    model.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def says(text: str, *, size: int = 5, reason: str = "stop") -> Script:
    """A whole stream that says a text, `size` characters at a time."""

    def script(call: Call) -> None:
        call.begin()
        for start in range(0, len(text), size):
            call.chunk(text[start : start + size])
        call.chunk(None, reason=reason)
        call.send(b"data: [DONE]\n\n")

    return script


def cut(text: str, *, after: int, size: int = 5) -> Script:
    """A stream whose connection ends after so many pieces."""

    def script(call: Call) -> None:
        call.begin()
        for number, start in enumerate(range(0, len(text), size)):
            if number == after:
                return
            call.chunk(text[start : start + size])

    return script


def status(code: int, **headers: str) -> Script:
    """A refusal; its text holds what a careless program would log."""

    def script(call: Call) -> None:
        call.begin(code, "application/json", **headers)
        call.send(json.dumps({"error": {"message": f"bad key {KEY}", "type": "x"}}).encode())

    return script


def raw(content: bytes, kind: str = "text/event-stream") -> Script:
    """These bytes, whatever they are."""

    def script(call: Call) -> None:
        call.begin(kind=kind)
        call.send(content)

    return script


def endless(text: str) -> Script:
    """The text over and over, until the caller has gone."""

    def script(call: Call) -> None:
        call.begin()
        while not call.gone.is_set():
            call.chunk(text)

    return script


def hangs(model: Model, before: str = "") -> Script:
    """Says `before`, or nothing at all, and then no more; kept open by comments, as proxies do."""

    def script(call: Call) -> None:
        if before:
            call.begin()
            call.chunk(before)
        while not model.released.wait(0.05) and not call.gone.is_set():
            if before:
                call.send(b": keep-alive\n\n")

    return script
