"""The page 设置: each setting with its effect, what is asked before a dangerous change, the accounts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from qa.answering.overrides import Switches
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.staff.settings import LABELS
from qa.storage import runtime_settings
from qa.storage.audit import Audit
from qa.storage.database import DATABASE
from tests.support.doubles.desk import Clerk
from tests.support.doubles.staff import PASSWORD, make_staff_app, open_client, sign_in
from tests.support.programs.feedback_office import LoopOffice

pytestmark = pytest.mark.long
PAGE = "/staff/settings"
ACCOUNTS = {"shelf": "accounts"}
OTHER = "山路 弯弯 九月 旧钥匙"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> LoopOffice:
    return LoopOffice(tmp_path_factory.mktemp("settings"))


@pytest.fixture
def app(office: LoopOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder))
        with open_client(app):
            yield app


def test_every_setting_stands_in_a_group_with_its_effect(app: FastAPI) -> None:
    page = Clerk(app, "admin", PAGE).open()
    assert [name for name in LABELS if f'id="setting-{name}"' not in page or f'id="effect-{name}"' not in page] == []
    assert [group for group in ("市民页面", "服务", "答案", "登录") if f"<h2>{group}</h2>" not in page] == []
    assert page.count(">保存</button>") == len(LABELS)


def test_only_an_administrator_changes_settings_and_the_second_of_two_is_told(app: FastAPI, office: LoopOffice) -> None:
    admin, editor = Clerk(app, "admin", PAGE), Clerk(app, "editor", PAGE)
    assert ">保存</button>" not in editor.open() and "由“管理”角色的同事来改" in editor.open()
    assert "需要“管理”角色" in editor.press("set", name="notice", value="停电", seen="")
    assert "已保存" in admin.press("set", name="notice", value="停电", seen="")
    late = admin.press("set", name="notice", value="停水", seen="")
    assert "已被别人改成“停电”" in late and 'value="停水"' in late and 'name="seen-notice" value="停电"' in late
    assert runtime_settings.current(office.home / DATABASE).notice == "停电"
    assert "“通知栏”：最多200个字，现在是201个" in admin.press("set", name="notice", value="停" * 201, seen="停电")
    unfit = admin.press("set", name="threshold", value="abc", seen="0.7")
    assert 'name="seen-threshold" value="0.7"' in unfit, "nobody was told yet that another changed it"


def test_the_identity_for_single_sign_on_is_asked_for_where_there_is_a_provider(
    app: FastAPI, office: LoopOffice
) -> None:
    query = {**ACCOUNTS, "account": "editor"}
    assert 'name="identity"' not in Clerk(app, "admin", PAGE).open(**query)
    provider: dict[str, Any] = {
        "QA_SSO_ISSUER": "https://sso.example.gov.cn",
        "QA_SSO_CLIENT": "wenda",
        "QA_SSO_LABEL": "浙政钉",
    }
    with_provider = make_staff_app(office.home, **provider)
    with open_client(with_provider):
        admin = Clerk(with_provider, "admin", PAGE)
        assert "在浙政钉里的名字" in admin.open(**query)
        page = admin.press("identity", query, account="editor", identity=" ZF001 ")
        assert "统一登录名已保存" in page and 'value="ZF001"' in page and "还没有用它登录过" in page
        other = {**ACCOUNTS, "account": "publisher"}
        assert "账号“editor”已经用了" in admin.press("identity", other, account="publisher", identity="ZF001")
        assert "需要“管理”角色" in Clerk(with_provider, "editor", PAGE).press(
            "identity", account="editor", identity="x"
        )
    done = [(row.target, row.outcome) for row in Audit(office.home).rows() if row.action == "account identity"]
    assert done[1] == ("editor ZF001", "done") and done[-1][1].startswith("not allowed")


def test_a_pause_is_asked_about_and_told_what_it_does(app: FastAPI, office: LoopOffice) -> None:
    office.note(question="校长是谁？")
    admin = Clerk(app, "admin", PAGE)
    page = admin.press("set", name="pause", value="系统<b>升级", seen="")
    assert "确认暂停服务吗？" in page and "市民打开页面只看到“系统&lt;b&gt;升级”" in page and "有1次提问" in page
    assert runtime_settings.current(office.home / DATABASE).pause == "", "asked, not done"
    assert "已保存" in admin.press("set", name="pause", value="系统升级", seen="", sure="yes")
    assert runtime_settings.current(office.home / DATABASE).pause == "系统升级"
    assert "市民几秒内又能提问" in admin.press("set", name="pause", value="", seen="系统升级")


def test_what_was_typed_into_the_other_settings_is_saved_with_it_or_stays(app: FastAPI, office: LoopOffice) -> None:
    admin = Clerk(app, "admin", PAGE)

    def now() -> Switches:
        return runtime_settings.current(office.home / DATABASE)

    typed = {"value-notice": "停电", "value-contact": "合作办", "value-pause": "系统升级", "value-threshold": "7"}
    seen = {name.replace("value", "seen"): "" for name in typed}
    page = admin.press("set", name="notice", **typed, **seen)
    assert "已保存“通知栏”，几秒内生效。还没有保存的：“咨询方式”、“暂停服务的原因”、“显示答案的门槛”，写的还在" in page
    assert [words for words in ("合作办", "系统升级", "7") if f'value="{words}"' not in page] == []
    assert (now().notice, now().contact, now().pause) == ("停电", None, "") and page.count("写了还没有保存") == 3
    rest = {**typed, **seen, "seen-notice": "停电"}
    page = admin.press("set", name="", **rest)
    assert "“显示答案的门槛”：“7”不是0到1的数" in page and "已保存“咨询方式”" in page and now().contact == "合作办"
    assert "确认暂停服务吗？" in page and now().pause == "" and 'id="setting-notice"' not in page, (
        "nothing else is typed"
    )
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.partition('id="asking"')[2]))
    assert hidden["value-threshold"] == "7" and hidden["value"] == "系统升级"
    kept = admin.press("keep", **hidden)
    assert 'value="7"' in kept and 'value="系统升级"' in kept and now().pause == ""
    page = admin.press("set", **hidden)
    assert now().pause == "系统升级" and 'value="7"' in page and "还没有保存的：“显示答案的门槛”" in page
    both = {"value-notice": "来电", "seen-notice": "停电", "value-contact": "", "seen-contact": "合作办"}
    assert "已保存“通知栏”、“咨询方式”，几秒内生效" in admin.press("set", name="", **both)
    assert "没有改动" in admin.press("set", name="", **{"value-notice": "来电", "seen-notice": "来电"})


def test_a_threshold_is_checked_before_it_is_asked_about(app: FastAPI, office: LoopOffice) -> None:
    admin = Clerk(app, "admin", PAGE)
    refused = admin.press("set", name="threshold", value="7", seen="")
    assert "“显示答案的门槛”：“7”不是0到1的数" in refused and "确认" not in refused
    page = admin.press("set", name="threshold", value="0.70", seen="")
    assert "确认把门槛改成0.7吗？" in page and "市民那里现在是" in page and 'name="value" value="0.7"' in page
    admin.press("set", name="threshold", value="0.7", seen="", sure="yes")
    assert runtime_settings.current(office.home / DATABASE).threshold == 0.7


def test_an_account_has_its_own_actions_and_its_last_sign_in(app: FastAPI, office: LoopOffice) -> None:
    admin, accounts = Clerk(app, "admin", PAGE), Accounts(office.home / DATABASE)
    refused = admin.press("add", {**ACCOUNTS, "new": "1"}, account="王芳", role="publisher", password="短")
    assert '<option value="publisher" selected>' in refused and 'value="王芳"' in refused and "短" not in refused
    page = admin.press("add", ACCOUNTS, account="王芳", role="editor", password=OTHER)
    assert "已新建账号" in page and "还没有登录过" in page and '<h2 class="text" tabindex="-1">王芳</h2>' in page
    assert sign_in(open_client(app), "王芳", OTHER).status_code == 303
    assert "还没有登录过" not in admin.open(**ACCOUNTS, account="王芳").partition("王芳")[2].partition("</tr>")[0]
    assert "角色已改" in admin.press("role", {**ACCOUNTS, "account": "王芳"}, account="王芳", role="publisher")
    assert "密码已重设" in admin.press("password", ACCOUNTS, account="王芳", password=PASSWORD)
    assert {one.name: one.role for one in accounts.list()}["王芳"] is Role.PUBLISHER
    assert accounts.verified("王芳", PASSWORD)
    assert "已在所有设备上退出" in admin.press("out", ACCOUNTS, account="王芳")
    assert "没有账号“王方”" in admin.press("out", ACCOUNTS, account="王方"), "nobody was signed out"
    assert "常见的密码" in admin.press("password", ACCOUNTS, account="王芳", password="password123456")


def test_whoever_was_given_a_password_chooses_another_before_anything_else(app: FastAPI) -> None:
    admin, client = Clerk(app, "admin", PAGE), open_client(app)
    suggested = [re.findall(r'name="password" value="([^"]+)"', admin.open(**ACCOUNTS, new="1"))[0] for _ in range(2)]
    assert suggested[0] != suggested[1] and len(suggested[0]) > 15
    refused = admin.press("add", {**ACCOUNTS, "new": "1"}, account="新 人", role="editor", password=suggested[0])
    assert f'name="password" value="{suggested[0]}"' in refused, "it may be noted down already"
    assert "已新建账号" in admin.press("add", ACCOUNTS, account="新人甲", role="publisher", password=suggested[0])
    assert sign_in(client, "新人甲", suggested[0]).status_code == 303
    for page in ("/staff/home", "/staff/files", "/staff/two-step", "/staff"):
        assert client.get(page).headers["location"] == "/staff/account"
    for call in (client.post("/staff/files", data={"do": "publish"}), client.get("/staff/audit.csv")):
        assert call.status_code == 403 and "您的密码是别人设的" in call.json()["error"]
    account = client.get("/staff/account").text
    assert "您的密码是别人设的" in account and "回到工作区" not in account
    fields = {"form": re.findall(r'name="form" value="([^"]+)"', account)[0], "old": suggested[0]}
    client.post("/staff/password", data={**fields, "new": OTHER, "again": OTHER})
    assert sign_in(client, "新人甲", OTHER).status_code == 303
    assert client.get("/staff/home").status_code == 200 and "回到工作区" in client.get("/staff/account").text
    admin.press("password", ACCOUNTS, account="新人甲", password=suggested[1])
    assert sign_in(client, "新人甲", suggested[1]).status_code == 303
    assert client.get("/staff/home").headers["location"] == "/staff/account", "and again after a reset"


def test_an_account_is_removed_by_who_was_told_what_it_means(app: FastAPI, office: LoopOffice) -> None:
    admin = Clerk(app, "admin", PAGE)

    def names() -> list[str]:
        return [one.name for one in Accounts(office.home / DATABASE).list()]

    for clerk, account, why in (
        (admin, "没有", "没有账号“没有”"),
        (Clerk(app, "editor", PAGE), "admin", "需要“管理”角色"),
    ):
        clerk.open()
        page = clerk.press("remove", ACCOUNTS, account=account)
        assert why in page and "确认删除" not in page
    page = admin.press("remove", {**ACCOUNTS, "account": "editor"}, account="editor")
    assert "确认删除账号editor吗？" in page and "仍留在审计里" in page and "editor" in names()
    assert 'class="split opened"' not in page, "on phones it would lie over the question"
    assert "账号已删除" in admin.press("remove", ACCOUNTS, account="editor", sure="yes")
    assert "editor" not in names()
    assert "是最后一个“管理”账号" in admin.press("remove", ACCOUNTS, account="admin", sure="yes")
    assert "没有账号" in admin.press("out", {**ACCOUNTS, "account": "nobody"}, account="nobody", role="x")


def test_nobody_else_reaches_the_accounts(app: FastAPI, office: LoopOffice) -> None:
    for role in ("editor", "publisher"):
        clerk = Clerk(app, role, PAGE)
        assert "还没有登录过" not in clerk.open(**ACCOUNTS) and 'id="panel"' not in clerk.open(**ACCOUNTS)
        for button in ("add", "role", "password", "out", "second", "remove"):
            for wanted in ("editor", "king"):
                fields = {"account": "admin", "role": wanted, "password": OTHER, "sure": "yes"}
                assert "需要“管理”角色" in clerk.press(button, ACCOUNTS, **fields)
        assert "需要“管理”角色" in clerk.press("set", name="threshold", value="7", seen=""), "the role before the value"
        assert Audit(office.home).rows()[-1].who == role
    assert {one.name for one in Accounts(office.home / DATABASE).list()} == {"admin", "editor", "publisher"}


def test_a_form_of_another_page_and_junk_change_nothing(app: FastAPI, office: LoopOffice) -> None:
    admin = Clerk(app, "admin", PAGE)
    order = {"do": "set", "name": "notice", "value": "停电", "seen": ""}
    stale = admin.client.post(PAGE, data={**order, "form": "x" * 22})
    assert stale.status_code == 403 and runtime_settings.current(office.home / DATABASE).notice == ""
    assert "没有这个操作" in admin.press("destroy") and "没有“x”这项设置" in admin.press("set", name="x", value="1")
    assert "请选一个角色" in admin.press("add", ACCOUNTS, account="新人", role="king", password=OTHER)
    for query in ({"shelf": "x"}, {**ACCOUNTS, "account": "没有"}, {**ACCOUNTS, "account": "<b>\x00"}):
        assert admin.client.get(PAGE, params=query).status_code in (200, 404)


def test_what_another_left_open_in_the_browser_is_not_sent_in_ones_own_name(app: FastAPI, office: LoopOffice) -> None:
    admin = Clerk(app, "admin", PAGE)
    left_open = {"form": admin.token(), "do": "set", "name": "notice", "value": "停电", "seen": ""}
    sign_in(admin.client, "publisher")
    refused = admin.client.post(PAGE, data=left_open)
    assert refused.status_code == 403 and "换了人登录" in refused.text and 'value="停电"' in refused.text
    assert Audit(office.home).rows()[-1].action == "sign in", "the publisher tried nothing"
    sign_in(admin.client, "admin")
    assert admin.client.post(PAGE, data=left_open).status_code == 303, "signed in again, what was left open is sent"


def test_of_two_who_change_an_account_the_second_is_told(app: FastAPI, office: LoopOffice) -> None:
    first, second = Clerk(app, "admin", PAGE), Clerk(app, "admin", PAGE)
    opened = {**ACCOUNTS, "account": "editor"}

    def role() -> Role:
        return next(one.role for one in Accounts(office.home / DATABASE).list() if one.name == "editor")

    seen = second.hidden("seen", **opened)
    assert "角色已改" in first.press("role", opened, account="editor", role="publisher", seen=seen)
    for button, typed in (("role", {"role": "admin"}), ("password", {"password": OTHER}), ("remove", {"sure": "yes"})):
        late = second.press(button, opened, account="editor", seen=seen, **typed)
        assert "账号editor已被别人改过" in late and role() is Role.PUBLISHER, button
    asked = second.press("remove", opened, account="editor", seen=second.hidden("seen", **opened))
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', asked.partition('id="asking"')[2].partition("</form>")[0])
    assert "账号已删除" in second.press("remove", ACCOUNTS, account="editor", sure="yes", seen=seen), "the control"
