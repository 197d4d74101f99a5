"""Servers whose database or object store is away: they say so, go on answering, and lose nothing."""

import os
import time

import httpx2
import pytest

from tests.support.machines.cluster import SECONDS, AppServer, Cluster
from tests.support.machines.nginx import NGINX
from tests.support.programs.serving import START_SECONDS

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not NGINX, reason="nginx is not installed (apt-get install nginx-light)"),
    pytest.mark.skipif("ROUNDS" not in os.environ, reason="make test-cluster runs it"),
]


def ready(server: AppServer) -> httpx2.Response:
    return httpx2.get(f"{server.address}/readyz", timeout=60)


def asked(server: AppServer, question: str) -> str:
    """Return the receipt of a question."""
    response = httpx2.post(f"{server.address}/api/ask", json={"question": question}, timeout=60)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def until_ready_says(server: AppServer, status: int) -> httpx2.Response:
    deadline = time.monotonic() + SECONDS
    while (found := ready(server)).status_code != status:
        assert time.monotonic() < deadline, found.text
        time.sleep(0.1)
    return found


def logged(cluster: Cluster, names: list[str]) -> list[str]:
    """Return those of the receipts that are in the log once all are, in its order."""
    marks = ", ".join("?" for _ in names)
    deadline = time.monotonic() + SECONDS
    while True:
        rows = cluster.rows(f"SELECT id FROM replies WHERE id IN ({marks}) ORDER BY rowid", *names)
        if len(rows) == len(names) or time.monotonic() > deadline:
            return [row["id"] for row in rows]
        time.sleep(0.1)


def test_it_says_so_and_answers_and_what_it_answered_is_logged_once_in_its_order(cluster: Cluster) -> None:
    cluster.database.control("stop", "-m", "immediate")
    try:
        for server in cluster.servers:
            assert "数据库现在连不上" in until_ready_says(server, 503).json()["reason"]
        began = time.monotonic()
        names = {
            server.port: [
                asked(server, f"第断{server.port}之{number}问：商会有多少家会员企业？") for number in range(8)
            ]
            for server in cluster.servers
        }
        print(f"\n16 questions without the database: {time.monotonic() - began:.1f} s")
        cluster.servers[0].kill()
    finally:
        cluster.database.control("start")
    cluster.servers[0].start()
    for server in cluster.servers:
        until_ready_says(server, 200)
        expected = names[server.port]
        assert logged(cluster, expected) == expected
        again = cluster.rows("SELECT count(*) FROM replies WHERE question LIKE ?", f"第断{server.port}之%")
        assert again[0][0] == len(expected)


def test_without_the_object_store_they_say_so_and_one_starts_from_an_older_copy(cluster: Cluster) -> None:
    one, other = cluster.servers
    older = one.serves()
    one.kill()
    cluster.write(machine=1)
    newer = cluster.refreshed(machine=1)
    cluster.objects.stop()
    try:
        one.begin()
        until_it_listens(one)
        reason = until_ready_says(one, 503).json()["reason"]
        assert newer in reason and f"先由本机的{older}回答" in reason
        assert one.serves() == older
        asked(one, "第远1问：商会有多少家会员企业？")
        assert "对象存储现在连不上" in until_ready_says(other, 503).json()["reason"]
        asked(other, "第远2问：商会有多少家会员企业？")
    finally:
        cluster.objects.start()
    for server in cluster.servers:
        assert until_ready_says(server, 200).json()["snapshot"] == newer


def until_it_listens(server: AppServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ready(server)
            return
        except httpx2.TransportError:
            assert server.process and server.process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
