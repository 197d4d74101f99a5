"""A refresh embeds what changed, is judged, and publishes or says why not."""

import json
import random
import shutil
from pathlib import Path

import pytest

from corpus.conversion.converter import Converter
from corpus.document import Document
from corpus.errors import Failed
from corpus.files.scan import File
from corpus.read import DocumentsMissing
from index.retrieve import retrieve
from index.snapshots.errors import StoreBusy
from index.snapshots.served import load_served
from qa.evaluation import gate
from qa.evaluation.gate import GateLimits
from qa.evaluation.results import GoldenResult
from qa.publishing import records
from qa.publishing.board import PROGRESS, Board
from qa.publishing.progress import Cancelled, State
from qa.publishing.refresh.running import look
from qa.storage.audit import Audit
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.refresh_office import GOLDEN
from tests.support.programs.refresh_office import RefreshOffice as Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.write("合作.txt", COOPERATION.text)
    return office


def test_a_first_refresh_publishes(office: Office) -> None:
    report = office.refresh()
    assert report.published == office.store.published() == "snapshot-000001"
    assert (report.plan.added, report.embedded, report.golden_right) == (("合作.txt",), 3, 2)


def test_a_refresh_without_change_opens_no_model(office: Office) -> None:
    office.refresh()
    opened = office.opened
    report = office.refresh()
    assert (report.published, report.built, office.store.names()) == ("snapshot-000001", None, ["snapshot-000001"])
    assert (office.opened, opened > 0) == (opened, True)


def test_golden_questions_that_changed_are_asked_though_no_file_did(office: Office) -> None:
    office.golden = GOLDEN[:1]
    assert office.refresh().golden_asked == 1
    office.golden = GOLDEN
    report = office.refresh()
    assert (report.built, report.golden_asked, report.golden_right) == (None, 2, 2)
    record = records.read(office.store, "snapshot-000001")
    assert record and [given.question_id for given in record.golden] == ["g1", "g2"]
    assert "2/2" in Audit(office.home).rows()[-1].outcome
    opened = office.opened
    assert (office.refresh().golden_asked, office.opened) == (2, opened)


def test_only_what_changed_is_embedded(office: Office) -> None:
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("29个", "30个"))
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    report = office.refresh()
    assert (report.plan.added, report.plan.changed, report.embedded) == (("产业.txt",), ("合作.txt",), 2)
    assert office.store.published() == "snapshot-000002"


def test_what_was_not_read_for_want_of_memory_is_tried_at_every_refresh(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    whole = Converter.convert

    def convert(self: Converter, file: File) -> Document:
        if file.name == "产业.txt":
            raise problem
        return whole(self, file)

    monkeypatch.setattr(Converter, "convert", convert)
    problem = Failed("内存不足", again=True)
    office.refresh()
    assert office.refresh().plan.changed == ("产业.txt",)
    problem = Failed("已损坏")
    office.refresh()
    assert office.refresh().plan.nothing  # the control: what is damaged waits for other bytes
    problem = Failed("内存不足", again=True)
    office.refresh(anew=True)
    monkeypatch.setattr(Converter, "convert", whole)
    report = office.refresh()
    assert report.published == report.built and report.documents == 2
    assert office.refresh().plan.nothing


def test_a_renamed_file_is_told_as_such_and_not_embedded_again(office: Office) -> None:
    office.refresh()
    (office.folder / "合作.txt").rename(office.folder / "两地合作.txt")
    report = office.refresh()
    assert (report.plan.renamed, report.plan.added, report.plan.removed) == ((("合作.txt", "两地合作.txt"),), (), ())
    assert report.embedded == 0


def test_a_deleted_file_is_quoted_no_more(office: Office) -> None:
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.refresh()
    (office.folder / "产业.txt").unlink()
    report = office.refresh()
    assert report.plan.removed == ("产业.txt",)
    assert [d.name for d in office.store.load(str(report.published), model="toy-1").documents] == ["合作.txt"]


def test_other_bytes_of_the_same_words_make_no_new_snapshot(office: Office) -> None:
    office.refresh()
    (office.folder / "合作.txt").write_bytes(COOPERATION.text.replace("\n", "\r\n").encode())
    assert (office.refresh().published, office.store.names()) == ("snapshot-000001", ["snapshot-000001"])
    opened = office.opened
    assert office.refresh().plan.nothing
    assert office.opened == opened


def test_a_candidate_that_answers_worse_is_kept_but_not_published(office: Office) -> None:
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))
    report = office.refresh()
    assert (report.published, report.fallen) == (None, ("g1",))
    assert "“浙江商会有多少家会员企业？”" in report.why
    ((was, now),) = report.compared
    assert ("237家" in was.text, "237家" in now.text) == (True, False)
    assert office.store.published() == "snapshot-000001"
    assert report.built in office.store.names()


