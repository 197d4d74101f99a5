"""Questions in the form that people write them in, made into rows of a question file.

    ## title of the document
    @ genre                      (of a new document; then its text)
    ? question
    = answer || words around it  (as they stand in the text; the words only where the answer occurs twice)
    ~ kind of question           (of a question for yes or no, then `yes` or `no`)

An unanswerable question has a line `!` in place of its answer. A block without a text adds questions to a document
that exists. `python -m qa.training.questions.forms OUT BASE FILES…` writes BASE with what FILES add.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.evaluation.squad import QuestionFileError

Row = dict[str, Any]


@dataclass(slots=True)
class _Block:
    """The lines under one title: question lines, and a text, empty if the document exists already."""

    title: str
    place: str
    genre: str = ""
    text: list[str] = field(default_factory=list)
    questions: list[tuple[int, str]] = field(default_factory=list)


def merged(base: Sequence[Row], files: Iterable[Path]) -> tuple[list[Row], list[str]]:
    """Return the rows of `base` with what the files add, and what had to be left out, one line each.

    A question that its document has already is left out without a word.
    """
    rows = {row["title"]: {**row, "questions": list(row["questions"])} for row in base}
    problems: list[str] = []
    for path in files:
        for block in _blocks(path):
            text = "\n".join(block.text).strip()
            if text and block.title not in rows:
                rows[block.title] = {
                    "document": f"d{len(rows):04}",
                    "title": block.title,
                    "genre": block.genre,
                    "text": f"{block.title}\n{text}",
                    "questions": [],
                }
            if block.title not in rows:
                problems.append(f"{block.place}: no document is called {block.title}")
                continue
            row = rows[block.title]
            known = {question["question"] for question in row["questions"]}
            found, wrong = _questions(block, row["text"])
            problems += wrong
            row["questions"] += [question for question in found if question["question"] not in known]
    return list(rows.values()), problems


def _blocks(path: Path) -> list[_Block]:
    blocks: list[_Block] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path} cannot be read; give a UTF-8 file") from error
    for number, line in enumerate(lines, start=1):
        if line.startswith("## "):
            blocks.append(_Block(line[3:].strip(), f"{path}, line {number}"))
        elif not blocks:
            continue
        elif blocks[-1].questions or line.startswith("? "):
            if line.strip():
                blocks[-1].questions.append((number, line))
        elif line.startswith("@ ") and not blocks[-1].genre:
            blocks[-1].genre = line[2:].strip()
        else:
            blocks[-1].text.append(line)
    return blocks


def _questions(block: _Block, text: str) -> tuple[list[Row], list[str]]:
    found: list[Row] = []
    problems: list[str] = []
    current: Row | None = None
    for number, line in block.questions:
        place = f"{block.place} (line {number})"
        if line.startswith("? "):
            current = {"question": line[2:].strip(), "answer": None, "start": None, "kind": "", "set": False}
            found.append(current)
        elif current is None or not line.startswith(("= ", "~ ", "!")):
            problems.append(f"{place}: {line[:40]} is neither ?, =, ! nor ~")
        elif line.startswith("~ "):
            current["kind"], _, verdict = line[2:].strip().partition(" ")
            if verdict in ("yes", "no") and current["answer"]:
                current["verdict"] = verdict
        elif line.startswith("!"):
            current["set"] = True
        else:
            answer, _, around = (part.strip() for part in line[2:].partition(" || "))
            start = _place(text, answer, around)
            if start is None:
                problems.append(f"{place}: the answer {answer[:40]} does not stand once in the text")
                continue
            current |= {"answer": answer, "start": start, "set": True}
    complete = [row for row in found if row.pop("set") and row["kind"]]
    return complete, problems


def _place(text: str, answer: str, around: str) -> int | None:
    """Return where an answer stands, decided by the words around it if it occurs more than once; None if undecided."""
    if answer and text.count(answer) == 1:
        return text.index(answer)
    if answer and around and text.count(around) == 1 and answer in around:
        return text.index(around) + around.index(answer)
    return None


def main(arguments: Sequence[str]) -> int:
    """Write the file named first: the rows of the second one and what the others add; print what was left out."""
    out, base, *files = map(Path, arguments)
    rows, problems = merged([json.loads(line) for line in base.read_text(encoding="utf-8").splitlines()], files)
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print("\n".join(problems), file=sys.stderr)
    print(f"{len(rows)} documents, {sum(len(row['questions']) for row in rows)} questions, {len(problems)} left out")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
