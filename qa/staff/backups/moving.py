"""Moves what several servers share from files into the PostgreSQL of `QA_DATABASE_URL`.

It is the database, the audit log, and which snapshots are published.
"""

from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.files import locks
from index.snapshots.errors import StoreBusy
from index.snapshots.store import Store
from qa.publishing.board import Board
from qa.publishing.serving import SERVING, SNAPSHOTS, shared_store_of
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.storage.audit import HEAD, LOG, Audit
from qa.storage.audit_log.chain import split
from qa.storage.audit_log.files import content_of
from qa.storage.database import DATABASE, Connection, copying, open_database
from qa.storage.database.copying import Contents
from qa.storage.shared import files as shared
from qa.storage.shared import refreshes

# How the name of a file that was moved ends; the moment follows.
_MOVED = ".moved-"
MOVED = f"{DATABASE}{_MOVED}"


class MoveRefused(StaffRefused):
    """The database was not moved; neither the file nor the server has changed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, how many rows of each table, where the files are kept now, and the snapshots that were stored."""

    rows: dict[str, int]
    kept: tuple[Path, ...]
    snapshots: list[str]


def move_to_server(settings: Settings, *, who: str) -> Moved:
    """Move everything from the files into the empty PostgreSQL, compare both, and put the files aside.

    An installation of an earlier version, whose database is there already, has its audit log moved.

    Raises `MoveRefused` while a server or a refresh runs, where there is nothing to move, where the audit log is not
    whole, or where the PostgreSQL holds something already; `DatabaseUnfit`; `CopyDiffers`.
    """
    home = settings.home
    if not settings.database_url:
        raise MoveRefused("没有设 QA_DATABASE_URL，不知道要搬到哪里；请先设好（见 docs/operations.md）")
    files = [home / name for name in (DATABASE, LOG, HEAD) if (home / name).exists()]
    if not files and settings.snapshots_url and (shared_now := _share(settings, who)):
        Audit.of(settings).add(who, "database migrate", target=" ".join(shared_now))
        return Moved({}, (), shared_now)
    if not files:
        raise MoveRefused(f"{home / DATABASE}不存在，没有要搬的内容；直接启动服务即可")
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.held(home / SERVING, who=who, doing="move the database"))
            stack.enter_context(Store(home / SNAPSHOTS).refreshing(who=who))
        except locks.LockHeld as error:
            raise MoveRefused("服务正在运行；请先停下所有服务进程，再搬数据库") from error
        except StoreBusy as error:
            raise MoveRefused("正在刷新；请等它结束后再搬数据库") from error
        with closing(open_database(settings.database_url)) as server:
            moved = _moved(settings, server, who)
        stamp = f"{_MOVED}{datetime.now(UTC):%Y%m%d-%H%M%S}"
        kept = tuple(file.rename(file.with_name(f"{file.name}{stamp}")) for file in files)
        told_so = f"done: {told(moved)}"
        Audit.of(settings).add(who, "database migrate", target=kept[0].name, outcome=told_so)
    return Moved(moved, kept, _share(settings, who) if settings.snapshots_url else [])


def _share(settings: Settings, who: str) -> list[str]:
    """Store the snapshots that only this machine has for all servers; return their names."""
    store = shared_store_of(settings)
    with store.refreshing(who=who), store.writing(who=who):
        return store.share()


def _moved(settings: Settings, server: Connection, who: str) -> dict[str, int]:
    """Write all of it in one transaction; return how many rows each table has, the audit log included."""
    file = settings.home / DATABASE
    _check_log(settings, file if file.exists() else None)

    def take_over(target: Connection) -> None:
        shared.take_over(target, settings.home, settings.home / SNAPSHOTS, who=who)
        refreshes.take_over(target, Board(settings.home).kept())

    if file.exists():
        if there := _rows(copying.contents(server)):
            raise MoveRefused(f"那个 PostgreSQL 里已有内容（{told(there)}）；请另建一个空的数据库")
        with closing(open_database(file)) as source:
            rows = _rows(copying.fill(server, source, also=take_over))
    else:
        rows = {}
        with server.transaction():
            take_over(server)
    logged = len(split(content_of(settings.home)))
    if Audit(settings.home, settings.key_file, settings.database_url).copy()[0].count(b"\n") != logged:
        raise MoveRefused("操作日志搬过去以后与原来不同；请另建一个空的数据库，再试一次")
    return {**rows, "audit_log": logged} if logged else rows


def _check_log(settings: Settings, database: Path | None) -> None:
    """Raise `MoveRefused` for an audit log with signs of tampering that nobody has looked into."""
    log = Audit.in_files(settings.home, settings.key_file, database or settings.database_url)
    if new := log.tampering():
        raise MoveRefused(
            f"操作日志有问题，没有搬：{'；'.join(new)}。请先去掉 QA_DATABASE_URL，用 python -m qa audit --verify 核对，"
            "查明原因并确认以后再搬"
        )


def told(rows: dict[str, int]) -> str:
    """Return how many rows each table has, as a sentence for staff."""
    return "，".join(f"{table} {count}" for table, count in rows.items()) or "没有一行"


def _rows(contents: Contents) -> dict[str, int]:
    return {table: count for table, (count, _) in contents.items() if count}
