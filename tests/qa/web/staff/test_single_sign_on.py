"""Signing in at a provider of single sign-on: the way there and back, the accounts, and what is forged."""

import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64encode as urlsafe_b64encode_bare
from starlette.testclient import TestClient

from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from qa.web.staff.pages.frame import TOKEN, stamped
from qa.web.staff.pages.single_sign_on import BACK, START, WAY
from qa.web.staff.session_cookie import SESSION
from qa.web.staff.sign_in import SIGN_IN
from tests.qa.web.staff.test_sign_in import act
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.programs.sign_on import (
    Pretender,
    User,
    agree,
    make_door,
    pretender,
    real_provider,
    set_out,
    settings_of,
)

pytestmark = pytest.mark.usefixtures("both_engines_in_turn")

HOME = "/staff/home"
GROUPS = {"QA_SSO_ROLE_CLAIM": "realm.groups", "QA_SSO_ROLES": "网信办=admin,文秘=editor"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Pretender]:
    with pretender() as made:
        yield made


@pytest.fixture(autouse=True)
def honest(provider: Pretender) -> None:
    """Each test finds the provider honest."""
    provider.changed, provider.metadata, provider.forge, provider.user_info = {}, {}, None, None
    provider.down = False


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, both_engines_in_turn: str) -> Path:
    return tmp_path_factory.mktemp("sign-on")


