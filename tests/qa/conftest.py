"""What the tests of this folder share."""

from tests.support.engines import both_engines, object_store, postgresql_server

__all__ = ["both_engines", "object_store", "postgresql_server"]
