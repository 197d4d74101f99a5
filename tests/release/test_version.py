"""The program says which version it is, and the changelog what that version changed."""

import json
import re
from datetime import date

import pytest

from qa import __version__
from qa.cli.main import main
from qa.runtime.settings import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_newest_version_of_the_changelog_is_the_programs() -> None:
    number, day = re.findall(r"^## (\S+) – (\S+)$", CHANGELOG, re.MULTILINE)[0]
    assert number == __version__ and date.fromisoformat(day)


def test_every_version_of_the_changelog_says_how_to_upgrade_to_it() -> None:
    versions = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]
    assert versions
    assert [one.partition("\n")[0] for one in versions if "\n### Upgrading\n" not in one] == []


def test_the_command_prints_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version", "--json"]) == 0
    assert json.loads(capsys.readouterr().out).keys() == {"version", "database", "snapshot", "python"}
    assert main(["version"]) == 0
    assert capsys.readouterr().out.startswith(f"浙涪问答 {__version__}（数据库第")


def test_the_version_is_told_where_a_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_WRONG", "1")
    assert (main(["version"]), main(["status"])) == (0, 2)
    assert "QA_WRONG" in capsys.readouterr().err


def test_the_report_of_a_vulnerability_is_asked_for_by_the_version_that_gets_corrections() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    supported = f"| {__version__.rpartition('.')[0]} |"
    assert policy.count(supported) == 2, "in Chinese and in English"


def test_the_threat_model_counts_the_threats_that_are_listed() -> None:
    listed = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8").partition("\n## ")[0]
    threats = re.findall(r"^\| (?:T\d|–)", listed, re.MULTILINE)
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert (
        re.findall(r"逐条列出(\d+)条威胁", policy) == re.findall(r"lists (\d+) threats", policy) == [str(len(threats))]
    )


def test_the_wheel_that_the_documentation_names_is_of_this_version() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))]
    named = [version for text in texts for version in re.findall(r"zhefu_qa-([\d.]+)-py3", text)]
    assert len(named) == 12 and set(named) == {__version__}
