"""Nothing of the staff area is reached without a session; beside each refusal stands a member who is let in."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from starlette.types import Message

from qa.web.http.bodies import MALFORMED
from qa.web.http.policy import STAFF
from qa.web.staff.guard import FILE_UPLOAD, FOLDERS, MAX_FORM, PAGE_CALL, PAGES, PATHS, UPLOAD
from qa.web.staff.tabs.documents import upload_box
from tests.support.doubles.staff import blocks_of, make_staff_app, open_client, sign_in
from tests.support.doubles.web import ADDRESS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SIGNED_OUT = {"error": "请先登录；登录可能已经过期。"}
MEGABYTE = 1024 * 1024
CALL = {"data": [], "fn_index": 0, "trigger_id": 0, "session_hash": "abc"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    home = tmp_path_factory.mktemp("guard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        app = make_staff_app(home, QA_MAX_FILE_MB="1", QA_ALLOWED_HOSTS="ask.example.gov.cn")
        app.state.uploads = home / "uploads"
        with open_client(app):
            yield app


@pytest.fixture
def anonymous(app: FastAPI) -> TestClient:
    return open_client(app)


@pytest.fixture(scope="module")
def member(app: FastAPI) -> TestClient:
    client = open_client(app)
    assert sign_in(client).status_code == 303
    return client


def below(routes: Iterable[object], prefix: str = "") -> Iterator[str]:
    """An address for every route at or below `/staff`, those of the mounted Gradio app included."""
    for route in routes:
        if isinstance(route, Mount):
            yield from below(route.routes, prefix + route.path)
        elif (inner := getattr(getattr(route, "original_router", None), "routes", None)) is not None:
            yield from below(inner, prefix)
        elif isinstance(route, Route):
            address = prefix + re.sub(r"\{[^}]+\}", "x", route.path)
            if address.startswith(STAFF):
                yield address


@pytest.mark.long
def test_without_a_session_every_route_of_the_area_is_refused(
    app: FastAPI, anonymous: TestClient, member: TestClient
) -> None:
    found = set(below(app.routes)) - {f"{STAFF}/sign-in", f"{STAFF}/sign-in/code"}
    known = {f"{STAFF}/config", f"{STAFF}/gradio_api/heartbeat/x", f"{STAFF}/gradio_api/cancel", UPLOAD, PAGE_CALL}
    assert len(found) > 60 and not {name for name in known if name not in found and "run" not in name}
    for path in sorted(found):
        for method in METHODS:
            refused = anonymous.request(method, path)
            assert refused.status_code == 401, (method, path)
            if path not in PAGES and method != "HEAD":
                assert refused.json() == SIGNED_OUT
        # The control, where a call without meaning cannot change anything.
        if path not in (f"{STAFF}/sign-out", f"{STAFF}/sign-out-everywhere"):
            assert member.get(path).status_code != 401, path


@pytest.mark.long
def test_members_reach_what_the_pages_need_and_nothing_else_of_gradio(app: FastAPI, member: TestClient) -> None:
    for path in set(below(app.routes)):
        for method in METHODS:
            allowed = path in PATHS.get("GET" if method == "HEAD" else method, ()) or path == f"{STAFF}/sign-in"
            allowed = allowed or (method == "POST" and path == f"{STAFF}/sign-in/code")
            allowed = allowed or (method in ("GET", "HEAD") and path.startswith(FOLDERS))
            if not allowed:
                assert member.request(method, path).status_code == 404, (method, path)
    assert member.get(f"{STAFF}/theme.css").status_code == 200
    assert member.post(PAGE_CALL, json=CALL).status_code == 200


@pytest.mark.parametrize(
    "cookie", ["", "staff_session=", "staff_session=wrong", "staff_session=x; staff_session=y", "\x00", "=;=;,"]
)
def test_a_cookie_that_is_no_session_opens_nothing(anonymous: TestClient, cookie: str) -> None:
    assert anonymous.get(f"{STAFF}/config", headers={"Cookie": cookie}).status_code == 401
    assert anonymous.post(PAGE_CALL, json=CALL, headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize("path", [f"{STAFF}/../staff/config", f"{STAFF}//config", "//staff/config", "/STAFF/config"])
def test_no_other_spelling_of_an_address_leads_in(anonymous: TestClient, path: str) -> None:
    assert anonymous.get(path).status_code in (401, 404)


@pytest.mark.parametrize("path", sorted({*PATHS["POST"], f"{STAFF}/sign-in"}))
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:7861"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_other_site_makes_a_member_do_anything(member: TestClient, path: str, headers: dict[str, str]) -> None:
    assert member.post(path, headers=headers).status_code == 403
    own = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}
    assert member.post(PAGE_CALL, json=CALL, headers=own).status_code == 200


def test_no_foreign_origin_may_read(member: TestClient) -> None:
    headers = {"Origin": "http://evil.example", "Host": "ask.example.gov.cn"}
    response = member.get(f"{STAFF}/", headers=headers)
    assert response.status_code in (200, 401) and "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Original-Host", "Forwarded", "X-Gradio-Server"])
def test_no_header_changes_the_addresses_in_the_page(member: TestClient, name: str) -> None:
    page = member.get(f"{STAFF}/", headers={name: "evil.example"})
    assert page.status_code == 200 and "evil.example" not in page.text


@pytest.mark.parametrize(
    "part",
    [
        {"path": "http://192.0.2.7/x", "meta": {"_type": "gradio.FileData"}},
        {"inner": {"path": "ftp://192.0.2.7/x"}},
        {"path": "//192.0.2.7/x", "meta": {"_type": "gradio.FileData"}},
        [[{"path": "https://192.0.2.7/x", "meta": {"_type": "gradio.FileData"}}]],
    ],
)
def test_a_file_object_with_an_address_is_not_fetched(app: FastAPI, member: TestClient, part: Any) -> None:
    assert member.post(PAGE_CALL, json={**CALL, "data": [part]}).status_code == 400
    searching = [n for n, one in blocks_of(app).fns.items() if getattr(one.fn, "__module__", "").endswith("tabs.audit")]
    search = {**CALL, "fn_index": searching[0], "data": ["http://192.0.2.7/x"]}
    assert member.post(PAGE_CALL, json=search).status_code == 200


@pytest.mark.parametrize("content", [b"", b"[]", b"[" * 60_000, b'{"data": 5, "fn_index": 0}', b'{"data": []}'])
def test_a_call_that_is_none_is_refused(member: TestClient, content: bytes) -> None:
    assert member.post(PAGE_CALL, content=content).status_code == 400


def chunks(size: int, content: bytes = b"x") -> Iterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield content * 65536


def test_calls_are_small(member: TestClient) -> None:
    body = json.dumps({**CALL, "data": ["x" * MAX_FORM]}).encode()
    assert member.post(PAGE_CALL, content=body).status_code == 413
    assert member.post(PAGE_CALL, content=chunks(MAX_FORM)).status_code == 413


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_uploads_are_limited_and_leave_nothing_behind(app: FastAPI, member: TestClient) -> None:
    folder = app.state.uploads
    taken = member.post(UPLOAD, files={"files": ("a.txt", b"x" * 1000)})
    assert taken.status_code == 200 and len(files(folder)) == 1
    upload_box.sweep(folder)
    assert member.post(UPLOAD, files={"files": ("a.txt", b"x" * 2 * MEGABYTE)}).status_code == 413
    assert member.post(UPLOAD, files={"files": ("a.txt", b"x" * (60 * MEGABYTE))}).status_code == 413
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}

    def endless() -> Iterator[bytes]:
        yield head
        yield from chunks(60 * MEGABYTE)

    assert member.post(UPLOAD, content=endless(), headers=kind).status_code == 413
    many = b"".join(head.replace(b"a.txt", b"%d.txt" % number) + b"x\r\n" for number in range(1001)) + b"--b--\r\n"
    assert member.post(UPLOAD, content=many, headers=kind).status_code == 400
    assert files(folder) == []


def test_two_hundred_uploads_that_break_off_leave_nothing(app: FastAPI, member: TestClient) -> None:
    folder = app.state.uploads
    before = len(files(folder))
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' + b"x" * 200_000
    headers = [
        (b"host", b"127.0.0.1:7860"),
        (b"cookie", f"staff_session={member.cookies['staff_session']}".encode()),
        (b"content-type", b"multipart/form-data; boundary=b"),
    ]
    scope = {"type": "http", "method": "POST", "path": UPLOAD, "raw_path": UPLOAD.encode(), "query_string": b""}
    scope |= {"headers": headers, "scheme": "http", "http_version": "1.1", "client": ("127.0.0.1", 5)}
    seen: list[int] = []

    async def break_off(*, at_all: bool) -> None:
        messages: list[Message] = [
            {"type": "http.request", "body": head, "more_body": True},
            {"type": "http.disconnect"},
        ]
        if not at_all:
            messages = [{"type": "http.request", "body": head + b"\r\n--b--\r\n", "more_body": False}]

        async def receive() -> Message:
            seen.append(len(files(folder)))
            return messages.pop(0)

        async def send(_: Message) -> None:
            return None

        await app(dict(scope), receive, send)

    async def all_of_them() -> None:
        for _ in range(200):
            await break_off(at_all=True)

    asyncio.run(all_of_them())
    # The file was there when the end came, and a whole upload stays until it is taken.
    assert max(seen) == before + 1 and len(files(folder)) == before
    asyncio.run(break_off(at_all=False))
    assert len(files(folder)) == before + 1
    upload_box.sweep(folder)


def test_what_a_member_uploaded_nobody_fetches_by_its_path(
    app: FastAPI, anonymous: TestClient, member: TestClient
) -> None:
    """Both Gradio apps of the process share one cache: what one takes in, the other would give out."""
    (path,) = member.post(UPLOAD, files={"files": ("secret.txt", b"secret")}).json()
    kept = Path(path)
    assert kept.is_file() and app.state.uploads in kept.parents
    shapes = (
        f"/gradio_api/file={path}",
        f"/gradio_api/file/{path}",
        f"/file={path}",
        f"{STAFF}/gradio_api/file={path}",
        f"{STAFF}/file={path}",
    )
    assert [anonymous.get(shape).status_code for shape in shapes] == [404, 404, 404, 401, 401]
    # The control: without the guard Gradio does give it out, to anybody.
    (mounted,) = [route.app for route in app.routes if isinstance(route, Mount) and route.path == STAFF]
    bare = TestClient(mounted, base_url=ADDRESS)
    assert bare.get(f"/gradio_api/file={path}").content == b"secret"
    kept.unlink()


@pytest.mark.parametrize("path", [UPLOAD, FILE_UPLOAD])
@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data; boundary=b; charset=punycode",
        "multipart/form-data; charset=utf-7; boundary=b",
        "multipart/form-data; boundary=b; charset*=utf-8''punycode",
        "multipart/form-data; boundary=b;",
        "multipart/form-data; boundary=" + "b" * 300,
        'multipart/form-data; boundary=b", "c',
        "multipart/form-data",
        "multipart/mixed; boundary=b",
        "application/x-www-form-urlencoded",
        "",
    ],
)
def test_no_upload_chooses_how_it_is_read(member: TestClient, path: str, kind: str) -> None:
    """T73: a codec of the sender's choice takes quadratic time, or makes what no file may be called."""
    content = b'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\nx\r\n--b--\r\n'
    refused = member.post(path, content=content, headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()) == (400, {"error": MALFORMED})
    twice = [("Content-Type", "multipart/form-data; boundary=b"), ("Content-Type", kind)]
    assert member.post(path, content=content, headers=twice).status_code == 400
    for own in ("multipart/form-data; boundary=b", 'Multipart/Form-Data;boundary="b"'):
        taken = member.post(path, content=content, headers={"Content-Type": own})
        assert taken.status_code == (200 if path == UPLOAD else 403), "the control"
