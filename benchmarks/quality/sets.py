"""The question sets of the table: where each lies, what is asked over which documents."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.read import read
from qa.answering.reply import Turn

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
OFFICES = Path(__file__).parent / "offices"
DATA = Path(__file__).parent / "data"
SAMPLED = 10  # of the written questions every so many-th is asked again over folders of each size
CONTEXT = "needs context"  # the tag of questions that make sense only with their document in view
SMALL = 5  # documents of the folder between one and all

Groups = tuple[tuple[str, ...], ...]


class SetMissing(Exception):
    """A set's files are not on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with all that is known of a good reply.

    Either `must` says what has to be shown, or `answer` are the words of `document` from `start` on. `document` names
    where the question belongs, answerable or not, and is empty where that is not known. The questions of one `dialogue`
    are asked in order, each after the replies to those before. With `ask_back`, to leave a choice is no answer.
    """

    question_id: str
    text: str
    answerable: bool
    tags: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    must: Groups = ()
    forbid: tuple[str, ...] = ()
    short_must: Groups = ()
    short_must_not: tuple[str, ...] = ()
    polarity: str = ""
    document: str = ""
    answer: str = ""
    start: int = 0
    dialogue: str = ""
    ask_back: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """Documents in one index, and what is asked over them."""

    documents: tuple[Document, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A row of the table; with `alone`, the reader is also tried on each question's own document."""

    name: str
    folders: tuple[Folder, ...]
    alone: bool = False


def open_set(name: str) -> QuestionSet:
    """Read a set and its documents. Raises `SetMissing`."""
    return _sets()[name]()


def names() -> list[str]:
    """Return all sets whose documents are asked, in the order of the table."""
    return list(_sets())


def thinned(whole: QuestionSet, limit: int, left_out: frozenset[str] = frozenset()) -> QuestionSet:
    """At most `limit` questions of a set, 0 for all, drawn by lot; those of `left_out` are not among them.

    The lot hangs on a question's id alone, in a dialogue on the dialogue's: a smaller sample is a part of a greater
    one, and the same in every run.
    """
    asked = [q for f in whole.folders for q in f.questions if _plain(q.question_id) not in left_out]
    asked.sort(key=lambda one: lot(one.dialogue or one.question_id))
    drawn = {one.question_id for one in asked[: limit or None]}
    folders = [
        replace(folder, questions=tuple(q for q in folder.questions if q.question_id in drawn))
        for folder in whole.folders
    ]
    return replace(whole, folders=tuple(folder for folder in folders if folder.questions))


