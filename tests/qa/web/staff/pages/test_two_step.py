"""Signing in in two steps, by forms as a browser sends them, and the page that sets it up."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.staff.permissions import Role
from qa.staff.settings import RuntimeSettings
from qa.storage.audit import Audit
from qa.web.staff.pages.two_step.routes import picture
from tests.qa.web.staff.test_sign_in import comes
from tests.support.doubles.desk import Clerk
from tests.support.doubles.staff import PASSWORD, make_staff_app, open_client, sign_in
from tests.support.doubles.web import settings

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("both_engines")]
PAGE, CODE = "/staff/two-step", "/staff/sign-in/code"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    app = make_staff_app(tmp_path)
    with open_client(app):
        yield app


def set_up(clerk: Clerk) -> tuple[pyotp.TOTP, list[str]]:
    page = clerk.press("begin", password=PASSWORD)
    assert "<svg" in page and 'class="qr"' in page
    (secret,) = re.findall(r"<code class=\"text\">([A-Z2-7]{32})</code>", page)
    phone = pyotp.TOTP(secret)
    page = clerk.press("confirm", code=phone.now())
    assert "请保存这些恢复码" in page and secret not in page
    return phone, re.findall(r"<li><code>([0-9a-f-]+)</code>", page)


def send_code(client: TestClient, code: str, form: str = "") -> tuple[int, str]:
    response = client.post(CODE, data={"code": code, "form": form or client.cookies["staff_form"]})
    return response.status_code, response.text


def test_a_publisher_sets_it_up_and_signs_in_with_phone_or_recovery_code(app: FastAPI, tmp_path: Path) -> None:
    clerk = Clerk(app, "publisher", PAGE)
    assert "账号或密码不对" in clerk.press("begin", password="not the password")
    phone, codes = set_up(clerk)
    assert "还有8个恢复码" in clerk.open() and clerk.client.get(PAGE).headers["cache-control"] == "no-store"
    client = open_client(app)
    asked = sign_in(client, "publisher")
    assert asked.status_code == 200 and "输入验证码" in asked.text and "staff_session" not in client.cookies
    assert client.get("/staff/home").status_code == 401
    assert send_code(client, "000000" if phone.now() != "000000" else "111111")[0] == 403
    wrong = ("publisher", "failed: 密码对，验证码不对，10分钟内第1次")
    assert comes(lambda: wrong in [(row.who, row.outcome) for row in Audit(tmp_path).rows()])
    assert send_code(client, phone.at(datetime.now(UTC) + timedelta(seconds=30)))[0] == 303
    assert client.get("/staff/home").status_code == 200
    other = open_client(app)
    sign_in(other, "publisher")
    assert send_code(other, codes[0])[0] == 303 and other.get("/staff/home").status_code == 200
    told = [row.why for row in Audit(tmp_path).rows() if row.action == "sign in"]
    assert "密码对，等验证码" in told and "用了一个恢复码，还剩7个" in told


def test_the_code_needs_our_form_and_a_password_shown_before(app: FastAPI) -> None:
    _, codes = set_up(Clerk(app, "publisher", PAGE))
    client, stranger = open_client(app), open_client(app)
    sign_in(client, "publisher")
    assert send_code(client, codes[0], form="x" * 22)[0] == 403
    stranger.get("/staff/sign-in")
    status, page = send_code(stranger, codes[0])
    assert status == 403 and "请重新输入密码" in page
    assert send_code(client, codes[0])[0] == 303, "the control"


def test_where_it_is_required_nothing_else_opens_until_it_is_set_up(app: FastAPI, tmp_path: Path) -> None:
    RuntimeSettings(settings(tmp_path), who="admin", role=Role.ADMIN).change("two_step", "yes")
    clerk, editor = Clerk(app, "publisher", PAGE), Clerk(app, "editor", PAGE)
    for place in ("/staff", "/staff/", "/staff/home", "/staff/publish", "/staff/settings"):
        led = clerk.client.get(place)
        assert (led.status_code, led.headers["location"]) == (303, PAGE), place
    for place in ("/staff/questions.csv", "/staff/progress", "/staff/original"):
        assert clerk.client.get(place).status_code == 403, place
    assert clerk.client.post("/staff/publish", data={"do": "publish"}).status_code == 403
    assert clerk.client.post("/staff/trial", data={"do": "rates"}).status_code == 403
    assert "本站要求您用两步登录" in clerk.open() and clerk.client.get("/staff/account").status_code == 200
    assert editor.client.get("/staff/home").status_code == 200, "the control"
    set_up(clerk)
    assert clerk.client.get("/staff/home").status_code == 200


def test_an_administrator_resets_it_on_the_page_of_accounts(app: FastAPI) -> None:
    set_up(Clerk(app, "publisher", PAGE))
    admin = Clerk(app, "admin", "/staff/settings")
    query = {"shelf": "accounts", "account": "publisher"}
    assert 'value="second"' in admin.open(**query)
    assert 'value="second"' not in admin.open(**{**query, "account": "editor"})
    assert "两步登录已重置" in admin.press("second", query, account="publisher")
    assert sign_in(open_client(app), "publisher").status_code == 303


def test_it_is_ended_and_renewed_by_who_knows_the_password(app: FastAPI) -> None:
    clerk = Clerk(app, "publisher", PAGE)
    _, codes = set_up(clerk)
    for button in ("renew", "end"):
        assert "账号或密码不对" in clerk.press(button, password="not the password")
    page = clerk.press("renew", password=PASSWORD)
    assert "请保存这些恢复码" in page and codes[0] not in page
    assert "没有这个操作" in clerk.press("destroy")
    stale = clerk.client.post(PAGE, data={"form": "x" * 22, "do": "end", "password": PASSWORD})
    assert stale.status_code == 403 and "还有8个恢复码" in clerk.open()
    assert "已关闭" in clerk.press("end", password=PASSWORD)


def test_a_drawing_holds_nothing_of_its_text() -> None:
    drawn = picture('otpauth://totp/x?secret=ABC&issuer="><script>fired()</script>')
    assert drawn.startswith("<svg") and "script" not in drawn and "ABC" not in drawn
