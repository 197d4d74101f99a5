"""Coming into the staff area and going out of it."""

import asyncio
import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from starlette.testclient import TestClient

from app import running
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.attempts import CEILING
from qa.staff.accounts.failed_sign_ins import WINDOW, FailedSignIns
from qa.staff.permissions import Role
from qa.storage.audit import LOG, Audit
from qa.storage.database import DATABASE
from qa.web.staff import sign_in as sign_in_page
from qa.web.staff.session_cookie import SESSION
from qa.web.staff.sign_in import KNOWN, SIGN_IN
from qa.web.staff.sign_in_line import Crowded, SignInLine
from tests.support.doubles.staff import PASSWORD, make_staff_app, open_client, sign_in
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

pytestmark = pytest.mark.usefixtures("both_engines_in_turn")

PAGE = "/staff/home"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, both_engines_in_turn: str) -> Path:
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[FastAPI]:
    app = make_staff_app(home, QA_PROXIES="testclient")
    with open_client(app):  # the app as it runs, for all tests of this file
        yield app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A browser of its own."""
    return open_client(app)


def test_without_accounts_there_is_no_area(tmp_path: Path) -> None:
    with open_client(make_app(FakeAssistant(), tmp_path)) as client:
        assert [client.get(path).status_code for path in ("/staff", PAGE, SIGN_IN)] == [404, 404, 404]
        assert client.post(SIGN_IN).status_code == 404


def test_whoever_signs_in_sees_the_pages_and_nobody_else(client: TestClient) -> None:
    asked = client.get(PAGE)
    assert asked.status_code == 401 and "工作人员登录" in asked.text and "今天要办的" not in asked.text
    response = sign_in(client)
    assert (response.status_code, response.headers["location"]) == (303, PAGE)
    assert "今天要办的" in client.get(PAGE).text
    assert client.get("/staff").headers["location"] == PAGE


def test_the_session_is_the_browsers_alone(client: TestClient) -> None:
    cookie = sign_in(client).headers["set-cookie"]
    assert all(part in cookie for part in (SESSION, "HttpOnly", "SameSite=strict", "Path=/staff", "Max-Age=43200"))
    assert "Secure" not in cookie


def test_behind_https_the_cookie_never_leaves_it(client: TestClient) -> None:
    # Said by our own proxy: from anyone else it is not believed, as the test of the guard shows.
    client.headers["X-Forwarded-Proto"] = "https"
    form = client.get(SIGN_IN)
    assert "Secure" in form.headers["set-cookie"]
    token = re.search(r'name="form" value="([^"]+)"', form.text)
    assert token
    fields = {"name": "admin", "password": PASSWORD, "form": token[1]}
    kept = form.headers["set-cookie"].partition(";")[0]
    response = client.post(SIGN_IN, data=fields, headers={"Cookie": kept})
    assert response.status_code == 303 and "Secure" in response.headers["set-cookie"]


def test_the_browser_is_known_from_then_on_by_a_cookie_of_its_own(client: TestClient) -> None:
    first, second = (sign_in(client).headers.get_list("set-cookie") for _ in range(2))
    (cookie,) = [one for one in first if one.startswith(KNOWN)]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/staff", "Max-Age=34560000"))
    assert cookie in second, "it stays the same browser"
    (other,) = [one for one in sign_in(client, "editor").headers.get_list("set-cookie") if one.startswith(KNOWN)]
    assert other.partition("=")[0] != cookie.partition("=")[0], "two members may share a browser"


def test_whoever_guesses_elsewhere_keeps_no_known_browser_out(home: Path, app: FastAPI, client: TestClient) -> None:
    Accounts(home / DATABASE).add("besieged", Role.EDITOR, PASSWORD)
    assert sign_in(client, "besieged").status_code == 303
    stranger = open_client(app)
    for number in range(CEILING):
        stranger.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        assert sign_in(stranger, "besieged", "guess").status_code == 403
    stranger.headers["X-Forwarded-For"] = "203.0.113.200"
    assert sign_in(stranger, "besieged").status_code == 429
    assert sign_in(client, "besieged").status_code == 303
    new = "山茶 瓦房 四十一 渡口"
    assert act(client, "/staff/password", old=PASSWORD, new=new, again=new) == 200
    assert sign_in(client, "besieged", new).status_code == 303, "known by the new password, too"


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_a_wrong_password_and_an_unknown_name_read_alike(client: TestClient, name: str) -> None:
    response = sign_in(client, name, "not the password")
    assert response.status_code == 403 and SESSION not in response.headers["set-cookie"]
    assert "账号或密码不对" in response.text and client.get(PAGE).status_code == 401


def test_guessing_is_slowed_down_and_told_so(home: Path, app: FastAPI, client: TestClient) -> None:
    Accounts(home / DATABASE).add("slow", Role.EDITOR, PASSWORD)
    # From an address of its own, so that the other tests are not slowed down.
    client.headers["X-Forwarded-For"] = "203.0.113.7"
    answers = [sign_in(client, "slow", f"guess {number}").status_code for number in range(6)]
    assert answers == [403] * 5 + [429]
    refused = sign_in(client, "slow", PASSWORD)
    assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 0 and "秒后再试" in refused.text


@pytest.mark.parametrize("change", [{"form": "forged"}, {"form": ""}])
def test_a_form_that_is_not_ours_signs_nobody_in(client: TestClient, change: dict[str, str]) -> None:
    client.get(SIGN_IN)
    response = client.post(SIGN_IN, data={"name": "admin", "password": PASSWORD, **change})
    assert response.status_code == 403 and sign_in_page.STALE in response.text and client.get(PAGE).status_code == 401
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize("body", [b"", b"name=%FF&password=x", b"a=1&" * 50, b"{}", b"name=admin"])
def test_a_form_that_cannot_be_read_is_told_so(client: TestClient, body: bytes) -> None:
    response = client.post(SIGN_IN, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert response.status_code in (400, 403) and "工作人员登录" in response.text


def test_a_second_window_makes_no_form_stale_until_somebody_signs_in(client: TestClient) -> None:
    """Browsers open several again at once, all of them at the sign-in."""

    def token(path: str) -> str:
        found = re.search(r'name="form" value="([^"]+)"', client.get(path).text)
        assert found
        return found[1]

    first = token(SIGN_IN)
    client.get("/staff/home", headers={"Accept": "text/html"})
    fields = {"name": "admin", "password": PASSWORD}
    assert client.post(SIGN_IN, data={**fields, "form": first}).status_code == 303
    left_open = token("/staff/account")
    assert client.post("/staff/sign-out", data={"form": left_open}).status_code == 200
    assert sign_in(client, "editor").status_code == 303
    token("/staff/account")
    refused = client.post("/staff/sign-out-everywhere", data={"form": left_open})
    assert refused.status_code == 403 and client.get("/staff/home").status_code == 200, "of who was here before"


def test_what_was_typed_is_shown_as_text(client: TestClient) -> None:
    response = sign_in(client, '"><script>fired()</script>', "x")
    assert "<script>" not in response.text and "&#34;&gt;&lt;script" in response.text


def act(client: TestClient, path: str, **fields: str) -> int:
    """A button of one's own account."""
    token = re.search(r'name="form" value="([^"]+)"', client.get("/staff/account").text)
    assert token
    return client.post(path, data={"form": token[1], **fields}).status_code


