"""No key, token or password of a real service stands in the repository."""

import re
import subprocess

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
