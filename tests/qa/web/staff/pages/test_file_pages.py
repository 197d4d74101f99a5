"""The page 文件: from an upload to what citizens see, by forms as a browser sends them."""

import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.embedding import bundled_model
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.publishing.difference import Difference
from qa.staff import jobs
from qa.storage.audit import Audit
from tests.corpus.test_hostile_files import (
    ARCHIVES,
    CONTENTS,
    DECLARATIONS,
    POINTING_HTML,
    SECRET,
    Listener,
    declared,
    with_relation,
)
from tests.support.counts import FULL
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.toy import COOPERATION
from tests.support.files import office_files
from tests.support.files.container_files import gbk_zip
from tests.support.files.hostile_pdfs import HOSTILE_PDFS
from tests.support.programs.refresh_office import GOLDEN, RefreshOffice

pytestmark = pytest.mark.long
PAGE, UPLOAD = "/staff/files", "/staff/files/upload"
PUBLISH = 'value="publish"'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    office = RefreshOffice(tmp_path)
    office.write("合作.txt", COOPERATION.text)
    office.refresh()
    return office


@pytest.fixture
def app(office: RefreshOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
    app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder), QA_MAX_FILE_MB="1")
    # The refresh itself, in this process and at once.
    monkeypatch.setattr(jobs, "refresh", lambda settings, *, who, role: office.refresh_and_report(who=who))
    with open_client(app):
        yield app


def signed_in(app: FastAPI, name: str) -> TestClient:
    client = open_client(app)
    assert sign_in(client, name).status_code == 303
    return client


def token_of(client: TestClient) -> str:
    return str(re.findall(r'name="form" value="([^"]+)"', client.get(PAGE).text)[0])


def seen_in(page: str) -> str:
    """What the form for uploads says of when the page was made."""
    (seen,) = re.findall(r'name="seen" value="(\d+)"', page)
    return str(seen)


def upload(
    client: TestClient, files: dict[str, bytes], *, replace: str = "", token: str | None = None, seen: str = ""
) -> str:
    parts = [("files", (name, content)) for name, content in files.items()]
    seen = seen or seen_in(client.get(PAGE).text)
    data = {"form": token_of(client) if token is None else token, "replace": replace, "seen": seen}
    response = client.post(UPLOAD, data=data, files=parts)
    assert response.status_code in (200, 400, 403, 409, 413), response.text
    assert (response.status_code == 409) == ("已被" in response.text)
    return response.text


def press(client: TestClient, button: str, query: dict[str, str] | None = None, /, **typed: str) -> str:
    response = client.post(PAGE, params=query, data={"form": token_of(client), "do": button, **typed})
    if response.status_code == 303:
        return client.get(response.headers["location"]).text
    return response.text


def test_several_files_are_uploaded_and_published_without_leaving_the_page(app: FastAPI, office: RefreshOffice) -> None:
    publisher = signed_in(app, "publisher")
    page = upload(publisher, {"新区.txt": "新区\n\n新区有12个社区。\n".encode(), "程序.exe": b"MZ"})
    assert "已上传：新区.txt" in page and "程序.exe：不支持.exe" in page
    assert "市民还看不到这些改动" in page and "新增：新区.txt" in page and PUBLISH in page
    page = press(publisher, "publish")
    assert "已发布：市民现在看到的就是这2个文件" in page and "市民还看不到" not in page
    assert office.store.published() == "snapshot-000002"


def test_an_editor_uploads_and_is_told_who_publishes(app: FastAPI, office: RefreshOffice) -> None:
    editor = signed_in(app, "editor")
    page = upload(editor, {"新区.txt": "新区\n\n新区有12个社区。\n".encode()})
    assert "请有“发布”角色的同事发布" in page and PUBLISH not in page
    assert PUBLISH in signed_in(app, "publisher").get(PAGE).text, "the control"


def test_what_the_golden_questions_hold_back_is_told_with_both_answers(app: FastAPI, office: RefreshOffice) -> None:
    publisher = signed_in(app, "publisher")
    upload(publisher, {"新区.txt": "新区\n\n新区有12个社区。\n".encode()})
    page = upload(publisher, {"合作.txt": "合作\n\n两地合作很好。\n".encode()}, replace="yes")
    assert "已替换：合作.txt" in page
    page = press(publisher, "publish")
    assert "上一次没有发布，市民看到的不变" in page and "浙江商会有多少家会员企业？" in page
    assert "拦住这次发布的是：合作.txt、新区.txt" in page and "没有拦住" not in page
    (row,) = re.findall(r"<tr><td class=\"text\">两地学校.*?</tr>", page)
    assert row.endswith('<td class="text">合作.txt</td></tr>'), "each question with the file that it comes from"
    assert office.store.published() == "snapshot-000001"


