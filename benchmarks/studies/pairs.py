"""Pairs of documents in force that state different values, asked through the product as staff would set it up.

    python -m benchmarks.studies.pairs [--keep FOLDER]

Twelve pairs of invented offices, written for this, in seven formats, all in one folder. Of each: the question whose
value differs is to be answered with both values, the newer first; the question that one document alone answers with
that value; and the first question with 现在, 目前 or 最新 with the newer value alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.runtime.settings import ROOT

PAIRS = Path(__file__).parent / "data" / "contradicting_documents.jsonl"
Pair = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.pairs", description=__doc__)
    parser.add_argument("--keep", type=Path, help="keep documents and index in this folder")
    given = parser.parse_args()
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as place:
        replies = _asked(pairs, given.keep or Path(place))
    counts: Counter[str] = Counter()
    for pair in pairs:
        older, newer = pair["values"]
        alone = pair["alone"][1]
        for kind, wanted, others in (("both", [newer, older], []), ("alone", [alone], []), ("now", [newer], [older])):
            reply = replies[f"{pair['id']}-{kind}"]
            verdict = _verdict(reply, wanted, others, two=kind == "both")
            counts[f"{kind}: {verdict}"] += 1
            if verdict != "right":
                print(f"{pair['id']} {kind}: {verdict}: {reply['short'] or reply['text'][:80]}")
    print("\n".join(f"{name}: {number}" for name, number in sorted(counts.items())))


def _verdict(reply: Mapping[str, Any], wanted: Sequence[str], others: Sequence[str], *, two: bool) -> str:
    """Return `right`, or what is wrong: no answer, one value instead of two, two instead of one, another value."""
    if not reply["citations"]:
        return "no answer"
    said = f"{reply['short'] or ''}\n{reply['text']}"
    places = [said.find(value) for value in wanted]
    if two:
        return "right" if -1 not in places and places == sorted(places) else "not both, the newer first"
    if len({one["document"] for one in reply["citations"]}) > 1 or any(value in said for value in others):
        return "two"
    return "right" if -1 not in places else "another value"


def _asked(pairs: Sequence[Pair], home: Path) -> dict[str, Mapping[str, Any]]:
    folder = home / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    for pair in pairs:
        for file in pair["files"]:
            path = folder / file["name"]
            WRITERS[path.suffix](path, file["lines"])
    questions = home / "questions.jsonl"
    lines = [{"id": f"{pair['id']}-{kind}", "question": text} for pair in pairs for kind, text in _questions(pair)]
    questions.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    environment = {**os.environ, "QA_HOME": str(home), "QA_DOCUMENTS": str(folder)}
    qa = [sys.executable, "-m", "qa"]
    subprocess.run([*qa, "refresh"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    asked = subprocess.run(
        [*qa, "ask", "--json", "--file", str(questions)], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    replies = map(json.loads, asked.stdout.decode("utf-8").splitlines())
    return {reply["id"]: reply for reply in replies}


def _questions(pair: Pair) -> list[tuple[str, str]]:
    return [("both", pair["question"]), ("alone", pair["alone"][0]), ("now", pair["now"])]


def _text(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def _csv(path: Path, lines: Sequence[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _html(path: Path, lines: Sequence[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines[1:])
    head = f'<meta charset="utf-8"><title>{lines[0]}</title>'
    path.write_text(f"<html><head>{head}</head><body><h1>{lines[0]}</h1>{body}</body></html>", encoding="utf-8")


def _docx(path: Path, lines: Sequence[str]) -> None:
    import docx

    made = docx.Document()
    made.add_heading(lines[0], 0)
    for line in lines[1:]:
        made.add_paragraph(line)
    made.save(str(path))


def _xlsx(path: Path, lines: Sequence[str]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in lines:
        sheet.append([int(value) if value.isdigit() else value for value in line.split(",")])
    book.save(path)


def _pptx(path: Path, lines: Sequence[str]) -> None:
    import pptx

    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text = lines[0]
    slide.placeholders[1].text = "\n".join(lines[1:])
    made.save(str(path))


WRITERS: Mapping[str, Callable[[Path, Sequence[str]], None]] = {
    ".txt": _text,
    ".md": _text,
    ".csv": _csv,
    ".html": _html,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".pptx": _pptx,
}


if __name__ == "__main__":
    main()
