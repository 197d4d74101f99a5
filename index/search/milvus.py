"""Candidates from Milvus, whichever kind of server speaks its protocol: a cluster, one machine, milvus-lite.

A collection holds the vectors and BM25 weights of one snapshot's passages under their rows, and no text: whoever
writes to it can hide passages from a search, but not have other words quoted. Both its indexes are exact.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import numpy as np

from index.embedding.base import Vectors
from index.search.dense import DenseIndex, Rows
from index.search.lexical import LexicalIndex

if TYPE_CHECKING:
    from pymilvus import MilvusClient

# The first with sparse vectors whose versions are still maintained.
LEAST_VERSION = (2, 5)
# A longer list of candidates is refused by a server as it is installed.
MOST = 16_384
_PORT = 19530
_ROW, _DENSE, _LEXICAL = "row", "dense", "lexical"
_BATCH = 1_000  # rows sent at once: some 4 MB, where a server takes 64
_CONNECT_SECONDS, _SEARCH_SECONDS, _WORK_SECONDS = 5.0, 2.0, 1800.0
_MOST_REASON = 150  # characters
# A proxy for the web leads nowhere near it. Servers break off connections that ask for a sign of life too often.
_GRPC = {"grpc.enable_http_proxy": 0, "grpc.keepalive_time_ms": 60_000, "grpc.keepalive_permit_without_calls": 0}


class MilvusUnfit(Exception):
    """The address cannot be read, or the client is not installed."""


class MilvusAway(Exception):
    """The server cannot be reached, refuses, or is of a version that cannot be used; the message holds no password."""


class Milvus:
    """A server, connected to when it is first needed. Every method but the first may raise `MilvusAway`."""

    def __init__(self, address: str) -> None:
        """Read the address; nothing is asked yet. Raises `MilvusUnfit`."""
        self._options = _read(address)
        self._connecting = Lock()
        self._client: MilvusClient | None = None

    def check(self) -> None:
        """Raise `MilvusAway` unless a server of a fit version answers."""
        with _reached():
            version = str(self._connected().get_server_version(timeout=_CONNECT_SECONDS))
        found = re.search(r"(\d+)\.(\d+)", version)
        if not found or (int(found[1]), int(found[2])) < LEAST_VERSION:
            least = ".".join(map(str, LEAST_VERSION))
            raise MilvusAway(f"Milvus 是 {version} 版，需要 {least} 或更新")

    def ready(self, name: str, rows: int) -> bool:
        """Load a collection; return whether it is whole, with so many rows."""
        with _reached():
            client = self._connected()
            if not client.has_collection(name, timeout=_CONNECT_SECONDS):
                return False
            held = int(client.get_collection_stats(name, timeout=_CONNECT_SECONDS)["row_count"])
            indexed = sorted(client.list_indexes(name, timeout=_CONNECT_SECONDS))
            if held < rows or indexed != sorted((_DENSE, _LEXICAL)):
                return False
            if getattr(client.get_load_state(name, timeout=_CONNECT_SECONDS)["state"], "name", "") != "Loaded":
                client.load_collection(name, timeout=_WORK_SECONDS)
            return True

    def fill(self, name: str, dense: DenseIndex, lexical: LexicalIndex, progress: Callable[[int, int], None]) -> None:
        """Make a collection anew; `progress` receives (sent, all) rows."""
        self.drop(name)
        with _reached():
            client = self._connected()
            self._create(client, name, dense.dimensions)
            for begin in range(0, len(dense), _BATCH):
                end = min(begin + _BATCH, len(dense))
                client.insert(name, _batch(dense, lexical, begin, end), timeout=_WORK_SECONDS)
                progress(end, len(dense))
            client.flush(name, timeout=_WORK_SECONDS)
            indexes = client.prepare_index_params()
            indexes.add_index(_DENSE, index_name=_DENSE, index_type="FLAT", metric_type="IP")
            indexes.add_index(_LEXICAL, index_name=_LEXICAL, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            client.create_index(name, indexes, timeout=_WORK_SECONDS)
        if not self.ready(name, len(dense)):
            raise MilvusAway(f"{name}写进去的与写的不一样多")

    def drop(self, name: str) -> None:
        """Delete a collection; one that is gone already is no error."""
        with _reached():
            if self._connected().has_collection(name, timeout=_CONNECT_SECONDS):
                self._connected().drop_collection(name, timeout=_CONNECT_SECONDS)

    def release(self, name: str) -> None:
        """Have a collection kept on the disk only; one that is gone is no error."""
        with _reached():
            if self._connected().has_collection(name, timeout=_CONNECT_SECONDS):
                self._connected().release_collection(name, timeout=_CONNECT_SECONDS)

    def nearest(self, name: str, query: Vectors, count: int) -> Rows:
        """Return the rows of the largest inner products with a vector (dimensions,), `count` at most."""
        return self._search(name, _DENSE, query.astype(np.float32).tolist(), count)

    def sharing(self, name: str, query: Mapping[int, float], count: int) -> Rows:
        """Return the rows of the largest inner products with a sparse vector, `count` at most."""
        return self._search(name, _LEXICAL, dict(query), count)

    def _search(self, name: str, field: str, query: object, count: int) -> Rows:
        with _reached():
            # Of a cluster's many parts each knows all rows, since none was added after the collection was loaded.
            found = self._connected().search(
                name,
                data=[query],
                anns_field=field,
                limit=count,
                search_params={"metric_type": "IP"},
                consistency_level="Eventually",
                timeout=_SEARCH_SECONDS,
            )
        return np.fromiter((hit[_ROW] for hit in found[0]), dtype=np.int64)

    def _create(self, client: "MilvusClient", name: str, dimensions: int) -> None:
        from pymilvus import DataType

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(_ROW, DataType.INT64, is_primary=True)
        schema.add_field(_DENSE, DataType.FLOAT_VECTOR, dim=dimensions)
        schema.add_field(_LEXICAL, DataType.SPARSE_FLOAT_VECTOR)
        client.create_collection(name, schema=schema, timeout=_CONNECT_SECONDS)

    def _connected(self) -> "MilvusClient":
        from pymilvus import MilvusClient

        # What it has to say is said in sentences of ours; its own lines quote requests.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        with self._connecting:
            if self._client is None:
                self._client = MilvusClient(timeout=_CONNECT_SECONDS, grpc_options=_GRPC, **self._options)
            return self._client


def _batch(dense: DenseIndex, lexical: LexicalIndex, begin: int, end: int) -> list[dict[str, Any]]:
    vectors = dense.between(begin, end)
    # Not every version takes a sparse vector without values; no question has this term.
    none = [(lexical.size, 1.0)]
    return [
        {_ROW: row, _DENSE: vector, _LEXICAL: dict(zip(places.tolist(), values.tolist(), strict=True)) or dict(none)}
        for row, vector, (places, values) in zip(range(begin, end), vectors, lexical.vectors(begin, end), strict=True)
    ]


def _read(address: str) -> dict[str, Any]:
    """Return what the client is opened with."""
    if find_spec("pymilvus") is None:  # importing it takes a second, which most commands need not spend
        raise MilvusUnfit("设了 QA_SEARCH_URL，但没有安装它用的程序包；请运行 pip install -r requirements-milvus.txt")
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port or _PORT
    except ValueError:
        host, port = None, 0
    if parts.scheme not in ("http", "https") or not host or bool(parts.username) != bool(parts.password):
        raise MilvusUnfit(
            "QA_SEARCH_URL 读不懂；请写成 http://用户:密码@主机:19530/库名，不设密码的写成 http://主机:19530，"
            "里面的特殊字符用 %XX 表示"
        )
    token = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    host = f"[{host}]" if ":" in host else host
    return {"uri": f"{parts.scheme}://{host}:{port}", "token": token, "db_name": parts.path.strip("/")}


@contextmanager
def _reached() -> Iterator[None]:
    import grpc
    from pymilvus import MilvusException
    from pymilvus.client.types import Status

    nowhere = (Status.CONNECT_FAILED, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
    try:
        yield
    except MilvusException as error:
        said = " ".join(str(error.message).split())[:_MOST_REASON]
        raise MilvusAway("连不上，或太慢" if error.code in nowhere else f"它答复：{said}") from None
    except grpc.RpcError:
        raise MilvusAway("连不上，或太慢") from None
