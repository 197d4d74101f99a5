"""T31: what a first visit loads is small, kept by the browser, and looked up on the disk once."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.web import assets
from qa.web.http import asset_cache
from qa.web.http.asset_cache import Lasting
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

SCRIPT = "const words = 1;\n" * 100
GZIP = {"Accept-Encoding": "gzip, deflate"}
PLAIN = {"Accept-Encoding": "identity"}


class Disk:
    """Answers every path, and counts how often it had to."""

    def __init__(self, response: Response | None = None) -> None:
        self.response = response or Response(SCRIPT, media_type="text/javascript", headers={"Vary": "Origin"})
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(Request(scope).url.path)
        await self.response(scope, receive, send)


def client(disk: Disk) -> TestClient:
    return TestClient(Lasting(disk, ("/assets/",)))


def test_a_lasting_file_is_looked_up_once_for_each_encoding_and_is_the_file() -> None:
    disk = Disk()
    web = client(disk)
    answers = [web.get("/assets/a.js", headers=headers) for headers in (GZIP, GZIP, PLAIN, PLAIN)]
    assert {answer.text for answer in answers} == {SCRIPT}
    assert [answer.headers.get("content-encoding") for answer in answers] == ["gzip", "gzip", None, None]
    assert int(answers[0].headers["content-length"]) < len(SCRIPT) / 5 == int(answers[2].headers["content-length"]) / 5
    assert answers[0].headers["vary"] == "Origin, Accept-Encoding"
    assert len(disk.asked) == 2


def test_a_module_script_of_our_own_page_comes_compressed_too() -> None:
    disk = Disk()
    asked = {**GZIP, "Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    answers = [client(disk).get("/assets/a.js", headers=headers) for headers in (asked, GZIP)]
    assert [answer.headers.get("content-encoding") for answer in answers] == ["gzip", "gzip"]


@pytest.mark.parametrize(
    "method, path, further",
    [
        ("GET", "/other/a.js", {}),
        ("HEAD", "/assets/a.js", {}),
        ("POST", "/assets/a.js", {}),
        ("GET", "/assets/a.js", {"Range": "bytes=0-9"}),
        ("GET", "/assets/a.js", {"If-None-Match": '"x"'}),
        ("GET", "/assets/a.js", {"Origin": "http://elsewhere.example"}),
        ("GET", "/assets/a.js", {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}),
        ("GET", "/", {}),
    ],
)
def test_everything_else_is_answered_by_the_app_each_time(method: str, path: str, further: dict[str, str]) -> None:
    disk = Disk()
    web = client(disk)
    for _ in range(2):
        web.request(method, path, headers={**GZIP, **further})
    assert disk.asked == [path] * 2


def test_what_is_not_found_is_looked_for_again() -> None:
    disk = Disk(PlainTextResponse("no", 404))
    web = client(disk)
    assert [web.get("/assets/b.js").status_code for _ in range(2)] == [404, 404]
    assert len(disk.asked) == 2


def test_memory_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_cache, "MOST_BYTES", 3 * len(SCRIPT))
    disk = Disk()
    web = client(disk)
    for _ in range(2):
        assert {web.get(f"/assets/{name}", headers=PLAIN).text for name in "abcde"} == {SCRIPT}
    assert [path[-1] for path in disk.asked] == [*"abcde", *"de"]


@pytest.mark.parametrize(
    "response",
    [
        Response(b"\x89PNG" + bytes(900), media_type="image/png"),
        Response("short", media_type="text/css"),
        Response(gzip.compress(SCRIPT.encode()), media_type="text/css", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["picture", "short", "compressed"],
)
def test_what_would_not_get_smaller_is_left_as_it_is(response: Response) -> None:
    body = bytes(response.body)
    with client(Disk(response)).stream("GET", "/assets/a", headers=GZIP) as answer:
        assert b"".join(answer.iter_raw()) == body


@pytest.mark.long
def test_the_page_and_every_file_of_ours_come_compressed_and_files_may_be_kept(tmp_path: Path) -> None:
    with TestClient(make_app(FakeAssistant(), tmp_path), base_url=ADDRESS, headers=GZIP) as web:
        page = web.get("/")
        found = re.search(r"assets/[^\"]+\.js", page.text)
        assert found and page.headers["content-encoding"] == "gzip" and page.headers["cache-control"] == "no-store"
        for address in (f"/{found[0]}", *(assets.address(name) for name in sorted(assets.FILES))):
            file = web.get(address)
            small = len(file.content) < asset_cache.WORTH_IT or address.endswith(".png")
            assert file.headers.get("content-encoding") == "gzip" or small, address
            assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert "content-security-policy" in file.headers
        assert web.get(assets.address("chat.js")).text == assets.FILES["chat.js"].read_text(encoding="utf-8")