def test_a_reason_names_three_of_the_questions_that_fell_and_cuts_long_ones() -> None:
    questions = ("长" * 40, "乙？", "丙？", "丁？")
    given = [GoldenResult(text, text, True, True, "right", "答", None, ("甲.txt",)) for text in questions]
    told = gate._why_not([], given, GateLimits(tolerance=1))
    assert told == f"4道检验题答得不如现行版本（“{'长' * 30}…”、“乙？”、“丙？”等），最多允许1道"
    wrong = GoldenResult("g", "戊？", True, False, "wrong", "答", None, ("甲.txt",))
    told = gate._why_not([], [*given[1:2], wrong], GateLimits())
    another = "1道检验题现在答得不对，改动以后换成了另一个不对的答案（“戊？”）"
    assert told == f"1道检验题答得不如现行版本（“乙？”）；{another}", "what was wrong before is not called right"


def test_golden_questions_of_files_that_were_taken_away_are_said_to_be_such(office: Office) -> None:
    """As where an office puts its own files in place of the shipped ones."""
    office.refresh()
    (office.folder / "合作.txt").unlink()
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    report = office.refresh()
    assert report.published is None and report.fallen
    assert "其中2道的答案出自已经拿走的文件" in report.why and "检验题" in report.why
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))  # the control: it is there, and says less
    report = office.refresh()
    assert report.published is None and report.fallen and "拿走" not in report.why


def test_force_publishes_with_a_reason_only(office: Office) -> None:
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))
    with pytest.raises(ValueError, match="reason"):
        office.refresh(force=True, why=" ")
    report = office.refresh(force=True, why="数字待核")
    assert (report.published, report.forced, office.store.published()) == (report.built, True, report.built)
    rows = Audit(office.home).rows()
    assert (rows[-1].why, rows[-1].outcome) == ("数字待核", "published in spite of the golden questions")
    record = records.read(office.store, str(report.built))
    assert record is not None and record.forced


@pytest.mark.parametrize(("bar", "published"), [(GateLimits(tolerance=1), True), (GateLimits(), False)])
def test_as_many_questions_may_fall_as_the_setting_says(tmp_path: Path, bar: GateLimits, published: bool) -> None:
    office = Office(tmp_path, bar)
    office.write("合作.txt", COOPERATION.text)
    office.refresh()
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))
    assert bool(office.refresh().published) == published


@pytest.mark.parametrize(("least", "published"), [(50, True), (51, False)])
def test_a_floor_holds_for_the_first_snapshot_too(tmp_path: Path, least: int, published: bool) -> None:
    office = Office(tmp_path, GateLimits(answered=least))
    office.write("合作.txt", COOPERATION.text.replace("237家", "许多"))
    assert bool(office.refresh().published) == published


def test_a_plan_writes_nothing(office: Office) -> None:
    before = set(office.home.rglob("*"))
    plan = look(office.means)
    assert (plan.added, plan.seconds, office.opened) == (("合作.txt",), None, 0)
    assert set(office.home.rglob("*")) == before


def test_a_plan_estimates_by_earlier_refreshes(office: Office) -> None:
    office.refresh()
    assert look(office.means).seconds == 0.0
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n" * 50)
    seconds = look(office.means).seconds
    assert seconds is not None and seconds >= 0.0


