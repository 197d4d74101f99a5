"""T49: whatever a member of staff sends is answered or refused, and is no fault of the program.

With JUNK=1, as `make test-fuzz` sets it, each route gets each junk in each of its fields.
"""

import os
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.runtime.settings import ROOT
from qa.staff import jobs
from qa.staff.permissions import Role
from qa.web.staff.sign_in import CODE, SIGN_IN
from tests.qa.web.staff.test_staff_routes import DONE_OR_REFUSED, FORM, buttons, fields, routes_of
from tests.support.doubles.staff import make_staff_app, open_client, sign_in

pytestmark = pytest.mark.long
EVERY = bool(os.environ.get("JUNK"))
JUNK = (
    "null", "true", "-1", "1e999", "NaN", "9" * 400, "\\ud800", "9999-12-31", "x" * 30_000, "[]",
    '["a", ["b"]]', "{}", '{"a": ' * 400 + "1" + "}" * 400, "[" * 6_000,
)  # fmt: skip
SENSIBLE = ("9999-12-31", "0001-01-01", "-", "1")
KINDS = (*JUNK, *SENSIBLE)
QUERIED: tuple[str, ...] = (
    "shelf",
    "order",
    "page",
    "period",
    "done",
    "state",
    "since",
    "until",
    "channel",
    "outcome",
    "verdict",
    "new",
)
QUERIED += ("action", "threshold", "snapshot", "reply", "answer", "group", "id", "proposal", "passage", "account")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    home = tmp_path_factory.mktemp("junk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        patch.setattr(jobs, "_begin", lambda settings, order: None)  # no refresh and no counting behind the page
        (home / "documents").mkdir()
        app = make_staff_app(home, QA_DOCUMENTS=str(home / "documents"))
        yield app


@pytest.fixture(scope="module")
def editor(app: FastAPI) -> Iterator[TestClient]:
    with open_client(app) as client:
        assert sign_in(client, Role.EDITOR.value).status_code == 303
        yield client


def part(names: list[str], turn: int) -> list[str]:
    """The fields that get the junk: with JUNK=1 each, else in turn, so that a short run reaches each with one kind."""
    return names if EVERY else [names[(turn + step) % len(names)] for step in range(0, len(names), len(KINDS))]


@pytest.mark.parametrize("junk", KINDS, ids=lambda junk: junk[:12])
def test_junk_is_no_fault(app: FastAPI, editor: TestClient, capfd: pytest.CaptureFixture[str], junk: str) -> None:
    seen, token = set(), editor.get("/staff/files").text.partition('name="form" value="')[2].partition('"')[0]
    names, pressed = sorted({*fields(), *QUERIED}), buttons()
    for place, (method, path, _) in enumerate(routes_of(app.routes)):
        if path in (SIGN_IN, CODE) or path.startswith("/staff/sign-out"):
            continue
        turn = place + KINDS.index(junk)
        for name in part(names, turn):
            if method == "GET":
                response = editor.get(f"{path}?{urlencode({name: junk[:800]})}")
            else:
                given = {"form": token, "do": pressed[turn % len(pressed)], name: junk}
                response = editor.post(path, content=urlencode(given), headers={"Content-Type": FORM})
            assert response.status_code in DONE_OR_REFUSED, (method, path, name, response.text[:500])
            seen.add(response.status_code)
        if method == "POST":  # and as the whole body
            response = editor.post(path, content=junk.encode(), headers={"Content-Type": FORM})
            assert response.status_code in (400, 403), (path, response.status_code)
    assert f"{ROOT}/qa/" not in "".join(capfd.readouterr()), "no trace"
    assert {200, 400, 403} <= seen
