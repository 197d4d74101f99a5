"""T41: no call of a page of Gradio makes the server read, delete or wait for a file.

The functions are found in the mounted apps themselves, so that a new page is in here on the day it is made; the pages
of staff are none of Gradio's, and take no value that names a file (T74).
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

from qa.staff import jobs
from qa.storage.audit import Audit
from qa.web.http.policy import PAGE_CALL, STAFF
from qa.web.staff.guard import FILE_UPLOAD
from tests.support.doubles.staff import make_staff_app, open_client, sign_in

pytestmark = pytest.mark.long
MARK = {"_type": "gradio.FileData"}
WHO = ("anonymous", "editor")


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
            assert sign_in(house.clients["editor"], "editor").status_code == 303
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


def calls(house: House, blocks: gr.Blocks, number: int) -> Iterator[dict[str, object]]:
    """Calls of one function with each shape in one of its fields, or in what is told of a click."""
    row = {"index": [0, 0], "value": "", "row_value": ["1", "2"]}
    base = {"fn_index": number, "trigger_id": 1, "session_hash": "abc"}
    for shape in shapes(house):
        for place in range(len(values(blocks, number))):
            data = values(blocks, number)
            data[place] = shape
            yield {**base, "data": data, "event_data": row}
        yield {**base, "data": [shape]}
        yield {**base, "data": values(blocks, number), "event_data": {**row, "row_value": [shape]}}


def intact(house: House) -> bool:
    return (
        all(path.exists() for path in house.planted()) and (house.home / "secret.txt").read_text() == "planted secret"
    )


@pytest.mark.parametrize("who", WHO)
def test_no_function_takes_a_value_that_names_a_file(house: House, watched: Watch, who: str) -> None:
    client, made = house.clients[who], 0
    for address, blocks, number in functions(house.app):
        for call in calls(house, blocks, number):
            response = client.post(address, content=json.dumps(call), headers={"Content-Type": "application/json"})
            # A function without a field leaves out what the browser tells of a click.
            assert response.status_code == 400 or not call["data"], (number, call)
            assert "planted secret" not in response.text
            made += 1
    assert {address for address, _, _ in functions(house.app)} == {PAGE_CALL}
    assert made > 90
    assert watched.touched == []
    watched.planted = frozenset()
    assert intact(house)
    assert list((house.home / "documents").iterdir()) == []


def test_every_name_that_is_tried_is_in_the_audit_log(house: House) -> None:
    editor = house.clients["editor"]
    token = editor.get("/staff/files").text.partition('name="form" value="')[2].partition('"')[0]
    for name in ("..", "x.exe"):
        refused = editor.post(FILE_UPLOAD, data={"form": token}, files={"files": (name, "# 办法".encode())})
        assert refused.status_code == 200 and 'class="said text refused"' in refused.text
        row = Audit(house.home).rows()[-1]
        assert (row.who, row.action, row.target) == ("editor", "upload", name) and row.outcome.startswith("failed")
    assert list((house.home / "documents").iterdir()) == []
    taken = editor.post(FILE_UPLOAD, data={"form": token}, files={"files": ("办法《试行》.md", "# 办法".encode())})
    assert "已上传：办法《试行》.md" in taken.text, "the control"
    (house.home / "documents" / "办法《试行》.md").unlink()


def test_gradio_checks_paths_in_every_mounted_app(house: House) -> None:
    assert {blocks.has_launched for _, blocks, _ in functions(house.app)} == {True}


def test_the_watch_sees_whoever_opens_or_removes_what_is_planted(house: House, watched: Watch) -> None:
    with pytest.raises(PermissionError):
        (house.home / "secret.txt").read_text()
    with pytest.raises(PermissionError):
        (house.home / "del.txt").unlink()
    assert len(watched.touched) == 2
