"""The command line keeps its contract: JSON, exit codes, one line for whatever is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from qa.cli.main import main
from tests.support.programs.serving import Served

FIELDS = (
    "id question standalone_question status reason text short confidence citations nearest snapshot elapsed_ms "
    "made_by label sentences left_out unwritten form verdict operands card document choices"
)


class Shell:
    """Runs commands in this process over a home of its own."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.set = monkeypatch.setenv
        self.set("QA_HOME", str(home))

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err

    def json(self, *arguments: object) -> Any:
        return [json.loads(line) for line in self(*arguments, "--json")[1].splitlines()]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path / "home", monkeypatch, capsys)


@pytest.fixture
def ready(served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Over the home of the program that runs for the other tests: the models are unpacked, an index is published."""
    return Shell(served.home, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "Give one question"),
        (["ask", "问", "--llm"], "--llm needs QA_LLM_URL"),
        (["ask", "问", "--file", "q.jsonl"], "Give one question"),
        (["ask", "--file", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["ask", "问", "--history", "nowhere.json"], "nowhere.json cannot be read"),
        (["ask", "--file", "q.jsonl", "--history", "h.json"], "--history goes with one question"),
        (["evaluate", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["evaluate", "--squad", "nowhere.json"], "nowhere.json cannot be read"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_two(shell: Shell, arguments: list[str], words: str) -> None:
    code, out, err = shell(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert words in err


def test_an_unknown_setting_is_refused_by_name(shell: Shell) -> None:
    shell.set("QA_TOPK", "3")
    assert shell("snapshots") == (2, "", "qa: QA_TOPK is not a setting; see docs/settings.md\n")


@pytest.mark.parametrize("arguments", [[], ["fly"], ["evaluate", "--squad", "a.json", "--limit", "0"]])
def test_an_unknown_command_is_wrong_use(shell: Shell, arguments: list[str]) -> None:
    code, out, err = shell(*arguments)
    assert (code, out, bool(err)) == (2, "", True)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": 1}', '{"question": 5}', '{"question": "问", "history": ["ab"]}', "[" * 100_000]
)
def test_a_bad_line_of_questions_is_named(shell: Shell, tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f'{{"question": "好"}}\n{line}\n', encoding="utf-8")
    code, _, err = shell("ask", "--file", path)
    assert code == 2
    assert "line 2" in err


def test_an_empty_file_of_questions_is_said(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    for command in ("ask", "--file"), ("evaluate",):
        code, _, err = shell(*command, tmp_path / "empty.jsonl")
        assert (code, "holds no question" in err) == (2, True)


def test_a_home_that_is_a_file_is_one_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    shell.set("QA_HOME", str(tmp_path / "file"))
    code, _, err = shell("refresh")
    assert (code, "Not a directory" in err.splitlines()[-1]) == (2, True)


def test_no_snapshots_is_nothing_found(shell: Shell) -> None:
    assert shell("snapshots") == (1, "", "")


def test_one_question_is_answered_with_its_source(ready: Shell) -> None:
    code, out, _ = ready("ask", "涪陵浙江商会是什么时候成立的？")
    assert code == 0
    assert "2020年11月21日" in out
    assert "商会" in out.splitlines()[-1]


def test_a_refusal_is_exit_code_one(ready: Shell) -> None:
    assert ready("ask", "红烧肉怎么做？")[0] == 1


def test_many_questions_give_a_reply_a_line_in_the_form_of_the_contract(ready: Shell, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    questions = [
        {"id": "a", "question": "两地学校结成了多少对帮扶对子？"},
        {"id": "b", "question": ""},
        {"id": "c", "question": "那2017年呢？", "history": [["涪陵2021年的地区生产总值是多少？", "……"]]},
    ]
    path.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in questions), encoding="utf-8")
    replies = ready.json("ask", "--file", path)
    assert [list(reply) for reply in replies] == [FIELDS.split()] * 3
    assert [(reply["id"], reply["status"]) for reply in replies][:2] == [("a", "answered"), ("b", "rejected")]
    assert replies[2]["standalone_question"] == "涪陵2017年的地区生产总值是多少？"


def test_a_history_makes_a_follow_up_whole(ready: Shell, tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text(json.dumps([["华峰新材料产业园在哪里？", "白涛"]]), encoding="utf-8")
    (reply,) = ready.json("ask", "谁投资的？", "--history", path)
    assert reply["standalone_question"] == "华峰新材料产业园谁投资的？"


def test_status_and_snapshots_name_what_is_served(ready: Shell) -> None:
    code, out, _ = ready("status")
    assert (code, "snapshot-000001" in out) == (0, True)
    (line,) = [line for line in ready("snapshots")[1].splitlines() if "(published)" in line]
    assert line.startswith("snapshot-000001 ")


def test_publishing_what_is_not_there_is_refused(ready: Shell) -> None:
    code, _, err = ready("publish", "snapshot-000077")
    assert code == 1
    assert "snapshot-000077" in err


def test_a_dry_refresh_writes_nothing(ready: Shell, tmp_path: Path) -> None:
    (tmp_path / "新.txt").write_text("浙涪合作新增项目99个。", encoding="utf-8")
    ready.set("QA_DOCUMENTS", str(tmp_path))
    before = ready("snapshots")[1]
    report = ready.json("refresh", "--dry-run")[0]
    assert (report["refused"], report["added"], report["golden_asked"]) == (True, ["新.txt"], 0)
    assert ready("snapshots")[1] == before


def test_a_missing_documents_folder_is_wrong_use(ready: Shell, tmp_path: Path) -> None:
    ready.set("QA_DOCUMENTS", str(tmp_path / "nowhere"))
    code, _, err = ready("refresh")
    assert code == 2
    assert "nowhere不存在" in err


def test_evaluate_prints_a_table_by_tag(ready: Shell, tmp_path: Path) -> None:
    path = tmp_path / "golden.jsonl"
    golden = [
        {"id": "1", "question": "学校结成多少对？", "must": [["13对"]], "answerable": True, "tags": ["direct"]},
        {"id": "2", "question": "学校结成多少对呢？", "must": [["99对"]], "answerable": True, "tags": ["direct"]},
    ]
    path.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in golden), encoding="utf-8")
    code, out, _ = ready("evaluate", path)
    rows = {line.split()[0]: line.split()[1:6] for line in out.splitlines()}
    assert code == 0
    assert rows["direct"] == rows["all"] == ["2", "1", "1", "0", "1"]
    assert "wrong: 2 学校结成多少对呢？" in out


def test_squad_files_give_em_and_f1(ready: Shell, tmp_path: Path) -> None:
    path = tmp_path / "squad.json"
    text = "浙涪友谊学校位于涪陵。学校于2004年5月奠基。"
    asked = [
        {"id": str(i), "question": "学校什么时候奠基？", "answers": [{"text": "2004年5月", "answer_start": 14}]}
        for i in range(3)
    ]
    content = {"data": [{"title": "学校", "paragraphs": [{"context": text, "qas": asked}]}]}
    path.write_text(json.dumps(content), encoding="utf-8")
    (figures,) = ready.json("evaluate", "--squad", path, "--limit", "2")
    assert set(figures) == {"em", "f1", "n"}
    assert figures["n"] == 2
    assert figures["f1"] > 0
