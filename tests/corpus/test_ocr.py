"""Scans are read with RapidOCR, offline; without it they are refused with the command that installs it."""

import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.errors import Failed, Quarantined
from corpus.limits import DEFAULT_BUDGET, Budget
from corpus.loaders.parts import ocr
from corpus.loaders.parts.layout.lines import Line, Sheet, joined
from corpus.loaders.parts.layout.paragraphs import paragraphs
from tests.support.files import office_files

BOXES = (("合作协议", 400.0, 85.0, 60.0), ("提供标准厂房30万平", 1053.0, 193.0, 38.0), ("方米。", 187.0, 245.0, 43.0))
ROOT = Path(__file__).parents[2]


SCANS: Mapping[str, Callable[[], bytes]] = {
    "扫描.png": office_files.image_file,
    "扫描.pdf": office_files.scanned_pdf,
}


@cache
def recognised(name: str) -> Document:
    """What is read of a scan, which takes seconds, once for all tests."""
    return convert(name, SCANS[name](), DEFAULT_BUDGET)


@pytest.mark.long
@pytest.mark.parametrize("name", SCANS)
def test_a_scan_gives_the_sentences_that_were_printed(name: str) -> None:
    document = recognised(name)
    assert [sentence for sentence in office_files.SENTENCES if sentence not in document.text] == []
    assert document.title == office_files.TITLE


@pytest.mark.long
def test_an_upside_down_scan_is_read_from_its_top() -> None:
    text = recognised("扫描.png").text
    picture = office_files.saved_image(office_files.page_image().rotate(180))
    turned = convert("扫描.png", picture, DEFAULT_BUDGET).text
    places = [turned.find(sentence) for sentence in office_files.SENTENCES]
    assert places == sorted(places) and places[0] >= 0
    assert "".join(turned.split()) == "".join(text.split())


@pytest.mark.long
def test_each_page_of_a_scan_wins_time_for_the_next_and_has_its_label() -> None:
    done = 0

    def page_done() -> None:
        nonlocal done
        done += 1

    document = convert("扫描.tiff", office_files.image_file("TIFF", pages=2), Budget(page_done=page_done))
    assert [page.label for page in document.pages] == ["第1页", "第2页"]
    assert document.place(document.text.rindex("237家")) == "第2页"
    assert done >= 2


@pytest.mark.long
def test_recognition_opens_no_socket_and_writes_nothing(tmp_path: Path) -> None:
    """Within the isolation that would make either fail; the control is that the words come out."""
    (tmp_path / "page.png").write_bytes(office_files.image_file(size=(1240, 700)))
    code = (
        "import sys; from corpus.conversion.isolation import isolate\n"
        "from corpus.conversion.convert import convert; from corpus.limits import DEFAULT_BUDGET\n"
        "reaching, seen = ('socket.connect', 'socket.getaddrinfo', 'socket.sendto', 'urllib.Request'), []\n"
        "sys.addaudithook(lambda event, _: seen.append(event) if event in reaching else None)\n"
        "isolate(most_megabytes=3000)\n"
        f"text = convert('page.png', open({str(tmp_path / 'page.png')!r}, 'rb').read(), DEFAULT_BUDGET).text\n"
        "assert '结成13对帮扶对子' in text, text\nassert seen == [], seen\n"
        "assert not {'torch', 'gradio'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, check=True)


def test_boxes_of_slightly_different_heights_are_of_one_size() -> None:
    pieces = [Line(text, 100, right, top, top + high, high) for text, right, top, high in BOXES]
    lines = ocr._in_reading_order(pieces)
    groups = list(paragraphs([Sheet(400, tuple(lines))]))
    assert [joined([placed.line.text for placed in group]) for group in groups] == [
        "合作协议",
        "提供标准厂房30万平方米。",
    ]


def test_without_the_packages_a_scan_names_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ocr._engine.cache_clear()
    monkeypatch.setattr(ocr, "available", lambda: False)
    for name, content in (
        ("扫描.png", office_files.image_file(size=(90, 90))),
        ("扫描.pdf", office_files.scanned_pdf(size=(90, 90))),
    ):
        with pytest.raises(Failed, match=r"pip install -r requirements-ocr\.txt"):
            convert(name, content, DEFAULT_BUDGET)


@pytest.mark.long
def test_recognition_silences_its_library_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    ocr._engine.cache_clear()
    caplog.set_level(logging.INFO)
    ocr._engine()
    of_the_library, other = logging.getLogger(ocr._LOGGER), logging.getLogger("corpus.another")
    other.info("heard")
    assert [record.message for record in caplog.records if record.name == other.name] == ["heard"]
    silent = [level for level in (logging.INFO, logging.ERROR) if not of_the_library.filter(record_of(level))]
    assert of_the_library.handlers and silent == [logging.INFO, logging.ERROR]
    assert of_the_library.filter(record_of(logging.CRITICAL))


def record_of(level: int) -> logging.LogRecord:
    return logging.LogRecord(ocr._LOGGER, level, __file__, 1, "model", None, None)


@pytest.mark.long
def test_pictures_of_too_many_pixels_are_quarantined() -> None:
    content = office_files.image_file(size=(9000, 9000))
    with pytest.raises(Quarantined, match="9000×9000"):
        convert("大.png", content, DEFAULT_BUDGET)


def test_what_is_not_installed_is_named_in_the_file_that_installs_it() -> None:
    names = (ROOT / "requirements-ocr.txt").read_text(encoding="utf-8")
    assert ocr.INSTALL == "pip install -r requirements-ocr.txt"
    assert "rapidocr==" in names and "onnxruntime==" in names and "opencv-python-headless==" in names
