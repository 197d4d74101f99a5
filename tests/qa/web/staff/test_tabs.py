"""The pages of the staff area: what they show is text, who may not do a thing is told, nothing leaves the order."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from corpus.metadata.side_file import FIELDS
from index.embedding import bundled_model
from index.snapshots.store import Store
from qa.answering.reader.base import AtThreshold
from qa.answering.reader.similarity import THRESHOLD as SIMILARITY
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.runtime.errors import NotAllowed
from qa.runtime.settings import ROOT, Settings, read
from qa.staff import jobs
from qa.staff.backups.archive import BACKUPS, check
from qa.staff.permissions import Role
from qa.staff.settings import RuntimeSettings
from qa.storage import runtime_settings
from qa.storage.database import DATABASE
from qa.web.gradio_queue import REST_SECONDS
from qa.web.staff import charts
from qa.web.staff.guard import PAGE_CALL
from qa.web.staff.tabs.documents import upload_box
from tests.support.doubles.staff import blocks_of, make_staff_app, open_client, open_page, openings, sign_in
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.programs.refresh_office import RefreshOffice

PAGES = ["文档", "检索测试", "问答记录", "人工答案", "审计", "备份"]
HOSTILE = '"><img src=x onerror=fired()>**_[x](javascript:fired())'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RefreshOffice]:
    """Two snapshots published, built by a model that is named like the bundled one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        made = RefreshOffice(tmp_path_factory.mktemp("pages"))
        made.write("合作.txt", COOPERATION.text)
        made.refresh()
        made.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
        made.refresh()
        yield made


@pytest.fixture(scope="module")
def app(made: RefreshOffice) -> Iterator[FastAPI]:
    database = made.home / DATABASE
    reader = AtThreshold(SimilarityReader(made.embedder), lambda: runtime_settings.current(database).threshold)
    models = Models(lambda: made.embedder, lambda: reader)
    app = make_staff_app(made.home, models=models, QA_DOCUMENTS=str(made.folder))
    with open_client(app):
        yield app


def signed_in(app: FastAPI, name: str) -> TestClient:
    client = open_client(app)
    assert sign_in(client, name).status_code == 303
    return client


def press(client: TestClient, app: FastAPI, handler: str, *data: Any, event: Any = None) -> list[Any]:
    """What a call of the page's function `handler` gives; the browser names it by a number."""
    module, name = handler.rsplit(".", 1)
    (number,) = [
        number
        for number, function in blocks_of(app).fns.items()
        if function.fn is not None
        and function.fn.__module__ == f"qa.web.staff.tabs.{module}"
        and function.fn.__qualname__.split(".")[-1] == name
    ]
    call = {"data": list(data), "fn_index": number, "trigger_id": 0, "session_hash": "abc", "event_data": event}
    response = client.post(PAGE_CALL, json=call)
    assert response.status_code == 200, response.text
    found = response.json()["data"]
    assert isinstance(found, list)
    return found


def test_the_pages_are_those_of_the_guide_in_this_order(app: FastAPI) -> None:
    assert list(openings(app)) == PAGES
    guide = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
    assert [name for name in PAGES if f"**{name}**" not in guide] == []


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_page_opens_for_every_role(app: FastAPI, role: str) -> None:
    client = signed_in(app, role)
    for name in PAGES:
        response = open_page(client, app, name)
        assert response.status_code == 200 and "没有成功" not in response.text, (name, response.text)


def test_no_function_of_the_pages_waits_in_a_queue_or_has_a_name(app: FastAPI) -> None:
    functions = blocks_of(app).fns.values()
    assert len(functions) > 25
    assert not [fn for fn in functions if fn.queue or fn.api_visibility != "private"]


def test_no_page_looks_for_work_in_its_queue_all_the_time(app: FastAPI) -> None:
    mounted = [getattr(route, "app", None) for route in app.routes]
    pages = [one.get_blocks() for one in mounted if isinstance(one, gr.routes.App)]
    assert [page._queue.sleep_when_free for page in pages] == [REST_SECONDS] * 2


def test_an_admin_makes_and_downloads_a_backup_and_nobody_else(
    app: FastAPI, made: RefreshOffice, tmp_path: Path
) -> None:
    admin, publisher = signed_in(app, "admin"), signed_in(app, "publisher")
    assert "“管理”角色" in press(publisher, app, "backups.keep")[0]
    assert not (made.home / BACKUPS).exists()
    assert "已备份到" in press(admin, app, "backups.keep")[0]
    (kept,) = (made.home / BACKUPS).iterdir()
    (tmp_path / "b.zip").write_bytes(admin.get(f"/staff/backup?name={kept.name}").content)
    assert check(tmp_path / "b.zip").count("snapshots") > 5
    assert publisher.get(f"/staff/backup?name={kept.name}").status_code == 404
    for name in ("", "nothing.zip", "../service.sqlite", f"../{BACKUPS}/{kept.name}"):
        assert admin.get("/staff/backup", params={"name": name}).status_code == 404


def test_a_document_is_withdrawn_and_reinstated_with_a_reason(app: FastAPI, made: RefreshOffice) -> None:
    editor, publisher = signed_in(app, "editor"), signed_in(app, "publisher")
    order = ("合作.txt", "", "", "已停止引用", "数字有误")
    assert "需要“发布”角色" in press(editor, app, "documents.detail.withdraw", *order)[0]
    assert "要写明原因" in press(publisher, app, "documents.detail.withdraw", "合作.txt", "", "", "全部状态", "")[0]
    done = press(publisher, app, "documents.detail.withdraw", *order)
    assert "已停止引用" in done[0]
    assert [row[:3] for row in done[-1]["data"]] == [["合作.txt", "已停止引用", "publisher：数字有误"]]
    again = press(publisher, app, "documents.detail.reinstate", *order)
    assert "已恢复引用" in again[0] and again[-1]["data"] == []


