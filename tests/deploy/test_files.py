"""The units, the image and the compose file name what exists, and settings of the program."""

import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml

from index.files.objects import ObjectsUnreachable, S3Objects
from qa.cli.main import command_line
from qa.runtime.settings import ROOT, names
from tests.support.machines import object_store

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
BY_WHO_INSTALLS = {"./office", "./backups", "./tls"}
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def copied() -> list[str]:
    """Return what the image copies."""
    return [one for line in re.findall(r"^COPY (.+) \S+$", CONTAINERFILE, re.MULTILINE) for one in line.split()]


def test_every_setting_named_exists() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file()}
    named = {name for text in texts.values() for name in re.findall(r"\bQA_[A-Z_]+\b", text)}
    assert "QA_PROXIES" in named and named - set(names()) == set()


def test_the_image_copies_all_that_the_program_needs() -> None:
    sources = copied()
    assert {"app.py", "corpus", "index", "qa", "requirements.lock"} <= set(sources)
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_builder_is_handed_what_the_image_copies_and_no_more() -> None:
    lines = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*" and rules[-1] == "**/__pycache__"
    handed = [rule.removeprefix("!") for rule in rules[1:-1]]
    assert [source for source in copied() if not any(fnmatch(source, rule) for rule in handed)] == []
    assert [rule for rule in handed if not any(fnmatch(source, rule) for source in copied())] == []


