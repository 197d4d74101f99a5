"""Files that LibreOffice makes readable, in a process of its own that can be lost and reaches nothing."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from corpus.conversion import office, office_child, worker
from corpus.conversion.converter import Converter
from corpus.conversion.office import convert_with_office
from corpus.errors import Failed, FileProblem, Quarantined
from corpus.files.scan import File
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import LOADERS
from corpus.loaders.parts import libreoffice
from tests.support.counts import some
from tests.support.files import legacy_files, office_files
from tests.support.files.legacy_files import FORMATS, legacy_file

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[3]
Read = Callable[[Path, str, bytes], str]
installed = pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module", autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder for temporary files that other tests, which convert at the same time, leave alone."""
    tmp_path_factory.getbasetemp()  # is not to lie within it
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(scope="module")
def document_of(own_folder: None) -> Iterator[Read]:
    """Writes a file and reads its text; one process reads those of all tests, as in a refresh."""
    with Converter(DEFAULT_LIMITS) as conversion:

        def read(folder: Path, name: str, content: bytes) -> str:
            path = folder / name
            path.write_bytes(content)
            return conversion.convert(File(name, path, "", 0)).text

        yield read


def made(content: bytes, suffix: str, target: str = ".docx", limits: Limits = DEFAULT_LIMITS) -> bytes:
    return convert_with_office(content, suffix=suffix, target=target, limits=limits)


def left_behind() -> list[Path]:
    """The folders of conversions that nobody holds: those who test beside us hold theirs."""
    found = []
    for folder in Path(tempfile.gettempdir()).glob("qa-office-*"):
        with suppress(OSError), (folder / "lock").open("rb") as lock:  # held, or just being made or deleted
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if folder.exists():
                found.append(folder)
    return found


