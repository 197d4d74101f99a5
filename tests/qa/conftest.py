"""What the tests of this folder share."""

from tests.support.engines import both_engines, milvus_server, object_store, postgresql_server

__all__ = ["both_engines", "milvus_server", "object_store", "postgresql_server"]