def test_the_file_that_stops_a_publication_is_left_out_of_it_until_it_is_mended(
    app: FastAPI, office: RefreshOffice
) -> None:
    editor, publisher = signed_in(app, "editor"), signed_in(app, "publisher")
    well, bad = "村里\n\n村里有3口井。\n".encode(), "合作\n\n两地合作很好。\n".encode()
    upload(publisher, {"新区.txt": well})
    upload(publisher, {"合作.txt": bad}, replace="yes")
    page = press(publisher, "publish")
    (built,) = re.findall(r'name="built" value="([^"]+)"', page)
    assert "先不带它，发布其余的" in page and "data-sure" in page and 'value="leave-out"' not in editor.get(PAGE).text
    assert "拦住这次发布的是：合作.txt。其余的改动没有拦住发布" in page
    for stale in (built, "snapshot-000001"):
        response = editor.post(PAGE, data={"form": token_of(editor), "do": "leave-out", "built": stale})
        assert response.status_code == 403 and "需要“发布”角色" in response.text, "the role before the rest"
    assert "已经不是这些文件" in press(publisher, "leave-out", built="snapshot-000001"), "somebody else published"
    page = press(publisher, "leave-out", built=built)
    assert "已发布：市民现在看到的就是这2个文件" in page and "市民还看不到" not in page
    assert [one.text for one in office.store.load("snapshot-000003", model="toy-1").documents][0] == COOPERATION.text
    home = publisher.get("/staff/home").text
    assert "个文件先没有发布，改好再上传一次" in home and "shelf=left" in home
    assert "先不发布它（拦住发布：" in publisher.get(PAGE, params={"shelf": "left"}).text
    row = next(row for row in Audit(office.home).rows() if (row.action, row.outcome) == ("leave out", "done"))
    assert (row.who, row.target) == ("publisher", "合作.txt") and "检验题" in row.why
    assert "没有变化" in press(publisher, "publish"), "it stays left out"
    assert "已放回" in press(publisher, "put-back", {"name": "合作.txt"}, name="合作.txt")
    page = press(publisher, "publish")
    (built,) = re.findall(r'name="built" value="([^"]+)"', page)
    assert ">先不发布它</button>" in page, "nothing else waits"
    upload(editor, {"合作.txt": (COOPERATION.text + "\n已改好。\n").encode()}, replace="yes")
    assert "又改过" in press(publisher, "leave-out", built=built), "a colleague was quicker"
    upload(editor, {"合作.txt": bad}, replace="yes")
    assert "文件没有变化" in press(publisher, "leave-out", built=built)
    upload(publisher, {"合作.txt": (COOPERATION.text + "\n又核对过。\n").encode()}, replace="yes")
    assert "改过：合作.txt" in publisher.get(PAGE).text and "先没有发布" not in publisher.get("/staff/home").text
    assert "已发布" in press(publisher, "publish")
    assert "又核对过" in office.store.document(office.store.published() or "", "合作.txt").text  # type: ignore[union-attr]


def test_a_file_of_the_same_name_is_replaced_only_when_that_was_chosen(app: FastAPI, office: RefreshOffice) -> None:
    editor, before = signed_in(app, "editor"), (office.folder / "合作.txt").read_bytes()
    assert "已有同名文件" in upload(editor, {"合作.txt": "别的".encode()})
    assert (office.folder / "合作.txt").read_bytes() == before
    assert "已替换" in upload(editor, {"合作.txt": "别的".encode()}, replace="yes")
    assert (office.folder / "合作.txt").read_text(encoding="utf-8") == "别的"


@pytest.mark.parametrize("replace", ["", "yes"])
def test_of_two_files_of_one_name_in_one_batch_the_second_is_told_of_the_first(
    app: FastAPI, office: RefreshOffice, replace: str
) -> None:
    editor = signed_in(app, "editor")
    texts = ("第一个。", "第二个。", "第三个。")
    parts = [("files", ("新区.txt", text.encode())) for text in texts] + [("files", ("合作.txt", b""))]
    data = {"form": token_of(editor), "replace": replace, "seen": seen_in(editor.get(PAGE).text)}
    response = editor.post(UPLOAD, data=data, files=parts)
    assert response.status_code == 200 and (office.folder / "新区.txt").read_text(encoding="utf-8") == "第一个。"
    assert response.text.count("新区.txt：这一批里有几个同名文件，只上传了第一个") == 2
    assert "已有同名文件" not in response.text and "已被" not in response.text and "已上传：新区.txt" in response.text
    others = {"新区.txt": "换过。".encode()}
    assert ("已替换" if replace else "已有同名文件") in upload(editor, others, replace=replace), "the next batch"


