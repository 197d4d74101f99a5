"""How long the server takes for each page of the staff area, with many questions in the log and many files.

    python -m benchmarks.speed.staff_pages [--questions 10000] [--files 2000] [--golden 300] [--times 5] [--limit 500]

The embedder is a stand-in: what is measured are the log, the folder, the to-do and what the pages make of them.
Times are those of the processor, so that other work on the machine does not count. Ends with 1 when any page takes
longer than `--limit` milliseconds in the median.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import app  # noqa: F401 - what it imports first has to come first
from index.embedding import bundled_model
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.storage.database import DATABASE, open_database
from qa.storage.question_log import HELPFUL, UNHELPFUL, Log, new_id
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder
from tests.support.doubles.web import answer
from tests.support.programs.refresh_office import RefreshOffice

DAYS = 30
# Of the questions one in ten gets no answer; those ask after so many different things.
THINGS = 200


def fill_log(home: Path, questions: int) -> None:
    """Write into the log questions of the last month: answered, refused, failed, judged."""
    chance = random.Random(7)
    log = Log(open_database(home / DATABASE), keep_days=400, share_days=90)
    now = datetime.now(UTC)
    for number in range(questions):
        at = now - timedelta(seconds=chance.uniform(0, DAYS * 86400))
        refused = chance.random() < 0.1
        thing = chance.randrange(THINGS)
        text = f"第{thing}个小区今天天气怎么样？" if refused else f"第{number}所学校结成了多少对？"
        reply_id = new_id()
        if chance.random() < 0.005:
            log.fail(text, ValueError(), at, channel="page", snapshot="snapshot-000001", ms=20.0)
            continue
        reply = replace(answer(text), elapsed_ms=chance.uniform(80, 900), snapshot="snapshot-000001")
        log.add(reply_id, reply, at, channel="page", documents={})
        if chance.random() < 0.1:
            log.judge(reply_id, chance.choice((HELPFUL, UNHELPFUL)), at, comment="")
    log.close()


def fill_folder(office: RefreshOffice, files: int) -> None:
    """Publish files of some paragraphs each; one in fifty is changed afterwards."""
    for number in range(files):
        text = "\n\n".join(
            f"第{part}条 第{number}号办法的第{part}项，由第{number % 40}科办理。" for part in range(1, 9)
        )
        office.write(f"办法{number:05}.txt", f"第{number}号办法\n\n{text}\n")
    office.refresh()
    for number in range(0, files, 50):
        office.write(f"办法{number:05}.txt", f"第{number}号办法\n\n改过了。\n")


def fill_golden(path: Path, questions: int) -> None:
    """Write golden questions of the shape that staff make."""
    lines = [
        {"id": f"s{n:04}", "question": f"第{n}号办法由哪科办理？", "must": [[f"第{n % 40}科"]], "answerable": True}
        for n in range(questions)
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def addresses() -> dict[str, str]:
    """The pages, in the views that look at most."""
    searched = urlencode({"shelf": "all", "text": "小区", "outcome": "abstained"})
    return {
        "首页": "/staff/home",
        "问题": "/staff/questions",
        "问题，全部": "/staff/questions?shelf=all",
        "问题，查找": f"/staff/questions?{searched}",
        "问题，点开": "/staff/questions?group=1",
        "文件": "/staff/files",
        "文件，查找": f"/staff/files?{urlencode({'text': '办法00', 'order': 'title'})}",
        "文件，点开": f"/staff/files?{urlencode({'name': '办法00001.txt'})}",
        "发布": "/staff/publish",
        "发布，点开": "/staff/publish?name=snapshot-000002",
        "检验题": "/staff/golden",
        "检验题，点开": "/staff/golden?id=s0001",
        "检验题，新的": "/staff/golden?new=1",
        "没有检验题的文件": "/staff/golden?shelf=uncovered",
        "设置": "/staff/settings",
        "账号": "/staff/settings?shelf=accounts&account=editor",
        "更多": "/staff/more",
        "问答记录": "/staff/log",
        "问答记录，查找": f"/staff/log?{urlencode({'text': '小区', 'verdict': 'any', 'channel': 'page'})}",
        "人工答案": "/staff/answers",
        "人工答案，查找": f"/staff/answers?{urlencode({'text': '小区', 'state': 'live'})}",
        "试一试": "/staff/trial",
        "试一试，一问": f"/staff/trial?{urlencode({'question': '第1号办法由哪科办理？'})}",
        "审计": "/staff/audit",
        "审计，查找": f"/staff/audit?{urlencode({'text': '王芳', 'since': '2020-01-01'})}",
        "备份": "/staff/backups",
    }


def main() -> int:
    """Print a line for each page: median and longest of some times, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--golden", type=int, default=300)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--limit", type=float, default=500.0)
    options = parser.parse_args()
    bundled_model.embedder_name = lambda: "toy-1"
    # New questions may still be gathered behind the pages while the folder is removed.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        office = RefreshOffice(Path(folder))
        for document in (COOPERATION, INDUSTRY):
            office.write(document.name, document.text)
            office.refresh()
        fill_folder(office, options.files)
        fill_log(office.home, options.questions)
        embedder = ToyEmbedder()
        models = Models(lambda: embedder, lambda: SimilarityReader(embedder))
        golden = office.home / "golden.jsonl"
        fill_golden(golden, options.golden)
        chosen = {"QA_DOCUMENTS": str(office.folder), "QA_GOLDEN": str(golden)}
        staff_app = make_staff_app(office.home, models=models, **chosen)
        with open_client(staff_app) as client:
            sign_in(client)
            slow = False
            counted = f"{options.questions} questions in the log, {options.files} files"
            print(f"{counted}; milliseconds of processor, {options.times} times each")
            print(f"{'page':<10}{'first':>10}{'median':>10}{'longest':>10}")
            opening: dict[str, Callable[[], Any]] = {
                name: partial(client.get, address) for name, address in addresses().items()
            }
            for name, opened in opening.items():
                spent = []
                for _ in range(options.times + 1):
                    started = time.process_time()
                    response = opened()
                    spent.append(1000 * (time.process_time() - started))
                    assert response.status_code == 200, (name, response.text)
                first, *rest = spent
                slow |= statistics.median(rest) > options.limit
                print(f"{name:<10}{first:>10.0f}{statistics.median(rest):>10.0f}{max(rest):>10.0f}", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
