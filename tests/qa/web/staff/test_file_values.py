"""T41: no call of a page makes the server read, delete or wait for a file that its sender has not just uploaded.

The functions are found in the mounted apps themselves, so that a new page is in here on the day it is made.
With JUNK=1, as `make test-fuzz` sets it, whoever calls sends every shape. Else the three roles send a third each, and
a stranger one of these thirds.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.staff import jobs
from qa.staff.accounts.sessions import Member
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.web.http.policy import PAGE_CALL as CITIZENS_CALL
from qa.web.http.policy import STAFF
from qa.web.staff.arrivals import GONE
from qa.web.staff.guard import PAGE_CALL, UPLOAD
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.web import ADDRESS

pytestmark = pytest.mark.long
MARK = {"_type": "gradio.FileData"}
WHO = ("anonymous", *(role.value for role in Role))
EVERY = bool(os.environ.get("JUNK"))


class Watch:
    """Keeps planted paths from being opened or removed by whomever, and remembers who tried."""

    def __init__(self) -> None:
        self.planted: frozenset[str] = frozenset()
        self.touched: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.planted and event in ("open", "os.remove", "os.rename", "os.link", "shutil.copyfile", "shutil.move"):
            paths = {os.fspath(one) for one in arguments if isinstance(one, str | os.PathLike)}
            if found := self.planted & {os.path.normpath(path) for path in paths}:
                self.touched.append(f"{event} {sorted(found)[0]}")
                raise PermissionError("This file is planted")


WATCH = Watch()
sys.addaudithook(WATCH)


@dataclass
class House:
    """The app with its upload folder, and what is planted beside it."""

    app: FastAPI
    home: Path
    clients: dict[str, TestClient] = field(default_factory=dict)

    def planted(self) -> list[Path]:
        return [self.home / name for name in ("secret.txt", "del.txt", "del.sqlite", "fifo", "CURRENT")]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(home / "uploads"))
        patch.setattr(jobs, "_begin", lambda settings, order: None)  # no refresh and no counting behind the page
        documents = home / "documents"
        documents.mkdir()
        app = make_staff_app(home, QA_DOCUMENTS=str(documents))
        house = House(app, home)
        for path in house.planted():
            os.mkfifo(path) if path.name == "fifo" else path.write_text("planted secret")
        (home / "uploads" / "link").mkdir(parents=True)
        (home / "uploads" / "link" / "a.txt").symlink_to(home / "secret.txt")
        with open_client(app) as running:
            for who in WHO:
                house.clients[who] = open_client(app)
                house.clients[who].portal = running.portal  # one event loop, as in the program
            for role in Role:
                assert sign_in(house.clients[role.value], role.value).status_code == 303
            yield house


@pytest.fixture
def watched(house: House) -> Iterator[Watch]:
    WATCH.touched.clear()
    WATCH.planted = frozenset(map(str, (*house.planted(), "/proc/self/environ", "/dev/zero", "/etc/shadow")))
    yield WATCH
    WATCH.planted = frozenset()


def functions(app: FastAPI) -> Iterator[tuple[str, gr.Blocks, int]]:
    """Every function of every mounted Gradio app, with the address that it is called by."""
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, gr.routes.App):
            blocks = route.app.get_blocks()
            for number in blocks.fns:
                yield f"{route.path}/gradio_api/run/predict", blocks, number


def paths(house: House) -> list[str]:
    return [
        *map(str, house.planted()),
        *("/etc/shadow", "/proc/self/environ", "/dev/zero"),
        str(house.home / "uploads" / "link" / "a.txt"),
        str(house.home / "uploads" / ".." / "secret.txt"),
        "../secret.txt",
        f"file://{house.home}/secret.txt",
        "http://192.0.2.7/x",
        "//192.0.2.7/x",
    ]


def shapes(house: House) -> list[object]:
    """Every way to name a file in a call."""
    found: list[object] = []
    for number, path in enumerate(paths(house)):
        whole = {"path": path, "orig_name": "stolen.txt", "meta": MARK}
        found.append([whole] if number % 2 else whole)
    path = str(house.home / "del.txt")
    whole = {"path": path, "orig_name": "stolen.txt", "meta": MARK}
    found += [
        {**whole, "is_stream": True},
        [{**whole, "orig_name": "..", "is_stream": True}],
        {**whole, "url": f"{STAFF}/gradio_api/file={path}"},
        {"path": path},
        {"url": f"file://{path}", "meta": MARK},
        {"path": [path], "meta": MARK},
        [[[whole]]],
        {"value": whole, "__type__": "update"},
        {"deep": {"deeper": [whole]}},
        {"headers": [], "data": [[whole]], "metadata": None},
        {"files": [whole], "text": ""},
    ]
    return found


def values(blocks: gr.Blocks, number: int) -> list[object]:
    """What the browser would send for a function."""
    return [getattr(block, "value", None) for block in blocks.fns[number].inputs]


def calls(house: House, blocks: gr.Blocks, number: int, who: str) -> Iterator[dict[str, object]]:
    """Calls of one function with each shape in one of its fields, or in what is told of a click."""
    row = {"index": [0, 0], "value": "", "row_value": ["1", "2"]}
    base = {"fn_index": number, "trigger_id": 1, "session_hash": "abc"}
    places = len(values(blocks, number))
    # All shapes to each function, all fields in turn; which of the shapes are whose goes round with the function.
    for turn, shape in enumerate(shapes(house)):
        if not EVERY and (turn + number + WHO.index(who)) % len(Role):
            continue
        data = values(blocks, number)
        if places:
            data[(turn if EVERY else turn // len(Role)) % places] = shape
            yield {**base, "data": data, "event_data": row}
        else:
            yield {**base, "data": [shape]}
            yield {**base, "data": data, "event_data": {**row, "row_value": [shape]}}


def intact(house: House) -> bool:
    return (
        all(path.exists() for path in house.planted()) and (house.home / "secret.txt").read_text() == "planted secret"
    )


@pytest.mark.parametrize("who", WHO)
def test_no_function_takes_a_value_that_names_a_file(house: House, watched: Watch, who: str) -> None:
    client, made = house.clients[who], 0
    for address, blocks, number in functions(house.app):
        for call in calls(house, blocks, number, who):
            response = client.post(address, content=json.dumps(call), headers={"Content-Type": "application/json"})
            refused = 401 if who == "anonymous" and address == PAGE_CALL else 400
            # A function without a field for a click leaves out what the browser tells of one.
            harmless = {200} if refused == 400 and not call["data"] else set()
            assert response.status_code in {refused, *harmless}, (number, call)
            assert "planted secret" not in response.text
            made += 1
    assert {address for address, _, _ in functions(house.app)} == {CITIZENS_CALL, PAGE_CALL}
    assert made > (1_000 if EVERY else 350)
    assert watched.touched == []
    watched.planted = frozenset()
    assert intact(house)
    assert list((house.home / "documents").iterdir()) == []


def test_what_names_a_file_in_a_text_stays_a_text(house: House, watched: Watch) -> None:
    called = 0
    for address, blocks, number in functions(house.app):
        function = blocks.fns[number]
        for place, block in enumerate(function.inputs):
            # What would act is left out: the shapes are the same for all fields of texts.
            if not isinstance(block, gr.Textbox) or function.name != "show":
                continue
            for shape in shapes(house)[place::8]:
                data = values(blocks, number)
                data[place] = json.dumps(shape)
                call = {"data": data, "fn_index": number, "trigger_id": 1, "session_hash": "abc"}
                assert house.clients["admin"].post(address, json=call).status_code == 200
                called += 1
    assert called > 20
    assert watched.touched == []


def take(house: House) -> tuple[int, int]:
    """The upload's own function, and the place of its files."""
    found = [
        (number, place)
        for _, blocks, number in functions(house.app)
        for place, block in enumerate(blocks.fns[number].inputs)
        if isinstance(block, gr.File)
    ]
    assert len(found) == 1
    return found[0]


