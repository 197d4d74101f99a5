"""What is shown is what is read: our text of office files beside that of the pages that LibreOffice prints."""

import re

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.visible.printing import SOFFICE, characters, printed
from tests.corpus.visible.slide_samples import slide_samples
from tests.corpus.visible.word_samples import word_samples
from tests.support.files.office_files import unzipped

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice"),
]
FILES = {f"{name}.docx": content for name, content in word_samples()} | {
    f"slides_{name}.pptx": content for name, content in slide_samples()
}
_HIDDEN = re.compile("密[\u4e00-\u9fff]+")
# Marks of notes are not read: 二百元1 would be another amount.
_MARKS = {"footnotes.docx": "11", "endnotes.docx": "ii"}


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return printed(FILES, tmp_path_factory.mktemp("printed"))


@pytest.mark.parametrize("name", FILES)
def test_what_is_printed_is_read(name: str, pages: dict[str, str]) -> None:
    shown = characters(pages[name]) - characters(_MARKS.get(name, ""))
    read = characters(convert(name, FILES[name], DEFAULT_BUDGET).text)
    missing = shown - read
    assert shown.total() >= 4
    assert missing.total() <= 0.01 * shown.total(), f"not read: {''.join(missing.elements())}"


@pytest.mark.parametrize("name", FILES)
def test_what_is_not_printed_is_not_read(name: str, pages: dict[str, str]) -> None:
    text = convert(name, FILES[name], DEFAULT_BUDGET).text
    assert _HIDDEN.findall(text) == []
    assert _HIDDEN.findall(pages[name]) == []


def test_hidden_words_stand_in_the_files() -> None:
    parts = (
        "".join(part.decode("utf-8", "replace") for part in unzipped(content).values()) for content in FILES.values()
    )
    assert sum(bool(_HIDDEN.search(part)) for part in parts) >= 12
