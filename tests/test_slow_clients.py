"""T32: who sends a request byte by byte, or none at all, does not hold a place; others are answered meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.pages import connections
from qa.pages.connections import PromptProtocol
from tests.serving import free_port

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
SLOWLORIS = 60
PATIENCE = 30


@asynccontextmanager
async def listening(protocol: type[H11Protocol]) -> AsyncIterator[int]:
    app = Starlette(routes=[Route("/healthz", lambda request: PlainTextResponse("ok"))])
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=protocol, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await running


async def closed_by_server(port: int, sent: bytes, *, patience: float) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        async with asyncio.timeout(patience):
            return await reader.read() == b""
    except TimeoutError:
        return False
    finally:
        writer.close()


async def healthy(port: int) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HEAD + b"Connection: close\r\n\r\n")
    async with asyncio.timeout(PATIENCE):
        reply = await reader.read()
    writer.close()
    return reply.startswith(b"HTTP/1.1 200") and reply.endswith(b"ok")


@pytest.mark.parametrize("sent", [b"", b"GET /he", HEAD])
def test_a_connection_without_a_whole_head_is_closed(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)

    async def outcomes() -> tuple[bool, bool]:
        async with listening(PromptProtocol) as port:
            ours = await closed_by_server(port, sent, patience=PATIENCE)
        async with listening(H11Protocol) as port:
            return ours, await closed_by_server(port, sent, patience=1)

    ours, plain = asyncio.run(outcomes())
    assert ours
    assert not plain, "without our protocol it would stay open"


def test_the_next_request_on_a_connection_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)

    async def replies() -> bytes:
        async with listening(PromptProtocol) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HEAD + b"\r\n")
            await reader.readuntil(b"ok")
            writer.write(HEAD)
            async with asyncio.timeout(PATIENCE):
                rest = await reader.read()
            writer.close()
            return rest

    assert asyncio.run(replies()) == b""


def test_others_are_answered_while_many_dawdle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 5.0)

    async def run() -> tuple[list[bool], list[bool]]:
        async with listening(PromptProtocol) as port:
            slow = [asyncio.create_task(closed_by_server(port, HEAD, patience=PATIENCE)) for _ in range(SLOWLORIS)]
            await asyncio.sleep(0.5)
            fine = [await healthy(port) for _ in range(10)]
            assert not any(task.done() for task in slow)
            return fine, await asyncio.gather(*slow)

    fine, closed = asyncio.run(run())
    assert all(fine)
    assert all(closed)


def test_a_slow_but_whole_request_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 20.0)

    async def reply() -> Any:
        async with listening(PromptProtocol) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for part in (b"GET /heal", b"thz HTTP/1.1\r\nHo", b"st: localhost\r\nConnection: close\r\n\r\n"):
                writer.write(part)
                await asyncio.sleep(0.1)
            got = await reader.read()
            writer.close()
            return got

    assert asyncio.run(reply()).endswith(b"ok")
