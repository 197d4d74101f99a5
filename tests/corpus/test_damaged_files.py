"""Damaged files of every format cost a reason at most: no crash of this process, no long wait, no writing.

FUZZ_FILES says how many of each format; `make test-fuzz` reads 5,000, 50 without it and with FULL.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.conversion.container import Converted, is_container
from corpus.conversion.converter import Converter
from corpus.errors import Failed, FileProblem
from corpus.files.scan import File
from corpus.limits import DEFAULT_LIMITS
from corpus.loaders.parts import libreoffice
from corpus.read import FileStatus, read
from index.files.atomic import sha256
from index.snapshots.served import load_served
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from tests.support.counts import FULL, count, some
from tests.support.doubles.toy import COOPERATION, ToyEmbedder
from tests.support.files import legacy_files
from tests.support.files.damaged_files import SEEDS, mutated
from tests.support.programs.refresh_office import GOLDEN, RefreshOffice

FILES = int(os.environ.get("FUZZ_FILES", count(10, whole=50)))
REFRESHES = max(2, FILES // 20) if FULL else 1  # with a damaged file of each format
PICTURES = (".png", ".jpg", ".tiff")
LONGEST = 10.0  # seconds of processor time
UNREAD = Path(__file__).parents[1] / "support" / "doubles" / "unread"


@pytest.fixture
def conversion() -> Iterator[Converter]:
    with _converter() as conversion:
        yield conversion


@pytest.fixture(scope="module")
def shared() -> Iterator[Converter]:
    """One process for the files of all formats, as in a refresh."""
    with _converter() as conversion:
        yield conversion


def _converter() -> Converter:
    return Converter(replace(DEFAULT_LIMITS, seconds=LONGEST))


# Recognition takes longest, and is the same for all pictures.
@pytest.mark.parametrize("suffix", some(SEEDS, part=[suffix for suffix in SEEDS if suffix not in PICTURES[1:]]))
def test_damaged_files_cost_a_reason_at_most(suffix: str, shared: Converter, tmp_path: Path) -> None:
    _convert_damaged(suffix, FILES if suffix not in PICTURES else FILES // 10, tmp_path, shared)


@pytest.mark.parametrize("suffix", PICTURES)
def test_damaged_pictures_cost_a_reason_at_most(
    suffix: str, conversion: Converter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoding is where hostile bytes are parsed; for all but a tenth of the pictures recognition is stood in for."""
    monkeypatch.setenv("PYTHONPATH", str(UNREAD))
    outcomes = _convert_damaged(suffix, FILES if FILES > 10 else 4, tmp_path, conversion)
    assert outcomes["read"]


@pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", some(legacy_files.FORMATS, part=(".doc", ".ods")))
def test_damaged_files_for_libreoffice_cost_a_reason_at_most(suffix: str, shared: Converter, tmp_path: Path) -> None:
    """LibreOffice takes seconds for each, so there are fewer."""
    _convert_damaged(suffix, max(2, FILES // 25), tmp_path, shared, [legacy_files.legacy_file(suffix)])


def _convert_damaged(
    suffix: str, count: int, folder: Path, conversion: Converter, seeds: list[bytes] | None = None
) -> Counter[str]:
    chance = random.Random(f"{suffix} 2026")
    seeds = seeds or SEEDS[suffix]()
    path = folder / f"文件{suffix}"
    outcomes: Counter[str] = Counter()
    longest = most = 0.0
    for number in range(count):
        path.write_bytes(mutated(chance.choice(seeds), chance) if number >= len(seeds) else seeds[number])
        started, spent = time.perf_counter(), _spent(conversion)
        try:
            outcomes["read" if _read(conversion, path, whole=number < len(seeds)) else "read in part"] += 1
        except FileProblem as problem:
            # The first files are whole: the control.
            assert number >= len(seeds), problem
            ended = isinstance(problem, Failed) and "异常中止" in str(problem)
            outcomes["process ended" if ended else type(problem).__name__] += 1
            assert "还没有完成" not in str(problem), path.read_bytes()[:200]
        longest = max(longest, time.perf_counter() - started)
        most = max(most, _spent(conversion) - spent)
    print(f"{suffix}: {count} files, longest {longest:.2f} s, of the processor {most:.2f} s, {dict(outcomes)}")
    assert outcomes.total() == count
    assert [left.name for left in folder.iterdir()] == [path.name]
    return outcomes


def _read(conversion: Converter, path: Path, *, whole: bool) -> bool:
    """Read a file and those in it; whether all of them were read. Raises `FileProblem`."""
    file = File(path.name, path, "", 0)
    found = conversion.open(file) if is_container(path.name) else [Converted(path.name, conversion.convert(file))]
    for one in found:
        assert one.document or not whole, one
        assert one.document is None or all(h.span.of(one.document.text) for h in one.document.headings)
    return all(one.document for one in found)


def _spent(conversion: Converter) -> float:
    """Seconds of processor time that the converting process has used; 0 before there is one."""
    if conversion._child is None:
        return 0.0
    fields = Path(f"/proc/{conversion._child._process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_damaged_files_leave_the_good_ones_indexed(tmp_path: Path) -> None:
    chance = random.Random(2026)
    for suffix, seeds in SEEDS.items():
        if suffix not in PICTURES:
            for number in range(3):
                (tmp_path / f"坏{number}{suffix}").write_bytes(mutated(seeds()[0], chance))
            (tmp_path / f"好{suffix}").write_bytes(seeds()[0])
    reading = read(tmp_path)
    good = {f"好{suffix}" for suffix in SEEDS if suffix not in PICTURES}
    assert good <= {document.name.split("/")[0] for document in reading.documents}
    assert len({file.name.split("/")[0] for file in reading.files}) == 4 * len(good)


def test_a_damaged_file_in_a_refresh_leaves_what_is_published_or_becomes_a_document_of_its_own(tmp_path: Path) -> None:
    """A file that fails changes nothing; the control is one that can still be read, which is published as it now is."""
    office = RefreshOffice(tmp_path)
    office.write("合作.txt", COOPERATION.text)
    good = {suffix: seeds()[0] for suffix, seeds in SEEDS.items() if suffix not in PICTURES}
    for suffix, content in good.items():
        (office.folder / f"文件{suffix}").write_bytes(content)
    office.refresh()
    chance = random.Random(2026)
    outcomes: Counter[str] = Counter()
    for number in range(REFRESHES * len(good)):
        suffix = sorted(good)[number % len(good)]
        path = office.folder / f"文件{suffix}"
        before, texts = _published(office), _texts(office)
        path.write_bytes(mutated(good[suffix], chance))
        report = office.refresh()
        status = {file.name: file.status for file in report.files}
        assert {status[name] for name in status if not _within(name, path)} <= {
            FileStatus.UNCHANGED,
            FileStatus.INDEXED,
        }
        if status[path.name] in (FileStatus.FAILED, FileStatus.QUARANTINED):
            assert (report.built, _published(office)) == (None, before)
            outcomes[status[path.name]] += 1
        else:
            outcomes["read"] += 1
            path.unlink()  # as a new file: it may be less than half of what it had become
            office.refresh()
        now = _texts(office)
        assert {name: now[name] for name in now if not _within(name, path)} == {
            name: texts[name] for name in texts if not _within(name, path)
        }
        assert "237家" in _published(office)[-1]
        path.write_bytes(good[suffix])
        office.refresh()
    print(f"{outcomes.total()} refreshes: {dict(outcomes)}")
    assert outcomes["read"] and outcomes[FileStatus.FAILED] and outcomes[FileStatus.QUARANTINED]


def _within(name: str, path: Path) -> bool:
    return name.split("/")[0] == path.name


def _published(office: RefreshOffice) -> tuple[str, dict[str, str], str]:
    """CURRENT, the checksums of the files of the published snapshot, and what it answers."""
    name = str(office.store.published())
    folder = office.store.folder / name
    files = {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*") if path.is_file()}
    loaded = load_served(office.store, model="toy-1")
    assert (loaded.alarm, loaded.snapshot.name) == ("", name)
    embedder = ToyEmbedder()
    reader = SimilarityReader(embedder)
    reader.threshold = 0.0
    reply = Assistant(lambda: loaded, embedder, reader, Synonyms([])).ask(GOLDEN[0].question)
    return (office.store.folder / "CURRENT").read_text(encoding="utf-8"), files, reply.text


def _texts(office: RefreshOffice) -> dict[str, str]:
    return {d.name: d.text for d in load_served(office.store, model="toy-1").snapshot.documents}
