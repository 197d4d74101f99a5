"""Nothing of the staff area is reached without a session; beside each refusal stands a member who is let in."""

import asyncio
import gc
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from starlette.types import Message

from qa.web.http.bodies import MALFORMED
from qa.web.http.guard import FOREIGN, NOT_FOUND
from qa.web.http.policy import STAFF
from qa.web.staff.guard import FILE_UPLOAD, MAX_FORM, PAGES, PATHS
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.web import ADDRESS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SIGNED_OUT = {"error": "请先登录；登录可能已经过期。"}
MEGABYTE = 1024 * 1024
QUESTIONS = f"{STAFF}/questions"
# What Gradio offered here, as long as a part of the area was made of it, and what it offers elsewhere.
OF_GRADIO: tuple[str, ...] = (
    "config",
    "theme.css",
    "manifest.json",
    "assets/x.js",
    "static/x.js",
    "gradio_api/upload",
    "login",
    "queue/join",
)
OF_GRADIO += ("gradio_api/run/predict", "gradio_api/heartbeat/x", "gradio_api/cancel", "gradio_api/file=/etc/passwd")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    home = tmp_path_factory.mktemp("guard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        (home / "documents").mkdir()
        folder = str(home / "documents")
        app = make_staff_app(home, QA_DOCUMENTS=folder, QA_MAX_FILE_MB="1", QA_ALLOWED_HOSTS="ask.example.gov.cn")
        app.state.documents = home / "documents"
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
    """An address for every route at or below `/staff`, those of mounted apps included."""
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
    assert found >= {*PAGES, *PATHS["POST"], f"{STAFF}/audit.csv", f"{STAFF}/backup"} and len(found) > 25
    for path in sorted(found | {f"{STAFF}/{name}" for name in OF_GRADIO}):
        for method in METHODS:
            refused = anonymous.request(method, path)
            assert refused.status_code == 401, (method, path)
            if path not in PAGES and method != "HEAD":
                assert refused.json() == SIGNED_OUT
        # The control, where a call without meaning cannot change anything.
        if path not in (f"{STAFF}/sign-out", f"{STAFF}/sign-out-everywhere"):
            assert member.get(path).status_code != 401, path


@pytest.mark.long
def test_members_reach_what_the_pages_need_and_nothing_of_gradio(app: FastAPI, member: TestClient) -> None:
    for path in {*below(app.routes), *(f"{STAFF}/{name}" for name in OF_GRADIO)}:
        for method in METHODS:
            allowed = path in PATHS.get("GET" if method == "HEAD" else method, ()) or path == f"{STAFF}/sign-in"
            allowed = allowed or (method == "POST" and path == f"{STAFF}/sign-in/code")
            if not allowed:
                assert member.request(method, path).status_code == 404, (method, path)
    assert member.get(QUESTIONS).status_code == 200


def test_a_person_at_an_unknown_address_gets_a_page_with_a_way_back_and_a_program_json(
    anonymous: TestClient, member: TestClient
) -> None:
    unknown, browser = f"{STAFF}/nowhere", {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = member.get(unknown, headers=browser)
    assert page.status_code == 404 and '<html lang="zh-CN">' in page.text and "没有这个页面" in page.text
    assert f'href="{STAFF}/home"' in page.text and '<main id="main">' in page.text
    file = member.get(f"{STAFF}/original", params={"document": "没有.txt"}, headers=browser)
    assert file.status_code == 404 and "文件夹里没有没有.txt" in file.text and "<main" in file.text
    for accepted in ("application/json", "*/*"):
        told = member.get(unknown, headers={"Accept": accepted})
        assert told.status_code == 404 and told.json() == {"error": NOT_FOUND}
    assert member.post(unknown, headers=browser).json() == {"error": NOT_FOUND}
    asked = anonymous.get(unknown, headers=browser)
    assert asked.status_code == 401 and 'name="password"' in asked.text, "which addresses there are, only members see"


@pytest.mark.parametrize(
    "cookie", ["", "staff_session=", "staff_session=wrong", "staff_session=x; staff_session=y", "\x00", "=;=;,"]
)
def test_a_cookie_that_is_no_session_opens_nothing(anonymous: TestClient, cookie: str) -> None:
    assert anonymous.get(QUESTIONS, headers={"Cookie": cookie}).status_code == 401
    assert anonymous.post(QUESTIONS, data={"do": "take"}, headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize(
    "path", [f"{STAFF}/../staff/audit.csv", f"{STAFF}//audit.csv", "//staff/audit.csv", "/STAFF/audit.csv"]
)
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
    refused = member.post(path, headers=headers)
    assert refused.status_code == 403 and refused.json() == {"error": FOREIGN}
    own = {"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}
    (token,) = set(re.findall(r'name="form" value="([^"]+)"', member.get(f"{STAFF}/files").text))
    done = member.post(QUESTIONS, data={"form": token, "do": "nothing"}, headers=own)
    assert done.status_code == 400 and "没有这个操作" in done.text, "the control comes as far as the page"


def test_no_foreign_origin_may_read(member: TestClient) -> None:
    headers = {"Origin": "http://evil.example", "Host": "ask.example.gov.cn"}
    response = member.get(f"{STAFF}/home", headers=headers)
    assert response.status_code in (200, 401) and "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Original-Host", "Forwarded", "X-Gradio-Server"])
def test_no_header_changes_the_addresses_in_the_page(member: TestClient, name: str) -> None:
    page = member.get(f"{STAFF}/home", headers={name: "evil.example"})
    assert page.status_code == 200 and "evil.example" not in page.text


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[" * 60_000, b"do=take&form", b"\xff=%ff", b"&" * 60_000, b"a=b&" * 400]
)
def test_a_form_that_is_none_is_refused(member: TestClient, content: bytes) -> None:
    for kind in ("application/x-www-form-urlencoded", "application/json", "text/plain"):
        refused = member.post(QUESTIONS, content=content, headers={"Content-Type": kind})
        assert refused.status_code == 403 and "没有保存" in refused.text


def test_the_address_of_the_area_and_of_its_former_tabs_leads_to_the_first_page(
    member: TestClient, anonymous: TestClient
) -> None:
    for path in (STAFF, f"{STAFF}/"):
        assert member.get(path).headers["location"] == f"{STAFF}/home"
        assert anonymous.get(path).status_code == 401 and "工作人员登录" in anonymous.get(path).text


def chunks(size: int, content: bytes = b"x") -> Iterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield content * 65536


def test_forms_are_small(member: TestClient) -> None:
    assert member.post(QUESTIONS, data={"why": "x" * MAX_FORM}).status_code == 413
    assert member.post(QUESTIONS, content=chunks(MAX_FORM)).status_code == 413
    assert member.post(QUESTIONS, data={"why": "x" * (MAX_FORM - 100)}).status_code == 403, "the control"


HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'


def test_uploads_are_limited_and_leave_nothing_behind(app: FastAPI, member: TestClient) -> None:
    for size in (2 * MEGABYTE + 1, 60 * MEGABYTE):
        assert member.post(FILE_UPLOAD, files={"files": ("a.txt", b"x" * size)}).status_code == 413
    kind = {"Content-Type": "multipart/form-data; boundary=b"}

    def endless() -> Iterator[bytes]:
        yield HEAD
        yield from chunks(60 * MEGABYTE)

    assert member.post(FILE_UPLOAD, content=endless(), headers=kind).status_code == 413
    many = b"".join(HEAD.replace(b"a.txt", b"%d.txt" % number) + b"x\r\n" for number in range(1001)) + b"--b--\r\n"
    assert member.post(FILE_UPLOAD, content=many, headers=kind).status_code == 400
    assert list(app.state.documents.iterdir()) == []
    (token,) = set(re.findall(r'name="form" value="([^"]+)"', member.get(f"{STAFF}/files").text))
    taken = member.post(FILE_UPLOAD, data={"form": token}, files={"files": ("a.txt", b"x" * 1000)})
    assert taken.status_code == 200 and [path.name for path in app.state.documents.iterdir()] == ["a.txt"], (
        "the control"
    )
    (app.state.documents / "a.txt").unlink()


def test_two_hundred_uploads_that_break_off_leave_nothing(app: FastAPI, member: TestClient) -> None:
    cookie = f"staff_session={member.cookies['staff_session']}".encode()
    headers = [(b"host", b"127.0.0.1:7860"), (b"cookie", cookie), (b"content-type", b"multipart/form-data; boundary=b")]
    scope = {"type": "http", "method": "POST", "path": FILE_UPLOAD, "raw_path": FILE_UPLOAD.encode()}
    scope |= {
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 5),
    }
    opened: set[tuple[int, int]] = set()

    def files_without_name() -> set[tuple[int, int]]:
        # What other tests left open may be closed meanwhile, so that there may be fewer descriptors afterwards.
        found = set()
        for descriptor in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                status = descriptor.stat()
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    found.add((status.st_dev, status.st_ino))
        return found

    async def break_off() -> None:
        # Larger than what is kept in memory, so that it lies in a file.
        messages: list[Message] = [
            {"type": "http.request", "body": HEAD + b"x" * (MEGABYTE + 1000), "more_body": True},
            {"type": "http.disconnect"},
        ]

        async def receive() -> Message:
            opened.update(files_without_name())
            return messages.pop(0)

        async def send(_: Message) -> None:
            return None

        await app(dict(scope), receive, send)

    async def all_of_them() -> None:
        for _ in range(200):
            await break_off()

    asyncio.run(break_off())
    gc.collect()
    before, held = files_without_name(), len(list(Path("/proc/self/fd").iterdir()))
    opened.clear()
    asyncio.run(all_of_them())
    assert opened - before, "the file was there when the end came"
    assert files_without_name() <= before
    assert len(list(Path("/proc/self/fd").iterdir())) <= held, "nothing else is left open either"
    assert list(app.state.documents.iterdir()) == []


def test_no_address_gives_out_a_file_by_its_path(app: FastAPI, anonymous: TestClient, member: TestClient) -> None:
    kept = app.state.documents.parent / "secret.txt"
    kept.write_text("planted secret", encoding="utf-8")
    shapes = [
        f"{folder}/{shape}{kept}"
        for folder in ("", STAFF)
        for shape in ("gradio_api/file=", "file=", "gradio_api/file/")
    ]
    assert [anonymous.get(shape).status_code for shape in shapes] == [404, 404, 404, 401, 401, 401]
    assert [member.get(shape).status_code for shape in shapes] == [404] * 6
    assert member.get(f"{STAFF}/original", params={"document": str(kept)}).status_code == 404


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
def test_no_upload_chooses_how_it_is_read(member: TestClient, kind: str) -> None:
    """T73: a codec of the sender's choice takes quadratic time, or makes what no file may be called."""
    content = b'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\nx\r\n--b--\r\n'
    refused = member.post(FILE_UPLOAD, content=content, headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()) == (400, {"error": MALFORMED})
    twice = [("Content-Type", "multipart/form-data; boundary=b"), ("Content-Type", kind)]
    assert member.post(FILE_UPLOAD, content=content, headers=twice).status_code == 400
    for own in ("multipart/form-data; boundary=b", 'Multipart/Form-Data;boundary="b"'):
        taken = member.post(FILE_UPLOAD, content=content, headers={"Content-Type": own})
        assert taken.status_code == 403 and "没有保存" in taken.text, "the control comes as far as the page"
