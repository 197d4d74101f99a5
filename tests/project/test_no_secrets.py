"""No key, token or password of a real service stands in the repository, or ever stood there."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from release.locks import ROOT

# Forms that only secrets have; a password in an address counts unless it is a word that stands for one.
FORMS = {
    "private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}",
    "cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b|\bLTAI[0-9A-Za-z]{16,24}\b"
    r"|\bAKID[0-9A-Za-z]{32}\b",
    "token": r"\b(?:gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{60}|glpat-[\w-]{20}|xox[abprs]-[\w-]{20}|sk-[0-9A-Za-z]{32}"
    r"|pypi-[\w-]{40}|hf_[0-9A-Za-z]{30})",
    "signed token": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    "password in an address": r"\b[a-z][a-z0-9+]*://[^\s/:@'\"<>{}$]+:(?!PASSWORD|SECRET|password|secret|\*|\.{3}|…)"
    r"[^\s/@'\"<>{}$%\[\]]{8,}@[\w.-]+",
}


def found(text: str) -> list[str]:
    """Return which forms of secrets stand in a text."""
    return [name for name, form in FORMS.items() if re.search(form, text)]


def texts() -> dict[str, str]:
    """Return what git keeps, by name, without pictures, weights and the like."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    contents = {name: (ROOT / name).read_bytes() for name in listed.split("\0") if (ROOT / name).is_file()}
    return {name: content.decode("utf-8", "replace") for name, content in contents.items() if b"\0" not in content}


def test_no_file_of_the_repository_holds_a_secret() -> None:
    looked_at = texts()
    assert len(looked_at) > 1000 and "deploy/wenda.env.example" in looked_at
    assert {name: forms for name, text in looked_at.items() if (forms := found(text))} == {}


def objects(root: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every version and message of all branches, without pictures, weights and the like."""
    listed = subprocess.run(["git", "rev-list", "--objects", "--all"], cwd=root, capture_output=True, check=True).stdout
    with subprocess.Popen(
        ["git", "cat-file", "--batch"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reading:
        assert reading.stdin and reading.stdout
        for line in listed.splitlines():
            reading.stdin.write(line.partition(b" ")[0] + b"\n")
            reading.stdin.flush()
            name, kind, size = reading.stdout.readline().decode().split()
            content = reading.stdout.read(int(size) + 1)
            if kind in ("blob", "commit", "tag") and b"\0" not in content:
                path = line.partition(b" ")[2].decode("utf-8", "replace")
                yield f"{name[:10]} {path}", content.decode("utf-8", "replace")
        reading.stdin.close()


@pytest.mark.full
def test_nothing_that_was_ever_committed_holds_a_secret() -> None:
    held, looked_at, characters = {}, 0, 0
    for name, text in objects(ROOT):
        looked_at, characters = looked_at + 1, characters + len(text)
        if forms := found(text):
            held[name] = forms
    print(f"{looked_at} objects, {characters:,} characters")
    assert looked_at > 1000 and held == {}


def test_what_was_committed_and_taken_back_would_be_found(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        known = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.cn", *words]
        subprocess.run(command, cwd=tmp_path, env=known, capture_output=True, check=True)

    git("init")
    for content, message in (("ghp_" + "a1B2" * 9, "Add a token"), ("", "Take it back, AKIA" + "ABCDEFGHIJKLMNOP")):
        (tmp_path / "settings.env").write_text(content, encoding="utf-8")
        git("add", ".")
        git("commit", "-m", message)
    held = sorted(forms for _, text in objects(tmp_path) if (forms := found(text)))
    assert held == [["cloud key"], ["token"]]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("private key", "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4),
        ("cloud key", "id = AKIA" + "ABCDEFGHIJKLMNOP"),
        ("token", "ghp_" + "a1B2" * 9),
        ("signed token", f"eyJ{'a' * 30}.eyJ{'b' * 30}.{'c' * 30}"),
        ("password in an address", "postgresql://wenda:" + "h7Kq92mXz1@db.example.gov.cn/wenda"),
    ],
)
def test_a_secret_would_be_found(form: str, text: str) -> None:
    assert found(text) == [form]


def test_a_word_that_stands_for_a_password_is_none() -> None:
    assert (
        found("QA_DATABASE_URL=postgresql://wenda:PASSWORD@127.0.0.1:5432/wenda s3+https://KEY:SECRET@objects/x") == []
    )
