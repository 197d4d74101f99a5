"""Files that staff leave out of what is published until they are mended, each at the content that it had then."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from corpus.files.scan import File, Scan
from index.files import atomic

FILE = "left-out.json"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is left out: its hash (empty if it was deleted), since when, by whom and why."""

    name: str
    sha256: str
    at: str
    who: str
    why: str


def read(home: Path) -> tuple[LeftOut, ...]:
    """Return the files that staff left out, whether they have changed since or not."""
    try:
        return tuple(LeftOut(**one) for one in json.loads((home / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def keep(home: Path, left: Sequence[LeftOut], write: Callable[[Path, bytes], None] = atomic.replace) -> None:
    """Store the files that are left out from now on; `write` has other machines know them, too."""
    write(home / FILE, json.dumps([asdict(one) for one in left], ensure_ascii=False).encode())


def standing(left: Sequence[LeftOut], found: Scan) -> dict[str, LeftOut]:
    """Return those that hold: a file with another content was mended."""
    now = {file.name: file.sha256 for file in found.files}
    return {one.name: one for one in left if now.get(one.name, "") == one.sha256}


def without(
    found: Scan, left: Mapping[str, LeftOut], sources: Mapping[str, tuple[str, int]], folder: Path
) -> tuple[Scan, frozenset[str]]:
    """Return a folder as if what is left out had not changed since the `sources` of what is published.

    Return also the names of the files whose published documents stay, whatever the folder holds.
    """
    held = frozenset(name for name in left if name in sources)
    files = {file.name: file for file in found.files if file.name not in left}
    files |= {name: File(name, folder / name, *sources[name]) for name in held}
    return replace(found, files=tuple(files[name] for name in sorted(files))), held
