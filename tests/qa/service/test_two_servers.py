"""Two servers with one PostgreSQL are one site: who came to one may go on at the other."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.web.http.policy import PAGE_CALL
from tests.qa.web.staff.test_sign_in import act
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.programs.postgresql import Server

HOME = "/staff/home"
QUESTION = "结成了多少对？"


@pytest.fixture
def servers(postgresql_server: Server, tmp_path: Path) -> tuple[TestClient, TestClient]:
    where = postgresql_server.new().get_secret_value()
    first, second = (make_staff_app(tmp_path / name, QA_DATABASE_URL=where) for name in ("one", "other"))
    return open_client(first), open_client(second)


def test_who_signs_in_on_one_is_signed_in_on_the_other_and_signed_out_on_both(
    servers: tuple[TestClient, TestClient],
) -> None:
    one, other = servers
    assert sign_in(one).status_code == 303 and other.get(HOME).status_code == 401
    other.cookies.update(one.cookies)
    assert [server.get(HOME).status_code for server in servers] == [200, 200]
    assert act(other, "/staff/sign-out") == 200
    assert [server.get(HOME).status_code for server in servers] == [401, 401]


def test_a_reply_of_one_is_judged_shared_and_deleted_on_the_other(servers: tuple[TestClient, TestClient]) -> None:
    one, other = servers
    receipt = one.post("/api/ask", json={"question": QUESTION}).json()["id"]
    shared = other.post("/api/share", json={"id": receipt})
    assert shared.status_code == 200
    for server in servers:
        page = server.get(shared.json()["address"])
        assert page.status_code == 200 and QUESTION in page.text
    assert other.post("/api/forget", json={"id": receipt}).status_code == 200
    assert [server.get(shared.json()["address"]).status_code for server in servers] == [404, 404]


def test_a_conversation_that_began_on_one_goes_on_at_the_other(servers: tuple[TestClient, TestClient]) -> None:
    """The page carries it, and no server keeps any of it."""
    conversation: list[object] = []
    for server in servers:
        called = {
            "data": [QUESTION, json.dumps(conversation)],
            "fn_index": 0,
            "trigger_id": 11,
            "session_hash": "9tmr6",
        }
        response = server.post(PAGE_CALL, json=called)
        assert response.status_code == 200
        conversation.append(json.loads(response.json()["data"][2])["turn"])
    assert len(conversation) == 2
