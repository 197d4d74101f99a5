"""A PostgreSQL of its own for the tests, which runs while they do: of `POSTGRESQL_PROGRAMS`, or Debian's."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from qa.storage.database import Connection, DatabaseError, opening, upgrading
from qa.storage.database.copying import TABLES
from tests.support.programs.serving import free_port

WHY_NOT = "PostgreSQL is not installed (apt-get install postgresql), or /dev/null is closed to its account"
# It refuses to run as root; programs that are named see to that themselves.
_USER = "postgres" if os.geteuid() == 0 and "POSTGRESQL_PROGRAMS" not in os.environ else None
# What only several servers need.
SHARED = (
    "audit_log",
    "audit_end",
    "audit_put_aside",
    "publications",
    "stored_snapshots",
    "snapshot_notes",
    "lock_holders",
    "visits",
    "document_files",
    "jobs",
    "refresh_notes",
)
_NUMBERS = count()


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where it is missing."""
    named = os.environ.get("POSTGRESQL_PROGRAMS")
    # Where something closed /dev/null to others, not even its first start works as another user.
    if _USER and not Path(os.devnull).stat().st_mode & 0o002:
        return None
    found = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


@dataclass(slots=True)
class Server:
    """A running PostgreSQL; its order of texts is not that of their bytes, as in an office's may be."""

    folder: Path
    port: int
    free: list[sa.Engine] = field(default_factory=list)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://wenda:secret@127.0.0.1:{self.port}/{database}"

    def new(self) -> SecretStr:
        """Make an empty database and return its address."""
        name = f"test_{next(_NUMBERS)}"
        self.command(f"CREATE DATABASE {name}")
        return SecretStr(self.url(name))

    def lent(self) -> sa.Engine:
        """Return a database with empty tables, to be given back."""
        if self.free:
            return self.free.pop()
        engine = opening._server_engine.__wrapped__(self.new().get_secret_value())
        upgrading.upgrade_server(Connection(engine))
        return engine

    def give_back(self, engine: sa.Engine) -> None:
        # A new database for every test would write megabytes for each.
        try:
            with Connection(engine).raw() as inner:  # without the triggers that keep the audit log
                inner.exec_driver_sql("SET session_replication_role = replica")
                inner.exec_driver_sql(f"TRUNCATE {', '.join((*TABLES, *SHARED))} RESTART IDENTITY")
                inner.exec_driver_sql("RESET session_replication_role")
            self.free.append(engine)
        except DatabaseError:  # the test took a table away
            engine.dispose()

    def command(self, statement: str) -> None:
        """Run a statement outside of transactions."""
        engine = sa.create_engine(self.url().replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.pool.NullPool)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)

    def kill(self) -> None:
        """Kill its first process, as when memory ran out; return once all are gone and it can be started again."""
        known = self.folder / "data" / "postmaster.pid"
        first = int(known.read_text().split()[0])
        processes = [first, *_children(first)]
        os.kill(first, signal.SIGKILL)
        while any(Path(f"/proc/{process}").exists() and not _is_dead(process) for process in processes):
            time.sleep(0.05)
        for locked in (known, *self.folder.glob(".s.PGSQL.*.lock")):
            locked.unlink(missing_ok=True)  # where nobody asks how it ended, its number seems to be in use

    def control(self, *words: str) -> None:
        """Have the server started or stopped."""
        # Engines keep connections to the end, more than the usual 100. Closing them earlier would hit what still runs.
        more = "-c max_connections=500 -c fsync=off"
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 {more} -k {self.folder}"
        _run("pg_ctl", "-D", self.folder / "data", "-w", "-o", options, "-l", self.folder / "log", *words)


@contextmanager
def started() -> Iterator[Server]:
    """Run a new PostgreSQL during the block."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        if _USER:
            shutil.chown(folder, _USER)
        password = folder / "password"
        password.write_text("secret")
        password.chmod(0o644)
        by_rules = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh-CN", "--encoding=UTF8")
        login = ("--auth=scram-sha-256", "--username=wenda", f"--pwfile={password}")
        _run("initdb", "-D", folder / "data", "--no-sync", *by_rules, *login)
        server = Server(folder, free_port())
        server.control("start")
        try:
            with _engines_closed():
                yield server
        finally:
            with suppress(RuntimeError):
                server.control("stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _engines_closed() -> Iterator[None]:
    """Keep every engine until the end of the block, and close its connections then.

    The program has one for each address that its settings name. Tests have more than it keeps; the others would be
    collected with open connections, and warn of it in whatever test runs then.
    """
    made: list[sa.Engine] = []
    make = opening._server_engine.__wrapped__

    @cache
    def engine(url: str) -> sa.Engine:
        made.append(make(url))
        return made[-1]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(opening, "_server_engine", engine)
        yield
    for one in made:
        one.dispose()


@contextmanager
def used(server: Server) -> Iterator[None]:
    """Let every file that is opened as a database be a database of the server instead."""
    known: dict[Path, sa.Engine] = {}

    def engine(path: Path, _: float) -> sa.Engine:
        if path not in known:
            known[path] = server.lent()
        return known[path]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(opening, "_file_engine", engine)
        patched.setattr(upgrading, "upgrade_file", lambda connection, path: upgrading.upgrade_server(connection))
        yield
    for one in known.values():
        server.give_back(one)


def _children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _is_dead(process: int) -> bool:
    """Return whether a process has ended, though nobody has asked how yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _run(program: str, *words: Any) -> None:
    folder = programs()
    assert folder
    done = subprocess.run(
        [folder / program, *map(str, words)], user=_USER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/"
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout.decode(errors='replace')}")