@pytest.fixture(scope="module")
def app(home: Path, provider: Pretender) -> Iterator[FastAPI]:
    app = make_door(home, **settings_of(provider.issuer))
    Accounts(home / DATABASE).set_identity("editor", "ZF001")
    with open_client(app):
        yield app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A browser of its own."""
    return open_client(app)


def come_back(client: TestClient, provider: Pretender) -> tuple[int, str]:
    """Press the button, sign in at the provider, come back."""
    response = client.get(provider.agree(set_out(client)))
    return response.status_code, response.text


# What the provider of the tests calls in authlib is deprecated there.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("claim", ["email", "preferred_username"])
def test_staff_sign_in_at_a_real_provider_and_sign_out_there(tmp_path: Path, claim: str) -> None:
    told: dict[str, object] = {"email": "wang@example.cn", "email_verified": True, "preferred_username": "wang"}
    with real_provider(User(sub="77", claims=told)) as address:
        make: Callable[..., FastAPI] = make_door if claim == "email" else make_staff_app
        app = make(tmp_path, **settings_of(address, QA_SSO_CLAIM=claim, QA_SSO_LABEL="浙政钉"))
        Accounts(tmp_path / DATABASE).set_identity("publisher", str(told[claim]))
        with open_client(app) as client:
            assert "用浙政钉登录" in client.get(SIGN_IN).text
            arrived = client.get(agree(set_out(client), "77"))
            assert arrived.status_code == 200 and f'content="0;url={HOME}"' in arrived.text
            assert "publisher（发布）" in client.get(HOME).text
            left = client.post("/staff/sign-out", data={"form": own_form(client)}).text
            (way_out,) = [part for part in left.split('"') if part.startswith(f"{address}/oauth2/end_session")]
            assert client.get(HOME).status_code == 401 and httpx2.get(way_out.replace("&amp;", "&")).status_code == 200
    rows = [(row.who, row.action, row.why) for row in Audit(tmp_path).rows()]
    assert rows == [("publisher", "sign in", "用统一身份认证"), ("publisher", "sign out", "")]


def own_form(client: TestClient) -> str:
    client.get("/staff/account")
    return str(client.cookies["staff_form"])


def test_without_a_provider_there_is_no_button_and_no_way(tmp_path: Path) -> None:
    with open_client(make_staff_app(tmp_path)) as client:  # the whole program, with its routes as they are
        assert "sso" not in client.get(SIGN_IN).text
        assert [client.get(path).status_code for path in (START, BACK)] == [401, 401]
        sign_in(client)
        assert [client.get(path).status_code for path in (START, BACK)] == [404, 404]


def test_the_way_carries_state_nonce_and_pkce_and_a_cookie_that_comes_back(
    client: TestClient, provider: Pretender
) -> None:
    query = parse_qs(urlsplit(set_out(client)).query)
    assert query["scope"] == ["openid profile email"] and query["redirect_uri"] == [f"http://127.0.0.1:7860{BACK}"]
    assert all(len(query[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    again = parse_qs(urlsplit(set_out(client)).query)
    assert all(again[name] != query[name] for name in ("state", "nonce", "code_challenge"))
    cookie = client.get(START).headers["set-cookie"]
    assert all(part in cookie for part in (f"{WAY}=", "HttpOnly", "SameSite=lax", f"Path={START}", "Max-Age=600"))
    status, page = come_back(client, provider)
    assert status == 200 and "已登录" in page and client.get(HOME).status_code == 200


Forged = Callable[[Pretender, dict[str, Any]], str]
OTHER = RSAKey.generate_key(2048, auto_kid=True)


def tampered(provider: Pretender, claims: dict[str, Any]) -> str:
    head, _, signature = provider.sign(claims).split(".")
    _, body, _ = provider.sign({**claims, "preferred_username": "ZF999"}).split(".")
    return f"{head}.{body}.{signature}"


def unsigned(provider: Pretender, claims: dict[str, Any]) -> str:
    _, body, _ = provider.sign(claims).split(".")
    return f"eyJhbGciOiJub25lIn0.{body}."


def by_the_public_key(provider: Pretender, claims: dict[str, Any]) -> str:
    """Signed with HMAC, the key that everybody knows being its secret."""
    head = json.dumps({"alg": "HS256", "kid": provider.key.kid}).encode()
    said = b".".join(map(urlsafe_b64encode_bare, (head, json.dumps(claims).encode())))
    digest = hmac.digest(provider.key.as_pem(private=False), said, "sha256")
    return b".".join((said, urlsafe_b64encode_bare(digest))).decode()


FORGED: dict[str, Forged] = {
    "tampered with": tampered,
    "unsigned": unsigned,
    "HMAC by the public key": by_the_public_key,
    "another's key": lambda provider, claims: provider.sign(claims, key=OTHER),
    "another's key under our name": lambda provider, claims: provider.sign(
        claims, key=OTHER, kid=str(provider.key.kid)
    ),
    "expired": lambda provider, claims: provider.sign({**claims, "exp": claims["iat"] - 3600}),
    "not yet valid": lambda provider, claims: provider.sign({**claims, "nbf": claims["iat"] + 3600}),
    "made in the future": lambda provider, claims: provider.sign({**claims, "iat": claims["iat"] + 3600}),
    "without an end": lambda provider, claims: provider.sign({**claims, "exp": None}),
    "for another site": lambda provider, claims: provider.sign({**claims, "aud": "another"}),
    "for several, by another": lambda provider, claims: provider.sign(
        {**claims, "aud": ["wenda", "another"], "azp": "another"}
    ),
    "another issuer's": lambda provider, claims: provider.sign({**claims, "iss": "https://evil.example"}),
    "of another sign-in": lambda provider, claims: provider.sign({**claims, "nonce": "x" * 43}),
    "without a nonce": lambda provider, claims: provider.sign({k: v for k, v in claims.items() if k != "nonce"}),
    "of nobody": lambda provider, claims: provider.sign({**claims, "sub": ""}),
    "for another access token": lambda provider, claims: provider.sign({**claims, "at_hash": "x" * 22}),
    "no token": lambda provider, claims: "not a token",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_signs_nobody_in(client: TestClient, provider: Pretender, name: str) -> None:
    provider.forge = lambda claims: FORGED[name](provider, claims)
    status, page = come_back(client, provider)
    assert (status, client.get(HOME).status_code) == (403, 401) and "凭据核对不上" in page
    provider.forge = None
    assert come_back(client, provider)[0] == 200, "the control"


def test_a_way_is_gone_once_by_one_browser_only(app: FastAPI, client: TestClient, provider: Pretender) -> None:
    there = set_out(client)
    back = provider.agree(there)
    thief = open_client(app)
    assert thief.get(back).status_code == 403, "without the cookie of the one who set out"
    set_out(thief)
    stolen = thief.get(back)
    assert stolen.status_code == 403 and "没有接上" in stolen.text and SESSION not in thief.cookies
    way = client.cookies[WAY]
    assert client.get(back).status_code == 200
    again = open_client(app)
    again.cookies.set(WAY, way, path=START)
    assert again.get(back).status_code == 403 and SESSION not in again.cookies


@pytest.mark.parametrize("change", ["state=x", "state=", "code=used-before", "iss=https%3A%2F%2Fevil.example"])
def test_what_was_changed_on_the_way_back_signs_nobody_in(client: TestClient, provider: Pretender, change: str) -> None:
    address = urlsplit(provider.agree(set_out(client)))
    name = change.partition("=")[0]
    kept = [part for part in address.query.split("&") if not part.startswith(f"{name}=")]
    response = client.get(f"{BACK}?{'&'.join([*kept, change])}")
    assert response.status_code == 403 and SESSION not in client.cookies
    assert client.get(f"{BACK}?{address.query}").status_code == 403, "that way is over"
    assert come_back(client, provider)[0] == 200


def test_a_way_that_took_too_long_is_over(home: Path, client: TestClient, provider: Pretender) -> None:
    back = provider.agree(set_out(client))
    with closing(open_database(home / DATABASE)) as connection:
        connection.execute("UPDATE sign_on_waits SET created_at = '2026-01-01T00:00:00.000+00:00'")
    assert "等得太久" in client.get(back).text and client.get(HOME).status_code == 401


def test_whoever_cancels_or_is_refused_there_is_told(client: TestClient) -> None:
    for error, told in (("access_denied", "取消"), ("<script>server_error", "没有让您登录"), ("", "没有让您登录")):
        state = parse_qs(urlsplit(set_out(client)).query)["state"][0]
        response = client.get(BACK, params={"error": error, "state": state})
        assert response.status_code == 403 and told in response.text and "<script>server" not in response.text
        assert "密码" in response.text


def test_nobody_is_led_away_from_the_site(client: TestClient, provider: Pretender) -> None:
    there = client.get(f"{START}?next=https://evil.example&redirect_uri=https://evil.example").headers["location"]
    assert there.startswith(f"{provider.issuer}/authorize") and "evil" not in there
    arrived = client.get(f"{provider.agree(there)}&next=https://evil.example&to=//evil.example")
    assert arrived.status_code == 200 and "evil" not in arrived.text and "location" not in arrived.headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:7860.evil.example", "[::ffff]"])
def test_the_way_back_is_never_to_a_foreign_host(client: TestClient, host: str) -> None:
    assert client.get(START, headers={"Host": host}).status_code == 400
    forwarded = client.get(START, headers={"X-Forwarded-Host": "evil.example"}).headers["location"]
    assert "evil" not in forwarded


def test_only_a_verified_address_is_ones_own(tmp_path: Path, provider: Pretender) -> None:
    app = make_door(tmp_path, **settings_of(provider.issuer, QA_SSO_CLAIM="email"))
    Accounts(tmp_path / DATABASE).set_identity("admin", "boss@example.cn")
    with open_client(app) as client:
        for verified in (None, False, "true"):
            provider.changed = {"email": "boss@example.cn", "email_verified": verified}
            status, page = come_back(client, provider)
            assert (status, client.get(HOME).status_code) == (403, 401) and "还没有核实您的邮箱" in page
        provider.changed = {"email": "boss@example.cn", "email_verified": True}
        assert come_back(client, provider)[0] == 200


def test_only_accounts_with_the_identity_are_let_in(home: Path, client: TestClient, provider: Pretender) -> None:
    provider.changed = {"preferred_username": "admin", "sub": "u-2"}  # the name of an account, and nobody's identity
    status, page = come_back(client, provider)
    assert status == 403 and "“admin”在本站还没有账号" in page and SESSION not in client.cookies
    provider.changed = {"preferred_username": None}
    assert "没有说明您是谁" in come_back(client, provider)[1]
    assert [one.name for one in Accounts(home / DATABASE).list()] == ["admin", "editor", "publisher"]


def test_an_identity_given_to_somebody_else_opens_nothing_until_it_is_written_again(
    home: Path, client: TestClient, provider: Pretender
) -> None:
    accounts = Accounts(home / DATABASE)
    accounts.set_identity("publisher", "ZF007")
    provider.changed = {"preferred_username": "ZF007", "sub": "first"}
    assert come_back(client, provider)[0] == 200
    provider.changed = {"preferred_username": "ZF007", "sub": "second"}
    status, page = come_back(client, provider)
    assert status == 403 and "不是同一个人" in page
    accounts.set_identity("publisher", "ZF007")
    assert come_back(client, provider)[0] == 200
    accounts.set_identity("publisher", "")
    assert client.get(HOME).status_code == 401 and come_back(client, provider)[0] == 403


def test_what_the_token_leaves_out_is_asked_for_and_only_of_the_same_person(home: Path, provider: Pretender) -> None:
    provider.changed = {"preferred_username": None}
    for subject, status in (("somebody else", 403), ("u-1", 200)):
        provider.user_info = {"sub": subject, "preferred_username": "ZF001"}
        with open_client(make_door(home, **settings_of(provider.issuer))) as client:
            assert come_back(client, provider)[0] == status


def test_groups_make_accounts_with_their_role_and_take_it_away(tmp_path: Path, provider: Pretender) -> None:
    app = make_door(tmp_path, **settings_of(provider.issuer, **GROUPS))

    def role() -> list[Role]:
        return [one.role for one in Accounts(tmp_path / DATABASE).list() if one.name == "ZF100"]

    with open_client(app) as client:
        provider.changed = {"preferred_username": "ZF100", "sub": "u-100", "realm": {"groups": ["门卫"]}}
        assert come_back(client, provider)[0] == 403 and role() == []
        provider.changed["realm"] = {"groups": ["文秘", "网信办"]}
        assert come_back(client, provider)[0] == 200 and role() == [Role.ADMIN]
        provider.changed["realm"] = {"groups": ["文秘"]}
        assert come_back(client, provider)[0] == 200 and role() == [Role.EDITOR]
        provider.changed["realm"] = {"groups": []}
        status, page = come_back(client, provider)
        assert status == 403 and "没有可以使用本站的组" in page
        assert sign_in(open_client(app), "ZF100", "").status_code == 400
        provider.changed = {"preferred_username": "editor", "sub": "u-101", "realm": {"groups": ["网信办"]}}
        status, page = come_back(client, provider)
        assert status == 403 and "已有账号“editor”" in page, "an account that staff made is nobody else's"
    rows = [(row.who, row.target, row.outcome) for row in Audit(tmp_path).rows() if row.action.startswith("account")]
    assert rows[:4] == [
        ("程序", "ZF100 admin", "begun"),
        ("程序", "ZF100 admin", "done"),
        ("程序", "ZF100 editor", "begun"),
        ("程序", "ZF100 editor", "done"),
    ]


def test_the_second_step_stays_and_needs_no_password_just_after(
    app: FastAPI, home: Path, client: TestClient, provider: Pretender
) -> None:
    assert come_back(client, provider)[0] == 200
    page = client.get("/staff/two-step").text
    assert 'name="password"' not in page
    token = stamped(client.cookies[TOKEN], "editor")
    assert client.post("/staff/two-step", data={"form": token, "do": "begin"}).status_code == 303
    with closing(open_database(home / DATABASE)) as connection:
        connection.execute("UPDATE second_steps SET confirmed_at = 'now' WHERE account = 'editor'")
        connection.execute("UPDATE sessions SET created_at = '2026-01-01T00:00:00.000+00:00' WHERE signed_on = 0")
    other = open_client(app)
    status, page = come_back(other, provider)
    assert status == 200 and "输入验证码" in page and other.get(HOME).status_code == 401
    assert client.post("/staff/two-step", data={"form": token, "do": "end"}).status_code == 303
    assert come_back(other, provider)[0] == 200 and other.get(HOME).status_code == 200


def test_a_session_by_password_still_needs_the_password_for_the_second_step(client: TestClient) -> None:
    sign_in(client, "editor")
    assert 'name="password"' in client.get("/staff/two-step").text
    form = {"form": stamped(client.cookies[TOKEN], "editor"), "do": "begin"}
    assert client.post("/staff/two-step", data=form).status_code == 400


def test_signing_on_ends_the_sessions_that_the_browser_carried(
    app: FastAPI, client: TestClient, provider: Pretender
) -> None:
    sign_in(client, "admin")
    carried = client.cookies[SESSION]
    back = provider.agree(set_out(client))
    client.cookies.delete(SESSION)  # a browser does not send it along from another site
    assert client.get(back).status_code == 200
    assert open_client(app).get(HOME, headers={"Cookie": f"{SESSION}={carried}"}).status_code == 401
    assert client.get(HOME).status_code == 200


def test_whoever_signed_in_with_a_password_is_not_sent_to_the_provider_to_sign_out(
    client: TestClient, provider: Pretender
) -> None:
    sign_in(client)
    assert "end_session" not in client.post("/staff/sign-out", data={"form": own_form(client)}).text
    come_back(client, provider)
    assert "end_session" in client.post("/staff/sign-out", data={"form": own_form(client)}).text
    come_back(client, provider)
    assert act(client, "/staff/sign-out-everywhere") == 200 and client.get(HOME).status_code == 401


def test_a_provider_that_is_down_is_told_and_passwords_work(tmp_path: Path, provider: Pretender) -> None:
    provider.down = True
    with open_client(make_door(tmp_path, **settings_of(provider.issuer))) as client:
        response = client.get(START)
        assert (response.status_code, response.headers["retry-after"]) == (503, "30") and "现在连不上" in response.text
        assert sign_in(client).status_code == 303
        provider.down = False
        assert client.get(START).status_code == 303


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_would_give_secrets_away_is_not_used(
    tmp_path: Path, provider: Pretender, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    with open_client(make_door(tmp_path, **settings_of(provider.issuer))) as client:
        sent = client.get(START)
        if sent.status_code == 303:
            sent = client.get(provider.agree(sent.headers["location"]))
        assert sent.status_code == 503 and SESSION not in client.cookies


def test_failures_are_in_the_audit_log_without_anything_of_a_person(
    home: Path, client: TestClient, provider: Pretender
) -> None:
    provider.changed = {"preferred_username": "陌生人"}
    come_back(client, provider)
    client.get(f"{BACK}?code=x&state=y")
    assert "陌生人" not in json.dumps([row.outcome + row.target for row in Audit(home).rows()], ensure_ascii=False)
