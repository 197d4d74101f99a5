"""Looks the locked packages up in a copy of PyPI's advisories, where their services are out of reach.

    python -m release.advisories FOLDER

FOLDER is a checkout of https://github.com/pypa/advisory-database. Ends with 1 where an advisory names a locked version,
and with 2 where there are no advisories. A copy knows nothing of what was found since: the newest date is told.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import Version

from release.locks import DEVELOP, RUN, locked


class Missing(Exception):
    """The folder holds no advisories."""


@dataclass(frozen=True, slots=True)
class Advisories:
    """Those of a folder that name a locked package: what they say, and the newest date of them all."""

    found: tuple[str, ...]
    looked_at: int
    newest: str


def look_up(folder: Path, packages: Mapping[str, str]) -> Advisories:
    """Return which advisories hold for packages, by name and version. Raises `Missing`."""
    paths = sorted(folder.glob("vulns/*/*.yaml"))
    if not paths:
        raise Missing(f"{folder} holds no vulns/*/*.yaml; git clone https://github.com/pypa/advisory-database")
    newest, looked_at, found = "", 0, list[str]()
    for path in paths:
        advisory = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        newest = max(newest, str(advisory.get("modified", ""))[:10])
        if path.parent.name in packages:
            looked_at += 1
            found += _of(advisory, packages)
    return Advisories(tuple(found), looked_at, newest)


def _of(advisory: Mapping[str, Any], packages: Mapping[str, str]) -> Iterator[str]:
    if advisory.get("withdrawn"):
        return
    for affected in advisory.get("affected", ()):
        name = str(canonicalize_name(affected["package"]["name"]))
        if name in packages and _holds_for(affected, packages[name]):
            yield f"{name} {packages[name]}: {advisory['id']} {', '.join(advisory.get('aliases', ()))}".rstrip()


def _holds_for(affected: Mapping[str, Any], version: str) -> bool:
    """Return whether a version is listed or lies in a range (OSV, "Evaluation")."""
    ranges = (one["events"] for one in affected.get("ranges", ()) if one["type"] == "ECOSYSTEM")
    return version in map(str, affected.get("versions", ())) or any(_within(events, version) for events in ranges)


def _within(events: list[Mapping[str, Any]], version: str) -> bool:
    held, wanted = False, Version(version)
    places = sorted(
        ((Version(str(at)), what) for event in events for what, at in event.items()), key=lambda one: one[0]
    )
    for at, what in places:
        if what == "introduced" and wanted >= at:
            held = True
        elif (what == "fixed" and wanted >= at) or (what == "last_affected" and wanted > at):
            held = False
    return held


def main(folder: Path) -> int:
    """Print what was found; return the exit code."""
    packages = locked(*RUN, *DEVELOP)
    try:
        told = look_up(folder, packages)
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 2
    print(*told.found, sep="\n", end="\n" if told.found else "")
    print(f"{len(packages)} packages, {told.looked_at} advisories of them, the newest of all is of {told.newest}")
    return 1 if told.found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
