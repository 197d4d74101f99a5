import json
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from qa.runtime.settings import GUIDE, ROOT, Settings, SettingsError, names, read
from qa.runtime.settings_guide import guide


def test_unset_and_empty_settings_have_their_defaults() -> None:
    settings = read({"PATH": "/bin", "QA_PORT": " "})
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert (settings.home, settings.documents) == (ROOT / "var", ROOT / "corpus" / "documents")
    assert settings.embedding_model == "multilingual-e5-small"
    assert settings.allowed_hosts == ()


def test_relative_paths_start_at_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read({"QA_HOME": "../elsewhere", "QA_DOCUMENTS": "/srv/texts", "QA_GOLDEN": "~/golden.jsonl"})
    assert settings.home == tmp_path.parent / "elsewhere"
    assert settings.documents == Path("/srv/texts")
    assert settings.golden == Path.home() / "golden.jsonl"


def test_golden_questions_lie_beside_the_documents_unless_set() -> None:
    assert read({}).golden == ROOT / "corpus" / "golden.jsonl"
    assert read({"QA_DOCUMENTS": "/srv/texts"}).golden == Path("/srv/golden.jsonl")


def test_host_names_are_split_at_commas() -> None:
    assert read({"QA_ALLOWED_HOSTS": "Ask.example.gov.cn, 10.0.0.5,"}).allowed_hosts == (
        "ask.example.gov.cn",
        "10.0.0.5",
    )


def test_an_unknown_name_is_refused_with_the_next_step() -> None:
    with pytest.raises(SettingsError, match=r"^QA_TOPK is not a setting; see docs/settings\.md$"):
        read({"QA_TOPK": "5"})


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "78.60", "²", "٧"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SettingsError, match=f"QA_PORT is {port!r}"):
        read({"QA_PORT": port})


@pytest.mark.parametrize("port", [1, 65535])
def test_every_port_is_accepted(port: int) -> None:
    assert read({"QA_PORT": str(port)}).port == port


@pytest.mark.parametrize("megabytes", ["0", "201", "-5", "5.5", "５"])
def test_a_file_size_that_is_none_is_refused(megabytes: str) -> None:
    assert read({"QA_MAX_FILE_MB": "200"}).max_file_mb == 200
    with pytest.raises(SettingsError, match="QA_MAX_FILE_MB"):
        read({"QA_MAX_FILE_MB": megabytes})


def test_an_endpoint_is_a_web_address() -> None:
    assert read({"QA_LLM_URL": "http://127.0.0.1:8000/v1"}).llm_url == "http://127.0.0.1:8000/v1"
    with pytest.raises(SettingsError, match="QA_LLM_URL"):
        read({"QA_LLM_URL": "127.0.0.1:8000"})


def test_the_key_never_shows() -> None:
    settings = read({"QA_LLM_KEY": "sk-hidden"})
    assert settings.llm_key.get_secret_value() == "sk-hidden"
    assert "hidden" not in f"{settings!r} {settings.llm_key} {settings.llm_key!r}"
    assert settings.llm_key and not SecretStr("")


def test_every_setting_is_documented_with_its_default_in_two_languages() -> None:
    text = (ROOT / GUIDE).read_text(encoding="utf-8")
    assert guide(text) == text, "run python -m qa.runtime.settings_guide"
    rows = dict(re.findall(r"^\| `(QA_\w+)` \| (.*)$", text, flags=re.MULTILINE))
    assert list(rows) == names()
    for row in rows.values():
        assert re.search(r"[\u4e00-\u9fff].*<br>[A-Z]", row)


def test_single_sign_on_is_off_until_a_provider_is_named() -> None:
    assert read({}).sso_issuer == "" and read({"QA_SSO_LABEL": "浙政钉"}).sso_roles == ()
    chosen = {"QA_SSO_ISSUER": "https://sso.example.gov.cn", "QA_SSO_CLIENT": "wenda", "QA_SSO_SECRET": "hidden"}
    mapped = {"QA_SSO_ROLE_CLAIM": "groups", "QA_SSO_ROLES": "cn=文秘=editor, 网信办=admin"}
    settings = read({**chosen, **mapped})
    assert settings.sso_roles == (("cn=文秘", "editor"), ("网信办", "admin")) and "hidden" not in repr(settings)
    assert Settings.model_validate(json.loads(json.dumps(settings.packed()))) == settings


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ISSUER", "http://sso.example.gov.cn", "https://"),
        ("ISSUER", "https://sso.example.gov.cn?x=1", "https://"),
        ("ISSUER", "https://", "https://"),
        ("CLIENT", "", "QA_SSO_CLIENT"),
        ("SCOPE", "profile", "openid"),
        ("ROLES", "文秘=owner", "editor, publisher, admin"),
        ("ROLES", "editor", "group=role"),
        ("ROLES", "文秘=editor", "QA_SSO_ROLE_CLAIM"),
        ("ROLE_CLAIM", "groups", "QA_SSO_ROLES"),
    ],
)
def test_a_provider_that_cannot_be_used_is_refused_with_the_next_step(name: str, value: str, told: str) -> None:
    chosen = {"QA_SSO_ISSUER": "https://sso.example.gov.cn", "QA_SSO_CLIENT": "wenda", f"QA_SSO_{name}": value}
    with pytest.raises(SettingsError, match=told):
        read(chosen)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("QA_SEARCH_URL", "milvus://wenda:geheim@10.0.0.5:19530", "QA_SEARCH_URL has to start with http://"),
        ("QA_SEARCH_URL", "/srv/geheim.db", "QA_SEARCH_URL has to start with http://"),
        ("QA_SNAPSHOTS_URL", "s3://wenda:geheim@10.0.0.5/a", "QA_SNAPSHOTS_URL has to start with s3+https://"),
        ("QA_DATABASE_URL", "mysql://wenda:geheim@10.0.0.5/a", "QA_DATABASE_URL has to start with postgresql://"),
    ],
)
def test_an_address_of_another_kind_is_refused_and_not_repeated(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)) as refused:
        read({name: value})
    assert "geheim" not in str(refused.value)


def test_a_process_that_a_server_starts_is_handed_the_addresses() -> None:
    given = {"QA_SEARCH_URL": "http://wenda:geheim@10.0.0.5:19530", "QA_DATABASE_URL": "postgresql://a:b@10.0.0.5/c"}
    assert read(given) == Settings.model_validate(read(given).packed()) and "geheim" not in repr(read(given))
