"""A server that cannot reach what the others share says so in a sentence and ends; none of its secrets are told."""

import os
import subprocess
from pathlib import Path

import pytest

from qa.runtime.settings import ROOT
from tests.support.doubles.toy_program import MODEL
from tests.support.machines.cluster import PROGRAM
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server
from tests.support.programs.serving import START_SECONDS, environment, free_port

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif("ROUNDS" not in os.environ, reason="make test-cluster runs it"),
]


def started(folder: Path, command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    documents = folder / "documents"
    documents.mkdir(exist_ok=True)
    (documents / "商会.md").write_text("# 合作\n\n商会有会员企业12家。\n", encoding="utf-8")
    named = {"QA_DOCUMENTS": str(documents), "QA_EMBEDDING_MODEL": MODEL, "QA_PORT": str(free_port()), **settings}
    variables = environment(folder / "network.txt", **named)
    return subprocess.run(
        [*PROGRAM, command], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=START_SECONDS
    )


def test_without_the_database(tmp_path: Path) -> None:
    url = "postgresql://wenda:geheim@127.0.0.1:1/wenda"
    ended = started(tmp_path, "serve", QA_HOME=str(tmp_path / "home"), QA_DATABASE_URL=url)
    assert ended.returncode == 2 and "Traceback" not in ended.stderr and "geheim" not in ended.stderr
    assert "连不上数据库" in ended.stderr.splitlines()[-1] and "QA_DATABASE_URL" in ended.stderr


def test_without_the_object_store_a_server_starts_from_its_copy_only(
    tmp_path: Path, postgresql_server: Server, object_store: ObjectStore
) -> None:
    shared = {"QA_DATABASE_URL": postgresql_server.new().get_secret_value()}
    made = started(tmp_path, "refresh", QA_HOME=str(tmp_path / "one"), QA_SNAPSHOTS_URL=object_store.new(), **shared)
    assert made.returncode == 0, made.stdout + made.stderr
    away = "s3+http://wenda:geheim@127.0.0.1:1/wenda"
    ended = started(tmp_path, "serve", QA_HOME=str(tmp_path / "other"), QA_SNAPSHOTS_URL=away, **shared)
    assert ended.returncode == 2 and "Traceback" not in ended.stderr and "geheim" not in ended.stderr
    assert "对象存储连不上" in ended.stderr.splitlines()[-1]
    unchanged = started(tmp_path, "refresh", QA_HOME=str(tmp_path / "one"), QA_SNAPSHOTS_URL=away, **shared)
    assert unchanged.returncode == 0 and "snapshot-000001" in unchanged.stdout, "its copy is compared with"
