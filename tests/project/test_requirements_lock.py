"""What is installed is what was locked: every package at one version, every file of it by its hash.

After a change of the requirements: make lock.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from qa.runtime.settings import ROOT

LOCKS = {
    "requirements.lock": ["requirements.txt"],
    "requirements-dev.lock": [
        "requirements.txt",
        "requirements-ocr.txt",
        "requirements-encryption.txt",
        "requirements-cluster.txt",
        "requirements-dev.txt",
    ],
}
# It has a lock for each build.
UNLOCKED = {"torch"}
TORCH_LOCKS = ("requirements-torch-cpu.lock", "requirements-torch.lock")
_ENTRY = re.compile(r"^(\S+?)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = {str(canonicalize_name(package)): number for package, number, _ in _ENTRY.findall(text)}
    assert len(found) == len(re.findall(r"^\w", text, re.MULTILINE)), "an entry without a version or a hash"
    return found


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {canonicalize_name(package.partition("[")[0]): number for package, number in pairs}


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> Iterator[str]:
    """The names of all that an installed package needs, its own included."""
    name = canonicalize_name(requirement.name)
    extras = {"", *requirement.extras}
    if (name, str(sorted(extras))) in seen:
        return
    seen.add((name, str(sorted(extras))))
    yield name
    for line in requires(name) or []:
        further = Requirement(line)
        if not further.marker or any(further.marker.evaluate({"extra": extra}) for extra in extras):
            yield from needed(further, seen)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_requirements_name_is_locked_at_that_version(lock: str) -> None:
    wanted = {name: number for file in LOCKS[lock] for name, number in pins(file).items() if name not in UNLOCKED}
    found = locked(lock)
    assert len(wanted) > 20
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("lock", TORCH_LOCKS)
def test_pytorch_is_locked_at_the_version_of_the_requirements(lock: str) -> None:
    assert locked(lock) == {"torch": pins("requirements.txt")["torch"]}


@pytest.mark.long
@pytest.mark.parametrize("lock", LOCKS)
def test_whatever_that_needs_is_locked_too(lock: str) -> None:
    found = locked(lock)
    for file in LOCKS[lock]:
        for name, number in pins(file).items():
            all_needed = set(needed(Requirement(f"{name}=={number}"), set())) if name not in UNLOCKED else set()
            assert {one for one in all_needed - UNLOCKED if one not in found} == set(), name


def test_both_locks_hold_the_same_versions() -> None:
    run, develop = locked("requirements.lock"), locked("requirements-dev.lock")
    assert run.items() <= develop.items()


def test_what_is_installed_is_what_is_locked() -> None:
    differing = {}
    for name, number in locked("requirements-dev.lock").items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "missing"
        if installed != number:
            differing[name] = (installed, number)
    assert differing == {}


def test_the_extra_is_what_the_requirements_of_milvus_pin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    client, server = pins("requirements-milvus.txt").items()
    assert project["optional-dependencies"] == {"milvus": ["==".join(client)]} and server[0] == "milvus-lite"
