"""The manifest of a snapshot: what its files must be, so that nothing else is ever served."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from index.files.atomic import sha256
from index.snapshots.snapshot import READABLE, Recipe, Snapshot, SnapshotDamaged, SnapshotForeign

NAME = "MANIFEST.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts about a snapshot, without its indexes; `documents` maps names to content hashes."""

    snapshot: str
    digest: str
    recipe: Mapping[str, Any]
    built_at: datetime
    passages: int
    documents: Mapping[str, str]
    files: Mapping[str, Mapping[str, Any]]

    def damage(self, folder: Path) -> Iterator[str]:
        """Yield the faults of files in `folder` that differ from what was written."""
        for name, file in self.files.items():
            path = folder / name
            try:
                if path.stat().st_size != file["bytes"] or sha256(path) != file["sha256"]:
                    yield f"{name}不是当初写入的文件"
            except OSError as error:
                yield _unreadable(name, error)

    def checked(self, folder: Path, name: str) -> bytes:
        """Return the content of one file. Raises `SnapshotDamaged` if it differs from what was written."""
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            raise SnapshotDamaged(f"{self.snapshot}已损坏：{_unreadable(name, error)}") from error
        if hashlib.sha256(content).hexdigest() != self.files.get(name, {}).get("sha256"):
            raise SnapshotDamaged(f"{self.snapshot}已损坏：{name}不是当初写入的文件")
        return content

    def check_recipe(self, model: str) -> None:
        """Raises `SnapshotForeign` if this program with `model` would build another snapshot."""
        known = self.recipe
        expected = Recipe(model, known.get("dimensions", 0), known.get("max_tokens", 0)).as_json()
        if known.get("format") in READABLE:
            expected["format"] = known["format"]
        differing = [key for key in expected if known.get(key) != expected[key]]
        if differing or known.keys() != expected.keys():
            what = "，".join(f"{key}：{known.get(key)}，现在是{expected[key]}" for key in differing)
            raise SnapshotForeign(f"{self.snapshot}不是现在的程序和模型建的（{what}）；请运行 python -m qa refresh")


def content(snapshot: Snapshot, folder: Path) -> bytes:
    """Return the manifest of a snapshot whose files lie in `folder`."""
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {
        "recipe": snapshot.recipe.as_json(),
        "built_at": snapshot.built_at.isoformat(),
        "passages": len(snapshot.passages),
        "documents": {document.name: document.content_hash for document in snapshot.documents},
        "files": files,
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def read(folder: Path) -> Manifest:
    """Return the manifest in a snapshot's folder; the files that it names are not checked.

    Raises `SnapshotDamaged`.
    """
    try:
        return parse(folder.name, (folder / NAME).read_bytes())
    except OSError as error:
        raise SnapshotDamaged(f"{folder.name}已损坏：清单{NAME}读不出") from error


def parse(name: str, raw: bytes) -> Manifest:
    """Return the manifest of the snapshot `name` from its bytes. Raises `SnapshotDamaged`."""
    try:
        entry = json.loads(raw)
        files = {
            str(path): {"bytes": int(f["bytes"]), "sha256": str(f["sha256"])} for path, f in entry["files"].items()
        }
        if not files:
            raise ValueError("no files")
        return Manifest(
            name,
            hashlib.sha256(raw).hexdigest(),
            dict(entry["recipe"]),
            datetime.fromisoformat(entry["built_at"]),
            int(entry["passages"]),
            dict(entry["documents"]),
            files,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SnapshotDamaged(f"{name}已损坏：清单{NAME}读不出") from error


def _unreadable(name: str, error: OSError) -> str:
    return f"{name}缺失" if isinstance(error, FileNotFoundError) else f"{name}读不出（{error.strerror}）"
