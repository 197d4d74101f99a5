"""The wheel holds all that runs, and what it installs leads from an empty folder to an answer."""

import json
import os
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

import zhefu_qa
from qa import __version__
from release.locks import ROOT
from release.wheel import ROOMS, build
from tests.support.programs.serving import START_SECONDS, STOP_SECONDS, Served, free_port, wait_until_ready
from zhefu_qa import wait_for_documents


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `zhefu-qa` in a fresh environment, which borrows the packages that it needs."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    shared = [path for path in sys.path if path.endswith("site-packages")]
    assert sysconfig.get_paths()["purelib"] in shared
    (packages / "shared.pth").write_text("\n".join(shared), encoding="utf-8")
    return folder / "bin" / "zhefu-qa"


def run(program: Path, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "PYTHON"))}
    return subprocess.run(
        [program, *arguments], cwd=folder, env={**known, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.long
def test_the_wheel_holds_every_file_of_the_rooms_but_what_trains_the_models(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    names = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert len(names) > 300
    assert {name for name in names - packed if not name.endswith(".xz")} == set()
    assert {"app.py", "zhefu_qa.py"} <= packed
    assert [name for name in packed if name.startswith(("tests", "benchmarks", "release"))] == []


@pytest.mark.long
def test_what_the_wheel_installs_knows_its_version_and_its_commands(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "version", "--json", folder=tmp_path)
    assert json.loads(told.stdout)["version"] == __version__
    helped = run(installed, "--help", folder=tmp_path).stdout
    assert "Usage: zhefu-qa" in helped and "serve " in helped and "refresh " in helped


@pytest.mark.full
def test_what_the_wheel_installs_answers(installed: Path, served: Served, tmp_path: Path) -> None:
    place = {"QA_HOME": str(served.home)}
    asked = run(installed, "ask", "浙江与涪陵在哪些方面有合作？", "--json", folder=tmp_path, **place)
    assert (asked.returncode, json.loads(asked.stdout)["status"]) == (0, "answered"), asked.stderr


def test_an_empty_folder_asks_for_a_first_document_and_goes_on_once_it_is_whole(tmp_path: Path) -> None:
    said: list[str] = []
    steps = iter([("表.xyz", "？"), ("通知.md", "# 通知"), ("通知.md", "# 通知\n\n周五放假。"), ("", "")])

    def copy_further(seconds: float) -> None:
        name, text = next(steps)
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")

    wait_for_documents(tmp_path, said.append, pause=copy_further)
    assert said[0] == zhefu_qa.EMPTY.format(folder=tmp_path)
    assert said[1].startswith("表.xyz：") and said[-1] == zhefu_qa.FOUND.format(count=1)
    assert (len(said), list(steps)) == (3, []), "the file that was still written to was not taken"


def test_a_folder_with_documents_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "通知.md").write_text("# 通知", encoding="utf-8")
    said: list[str] = []
    wait_for_documents(tmp_path, said.append)
    assert said == []


@pytest.mark.full
def test_an_empty_folder_leads_from_a_first_document_to_its_answer(
    installed: Path, served: Served, tmp_path: Path
) -> None:
    served.lend_models(tmp_path / "var")
    port, log = free_port(), tmp_path / "log.txt"
    known = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "PYTHON"))}
    with log.open("w") as output:
        process = subprocess.Popen(
            [installed, "serve"], cwd=tmp_path, env={**known, "QA_PORT": str(port)}, stdout=output, stderr=output
        )
    try:
        documents = tmp_path / "documents"
        wait_for(lambda: documents.is_dir() and str(documents) in log.read_text(encoding="utf-8"), process)
        (documents / "图书馆.md").write_text("# 图书馆\n\n区图书馆每周一闭馆。\n", encoding="utf-8")
        wait_until_ready(process, f"http://127.0.0.1:{port}/readyz", log)
        asked = {"question": "图书馆星期几闭馆？"}
        reply = httpx2.post(f"http://127.0.0.1:{port}/api/ask", json=asked, timeout=300).json()
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
    assert (reply["status"], reply["citations"][0]["document"]) == ("answered", "图书馆.md")
    assert "周一" in reply["text"]


def wait_for(seen: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not seen():
        assert process.poll() is None and time.monotonic() < deadline, "it ended, or said nothing"
        time.sleep(0.2)
