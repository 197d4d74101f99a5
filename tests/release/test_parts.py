"""The lists of parts, with hashes and licences, are those of the locks.

After a change of a lock or of the version: make sbom licences.
"""

import json
import re

import pytest

from qa import __version__
from release import licences, sbom
from release.locks import DEVELOP, ROOT, RUN, locked

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def hashes_in(text: str) -> list[str]:
    return sorted(_HASH.findall(text))


def test_the_bill_of_materials_holds_every_locked_package_with_its_hashes() -> None:
    bill = json.loads(sbom.FILE.read_text(encoding="utf-8"))
    assert {one["name"]: one["version"] for one in bill["components"]} == locked(*RUN)
    listed = [
        digest["content"]
        for one in bill["components"]
        for reference in one["externalReferences"]
        for digest in reference["hashes"]
    ]
    assert sorted(listed) == hashes_in("".join((ROOT / name).read_text(encoding="utf-8") for name in RUN))
    assert len(listed) > 1000


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