@pytest.mark.parametrize("name", ["admin", "editor"])
def test_a_new_sign_in_ends_the_session_that_the_browser_carried(app: FastAPI, client: TestClient, name: str) -> None:
    """Whoever left it there, or put it there to go on in it beside the one who signs in."""
    other = open_client(app)
    sign_in(other)
    sign_in(client)
    left = client.cookies[SESSION]
    assert sign_in(client, name, "not the password").status_code == 403
    assert client.get(PAGE, headers={"Cookie": f"{SESSION}={left}"}).status_code == 200, "a failure ends nothing"
    assert sign_in(client, name).status_code == 303
    new = client.cookies[SESSION]
    outcomes = [open_client(app).get(PAGE, headers={"Cookie": f"{SESSION}={one}"}).status_code for one in (left, new)]
    assert (new != left, outcomes, other.get(PAGE).status_code) == (True, [401, 200], 200)


def test_of_two_sessions_in_one_browser_a_new_sign_in_ends_both(app: FastAPI, client: TestClient) -> None:
    left = [sign_in(open_client(app), one).cookies[SESSION] for one in ("admin", "editor")]
    form = client.get(SIGN_IN)
    token = re.search(r'name="form" value="([^"]+)"', form.text)
    assert token
    cookies = "; ".join([f"staff_form={token[1]}", *(f"{SESSION}={one}" for one in left)])
    fields = {"name": "publisher", "password": PASSWORD, "form": token[1]}
    assert open_client(app).post(SIGN_IN, data=fields, headers={"Cookie": cookies}).status_code == 303
    assert [client.get(PAGE, headers={"Cookie": f"{SESSION}={one}"}).status_code for one in left] == [401, 401]


