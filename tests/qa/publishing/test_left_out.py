"""What staff leave out of a publication stays as it is published, until its file is another."""

from pathlib import Path

import pytest

from corpus.files.scan import scan
from qa.publishing import left_out
from qa.publishing.left_out import LeftOut
from qa.publishing.refresh.running import look
from tests.support.doubles.toy import COOPERATION
from tests.support.files.container_files import gbk_zip
from tests.support.programs.refresh_office import RefreshOffice

VILLAGE = "村里\n\n村里有{}口井。\n"


@pytest.fixture
def office(tmp_path: Path) -> RefreshOffice:
    """A text, an archive and a file that will be deleted, published."""
    office = RefreshOffice(tmp_path)
    office.write("合作.txt", COOPERATION.text)
    office.write("将删.txt", VILLAGE.format(9))
    (office.folder / "包.zip").write_bytes(gbk_zip({"村.txt": VILLAGE.format(3).encode()}))
    office.refresh()
    return office


def leave_out(office: RefreshOffice, *names: str) -> None:
    now = {file.name: file.sha256 for file in scan(office.folder).files}
    left_out.keep(office.home, [LeftOut(name, now.get(name, ""), "2026", "王芳", "有误") for name in names])


def published(office: RefreshOffice) -> dict[str, str]:
    found = office.store.load(office.store.published() or "", model="toy-1")
    return {one.name: one.text for one in found.documents}


@pytest.mark.parametrize("anew", [False, True])
def test_what_is_left_out_stays_as_it_was_and_the_others_are_published(office: RefreshOffice, anew: bool) -> None:
    before = published(office)
    office.write("合作.txt", "合作\n\n合作很好。\n")
    (office.folder / "包.zip").write_bytes(gbk_zip({"村.txt": VILLAGE.format(5).encode()}))
    (office.folder / "将删.txt").unlink()
    office.write("新.txt", VILLAGE.format(7))
    office.write("也新.txt", VILLAGE.format(8))
    left = ("合作.txt", "包.zip", "将删.txt", "新.txt")
    leave_out(office, *left)
    planned = look(office.means)
    assert (planned.added, planned.changed, planned.removed) == (("也新.txt",), (), ())
    assert office.refresh(anew=anew).published
    now = published(office)
    assert {name: text for name, text in now.items() if name != "也新.txt"} == before and "7" not in now["也新.txt"]
    left_out.keep(office.home, [])
    office.refresh(force=True, why="看过了")
    assert set(published(office)) == {"合作.txt", "包.zip/村.txt", "新.txt", "也新.txt"}, "the control"


def test_a_file_that_was_mended_is_published_again(office: RefreshOffice) -> None:
    office.write("将删.txt", VILLAGE.format(1))
    leave_out(office, "将删.txt")
    assert look(office.means).nothing
    office.write("将删.txt", VILLAGE.format(2))
    assert look(office.means).changed == ("将删.txt",)


def test_a_list_that_cannot_be_read_leaves_nothing_out(office: RefreshOffice) -> None:
    (office.home / left_out.FILE).write_text('[{"name": 1}, ', encoding="utf-8")
    assert left_out.read(office.home) == ()