def lot(question_id: str, most: int = 1 << 32) -> int:
    """Return a number below `most` that depends on the id alone, the same for a question in folders of every size."""
    digest = hashlib.blake2b(_plain(question_id).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % most


def _plain(question_id: str) -> str:
    """Return the id without the size of the folder that it is asked over."""
    return question_id.split("@")[0]


def _sets() -> Mapping[str, Callable[[], QuestionSet]]:
    offices = sorted(path.name for path in OFFICES.iterdir() if path.is_dir()) if OFFICES.is_dir() else []
    return {
        "article": lambda: _beside("article", [SHARED / "corpus"], SHARED / "eval" / "gold_dev.jsonl"),
        "shipped": lambda: _beside("shipped", [ROOT / "corpus" / "documents"], ROOT / "corpus" / "golden.jsonl"),
        "citizen": lambda: _beside(
            "citizen", [SHARED / "corpus", ROOT / "corpus" / "documents"], SHARED / "eval" / "citizen_dev.jsonl"
        ),
        **{name: lambda name=name: _of_citizens(name) for name in ("life", "street")},  # type: ignore[misc]
        "written": _written,
        "written_folders": _written_folders,
        "field": _field,
        "dialogues": _dialogues,
        **{name: lambda name=name: _office(name) for name in offices},  # type: ignore[misc]
    }


def _beside(name: str, folders: Sequence[Path], questions: Path) -> QuestionSet:
    asked = read_questions(questions)
    return QuestionSet(name, (Folder(tuple(d for folder in folders for d in _documents(folder)), tuple(asked)),))


def _of_citizens(name: str) -> QuestionSet:
    return _beside(name, [SHARED / "corpus", ROOT / "corpus" / "documents"], DATA / f"{name}.jsonl")


def _office(name: str) -> QuestionSet:
    asked = read_questions(OFFICES / name / "questions.jsonl")
    return QuestionSet(name, (Folder(_documents(OFFICES / name / "documents"), tuple(asked)),), alone=True)


def _field() -> QuestionSet:
    asked = read_questions(SHARED / "field" / "questions.jsonl")
    with tempfile.TemporaryDirectory() as aside:
        for folder in sorted((SHARED / "field").glob("c*/")):
            shutil.copytree(folder, Path(aside) / folder.name)
        shutil.copytree(ROOT / "corpus" / "documents", aside, dirs_exist_ok=True)
        documents = _documents(Path(aside))
    return QuestionSet("field", (Folder(documents, tuple(asked)),), alone=True)


def _dialogues() -> QuestionSet:
    """Conversations over the further offices and the shipped documents."""
    rows = _json_lines(DATA / "dialogues.jsonl")
    over = {path.name: path / "documents" for path in OFFICES.iterdir()} | {"shipped": ROOT / "corpus" / "documents"}
    folders = []
    for name in dict.fromkeys(row["documents"] for row in rows):
        turns = [
            replace(_question({"id": f"{row['id']}-{number}", **turn}), dialogue=row["id"])
            for row in rows
            if row["documents"] == name
            for number, turn in enumerate(row["turns"], start=1)
        ]
        folders.append(Folder(_documents(over[name]), tuple(turns)))
    return QuestionSet("dialogues", tuple(folders))


def _written() -> QuestionSet:
    return QuestionSet("written", tuple(_written_in([len(_rows())], every=1)), alone=True)


def _written_folders() -> QuestionSet:
    return QuestionSet("written_folders", tuple(_written_in([1, SMALL, len(_rows())], every=SAMPLED, label=True)))


def _rows() -> list[dict[str, Any]]:
    return _json_lines(SHARED / "data" / "written" / "validation.jsonl")


def _written_in(sizes: Sequence[int], *, every: int, label: bool = False) -> Iterator[Folder]:
    """Yield the written documents in folders of each size with every so many-th of their questions."""
    rows = _rows()
    with tempfile.TemporaryDirectory() as aside:
        # Named as offices name files: where no line is a heading, the name becomes the title.
        files = [f"{row['title'][:60].replace('/', '／')}.txt" for row in rows]
        for row, file in zip(rows, files, strict=True):
            (Path(aside) / file).write_text(row["text"], encoding="utf-8")
        documents = {document.name: document for document in _documents(Path(aside))}
    asked = [_of_document(row, file, documents[file]) for row, file in zip(rows, files, strict=True)]
    for size in sizes:
        for first in range(0, len(rows), size):
            group = slice(first, first + size)
            questions = [q for own in asked[group] for q in own if not lot(q.question_id, every)]
            if label:
                questions = [
                    replace(q, question_id=f"{q.question_id}@{size}", tags=(f"among {size}",)) for q in questions
                ]
            if questions:
                yield Folder(tuple(documents[file] for file in files[group]), tuple(questions))


def _of_document(row: Mapping[str, Any], file: str, document: Document) -> list[Question]:
    # A loader may change what stands before an answer: its place is looked up again, the nearest one taken.
    moved = document.text != row["text"]
    return [
        Question(
            question_id=f"{row['document']}-{number:02d}",
            text=entry["question"],
            answerable=entry["answer"] is not None,
            tags=(entry["kind"], *[CONTEXT] * (f"{row['document']}-{number:02d}" in needing_context())),
            document=file,
            answer=entry["answer"] or "",
            start=_nearest(document.text, entry) if moved and entry["answer"] else entry["start"] or 0,
        )
        for number, entry in enumerate(row["questions"], start=1)
    ]


def _nearest(text: str, entry: Mapping[str, Any]) -> int:
    found = [place for place in range(len(text)) if text.startswith(entry["answer"], place)]
    return min(found, key=lambda place: abs(place - entry["start"]), default=0)


def _documents(folder: Path) -> tuple[Document, ...]:
    if not folder.is_dir():
        raise SetMissing(f"{folder} is not there")
    return read(folder).documents


@cache
def needing_context() -> frozenset[str]:
    """Return the questions that make sense only with their document in view, as one reader judged them."""
    return frozenset(ids(DATA / "needs_context.txt"))


def ids(path: Path) -> list[str]:
    """Return the first word of each line but those that begin with #."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def read_questions(path: Path) -> list[Question]:
    """Return the questions with `must`, one JSON object a line. Raises `SetMissing`."""
    return [_question(entry) for entry in _json_lines(path)]


def _question(entry: Mapping[str, Any]) -> Question:
    return Question(
        question_id=str(entry["id"]),
        text=entry["question"],
        answerable=entry["answerable"],
        tags=tuple(entry.get("tags") or ([entry["file"].split("/")[0]] if "file" in entry else [])),
        history=tuple(Turn(question, reply) for question, reply in entry.get("history") or ()),
        must=_groups(entry.get("must")),
        forbid=tuple(entry.get("forbid") or ()),
        short_must=_groups(entry.get("short_must")),
        short_must_not=_strings(entry.get("short_must_not")),
        polarity=entry.get("polarity") or "",
        document=entry.get("file") or "",
        ask_back=entry.get("ask_back") or False,
    )


def _groups(value: Any) -> Groups:
    return tuple(tuple(group) for group in value or ())


def _strings(value: Any) -> tuple[str, ...]:
    """Strings that may also be written as groups, of which none may occur."""
    return tuple(s for part in value or () for s in ([part] if isinstance(part, str) else part))


def _json_lines(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise SetMissing(f"{path} is not there")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