def test_of_two_who_replace_one_file_the_second_is_told_by_whom_and_replaces_nothing(
    app: FastAPI, office: RefreshOffice
) -> None:
    editor, publisher = signed_in(app, "editor"), signed_in(app, "publisher")
    seen = [seen_in(client.get(PAGE).text) for client in (editor, publisher)]
    assert "已替换" in upload(editor, {"合作.txt": "先改的。".encode()}, replace="yes", seen=seen[0])
    both = {"合作.txt": "后改的。".encode(), "新区.txt": "新区有12个社区。".encode()}
    late = upload(publisher, both, replace="yes", seen=seen[1])
    assert "合作.txt：您打开这一页以后，已被editor改过，没有替换" in late and "已上传：新区.txt" in late
    assert (office.folder / "合作.txt").read_text(encoding="utf-8") == "先改的。"
    for forged in ("x", "9" * 30):
        upload(publisher, {"合作.txt": "后改的。".encode()}, replace="yes", seen=forged)
        assert (office.folder / "合作.txt").read_text(encoding="utf-8") == "先改的。"
    assert "已替换" in upload(publisher, {"合作.txt": "后改的。".encode()}, replace="yes", seen=seen_in(late)), "looked"


def test_a_new_file_is_previewed_before_it_is_published_and_one_that_cannot_be_read_says_why(
    app: FastAPI, office: RefreshOffice
) -> None:
    editor = signed_in(app, "editor")
    upload(editor, {"新区.txt": "新区\n\n新区有<b>12</b>个社区。\n".encode(), "坏.docx": b"PK\x03\x04" + bytes(500)})
    assert "/staff/files/text?name=" in editor.get(PAGE, params={"name": "新区.txt"}).text
    shown = editor.get(f"{PAGE}/text", params={"name": "新区.txt"})
    assert shown.status_code == 200 and "个社区" in shown.text and "<b>12" not in shown.text
    broken = editor.get(f"{PAGE}/text", params={"name": "坏.docx"})
    assert broken.status_code == 400 and "文件" in broken.json()["error"]
    assert office.store.published() == "snapshot-000001"


def test_the_files_in_an_archive_are_checked_one_by_one_before_anything_is_published(
    app: FastAPI, office: RefreshOffice
) -> None:
    editor, good = signed_in(app, "editor"), "新区\n\n新区有<b>12</b>个社区。\n".encode()
    parts = {"通知/新区.txt": good, "坏.docx": b"PK\x03\x04" + bytes(500), "程序.exe": b"MZ", "空.txt": b""}
    files = {**{f"{number}.txt": good for number in range(3)}, "包.zip": gbk_zip(parts)}
    page = upload(editor, files)
    assert "程序读到的：包.zip" in page, "before those that hold less"
    shown = editor.get(f"{PAGE}/text", params={"name": "包.zip"})
    assert shown.status_code == 200 and "里面有4个文件：3个读不出，发布以后市民问不到" in shown.text
    told = [unescape(line) for line in re.findall(r"<li[^>]*>(.*?)</li>", shown.text)]
    assert [line[0] for line in told] == ["✗", "✗", "✗", "✓"] and "<b>" not in shown.text
    assert any(line.startswith("✗ 程序.exe：不支持.exe") for line in told)
    assert told[-1].startswith("✓ 通知/新区.txt：新区 新区有<b>12") and office.store.published() == "snapshot-000001"
    upload(editor, {"好.zip": gbk_zip({"新区.txt": good})})
    assert "里面有1个文件：1个读得出" in editor.get(f"{PAGE}/text", params={"name": "好.zip"}).text
    upload(editor, {"坏.zip": gbk_zip(parts)[:200]})
    broken = editor.get(f"{PAGE}/text", params={"name": "坏.zip"})
    assert broken.status_code == 400 and broken.json()["error"]


def test_fields_are_kept_and_of_two_who_change_them_the_second_is_told(app: FastAPI, office: RefreshOffice) -> None:
    editor, publisher = signed_in(app, "editor"), signed_in(app, "publisher")
    page = editor.get(PAGE, params={"name": "合作.txt"}).text
    (version,) = re.findall(r'name="version" value="(\w+)"', page)[:1]
    assert "已保存" in press(editor, "describe", name="合作.txt", version=version, issuer="合作办")
    late = press(publisher, "describe", name="合作.txt", version=version, issuer="别的办")
    assert "已被别人改过" in late
    assert "合作办" in publisher.get(PAGE).text