def upload(house: House, client: TestClient, name: str) -> tuple[str, dict[str, object]]:
    """A file sent as the browser sends it, and the call that hands it over."""
    (path,) = client.post(
        UPLOAD, files={"files": (name, "# 办法\n\n第一条 为了规范管理，制定本办法。".encode())}
    ).json()
    number, place = take(house)
    (blocks,) = {id(blocks): blocks for address, blocks, _ in functions(house.app) if address == PAGE_CALL}.values()
    data = values(blocks, number)
    file = {"path": path, "orig_name": name, "size": 5, "url": f"{ADDRESS}{STAFF}/gradio_api/file={path}", "meta": MARK}
    data[place] = [file]
    return path, {"data": data, "fn_index": number, "trigger_id": 1, "session_hash": "abc"}


def test_a_real_upload_is_taken_once_and_by_its_sender_only(house: House) -> None:
    editor, publisher = house.clients["editor"], house.clients["publisher"]
    path, call = upload(house, editor, "办法《试行》.md")
    assert publisher.post(PAGE_CALL, json=call).status_code == 400
    taken = editor.post(PAGE_CALL, json=call)
    assert taken.status_code == 200 and "已上传：办法《试行》" in taken.text
    assert (house.home / "documents" / "办法《试行》.md").read_text(encoding="utf-8").startswith("# 办法")
    assert not Path(path).exists()
    assert editor.post(PAGE_CALL, json=call).status_code == 400
    (house.home / "documents" / "办法《试行》.md").unlink()


