"""What the tests of this folder share."""

from tests.support.engines import both_engines, postgresql_server

__all__ = ["both_engines", "postgresql_server"]
