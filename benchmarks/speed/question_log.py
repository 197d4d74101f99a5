"""How long staff wait for a log of many questions.

python -m benchmarks.speed.question_log [QUESTIONS]
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from qa.answering.reply import Abstention, Citation, Reason
from qa.runtime import settings as configuration
from qa.staff.permissions import Role
from qa.staff.questions.log.log import QuestionLog
from qa.staff.questions.log.selecting import Wanted
from qa.staff.questions.log.wording import OUTCOMES
from qa.storage.database import DATABASE, open_database
from qa.storage.reply_json import pack

DAYS = 30
TIMES = 5
WORDS = ("学校", "医院", "项目", "资金", "产业园", "商会", "榨菜", "干部", "培训", "移民", "高铁", "补贴")


def fill(home: Path, count: int) -> None:
    """Write into the log questions of the last 30 days with replies of the usual size."""
    chance, now = random.Random(7), datetime.now(UTC)
    cited = tuple(
        Citation("a.md", "标题", ("一",), 0, 200, "文" * 200, before="前" * 90, after="后" * 90) for _ in range(3)
    )
    with closing(open_database(home / DATABASE)) as connection:
        connection.execute("BEGIN")
        for number in range(count):
            question = f"{chance.choice(WORDS)}的{chance.choice(WORDS)}第{number}期是什么时候开始的？"
            reply = Abstention(
                question=question,
                standalone_question=question,
                snapshot="snapshot-000001",
                reason=chance.choice(list(Reason)),
                text="现有文件里没有找到这个问题的答案。",
                nearest=cited,
            )
            asked_at = now - timedelta(days=DAYS * chance.random())
            connection.execute(
                "INSERT INTO replies (id, asked_at, channel, question, searched, status, reason, snapshot, reply,"
                " documents, elapsed_ms, verdict) VALUES (?, ?, 'page', ?, ?, ?, ?, ?, ?, '{}', ?, ?)",
                (
                    str(number),
                    asked_at.isoformat(timespec="milliseconds"),
                    question,
                    question,
                    chance.choice(OUTCOMES),
                    reply.reason.value,
                    reply.snapshot,
                    pack(reply),
                    200 * chance.random(),
                    chance.choice(["up", "down", None, None, None]),
                ),
            )
        connection.execute("COMMIT")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        fill(home, count)
        log = QuestionLog(configuration.read({"QA_HOME": folder}), who="benchmark", role=Role.ADMIN)
        week = date.today() - timedelta(days=7)
        calls: dict[str, Callable[[], object]] = {
            "newest page": lambda: log.find(),
            "last page": lambda: log.find(page=count),
            "refused": lambda: log.find(Wanted(outcomes=("abstained",))),
            "not helpful": lambda: log.find(Wanted(verdict="down")),
            "a week": lambda: log.find(Wanted(since=week)),
            "words": lambda: log.find(Wanted(text="高铁")),
            "all at once": lambda: log.find(Wanted(outcomes=("answered",), verdict="down", since=week, text="高铁")),
            "detail": lambda: log.detail("7"),
            "statistics of 30 days": lambda: log.statistics("30d"),
            "slowest of 30 days": lambda: log.slowest("30d"),
            "export of everything": lambda: log.export(),
        }
        print(f"{count} questions, median of {TIMES} in ms, opening the database included")
        for name, call in calls.items():
            spent = []
            for _ in range(TIMES):
                started = time.perf_counter()
                call()
                spent.append((time.perf_counter() - started) * 1000)
            print(f"{name:<24}{sorted(spent)[TIMES // 2]:>8.1f}")


if __name__ == "__main__":
    main()
