"""Lets Atheris look for a question that the program does not bear.

    python -m tests.fuzz SECONDS [FOLDER]

FOLDER keeps the inputs that reach new code, for the next run; unset, they go. What fails is written to `crash-…` in the
working directory, and told. The first inputs are the shipped golden questions.
"""

import json
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["qa.answering", "qa.service", "qa.storage.reply_json", "qa.web.html", "corpus"]
):
    from tests.fuzz.question_path import BETWEEN, QuestionPath

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 2_000  # bytes; a question is cut to 1,200 characters
SLOWEST = 10  # seconds of one input, on a busy machine


def main() -> None:
    seconds, folder = int(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    for number, question in enumerate(_first()):
        (folder / f"first-{number:03d}").write_text(question, encoding="utf-8")
    path = QuestionPath()

    def once(data: bytes) -> None:
        path.run(data.decode("utf-8", "replace"))

    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *limits, str(folder)], once)
    atheris.Fuzz()


def _first() -> list[str]:
    lines = (ROOT / "corpus" / "golden.jsonl").read_text(encoding="utf-8").splitlines()
    golden = [json.loads(line) for line in lines]
    return [
        BETWEEN.join([*(text for turn in one.get("history") or () for text in turn), one["question"]]) for one in golden
    ]


if __name__ == "__main__":
    main()
