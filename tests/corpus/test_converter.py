"""Conversion happens in a process that can be lost, and that can neither write nor reach the network."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.conversion import converter
from corpus.conversion.convert import convert
from corpus.conversion.converter import Converter
from corpus.conversion.isolation import NICENESS
from corpus.conversion.messages import MessageBroken, packed, unpack
from corpus.document import Document
from corpus.errors import Failed, Quarantined
from corpus.files.scan import File, file_hash
from corpus.limits import DEFAULT_BUDGET, DEFAULT_LIMITS, Limits
from corpus.loaders import Loader
from corpus.read import FileStatus, read
from tests.support.files import office_files
from tests.support.files.container_files import gbk_zip

ROOT = Path(__file__).parents[2]
# What stands in for the recognition of characters there does not end.
HANGING = Path(__file__).parents[1] / "support" / "doubles" / "hanging"
# One that recognises nothing and keeps the memory that recognition takes.
HUNGRY = Path(__file__).parents[1] / "support" / "doubles" / "hungry"


def put(folder: Path, name: str, content: bytes) -> File:
    path = folder / name
    path.write_bytes(content)
    return File(name, path, file_hash(content, b""), len(content))


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["converter._Child"]]:
    """All converting processes that a test starts."""
    started: list[converter._Child] = []

    class Recorded(converter._Child):
        def __init__(self, limits: Limits) -> None:
            super().__init__(limits)
            started.append(self)

    monkeypatch.setattr(converter, "_Child", Recorded)
    yield started
    assert all(part._process.poll() is not None for part in started)


def test_files_within_another_whose_turn_comes_too_late_say_so(tmp_path: Path) -> None:
    archive = put(tmp_path, "包.zip", gbk_zip({"甲.txt": "甲".encode(), "乙.txt": "乙".encode()}))
    with Converter(DEFAULT_LIMITS) as conversion:
        late, all_of_them = conversion.open(archive, seconds=-1.0), conversion.open(archive, seconds=60.0)
    assert ["还没有看到它" in str(one.problem) for one in late] == [True, True]
    assert [one.document and one.document.text for one in all_of_them] == ["甲", "乙"]


def test_one_process_converts_all_files(tmp_path: Path, child: list["converter._Child"]) -> None:
    files = [put(tmp_path, f"{number}.docx", office_files.docx_file()) for number in range(3)]
    with Converter(DEFAULT_LIMITS) as conversion:
        documents = [conversion.convert(file) for file in files]
    assert [document.title for document in documents] == [office_files.TITLE] * 3
    assert [document.file_sha256 for document in documents] == [file.sha256 for file in files]
    assert len(child) == 1


def test_small_texts_need_no_process(tmp_path: Path, child: list["converter._Child"]) -> None:
    with Converter(DEFAULT_LIMITS) as conversion:
        conversion.convert(put(tmp_path, "小.txt", "涪陵。".encode()))
        assert child == []
        conversion.convert(put(tmp_path, "大.txt", "涪陵。".encode() * 20_000))
        assert len(child) == 1


def test_the_process_is_replaced_after_so_many_files(
    tmp_path: Path, child: list["converter._Child"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converter, "FILES_A_CHILD", 2)
    with Converter(DEFAULT_LIMITS) as conversion:
        for number in range(5):
            conversion.convert(put(tmp_path, f"{number}.html", office_files.html_file()))
    assert len(child) == 3


def test_a_process_that_dies_costs_one_file(tmp_path: Path, child: list["converter._Child"]) -> None:
    with Converter(DEFAULT_LIMITS) as conversion:
        conversion.convert(put(tmp_path, "一.html", office_files.html_file()))
        child[0]._process.send_signal(signal.SIGSEGV)
        child[0]._process.wait()
        with pytest.raises(Failed, match="异常中止"):
            conversion.convert(put(tmp_path, "二.html", office_files.html_file()))
        assert conversion.convert(put(tmp_path, "三.html", office_files.html_file())).text
    assert len(child) == 2


def test_a_process_that_the_kernel_kills_says_nothing_of_the_file(
    tmp_path: Path, child: list["converter._Child"]
) -> None:
    with Converter(DEFAULT_LIMITS) as conversion:
        conversion.convert(put(tmp_path, "一.html", office_files.html_file()))
        child[0]._process.kill()
        child[0]._process.wait()
        with pytest.raises(Failed, match="下次会再试") as raised:
            conversion.convert(put(tmp_path, "二.html", office_files.html_file()))
    assert raised.value.again and "损坏" not in str(raised.value)


def test_what_recognises_pictures_leaves_its_memory_to_no_other_file(
    tmp_path: Path, child: list["converter._Child"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recognition maps more than other files may have, and what is imported after it finds no room."""
    monkeypatch.setenv("PYTHONPATH", str(HUNGRY))
    with Converter(DEFAULT_LIMITS) as conversion:
        with pytest.raises(Quarantined, match="没有文字"):
            conversion.convert(put(tmp_path, "扫描.png", office_files.image_file(size=(200, 160))))
        assert conversion.convert(put(tmp_path, "文.docx", office_files.docx_file())).title == office_files.TITLE
    assert len(child) == 2