def test_a_missing_folder_changes_nothing(office: Office) -> None:
    office.refresh()
    (office.folder / "合作.txt").unlink()
    with pytest.raises(DocumentsMissing):
        office.refresh()
    assert office.store.published() == "snapshot-000001"
    assert Audit(office.home).rows()[-1].outcome.startswith("failed: ")


def test_the_progress_file_tells_each_step_and_the_end(office: Office) -> None:
    files: list[dict[str, object]] = []
    office.each = lambda state: files.append(json.loads((office.home / PROGRESS).read_text(encoding="utf-8")))
    office.refresh()
    steps = [file["step"] for file in files]
    assert list(dict.fromkeys(steps)) == ["scan", "read", "embed", "index", "save", "judge", "publish"]
    assert [file["state"] for file in files] == ["running"] * (len(files) - 1) + ["done"]
    embedded = [file for file in files if file["step"] == "embed"][-1]
    assert (embedded["done"], embedded["total"]) == (3, 3)


def test_a_cancelled_refresh_leaves_what_is_published_and_the_next_one_reuses_its_vectors(office: Office) -> None:
    office.refresh()
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.each = lambda state: Board(office.home).cancel() if (state.step, state.done) == ("embed", 1) else None
    with pytest.raises(Cancelled):
        office.refresh()
    assert office.store.published() == "snapshot-000001"
    assert Audit(office.home).rows()[-1].outcome == "interrupted"
    office.each = lambda state: None
    encoded = office.embedder.encoded
    report = office.refresh()
    assert report.published == "snapshot-000002"
    assert report.embedded == 0
    assert office.embedder.encoded > encoded  # by the reader, whose sentences are not kept


def test_one_refresh_at_a_time_and_who_runs_it_is_told(office: Office) -> None:
    with office.store.refreshing(who="李明"), pytest.raises(StoreBusy, match="李明（进程.*）自20.*正在刷新"):
        office.refresh()
    assert office.refresh().published


def test_what_was_published_meanwhile_is_not_overtaken(office: Office) -> None:
    office.refresh()
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛。\n")
    office.refresh()

    def roll_back(state: State) -> None:
        if state.step == "judge" and office.store.published() == "snapshot-000002":
            with office.store.writing():
                office.store.publish("snapshot-000001")

    office.each = roll_back
    office.write("产业.txt", "产业园\n\n华峰产业园在白涛，落户12年。\n")
    report = office.refresh(force=True, why="赶时间")
    assert (report.published, office.store.published()) == (None, "snapshot-000001")
    assert "有人发布了snapshot-000001" in report.why


def test_a_damaged_snapshot_is_built_anew_though_no_file_changed(office: Office) -> None:
    office.refresh()
    (office.store.folder / "snapshot-000001" / "dense.faiss").unlink()
    assert office.refresh().published == "snapshot-000002"


def test_every_file_is_read_again_when_asked_for(office: Office) -> None:
    office.refresh()
    assert office.refresh(anew=True).published == "snapshot-000002"


def test_an_index_that_is_lost_is_built_anew_from_the_documents_and_finds_the_same(office: Office) -> None:
    for number in range(40):
        office.write(
            f"第{number}号.txt", f"第{number}号通知\n\n{COOPERATION.text[number : number + 60]}第{number}所学校。\n"
        )
    office.refresh()
    chance = random.Random(2026)
    text = COOPERATION.text + "第1234567890所学校"
    questions = ["".join(chance.choices(text, k=12)).strip() or "学校" for _ in range(200)]

    def found() -> list[list[tuple[str, int, int]]]:
        snapshot = load_served(office.store, model="toy-1").snapshot
        hits = [retrieve(snapshot, office.embedder, question, count=5) for question in questions]
        return [
            [(hit.passage.document.name, hit.passage.span.start, hit.passage.span.end) for hit in five] for five in hits
        ]

    before = found()
    shutil.rmtree(office.store.folder)
    assert office.refresh().published
    assert found() == before
    assert len({tuple(five) for five in before}) > 100
