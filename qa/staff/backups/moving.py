"""Moves an installation's database from its file into the PostgreSQL of `QA_DATABASE_URL`."""

from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.files import locks
from index.snapshots.store import StoreBusy
from qa.publishing.serving import SERVING, store_of
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, copying, open_database
from qa.storage.database.copying import Contents

# How the name of a file that was moved begins; the moment follows.
MOVED = f"{DATABASE}.moved-"


class MoveRefused(StaffRefused):
    """The database was not moved; neither the file nor the server has changed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, how many rows of each table, and where the file is kept now."""

    rows: dict[str, int]
    kept: Path


def move_to_server(settings: Settings, *, who: str) -> Moved:
    """Move everything from the file into the empty PostgreSQL, compare both, and put the file aside.

    Raises `MoveRefused` while a server or a refresh runs, where there is nothing to move, or where the PostgreSQL holds
    something already; `DatabaseUnfit`; `CopyDiffers`.
    """
    file = settings.home / DATABASE
    if not settings.database_url:
        raise MoveRefused("没有设 QA_DATABASE_URL，不知道要搬到哪里；请先设好（见 docs/operations.md）")
    if not file.exists():
        raise MoveRefused(f"{file}不存在，没有要搬的内容；直接启动服务即可")
    with ExitStack() as stack:
        try:
            stack.enter_context(locks.held(settings.home / SERVING, who=who, doing="move the database"))
            stack.enter_context(store_of(settings.home).refreshing(who=who))
        except locks.LockHeld as error:
            raise MoveRefused("服务正在运行；请先停下所有服务进程，再搬数据库") from error
        except StoreBusy as error:
            raise MoveRefused("正在刷新；请等它结束后再搬数据库") from error
        with closing(open_database(file)) as source, closing(open_database(settings.database_url)) as server:
            if there := _rows(copying.contents(server)):
                raise MoveRefused(f"那个 PostgreSQL 里已有内容（{told(there)}）；请另建一个空的数据库")
            moved = _rows(copying.fill(server, source))
        kept = file.with_name(f"{MOVED}{datetime.now(UTC):%Y%m%d-%H%M%S}")
        file.rename(kept)
        Audit.of(settings).add(who, "database migrate", target=kept.name, outcome=f"done: {told(moved)}")
    return Moved(moved, kept)


def told(rows: dict[str, int]) -> str:
    """Return how many rows each table has, as a sentence for staff."""
    return "，".join(f"{table} {count}" for table, count in rows.items()) or "没有一行"


def _rows(contents: Contents) -> dict[str, int]:
    return {table: count for table, (count, _) in contents.items() if count}