def test_a_folder_that_was_left_behind_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "qa-office-1").mkdir()
    (tmp_path / "qa-office-1" / "lock").touch()
    assert left_behind() == [tmp_path / "qa-office-1"]
    with (tmp_path / "qa-office-1" / "lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert left_behind() == []


@installed
@pytest.mark.parametrize("suffix", some(FORMATS, part=(".ppt", ".ods")))
def test_each_format_is_read_as_the_file_that_it_was_saved_from(suffix: str, tmp_path: Path, document_of: Read) -> None:
    target = LOADERS[suffix].office
    same = document_of(tmp_path, f"原{target}", legacy_files.ORIGINALS[target]())
    text = document_of(tmp_path, f"旧{suffix}", legacy_file(suffix))
    for sentence in office_files.SENTENCES if target != ".xlsx" else ("华峰产业园", "309.6"):
        assert sentence in text and sentence in same
    assert left_behind() == []


@pytest.mark.parametrize("suffix", [".doc", ".et", ".odp"])
def test_without_libreoffice_the_reason_names_what_to_install_or_to_save(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    path = tmp_path / f"旧{suffix}"
    path.write_bytes(b"PK\x03\x04" if suffix == ".odp" else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with Converter(DEFAULT_LIMITS) as conversion, pytest.raises(Failed) as raised:
        conversion.convert(File(path.name, path, "", 0))
    assert "apt-get install libreoffice" in str(raised.value) and raised.value.again
    assert f"另存为{LOADERS[suffix].office}" in str(raised.value)


@installed
@pytest.mark.parametrize("suffix", some(FORMATS, part=(".doc", ".ods")))
def test_a_damaged_file_is_a_reason(suffix: str, tmp_path: Path, document_of: Read) -> None:
    with pytest.raises(FileProblem, match="损坏|没有文字|LibreOffice读不出|内容却不是"):
        document_of(tmp_path, f"坏{suffix}", legacy_file(suffix)[:700])


@installed
@pytest.mark.parametrize("suffix", [".doc", ".xls", ".odt", ".ods"])
def test_a_password_is_a_reason(suffix: str, tmp_path: Path, document_of: Read) -> None:
    with pytest.raises(Quarantined, match="有密码"):
        document_of(tmp_path, f"密{suffix}", legacy_files.with_password(suffix))


@installed
def test_macros_are_a_reason(tmp_path: Path, document_of: Read) -> None:
    parts = office_files.unzipped(legacy_file(".odt"))
    with pytest.raises(Quarantined, match="宏"):
        document_of(tmp_path, "宏.odt", office_files.zip_file(parts | {"Basic/Standard/Module1.xml": b"<x/>"}))


@installed
@pytest.mark.parametrize(("suffix", "other"), [(".doc", ".xls"), (".xls", ".ppt"), (".odt", ".ods"), (".rtf", ".doc")])
def test_another_kind_of_file_than_the_suffix_says_is_a_reason(
    suffix: str, other: str, tmp_path: Path, document_of: Read
) -> None:
    with pytest.raises(Quarantined, match="内容却"):
        document_of(tmp_path, f"假{suffix}", legacy_file(other))


PROBE = """
import json, os, resource, socket, subprocess, sys
from pathlib import Path
from corpus.conversion import landlock, office_child
from corpus.limits import DEFAULT_LIMITS
folder, program, secret = map(Path, sys.argv[1:])
place = office_child._isolate(DEFAULT_LIMITS, folder, program)
landlock.restrict(place.rules())
outcomes = {"alone": not place.shares_tmp, "files": landlock.version() > 0}

def attempt(name, action):
    try:
        action()
        outcomes[name] = "done"
    except OSError as error:
        outcomes[name] = type(error).__name__

attempt("own", lambda: (place.folder / "x").write_text("x"))
attempt("read", lambda: secret.read_text())
attempt("write", lambda: secret.write_text("x"))
attempt("list", lambda: os.listdir(secret.parent))
attempt("environment of others", lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes())
attempt("program", lambda: subprocess.run(["/bin/true"]))
attempt("connect", lambda: socket.create_connection(("127.0.0.1", int(os.environ["PORT"])), timeout=2))
outcomes["nice"] = os.getpriority(os.PRIO_PROCESS, 0)
print(json.dumps(outcomes))
"""


def test_libreoffice_reads_and_writes_its_own_folder_alone_and_reaches_nothing(tmp_path: Path) -> None:
    folder, secret = tmp_path / "own", tmp_path / "elsewhere" / "secret.txt"
    folder.mkdir()
    secret.parent.mkdir()
    secret.write_text("secret", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        variables = {**os.environ, "PORT": str(listener.getsockname()[1])}
        command = [sys.executable, "-B", "-c", PROBE, str(folder), "/usr/bin/sleep", str(secret)]
        shown = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=True)
    outcomes = json.loads(shown.stdout)
    assert outcomes["own"] == "done" and outcomes["nice"] == 19  # the control
    if not outcomes["files"]:
        pytest.skip("The kernel has no Landlock")
    for name in ("read", "write", "list", "environment of others", "program", "connect"):
        assert outcomes[name] != "done", name
    assert secret.read_text(encoding="utf-8") == "secret"


@installed
def test_it_gets_no_secrets_with_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_LLM_KEY", "sk-hidden")
    seen = []

    class Recorded(worker.Worker):
        def send(self, content: bytes, seconds: float) -> None:
            super().send(content, seconds)
            seen.append(Path(f"/proc/{self._process.pid}/environ").read_bytes())

    monkeypatch.setattr(office, "Worker", Recorded)
    assert made(legacy_file(".rtf"), ".rtf")
    begun = [variables for variables in seen if variables]  # empty until the program has replaced its parent's copy
    assert begun and all(b"PATH=" in variables and b"hidden" not in variables for variables in begun)


@installed
def test_processor_time_and_the_clock_have_limits(tmp_path: Path) -> None:
    with pytest.raises(Quarantined, match="用了1秒处理器时间"):
        made(legacy_files.long_file(), ".rtf", limits=replace(DEFAULT_LIMITS, seconds=1.0))
    with pytest.raises(Quarantined, match="等了0.5秒"):
        made(legacy_file(".rtf"), ".rtf", limits=replace(DEFAULT_LIMITS, clock_seconds=0.5))
    assert left_behind() == []


@pytest.mark.parametrize(("spent", "told"), [(0.9, "用了1秒处理器时间"), (0.1, "读不出")])
def test_what_the_kernel_ended_a_tick_before_the_limit_is_not_called_damaged(
    spent: float, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice aborts at the limit of its time as it does where it crashes, which is the control."""
    used = SimpleNamespace(ru_utime=spent, ru_stime=0.0)
    monkeypatch.setattr(office_child, "_run", lambda *_: -signal.SIGABRT)
    monkeypatch.setattr("corpus.conversion.office_child.resource.getrusage", lambda _: used)
    place = office_child._Place(tmp_path, Path("/usr/bin/soffice"), shares_tmp=True)
    job = {"read_as": ".rtf", "target": ".docx"}
    with pytest.raises(FileProblem, match=told):
        office_child._converted(b"", job, place, replace(DEFAULT_LIMITS, seconds=1.0))


@installed
def test_memory_and_output_have_limits() -> None:
    with pytest.raises(Failed, match="读不出"):
        made(legacy_file(".rtf"), ".rtf", limits=replace(DEFAULT_LIMITS, office_megabytes=150))
    with pytest.raises(Quarantined, match="超过上限"):
        made(legacy_file(".rtf"), ".rtf", limits=replace(DEFAULT_LIMITS, megabytes=0))


def descendants(number: int) -> set[int]:
    """The processes that came of one, however deep."""
    parents = {}
    for folder in Path("/proc").iterdir():
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found: set[int] = set()
    while new := {child for child, parent in parents.items() if parent in found | {number}} - found:
        found |= new
    return found


def name_of(number: int) -> str:
    try:
        return Path(f"/proc/{number}/comm").read_text().strip()
    except OSError:
        return ""


WAITING = """
from corpus.conversion.office import convert_with_office
from corpus.limits import DEFAULT_LIMITS
from tests.support.files.legacy_files import long_file
convert_with_office(long_file(), suffix=".rtf", target=".docx", limits=DEFAULT_LIMITS)
"""


@installed
@pytest.mark.parametrize(
    "ending", some([signal.SIGKILL, signal.SIGINT], part=[signal.SIGKILL]), ids=lambda ending: ending.name
)
def test_libreoffice_ends_with_the_program_that_waits_for_it(ending: signal.Signals, tmp_path: Path) -> None:
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    program = subprocess.Popen([sys.executable, "-c", WAITING], cwd=ROOT, env=variables, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    alive = descendants(program.pid)
    while "soffice.bin" not in map(name_of, alive):
        assert program.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
        alive = descendants(program.pid)
    program.send_signal(ending)
    program.wait(60)
    while any(name_of(number) for number in alive):
        assert time.monotonic() < deadline, alive
        time.sleep(0.05)
    left = list(tmp_path.glob("qa-office-*"))
    assert bool(left) == (ending is signal.SIGKILL)
    monkeypatched = tempfile.tempdir
    try:
        tempfile.tempdir = str(tmp_path)  # what was left behind goes with the next conversion
        assert made(legacy_file(".rtf"), ".rtf") and not list(tmp_path.glob("qa-office-*"))
    finally:
        tempfile.tempdir = monkeypatched
