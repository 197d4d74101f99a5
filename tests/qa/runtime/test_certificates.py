"""Nothing is sent to a server whose certificate nobody vouches for: language model, sign-on, object store."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.files.objects import ObjectsUnreachable, S3Objects
from qa.generation.breaker import Breaker
from qa.generation.client import Broken, Endpoint, Message, Unreachable
from qa.runtime.settings import read
from qa.staff.accounts.sign_on.errors import ProviderDown
from qa.staff.accounts.sign_on.provider import Provider
from qa.staff.accounts.sign_on.ways import Way

pytestmark = pytest.mark.long
HERE = "IP:127.0.0.1"


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for this name that is signed by itself, and its key."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=wenda"]
    files = ["-addext", f"subjectAltName={name}", "-keyout", str(key), "-out", str(made)]
    subprocess.run(["openssl", "req", "-x509", *kind, *files], check=True, capture_output=True)
    return made, key


@contextmanager
def listening(signed: tuple[Path, Path] | None) -> Iterator[tuple[str, list[str]]]:
    """A server with a certificate, or plain: its address without the scheme, and the requests that it was sent."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            heard.append(f"{self.command} {self.path}")
            self.send_error(404)

        do_GET = do_HEAD = do_POST = do_PUT = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if signed:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*signed)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask_model(scheme: str, address: str) -> None:
    endpoint = Endpoint(
        f"{scheme}://{address}/v1", "m", SecretStr("key"), seconds=60, breaker=Breaker(failures=9), first_delay=0.01
    )

    async def collect() -> None:
        async for _ in endpoint.stream([Message("user", "问题")]):
            pass

    asyncio.run(collect())


def ask_provider(scheme: str, address: str, *, authority: Path | None = None) -> None:
    known = {"QA_SSO_ISSUER": f"{scheme}://{address}", "QA_SSO_CLIENT": "wenda"}
    further = {"QA_SSO_CA": str(authority)} if authority else {}
    way = Way("state", "nonce", "verifier", "https://wenda.example.gov.cn/staff", ())
    Provider(read({**known, **further})).address(way)


def ask_store(scheme: str, address: str) -> None:
    S3Objects(f"s3+{scheme}://key:secret@{address}/wenda").has("MANIFEST.json")


CLIENTS = {
    "language model": (ask_model, Unreachable),
    "provider": (ask_provider, ProviderDown),
    "object store": (ask_store, ObjectsUnreachable),
}


@pytest.mark.parametrize(("ask", "problem"), CLIENTS.values(), ids=CLIENTS)
def test_nothing_is_sent_to_a_server_that_only_vouches_for_itself(
    ask: Callable[[str, str], None], problem: type[Exception], tmp_path: Path
) -> None:
    with listening(certificate(tmp_path, HERE)) as (address, heard), pytest.raises(problem):
        ask("https", address)
    assert heard == []


@pytest.mark.parametrize(("ask", "problem"), CLIENTS.values(), ids=CLIENTS)
def test_without_a_certificate_to_doubt_it_is_asked(ask: Callable[[str, str], None], problem: type[Exception]) -> None:
    # The control: the same server, plain, hears the request, and its 404 is no answer or none of such an object.
    with listening(None) as (address, heard), suppress(problem, Broken):
        ask("http", address)
    assert heard


def test_who_vouches_for_the_provider_is_named_by_a_setting_and_the_name_has_to_fit(tmp_path: Path) -> None:
    for name, trusted in ((HERE, True), ("DNS:elsewhere.example", False)):
        signed = certificate(tmp_path, name)
        with listening(signed) as (address, heard), pytest.raises(ProviderDown):
            ask_provider("https", address, authority=signed[0])
        assert bool(heard) is trusted, name