def test_what_was_typed_stays_when_it_is_refused(app: FastAPI) -> None:
    editor = signed_in(app, "editor")
    fields = dict.fromkeys(FIELDS, "")
    for handler, order, why in (
        (
            "documents.detail.keep",
            ["合作.txt", "", "", "全部状态", *{**fields, "in_force_from": "明年"}.values()],
            "不是日期",
        ),
        ("documents.detail.withdraw", ["合作.txt", "", "", "全部状态", "数字有误"], "需要“发布”角色"),
    ):
        sentence, *others = press(editor, app, handler, *order)
        assert why in sentence and {str(one) for one in others} == {str(gr.skip())}, handler
    order = ["合作.txt", "", "", "全部状态", *{**fields, "in_force_from": "2026年1月1日"}.values()]
    sentence, *others = press(editor, app, "documents.detail.keep", *order)
    kept = [one for one in others if str(one) == str(gr.skip())]
    assert "已保存" in sentence and len(kept) == 2, "the reasons for withdrawing and deleting"
    press(editor, app, "documents.detail.keep", "合作.txt", "", "", "全部状态", *fields.values())


def test_what_was_written_about_one_document_is_not_said_of_the_next(app: FastAPI) -> None:
    client = signed_in(app, "publisher")
    clicked = {"index": [0, 0], "value": "产业.txt", "row_value": ["产业.txt"], "col_value": [], "selected": True}
    opened = press(client, app, "documents.tab.choose", event=clicked)
    assert opened[1] == "产业.txt"
    reasons = [number for number, one in enumerate(opened) if one == "" and number > 6 + len(FIELDS)]
    assert len(reasons) == 2


def test_the_slider_begins_at_the_threshold_in_use(app: FastAPI, made: RefreshOffice) -> None:
    admin = signed_in(app, "admin")
    board = RuntimeSettings(read({"QA_HOME": str(made.home)}), who="admin", role=Role.ADMIN)
    for threshold, shown in (("0.7", 0.7), ("", SIMILARITY)):
        board.change("threshold", threshold)
        slider = open_page(admin, app, "检索测试").json()["data"][1]
        assert slider["value"] == shown and f"现在是{shown:.2f}" in slider["label"]


def test_markup_shows_texts_as_texts() -> None:
    shown = [
        charts.cards([(HOSTILE, HOSTILE, HOSTILE)]),
        charts.facts([(HOSTILE, HOSTILE)]),
        charts.notes([HOSTILE]),
        charts.rows([HOSTILE], [[HOSTILE]]),
        charts.columns(HOSTILE, {"failed": HOSTILE}, [(HOSTILE, {"failed": 2})]),
        charts.curves(HOSTILE, {"failed": HOSTILE}, [(0.5, {"failed": 0.5})], here=0.5),
    ]
    for markup in shown:
        assert "<img" not in markup and "**" not in markup and "](" not in markup and "&#34;&#62;&#60;img" in markup


def test_what_broken_uploads_leave_is_deleted_and_what_is_under_way_stays(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"x")
    long_ago = time.time() - 600
    os.utime(tmp_path / "old" / "file", (long_ago, long_ago))
    assert upload_box.sweep(tmp_path, older_than=120) == 1
    assert [path.parent.name for path in tmp_path.rglob("file")] == ["new"]
    assert upload_box.sweep(tmp_path) == 1 and list(tmp_path.iterdir()) == []


def test_the_order_for_work_apart_carries_every_setting(tmp_path: Path) -> None:
    settings = read({"QA_HOME": str(tmp_path), "QA_LLM_KEY": "secret", "QA_PROXIES": "10.0.0.1, 10.0.0.2"})
    assert Settings.model_validate(json.loads(json.dumps(settings.packed()))) == settings


@pytest.mark.long
def test_work_that_cannot_begin_says_why(tmp_path: Path) -> None:
    """In a real process: an editor may not refresh, and without documents nobody can."""
    settings = read({"QA_HOME": str(tmp_path / "home"), "QA_DOCUMENTS": str(tmp_path / "none")})
    begun = len(jobs._started)
    with pytest.raises(NotAllowed, match="需要“发布”角色"):
        jobs.refresh(settings, who="王芳", role=Role.EDITOR)
    assert len(jobs._started) == begun, "no process begins for that"
    (tmp_path / "none").mkdir()
    with Store(tmp_path / "home" / "snapshots").refreshing(who="李明"), pytest.raises(jobs.NotBegun, match="李明"):
        jobs.refresh(settings, who="王芳", role=Role.PUBLISHER)


def test_work_that_says_nothing_in_time_is_ended_as_the_refusal_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BEGIN_SECONDS", 0.0)
    with pytest.raises(jobs.NotBegun, match="没有开始"):
        jobs.refresh(read({"QA_HOME": str(tmp_path)}), who="王芳", role=Role.PUBLISHER)
    assert jobs._started[-1].wait(60) == -signal.SIGTERM


def test_the_toy_is_the_model_of_these_snapshots() -> None:
    assert ToyEmbedder().name == "toy-1"
