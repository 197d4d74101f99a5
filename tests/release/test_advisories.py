"""A copy of PyPI's advisories is searched for the locked versions."""

from pathlib import Path

import pytest

from release.advisories import Missing, look_up, main

PACKAGES = {"pillow": "12.1.0", "lxml": "6.0.0"}
NEWER = """
id: PYSEC-2026-1
modified: 2026-03-01T00:00:00Z
aliases: [CVE-2026-1]
affected:
- package: {{ecosystem: PyPI, name: Pillow}}
  ranges:
  - {{type: GIT, repo: https://example.org, events: [{{introduced: "0"}}]}}
  - type: ECOSYSTEM
    events: {events}
  versions: {versions}
{more}
"""


def folder(tmp_path: Path, events: str, *, versions: str = "[]", more: str = "") -> Path:
    place = tmp_path / "vulns" / "pillow"
    place.mkdir(parents=True)
    text = NEWER.format(events=events, versions=versions, more=more)
    (place / "PYSEC-2026-1.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("events", "holds"),
    [
        ("[{introduced: '0'}]", True),
        ("[{introduced: '0'}, {fixed: 12.1.1}]", True),
        ("[{introduced: '0'}, {fixed: 12.1.0}]", False),
        ("[{introduced: 12.2.0}]", False),
        ("[{introduced: '0'}, {last_affected: 12.1.0}]", True),
        ("[{introduced: '0'}, {last_affected: 12.0.9}]", False),
        ("[{fixed: 9.5.0}, {introduced: '0'}, {introduced: 12.0.0}, {fixed: 12.1.1}]", True),
        ("[{introduced: '0'}, {fixed: 9.5.0}, {introduced: 10.0.0}, {fixed: 11.0.0}]", False),
    ],
)
def test_an_advisory_holds_for_the_versions_between_its_events(tmp_path: Path, events: str, holds: bool) -> None:
    told = look_up(folder(tmp_path, events), PACKAGES)
    assert told.found == (("pillow 12.1.0: PYSEC-2026-1 CVE-2026-1",) if holds else ())
    assert (told.looked_at, told.newest) == (1, "2026-03-01")


def test_a_listed_version_is_found_and_a_withdrawn_advisory_is_not(tmp_path: Path) -> None:
    listed, events = "['12.1.0']", "[{introduced: '0'}, {fixed: '1'}]"
    assert look_up(folder(tmp_path / "a", events, versions=listed), PACKAGES).found
    withdrawn = folder(tmp_path / "b", events, versions=listed, more="withdrawn: 2026-04-01T00:00:00Z")
    assert not look_up(withdrawn, PACKAGES).found


def test_without_advisories_nothing_counts_as_sound(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="git clone"):
        look_up(tmp_path, PACKAGES)
    assert main(tmp_path) == 2
    # A version that is locked, by a bound that every version exceeds.
    assert main(folder(tmp_path, "[{introduced: '0'}]")) == 1
    assert main(folder(tmp_path / "sound", "[{introduced: '0'}, {fixed: '1'}]")) == 0
