"""Every refusal stands beside a request that passes, or an app without the guard that lets the same through."""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from qa.web.citizen import chat
from qa.web.http.bodies import MAX_BODY, MAX_TEXT
from qa.web.http.guard import Guard
from qa.web.http.inline_scripts import HEADER, InlineScripts, script_hashes
from qa.web.http.policy import CONTENT_POLICY, PAGE_CALL, SECURITY_HEADERS, allowed_hosts
from qa.web.site import NO_SITE
from tests.conftest import ClosedNetwork
from tests.support.doubles.web import ADDRESS, START, FakeAssistant, admission, make_app

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUESTION = {"question": "结成了多少对？"}
JSON = {"Content-Type": "application/json"}
REFUSED = {"error": "没有读懂这个请求。"}
# As the page in Chromium sends it for the Enter key.
CALL = {"data": ["结成了多少对？", "[]"], "fn_index": 0, "trigger_id": 11, "session_hash": "9tmr6gndkto"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return make_app(FakeAssistant(), tmp_path_factory.mktemp("home"), QA_ALLOWED_HOSTS="ask.example.gov.cn")


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The same page with nothing in front of it: what the guard is there for."""

    async def make() -> FastAPI:
        return chat.mount(FastAPI(), admission(FakeAssistant(), tmp_path_factory.mktemp("unguarded")), NO_SITE)

    with TestClient(asyncio.run(make()), base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


def addresses(routes: Iterable[object]) -> Iterator[str]:
    """An address for every route of the app and of what is mounted or included in it."""
    for route in routes:
        # FastAPI keeps an included router as it is, behind this name.
        inner = getattr(getattr(route, "original_router", route), "routes", None)
        if inner is not None:
            yield from addresses(inner)
        elif isinstance(route, Route):
            yield re.sub(r"\{[^}]+\}", "x", route.path)


@pytest.mark.long
def test_only_the_allowlist_answers(app: FastAPI, client: TestClient, unguarded: TestClient) -> None:
    walked = {*addresses(app.routes), PAGE_CALL}
    assert {"/gradio_api/upload", "/gradio_api/file=x", "/monitoring", "/config", "/gradio_api/heartbeat/x"} <= walked
    answering = {
        (method, address)
        for address in walked
        for method in METHODS
        if client.request(method, address).status_code not in (404, 405)
    }
    # The folders /assets/, /static/ and /pages/ are open too, and answer for names that are there.
    # /source, /file and /a/ answer for documents and shared replies that are there.
    readable = {"/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/pwa_icon", "/healthz", "/readyz"}
    readable |= {"/docs", "/openapi.json", "/api/page", "/widget.js", "/ask", "/topics", "/about"}
    heads = {("HEAD", address) for address in ("/", "/healthz", "/readyz", "/openapi.json")}
    asking = {("POST", "/api/ask"), ("POST", PAGE_CALL), ("POST", "/api/feedback"), ("POST", "/api/share")}
    # /api/write is not found where staff allow no written answers.
    asking |= {("POST", "/mcp"), ("POST", "/ask"), ("POST", "/api/forget")}
    assert answering == {("GET", address) for address in readable} | heads | asking
    leaking = [address for address in ("/config", "/gradio_api/info") if unguarded.get(address).status_code == 200]
    assert leaking == ["/config", "/gradio_api/info"]


def test_the_page_and_its_files_are_served(client: TestClient) -> None:
    page = client.get("/").text
    script = re.search(r'"\./(assets/[^"]+\.js)"', page)
    assert script and client.get(f"/{script[1]}").status_code == 200
    own = re.search(r"/pages/\w+/chat\.js", page)
    assert own and client.get(own[0]).status_code == 200
    assert client.get(own[0].replace("chat.js", "chat.py")).status_code == 404


def test_the_page_asks_with_one_call(client: TestClient) -> None:
    response = client.post(PAGE_CALL, json=CALL)
    assert response.status_code == 200
    reply, question, facts = response.json()["data"]
    assert "<mark>" in reply and question == ""
    assert json.loads(facts)["turn"][0] == "结成了多少对？"


@pytest.mark.parametrize("path", ["/staff", "/staff/", "/staff/config", "/monitoring", "/monitoring/summary", "/login"])
def test_what_is_not_public_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == client.post(path).status_code == 404


def test_whoever_opens_an_address_that_does_not_exist_sees_a_page_and_a_program_json(client: TestClient) -> None:
    reader = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "zh-CN"}
    page = client.get("/no-such-page", headers=reader)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "没有这个页面" in page.text and 'href="/"' in page.text and "frame-ancestors" in str(page.headers)
    assert client.get("/no-such-page").json() == {"error": "没有这个页面。"}
    assert client.post("/no-such-page", headers=reader).json() == {"error": "没有这个页面。"}
    # A host that is not ours is told nothing in its language, and gets no links to itself.
    assert client.get("/", headers={**reader, "Host": "evil.example"}).json()["error"].startswith("本站不接受")


@pytest.mark.parametrize("path", ["/assets/../../config", "/static/..%2f..%2fapp.py", "/pages/x/..%2f..%2fchat.py"])
def test_no_path_leads_out_of_a_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("folder", ["/assets/", "/static/", "/pages/x/"])
@pytest.mark.parametrize("name", ["a" * 300, "a" * 5000, "长" * 90], ids=["300", "5000", "90 of 3 bytes"])
def test_a_long_path_is_not_found(client: TestClient, unguarded: TestClient, folder: str, name: str) -> None:
    response = client.get(folder + name)
    assert (response.status_code, response.json()) == (404, {"error": "没有这个页面。"})
    if folder == "/static/":
        assert unguarded.get(folder + name).status_code == 500


def test_a_path_of_200_bytes_is_looked_up() -> None:
    async def found(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("found")(scope, receive, send)

    client = TestClient(Guard(found, {"127.0.0.1"}), base_url=ADDRESS)
    answers = [client.get("/static/" + "a" * length).status_code for length in (192, 193)]
    assert answers == [200, 404]


def test_nothing_can_be_uploaded_or_fetched_back(client: TestClient, unguarded: TestClient) -> None:
    files = {"files": ("a.txt", b"text")}
    uploaded = unguarded.post("/gradio_api/upload", files=files)
    assert uploaded.status_code == 200
    assert unguarded.get(f"/gradio_api/file={uploaded.json()[0]}").content == b"text"
    assert client.post("/gradio_api/upload", files=files).status_code == 404
    assert client.get(f"/gradio_api/file={uploaded.json()[0]}").status_code == 404


def test_a_file_object_in_a_question_makes_no_request(
    client: TestClient, unguarded: TestClient, network: ClosedNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = {"path": "http://192.0.2.7/x", "meta": {"_type": "gradio.FileData"}}
    call = {**CALL, "data": [file, "[]"]}
    before = len(network.refused)
    assert client.post(PAGE_CALL, json=call).status_code == 400
    assert len(network.refused) == before
    fetched: list[str] = []

    async def fetch(url: str, **_: Any) -> str:
        fetched.append(url)
        raise ValueError

    monkeypatch.setattr("gradio.processing_utils.async_ssrf_protected_download", fetch)
    unguarded.post(PAGE_CALL, json=call)
    assert fetched == ["http://192.0.2.7/x"]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"[" * 60_000, b'{"data": ' + b"9" * 5000 + b"}"], ids=range(5))
def test_a_call_that_is_no_json_object_is_refused(client: TestClient, content: bytes) -> None:
    assert client.post(PAGE_CALL, content=content, headers=JSON).json() == REFUSED


@pytest.mark.parametrize(
    "change",
    [
        {"data": []},
        {"data": ["问"]},
        {"data": ["问", "[]", "[]"]},
        {"data": ["问"] * 10},
        {"data": "问"},
        {"data": ["问", 5]},
        {"data": ["问", None]},
        {"data": [["问"], "[]"]},
        *({"fn_index": number} for number in (99, -1, 10**30, True, 0.0, "0", None)),
        *({"trigger_id": number} for number in (-1, 10**30, True, 1.5, "11", None)),
        *({"session_hash": text} for text in (5, None, ["s"], "", "s" * 33, "s t", "s\n", "\ud83d")),
        *({name: value} for name in ("batched", "simple_format") for value in (True, False, "no")),
        {"event_data": None},
        {"event_data": {"a": 1}},
        {"event_id": 5},
        {"oauth_token": {}},
        {"further": [1]},
    ],
)
def test_a_call_of_another_form_than_the_pages_is_refused_and_not_written_down(
    client: TestClient, capfd: pytest.CaptureFixture[str], change: Mapping[str, Any]
) -> None:
    content = json.dumps({**CALL, **change})
    response = client.post(PAGE_CALL, content=content, headers=JSON)
    assert (response.status_code, response.json()) == (400, REFUSED)
    assert "".join(capfd.readouterr()) == ""


@pytest.mark.parametrize("name", CALL)
def test_a_call_that_lacks_a_part_is_refused(client: TestClient, name: str) -> None:
    call = {key: value for key, value in CALL.items() if key != name}
    assert client.post(PAGE_CALL, json=call).json() == REFUSED


def test_what_the_guard_refuses_would_put_the_question_into_the_log(
    unguarded: TestClient, capfd: pytest.CaptureFixture[str]
) -> None:
    assert unguarded.post(PAGE_CALL, json={**CALL, "data": ["我的病历"]}).status_code == 500
    assert "我的病历" in "".join(capfd.readouterr())


@pytest.mark.long
def test_every_function_of_the_page_may_be_called_and_no_other(client: TestClient) -> None:
    answering = [n for n in range(-3, 99) if client.post(PAGE_CALL, json={**CALL, "fn_index": n}).status_code == 200]
    assert answering == [0]


@pytest.mark.parametrize("characters, status", [(MAX_TEXT, 200), (MAX_TEXT + 1, 400)])
def test_a_call_carries_a_limited_number_of_characters(client: TestClient, characters: int, status: int) -> None:
    for data in (["问" * (characters - 2), "[]"], ["问", "[" + "长" * (characters - 2)]):
        content = json.dumps({**CALL, "data": data}, ensure_ascii=False).encode()
        assert client.post(PAGE_CALL, content=content, headers=JSON).status_code == status


@pytest.mark.parametrize(
    "kind, status",
    [
        ("application/json", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("text/plain", 400),
        ("text/plain; application/json", 400),
        ("application/x-www-form-urlencoded", 400),
        ("multipart/form-data; boundary=x", 400),
        ("application/jsonp", 400),
        ("", 400),
        (None, 400),
    ],
)
def test_a_call_says_that_it_is_json(client: TestClient, kind: str | None, status: int) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    response = client.post(PAGE_CALL, content=json.dumps(CALL).encode(), headers=headers)
    assert response.status_code == status
    assert status == 200 or response.json() == REFUSED


@pytest.mark.parametrize("conversation", ["", "{}", "null", '[["a"]]', "[" * 9_000, '[["\ud83d", "b"]]'], ids=range(6))
def test_a_conversation_that_cannot_be_read_starts_anew(client: TestClient, conversation: str) -> None:
    content = json.dumps({**CALL, "data": ["多少", conversation]}).encode()
    response = client.post(PAGE_CALL, content=content, headers=JSON)
    assert response.status_code == 200 and "<mark>" in response.json()["data"][0]


@pytest.mark.parametrize("path", ["/api/ask", PAGE_CALL])
def test_large_bodies_are_refused_with_and_without_a_length(client: TestClient, path: str) -> None:
    def body(size: int) -> bytes:
        return json.dumps(CALL if path == PAGE_CALL else QUESTION).encode().ljust(size)

    def chunks(size: int) -> Iterator[bytes]:
        yield from (body(size)[at : at + 1000] for at in range(0, size, 1000))

    def post(content: bytes | Iterator[bytes]) -> Response:
        return client.post(path, content=content, headers=JSON)

    assert post(body(MAX_BODY)).status_code == post(chunks(MAX_BODY)).status_code == 200
    refused = post(body(MAX_BODY + 1))
    assert refused.status_code == post(chunks(MAX_BODY + 1)).status_code == 413
    assert refused.json() == {"error": "内容太长，请把问题写得短一些。"}


@pytest.mark.parametrize("path, body", [("/api/ask", QUESTION), (PAGE_CALL, CALL)])
@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 200),
        ({"Origin": ADDRESS}, 200),
        ({"Origin": ADDRESS, "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": ADDRESS.replace("http", "https")}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:7861"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_only_our_own_pages_and_programs_may_ask(
    client: TestClient, path: str, body: Mapping[str, Any], headers: dict[str, str], status: int
) -> None:
    assert client.post(path, json=body, headers=headers).status_code == status


@pytest.mark.parametrize(
    "host, status",
    [
        ("127.0.0.1:7860", 200),
        ("localhost", 200),
        ("LOCALHOST:80", 200),
        ("[::1]:7860", 200),
        ("ask.example.gov.cn", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example:7860", 400),
        ("ask.example.gov.cn@evil.example", 400),
        ("", 400),
    ],
)
def test_only_known_hosts_are_served(client: TestClient, host: str, status: int) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == status


def test_the_address_served_on_is_a_known_host_unless_it_is_a_wildcard() -> None:
    assert "10.0.0.5" in allowed_hosts("10.0.0.5")
    assert "[fd00::5]" in allowed_hosts("fd00::5")
    assert allowed_hosts("0.0.0.0") == allowed_hosts("::") == allowed_hosts("127.0.0.1")


@pytest.mark.parametrize(
    "name, value", [("X-Forwarded-Host", "evil.example"), ("X-Gradio-Server", "http://evil.example")]
)
def test_no_header_changes_the_addresses_in_the_page(
    client: TestClient, unguarded: TestClient, name: str, value: str
) -> None:
    headers = {name: value}
    assert "evil.example" in unguarded.get("/", headers=headers).text
    assert "evil.example" not in client.get("/", headers=headers).text


def test_no_foreign_origin_may_read(client: TestClient, unguarded: TestClient) -> None:
    headers = {"Origin": "http://evil.example", "Host": "ask.example.gov.cn"}
    reflected = unguarded.get("/", headers=headers).headers
    assert reflected["access-control-allow-origin"] == "http://evil.example"
    response = client.get("/", headers=headers)
    assert response.status_code == 200 and "access-control-allow-origin" not in response.headers
    preflight = client.options("/api/ask", headers={**headers, "Access-Control-Request-Method": "POST"})
    assert preflight.status_code == 404 and "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize("path", ["/", "/ask", "/topics", "/about", "/docs", "/api/ask", "/staff", "/healthz"])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    # The policy of the page that Gradio makes is told of below.
    same = [name for name in SECURITY_HEADERS if path != "/" or name != CONTENT_POLICY]
    assert {name: headers[name] for name in same} == {name: SECURITY_HEADERS[name] for name in same}
    assert headers["cache-control"] == "no-store"
    assert "unsafe" not in SECURITY_HEADERS[CONTENT_POLICY]


def test_the_page_of_gradio_may_run_its_own_inline_scripts_and_no_others(client: TestClient) -> None:
    response = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in response.headers[CONTENT_POLICY].split(";"))
    inline = script_hashes(response.content)
    assert len(inline) > 2 and set(inline) <= set(policy["script-src"].split())
    assert set(script_hashes(b"<script>alert(1)</script>")).isdisjoint(policy["script-src"].split())
    assert "unsafe" not in policy["script-src"] and policy["style-src"] == "'self' 'unsafe-inline'"
    assert HEADER not in response.headers


def test_only_files_whose_name_changes_with_them_are_kept_by_browsers(client: TestClient) -> None:
    page = client.get("/").text
    for kept in re.findall(r'\./(assets/[^"]+)', page) + re.findall(r"/(pages/\w+/chat\.\w+)", page):
        assert "immutable" in client.get(f"/{kept}").headers["cache-control"]
    source = f"/source?snapshot=1&document=school.md&at={START}-{START + 5}"
    assert client.get(source).headers["cache-control"] == "no-store"
    assert client.get("/assets/none.js").headers["cache-control"] == "no-store"


def run(guard: Guard, scope: Scope, receive: Receive) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    return sent


async def never(scope: Scope, receive: Receive, send: Send) -> None:
    raise AssertionError("The guard let it through")


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def stall() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    headers = [(b"host", b"localhost")]
    scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": headers}
    sent = run(Guard(never, {"localhost"}, body_seconds=0.01), scope, stall)
    assert sent[0]["status"] == 408


def test_websockets_are_closed() -> None:
    async def connect() -> Message:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/", "headers": [(b"host", b"localhost")]}
    assert run(Guard(never, {"localhost"}), scope, connect) == [{"type": "websocket.close", "code": 1008}]


def test_two_host_headers_are_refused() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost"), (b"host", b"evil")]}

    async def nothing() -> Message:
        return {"type": "http.request"}

    assert run(Guard(never, {"localhost"}), scope, nothing)[0]["status"] == 400


@pytest.mark.parametrize(
    "sites, framing",
    [((), "frame-ancestors 'none'"), (("https://a.gov.cn",), "frame-ancestors 'self' https://a.gov.cn")],
)
def test_only_the_sites_that_are_set_may_show_the_chat_in_a_frame(sites: tuple[str, ...], framing: str) -> None:
    async def found(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("found")(scope, receive, send)

    headers = TestClient(Guard(found, {"127.0.0.1"}, sites=sites), base_url=ADDRESS).get("/").headers
    assert framing in headers["content-security-policy"]
    assert ("x-frame-options" in headers) == (not sites)


def test_only_scripts_that_were_there_before_ours_was_put_in_are_named() -> None:
    page = b'<script>a = 1;\r\nb = 2</script><script type="module" src="x.js"></script><SCRIPT >c</SCRIPT >'

    async def made(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": page[:20], "more_body": True})
        await send({"type": "http.response.body", "body": page[20:]})

    app = InlineScripts(made, paths=["/"], folders=["/docs-site/"])
    for path, named in (("/", True), ("/docs-site/a/", True), ("/ask", False)):
        response = TestClient(app, base_url=ADDRESS).get(path)
        assert response.content == page
        assert (HEADER in response.headers) is named
    # As browsers compute it: a line end of two characters counts as one.
    expected = [hashlib.sha256(text).digest() for text in (b"a = 1;\nb = 2", b"c")]
    assert script_hashes(page) == [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in expected]


def test_any_site_may_load_the_widget_and_nothing_else(client: TestClient) -> None:
    policy = "cross-origin-resource-policy"
    assert client.get("/widget.js").headers[policy] == "cross-origin"
    assert client.get("/").headers[policy] == "same-origin"


@pytest.mark.parametrize(
    "proxies, caller, forwarded, seen",
    [
        ((), "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (("10.0.0.1",), "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (("10.0.0.1",), "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (("10.0.0.1", "10.0.0.2"), "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (("10.0.0.1", "10.0.0.2"), "10.0.0.1", "203.0.113.9, ::ffff:10.0.0.2", "203.0.113.9"),
        (("10.0.0.1",), "10.0.0.1", "", "10.0.0.1"),
        # As a socket on `::` reports it, and the other way round.
        (("10.0.0.1",), "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (("::ffff:10.0.0.1",), "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (("2001:DB8::0:1",), "2001:db8::1", "203.0.113.9", "203.0.113.9"),
        (("10.0.0.1",), "::ffff:10.0.0.3", "203.0.113.9", "::ffff:10.0.0.3"),
        (("2001:db8::1",), "2001:db8::2", "203.0.113.9", "2001:db8::2"),
    ],
)
def test_only_our_own_proxies_are_believed_when_they_say_who_calls(
    proxies: tuple[str, ...], caller: str, forwarded: str, seen: str
) -> None:
    callers: list[tuple[str, str]] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        callers.append((scope["client"][0], scope["scheme"]))

    headers = [(b"host", b"localhost")] + ([(b"x-forwarded-for", forwarded.encode())] if forwarded else [])
    headers += [(b"x-forwarded-proto", b"https")] if forwarded else []
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "client": (caller, 5)}

    async def nothing() -> Message:
        return {"type": "http.request"}

    run(Guard(look, {"localhost"}, proxies=proxies), scope, nothing)
    assert callers == [(seen, "http" if seen == caller else "https")]


@pytest.mark.parametrize(
    "path, sent, seen",
    [
        ("/", "a=b; staff_session=abc", None),
        ("/staff/", "a=b; staff_session=a-b_C; staff_form=x.y", "staff_session=a-b_C; staff_form=x.y"),
        ("/staff/", 'a="' + "\\" * 3000 + '"; staff_session=abc', "staff_session=abc"),
        ("/staff/", 'staff_session="\\\\\\"', None),
        ("/staff/", "xstaff_session=abc", None),
    ],
)
def test_only_our_cookies_reach_the_staff_area_and_none_the_rest(path: str, sent: str, seen: str | None) -> None:
    got: list[str | None] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        got.append({name: value.decode() for name, value in scope["headers"]}.get(b"cookie"))
        await PlainTextResponse("seen")(scope, receive, send)

    client = TestClient(Guard(look, {"127.0.0.1"}, staff=True), base_url=ADDRESS)
    assert client.get(path, headers={"Cookie": sent}).status_code == 200
    assert got == [seen]


@pytest.mark.parametrize("host", ["127.0.0.1:²", "127.0.0.1:٣", "127.0.0.1:x"])
def test_a_port_is_written_in_digits(client: TestClient, host: str) -> None:
    async def found(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("found")(scope, receive, send)

    status: list[int] = []

    async def send(message: Message) -> None:
        status.append(message.get("status", 0))

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": "http"}
    for name, expected in ((host, 400), ("127.0.0.1:7860", 200)):
        status.clear()
        # Starlette reads headers as Latin-1, in which a superscript two is a digit to Python.
        headers = [(b"host", name.encode("latin-1", "replace"))]
        asyncio.run(Guard(found, {"127.0.0.1"})({**scope, "headers": headers}, receive, send))
        assert status[0] == expected


@pytest.mark.parametrize(
    "called, origin, status",
    [
        ("http", "http://127.0.0.1:7860", 200),
        ("http", "https://127.0.0.1:7860", 200),
        ("https", "http://127.0.0.1:7860", 403),
        ("http", "ftp://127.0.0.1:7860", 403),
    ],
    ids=["same", "behind TLS", "downgraded", "another scheme"],
)
def test_the_scheme_of_an_origin_counts(called: str, origin: str, status: int) -> None:
    async def found(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("found")(scope, receive, send)

    client = TestClient(Guard(found, {"127.0.0.1"}), base_url=f"{called}://127.0.0.1:7860")
    assert client.post("/api/share", content=b"", headers={"Origin": origin}).status_code == status
