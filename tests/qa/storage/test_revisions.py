"""A revision of the database only adds, so that a server of the version before goes on while others are exchanged."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from pydantic import SecretStr

from qa.storage.database import Connection, opening, upgrading
from tests.support.programs.postgresql import Server

_OWN = re.compile(r"alembic_version|^SELECT ", re.IGNORECASE)
_MADE = re.compile(r"CREATE (?:UNLOGGED )?TABLE (\w+)", re.IGNORECASE)
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX \w+ ON (\w+)", re.IGNORECASE)
_TRIGGER = re.compile(r"CREATE TRIGGER \w+ .*? ON (\w+) ", re.IGNORECASE)
_FUNCTION = re.compile(r"CREATE FUNCTION ", re.IGNORECASE)
_FILLED = re.compile(r"INSERT INTO (\w+) ", re.IGNORECASE)
_CHANGED = re.compile(r"ALTER TABLE (\w+) (.+)", re.IGNORECASE)
_COLUMN = re.compile(r"ADD (?:COLUMN )?(?!CONSTRAINT|UNIQUE|CHECK|PRIMARY|FOREIGN|EXCLUDE)\w+ .+", re.IGNORECASE)
_BINDING = re.compile(r"\b(?:UNIQUE|CHECK|REFERENCES|PRIMARY|GENERATED)\b", re.IGNORECASE)


def taking_away(statements: list[str]) -> list[str]:
    """Return those of a revision's statements after which a program that does not know it may fail."""
    made = {match[1] for one in statements if (match := _MADE.match(one))}
    return [one for one in statements if not _only_adds(one, made)]


def _only_adds(statement: str, made: set[str]) -> bool:
    """Tell whether it only adds; with tables that the same revision `made` it may do whatever it likes."""
    if _OWN.search(statement) or _MADE.match(statement) or _FUNCTION.match(statement):
        return True
    if match := _INDEX.match(statement):
        return not match[1] or match[2] in made
    if match := _TRIGGER.match(statement) or _FILLED.match(statement):
        return match[1] in made
    if match := _CHANGED.fullmatch(statement):
        return match[1] in made or all(map(_is_free, re.split(r",(?![^(]*\))\s*", match[2])))
    return False


def _is_free(change: str) -> bool:
    """Tell whether rows may be written without what is changed."""
    needed = "NOT NULL" in change.upper() and "DEFAULT" not in change.upper()
    return bool(_COLUMN.fullmatch(change)) and not needed and not _BINDING.search(change)


@contextmanager
def noted(engine: sa.Engine) -> Iterator[list[str]]:
    """Note each statement of the block, with its blanks made one."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(" ".join(statement.split()))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def engine(postgresql_server: Server) -> Iterator[sa.Engine]:
    made = opening._server_engine.__wrapped__(postgresql_server.new().get_secret_value())
    yield made
    made.dispose()


def upgraded(engine: sa.Engine, revision: str) -> list[str]:
    """Bring a PostgreSQL to a revision; return the statements."""
    config = Config()
    config.set_main_option("script_location", str(upgrading.FOLDER))
    connection = Connection(engine)
    with noted(engine) as statements, connection.transaction(), connection.raw() as inner:
        config.attributes["connection"] = inner
        command.upgrade(config, revision)
    return [one for one in statements if not one.startswith(("BEGIN", "COMMIT", "SELECT pg_advisory"))]


def test_every_revision_after_the_first_only_adds(engine: sa.Engine) -> None:
    first, *later = upgrading.REVISIONS
    assert upgraded(engine, first)
    for revision in later:
        statements = upgraded(engine, revision)
        assert [one for one in statements if _MADE.match(one)], "they were heard of"
        assert taking_away(statements) == [], f"{revision}: see docs/operations.md, 重启与升级"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE jobs",
        "DROP INDEX replies_status",
        "ALTER TABLE replies DROP COLUMN comment",
        "ALTER TABLE replies RENAME COLUMN comment TO remark",
        "ALTER TABLE replies RENAME TO answers",
        "ALTER TABLE replies ADD COLUMN remark TEXT NOT NULL",
        "ALTER TABLE replies ADD COLUMN remark TEXT, DROP COLUMN comment",
        "ALTER TABLE replies ADD COLUMN remark TEXT UNIQUE",
        "ALTER TABLE replies ALTER COLUMN comment SET NOT NULL",
        "ALTER TABLE replies ALTER COLUMN comment TYPE INTEGER",
        "ALTER TABLE replies ADD CONSTRAINT short CHECK (length(comment) < 9)",
        "CREATE UNIQUE INDEX once ON replies (question)",
        "CREATE TRIGGER never BEFORE INSERT ON replies FOR EACH ROW EXECUTE FUNCTION refuse_to_change()",
        "CREATE OR REPLACE FUNCTION take_turn() RETURNS INTEGER LANGUAGE sql AS 'SELECT 1'",
        "UPDATE replies SET comment = ''",
        "INSERT INTO switches VALUES ('', '', '', '')",
    ],
)
def test_what_takes_away_or_asks_more_is_found(statement: str) -> None:
    assert taking_away([statement]) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE replies ADD COLUMN remark TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE replies ADD COLUMN remark TEXT, ADD COLUMN price NUMERIC(9, 2)",
        "CREATE INDEX replies_comment ON replies (comment)",
    ],
)
def test_what_only_adds_is_allowed(statement: str) -> None:
    assert taking_away([statement]) == []


def test_a_running_program_goes_on_over_a_later_revision(postgresql_server: Server) -> None:
    where: SecretStr = postgresql_server.new()
    insert = "INSERT INTO switches (name, value, changed_at) VALUES (?, '', '')"
    with closing(opening.open_database(where)) as running:
        running.execute(insert, ("before",))
        running.execute("ALTER TABLE switches ADD COLUMN why TEXT NOT NULL DEFAULT ''")
        running.execute("UPDATE alembic_version SET version_num = '9999'")
        with closing(opening.open_database(where)) as again:
            again.execute(insert, ("after",))
            assert len(again.execute("SELECT * FROM switches").fetchall()) == 2
