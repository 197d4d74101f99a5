"""Providers of single sign-on on the loopback, a real one and one that says whatever a test has it say; and a door."""

import base64
import hashlib
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.management import StaffAccounts
from qa.staff.accounts.members import Member
from qa.staff.accounts.sessions import Sessions
from qa.staff.accounts.sign_on.provider import Provider
from qa.storage.database import DATABASE
from qa.web.http.guard import Guard
from qa.web.http.policy import allowed_hosts
from qa.web.staff import sign_in
from qa.web.staff.guard import StaffGuard
from qa.web.staff.pages.frame import Pages
from qa.web.staff.pages.single_sign_on import START, SingleSignOn
from qa.web.staff.pages.two_step import routes as second_step_page
from qa.web.staff.sign_in_log import DoorLog
from tests.support.doubles.staff import add_accounts
from tests.support.doubles.web import settings

with warnings.catch_warnings():  # it is built on parts of authlib that are deprecated there
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User as User
    from oidc_provider_mock import run_server_in_thread

CLIENT, SECRET = "wenda", "s3cret"


@contextmanager
def real_provider(*users: User) -> Iterator[str]:
    """The address of oidc-provider-mock, where these people can sign in."""
    with run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


def settings_of(address: str, **chosen: str) -> dict[str, str]:
    """The environment of a program that lets people sign in there."""
    return {"QA_SSO_ISSUER": address, "QA_SSO_CLIENT": CLIENT, "QA_SSO_SECRET": SECRET, **chosen}


def set_out(client: TestClient) -> str:
    """Press the button; return the address at the provider that it leads to."""
    response = client.get(START)
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def agree(address: str, subject: str) -> str:
    """Sign in at the real provider; return the address that it sends the browser back to."""
    response = httpx2.post(address, data={"sub": subject})
    assert response.status_code == 302, response.text
    return str(response.headers["location"])


def claims_for(nonce: str, **changed: Any) -> dict[str, Any]:
    """What is true of somebody who signed in just now; the issuer and those changed come on top."""
    now = int(time.time())
    true = {"sub": "u-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, "preferred_username": "ZF001"}
    return {name: value for name, value in {**true, **changed}.items() if value is not None}


Forge = Callable[[dict[str, Any]], str]


@dataclass
class Pretender:
    """A provider under the test's control: `forge` makes the ID token, `user_info` what it tells when asked again."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    changed: dict[str, Any] = field(default_factory=dict)
    forge: Forge | None = None
    user_info: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    calls: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign(self, claims: Mapping[str, Any], *, key: Any = None, **header: str) -> str:
        """A token signed with this provider's key, or with another."""
        key = key or self.key
        chosen: dict[str, Any] = {"alg": "RS256", **({"kid": key.kid} if key.kid else {}), **header}
        return jwt.encode(chosen, dict(claims), key, algorithms=[chosen["alg"]])

    def agree(self, address: str) -> str:
        """Somebody signs in; the address that the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def about(self) -> dict[str, Any]:
        own = {name: f"{self.issuer}/{name}" for name in ("token_endpoint", "jwks_uri", "end_session_endpoint")}
        told = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize", **own}
        return {**told, **({"userinfo_endpoint": f"{self.issuer}/user"} if self.user_info else {}), **self.metadata}

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer to a code: it works once, for its client, with the verifier of PKCE."""
        asked = self._codes.pop(form.get("code", ""), None)
        own = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or authorization != own or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        claims = claims_for(asked["nonce"], **{"iss": self.issuer, **self.changed})
        encoded = self.forge(claims) if self.forge else self.sign(claims)
        return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": encoded}


@contextmanager
def pretender() -> Iterator[Pretender]:
    """A `Pretender` that answers on the loopback."""
    made = Pretender()
    server = ThreadingHTTPServer(("localhost", 0), _handler(made))
    made.issuer = f"http://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(made: Pretender) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            keys: dict[str, Any] = {
                "keys": [made.key.as_dict(private=False), {"kty": "SM2", "kid": "of a kind not known"}]
            }
            answers: dict[str, Callable[[], dict[str, Any]]] = {
                "/.well-known/openid-configuration": made.about,
                "/jwks_uri": lambda: keys,
            }
            self._answer(200, answers[path]() if path in answers else made.user_info or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*made.token(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            made.calls.append(self.path)
            self.send_response(503 if made.down else status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


def make_door(home: Path, **environment: str) -> FastAPI:
    """The staff area without what takes seconds to build: signing in, single sign-on, the account, the second step.

    Its first page says who is signed in.
    """
    if not Accounts(home / DATABASE).any():
        add_accounts(home)
    chosen = settings(home, **environment)
    sessions, provider, log = Sessions(home / DATABASE), Provider(chosen), DoorLog(chosen)
    page = sign_in.SignInPage(chosen.sso_label if chosen.sso_issuer else "")

    def change_password(member: Member, old: str, new: str) -> None:
        StaffAccounts(chosen, who=member.name, role=member.role).own_password(old, new)

    app = FastAPI(openapi_url=None)
    app.add_middleware(StaffGuard, member=sessions.member, max_upload=0, page=page)
    app.add_middleware(Guard, hosts=allowed_hosts("127.0.0.1"), staff=True)
    app.include_router(sign_in.routes(sign_in.Door(sessions, page, log, provider.way_out), change_password))
    app.include_router(SingleSignOn(chosen, provider, sessions, log).routes(page))
    app.include_router(second_step_page.routes(Pages(chosen, None)))

    @app.get(sign_in.HOME)
    def home_page(request: Request) -> str:
        member = request.scope["member"]
        return f"{member.name}（{member.role.label}）"

    return app
