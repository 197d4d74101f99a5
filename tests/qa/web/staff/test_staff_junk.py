"""T49: whatever a member of staff sends is answered or refused, and is no fault of the program.

With JUNK=1, as `make test-fuzz` sets it, each function gets each junk in every way.
"""

import json
import os
from collections.abc import Iterator

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.runtime.settings import ROOT
from qa.staff import jobs
from qa.staff.permissions import Role
from qa.web.staff.guard import PAGE_CALL
from tests.support.doubles.staff import blocks_of, make_staff_app, open_client, sign_in

pytestmark = pytest.mark.long
HEADERS = {"Content-Type": "application/json"}
EVERY = bool(os.environ.get("JUNK"))
# JSON, for some of it no Python value stands.
JUNK = (
    "null", "true", "-1", "1e999", "NaN", "9" * 400, '"\\ud800"', '"9999-12-31"', '"' + "x" * 30_000 + '"', "[]",
    '["a", ["b"]]', "{}", '{"a": ' * 400 + "1" + "}" * 400, "[" * 20_000,
)  # fmt: skip
SENSIBLE = ('"9999-12-31"', '"0001-01-01"', '"-"', '"1"')
KINDS = (*JUNK, *SENSIBLE)


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


def calls(blocks: gr.Blocks, number: int, junk: str) -> Iterator[str]:
    """Calls of a function with junk in one field, with JUNK=1 in each, in all of them, and in what is told of a click.

    Which field it is goes round with function and junk, so that a short run reaches all fields with some junk; of the
    last two calls it makes one in turn.
    """
    whole = [json.dumps(getattr(block, "value", None)) for block in blocks.fns[number].inputs]
    turn = number + KINDS.index(junk)
    places = range(len(whole)) if EVERY else [turn % len(whole)] if whole else []
    data = [[junk if n == place else value for n, value in enumerate(whole)] for place in places]
    row = '{"index": [0, 0], "value": "", "row_value": [%s]}'
    last = [([junk] * len(whole), junk), (whole, row % junk)]
    for values, event in [*((one, "null") for one in data), *(last if EVERY else [last[turn % 2]])]:
        yield (
            f'{{"data": [{", ".join(values)}], "fn_index": {number}, "trigger_id": 1, "session_hash": "abc", '
            f'"event_data": {event}}}'
        )


@pytest.mark.parametrize("junk", KINDS, ids=lambda junk: junk[:12])
def test_junk_is_no_fault(app: FastAPI, editor: TestClient, capfd: pytest.CaptureFixture[str], junk: str) -> None:
    blocks, seen = blocks_of(app), set()
    for number in blocks.fns:
        for content in calls(blocks, number, junk):
            response = editor.post(PAGE_CALL, content=content, headers=HEADERS)
            assert response.status_code in (200, 400), (number, blocks.fns[number].name, content[:200])
            seen.add(response.status_code)
    # Gradio writes a trace of its own where a value is not among the choices of a list; none leads into our code.
    assert not [trace for trace in "".join(capfd.readouterr()).split("Traceback")[1:] if f"{ROOT}/qa/" in trace]
    assert 400 in seen


def test_what_a_page_refuses_reaches_the_browser_as_a_sentence(app: FastAPI, editor: TestClient) -> None:
    blocks = blocks_of(app)
    (number,) = [
        number
        for number, one in blocks.fns.items()
        if one.name == "choose" and one.fn is not None and one.fn.__module__ == "qa.web.staff.tabs.reviewed_answers"
    ]
    call = {
        "data": [],
        "event_data": {"index": [0, 0], "value": "x", "row_value": ["x"]},
        "fn_index": number,
        "trigger_id": 1,
        "session_hash": "abc",
    }
    refused = editor.post(PAGE_CALL, json=call)
    assert refused.status_code == 400 and "没有认出点的是哪一行" in refused.json()["error"]


def test_no_day_is_too_far_for_the_questions(editor: TestClient) -> None:
    for day in ("9999-12-31", "0001-01-01"):
        assert editor.get("/staff/questions.csv", params={"until": day, "since": day}).status_code == 200