@pytest.mark.parametrize(
    "change", [{"is_stream": True}, {"meta": {}}, {"meta": None}, {"orig_name": ["x"]}, {"more": 1}]
)
def test_an_upload_is_taken_in_no_other_form_than_the_pages(house: House, change: dict[str, object]) -> None:
    editor, place = house.clients["editor"], take(house)[1]
    path, call = upload(house, editor, "别的.md")
    data = call["data"]
    assert isinstance(data, list)
    (file,) = data[place]
    changed = {**call, "data": [[{**file, **change}] if n == place else value for n, value in enumerate(data)]}
    assert editor.post(PAGE_CALL, json=changed).status_code == 400
    assert Path(path).exists()
    Path(path).unlink()


@pytest.mark.parametrize("exchange", ["link", "pipe"])
def test_what_is_exchanged_for_an_upload_is_not_taken(house: House, watched: Watch, exchange: str) -> None:
    path, call = upload(house, house.clients["editor"], "换.md")
    Path(path).unlink()
    Path(path).symlink_to(house.home / "secret.txt") if exchange == "link" else os.mkfifo(path)
    assert house.clients["editor"].post(PAGE_CALL, json=call).status_code == 400
    assert watched.touched == []
    Path(path).unlink()


def test_every_name_that_is_tried_is_in_the_audit_log(house: House) -> None:
    editor = house.clients["editor"]
    for name in ("..", "x.exe"):
        path, call = upload(house, editor, "名.md")
        number, place = take(house)
        call["data"][place][0]["orig_name"] = name  # type: ignore[index]
        refused = editor.post(PAGE_CALL, json=call)
        assert refused.status_code == 200 and "refused" in refused.text
        assert not Path(path).exists()
        row = Audit(house.home).rows()[-1]
        assert (row.who, row.action, row.target) == ("editor", "upload", name) and row.outcome.startswith("failed")


@pytest.mark.parametrize("launched", [True, False], ids=["checked by Gradio", "not checked by Gradio"])
def test_behind_the_guard_nothing_is_taken_or_removed_either(
    house: House, watched: Watch, monkeypatch: pytest.MonkeyPatch, launched: bool
) -> None:
    """The page called without the guard: first Gradio's check refuses, and without it the page itself."""
    (mounted,) = [route.app for route in house.app.routes if isinstance(route, Mount) and route.path == STAFF]
    assert isinstance(mounted, gr.routes.App)
    monkeypatch.setattr(mounted.get_blocks(), "has_launched", launched)

    async def unguarded(scope: Scope, receive: Receive, send: Send) -> None:
        known = {"member": Member("editor", Role.EDITOR), "session": "token"}
        await mounted({**scope, **known}, receive, send)

    client, (number, place) = TestClient(unguarded, base_url=ADDRESS), take(house)
    file = {"path": str(house.home / "del.txt"), "orig_name": "stolen.txt", "is_stream": True, "meta": MARK}
    data = values(mounted.get_blocks(), number)
    data[place] = [file]
    call = {"data": data, "fn_index": number, "trigger_id": 1, "session_hash": "abc"}
    response = client.post("/gradio_api/run/predict", json=call)
    assert response.status_code == (500 if launched else 200)
    if not launched:
        assert GONE in response.text
    assert watched.touched == []
    watched.planted = frozenset()
    assert intact(house)


def test_gradio_checks_paths_in_every_mounted_app(house: House) -> None:
    assert {blocks.has_launched for _, blocks, _ in functions(house.app)} == {True}


def test_the_watch_sees_whoever_opens_or_removes_what_is_planted(house: House, watched: Watch) -> None:
    with pytest.raises(PermissionError):
        (house.home / "secret.txt").read_text()
    with pytest.raises(PermissionError):
        (house.home / "del.txt").unlink()
    assert len(watched.touched) == 2
