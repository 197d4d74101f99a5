"""No process outlives the one it works for, whichever signal ends that one and whatever it is busy with."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from qa.publishing.board import CANCEL
from qa.runtime import watchdog
from qa.runtime.settings import ROOT
from tests.support.counts import some
from tests.support.files import office_files
from tests.support.programs.serving import Served, environment, free_port

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL)
HARDEST = (signal.SIGTERM, signal.SIGKILL)
WAIT = 120.0  # seconds, on a machine with much else to do
# What stands in for the recognition of characters there does not end.
HANGING = Path(__file__).parents[2] / "support" / "doubles" / "hanging"


class Family:
    """A program and all processes that came of it, however they are related by now."""

    def __init__(self, *command: str, **settings: str) -> None:
        # Of this beginning, because a converting process gets no other variables.
        self._token = f"PYTHON_FAMILY={uuid4().hex}"
        name, _, value = self._token.partition("=")
        variables = {**environment(Path(os.devnull)), name: value, **settings}
        self.program = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def members(self) -> dict[int, str]:
        """The command lines of those alive, by process number."""
        alive = {}
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and self._token.encode() in (folder / "environ").read_bytes():
                    alive[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return alive

    def end(self) -> None:
        for number in self.members():
            os.kill(number, signal.SIGKILL)
        self.program.wait()


@pytest.fixture
def start() -> Iterator[Callable[..., Family]]:
    families: list[Family] = []

    def begin(*command: str, **settings: str) -> Family:
        families.append(Family(*command, **settings))
        return families[-1]

    yield begin
    for family in families:
        family.end()


def comes(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def working(folder: Path, kind: str, start: Callable[..., Family]) -> Family:
    """A program whose converting process hangs in native code, and does so already."""
    (folder / "documents").mkdir()
    (folder / "documents" / "扫描.png").write_bytes(office_files.image_file(size=(200, 160)))
    busy = folder / "busy"
    path = os.pathsep.join([str(HANGING), str(ROOT), str(folder)])
    os.mkfifo(busy)
    family = start("-m", "tests.support.programs.lingering", kind, str(folder), PYTHONPATH=path)
    assert comes(lambda: _is_read(busy)), "the converting process never came to the recognition of characters"
    return family


def _is_read(pipe: Path) -> bool:
    """Whether another process has the pipe open to read; both go on then."""
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        assert error.errno == errno.ENXIO
        return False
    return True


def test_the_family_of_a_program_is_seen_after_its_death(start: Callable[..., Family], tmp_path: Path) -> None:
    """The control of all others: a child that nothing ends is found."""
    family = start("-m", "tests.support.programs.lingering", "thoughtless", str(tmp_path))
    assert comes(lambda: len(family.members()) == 2)
    family.program.kill()
    family.program.wait()
    assert len(family.members()) == 1


@pytest.mark.parametrize("kind", ["server", "refresh"])
@pytest.mark.parametrize("ending", some(SIGNALS, part=HARDEST), ids=lambda ending: ending.name)
def test_whatever_ends_a_program_ends_all_that_work_for_it(
    ending: signal.Signals, kind: str, start: Callable[..., Family], tmp_path: Path
) -> None:
    family = working(tmp_path, kind, start)
    assert [line for line in family.members().values() if "corpus.conversion.child" in line]
    family.program.send_signal(ending)
    family.program.wait(WAIT)
    assert comes(lambda: not family.members()), family.members()
    assert (tmp_path / "interrupted").exists() == (ending is not signal.SIGKILL)


def test_a_signal_to_the_whole_group_is_heard_as_one(start: Callable[..., Family], tmp_path: Path) -> None:
    """As a terminal and a service manager send it: what works for the program leaves the ending to it."""
    family = working(tmp_path, "server", start)
    os.killpg(family.program.pid, signal.SIGTERM)
    family.program.wait(WAIT)
    assert comes(lambda: not family.members()), family.members()
    assert (tmp_path / "interrupted").exists()


def deaf(kind: str, folder: Path, start: Callable[..., Family]) -> Family:
    """A program that is in native code with Python's lock."""
    folder.mkdir()
    family = start("-m", "tests.support.programs.lingering", kind, str(folder))
    assert comes((folder / "deaf").exists)
    return family


def asked_by_signal(family: Family, folder: Path) -> None:
    family.program.send_signal(signal.SIGTERM)


def asked_by_cancel(family: Family, folder: Path) -> None:
    (folder / CANCEL).touch()


@pytest.mark.parametrize("ask", [asked_by_signal, asked_by_cancel])
def test_native_code_that_hears_nothing_does_not_keep_a_refresh_from_ending(
    ask: Callable[[Family, Path], None], start: Callable[..., Family], tmp_path: Path
) -> None:
    alone = deaf("deaf and alone", tmp_path / "alone", start)
    family = deaf("deaf", tmp_path / "watched", start)
    ask(alone, tmp_path / "alone")
    ask(family, tmp_path / "watched")
    assert family.program.wait(WAIT) == -signal.SIGKILL
    assert comes(lambda: not family.members()), family.members()
    assert alone.program.poll() is None


def test_a_cancellation_ends_a_conversion_that_hangs_and_what_is_under_way_ends_in_order(
    start: Callable[..., Family], tmp_path: Path
) -> None:
    family = working(tmp_path, "watched", start)
    (tmp_path / CANCEL).touch()
    assert family.program.wait(WAIT) == -signal.SIGINT and (tmp_path / "interrupted").exists()
    assert comes(lambda: not family.members()), family.members()


def test_a_cancellation_of_an_earlier_refresh_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / CANCEL).touch()
    os.utime(tmp_path / CANCEL, (1, 1))
    assert not watchdog._touched(tmp_path / CANCEL, 2.0)
    assert watchdog._touched(tmp_path / CANCEL, 1.0)


@pytest.mark.parametrize("ending", some(SIGNALS, part=[signal.SIGKILL]), ids=lambda ending: ending.name)
def test_a_server_ended_while_it_builds_its_first_index_leaves_nobody(
    ending: signal.Signals, start: Callable[..., Family], served: Served, tmp_path: Path
) -> None:
    served.lend_models(tmp_path)
    family = start("app.py", QA_HOME=str(tmp_path), QA_PORT=str(free_port()), QA_READER="similarity")
    assert comes(lambda: any("spawn_main" in line for line in family.members().values())), family.members()
    assert comes(lambda: (tmp_path / "progress.json").exists())
    family.program.send_signal(ending)
    family.program.wait(WAIT)
    assert comes(lambda: not family.members()), family.members()
