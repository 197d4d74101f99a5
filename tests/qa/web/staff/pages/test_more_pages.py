"""The pages below 更多: what staff did, backups, a trial of a question; each as a browser opens it, in each role."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI

from index.embedding import bundled_model
from qa.answering.reader.base import AtThreshold
from qa.answering.reader.similarity import THRESHOLD as SIMILARITY
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.evaluation.thresholds import Rates
from qa.runtime.settings import ROOT, read
from qa.staff import jobs
from qa.staff.backups.archive import BACKUPS, check
from qa.staff.permissions import Role
from qa.staff.quality.trial import Trials
from qa.staff.settings import RuntimeSettings
from qa.storage import runtime_settings
from qa.storage.audit import LOG, Audit
from qa.storage.database import DATABASE
from qa.web.staff.pages.more.audit import SIZE
from qa.web.staff.pages.more.routes import PLACES
from tests.qa.web.staff.pages.browser import Browser
from tests.support.doubles.desk import Clerk
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import RefreshOffice

pytestmark = pytest.mark.long
AUDIT, BACKUP, TRIAL = "/staff/audit", "/staff/backups", "/staff/trial"


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


def lines(page: str) -> list[list[str]]:
    """The rows of the list, each cell as its text."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2].partition("</tbody>")[0], re.S)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td.*?</td>", row, re.S)] for row in rows]


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_each_page_opens_for_each_role_and_stands_in_the_guide(app: FastAPI, role: str) -> None:
    browser = Browser(app, role)
    guide = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
    page = browser.open("/staff/more")
    assert re.findall(r'<a href="(/staff/\w+)"><b>', page) == [address for _, address, _ in PLACES]
    for name, address, _ in PLACES:
        assert f"<h1>{name}</h1>" in browser.open(address), name
        assert "没有成功" not in browser.page and f"**{name}**" in guide, name


def test_what_staff_did_is_listed_the_newest_first_and_found_by_person_kind_and_day(
    app: FastAPI, made: RefreshOffice
) -> None:
    audit = Audit(made.home)
    for number in range(SIZE + 5):
        audit.add("李强", "upload", target=f"第{number}份.txt")
    audit.add("王芳", "setting", target="threshold", why="试过了")
    browser = Browser(app, "editor")
    first = lines(browser.open(AUDIT))
    assert len(first) == SIZE and first[0][0] == "登录"
    assert first[1][:5] == ["改设置", "王芳", "显示答案的门槛", "完成", "试过了"], "in the words of the settings page"
    assert f"第{SIZE + 4}份.txt" in first[2]
    assert [line[2] for line in lines(browser.open(AUDIT, page="2")) if line[2] == "第0份.txt"] == ["第0份.txt"]
    assert {line[1] for line in lines(browser.open(AUDIT, text="王芳"))} == {"王芳"}
    assert {line[0] for line in lines(browser.open(AUDIT, action="upload"))} == {"上传文件"}
    assert f"共{SIZE + 5}条，第1/2页" in browser.page and 'value="upload" selected' in browser.page
    today, day = datetime.now(UTC).astimezone().date(), timedelta(days=1)
    assert len(lines(browser.open(AUDIT, since=str(today), until=str(today)))) == SIZE
    assert "没有符合条件的记录" in browser.open(AUDIT, since=str(today + day))
    assert "没有符合条件的记录" in browser.open(AUDIT, until=str(today - day))
    refused = browser.client.get(AUDIT, params={"since": "昨天"})
    assert refused.status_code == 400 and "“昨天”不是日期" in refused.text and 'value="昨天"' in refused.text


def test_the_record_is_checked_whenever_the_page_opens(app: FastAPI, made: RefreshOffice) -> None:
    browser, log = Browser(app, "editor"), made.home / LOG
    assert "完整无改动" in browser.open(AUDIT) and "核对发现问题" not in browser.page
    before = log.read_text(encoding="utf-8")
    log.write_text(before.replace("第3份", "第4份"), encoding="utf-8")
    assert "核对发现问题" in browser.open(AUDIT) and "完整无改动" not in browser.page
    assert re.search(r"python -m qa audit --acknowledge \d+ --reason 原因", browser.page)
    log.write_text(before, encoding="utf-8")
    assert "完整无改动" in browser.open(AUDIT)


def test_an_admin_makes_and_downloads_a_backup_and_nobody_else(
    app: FastAPI, made: RefreshOffice, tmp_path: Path
) -> None:
    admin, publisher = Browser(app, "admin"), Browser(app, "publisher")
    assert "“管理”角色" in publisher.open(BACKUP) and "现在备份" not in publisher.page
    token = re.findall(r'name="form" value="([^"]+)"', publisher.open("/staff/files"))[0]
    refused = publisher.client.post(BACKUP, data={"form": token, "do": "make"})
    assert refused.status_code == 403 and "“管理”角色" in refused.text
    assert not (made.home / BACKUPS).exists()
    assert "还没有备份" in admin.open(BACKUP)
    assert "已备份到" in admin.press("make").text
    (kept,) = (made.home / BACKUPS).iterdir()
    (address,) = re.findall(rf'href="(/staff/backup\?name={kept.name})"', admin.page)
    (tmp_path / "b.zip").write_bytes(admin.client.get(address).content)
    assert check(tmp_path / "b.zip").count("snapshots") > 5
    assert publisher.client.get(address).status_code == 404 and kept.name not in publisher.open(BACKUP)
    for name in ("", "nothing.zip", "../service.sqlite", f"../{BACKUPS}/{kept.name}"):
        assert admin.client.get("/staff/backup", params={"name": name}).status_code == 404


