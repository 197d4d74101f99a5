"""What the tests of this folder share."""

from tests.support.engines import both_engines, both_engines_in_turn, milvus_server, object_store, postgresql_server

__all__ = ["both_engines", "both_engines_in_turn", "milvus_server", "object_store", "postgresql_server"]