def test_withdrawing_and_deleting_need_the_role_and_a_reason(app: FastAPI, office: RefreshOffice) -> None:
    editor, publisher = signed_in(app, "editor"), signed_in(app, "publisher")
    assert "需要“发布”角色" in press(editor, "withdraw", name="合作.txt", why="有误")
    assert "要写明原因" in press(publisher, "withdraw", name="合作.txt")
    late = press(publisher, "delete", {"name": "合作.txt"}, name="合作.txt", version="x", why="内容重复")
    assert "已被别人改过" in late and 'value="内容重复"' in late, "what was typed stays"
    assert "已停止引用" in press(publisher, "withdraw", name="合作.txt", why="有误")
    assert "市民现在问不到" in publisher.get(PAGE, params={"name": "合作.txt"}).text
    assert "已恢复引用" in press(publisher, "reinstate", name="合作.txt")
    page = publisher.get(PAGE, params={"name": "合作.txt"}).text
    (version,) = re.findall(r'name="version" value="(\w+)"', page)[:1]
    for why in ("重复", ""):
        assert "需要“发布”角色" in press(editor, "delete", name="合作.txt", version=version, why=why)
    assert "要写明原因" in press(publisher, "delete", name="合作.txt", version=version)
    assert "已被别人改过" in press(publisher, "delete", name="合作.txt", version="x", why="重复")
    assert "已删除" in press(publisher, "delete", name="合作.txt", version=version, why="重复")
    assert not (office.folder / "合作.txt").exists()


def test_an_archive_and_the_files_in_it_say_the_same_of_what_is_withdrawn(app: FastAPI, office: RefreshOffice) -> None:
    publisher = signed_in(app, "publisher")
    parts = {name: f"{name}\n\n这里有{count}口井。\n".encode() for name, count in (("村里.txt", 3), ("镇上.txt", 5))}
    upload(publisher, {"包.zip": gbk_zip(parts)})
    assert "已发布" in press(publisher, "publish")
    archive, inside = {"name": "包.zip"}, {"name": "包.zip/村里.txt"}
    assert "里面的2个文件一起停止、一起恢复" in publisher.get(PAGE, params=archive).text
    assert "已停止引用，里面的文件也一起停止" in press(publisher, "withdraw", **archive, why="有误")
    page = publisher.get(PAGE, params=inside).text
    assert "随包.zip一起，publisher：有误" in page and 'value="reinstate"' not in page
    assert "要在那里恢复" in page and "name=%E5%8C%85.zip" in page
    assert "请对包.zip恢复引用" in press(publisher, "reinstate", **inside)
    assert "里面一起停止的也恢复" in press(publisher, "reinstate", **archive)
    assert 'value="withdraw"' in publisher.get(PAGE, params=inside).text
    press(publisher, "withdraw", **inside, why="这一张有误")
    page = publisher.get(PAGE, params=archive).text
    assert "里面单独停止引用的：包.zip/村里.txt" in page and 'value="withdraw"' in page
    assert 'value="reinstate"' in publisher.get(PAGE, params=inside).text


def test_an_upload_from_another_page_or_too_large_stores_nothing(app: FastAPI, office: RefreshOffice) -> None:
    editor, content = signed_in(app, "editor"), "新区有12个社区。".encode()
    assert "打开得太久" in upload(editor, {"新区.txt": content}, token="x" * 22)
    large = editor.post(UPLOAD, data={"form": token_of(editor)}, files=[("files", ("大.txt", b"x" * 3_000_000))])
    assert large.status_code == 413 and "文件太大" in large.json()["error"]
    assert sorted(path.name for path in office.folder.iterdir()) == ["合作.txt"]
    assert "已上传" in upload(editor, {"新区.txt": content}), "the control"
    assert [row.target for row in Audit(office.home).rows() if row.action == "upload"] == ["新区.txt"] * 2


