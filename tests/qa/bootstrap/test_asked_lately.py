"""Which questions of the log a refresh asks again."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qa.answering.reply import Reason
from qa.bootstrap.asked_lately import asked_lately
from qa.storage.database import open_database
from qa.storage.question_log import Log, new_id
from tests.support.programs.feedback_office import QUOTED, REFUSED

pytestmark = pytest.mark.usefixtures("both_engines")

NOW = datetime.now(UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with closing(Log(open_database(tmp_path / "log.sqlite"), keep_days=180, share_days=90)) as log:
        yield log


def note(
    log: Log, question: str, *, times: int = 1, days: float = 1.0, answered: bool = True, reason: str = ""
) -> None:
    reply = QUOTED if answered else replace(REFUSED, reason=Reason(reason or "not_in_documents"))
    for number in range(times):
        asked = replace(reply, question=f"{question}再问", standalone_question=question)
        log.add(new_id(), asked, NOW - timedelta(days=days, minutes=number), channel="page", documents={})


def asked(log: Log, tmp_path: Path, most: int) -> list[str]:
    with closing(open_database(tmp_path / "log.sqlite")) as database:
        return asked_lately(database, NOW, most=most)


def test_the_most_asked_of_the_last_month_each_once_as_they_stand_alone(log: Log, tmp_path: Path) -> None:
    note(log, "商会有多少会员？", times=2)
    note(log, "港口有几个泊位？", times=3)
    note(log, "学校有几所？")
    note(log, "去年的问题？", times=9, days=31)
    found = asked(log, tmp_path, 30)
    assert found == ["港口有几个泊位？", "商会有多少会员？", "学校有几所？"]
    assert asked(log, tmp_path, 3) == found[:2] and asked(log, tmp_path, 0) == []


def test_a_third_had_no_answer_in_the_documents(log: Log, tmp_path: Path) -> None:
    for number in range(5):
        note(log, f"第{number}所学校有几个班？")
        note(log, f"第{number}个公园几点开门？", answered=False)
    note(log, "你好", answered=False, reason="small_talk", times=9)
    note(log, "怎么做炸药？", answered=False, reason="unsafe", times=9)
    found = asked(log, tmp_path, 6)
    assert [("学校" in one, "公园" in one) for one in found] == [(True, False)] * 4 + [(False, True)] * 2
