"""T32: who sends a request byte by byte, or none at all, does not hold a place; others are answered meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.web.http import connections
from qa.web.http.connections import Ceiling, PromptProtocol, counting
from tests.support.programs.serving import free_port

pytestmark = pytest.mark.long
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
SLOWLORIS = 60
PATIENCE = 120
FOR_EVER = 3600.0
# More than the buffers of two sockets on one machine hold.
LARGE = 30_000_000


@asynccontextmanager
async def listening(protocol: type[H11Protocol]) -> AsyncIterator[int]:
    async with serving(protocol) as (port, _):
        yield port


@asynccontextmanager
async def serving(protocol: type[H11Protocol]) -> AsyncIterator[tuple[int, uvicorn.Server]]:
    async def take(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app = Starlette(
        routes=[
            Route("/healthz", lambda request: PlainTextResponse("ok")),
            Route("/take", take, methods=["POST"]),
            Route("/large", lambda request: PlainTextResponse("x" * LARGE)),
        ]
    )
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=protocol, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port, server
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
    def dawdling(port: int, seconds: float) -> list[asyncio.Task[bool]]:
        monkeypatch.setattr(connections, "HEAD_SECONDS", seconds)
        return [asyncio.create_task(closed_by_server(port, HEAD, patience=PATIENCE)) for _ in range(SLOWLORIS)]

    async def run() -> tuple[list[bool], list[bool]]:
        async with serving(PromptProtocol) as (port, server):
            slow = dawdling(port, FOR_EVER)
            async with asyncio.timeout(PATIENCE):
                while len(server.server_state.connections) < SLOWLORIS:
                    await asyncio.sleep(0.01)
            fine = [await healthy(port) for _ in range(10)]
            assert not any(task.done() for task in slow)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            return fine, await asyncio.gather(*dawdling(port, 0.3))

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


def request(path: str, method: str = "POST", length: int = 1000) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()


async def ended_while_dripping(port: int, head: bytes, *, patience: float) -> bool:
    """Whether the server ends a connection over which a byte of the body comes now and then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)

    async def drip() -> None:
        while True:
            writer.write(b"x")
            await asyncio.sleep(0.05)

    dripping = asyncio.create_task(drip())
    try:
        async with asyncio.timeout(patience):
            await reader.read()
            return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    finally:
        dripping.cancel()
        writer.close()


@pytest.mark.parametrize(
    "head",
    [request("/none"), request("/healthz", "GET"), request("/take"), request("/healthz", "PUT")],
    ids=["404", "200 of a GET with a length", "read by the app", "405"],
)
def test_a_body_that_drips_holds_no_connection(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.3)

    async def outcomes() -> tuple[bool, bool]:
        async with listening(PromptProtocol) as port:
            ours = await ended_while_dripping(port, head, patience=PATIENCE)
        async with listening(H11Protocol) as port:
            return ours, await ended_while_dripping(port, head, patience=1)

    ours, plain = asyncio.run(outcomes())
    assert ours
    assert not plain, "without our protocol it would stay open"


def test_a_body_that_comes_steadily_is_read_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_SECONDS", 1.0)
    monkeypatch.setattr(connections, "LEAST_RATE", 1000)

    async def reply() -> bytes:
        async with listening(PromptProtocol) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/take", length=12 * 1000))
            for _ in range(12):
                writer.write(b"x" * 1000)
                await asyncio.sleep(0.1)
            async with asyncio.timeout(PATIENCE):
                got = await reader.readuntil(b"12000")
            writer.close()
            return got

    assert asyncio.run(reply()).startswith(b"HTTP/1.1 200")


def test_a_connection_goes_on_when_the_rest_of_the_body_comes_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 20.0)

    async def replies() -> bytes:
        async with listening(PromptProtocol) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/none", length=4))
            await reader.readuntil(b"Not Found")
            writer.write(b"rest" + HEAD + b"\r\n")
            async with asyncio.timeout(PATIENCE):
                got = await reader.readuntil(b"ok")
            writer.close()
            return got

    assert b"200 OK" in asyncio.run(replies())


async def open_after_reading_nothing(port: int, server: uvicorn.Server, *, patience: float) -> bool:
    """Whether a connection stays open while its reader takes nothing of a large answer for `patience` seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            # Until it is there, and then until it is not.
            while not server.server_state.connections:
                await asyncio.sleep(0.01)
            while server.server_state.connections:
                await asyncio.sleep(0.01)
    got = 0
    try:
        async with asyncio.timeout(PATIENCE):
            while got < LARGE and (part := await reader.read(1 << 20)):
                got += len(part)
    except ConnectionError:
        return False
    finally:
        writer.close()
    return got >= LARGE


def test_who_does_not_read_holds_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "READER_SECONDS", 0.3)
    monkeypatch.setattr(connections, "LEAST_RATE", 10**9)

    async def outcomes() -> tuple[bool, bool, bool]:
        async with serving(PromptProtocol) as (port, server):
            reading = await open_after_reading_nothing(port, server, patience=0)
        async with serving(PromptProtocol) as (port, server):
            dawdling = await open_after_reading_nothing(port, server, patience=PATIENCE)
        async with serving(H11Protocol) as (port, server):
            return reading, dawdling, await open_after_reading_nothing(port, server, patience=1)

    reading, dawdling, plain = asyncio.run(outcomes())
    assert reading and plain
    assert not dawdling


def test_one_address_holds_a_limited_number_of_connections() -> None:
    async def outcomes() -> tuple[list[bool], bool, bool]:
        async with listening(counting(Ceiling(3, exempt=("127.0.0.1",)))) as port:
            held = []
            for _ in range(5):
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.2", 0))
                writer.write(HEAD + b"\r\n")
                with suppress(ConnectionError):
                    async with asyncio.timeout(PATIENCE):
                        held.append((await reader.read(12) == b"HTTP/1.1 200", writer))
                    continue
                held.append((False, writer))
            others = await healthy(port)
            for _, writer in held:
                writer.close()
            while len(held) and not await _answered(port):
                await asyncio.sleep(0.05)
            return [fine for fine, _ in held], others, await _answered(port)

    held, others, again = asyncio.run(outcomes())
    assert held == [True, True, True, False, False]
    assert others, "other addresses are answered"
    assert again, "who hangs up makes room"


async def _answered(port: int) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.2", 0))
    try:
        writer.write(HEAD + b"\r\n")
        async with asyncio.timeout(PATIENCE):
            return await reader.read(12) == b"HTTP/1.1 200"
    except ConnectionError:
        return False
    finally:
        writer.close()


@pytest.mark.parametrize(
    "addresses, room",
    [
        (["198.51.100.1", "198.51.100.1", "198.51.100.2"], [True, False, True]),
        (["198.51.100.1", "::ffff:198.51.100.1", "::ffff:198.51.100.2"], [True, False, True]),
        (["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"], [True, False, True]),
        (["127.0.0.1", "::ffff:127.0.0.1", "::1"], [True, True, True]),
        (["127.0.0.2", "::ffff:127.0.0.2", "::2"], [True, False, True]),
        (["", "", "unknown"], [True, True, True]),
    ],
)
def test_connections_are_counted_by_network(addresses: list[str], room: list[bool]) -> None:
    ceiling = Ceiling(1)
    assert [ceiling.enter(address) is not None for address in addresses] == room


def test_without_a_ceiling_all_come_in() -> None:
    ceiling = Ceiling(0)
    assert [ceiling.enter("198.51.100.1") for _ in range(1000)] == [""] * 1000