def test_signing_out_ends_the_session_and_not_the_others(app: FastAPI, client: TestClient) -> None:
    other = open_client(app)
    sign_in(client)
    sign_in(other)
    kept = client.cookies[SESSION]
    assert act(client, "/staff/sign-out") == 200
    assert client.get(PAGE, headers={"Cookie": f"{SESSION}={kept}"}).status_code == 401
    assert other.get(PAGE).status_code == 200


def test_signing_out_everywhere_ends_all_of_ones_sessions(app: FastAPI, client: TestClient) -> None:
    other, colleague = open_client(app), open_client(app)
    sign_in(client)
    sign_in(other)
    sign_in(colleague, "editor")
    assert act(client, "/staff/sign-out-everywhere") == 200
    assert [one.get(PAGE).status_code for one in (client, other, colleague)] == [401, 401, 200]


def test_who_came_in_and_went_out_is_in_the_audit_log(home: Path, client: TestClient) -> None:
    before = len(Audit(home).rows())
    sign_in(client, "publisher")
    act(client, "/staff/sign-out")
    # What others failed at before is written after their answers, and may still come.
    rows = [row for row in Audit(home).rows()[before:] if row.who == "publisher"]
    added = [(row.who, row.action, row.why) for row in rows]
    assert added == [("publisher", "sign in", ""), ("publisher", "sign out", "")]
    assert not Audit(home).tampering()


@pytest.mark.long
def test_failures_are_in_the_audit_log_without_what_was_typed_for_a_name(tmp_path: Path) -> None:
    with open_client(make_staff_app(tmp_path, QA_PROXIES="testclient")) as client:
        for number, (name, password) in enumerate([("Editor", "wrong"), ("my password", "x"), ("editor", PASSWORD)]):
            client.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            sign_in(client, name, password)
            assert comes(lambda: len(Audit(tmp_path).rows()) == number + 1)  # noqa: B023 - called at once
    rows = [(row.who, row.action, row.outcome) for row in Audit(tmp_path).rows()]
    assert rows[:2] == [(who, "sign in", "failed: 用户名或密码不对，10分钟内第1次") for who in ("editor", "未知账号")]
    assert rows[2] == ("editor", "sign in", "done")
    assert "my password" not in (tmp_path / LOG).read_text(encoding="utf-8")


def comes(true: Callable[[], bool]) -> bool:
    """Whether it comes true; a row of a failure is written after the answer."""
    for _ in range(1000):
        if true():
            return True
        time.sleep(0.02)
    return False


def test_many_guesses_write_few_rows() -> None:
    failures, now = FailedSignIns(), datetime(2026, 11, 28, tzinfo=UTC)
    names = [*(["anna"] * 500), *(f"guess {number}" for number in range(5000))]
    noted = [one for name in names if (one := failures.note(name, 1, ["anna", "bo"], now))]
    assert [(one.who, one.count) for one in noted] == [
        *(("anna", count) for count in (1, 10, 100)),
        *(("未知账号", count) for count in (1, 10, 100, 1000)),
    ]
    assert failures.note("anna", 1, ["anna"], now + WINDOW)