def test_how_a_backup_is_restored_stands_beside_it_for_everybody(app: FastAPI) -> None:
    for role in Role:
        assert "python -m qa restore" in Browser(app, role.value).open(BACKUP)


def test_a_question_is_tried_at_a_threshold_and_of_another_snapshot(app: FastAPI) -> None:
    browser = Browser(app, "editor")
    asked = "浙江商会有多少家会员企业？"
    browser.open(TRIAL, question=asked, threshold="0")
    above, below = browser.page.partition("没有达到门槛的")[::2]
    assert "237家" in above.partition("达到门槛0.00的")[0], "what citizens would see"
    assert "/staff/files?name=" in above and "没有。" in below, "everything reaches nought"
    above, below = browser.open(TRIAL, question=asked, threshold="1").partition("没有达到门槛的")[::2]
    assert "abstained" in above and "没有。" in above.partition("达到门槛1.00的")[2], "no citizen would get an answer"
    assert "/staff/files?name=" in below
    assert 'value="1"' in browser.page and f'value="{asked}"' in browser.page, "what was typed stays"
    browser.open(TRIAL, question="华峰产业园在哪里？", threshold="0", snapshot="snapshot-000001")
    assert "白涛" not in browser.page and 'value="snapshot-000001" selected' in browser.page
    assert "白涛" in browser.open(TRIAL, question="华峰产业园在哪里？", threshold="0"), "the control"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"threshold": "2"}, "0到1之间"),
        ({"threshold": "nan"}, "0到1之间"),
        ({"threshold": "高"}, "0到1之间"),
        ({"threshold": "1e9999999"}, "0到1之间"),
        ({"snapshot": "snapshot-000099", "question": "会员？"}, "第99版"),
        ({"snapshot": "../secret", "question": "会员？"}, "secret"),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_sentence(app: FastAPI, query: dict[str, str], why: str) -> None:
    response = Browser(app, "editor").client.get(TRIAL, params=query)
    assert response.status_code == 400 and 'class="said refused' in response.text and why in response.text


def test_the_trial_begins_at_the_threshold_in_use(app: FastAPI, made: RefreshOffice) -> None:
    browser = Browser(app, "admin")
    board = RuntimeSettings(read({"QA_HOME": str(made.home)}), who="admin", role=Role.ADMIN)
    for threshold, shown in (("0.7", 0.7), ("", SIMILARITY)):
        board.change("threshold", threshold)
        page = browser.open(TRIAL)
        assert f'value="{shown:g}"' in page and f"市民那里现在是{shown:.2f}" in page


def test_both_error_rates_are_counted_apart_and_shown_at_the_threshold(
    app: FastAPI, made: RefreshOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders: list[dict[str, object]] = []
    monkeypatch.setattr(jobs, "_begin", lambda settings, order: orders.append(order))
    browser = Browser(app, "publisher")
    assert "还没有算过两种错误率" in browser.open(TRIAL)
    assert browser.press("rates").status_code == 303
    assert [(one["work"], one["who"]) for one in orders] == [("rates", "publisher")] and "正在计算" in browser.page
    whole = {"answerable": 40, "unanswerable": 10, "wrong": 5, "right": 30, "refused": 9}
    counted = [Rates(threshold=at, held_back=held, **whole) for at, held in ((0.2, 2), (0.8, 12))]
    monkeypatch.setattr(Trials, "known_rates", lambda self, snapshot="": counted)
    page = browser.open(TRIAL, threshold="0.75")
    assert "计算两种错误率" not in page and "50道中5道" in page and "应答的40道中12道" in page
    assert page.count('<li class="here"') == 1
    assert "应答的40道中2道" in browser.open(TRIAL, threshold="0.1")


def test_an_editor_is_told_who_counts_the_error_rates_and_begins_nothing(
    app: FastAPI, made: RefreshOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders: list[dict[str, object]] = []
    monkeypatch.setattr(jobs, "_begin", lambda settings, order: orders.append(order))
    clerk = Clerk(app, "editor", TRIAL)
    assert "请有“发布”角色的同事来做" in clerk.open() and 'value="rates"' not in clerk.open()
    assert "需要“发布”角色" in clerk.press("rates") and orders == []
    last = Audit(made.home).rows()[-1]
    assert (last.action, last.who) == ("rates", "editor") and last.outcome.startswith("not allowed")
    assert 'value="rates"' in Clerk(app, "publisher", TRIAL).open(), "the control"


def test_no_sentence_for_staff_names_a_button_that_no_page_has() -> None:
    """The pages publish; only the command line refreshes. What these few say is read there, or changed by the pages."""
    commands = {"index/snapshots/store.py", "qa/staff/labels.py"}
    commands |= {f"qa/staff/backups/{name}.py" for name in ("encrypting", "moving", "restore")}
    found = set()
    for room in ("corpus", "index", "qa/evaluation", "qa/publishing", "qa/staff", "qa/storage", "qa/web"):
        for path in sorted((ROOT / room).rglob("*.py")):
            texts = (
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant)
            )
            if any(re.search("刷新(?!页面)|检索测试", text) for text in texts if isinstance(text, str)):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == commands
    pages = (ROOT / "qa/web/html/templates/staff").rglob("*.html")
    assert [path for path in pages if re.search("刷新|检索测试", path.read_text(encoding="utf-8"))] == []
