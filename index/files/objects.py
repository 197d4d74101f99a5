"""Objects of any S3: written whole, read piece by piece. The client is obstore, which only they need."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SCHEMES = {"s3+https": "https", "s3+http": "http"}
_CHUNK = 1 << 20
_PATIENCE = timedelta(seconds=20)  # for tries of one request


class ObjectsUnfit(Exception):
    """The address of the objects cannot be read, or their client is not installed."""


class ObjectsUnreachable(Exception):
    """The objects cannot be reached, or refuse; the message holds no key."""


class Objects(Protocol):
    """Named contents that several machines see. Raises `ObjectsUnreachable`."""

    def put(self, name: str, content: Path | bytes) -> None:
        """Write an object, replacing one of the same name; it appears whole."""

    def get(self, name: str) -> Iterator[bytes]:
        """Yield the content of an object. Raises `FileNotFoundError` if there is none."""

    def has(self, name: str) -> bool:
        """Return whether there is an object of this name."""

    def names(self, prefix: str) -> list[str]:
        """Return the names of all objects below a prefix."""

    def delete(self, names: list[str]) -> None:
        """Delete objects; those that are gone already are no error."""


class S3Objects:
    """The objects of a bucket, below the prefix of an address `s3+https://KEY:SECRET@HOST:PORT/BUCKET/PREFIX`."""

    def __init__(self, address: str) -> None:
        """Read the address; nothing is asked yet. Raises `ObjectsUnfit`."""
        self._store = _opened(address)

    def put(self, name: str, content: Path | bytes) -> None:
        import obstore

        with _reached():
            obstore.put(self._store, name, content)

    def get(self, name: str) -> Iterator[bytes]:
        import obstore

        with _reached():
            for piece in obstore.get(self._store, name).stream(min_chunk_size=_CHUNK):
                yield bytes(piece)

    def has(self, name: str) -> bool:
        import obstore

        with _reached():
            try:
                obstore.head(self._store, name)
            except FileNotFoundError:
                return False
            return True

    def names(self, prefix: str) -> list[str]:
        import obstore

        with _reached():
            return [found["path"] for part in obstore.list(self._store, f"{prefix}/") for found in part]

    def delete(self, names: list[str]) -> None:
        import obstore

        with _reached():
            if names:
                obstore.delete(self._store, names)


def _opened(address: str) -> "ObjectStore":
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise ObjectsUnfit(
            "设了 QA_SNAPSHOTS_URL，但没有安装它用的程序包；请运行 pip install -r requirements-cluster.txt"
        ) from error
    parts = urlsplit(address)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    try:
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    except ValueError:
        host = None
    if parts.scheme not in SCHEMES or not (host and parts.hostname and bucket and parts.username and parts.password):
        raise ObjectsUnfit(
            "QA_SNAPSHOTS_URL 读不懂；请写成 s3+https://密钥ID:密钥@主机:端口/桶/前缀，里面的特殊字符用 %XX 表示"
        )
    config: dict[str, Any] = {
        "endpoint": f"{SCHEMES[parts.scheme]}://{host}",
        "access_key_id": unquote(parts.username),
        "secret_access_key": unquote(parts.password),
        "region": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        # Offices' own stores answer at one address, not at one for each bucket.
        "virtual_hosted_style_request": False,
        # What arrives there is compared with what was sent.
        "checksum_algorithm": "SHA256",
    }
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,  # type: ignore[arg-type]
        client_options={
            "allow_http": parts.scheme == "s3+http",
            "connect_timeout": timedelta(seconds=5),
            "read_timeout": timedelta(seconds=30),
            "timeout": timedelta(minutes=10),
        },
        retry_config={"max_retries": 4, "retry_timeout": _PATIENCE},
    )


@contextmanager
def _reached() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except BaseError as error:
        # The whole of it quotes the request, with addresses and headers.
        raise ObjectsUnreachable(type(error).__name__) from None
