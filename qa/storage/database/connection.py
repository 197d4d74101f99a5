"""A connection to either engine. Statements are text that both read; marks are `?` by place or `:name`.

Some habits keep them readable to both: `count(*) FILTER`, `RETURNING`, `ON CONFLICT`; no column that is neither
grouped nor counted; `end` in quotes; `replies.rowid`, which grows with every row, as the short name of a reply.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qa.runtime.errors import DatabaseBusy, DatabaseError, DatabaseUnreachable, DatabaseUnstorable

if TYPE_CHECKING:  # it takes a fifth of a second to import, and many commands open no database
    import sqlalchemy as sa

SQLITE, POSTGRESQL = "sqlite", "postgresql"
Values = Mapping[str, Any] | Sequence[Any]
# PostgreSQL's own lock, which whoever writes together holds: any number, the same in every server.
_WRITING = 7_860_001
_READ_ONLY = "25006"  # of a standby, which a failover left an address to
_LOCKED = "55P03"  # PostgreSQL's code for a lock that was not free in time
# How codes of PostgreSQL begin for malformed data, broken rules of a table, and what is larger than its limits.
_UNSTORABLE = ("22", "23", "54")


class Row:
    """A row; its values are found by place and by the name of their column."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int], values: tuple[Any, ...]) -> None:
        self._places = places
        self._values = values

    def __getitem__(self, key: int | str) -> Any:
        return self._values[self._places[key] if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> Iterable[str]:
        """Return the names of the columns."""
        return self._places.keys()


class Rows(Iterator[Any]):
    """The rows that a statement returned, each a `Row` and given once; `rowcount` counts those that it wrote."""

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[Any]], rowcount: int) -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._rows = iter(rows)
        self.rowcount = rowcount

    def __next__(self) -> Row:
        return Row(self._places, tuple(next(self._rows)))

    def fetchone(self) -> Any:
        """Return the next row; None if there is none."""
        return next(self, None)

    def fetchall(self) -> list[Any]:
        """Return the rows that were not given yet."""
        return list(self)


class Connection:
    """Runs statements, each of which commits by itself, outside of `together`. One thread at a time.

    On SQLite it is one connection until `close`. On PostgreSQL each statement borrows one that answers, so that a
    holder goes on after the database was restarted. Every failure is a `DatabaseError`, whose message holds no values.
    """

    def __init__(self, engine: "sa.Engine") -> None:
        self._engine = engine
        self._lasting = engine.dialect.name == SQLITE
        self._inner = _connected(engine) if self._lasting else None

    @property
    def engine(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    def execute(self, statement: str, values: Values = ()) -> Rows:
        """Run a statement and return all its rows at once."""
        with self._using() as inner:
            if self._lasting:  # SQLite reads both kinds of marks itself, which saves a third of the time
                result = inner.exec_driver_sql(statement, values if isinstance(values, Mapping) else tuple(values))
            else:
                result = inner.execute(*_prepared(statement, values))
            if not result.returns_rows:
                return Rows((), (), result.rowcount)
            return Rows(tuple(result.keys()), result.fetchall(), result.rowcount)

    def executemany(self, statement: str, many: Iterable[tuple[Any, ...]]) -> None:
        """Run a statement once for each of many values."""
        every = list(many)
        if not every:
            return
        with self._using() as inner:
            if self._lasting:
                inner.exec_driver_sql(statement, every)
            else:
                prepared = [_prepared(statement, values) for values in every]
                inner.execute(prepared[0][0], [named for _, named in prepared])

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read in the block as of one moment, while others write."""
        with self._between("BEGIN" if self._lasting else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"):
            yield

    @contextmanager
    def transaction(self, *, lock: int = _WRITING, seconds: float | None = None) -> Iterator[None]:
        """See `together`; on PostgreSQL wait so many `seconds` for another who holds the same lock.

        Raises `DatabaseBusy`.
        """
        with self._between("BEGIN IMMEDIATE" if self._lasting else "BEGIN"):
            if not self._lasting:
                if seconds is not None:
                    self.execute(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")
                self.execute("SELECT pg_advisory_xact_lock(?)", (lock,))
            yield

    @contextmanager
    def _between(self, begin: str) -> Iterator[None]:
        held = self._inner or _connected(self._engine)
        before, self._inner = self._inner, held
        try:
            self.execute(begin)
            try:
                yield
            except BaseException:
                self.execute("ROLLBACK")
                raise
            self.execute("COMMIT")
        finally:
            self._inner = before
            if before is None:
                held.close()

    @contextmanager
    def raw(self) -> "Iterator[sa.Connection]":
        """Lend SQLAlchemy's own connection, to libraries that work with one."""
        with self._using() as inner:
            yield inner

    def lasting(self) -> "sa.Connection":
        """Return a connection of SQLAlchemy's that is the caller's own until it is closed."""
        return _connected(self._engine)

    def close(self) -> None:
        if self._inner is not None:
            self._inner.close()

    @contextmanager
    def _using(self) -> "Iterator[sa.Connection]":
        from sqlalchemy.exc import SQLAlchemyError

        try:
            if self._inner is not None:
                yield self._inner
            else:
                with self._engine.connect() as inner:
                    yield inner
        except SQLAlchemyError as error:
            raise _failed(error) from None  # its own message holds the values of the row


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Keep all that is written in the block, or nothing of it; nobody else writes together meanwhile.

    On SQLite nobody else writes at all.
    """
    with connection.transaction():
        yield


def _failed(error: Exception) -> DatabaseError:
    """Return what the engine said, without values: those of a row may be a citizen's words."""
    from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, TimeoutError

    original = getattr(error, "orig", None)
    diagnosis = getattr(original, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or str(original or type(error).__name__)
    state = getattr(original, "sqlstate", None) or ""
    kind = DatabaseError
    if state == _LOCKED:
        kind = DatabaseBusy
    elif isinstance(error, DataError | IntegrityError) or state.startswith(_UNSTORABLE):
        kind = DatabaseUnstorable
    elif isinstance(error, OperationalError | InterfaceError | TimeoutError) or state == _READ_ONLY:
        kind = DatabaseUnreachable
    return kind(str(said).strip().split("\n")[0])


def _connected(engine: "sa.Engine") -> "sa.Connection":
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return engine.connect()
    except SQLAlchemyError as error:
        raise _failed(error) from None


def _prepared(statement: str, values: Values) -> "tuple[sa.TextClause, dict[str, Any]]":
    named = dict(values) if isinstance(values, Mapping) else {f"p{place}": one for place, one in enumerate(values)}
    named = {name: _clean(value) for name, value in named.items()}
    return _clause(statement, 0 if isinstance(values, Mapping) else len(named)), named


def _clean(value: Any) -> Any:
    """Return a value as PostgreSQL can hold it: no text of it has the character 0, and truth is a number."""
    if isinstance(value, bool):
        return int(value)
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


@lru_cache(maxsize=512)
def _clause(statement: str, marks: int) -> "sa.TextClause":
    import sqlalchemy as sa

    for place in range(marks):
        statement = statement.replace("?", f":p{place}", 1)
    return sa.text(statement)