# Starlette leaves the file of a part that breaks off to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <tempfile.SpooledTemporaryFile")
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
def test_an_upload_without_an_end_is_ended_and_leaves_nothing(
    app: FastAPI, office: RefreshOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, spool = signed_in(app, "editor"), tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}

    def endless() -> Iterator[bytes]:
        yield head
        for _ in range(30):
            yield b"x" * 1_000_000

    assert editor.post(UPLOAD, content=endless(), headers=kind).status_code == 413
    assert editor.post(UPLOAD, content=head + b"half of it", headers=kind).status_code == 403
    many = b"".join(head.replace(b"a.txt", b"%d.txt" % number) + b"x\r\n" for number in range(300)) + b"--b--\r\n"
    refused = editor.post(UPLOAD, content=many, headers=kind)
    assert refused.status_code == 400 and "一次最多上传200个文件" in refused.json()["error"]
    assert [*spool.iterdir()] == [] and [path.name for path in office.folder.iterdir()] == ["合作.txt"]


@pytest.mark.parametrize("name", ["../a.txt", "/etc/passwd", "a\x00.txt", "x" * 300 + ".txt", "..", "a.meta.yaml"])
def test_no_name_leads_out_of_the_folder(app: FastAPI, office: RefreshOffice, name: str) -> None:
    editor = signed_in(app, "editor")
    upload(editor, {name: "新区有12个社区。".encode()})
    found = sorted(path.name for path in office.folder.iterdir())
    assert found in (["合作.txt"], ["a.txt", "合作.txt"], ["passwd", "合作.txt"])
    for address in (PAGE, f"{PAGE}/text"):
        assert "root:" not in editor.get(address, params={"name": name}).text


@pytest.mark.parametrize(
    "query", [{"shelf": "x"}, {"order": "x"}, {"page": "-1"}, {"name": "没有.txt"}, {"text": "<b>\x00%" * 90}]
)
def test_junk_in_an_address_is_answered_in_a_sentence(app: FastAPI, query: dict[str, str]) -> None:
    response = signed_in(app, "editor").get(PAGE, params=query)
    assert response.status_code in (200, 404) and "<h1>文件</h1>" in response.text


def select(client: TestClient, *names: str) -> list[str]:
    """The boxes of some files, as the page fills them in."""
    boxes = re.findall(r'name="chosen" value="([^"]*)"', client.get(PAGE).text)
    return [box for box in boxes if box.partition(":")[2] in names]


def test_several_files_are_withdrawn_reinstated_and_deleted_at_once(app: FastAPI, office: RefreshOffice) -> None:
    publisher, editor = signed_in(app, "publisher"), signed_in(app, "editor")
    upload(publisher, {f"第{number}份.txt": f"新区有{number}个社区。".encode() for number in range(1, 4)})
    both = select(publisher, "第1份.txt", "第2份.txt")
    assert len(both) == 2 and select(editor, "第1份.txt") == []

    def act(client: TestClient, button: str, boxes: list[str], why: str = "") -> str:
        data = {"form": token_of(client), "do": button, "chosen": boxes, "why": why}
        return str(client.post(PAGE, data=data).text)

    assert "请先在列表里勾选" in act(publisher, "withdraw-all", [], "有误")
    assert act(editor, "withdraw-all", both, "有误").count("需要“发布”角色") == 2
    page = act(publisher, "withdraw-all", both)
    assert page.count("要写明原因") == 2 and page.count(" checked>") == 2, "the same two stay selected"
    page = act(publisher, "withdraw-all", both, "有误")
    assert "已停止引用：第1份.txt" in page and "已停止引用：第2份.txt" in page and "第3份.txt：" not in page
    press(publisher, "reinstate", name="第2份.txt")
    page = act(publisher, "withdraw-all", both, "又有误")
    assert "第1份.txt：第1份.txt已由publisher在" in page and "（有误）" in page and "已停止引用：第2份.txt" in page
    both = select(publisher, "第1份.txt", "第2份.txt")
    assert act(publisher, "reinstate-all", both).count("已恢复引用：") == 2
    upload(editor, {"第2份.txt": "改过了。".encode()}, replace="yes")
    page = act(publisher, "delete-all", both, "重复")
    assert "已删除：第1份.txt" in page and "第2份.txt：" in page and "已被别人改过" in page
    assert sorted(path.name for path in office.folder.glob("第*.txt")) == ["第2份.txt", "第3份.txt"]
    assert "最多选200个" in act(publisher, "delete-all", [f"x:{number}" for number in range(201)], "重复")


