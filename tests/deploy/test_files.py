"""The units, the image and the compose file name what exists, and settings of the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from qa.runtime.settings import ROOT, names

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def test_every_setting_named_exists() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file()}
    named = {name for text in texts.values() for name in re.findall(r"\bQA_[A-Z_]+\b", text)}
    assert "QA_PROXIES" in named and named - set(names()) == set()


def test_the_image_copies_all_that_the_program_needs() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert {"app.py", "corpus", "index", "qa", "requirements.lock"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_compose_file_mounts_what_is_shipped_and_trusts_its_own_proxy() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    mounted = [volume.split(":")[0] for volume in services["nginx"]["volumes"]]
    assert [name for name in mounted if name.startswith("./nginx") and not (DEPLOY / name).is_file()] == []
    proxy = services["nginx"]["networks"]["inside"]["ipv4_address"]
    upstream = (DEPLOY / "nginx" / "upstream-compose.conf").read_text(encoding="utf-8")
    for name in ("app-1", "app-2"):
        assert services[name]["environment"]["QA_PROXIES"] == proxy and f"server {name}:7860" in upstream
        assert services[name]["volumes"] == services["app-1"]["volumes"]


def test_the_password_of_postgresql_is_in_a_file_and_its_port_is_not_reached_from_outside() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["postgresql"]
    assert "ports" not in service and "POSTGRES_PASSWORD" not in service["environment"]
    secret = service["environment"]["POSTGRES_PASSWORD_FILE"].removeprefix("/run/secrets/")
    assert service["secrets"] == [secret] and secret in compose["secrets"]


def test_no_answer_of_nginx_leads_to_a_host_that_a_visitor_names() -> None:
    """T76: `$host` is what the request says; only the program, which knows its own names, is handed it."""
    text = (DEPLOY / "nginx" / "wenda.conf").read_text(encoding="utf-8")
    used = [line.strip() for line in text.splitlines() if re.search(r"\$(?:host|http_host)\b", line)]
    assert used == ["proxy_set_header Host $host;"]
    assert re.findall(r"return 301 (\S+);", text) == ["https://$server_name$request_uri"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_units(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:
        text = one.read_text(encoding="utf-8").replace("/srv/wenda/.venv/bin/python", sys.executable)
        (tmp_path / one.name).write_text(text, encoding="utf-8")
    name = unit.name.replace("@.", "@7860.")
    checked = _verified(tmp_path / unit.name, tmp_path / name)
    assert (checked.returncode, checked.stderr) == (0, "")
    broken = (tmp_path / unit.name).read_text(encoding="utf-8").replace("[Service]", "[Service]\nType=never")
    (tmp_path / unit.name).write_text(broken.replace("[Timer]", "[Timer]\nOnCalendar=never"), encoding="utf-8")
    assert _verified(tmp_path / unit.name, tmp_path / name).stderr


def _verified(file: Path, name: Path) -> subprocess.CompletedProcess[str]:
    if file != name:
        shutil.copy(file, name)
    variables = {**os.environ, "SYSTEMD_LOG_LEVEL": "notice"}
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(name)]
    return subprocess.run(command, capture_output=True, text=True, env=variables)
