"""Two servers with homes of their own behind nginx, with one PostgreSQL and one object store, for the tests."""

import asyncio
import io
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from qa.publishing.serving import shared_folder_of, shared_store_of
from qa.runtime.settings import ROOT, Settings, read
from qa.staff.console import Console
from qa.staff.documents.files import DocumentExists
from qa.staff.permissions import Role
from qa.storage.database import Row, open_database
from tests.support.doubles.toy_program import EMBEDDING, MODEL, PAUSE, STEP
from tests.support.machines import nginx
from tests.support.machines.nginx import HOST, Nginx
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server
from tests.support.programs.serving import environment, free_port, wait_until_ready

SECONDS = 120.0  # on a machine that has much to do besides
SCHOOL, FIRMS = "学校.md", "商会.md"
PROGRAM = [sys.executable, "-m", "tests.support.doubles.toy_program"]


@dataclass
class AppServer:
    """One server of the product: started, told to stop, killed."""

    folder: Path
    port: int
    settings: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        variables = environment(self.folder / "network.txt", **self.settings, QA_PORT=str(self.port))
        with (self.folder / "log.txt").open("a") as log:
            self.process = subprocess.Popen([*PROGRAM, "serve"], cwd=ROOT, env=variables, stdout=log, stderr=log)

    def start(self) -> None:
        """Return when it is ready."""
        self.begin()
        self.wait()

    def wait(self) -> None:
        assert self.process
        wait_until_ready(self.process, f"{self.address}/readyz", self.folder / "log.txt")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Have it finish what it has received, and end."""
        assert self.process
        self.process.terminate()
        self.process.wait(SECONDS)

    def ends(self) -> tuple[int, str]:
        """Start it where it refuses to; return how it ended, and the last that it said."""
        self.begin()
        assert self.process
        code = self.process.wait(SECONDS)
        return code, (self.folder / "log.txt").read_text(encoding="utf-8").strip().splitlines()[-1]

    def serves(self) -> str:
        """Return the snapshot that it answers from."""
        ready = httpx2.get(f"{self.address}/readyz", timeout=30)
        return str(ready.json()["snapshot"])


@dataclass(frozen=True)
class Asked:
    """A question that was answered, how often it was sent until then, and how long that took."""

    question: str
    reply: dict[str, Any]
    request: str
    tries: int
    seconds: float


@dataclass
class Cluster:
    """All parts, and what the test has seen of them."""

    database: Server
    objects: ObjectStore
    servers: tuple[AppServer, AppServer]
    nginx: Nginx
    address: str
    settings: Settings
    editions: dict[str, int] = field(default_factory=dict)
    edition: int = 1000
    asked: list[Asked] = field(default_factory=list)

    def machine(self, number: int) -> Settings:
        """Return the settings of one machine."""
        return read(self.servers[number].settings)

    def write(self, machine: int = 0) -> int:
        """Upload the next edition of the documents on one machine; both hold its number."""
        self.edition += 1
        for name, text in ((SCHOOL, "两地学校结成{}对帮扶对子。"), (FIRMS, "商会有会员企业{}家。")):
            self.upload(name, f"# 合作\n\n{text.format(self.edition)}\n".encode(), machine=machine)
        return self.edition

    def upload(self, name: str, content: bytes, *, machine: int = 0) -> None:
        """Upload a file on one machine, in place of one that is there already."""
        settings = self.machine(machine)
        shared = shared_folder_of(settings)
        assert shared
        shared.follow()
        documents = Console(settings, who="王芳", role=Role.PUBLISHER).documents
        try:
            documents.upload(name, io.BytesIO(content))
        except DocumentExists as known:
            documents.upload(name, io.BytesIO(content), replacing=known.version)

    def refreshing(
        self, *, step: str = "", pause: float = 0.0, embedding: float = 0.0, machine: int = 0
    ) -> subprocess.Popen[str]:
        """Begin a refresh on one machine, which stays in a step, and over each batch of passages, for some seconds."""
        toys = {STEP: step, PAUSE: str(pause), EMBEDDING: str(embedding)}
        settings = {**self.servers[machine].settings, **toys}
        variables = environment(self.settings.home / "network.txt", **settings)
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        return subprocess.Popen([*PROGRAM, "refresh"], cwd=ROOT, env=variables, **pipes)

    def working(self, *, embedding: float, machine: int = 0) -> subprocess.Popen[bytes]:
        """Start a worker on one machine, which takes some seconds for each batch of passages."""
        settings = {**self.servers[machine].settings, EMBEDDING: str(embedding)}
        variables = environment(self.settings.home / "network.txt", **settings)
        with (self.servers[machine].folder / "worker.txt").open("a") as log:
            return subprocess.Popen([*PROGRAM, "worker"], cwd=ROOT, env=variables, stdout=log, stderr=log)

    def refreshed(self, machine: int = 0) -> str:
        """Publish on one machine what was written; return the name of its snapshot."""
        deadline = time.monotonic() + SECONDS
        while True:
            process = self.refreshing(machine=machine)
            told, _ = process.communicate(timeout=SECONDS)
            if process.returncode == 0:
                return told.strip().splitlines()[-1]
            assert time.monotonic() < deadline, told
            time.sleep(0.2)

    def commanded(self, *words: str, machine: int = 0) -> str:
        """Run a command of the program on one machine; return what it says."""
        server = self.servers[machine]
        variables = environment(server.folder / "network.txt", **server.settings)
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run([*PROGRAM, "qa", *words], cwd=ROOT, env=variables, timeout=SECONDS, **pipes)
        assert done.returncode == 0, done.stdout
        return str(done.stdout)

    def edition_of(self, snapshot: str) -> int:
        """Return which edition of the documents a snapshot holds."""
        if snapshot not in self.editions:
            document = shared_store_of(self.settings).document(snapshot, FIRMS)
            assert document
            self.editions[snapshot] = int("".join(filter(str.isdigit, document.text)))
        return self.editions[snapshot]

    def rows(self, statement: str, *values: Any) -> list[Row]:
        with closing(open_database(self.settings.database_url)) as connection:
            return list(connection.execute(statement, values))

    async def ask(self, questions: list[str], seed: int) -> None:
        """Ask all of them within some seconds, as several visitors; a broken connection is tried again."""
        choose = random.Random(seed)
        async with _visitors(self.address) as visitors:
            await asyncio.gather(*(self._ask(one, choose.choice(visitors), choose.random()) for one in questions))

    async def _ask(self, question: str, client: httpx2.AsyncClient, delay: float) -> None:
        await asyncio.sleep(delay)
        began, tries = time.monotonic(), 0
        while True:
            tries += 1
            try:
                response = await client.post("/api/ask", json={"question": question})
                if response.status_code == 200:
                    name = response.headers["x-request-id"]
                    self.asked.append(Asked(question, response.json(), name, tries, time.monotonic() - began))
                    return
                told = f"{response.status_code} {response.text[:200]}"
                assert response.status_code in (429, 502, 503, 504), told
            except httpx2.TransportError as error:
                told = repr(error)
            assert time.monotonic() - began < SECONDS, f"{question}: {told}"
            await asyncio.sleep(0.1)


class _visitors:
    """Clients with addresses of their own, which nginx counts each by itself."""

    def __init__(self, address: str) -> None:
        self._clients = [
            httpx2.AsyncClient(
                base_url=address,
                headers={"Host": HOST},
                timeout=60,
                transport=httpx2.AsyncHTTPTransport(verify=nginx.trusting(), local_address=f"127.0.2.{number}"),
            )
            for number in range(1, 7)
        ]

    async def __aenter__(self) -> list[httpx2.AsyncClient]:
        return self._clients

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.aclose()


@contextmanager
def started(folder: Path, database: Server, objects: ObjectStore) -> Iterator[Cluster]:
    """Run all of it during the block, with a first edition published."""
    further = {
        "QA_SHARE_DOCUMENTS": "yes",
        "QA_OFFER_FILES": "yes",
        "QA_DATABASE_URL": database.new().get_secret_value(),
        "QA_SNAPSHOTS_URL": objects.new(),
        "QA_EMBEDDING_MODEL": MODEL,
        "QA_ALLOWED_HOSTS": HOST,
        "QA_PROXIES": "127.0.0.1",
        "QA_ADDRESS_PER_MINUTE": "0",
        "QA_SESSION_PER_MINUTE": "0",
        "QA_KEPT_REPLIES": "0",
        "QA_ASKED_AGAIN": "0",
        "QA_KEEP": "1000",  # an answer of any round is opened again
    }
    servers = []
    for number in (1, 2):
        place = folder / f"machine{number}"
        (place / "documents").mkdir(parents=True)
        own = {"QA_HOME": str(place / "home"), "QA_DOCUMENTS": str(place / "documents")}
        servers.append(AppServer(place, free_port(), {**further, **own}))
    one, other = servers
    with ExitStack() as stack:
        ports = free_port(), free_port()
        nginx.configure(folder, ports, [server.address for server in servers])
        settings = read(one.settings)
        observer = settings.model_copy(update={"home": folder / "observer"})
        cluster = Cluster(
            database, objects, (one, other), Nginx(folder, ports[0]), f"https://127.0.0.1:{ports[0]}", observer
        )
        cluster.write()
        cluster.refreshed()
        for server in servers:
            stack.callback(server.kill)
            server.begin()
        for server in servers:
            server.wait()
        stack.callback(cluster.nginx.stop, signal.SIGKILL)
        cluster.nginx.start()
        yield cluster