def test_what_is_selected_with_its_archive_stays_withdrawn_by_itself(app: FastAPI, office: RefreshOffice) -> None:
    publisher = signed_in(app, "publisher")
    upload(publisher, {"包.zip": gbk_zip({"村里.txt": "村里有3口井。".encode(), "镇上.txt": "镇上有5口井。".encode()})})
    press(publisher, "publish")

    def act(button: str, *boxes: str) -> str:
        data = {"form": token_of(publisher), "do": button, "chosen": list(boxes), "why": "有误"}
        return unescape(publisher.post(PAGE, data=data).text)

    def rows() -> list[str]:
        return select(publisher, "包.zip") + select(publisher, "包.zip/村里.txt")

    page = act("withdraw-all", *rows())
    assert (
        "已停止引用：包.zip和里面的文件" in page and "已停止引用：包.zip/村里.txt" in page and " checked>" not in page
    )
    page = act("reinstate-all", rows()[0])
    assert "已恢复引用：包.zip和里面的文件；里面单独停止过的仍不引用：包.zip/村里.txt" in page
    assert 'value="reinstate"' in publisher.get(PAGE, params={"name": "包.zip/村里.txt"}).text
    act("withdraw-all", rows()[0])
    page = act("reinstate-all", *reversed(rows()))
    assert page.count("已恢复引用：") == 2, "the archive first"


def test_a_row_that_is_sent_twice_counts_once(app: FastAPI, office: RefreshOffice) -> None:
    publisher = signed_in(app, "publisher")
    upload(publisher, {f"第{number}份.txt": f"新区有{number}个社区。".encode() for number in range(1, 3)})
    (first,), (second,) = select(publisher, "第1份.txt"), select(publisher, "第2份.txt")
    data = {"form": token_of(publisher), "do": "delete-all", "chosen": [first, first, "x:第1份.txt"], "why": "重复"}
    page = publisher.post(PAGE, data=data).text
    assert page.count("已删除：第1份.txt") == 1 and "已被别人改过" not in page and "没有第1份" not in page
    data |= {"chosen": [f"x{second}", second, f"x{second}"], "form": token_of(publisher)}
    page = publisher.post(PAGE, data=data).text
    assert page.count("第2份.txt已被别人改过") == 1


def test_what_was_uploaded_is_read_at_once_and_the_first_few_only(app: FastAPI, office: RefreshOffice) -> None:
    editor = signed_in(app, "editor")
    page = upload(editor, {"新区.txt": "新区有12个社区。".encode(), "程序.exe": b"MZ"})
    assert re.findall(r'data-load="/staff/files/text\?name=([^"]+)"', page) == [quote("新区.txt")]
    assert f'data-focus="panel" href="/staff/files?shelf=all&amp;order=changed&amp;name={quote("新区.txt")}"' in page
    page = upload(editor, {f"第{number}份.txt": f"新区有{number}个社区。".encode() for number in range(5)})
    assert page.count("data-load=") == 3 and page.count("已上传：") == 5


def test_the_list_is_searched_sorted_and_shelved_with_all_its_columns(app: FastAPI, office: RefreshOffice) -> None:
    editor = signed_in(app, "editor")
    upload(editor, {f"第{number:02}号通知.txt": f"第{number}号。".encode() for number in range(60)})
    page = editor.get(PAGE, params={"name": "合作.txt"}).text
    (version,) = re.findall(r'name="version" value="(\w+)"', page)[:1]
    press(editor, "describe", name="合作.txt", version=version, issuer="合作办", in_force_until="2030-12-31")

    def rows(**query: str) -> list[str]:
        listed = editor.get(PAGE, params=query).text.partition('id="list"')[2].partition('id="panel"')[0]
        return re.findall(r'<td class="main"><a class="text"[^>]*>([^<]*)</a>', listed)

    assert len(rows()) == 50 and len(rows(page="2")) == 11 and set(rows()) & set(rows(page="2")) == set()
    assert rows(text="合作办") == rows(text="合作.TXT") == ["教育合作"] and rows(text="没有这个") == []
    assert rows(order="name")[:3] == ["教育合作", "第00号通知.txt", "第01号通知.txt"]
    assert rows(order="issuer")[0] == rows(order="passages")[0] == "教育合作"
    assert len(rows(shelf="waiting", page="2")) == 11 and "教育合作" in rows(shelf="waiting", order="issuer")
    assert rows(shelf="withdrawn") == rows(shelf="troubled") == []
    row = editor.get(PAGE, params={"text": "合作办"}).text.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = dict(re.findall(r'data-name="(\S+)"[^>]*>([^<]*)<', row))
    assert list(cells) == ["状态", "发文机关", "有效期", "段落", "最近改动"]
    assert (cells["发文机关"], cells["有效期"], cells["状态"]) == ("合作办", "到2030-12-31", "等发布（改过）")
    assert cells["段落"].isdigit() and cells["最近改动"].startswith("20")