def test_the_audit_log_under_anothers_lock_stops_nobody_else(
    home: Path, app: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing in and out wait for their rows, in a thread: the event loop answers others meanwhile."""
    monkeypatch.setattr("qa.storage.audit_log.medium.LOCK_SECONDS", 600.0)
    Audit(home).add("test", "sign in")
    answered: list[int] = []

    async def both() -> None:
        transport = ASGITransport(app)
        async with AsyncClient(transport=transport, base_url=ADDRESS) as browser:
            page = await browser.get(SIGN_IN)
            token = re.search(r'name="form" value="([^"]+)"', page.text)
            assert token
            fields = {"name": "admin", "password": PASSWORD, "form": token[1]}
            with (home / ".audit.lock").open("r") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                signing_in = asyncio.create_task(browser.post(SIGN_IN, data=fields))
                for _ in range(20):
                    answered.append((await browser.get("/healthz")).status_code)
                    await asyncio.sleep(0.05)
                assert not signing_in.done()
            assert (await signing_in).status_code == 303

    asyncio.run(both())
    assert answered == [200] * 20


def test_a_crowd_of_strangers_is_told_and_a_known_browser_comes_in(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, app: FastAPI
) -> None:
    assert sign_in(client, "editor").status_code == 303

    async def full(self: SignInLine, work: Callable[[], object], *, address: str) -> None:
        raise Crowded

    monkeypatch.setattr(SignInLine, "stranger", full)
    stranger = open_client(app)
    response = sign_in(stranger, "editor")
    assert (response.status_code, response.headers["retry-after"], SESSION in stranger.cookies) == (503, "5", False)
    assert sign_in_page.CROWDED in response.text
    assert sign_in(client, "editor").status_code == 303
    known = next(value for name, value in client.cookies.items() if name.startswith(KNOWN))
    name = next(name for name in client.cookies if name.startswith(KNOWN))
    stranger.cookies.set(name, known[:-1] + ("0" if known[-1] != "0" else "1"), path="/staff")
    assert sign_in(stranger, "editor").status_code == 503, "a forged mark is a stranger's"


def test_a_new_password_ends_all_sessions_and_signs_in(home: Path, client: TestClient) -> None:
    Accounts(home / DATABASE).add("changing", Role.EDITOR, PASSWORD)
    sign_in(client, "changing")
    new = "山茶 瓦房 四十一 渡口"
    assert act(client, "/staff/password", old="wrong", new=new, again=new) == 400
    assert act(client, "/staff/password", old=PASSWORD, new=new, again="other") == 400
    assert client.get(PAGE).status_code == 200
    assert act(client, "/staff/password", old=PASSWORD, new=new, again=new) == 200
    assert client.get(PAGE).status_code == 401
    assert sign_in(client, "changing", new).status_code == 303


def test_a_changed_role_ends_the_session(home: Path, client: TestClient) -> None:
    Accounts(home / DATABASE).add("promoted", Role.EDITOR, PASSWORD)
    sign_in(client, "promoted")
    assert client.get(PAGE).status_code == 200
    Accounts(home / DATABASE).set_role("promoted", Role.ADMIN)
    assert client.get(PAGE).status_code == 401


@pytest.mark.long
def test_no_session_survives_a_restart_and_a_second_server_ends_none(tmp_path: Path) -> None:
    with running(tmp_path, tmp_path / DATABASE), open_client(make_staff_app(tmp_path)) as client:
        sign_in(client)
        cookie = {"Cookie": f"{SESSION}={client.cookies[SESSION]}"}
        with running(tmp_path, tmp_path / DATABASE), open_client(make_staff_app(tmp_path)) as second:
            assert second.get(PAGE, headers=cookie).status_code == 200
        assert client.get(PAGE).status_code == 200
    with running(tmp_path, tmp_path / DATABASE), open_client(make_staff_app(tmp_path)) as client:
        assert client.get(PAGE, headers=cookie).status_code == 401
        sign_in(client)
        assert client.get(PAGE).status_code == 200


def test_networks_of_earlier_weights_go_with_the_start_of_the_only_server(tmp_path: Path) -> None:
    old = tmp_path / "models" / "verifier-000000000000-multilingual-e5-small-111111111111-2"
    with running(tmp_path, tmp_path / DATABASE):
        old.mkdir(parents=True)
        os.utime(old, (1, 1))
        with running(tmp_path, tmp_path / DATABASE):
            assert old.is_dir()
    with running(tmp_path, tmp_path / DATABASE):
        assert not old.exists()


def test_the_pages_of_the_door_may_only_send_forms_to_us(client: TestClient) -> None:
    headers = client.get(SIGN_IN).headers
    assert "form-action 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin" and ADDRESS not in client.get(SIGN_IN).text
