"""One cluster for all modules; it takes half a minute to start."""

from collections.abc import Iterator

import pytest

from tests.support.engines import object_store, postgresql_server
from tests.support.machines import cluster as clusters
from tests.support.machines.cluster import Cluster
from tests.support.machines.object_store import ObjectStore
from tests.support.programs.postgresql import Server

__all__ = ["object_store", "postgresql_server"]


@pytest.fixture(scope="session")
def cluster(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: Server, object_store: ObjectStore
) -> Iterator[Cluster]:
    with clusters.started(tmp_path_factory.mktemp("cluster"), postgresql_server, object_store) as found:
        yield found
