"""What is shown is what is read: our text of office files beside that of the pages that LibreOffice prints."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.visible.printing import SOFFICE, characters, converted, printed
from tests.corpus.visible.samples.flat_samples import flat_samples
from tests.corpus.visible.samples.sheet_samples import sheet_samples
from tests.corpus.visible.samples.slide_samples import slide_samples
from tests.corpus.visible.samples.word_samples import word_samples
from tests.support.files.office_files import unzipped

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice"),
]
# Made when a test needs them: every process that runs tests reads this file.
OURS = (
    {f"{name}.docx": make for name, make in word_samples()}
    | {f"slides_{name}.pptx": make for name, make in slide_samples()}
    | {f"sheet_{name}.xlsx": make for name, make in sheet_samples()}
)
FLAT = {Path(name).stem + made: (name, made, content) for name, made, content in flat_samples()}
NAMES = [*OURS, *FLAT]
_HIDDEN = re.compile("密[\u4e00-\u9fff]+")
# Marks of notes are not read: 二百元1 would be another amount. Units in brackets are read behind the figures, page
# numbers not at all.
_MARKS = {"footnotes.docx": "11", "endnotes.docx": "ii", "made_footnote.docx": "11", "sheet_margins.xlsx": "（）1"}
_MARKS |= {f"sheet_{name}.xlsx": "（）" * 2 for name, _ in sheet_samples() if name != "margins"}
_MARKS |= {"struck.docx": "三十元"}  # seen, and holding no more
_MARKS |= {name: "Page1" for name in FLAT if name.endswith(".xlsx")}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All files, with those that LibreOffice itself makes."""
    folder = tmp_path_factory.mktemp("made")
    made = {name: make() for name, make in OURS.items()}
    for suffix, group in groupby(FLAT, key=lambda name: FLAT[name][1]):
        names = list(group)
        out = converted({FLAT[name][0]: FLAT[name][2] for name in names}, suffix[1:], folder)
        made |= {name: (out / name).read_bytes() for name in names}
    return made


@pytest.fixture(scope="session")
def pages(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return printed(files, tmp_path_factory.mktemp("printed"))


@pytest.fixture(scope="session")
def text_of(files: Mapping[str, bytes]) -> Callable[[str], str]:
    """What is read of a file, each read once."""
    return cache(lambda name: convert(name, files[name], DEFAULT_BUDGET).text)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_read(name: str, text_of: Callable[[str], str], pages: Mapping[str, str]) -> None:
    shown = characters(pages[name]) - characters(_MARKS.get(name, ""))
    read = characters(text_of(name))
    missing = shown - read
    assert shown.total() >= 4
    assert missing.total() <= 0.01 * shown.total(), f"not read: {''.join(missing.elements())}"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_printed_is_not_read(name: str, text_of: Callable[[str], str], pages: Mapping[str, str]) -> None:
    assert _HIDDEN.findall(text_of(name)) == []
    assert _HIDDEN.findall(pages[name]) == []


def test_hidden_words_stand_in_the_files(files: Mapping[str, bytes]) -> None:
    parts = (
        "".join(part.decode("utf-8", "replace") for part in unzipped(content).values()) for content in files.values()
    )
    assert sum(bool(_HIDDEN.search(part)) for part in parts) >= 20
    assert len(files) >= 60
