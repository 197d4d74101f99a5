"""Tests that hold on both engines of the database, an object store, a Milvus: each where it is installed."""

from collections.abc import Iterator

import pytest

from tests.support.machines import milvus
from tests.support.machines import object_store as objects
from tests.support.programs import postgresql

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A running PostgreSQL; the test is skipped where none is installed."""
    if postgresql.programs() is None:
        pytest.skip(postgresql.WHY_NOT)
    with postgresql.started() as server:
        yield server


@pytest.fixture(scope="session")
def object_store() -> Iterator[objects.ObjectStore]:
    """A running S3; the test is skipped where none is installed."""
    if objects.program() is None:
        pytest.skip(objects.WHY_NOT)
    with objects.started() as store:
        yield store


@pytest.fixture(scope="session")
def milvus_server() -> Iterator[milvus.MilvusServer]:
    """A running Milvus; the test is skipped where none is installed."""
    if not milvus.installed():
        pytest.skip(milvus.WHY_NOT)
    with milvus.started() as server:
        yield server


_ENGINES = [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.long)]


@pytest.fixture(params=_ENGINES)
def both_engines(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run a test once on each engine; what it opens as a file is a database of the PostgreSQL the second time."""
    yield from _on(request)


@pytest.fixture(scope="module", params=_ENGINES)
def both_engines_in_turn(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run all tests of a file once on each engine, where they share an app: what makes that asks for this first."""
    yield from _on(request)


def _on(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == POSTGRESQL:
        with postgresql.used(request.getfixturevalue("postgresql_server")):
            yield POSTGRESQL
    else:
        yield SQLITE


# For a test that looks into the file itself, in a module whose tests all use `both_engines`.
in_a_file = pytest.mark.parametrize("both_engines", [SQLITE], indirect=True)
