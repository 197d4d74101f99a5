"""Of what lies in the upload folder only regular files are opened, once, by the session that sent them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.web.staff.arrivals import MOST_FILES, Arrivals, NotUploaded
from qa.web.staff.tabs.documents import upload_box

HASH = "a" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "uploads" / HASH).mkdir(parents=True)
    return tmp_path / "uploads"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("密", encoding="utf-8")
    return path


def test_a_file_just_sent_is_opened_once_and_then_removed(folder: Path) -> None:
    path = folder / HASH / "办法《试行》.md"
    path.write_bytes(b"text")
    arrivals = Arrivals(folder)
    arrivals.note("mine", [str(path)])
    assert arrivals.has("mine", str(path))
    with arrivals.taken("mine", str(path)) as content:
        assert content.read() == b"text"
    assert not path.exists() and not arrivals.has("mine", str(path))
    path.write_bytes(b"text")
    with pytest.raises(NotUploaded), arrivals.taken("mine", str(path)):
        pass
    assert path.exists()


def test_it_is_removed_when_reading_it_fails_too(folder: Path) -> None:
    path = folder / HASH / "a.md"
    path.write_bytes(b"text")
    arrivals = Arrivals(folder)
    arrivals.note("mine", [str(path)])
    with pytest.raises(ValueError), arrivals.taken("mine", str(path)):
        raise ValueError
    assert not path.exists()


def test_no_other_session_has_it(folder: Path) -> None:
    path = folder / HASH / "a.md"
    path.write_bytes(b"text")
    arrivals = Arrivals(folder)
    arrivals.note("mine", [str(path)])
    assert not arrivals.has("yours", str(path))
    with pytest.raises(NotUploaded), arrivals.taken("yours", str(path)):
        pass
    assert path.exists() and arrivals.has("mine", str(path))


@pytest.mark.parametrize(
    "path",
    [
        "{secret}",
        "{folder}/../secret.txt",
        "{folder}/{hash}/../../secret.txt",
        "{folder}/{hash}/..",
        "{folder}/{hash}/",
        "{folder}/{hash}",
        "{folder}/secret.txt",
        "{folder}/{hash}/sub/a.md",
        "/proc/self/environ",
        "/dev/zero",
        "",
    ],
)
def test_a_path_outside_is_not_even_remembered(folder: Path, secret: Path, path: str) -> None:
    arrivals = Arrivals(folder)
    path = path.format(secret=secret, folder=folder, hash=HASH)
    arrivals.note("mine", [path])
    assert not arrivals.has("mine", path)
    with pytest.raises(NotUploaded), arrivals.taken("mine", path):
        pass
    assert secret.exists()


def _link(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def _second_name(path: Path, secret: Path) -> None:
    path.hardlink_to(secret)


def _pipe(path: Path, secret: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path, secret: Path) -> None:
    path.mkdir()


def _linked_folder(path: Path, secret: Path) -> None:
    path.parent.rmdir()
    path.parent.symlink_to(secret.parent)
    path.parent.joinpath("a.md").write_bytes(b"elsewhere")


@pytest.mark.parametrize("plant", [_link, _second_name, _pipe, _folder, _linked_folder])
def test_what_is_no_regular_file_is_neither_opened_nor_removed(
    folder: Path, secret: Path, plant: Callable[[Path, Path], None]
) -> None:
    path = folder / HASH / "a.md"
    plant(path, secret)
    arrivals = Arrivals(folder)
    arrivals.note("mine", [str(path)])
    assert not arrivals.has("mine", str(path))
    with pytest.raises(NotUploaded), arrivals.taken("mine", str(path)):
        pass
    assert secret.exists() and os.path.lexists(path)


def test_the_sweep_removes_links_and_not_what_they_lead_to(folder: Path, secret: Path) -> None:
    _link(folder / HASH / "a.md", secret)
    (folder / "b").symlink_to(secret.parent)
    assert upload_box.sweep(folder) == 2
    assert secret.exists() and [*folder.rglob("*")] in ([], [folder / HASH])


def test_only_the_last_files_of_a_session_are_remembered(folder: Path) -> None:
    arrivals = Arrivals(folder)
    paths = [folder / HASH / f"{number}.md" for number in range(MOST_FILES + 1)]
    for path in (paths[0], paths[-1]):
        path.write_bytes(b"x")
    arrivals.note("mine", map(str, paths))
    assert [arrivals.has("mine", str(path)) for path in (paths[0], paths[-1])] == [False, True]
