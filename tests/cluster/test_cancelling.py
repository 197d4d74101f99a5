"""A refresh that waits for a worker on another machine is cancelled from there, and the worker is free at once."""

import os
import time

import pytest

from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.shared.jobs import Jobs
from tests.cluster.test_rounds import LONG, both_serve, delete, wait_for
from tests.support.machines.cluster import SECONDS, Cluster
from tests.support.machines.nginx import NGINX

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not NGINX, reason="nginx is not installed (apt-get install nginx-light)"),
    pytest.mark.skipif("ROUNDS" not in os.environ, reason="make test-cluster runs it"),
]
OPEN = "SELECT number FROM jobs WHERE kind LIKE 'embed%'"


def test_it_ends_and_leaves_no_job(cluster: Cluster) -> None:
    sections = (f"# 第{number}节\n\n{cluster.edition}年，第{number}个渡口没有人读过。\n\n" for number in range(600))
    text = "".join(sections)
    cluster.upload(LONG, text.encode(), machine=0)
    worker = cluster.working(pause=600, machine=1)
    staff = Console(cluster.machine(1), who="李明", role=Role.PUBLISHER)
    try:
        wait_for(lambda: Jobs(cluster.settings.database_url).workers() == 1)
        refresh = cluster.refreshing(machine=0)
        # The refresh has done all others; the last one is held by the worker.
        wait_for(lambda: cluster.rows(OPEN) and not cluster.rows(f"{OPEN} FOR UPDATE SKIP LOCKED"))
        began = time.monotonic()
        assert staff.cancel()
        told, _ = refresh.communicate(timeout=SECONDS)
        print(f"\nended {time.monotonic() - began:.1f} s after it was cancelled from the other machine")
        assert refresh.returncode and "Cancelled" in told, told
        ended = staff.progress()
        assert ended and (ended["state"], ended["message"], ended["running"]) == ("interrupted", "刷新已取消", False)
        wait_for(lambda: not cluster.rows("SELECT 1 FROM jobs"))
        assert worker.poll() is None, "it waits for the next refresh"
    finally:
        worker.kill()
        worker.wait()
    both_serve(cluster, cluster.refreshed(machine=1))
    delete(cluster, LONG, machine=1)
