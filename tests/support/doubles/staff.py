"""The staff area around a fake assistant: accounts of each role, and clients that have signed in."""

import asyncio
import re
from pathlib import Path

from fastapi import FastAPI
from httpx2 import Response
from pydantic import SecretStr
from starlette.testclient import TestClient

from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.storage.database import DATABASE, Where
from qa.web.application import create_app
from qa.web.staff.sign_in import SIGN_IN
from tests.support.doubles.toy import ToyEmbedder
from tests.support.doubles.web import ADDRESS, FakeAssistant, FakeSources, one_gradio_app_a_page, settings

PASSWORD = "竹林 海风 三十七 灯塔"
UNLIMITED = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0", "QA_KEPT_REPLIES": "0"}


def add_accounts(home: Path, where: Where | None = None) -> None:
    """An account for each role, named like it."""
    for role in Role:
        Accounts(where or home / DATABASE).add(role.value, role, PASSWORD)


def toy_models() -> Models:
    """Models that a page which tries retrieval opens in no time."""
    embedder = ToyEmbedder()
    return Models(lambda: embedder, lambda: SimilarityReader(embedder))


def make_staff_app(home: Path, *, models: Models | None = None, **environment: str) -> FastAPI:
    """The whole web app with a staff area, since there are accounts; its models are toys unless given."""
    url = environment.get("QA_DATABASE_URL")
    where = SecretStr(url) if url else home / DATABASE
    if not Accounts(where).any():
        add_accounts(home, where)

    async def make() -> FastAPI:
        chosen = settings(home, **{**UNLIMITED, **environment})
        with one_gradio_app_a_page():
            return create_app(FakeAssistant(), chosen, sources=FakeSources(), models=models or toy_models())

    return asyncio.run(make())


def open_client(app: FastAPI, *, address: str = ADDRESS) -> TestClient:
    return TestClient(app, base_url=address, raise_server_exceptions=False, follow_redirects=False)


def sign_in(client: TestClient, name: str = "admin", password: str = PASSWORD) -> Response:
    """Fill in the form as a browser does."""
    token = re.search(r'name="form" value="([^"]+)"', client.get(SIGN_IN).text)
    assert token
    return client.post(SIGN_IN, data={"name": name, "password": password, "form": token[1]})