def test_a_file_that_cannot_be_read_says_in_its_row_and_on_the_first_page_what_to_do(
    app: FastAPI, office: RefreshOffice
) -> None:
    publisher = signed_in(app, "publisher")
    upload(publisher, {"坏.docx": b"PK\x03\x04" + bytes(500)})
    press(publisher, "publish")
    assert f'href="{PAGE}?shelf=troubled"' in publisher.get("/staff/home").text
    row = publisher.get(PAGE, params={"shelf": "troubled"}).text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "坏.docx" in row and re.search(r'<small class="text">[^<]*请[^<]*</small></td>', row), row


HOSTILE: dict[str, Callable[[], bytes]] = {
    "上级.docx": lambda: ARCHIVES["up"](office_files.docx_file()),
    "炸弹.docx": lambda: ARCHIVES["ratio"](office_files.docx_file()),
    "链接.docx": lambda: ARCHIVES["link"](office_files.docx_file()),
    "圈.pdf": HOSTILE_PDFS["pages in a circle"],
}


def test_a_file_that_cannot_be_read_says_so_while_the_publication_is_held_back(
    app: FastAPI, office: RefreshOffice
) -> None:
    publisher = signed_in(app, "publisher")
    held = "合作\n\n两地合作很好。\n".encode()
    upload(publisher, {"坏.docx": b"PK\x03\x04" + bytes(500), "合作.txt": held}, replace="yes")

    def troubled() -> str:
        listed = publisher.get(PAGE, params={"shelf": "troubled"}).text
        return listed.partition('id="list"')[2].partition('id="panel"')[0]

    assert "坏.docx" not in troubled(), "nobody tried to read it yet"
    assert "上一次没有发布" in press(publisher, "publish")
    assert office.store.published() == "snapshot-000001"
    row = troubled()
    assert "坏.docx" in row and 'data-name="状态" class="refused"' in row and "合作.txt" not in row
    assert "等发布（改过）" in publisher.get(PAGE, params={"shelf": "waiting"}).text, "the control"
    upload(publisher, {"坏.docx": b"PK\x03\x04" + bytes(600)}, replace="yes")
    assert "坏.docx" not in troubled(), "another file, which nobody tried to read yet"


def test_hostile_files_are_read_apart_before_they_are_published_too(app: FastAPI, office: RefreshOffice) -> None:
    editor = signed_in(app, "editor")
    upload(editor, {"好.docx": office_files.docx_file(), **{name: make() for name, make in HOSTILE.items()}})
    told = {name: editor.get(f"{PAGE}/text", params={"name": name}) for name in ("好.docx", *HOSTILE)}
    assert told["好.docx"].status_code == 200, "the control"
    for name in HOSTILE:
        assert told[name].status_code == 400 and told[name].json()["error"], name
    assert not Path("/tmp/escaped").exists() and office.store.published() == "snapshot-000001"


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def test_no_preview_reads_another_file_or_calls_another_machine(
    app: FastAPI, tmp_path: Path, listener: Listener
) -> None:
    """Entities, what files point to, contents of another type, as the page takes and shows them (T10, T11, T13)."""
    editor, secret, address = signed_in(app, "editor"), tmp_path / "secret", f"http://127.0.0.1:{listener.port}/x"
    secret.write_text(SECRET, encoding="utf-8")
    files = {"页.html": office_files.html_file("".join(tag.format(url=address) for tag in POINTING_HTML))}
    for kind in DECLARATIONS if FULL else ("file", "network"):
        declaration = DECLARATIONS[kind].replace("{path}", str(secret)).replace("{port}", str(listener.port))
        files[f"{kind}.docx"] = declared(".docx", declaration.replace("{long}", "涪" * 100))
    for kind in ("image", "attachedTemplate", "oleObject") if FULL else ("attachedTemplate",):
        files[f"指向{kind}.docx"] = with_relation(".docx", kind, address)
    page = upload(editor, {**files, **{f"{kind}.pdf": make() for kind, make in CONTENTS.items() if kind != "pdf"}})
    assert page.count("已上传：") == len(files) and page.count(".pdf：") == len(CONTENTS) - 1
    told = [editor.get(f"{PAGE}/text", params={"name": name}) for name in files]
    assert {one.status_code for one in told} <= {200, 400} and all(len(one.content) < 50_000 for one in told)
    assert listener.visits == 0 and not any(SECRET in one.text for one in told)
    socket.create_connection(("127.0.0.1", listener.port)).close()
    while not listener.visits:
        time.sleep(0.01)  # the control: a visit is counted
    upload(editor, {"原文.txt": f"这里写着{SECRET}。".encode()})
    assert SECRET in editor.get(f"{PAGE}/text", params={"name": "原文.txt"}).text, "the control"


