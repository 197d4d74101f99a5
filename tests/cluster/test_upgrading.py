"""Two servers exchanged for those of a later version one at a time, whose database has more tables and columns."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from qa.storage.database import upgrading
from tests.cluster.test_away import asked, logged, until_ready_says
from tests.support.doubles.toy_program import LAST, REVISIONS
from tests.support.machines.cluster import Cluster
from tests.support.machines.nginx import NGINX

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not NGINX, reason="nginx is not installed (apt-get install nginx-light)"),
    pytest.mark.skipif("ROUNDS" not in os.environ, reason="make test-cluster runs it"),
]
LATER = "9999"
# What a revision may do, to tables that both versions write.
ADDING = f"""
from alembic import op

revision, down_revision = "{LATER}", "{upgrading.REVISIONS[-1]}"


def upgrade():
    for table in ("replies", "switches", "publications", "audit_end", "jobs", "visits"):
        op.execute(f"ALTER TABLE {{table}} ADD COLUMN later TEXT NOT NULL DEFAULT ''")
    op.execute("CREATE TABLE laters (name TEXT PRIMARY KEY)")
"""
UNDONE = (
    *(
        f"ALTER TABLE {table} DROP COLUMN later"
        for table in ("replies", "switches", "publications", "audit_end", "jobs", "visits")
    ),
    "DROP TABLE laters",
    f"UPDATE alembic_version SET version_num = '{upgrading.REVISIONS[-1]}'",
)


@pytest.fixture
def later(cluster: Cluster, tmp_path: Path) -> Iterator[dict[str, str]]:
    """What makes a server one of the later version; both are those of today again at the end."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrading.FOLDER, folder)
    (folder / "versions" / "r9999_later.py").write_text(ADDING, encoding="utf-8")
    before = [dict(server.settings) for server in cluster.servers]
    yield {REVISIONS: str(folder), LAST: LATER}
    for server in cluster.servers:
        server.kill()
    for statement in UNDONE:
        cluster.rows(statement)
    for server, settings in zip(cluster.servers, before, strict=True):
        server.settings = settings
        server.start()


def test_servers_are_exchanged_one_at_a_time_and_no_question_waits(cluster: Cluster, later: dict[str, str]) -> None:
    first, second = cluster.servers
    before = len(cluster.asked)
    questions = [f"第升{number}问：商会有多少家会员企业？" for number in range(24)]
    asking = Thread(target=lambda: [asyncio.run(cluster.ask(questions[one : one + 6], one)) for one in range(0, 24, 6)])
    asking.start()
    first.stop()
    first.settings = {**first.settings, **later}
    first.start()
    asking.join()
    assert cluster.rows("SELECT version_num FROM alembic_version")[0][0] == LATER
    cluster.database.control("stop", "-m", "fast")  # so that the older one has to open it anew
    cluster.database.control("start")
    names = [asked(server, f"第{server.port}升：商会有多少家会员企业？") for server in (second, first, second)]
    assert until_ready_says(second, 200) and logged(cluster, names) == names
    second.stop()
    ended = second.ends()
    assert ended[0] == 2 and "newer version" in ended[1], "an older one does not start over it"
    second.settings = {**second.settings, **later}
    second.start()
    longest = max(one.seconds for one in cluster.asked[before:])
    print(f"\nthe longest question of an upgrade took {longest:.1f} s")
    assert len(cluster.asked[before:]) == len(questions) and longest < 10
