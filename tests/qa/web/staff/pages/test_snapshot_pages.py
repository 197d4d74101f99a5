"""The page 发布: what a snapshot changes in a clerk's words, the way back, why something was held."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from index.embedding import bundled_model
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.bootstrap.service import SERVER
from qa.publishing.progress import STEPS, Cancelled, State
from qa.staff import jobs
from qa.storage.audit import Audit
from tests.support.doubles.desk import Clerk
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import GOLDEN, RefreshOffice

pytestmark = pytest.mark.long
PAGE = "/staff/publish"
SECOND = "snapshot-000002"


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshOffice:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    office = RefreshOffice(tmp_path)
    office.write("合作.txt", COOPERATION.text)
    office.refresh()
    return office


@pytest.fixture
def orders() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def app(office: RefreshOffice, orders: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
    app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder))

    def refresh(settings: object, *, who: str, role: object, **order: Any) -> None:
        orders.append(order)
        office.refresh_and_report(who=who)

    monkeypatch.setattr(jobs, "refresh", refresh)
    with open_client(app):
        yield app


def test_a_snapshot_tells_which_file_changed_which_reply(app: FastAPI, office: RefreshOffice) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    office.write("合作.txt", COOPERATION.text.replace("237家", "240家"))
    page = publisher.press("publish")
    assert "上一次没有发布，市民看到的不变" in page and "看第2版改了什么" in page
    page = publisher.open(name=SECOND)
    assert "为什么没有发布：" in page and "1道答得不如从前的检验题" in page
    row = re.findall(r"<tr><td class=\"text\">浙江商会有多少家会员企业？</td>.*?</tr>", page)[-1]
    assert "<b>✓</b>" in row and "<b>✗</b>" in row and "240家" in row and row.endswith("合作.txt</td></tr>")
    assert '<tr><td>修改</td><td class="text">合作.txt</td>' in page


def test_what_was_held_is_published_by_two_with_a_reason(app: FastAPI, office: RefreshOffice) -> None:
    publisher, admin, editor = (Clerk(app, name, PAGE) for name in ("publisher", "admin", "editor"))
    office.write("合作.txt", COOPERATION.text.replace("237家", "240家"))
    publisher.press("publish")
    seen = publisher.hidden("seen", name=SECOND)
    assert "需要“发布”角色" in editor.press("serve", name=SECOND, seen=seen, why="数字已改")
    assert 'value="serve"' not in editor.open(name=SECOND) and 'value="serve"' in publisher.open(name=SECOND)
    assert "请写明原因" in publisher.press("serve", name=SECOND, seen=seen)
    assert "等另一位有“发布”角色的同事同意" in publisher.press("serve", name=SECOND, seen=seen, why="数字已改")
    assert office.store.published() == "snapshot-000001"
    assert "已换成这一版" in admin.press("serve", name=SECOND, seen=seen, why="已核对")
    assert office.store.published() == SECOND
    assert "强行发布：publisher：数字已改" in admin.open(name=SECOND)


def test_a_wish_asks_a_colleague_for_consent_and_says_when_it_is_over(app: FastAPI, office: RefreshOffice) -> None:
    publisher, admin = Clerk(app, "publisher", PAGE), Clerk(app, "admin", PAGE)
    office.write("合作.txt", COOPERATION.text.replace("237家", "240家"))
    publisher.press("publish")
    publisher.press("serve", name=SECOND, seen="snapshot-000001", why="数字已改")
    assert 'value="serve"' not in publisher.open(name=SECOND) and "同意，发布第2版" in admin.open(name=SECOND)
    office.keep_golden()
    page = publisher.open(name=SECOND)
    assert "publisher要求过发布（数字已改），但此后检验题改过了，这个要求不再算数" in page
    assert "仍要发布这一版" in page and "同意，发布第2版" not in admin.open(name=SECOND)


def test_going_back_takes_one_and_whoever_saw_another_one_is_told(app: FastAPI, office: RefreshOffice) -> None:
    publisher, admin = Clerk(app, "publisher", PAGE), Clerk(app, "admin", PAGE)
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.refresh()
    page = publisher.open(name="snapshot-000001")
    assert "退回第1版" in page and '<tr><td>删除</td><td class="text">产业.txt</td>' in page
    assert "已换成这一版" in publisher.press("serve", name="snapshot-000001", seen=SECOND, why="回退")
    late = admin.press("serve", name=SECOND, seen=SECOND)
    assert "已被换成第1版，没有发布第2版" in late and office.store.published() == "snapshot-000001"
    gone = publisher.press("serve", name="snapshot-000009", seen="snapshot-000001")
    assert "没有第9版，可能已被清理" in gone and "python" not in gone
    assert "已换成这一版" in admin.press("serve", name=SECOND, seen="snapshot-000001"), "the control"
    assert "它比上一版（第1版）改了什么" in admin.open(name=SECOND)


def test_the_unusual_ways_to_publish_need_a_choice_and_a_reason(
    app: FastAPI, office: RefreshOffice, orders: list[dict[str, Any]]
) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    assert "请勾选要怎样发布" in publisher.press("anyway", why="x")
    refused = publisher.press("anyway", force="yes", why=" ")
    assert "要写明原因" in refused and orders == [] and 'name="force" value="yes" checked' in refused
    publisher.press("anyway", force="yes", why="已核对")
    publisher.press("anyway", anew="yes")
    assert [(one["force"], one["anew"], one["why"]) for one in orders] == [(True, False, "已核对"), (False, True, "")]


def test_after_going_back_nobody_is_told_that_the_last_refresh_is_what_citizens_see(
    app: FastAPI, office: RefreshOffice
) -> None:
    publisher, admin = Clerk(app, "publisher", PAGE), Clerk(app, "admin", PAGE)
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    assert "市民现在看到的就是这2个文件" in publisher.press("publish"), "the control"
    publisher.press("serve", name="snapshot-000001", seen=SECOND, why="回退")
    for page in (publisher.open(), admin.open()):
        assert "市民现在看到的就是" not in page
        assert re.search("第2版发布以后（.{3,60}），publisher在[0-9: -]{16}换成了第1版：市民现在看到的是第1版", page)
    admin.press("serve", name=SECOND, seen="snapshot-000001")
    assert "市民现在看到的就是这2个文件" in publisher.open()


def test_what_could_not_be_read_is_listed_with_what_to_do(app: FastAPI, office: RefreshOffice) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    (office.folder / "坏.docx").write_bytes(b"PK\x03\x04" + bytes(500))
    page = publisher.press("publish")
    assert "没有收录的文件（1个）和办法" in page and '<td class="text">坏.docx</td><td>读不出</td>' in page


def test_stopping_without_a_refresh_does_no_harm_and_needs_the_role(app: FastAPI, office: RefreshOffice) -> None:
    assert "已要求停下" in Clerk(app, "publisher", PAGE).press("stop")
    assert "需要“发布”角色" in Clerk(app, "editor", PAGE).press("stop")
    assert Audit(office.home).rows()[-1].who == "editor"


def test_a_form_of_another_page_and_junk_change_nothing(app: FastAPI, office: RefreshOffice) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    stale = publisher.client.post(PAGE, data={"form": "x" * 22, "do": "publish"})
    assert stale.status_code == 403 and "打开得太久" in stale.text
    assert "没有这个操作" in publisher.press("destroy")
    for name in ("snapshot-999999", "../../etc/passwd", "<b>\x00"):
        response = publisher.client.get(PAGE, params={"name": name})
        assert (
            response.status_code in (200, 404) and "<h1>发布</h1>" in response.text and "<b>\x00" not in response.text
        )
        assert publisher.press("serve", name=name)
    assert office.store.published() == "snapshot-000001"


def test_a_snapshot_that_cannot_be_is_told_so(app: FastAPI) -> None:
    """Python refuses to read a number of thousands of digits."""
    for name in ("snapshot-000009", f"snapshot-{'9' * 5000}"):
        response = Clerk(app, "editor", PAGE).client.get(PAGE, params={"name": name})
        assert response.status_code == 404 and "可能已被清理" in response.text


MEMBERS, LIBRARY = "商会有会员企业多少家？", "图书馆几点开门？"


@pytest.fixture
def asking(office: RefreshOffice) -> RefreshOffice:
    """The office with what citizens asked lately, one of it without an answer."""
    office.golden, office.threshold, office.asked = GOLDEN[1:], 0.45, [MEMBERS, LIBRARY]
    return office


def test_an_answer_that_changes_is_listed_where_it_was_published(app: FastAPI, asking: RefreshOffice) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    asking.write("合作.txt", COOPERATION.text.replace("237家", "240家"))
    page = publisher.press("publish")
    assert asking.store.published() == SECOND and "把市民最近常问的又问了一遍：1个答案变了" in page
    page = publisher.open(name=SECOND)
    told = page.partition("1个市民问过的问题，答案变了")[2].partition("</table>")[0]
    assert told.index("237家") < told.index("240家") and MEMBERS in told and "合作.txt" in told
    asking.write("合作.txt", "\n".join(line for line in COOPERATION.text.splitlines() if "商会" not in line))
    assert "1个以前有答案、改动以后没有" in publisher.press("publish")


def test_a_first_answer_goes_to_citizens_when_a_publisher_has_seen_it(app: FastAPI, asking: RefreshOffice) -> None:
    publisher, editor = Clerk(app, "publisher", PAGE), Clerk(app, "editor", PAGE)
    asking.write("图书馆.txt", "图书馆\n\n图书馆上午9时开门。\n")
    page = publisher.press("publish")
    assert asking.store.published() == "snapshot-000001" and "市民看到的不变" in page
    told = page.partition("市民问过的</th>")[2].partition("</table>")[0]
    assert LIBRARY in told and "上午9时开门" in told and "看过了，发布" in page
    for place in (PAGE, "/staff/files", "/staff/home"):
        assert "请看过再发布" in publisher.client.get(place).text, place
        assert "看过了，发布" not in editor.client.get(place).text, place
    assert "请有“发布”角色的同事看过再发布" in editor.open()
    seen = {"name": SECOND, "seen": "snapshot-000001"}
    assert "需要“发布”角色" in editor.press("serve", **seen) and asking.store.published() == "snapshot-000001"
    assert "已换成这一版" in publisher.press("serve", **seen) and asking.store.published() == SECOND
    assert "1个市民问过的问题，以前没有答案，这一版有" in publisher.open(name=SECOND)


def test_the_start_of_the_program_is_no_colleague(app: FastAPI, office: RefreshOffice) -> None:
    office.write("村里.txt", "村里\n\n村里有3口井。\n")
    office.refresh(who=SERVER)
    page = Clerk(app, "editor", PAGE).open(name=SECOND)
    assert page.count("系统") == 2 and f">{SERVER}<" not in page


def test_what_was_looked_at_is_not_published_once_its_file_was_mended(app: FastAPI, asking: RefreshOffice) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    asking.write("图书馆.txt", "图书馆\n\n图书馆上午9时开门。\n")
    asking.write("村里.txt", "村里\n\n村里有3口井。\n")
    assert "看过了，发布" in publisher.press("publish"), "the control"
    asking.write("图书馆.txt", "图书馆\n\n图书馆上午8时开门。\n")
    asking.write("镇上.txt", "镇上\n\n镇上有5口井。\n")
    for page in (publisher.open(), publisher.client.get("/staff/files").text):
        assert "此后又改过：图书馆.txt。请再点一次“发布”" in page and "看过了，发布" not in page
        assert '<button class="primary large" name="do" value="publish"' in page
    assert "建立以后又改过：图书馆.txt" in publisher.open(name=SECOND)
    assert "图书馆.txt在这次检查以后又改过，没有发布" in publisher.press("serve", name=SECOND, seen="snapshot-000001")
    assert asking.store.published() == "snapshot-000001"
    assert "上午8时开门" in publisher.press("publish")
    asking.write("别的.txt", "别的\n\n别的有5口井。\n")
    assert "已换成这一版" in publisher.press("serve", name="snapshot-000003", seen="snapshot-000001"), "another file"


def test_whoever_consents_has_seen_who_wants_it_and_why(app: FastAPI, office: RefreshOffice) -> None:
    publisher, admin = Clerk(app, "publisher", PAGE), Clerk(app, "admin", PAGE)
    office.write("合作.txt", COOPERATION.text.replace("237家", "240家"))
    publisher.press("publish")
    seen = {"name": SECOND, "seen": "snapshot-000001", "why": "数字已改"}
    before = admin.hidden("wish", name=SECOND)
    assert before == "" and "已记下您的要求" in publisher.press("serve", **seen, wish=before)
    assert "您已要求发布第2版" in publisher.press("serve", **seen, wish=before), "pressed twice"
    assert "发布第2版的要求变了，没有发布" in admin.press("serve", **seen, wish=before)
    assert office.store.published() == "snapshot-000001"
    assert "已换成这一版" in admin.press("serve", **seen, wish=admin.hidden("wish", name=SECOND)), "the control"


def test_only_the_refresh_that_was_seen_is_stopped(app: FastAPI, office: RefreshOffice) -> None:
    office.write("村里.txt", "村里\n\n村里有3口井。\n")
    publisher = Clerk(app, "publisher", PAGE)
    told: list[str] = []

    def each(state: State) -> None:
        if state.step == "judge" and not told:
            told.append(publisher.press("stop", began="2026-01-01T00:00:00+00:00"))
            told.append(publisher.hidden("began"))
            told.append(publisher.press("stop", began=told[-1]))

    office.each = each
    with pytest.raises(Cancelled):
        office.refresh()
    assert "您要停下的那一次已经结束" in told[0] and "已要求停下" in told[2], "the control"


@pytest.mark.parametrize("order", [{"button": "publish"}, {"button": "anyway", "anew": "yes"}])
def test_the_second_of_two_who_publish_is_told_by_whom_and_no_command(
    app: FastAPI, office: RefreshOffice, orders: list[dict[str, Any]], order: dict[str, str]
) -> None:
    office.write("村里.txt", "村里\n\n村里有3口井。\n")
    publisher, fields = Clerk(app, "publisher", PAGE), dict(order)
    button = fields.pop("button")
    with office.store.refreshing(who="李明"):
        page = publisher.press(button, **fields)
    assert re.search("李明正在发布（[^）]*开始），没有另外开始", page) and orders == []
    assert not re.search("python -m|进程", page)
    assert "已发布" in publisher.press(button, **fields) and len(orders) == 1, "the control"


def test_how_far_a_refresh_is_and_what_was_done_is_told_without_words_of_a_program(
    app: FastAPI, office: RefreshOffice
) -> None:
    publisher, told = Clerk(app, "publisher", PAGE), {}

    def each(state: State) -> None:
        told[state.step] = publisher.client.get("/staff/progress").json().get("told", "")

    office.each = each
    office.write("村里.txt", "村里\n\n村里有3口井。\n")
    publisher.press("publish")
    assert set(told) == set(STEPS) and "问检验题" in told["judge"]
    audit = Clerk(app, "publisher", "/staff/audit").open(action="refresh")
    listed = audit.partition("<tbody>")[2].partition("</tbody>")[0]
    assert '<td class="main">发布</td>' in listed and "第2版" in listed and "snapshot-" not in listed
    for text in (*told.values(), listed):
        assert not re.search("刷新|向量|索引|检索|进程", text), text


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("CURRENT", "现行版本的记录已损坏；请在“发布”里重新发布一个版本"),
        ("snapshot-000001/MANIFEST.json", "第1版"),
    ],
)
def test_a_damaged_version_is_told_in_words_and_where_it_is_mended(
    app: FastAPI, office: RefreshOffice, damage: str, told: str
) -> None:
    clerk = Clerk(app, "publisher", "/staff/home")
    clerk.open()  # what was looked up for this page is not told again
    (office.store.folder / damage).write_text("{", encoding="utf-8")
    home = clerk.open()
    todo = home.partition('class="todo"')[2].partition("</section>")[0]
    assert told in todo and not re.search("CURRENT|python -m|snapshot-", todo), todo


def test_what_was_published_meanwhile_is_called_by_its_title(app: FastAPI, office: RefreshOffice) -> None:
    publisher = Clerk(app, "publisher", PAGE)
    office.write("村里.txt", "村里\n\n村里有3口井。\n")
    office.refresh()

    def each(state: State) -> None:
        if state.step == "judge" and office.store.published() == SECOND:
            office.store.publish("snapshot-000001", before=SECOND)

    office.each = each
    office.write("镇上.txt", "镇上\n\n镇上有5口井。\n")
    page = publisher.press("publish")
    assert "检验期间有人发布了第1版，请再做一次" in page and "发布了snapshot" not in page
    assert "检验期间有人发布了第1版" in publisher.open(name="snapshot-000003")
