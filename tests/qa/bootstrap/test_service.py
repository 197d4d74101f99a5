"""The parts are put together by a server that keeps nothing of what making them took."""

import os
import shutil
from pathlib import Path

import pytest

from index.embedding import bundled_model, openvino
from qa.answering.reader.opening import network_paths
from qa.bootstrap import service as bootstrap
from qa.runtime.settings import Settings, read
from tests.support.programs.serving import Served, environment, run

# What a server holds on its own documents, and what converting the networks fills besides.
MOST_MEGABYTES = 1700
OPEN = """
import os, pathlib, re, sys
import qa.runtime.offline
from qa.bootstrap import service
from qa.runtime import settings
if __name__ == "__main__":
    assistant = service.open_assistant(settings.read(os.environ), lambda text: print(text, file=sys.stderr))
    print(assistant.ask("在涪陵的浙资企业有多少家？").text)
    # Not getrusage(): its peak is that of whoever started the process, too.
    print(int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text()).group(1)) // 1024)
"""


@pytest.mark.full
def test_networks_that_vanished_are_converted_apart_from_the_server(served: Served, tmp_path: Path) -> None:
    shutil.copytree(served.home, tmp_path / "home", copy_function=os.link)
    networks = sorted((tmp_path / "home" / "models").rglob("openvino_model.*"))
    assert len(networks) == 2 * len(["embedder", "reader", "verifier"])
    vanished = networks
    for path in vanished:
        path.unlink()
    script = tmp_path / "open.py"
    script.write_text(OPEN, encoding="utf-8")
    ended = run(environment(tmp_path / "network.txt", QA_HOME=str(tmp_path / "home")), str(script))
    assert ended.returncode == 0, ended.stderr
    answer, megabytes = ended.stdout.splitlines()
    assert "237家" in answer
    assert int(megabytes) < MOST_MEGABYTES
    assert all(path.is_file() for path in vanished)


def test_a_network_is_missed_only_where_it_is_needed(tmp_path: Path) -> None:
    settings = read({"QA_HOME": str(tmp_path)})
    assert not bootstrap._converted(settings)
    for path in network_paths(tmp_path, bundled_model.FOLDER):
        _store(path)
        assert not bootstrap._converted(settings)
    _store(openvino.network_path(tmp_path))
    assert bootstrap._converted(settings)
    foreign: Settings = read({"QA_HOME": str(tmp_path / "other"), "QA_EMBEDDING_MODEL": "m", "QA_READER": "similarity"})
    assert bootstrap._converted(foreign)


def _store(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    path.with_suffix(".bin").touch()
