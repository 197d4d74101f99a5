"""For all tests: what each uses sorts it, the network is closed but for the loopback, and passwords cost little."""

import asyncio
import faulthandler
import os
import shutil
import socket
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from index.embedding import bundled_model
from index.embedding.openvino_runtime import BulkNetwork, CompiledNetwork
from qa.runtime.settings import ROOT
from qa.staff.accounts import passwords
from tests.support.counts import FULL, count
from tests.support.doubles.web import GOLDEN, IN_ENGLISH, FakeAssistant, FakeSources, Status, answer, document, settings
from tests.support.memory import MEMORY, WHERE, has_room
from tests.support.programs.converted import Converted, converted_by_this_code
from tests.support.programs.network import NetworkClosed, outside
from tests.support.programs.serving import START_SECONDS, Served, serving
from tests.support.programs.use import left_out, makes_web_app, shared_by, starts_programs, without_long

GOLDEN_STEP = 12
SITE_ENDS = 5.0  # seconds; a minute was as vain, and no other test could run in it
# No time is measured: another program may have the processor.
hypothesis.settings.register_profile(
    "suite",
    max_examples=count(20, whole=200),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("suite")
# What a test uses says what it needs: nobody marks it.
SERVERS = ("postgresql_server", "object_store", "milvus_server")
MARKS = {"served": pytest.mark.slow, "browser": pytest.mark.browser, **dict.fromkeys(SERVERS, pytest.mark.long)}


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands a process the tests of a file at a time, or all that share the models, or all that share a browser."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return shared_by(ROOT / file) or file

    def remove_node(self, node: WorkerController) -> str | None:
        """Return the test during which a process ended; the next process runs the rest of its file, not it again."""
        ended: str | None = super().remove_node(node)
        for unit in self.workqueue.values():
            if ended in unit:
                unit[ended] = True
        return ended


class ClosedNetwork:
    """Refuses every call that would leave the machine; `refused` holds the hosts asked for."""

    def __init__(self) -> None:
        self.closed = False
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        host = outside(event, arguments) if self.closed else None
        if host is not None:
            self.refused.append(host)
            raise NetworkClosed(f"{event} to {host}: tests reach only the loopback")


class ModelsInPlace:
    """Opens the file with the real models for tests that are marked for it only."""

    def __init__(self, real: Callable[[], Path]) -> None:
        self._real = real
        self.allowed = True

    def __call__(self) -> Path:
        assert self.allowed, "This test opens the real models: let it use `served`, or a toy"
        return self._real()


MODELS = ModelsInPlace(bundled_model._source_file)


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of tests in memory, where there is room; the processes that run tests inherit the place."""
    if not hasattr(config, "workerinput") and has_room(MEMORY):
        os.environ.setdefault(WHERE, str(MEMORY))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Free the memory; after a failure it is kept until a later run, so that somebody may look."""
    factory = getattr(config, "_tmp_path_factory", None)
    used = getattr(factory, "_basetemp", None)
    passed = getattr(config, "tests_passed", False)
    if used and passed and not hasattr(config, "workerinput") and used.is_relative_to(MEMORY):
        shutil.rmtree(used, ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.tests_passed = exitstatus == 0  # type: ignore[attr-defined]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of which no test would be run: reading them loads PyTorch and Playwright."""
    return left_out(collection_path, config.option.markexpr) or None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, and put first what takes longest: what needs models, a browser, other programs."""
    if left := [] if FULL else [item for item in items if item.get_closest_marker("full")]:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("full")]
    for item in items:
        for fixture, mark in MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
        if isinstance(item, pytest.Function) and (makes_web_app(item.path) or starts_programs(item)):
            item.add_marker("long")
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: _place(item, long))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep the quick tests quick. Raises `UsageError` where reading them has loaded what takes seconds to import."""
    loaded = {"gradio", "torch"} & set(sys.modules)
    if without_long(session.config.option.markexpr) and loaded:
        told = "see makes_web_app in tests/support/programs/use.py, or mark all tests of the file long by `pytestmark`"
        raise pytest.UsageError(f"A quick test imports {' and '.join(sorted(loaded))}: {told}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the files that take longest, what they set up included, wherever the slowest tests are listed."""
    if not config.option.durations:
        return
    taken: defaultdict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                taken[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"slowest {config.option.durations} files of {sum(taken.values()):.0f} s")
    for file, seconds in sorted(taken.items(), key=lambda one: -one[1])[: config.option.durations]:
        terminalreporter.write_line(f"{seconds:.1f}s {file}")


def _place(item: pytest.Item, long: set[Path]) -> tuple[int, bool]:
    """Where a test stands: files stay whole, and those with a browser beside each other."""
    has_browser = item.get_closest_marker("browser") is not None
    if item.get_closest_marker("slow"):
        return 0, has_browser
    return (1 if has_browser else 2 if item.path in long else 3), False


def pytest_runtest_setup(item: pytest.Item) -> None:
    MODELS.allowed = item.get_closest_marker("slow") is not None


@pytest.fixture(scope="session", autouse=True)
def network() -> Iterator[ClosedNetwork]:
    closed = ClosedNetwork()
    sys.addaudithook(closed)
    closed.closed = True
    yield closed
    # An audit hook cannot be taken away again.
    closed.closed = False


@pytest.fixture(scope="session", autouse=True)
def models_where_they_belong() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled_model, "_source_file", MODELS)
        yield


@pytest.fixture(scope="session", autouse=True)
def scrypt_cost() -> Iterator[int]:
    """Keep passwords with less work than the program does, whose exponent this gives."""
    real = passwords._LOG2_N
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_LOG2_N", 4)
        yield real


@pytest.fixture(scope="session")
def compiled_once() -> Iterator[None]:
    """Compile each network once in this process, which takes longer than most tests with it."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("index.embedding.openvino", "index.embedding.running"):
            patch.setattr(f"{module}.CompiledNetwork", cache(CompiledNetwork))
        patch.setattr("index.embedding.openvino.BulkNetwork", cache(BulkNetwork))
        yield


@pytest.fixture(scope="session")
def converted(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    """Where the models lie that an earlier run unpacked and converted by the same code."""
    cache = getattr(pytestconfig, "cache", None)  # there is none with -p no:cacheprovider
    return converted_by_this_code(cache.mkdir("models") if cache else tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, compiled_once: None, converted: Converted) -> Iterator[Served]:
    """The real program over the shipped documents, set up once for all tests: from nothing, or from the models."""
    folder = tmp_path_factory.mktemp("served")
    converted.lend(folder / "home")
    # All golden questions would be asked before the first test; `test_quality_targets` asks them.
    golden = folder / "golden.jsonl"
    lines = (ROOT / "corpus" / "golden.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    golden.write_text("".join(lines[::GOLDEN_STEP]), encoding="utf-8")
    with serving(folder, QA_GOLDEN=str(golden)) as program:
        converted.keep(program.home)
        yield program


@dataclass
class Site:
    """The web app around a fake assistant, served on this machine: its address, its parts, its home."""

    assistant: FakeAssistant
    sources: FakeSources
    address: str
    home: Path


def _shows_examples(address: str) -> bool:
    with urllib.request.urlopen(address) as response:
        return 'class="offered"' in response.read().decode()


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # Here: Gradio, which the quick tests do without, takes seconds to import.
    import uvicorn

    from qa.web.application import create_app
    from qa.web.http.draining import stacks

    home = tmp_path_factory.mktemp("site")
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(FakeAssistant(), FakeSources(), f"http://127.0.0.1:{listener.getsockname()[1]}", home)
    chosen = settings(
        home,
        QA_ADDRESS_PER_MINUTE="0",
        QA_SESSION_PER_MINUTE="0",
        QA_KEPT_REPLIES="0",
        QA_CONTACT="区政务大厅 88888",
        QA_WIDGET_SITES="http://localhost:*",
        QA_OPERATOR="区政府办公室",
        QA_SITE_RECORDS="渝ICP备12345678号；政府网站标识码5001020001",
    )
    servers: list[uvicorn.Server] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        app = create_app(site.assistant, chosen, sources=site.sources, golden=[*GOLDEN, IN_ENGLISH])
        servers.append(uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)))
        await servers[0].serve(sockets=[listener])

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    # Examples are asked of the assistant once, with the reply of that moment: before a test brings another.
    deadline = time.monotonic() + START_SECONDS
    while not _shows_examples(site.address):
        assert time.monotonic() < deadline, "The first page shows no examples"
        time.sleep(0.05)
    yield site
    servers[0].should_exit = True
    # After the last test the app does not always come to its end. All are done then: the process leaves it behind.
    thread.join(timeout=SITE_ENDS)
    if thread.is_alive():
        print(f"The site on {site.address} has not ended. Its tasks:{stacks(loops[0])}", file=sys.stderr)
        faulthandler.dump_traceback(file=2)  # as a number: what stands in for standard error may have none
    listener.close()


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The site as new: whatever the test before made of its parts."""
    assistant = running_site.assistant
    assistant.reply, assistant.status, assistant.gate = answer, Status(), None
    running_site.sources.documents, running_site.sources.note = {"school.md": document()}, ""
    assistant.asked.clear()
    assistant.chosen.clear()
    yield running_site
    if assistant.gate:
        assistant.gate.set()
