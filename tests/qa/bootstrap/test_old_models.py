"""What earlier weights were converted to does not fill the disk for ever, and nobody loses what is in use."""

import os
import shutil
import time
from pathlib import Path

import pytest

from index.embedding import bundled_model, openvino
from qa.answering.reader.opening import network_paths
from qa.bootstrap.old_models import KEPT_SECONDS, remove_old_models

ENCODER = bundled_model.FOLDER
OLD = (
    "multilingual-e5-small-000000000000-1",
    f"{ENCODER}-000000000000",
    f"embedder-{ENCODER}-000000000000",
    f"reader-000000000000-{ENCODER}",
    f"reader4-000000000000-{ENCODER}",
    f"extractive-000000000000-{ENCODER}",
    f"verifier-000000000000-111111111111-{ENCODER}",
    ".removed-verifier-000000000000",
)
FOREIGN = ("notes", "embedder-mine", "multilingual-e5-small", "all-MiniLM-L6-v2")


def made(home: Path, name: str, *, age: float = KEPT_SECONDS + 60) -> Path:
    folder = home / "models" / name
    folder.mkdir(parents=True)
    (folder / "openvino_model.bin").write_bytes(b"network")
    for path in (folder / "openvino_model.bin", folder):
        os.utime(path, (time.time() - age,) * 2)
    return folder


def used(home: Path) -> set[str]:
    networks = [openvino.network_path(home), *network_paths(home, ENCODER)]
    return {ENCODER, *(path.parent.name for path in networks)}


def test_networks_of_earlier_weights_go_and_all_else_stays(tmp_path: Path) -> None:
    for name in (*OLD, *FOREIGN, *used(tmp_path)):
        made(tmp_path, name)
    assert len(used(tmp_path)) == 4
    assert sorted(remove_old_models(tmp_path)) == sorted(OLD)
    assert {path.name for path in (tmp_path / "models").iterdir()} == {*FOREIGN, *used(tmp_path)}


def test_what_was_written_within_a_day_stays(tmp_path: Path) -> None:
    made(tmp_path, OLD[2], age=KEPT_SECONDS - 60)
    touched = made(tmp_path, OLD[3])
    os.utime(touched / "openvino_model.bin")
    assert remove_old_models(tmp_path) == []
    assert len(list((tmp_path / "models").iterdir())) == 2


def test_without_models_there_is_nothing_to_remove(tmp_path: Path) -> None:
    assert remove_old_models(tmp_path) == [] and not (tmp_path / "models").exists()


def test_what_cannot_be_removed_is_logged_and_the_others_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in OLD[2:4]:
        made(tmp_path, name)
    remove = shutil.rmtree

    def refusing(path: Path) -> None:
        if OLD[2] in path.name:
            raise PermissionError(13, "Permission denied")
        remove(path)

    monkeypatch.setattr(shutil, "rmtree", refusing)
    assert remove_old_models(tmp_path) == [OLD[3]]
    assert [
        (record.levelname, OLD[2] in record.message) for record in caplog.records if "Cannot" in record.message
    ] == [("WARNING", True)]