@pytest.mark.parametrize(
    "error", [ImportError("failed to map segment from shared object"), OSError(errno.ENOMEM, "no memory")]
)
def test_what_the_machine_lacks_is_no_damage_of_the_file(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(self: Loader, *_: object) -> Document:
        raise raising

    monkeypatch.setattr(Loader, "load", load)
    raising = error
    with pytest.raises(Failed, match="下次会再试") as lacking:
        convert("一.txt", "涪陵。".encode(), DEFAULT_BUDGET)
    raising = ValueError("bad")
    with pytest.raises(Failed, match="已损坏") as damaged:
        convert("一.txt", "涪陵。".encode(), DEFAULT_BUDGET)
    assert (lacking.value.again, damaged.value.again) == (True, False)


def test_a_process_that_hangs_is_ended(
    tmp_path: Path, child: list["converter._Child"], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Converter(DEFAULT_LIMITS) as conversion:
        conversion.convert(put(tmp_path, "一.html", office_files.html_file()))
        os.kill(child[0]._process.pid, signal.SIGSTOP)  # as good as hung
        with monkeypatch.context() as hung:  # one that works may take as long as the machine needs
            for waiting in (conversion, child[0]):
                hung.setattr(waiting, "_limits", replace(DEFAULT_LIMITS, clock_seconds=1.0))
            with pytest.raises(Quarantined, match="等了1秒"):
                conversion.convert(put(tmp_path, "二.html", office_files.html_file()))
        assert conversion.convert(put(tmp_path, "三.html", office_files.html_file())).text


def test_processor_time_has_a_limit_in_native_code_too(
    tmp_path: Path, child: list["converter._Child"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HANGING))
    with Converter(replace(DEFAULT_LIMITS, seconds=1.0)) as conversion:
        with pytest.raises(Quarantined, match="用了1秒处理器时间"):
            conversion.convert(put(tmp_path, "扫描.png", office_files.image_file(size=(200, 160))))
        assert conversion.convert(put(tmp_path, "好.html", office_files.html_file())).text
    assert len(child) == 2


def test_the_process_gets_no_secrets_with_its_environment(
    tmp_path: Path, child: list["converter._Child"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_LLM_KEY", "sk-hidden")
    monkeypatch.setenv("DATABASE_PASSWORD", "hidden, too")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with Converter(DEFAULT_LIMITS) as conversion:
        conversion.convert(put(tmp_path, "一.html", office_files.html_file()))
        known = Path(f"/proc/{child[0]._process.pid}/environ").read_bytes()
    assert b"LC_ALL=C.UTF-8" in known and b"PATH=" in known
    assert b"hidden" not in known and b"QA_" not in known


def test_a_process_that_cannot_start_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(tmp_path, "一.html", office_files.html_file())
    with Converter(DEFAULT_LIMITS) as conversion:
        with monkeypatch.context() as changed:
            changed.setattr(sys, "executable", "/bin/false")
            with pytest.raises(Failed, match="启动不了"):
                conversion.convert(file)
            changed.setattr(sys, "executable", "/nowhere")
            with pytest.raises(Failed, match="启动不了"):
                conversion.convert(file)
        assert conversion.convert(file).text


def test_conversion_gives_way_to_answers(tmp_path: Path, child: list["converter._Child"]) -> None:
    with Converter(DEFAULT_LIMITS) as conversion:
        conversion.convert(put(tmp_path, "一.html", office_files.html_file()))
        assert os.getpriority(os.PRIO_PROCESS, child[0]._process.pid) >= NICENESS


def test_memory_has_a_limit(tmp_path: Path) -> None:
    with Converter(replace(DEFAULT_LIMITS, memory_megabytes=100)) as conversion:
        with pytest.raises(Quarantined, match="内存"):
            conversion.convert(put(tmp_path, "大.txt", "涪陵。".encode() * 4_000_000))
        assert conversion.convert(put(tmp_path, "小.html", office_files.html_file())).text


def test_one_bad_file_never_stops_a_reading(tmp_path: Path) -> None:
    put(tmp_path, "好.docx", office_files.docx_file())
    put(tmp_path, "坏.docx", office_files.docx_file()[:900])
    put(tmp_path, "错.pdf", b"%PDF-1.7\n" + b"\x00" * 100)
    put(tmp_path, "真.pdf", office_files.pdf_file())
    put(tmp_path, "密.pdf", office_files.pdf_file(password="x"))
    statuses = {file.name: (file.status, file.reason) for file in read(tmp_path).files}
    assert [name for name, (status, _) in statuses.items() if status is FileStatus.INDEXED] == ["好.docx", "真.pdf"]
    assert statuses["坏.docx"][0] is statuses["错.pdf"][0] is FileStatus.FAILED
    assert statuses["密.pdf"] == (FileStatus.QUARANTINED, "文件有密码；请取消密码后另存再放入")


def test_what_the_process_sends_is_only_data(tmp_path: Path) -> None:
    content = packed({"甲": "\udcff"}, b"body")
    position = 0

    def take(size: int) -> bytes:
        nonlocal position
        position += size
        return content[position - size : position]

    assert unpack(take, longest=100) == ({"甲": "\udcff"}, b"body")
    for broken in (b"\x00\x00\x00\x02\x00\x00\x00\x00[]", b"\xff" * 8, b"\x00\x00\x00\x01\x00\x00\x00\x00{"):
        content, position = broken, 0
        with pytest.raises(MessageBroken):
            unpack(take, longest=100)


PROBE = """
import json, os, socket, sys, tempfile
from corpus.conversion.isolation import allow, isolate
open({path!r} + "-control", "w").write("x")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    control.sendto(b"x", ("127.0.0.1", 9))
network = isolate(most_megabytes=1000)
allow(memory_megabytes=200, seconds=60)
from corpus.conversion import child
import docx, openpyxl, pptx, pypdfium2, lxml.etree
outcomes = {{"network": network, "heavy": sorted({{"torch", "gradio", "faiss"}} & set(sys.modules))}}
outcomes["interfaces"] = [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]]

def attempt(name, action):
    try:
        action()
        outcomes[name] = "done"
    except (OSError, MemoryError) as error:
        outcomes[name] = type(error).__name__

attempt("write", lambda: open({path!r}, "w").write("x"))
attempt("append", lambda: os.write(os.open({path!r} + "-control", os.O_APPEND | os.O_WRONLY), b"y"))
attempt("remove", lambda: os.remove({path!r} + "-control"))
attempt("socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)))
attempt("look up", lambda: socket.getaddrinfo("example.org", 80))
attempt("program", lambda: os.system("true"))
attempt("memory", lambda: bytearray(400_000_000))
print(json.dumps(outcomes))
"""


def probe(path: Path) -> dict[str, object]:
    code = PROBE.format(path=str(path))
    shown = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    outcomes: dict[str, object] = json.loads(shown.stdout)
    return outcomes


def test_the_process_can_neither_write_nor_connect_nor_start_programs(tmp_path: Path) -> None:
    outcomes = probe(tmp_path / "x")
    attempts = ("write", "append", "remove", "socket", "look up", "program")
    assert [outcomes[name] for name in attempts] == ["PermissionError"] * 6
    assert outcomes["memory"] == "MemoryError"
    assert outcomes["heavy"] == []
    assert [path.name for path in tmp_path.iterdir()] == ["x-control"]


def test_where_the_kernel_permits_it_the_process_has_no_network_at_all(tmp_path: Path) -> None:
    permitted = subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0
    permitted |= subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True).returncode == 0
    outcomes = probe(tmp_path / "x")
    assert outcomes["network"] == ("namespace" if permitted else "hook")
    if permitted:
        assert outcomes["interfaces"] == ["lo"]


def test_the_kernel_refuses_to_write_where_no_python_code_is_asked(tmp_path: Path) -> None:
    code = (
        "import ctypes, os; from corpus.conversion.isolation import isolate\n"
        f"descriptor = os.open({str(tmp_path / 'x')!r}, os.O_CREAT | os.O_WRONLY)\n"
        "libc = ctypes.CDLL(None)\nassert libc.write(descriptor, b'x', 1) == 1\n"
        "isolate(most_megabytes=1000)\nassert libc.write(descriptor, b'y', 1) == -1\n"
    )
    subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, check=True)
    assert (tmp_path / "x").read_bytes() == b"x"


def test_a_quarantine_reason_comes_through_the_process(tmp_path: Path) -> None:
    with Converter(DEFAULT_LIMITS) as conversion, pytest.raises(Quarantined, match="没有文字"):
        conversion.convert(put(tmp_path, "空.html", b"<html></html>"))
