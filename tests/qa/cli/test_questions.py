"""The command line does with questions and answers what the pages do."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.cli import answers, ask, questions, todo
from qa.cli.main import main
from qa.cli.quality import golden as golden_questions
from qa.evaluation.golden import read_golden
from qa.staff.accounts.accounts import Accounts
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import database_of
from tests.support.doubles.staff import PASSWORD
from tests.support.programs.feedback_office import NEXT_YEAR, QUOTED, REFUSED, WORDS, LoopOffice


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoopOffice:
    office = LoopOffice(tmp_path)
    for module in (ask, questions, answers, golden_questions, todo):
        monkeypatch.setattr(module, "console_of", lambda settings: office.console())
    monkeypatch.setenv("QA_HOME", str(office.home))
    monkeypatch.setenv("QA_DOCUMENTS", str(office.folder))
    return office


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_questions_are_listed_shown_counted_and_exported(
    office: LoopOffice, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    refused = office.note(REFUSED, "校长是谁？")
    office.note(QUOTED, "商会有多少会员？", verdict="up")
    code, out, _ = run(capsys, "questions", "list", "--outcome", "abstained")
    assert (code, "校长是谁？" in out, "商会" in out, "共1条" in out) == (0, True, False, True)
    assert run(capsys, "questions", "list", "--text", "没有")[0] == 1
    shown = json.loads(run(capsys, "questions", "show", refused, "--json")[1])
    assert (shown["status"], shown["reply"]["status"], "没有这个问题的答案" in shown["why"]) == ("abstained",) * 2 + (
        True,
    )
    assert run(capsys, "questions", "export", tmp_path / "log.csv")[0] == 0
    assert "校长是谁？" in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert "满意度100%" in run(capsys, "questions", "statistics", "--period", "7d")[1]
    code, out, err = run(capsys, "questions", "show", "nothing")
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_a_question_is_deleted_by_its_id_or_by_the_link_to_it(
    office: LoopOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, kept = (office.note(REFUSED, question) for question in ("校长是谁？", "几点开门？", "有多少家？"))
    link = office.log.share(second, datetime.now(UTC))
    assert run(capsys, "questions", "forget", first)[0] == 1, "without a reason"
    assert run(capsys, "questions", "forget", first, "--why", "本人来电")[0] == 0
    address = f"https://ask.example.gov.cn/a/{link}"
    assert run(capsys, "questions", "forget", address, "--why", "本人来信")[0] == 0
    listed = run(capsys, "questions", "list")[1]
    assert kept in listed and "校长" not in listed and "开门" not in listed
    code, _, err = run(capsys, "questions", "forget", address, "--why", "又一次")
    assert (code, "没有这条问答记录" in err) == (1, True)
    assert run(capsys, "questions", "show", "-nothing")[0] == 1, "an id, no option"
    rows = [row for row in Audit(office.home).rows() if row.action == "forget"]
    assert {row.why for row in rows} == {"本人来电", "本人来信", "又一次"}
    assert not any(name in str(row) for row in rows for name in (first, second, link, "校长", "开门"))


def test_a_group_is_worked_on_answered_and_done(
    office: LoopOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.note(REFUSED, "商会的会员有多少？")
    assert "商会的会员有多少？" in run(capsys, "todo", "list", "--state", "open")[1]
    code, _, err = run(capsys, "todo", "change", 1, "--assignee", "李强", "--state", "working")
    assert (code, "没有账号“李强”" in err) == (1, True)
    Accounts(database_of(office.settings)).add("李强", Role.EDITOR, PASSWORD)
    assert run(capsys, "todo", "change", 1, "--assignee", "李强", "--state", "working")[0] == 0
    code, _, err = run(capsys, "todo", "change", 1, "--version", 1, "--note", "第二个")
    assert (code, "没有保存" in err) == (1, True)
    text = "会员企业共237家。"
    source = ("--document", "合作.txt", "--words", WORDS)
    asked = ("--question", "商会的会员有多少？", "--text", text, "--owner", "商务委", "--expires", NEXT_YEAR)
    assert "待审核" in run(capsys, "review", "write", *asked, *source, "--todo", 1)[1]
    assert "您写的" in run(capsys, "review", "approve", 1)[2]
    monkeypatch.setattr(answers, "console_of", lambda settings: office.console("李强"))
    assert "已启用" in run(capsys, "review", "approve", 1)[1]
    assert text in run(capsys, "review", "show", 1)[1]
    assert "会显示" in run(capsys, "review", "near", "商会的会员有多少呢？")[1]
    assert "s001" in run(capsys, "todo", "done", 1)[1]
    (golden,) = read_golden(office.golden)
    assert golden.must == ((text,),)
    assert "已办结" in run(capsys, "todo", "show", 1)[1]
    assert "已启用（有改动待审核）" in run(capsys, "review", "change", 1, "--owner", "教委")[1]
    assert "待审核的改动（李强）" in run(capsys, "review", "show", 1)[1]
    assert "待审核" not in run(capsys, "review", "discard", 1, "--reason", "不改了")[1]
    assert run(capsys, "review", "discard", 1, "--reason", "不改了")[0] == 1
    assert "已停用" in run(capsys, "review", "withdraw", 1, "--reason", "过时")[1]


def test_golden_questions_are_added_changed_and_removed_by_two_persons(
    office: LoopOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    who = ["王芳"]
    monkeypatch.setattr(golden_questions, "console_of", lambda settings: office.console(who[0]))

    def agreed(*arguments: object) -> None:
        """Proposed by one, agreed to by the other, and not by the one."""
        code, out, _ = run(capsys, "golden", *arguments)
        number = json.loads(run(capsys, "golden", "proposals", "--json")[1])[0]["id"]
        assert (code, f"golden approve {number}" in out) == (0, True)
        code, _, err = run(capsys, "golden", "approve", number)
        assert (code, "您写的" in err) == (1, True)
        who[0] = "赵蕾"
        assert "已同意" in run(capsys, "golden", "approve", number)[1]
        who[0] = "王芳"

    new = (
        "--question",
        "校长是谁？",
        "--must",
        "王芳|王校长",
        "--must",
        "校长",
        "--evidence",
        "校长王芳",
        "--tag",
        "direct",
    )
    agreed("add", *new)
    agreed("add", "--question", "红烧肉怎么做？", "--unanswerable")
    first, second = json.loads(run(capsys, "golden", "list", "--json")[1])
    assert (first["must"], second["answerable"]) == ([["王芳", "王校长"], ["校长"]], False)
    agreed("change", "s001", "--must", "李强", "--reason", "换届")
    again = ("--must", "王芳", "--reason", "换届")
    code, _, err = run(capsys, "golden", "change", "s001", "--version", first["version"], *again)
    assert (code, "没有保存" in err) == (1, True)
    agreed("remove", "s002", "--reason", "过时")
    assert [golden.must for golden in read_golden(office.golden)] == [(("李强",),)]


def test_a_change_of_a_golden_question_is_revised_rejected_and_taken_back(
    office: LoopOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "golden", "proposals")[0] == 1
    assert run(capsys, "golden", "add", "--question", "红烧肉怎么做？", "--unanswerable")[0] == 0
    code, out, _ = run(capsys, "todo", "list")
    assert (code, "1条检验题的改动等待同意" in out) == (0, True)
    monkeypatch.setattr(golden_questions, "console_of", lambda settings: office.console("赵蕾"))
    assert "王芳、赵蕾" in run(capsys, "golden", "revise", 1, "--question", "回锅肉怎么做？")[1]
    out = run(capsys, "golden", "proposals")[1]
    assert ("添加s001" in out, "回锅肉怎么做？" in out, "应当不回答" in out) == (True, True, True)
    assert "不同意" in run(capsys, "golden", "reject", 1, "--reason", "与本区无关")[1]
    assert run(capsys, "golden", "add", "--question", "红烧肉怎么做？", "--unanswerable")[0] == 0
    assert "已撤回" in run(capsys, "golden", "take-back", 2)[1]
    assert (run(capsys, "golden", "proposals")[0], office.golden.exists()) == (1, False)


def test_a_question_is_tried(office: LoopOffice, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "try", "商会有多少会员企业？", "--threshold", "0")
    assert (code, "达到门槛" in out, "市民看到" in out) == (0, True, True)
    tried = json.loads(run(capsys, "try", "商会有多少会员企业？", "--snapshot", "snapshot-000001", "--json")[1])
    assert tried["snapshot"] == tried["reply"]["snapshot"] == "snapshot-000001"
    assert tried["above"] + tried["below"]
    assert run(capsys, "try", "问", "--snapshot", "snapshot-000009")[0] == 1


def test_every_action_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("questions", "todo", "review", "golden", "try"):
        assert main([command, "--help"]) == 0
        assert capsys.readouterr().out
