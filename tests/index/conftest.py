"""What the tests of this folder share."""

from tests.support.engines import milvus_server

__all__ = ["milvus_server"]
