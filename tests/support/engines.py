"""Tests that hold on both engines of the database: files of SQLite, and a PostgreSQL where one is installed."""

from collections.abc import Iterator

import pytest

from tests.support.programs import postgresql

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A running PostgreSQL; the test is skipped where none is installed."""
    if postgresql.programs() is None:
        pytest.skip(postgresql.WHY_NOT)
    with postgresql.started() as server:
        yield server


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.long)])
def both_engines(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run a test once on each engine; what it opens as a file is a database of the PostgreSQL the second time."""
    if request.param == POSTGRESQL:
        with postgresql.used(request.getfixturevalue("postgresql_server")):
            yield POSTGRESQL
    else:
        yield SQLITE


# For a test that looks into the file itself, in a module whose tests all use `both_engines`.
in_a_file = pytest.mark.parametrize("both_engines", [SQLITE], indirect=True)
