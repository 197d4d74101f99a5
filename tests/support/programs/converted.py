"""The models, unpacked and converted once for all runs of the tests whose code makes the same of them."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.runtime.settings import ROOT

# What decides how the converted files look: the code, its weights, and the versions of the libraries.
_MADE_BY = ("index/embedding", "qa/answering/reader", "requirements.txt", "requirements.lock")
_SUFFIXES = {".py", ".safetensors", ".txt", ".lock"}


@dataclass(frozen=True, slots=True)
class Converted:
    """A folder of models, which appears whole or not at all."""

    folder: Path

    def lend(self, home: Path) -> None:
        """Have the models below another home too; nothing where no run has kept any."""
        if self.folder.is_dir():
            lend(self.folder, home / "models")

    def keep(self, home: Path) -> None:
        """Keep the models of a home for the next run, in place of those that other code made."""
        if self.folder.is_dir():
            return
        aside = self.folder.with_name(f".{self.folder.name}-{os.getpid()}")
        lend(home / "models", aside)
        for other in self.folder.parent.iterdir():
            if other != aside:
                shutil.rmtree(other, ignore_errors=True)
        aside.rename(self.folder)


def lend(folder: Path, to: Path) -> None:
    """Copy a folder whose files are never changed in place; without their bytes where the disk allows."""
    shutil.copytree(folder, to, copy_function=_link)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one that knows no links
        shutil.copy2(source, target)


def converted_by_this_code(folder: Path, root: Path = ROOT) -> Converted:
    """Return the models below `folder` that the code below `root` makes."""
    digest = hashlib.sha256()
    for path in _sources(root):
        digest.update(f"{path.relative_to(root)} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return Converted(folder / digest.hexdigest()[:16])


def _sources(root: Path) -> Iterator[Path]:
    for name in _MADE_BY:
        path = root / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (one for one in found if one.is_file() and one.suffix in _SUFFIXES)
