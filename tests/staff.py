"""The staff area around a fake assistant: accounts of each role, and clients that have signed in."""

import asyncio
import re
from pathlib import Path

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app import create_app
from qa.accounts import Accounts
from qa.database import DATABASE
from qa.pages.staff.door import SIGN_IN
from qa.roles import Role
from tests.web import ADDRESS, FakeAssistant, FakeSources, settings

PASSWORD = "竹林 海风 三十七 灯塔"
UNLIMITED = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0", "QA_KEPT_REPLIES": "0"}


def add_accounts(home: Path) -> None:
    """An account for each role, named like it."""
    for role in Role:
        Accounts(home / DATABASE).add(role.value, role, PASSWORD)


def make_staff_app(home: Path, **environment: str) -> FastAPI:
    """The whole web app with a staff area, since there are accounts."""
    if not Accounts(home / DATABASE).any():
        add_accounts(home)

    async def make() -> FastAPI:
        return create_app(FakeAssistant(), settings(home, **{**UNLIMITED, **environment}), sources=FakeSources())

    return asyncio.run(make())


def open_client(app: FastAPI, *, address: str = ADDRESS) -> TestClient:
    return TestClient(app, base_url=address, raise_server_exceptions=False, follow_redirects=False)


def sign_in(client: TestClient, name: str = "admin", password: str = PASSWORD) -> Response:
    """Fill in the form as a browser does."""
    token = re.search(r'name="form" value="([^"]+)"', client.get(SIGN_IN).text)
    assert token
    return client.post(SIGN_IN, data={"name": name, "password": password, "form": token[1]})