def test_pytorch_comes_from_one_index_alone() -> None:
    """Beside PyPI, an index that is out of reach is passed over, and the build for graphics cards comes."""
    text = CONTAINERFILE.replace("\\\n", " ")
    installs = [part for line in text.splitlines() if line.startswith("RUN") for part in re.split(r"&&|;", line)]
    (pytorch,) = [part for part in installs if "pip install" in part and "torch" in part]
    assert '--no-deps --index-url "$TORCH_INDEX"' in pytorch and "--extra-index-url" not in text
    args = SERVICES["app-1"]["build"]["args"]
    assert set(args) == set(re.findall(r"^ARG (\w+)", text, re.MULTILINE))
    assert re.search(r"^torch==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_program_is_compiled_before_it_runs_as_somebody_who_may_not_write() -> None:
    compiled = "RUN python -m compileall -q app.py corpus index qa\n"
    assert CONTAINERFILE.index("COPY qa qa") < CONTAINERFILE.index(compiled) < CONTAINERFILE.index("USER wenda")


def test_the_compose_file_mounts_what_is_shipped_and_trusts_its_own_proxy() -> None:
    services = SERVICES
    mounted = [volume.split(":")[0] for volume in services["nginx"]["volumes"]]
    assert [name for name in mounted if name.startswith("./nginx") and not (DEPLOY / name).is_file()] == []
    proxy = services["nginx"]["networks"]["inside"]["ipv4_address"]
    for name in ("app-1", "app-2"):
        assert services[name]["environment"]["QA_PROXIES"] == proxy
        assert services[name]["volumes"] == services["app-1"]["volumes"]


def test_nobody_else_gets_the_address_of_a_server_or_of_nginx() -> None:
    """Whoever started first got nginx's, which then did not start; and nginx asks for a name at its start alone."""
    (inner,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    fixed = {
        name: ip_address(SERVICES[name]["networks"]["inside"]["ipv4_address"]) for name in ("app-1", "app-2", "nginx")
    }
    assert len(set(fixed.values())) == len(fixed)
    for address in fixed.values():
        assert address in ip_network(inner["subnet"]) and address not in ip_network(inner["ip_range"])
    upstream = (DEPLOY / "nginx" / "upstream-compose.conf").read_text(encoding="utf-8")
    servers = [f"{fixed[name]}:7860" for name in ("app-1", "app-2")]
    assert re.findall(r"^ +server (\S+)", upstream, re.MULTILINE) == servers * 2


def test_what_runs_for_long_reaps_its_orphans_and_its_log_is_bounded() -> None:
    """What a killed refresh had started stayed for ever: as the first process the program waits for its own alone."""
    lasting = {name: service for name, service in SERVICES.items() if service.get("restart") == "unless-stopped"}
    assert {"app-1", "app-2", "worker", "nginx", "postgresql"} <= lasting.keys()
    assert [name for name, service in lasting.items() if not service["logging"]["options"]["max-size"]] == []
    assert all(service["init"] for service in SERVICES.values() if service["image"] == "wenda")


def test_the_password_of_postgresql_is_in_a_file_and_its_port_is_not_reached_from_outside() -> None:
    service = SERVICES["postgresql"]
    assert "ports" not in service and "POSTGRES_PASSWORD" not in service["environment"]
    secret = service["environment"]["POSTGRES_PASSWORD_FILE"].removeprefix("/run/secrets/")
    assert service["secrets"] == [secret] and secret in COMPOSE["secrets"]


@pytest.mark.parametrize("name", ["postgresql", "objects", "milvus", "worker", "refresh", "backup"])
def test_what_not_everybody_needs_is_a_profile_that_nobody_outside_reaches(name: str) -> None:
    service = SERVICES[name]
    assert service["profiles"] == [name] and "ports" not in service and service["networks"] == ["inside"]
    assert [one for one in SERVICES if "profiles" not in SERVICES[one]] == ["app-1", "app-2", "nginx"]


@pytest.mark.parametrize("name", SERVICES)
def test_all_that_a_service_names_is_there(name: str) -> None:
    service = SERVICES[name]
    sources = {volume.split(":")[0] for volume in service["volumes"]} - BY_WHO_INSTALLS
    shipped = {source for source in sources if source.startswith("./")}
    assert sources - shipped <= COMPOSE["volumes"].keys()
    assert [source for source in shipped if not (DEPLOY / source).is_file()] == []
    for secret in service.get("secrets", ()):
        assert secret in COMPOSE["secrets"]


def test_the_image_installs_what_several_machines_need_and_may_what_a_milvus_needs() -> None:
    assert {"requirements-cluster.txt", "requirements-milvus.txt"} <= set(copied())
    assert "ARG FURTHER=requirements-cluster.txt\n" in CONTAINERFILE
    assert "for list in requirements.txt $FURTHER;" in CONTAINERFILE


@pytest.mark.parametrize("name", ["worker", "refresh", "backup"])
def test_what_runs_beside_the_servers_is_a_command_of_the_program_in_their_home(name: str) -> None:
    service = SERVICES[name]
    words = " ".join(service["command"])
    (command,) = re.findall(r"\bpython -m qa (\w+)", words)
    assert command == name and command in command_line.commands
    assert set(SERVICES["app-1"]["volumes"]) <= {*service["volumes"]}
    assert service["healthcheck"] == {"disable": True}, "it listens to nothing"
    assert ("restart", "no") in service.items() or name == "worker"


def test_the_object_store_of_the_compose_file_is_reached_by_its_keys_alone(tmp_path: Path) -> None:
    if object_store.program() is None:
        pytest.skip(object_store.WHY_NOT)
    with object_store.started_by(SERVICES["objects"]["command"], DEPLOY / "objects.json.example") as store:
        mine, others = S3Objects(store.address()), S3Objects(store.address(secret="other"))
        mine.put("one", b"1")
        with pytest.raises(ObjectsUnreachable):
            others.put("one", b"2")
        assert b"".join(mine.get("one")) == b"1"


@pytest.mark.parametrize("name", ["wenda-backup.service", "wenda-refresh.service"])
def test_units_that_take_over_shared_files_may_write_them(name: str) -> None:
    unit = (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines()
    assert "ReadWritePaths=-/srv/office" in unit


def test_a_machine_with_a_worker_alone_has_a_home() -> None:
    unit = (DEPLOY / "systemd" / "wenda-worker.service").read_text(encoding="utf-8").splitlines()
    assert "StateDirectory=wenda" in unit and not any(line.startswith("ReadWritePaths=/var") for line in unit)


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