def test_whoever_reinstates_a_file_has_seen_what_citizens_will_read(app: FastAPI, office: RefreshOffice) -> None:
    """A second person answers for what changed while it was withdrawn: with a page of before, for what he never saw."""
    publisher, admin = signed_in(app, "publisher"), signed_in(app, "admin")
    press(publisher, "withdraw", name="合作.txt", why="数字有误")

    def looked() -> tuple[dict[str, str], list[str]]:
        page = admin.get(PAGE, params={"name": "合作.txt"}).text
        return {"looked": re.findall(r'name="looked" value="(\w+)"', page)[0]}, select(admin, "合作.txt")

    seen, boxes = looked()
    upload(publisher, {"合作.txt": COOPERATION.text.replace("237家", "999家").encode()}, replace="yes")
    for _ in ("changed", "published"):
        assert "又改过、发布过或重新停止引用过" in press(admin, "reinstate", name="合作.txt", **seen)
        data = {"form": token_of(admin), "do": "reinstate-all", "chosen": boxes}
        assert "又改过、发布过或重新停止引用过" in admin.post(PAGE, data=data).text
        seen, boxes = looked()
        press(publisher, "publish")
    assert 'value="reinstate"' in admin.get(PAGE, params={"name": "合作.txt"}).text, "still withdrawn"
    assert "已恢复引用" in press(admin, "reinstate", name="合作.txt", **looked()[0]), "the control"


def test_a_file_that_was_changed_back_holds_nothing_back(app: FastAPI, office: RefreshOffice) -> None:
    publisher = signed_in(app, "publisher")
    upload(publisher, {"合作.txt": "合作\n\n两地合作很好。\n".encode()}, replace="yes")
    assert "上一次没有发布" in press(publisher, "publish"), "the control"
    upload(publisher, {"合作.txt": COOPERATION.text.encode()}, replace="yes")
    for place in (PAGE, "/staff/home", "/staff/publish"):
        assert "上一次没有发布" not in publisher.get(place).text, place


def test_blanks_of_chinese_keyboards_are_blanks_in_a_name(app: FastAPI, office: RefreshOffice) -> None:
    page = upload(signed_in(app, "editor"), {"关于\u3000放假\xa0的通知.txt": "放假三天。".encode()})
    assert "已上传：关于 放假 的通知.txt" in page and (office.folder / "关于 放假 的通知.txt").exists()


def test_the_only_change_is_what_stops_a_publication_though_no_reply_cites_it(
    app: FastAPI, office: RefreshOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new file may move the figures by which others are found."""
    of = Difference.of
    monkeypatch.setattr(Difference, "of", lambda self, cited: of(self, ()))
    publisher = signed_in(app, "publisher")
    upload(publisher, {"合作.txt": "合作\n\n两地合作很好。\n".encode()}, replace="yes")
    assert "拦住这次发布的是：合作.txt。" in press(publisher, "publish")
    (row,) = re.findall("<tr>.*两地学校.*?</tr>", publisher.get("/staff/publish?name=snapshot-000002").text)[-1:]
    assert row.endswith('<td class="text">合作.txt</td></tr>'), "the page of the versions says the same"
    upload(publisher, {"新区.txt": "新区\n\n新区有12个社区。\n".encode()})
    page = press(publisher, "publish")
    assert "看不出是哪一个" in page and "把改动分几次上传、发布" in page and "拦住这次" not in page, "the control"


def test_a_wrong_reply_that_becomes_another_is_not_shown_as_a_right_one(app: FastAPI, office: RefreshOffice) -> None:
    office.golden, office.four_eyes = [replace(GOLDEN[0], must=(("999家",),)), GOLDEN[1]], True
    publisher = signed_in(app, "publisher")
    changed = COOPERATION.text.replace("237家", "240家").replace("13对", "14对")
    upload(publisher, {"合作.txt": changed.encode()}, replace="yes")
    page = press(publisher, "publish")
    rows = re.findall(r'<tr><td class="text">([^<]*)</td><td><b>(.)</b>.*?</td><td><b>(.)</b>', page)
    assert rows == [(GOLDEN[0].question, "✗", "✗"), (GOLDEN[1].question, "✓", "✗")]
    assert "1道检验题现在答得不对，改动以后换成了另一个不对的答案（“浙江商会有多少家会员企业？”）" in page
