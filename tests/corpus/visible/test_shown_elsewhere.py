"""What is shown is what is read, of pages: PDFs that LibreOffice prints, and web pages that Chromium prints."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.visible.printing import SOFFICE, characters, converted, text_of_pdf
from tests.corpus.visible.samples.sheet_samples import sheet_samples
from tests.corpus.visible.samples.slide_samples import slide_samples
from tests.corpus.visible.samples.web_samples import web_samples
from tests.corpus.visible.samples.word_samples import word_samples
from tests.support.programs.browsing import CHROMIUM

pytestmark = pytest.mark.long
WEB = dict(web_samples())
OFFICE = (
    {f"{name}.docx": make for name, make in word_samples()}
    | {f"slides_{name}.pptx": make for name, make in slide_samples()}
    | {f"sheet_{name}.xlsx": make for name, make in sheet_samples()}
)
# As in test_shown.py: marks of notes are not read, and units in brackets are read behind the figures.
_LEFT_OUT = {"footnotes": "1", "sheet_years": "（（））"}
_STRUCK = {"struck": "20元"}
_HIDDEN = re.compile("密[\u4e00-\u9fff]+")
_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]


@pytest.fixture(scope="session")
def printed_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted({name: make() for name, make in OFFICE.items()}, "pdf", tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def printed_web(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What Chromium shows of each page."""
    folder = tmp_path_factory.mktemp("web")
    for name, page in WEB.items():
        source = folder / f"{name}.html"
        source.write_bytes(page)
        made = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / name}.pdf"]
        subprocess.run([CHROMIUM, *_ARGUMENTS, *made, source.as_uri()], check=True, capture_output=True, timeout=120)
    return {name: text_of_pdf(folder / f"{name}.pdf") for name in WEB}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed: apt-get install libreoffice")
@pytest.mark.parametrize("stem", [Path(name).stem for name in OFFICE])
def test_what_a_pdf_shows_is_read(stem: str, printed_office: Path) -> None:
    path = printed_office / f"{stem}.pdf"
    shown = characters(text_of_pdf(path)) - characters(_LEFT_OUT.get(stem, ""))
    text = convert(path.name, path.read_bytes(), DEFAULT_BUDGET).text
    missing = shown - characters(text)
    assert shown.total() >= 4
    assert missing.total() <= 0.01 * shown.total(), f"not read: {''.join(missing.elements())}"
    assert not _HIDDEN.search(text)


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize("name", WEB)
def test_what_a_browser_shows_of_a_page_is_read_and_nothing_else(name: str, printed_web: Mapping[str, str]) -> None:
    text = convert(f"{name}.html", WEB[name], DEFAULT_BUDGET).text
    shown = characters(printed_web[name]) - characters(_STRUCK.get(name, ""))
    missing = shown - characters(text)
    assert missing.total() <= 0.01 * shown.total(), f"not read: {''.join(missing.elements())}"
    assert _HIDDEN.findall(text) == _HIDDEN.findall(printed_web[name]) == []


def test_hidden_words_stand_in_the_pages() -> None:
    assert sum(len(_HIDDEN.findall(page.decode())) for page in WEB.values()) >= 15
