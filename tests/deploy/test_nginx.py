"""The shipped nginx configuration before two servers: TLS, limits, the cache, and one of them killed under load."""

import asyncio
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from qa.storage.database import DATABASE
from tests.qa.runtime.test_graceful_shutdown import EXIT_SECONDS, slow_program
from tests.support.machines.nginx import HOST, NGINX, configure, running, trusting
from tests.support.programs.serving import free_port

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed (apt-get install nginx)")
ASKED = {"question": "两地学校结成多少对？"}
QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class Site:
    """Two servers behind nginx, with one home."""

    secure: str
    plain: str
    home: Path
    servers: tuple[subprocess.Popen[bytes], ...]

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(base_url=self.secure, verify=trusting(), headers={"Host": HOST}, timeout=120)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    home = folder / "home"
    further = {"QA_HOME": str(home), "QA_ALLOWED_HOSTS": HOST, "QA_PROXIES": "127.0.0.1"}
    with ExitStack() as stack:
        servers = []
        for number in (1, 2):
            (folder / str(number)).mkdir()
            servers.append(stack.enter_context(slow_program(folder / str(number), **further)))
        ports = free_port(), free_port()
        configure(folder, ports, [address for _, address in servers])
        stack.enter_context(running(folder, ports[0]))
        addresses = f"https://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}"
        yield Site(*addresses, home, tuple(process for process, _ in servers))


def test_everything_goes_over_tls_and_the_program_sees_the_visitor_through_the_proxy(site: Site) -> None:
    redirected = httpx2.get(f"{site.plain}/ask?question=1", headers={"Host": HOST})
    assert (redirected.status_code, redirected.headers["location"]) == (301, f"https://{HOST}/ask?question=1")
    foreign = httpx2.get(f"{site.plain}/ask", headers={"Host": "evil.example"})
    assert foreign.headers["location"] == f"https://{HOST}/ask"

    async def look() -> None:
        async with site.client() as client:
            page = await client.get("/about")
            assert page.status_code == 200 and "max-age" in page.headers["strict-transport-security"]
            assert len(page.headers["x-request-id"]) == 32 and "default-src" in page.headers["content-security-policy"]
            answered = await client.post("/api/ask", json=ASKED, headers={"Origin": f"https://{HOST}"})
            assert answered.json()["short"] == "7对"
            assert (await client.post("/api/ask", json={"question": "问" * 40_000})).status_code == 413
            for inside in ("/metrics", "/healthz", "/readyz"):
                assert (await client.get(inside)).status_code == 404

    asyncio.run(look())


def test_scripts_and_styles_are_kept_by_nginx(site: Site) -> None:
    async def look() -> tuple[int, str]:
        async with site.client() as client:
            page = (await client.get("/")).text
            address = page.partition('href="/pages/')[2] or page.partition('src="/pages/')[2]
            assert address, "no script or style of ours in the page"
            for _ in range(2):
                found = await client.get("/pages/" + address.partition('"')[0])
            return found.status_code, found.headers["cache-control"]

    assert asyncio.run(look()) == (200, "public, max-age=31536000, immutable")
    kept = [path for path in (site.home.parent / "cache").rglob("*") if path.is_file()]
    assert any(b"/pages/" in path.read_bytes()[:2_000] for path in kept)


def test_a_visitor_who_floods_is_turned_away_by_nginx(site: Site) -> None:
    async def flood(visits: int) -> Counter[int]:
        async with site.client() as client:
            found = await asyncio.gather(*(client.get("/robots.txt") for _ in range(visits)))
            return Counter(response.status_code for response in found)

    counted = Counter[int]()
    while not counted[429]:  # a busy machine sends so slowly that all of the first may be let in
        counted += asyncio.run(flood(150))
        assert counted.total() < 20 * 150
    assert counted[200] >= 30
    # The next test's requests are let in again: 60 may come at once, and 20 a second are forgotten.
    time.sleep(4)
    assert not asyncio.run(flood(10))[429]


def test_a_killed_server_loses_no_question_and_none_is_logged_twice(site: Site) -> None:
    async def asked() -> list[tuple[int, str | None]]:
        async with site.client() as client:

            async def ask(number: int) -> tuple[int, str | None]:
                response = await client.post("/api/ask", json={"question": f"第{number}次：结成多少对？"})
                return response.status_code, response.json().get("short")

            under_way = [asyncio.create_task(ask(number)) for number in range(QUESTIONS)]
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            site.servers[0].kill()
            return list(await asyncio.gather(*under_way))

    assert asyncio.run(asked()) == [(200, "7对")] * QUESTIONS
    site.servers[1].send_signal(signal.SIGTERM)
    site.servers[1].wait(EXIT_SECONDS)
    with closing(sqlite3.connect(site.home / DATABASE)) as database:
        rows = database.execute("SELECT question FROM replies WHERE question LIKE '第%次：%'").fetchall()
    counted = Counter(question for (question,) in rows)
    assert max(counted.values()) == 1
    # What the killed server answered but had not yet written is the most that may be missing from the log.
    assert len(counted) >= QUESTIONS - 2
