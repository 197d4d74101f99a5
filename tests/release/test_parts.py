"""The lists of parts, with hashes and licences, are those of the locks.

After a change of a lock or of the version: make sbom licences.
"""

import json
import re
from typing import Any

import pytest

from qa import __version__
from release import licences, sbom
from release.locks import DEVELOP, ROOT, RUN, locked

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def hashes_in(text: str) -> list[str]:
    return sorted(_HASH.findall(text))


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [one for one in json.loads(sbom.FILE.read_text(encoding="utf-8"))["components"] if one["type"] == kind]


def test_the_bill_of_materials_holds_every_locked_package_with_its_hashes() -> None:
    libraries = of_kind("library")
    assert {one["name"]: one["version"] for one in libraries} == locked(*RUN)
    listed = [
        digest["content"]
        for one in libraries
        for reference in one["externalReferences"]
        for digest in reference["hashes"]
    ]
    assert sorted(listed) == hashes_in("".join((ROOT / name).read_text(encoding="utf-8") for name in RUN))
    assert len(listed) > 1000


def test_the_bill_of_materials_holds_the_weights_as_they_lie_here() -> None:
    assert of_kind("machine-learning-model") == sbom.weights()
    folders = {(ROOT / one["name"]).parent for one in sbom.weights()}
    assert len(folders) == 3
    assert [one for one in folders if "CC BY-SA 4.0" not in (one / "MODEL_CARD.md").read_text(encoding="utf-8")] == []


def test_the_bill_of_materials_and_the_page_name_the_same_licences() -> None:
    rows = dict(
        re.findall(r"^\| \[?([a-z0-9-]+)\b.*?\| \S+ \| (.+) \|$", licences.PAGE.read_text("utf-8"), re.MULTILINE)
    )
    named = {one["name"]: one["licenses"][0]["license"]["name"] for one in of_kind("library")}
    assert len(named) > 90 and {name: rows[name] for name in named} == named


def test_the_bill_of_materials_is_of_this_version() -> None:
    bill = json.loads(sbom.FILE.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["metadata"]["component"]["version"]) == ("CycloneDX", __version__)


@pytest.mark.long
def test_the_page_of_licences_is_what_the_installed_packages_declare() -> None:
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()


def test_every_locked_package_has_a_licence() -> None:
    page = licences.PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[?([a-z0-9-]+)\b.*?\| (\S+) \| (.+) \|$", page, re.MULTILINE)
    assert {name: version for name, version, _ in rows} == {**locked(*DEVELOP), **locked(*RUN)}
    assert [name for name, _, licence in rows if licence == "UNKNOWN"] == []
