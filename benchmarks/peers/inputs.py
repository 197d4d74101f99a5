"""What every program is given: documents, questions, models."""

import json
import lzma
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.peers.programs.measuring import Text
from benchmarks.quality import sets
from benchmarks.quality.sets import Question
from index.embedding import bundled_model

ASKED = {"written": 200, "shipped": 60}  # questions at most
WRITTEN = sets.ROOT / "qa" / "training" / "data" / "held_out" / "validation.jsonl.xz"
NEWS = sets.SHARED / "data" / "news_4000.jsonl"
RATED, MANY = 40, 2000  # documents that a rate is measured on; that one changes among

Set = tuple[list[Text], list[Question]]


def open_sets() -> dict[str, Set]:
    """Return documents and questions by the name of their set."""
    return {"written": _written(), "shipped": _shipped()}


def many() -> list[Text]:
    """Return 2,000 documents: newspaper pieces, or where they are missing such as long, put together from ours."""
    if NEWS.is_file():
        lines = NEWS.read_text(encoding="utf-8").splitlines()[:MANY]
        texts = [json.loads(line)["text"] for line in lines]
    else:
        paragraphs = [p for text in _written()[0] for p in text.text.split("\n\n")]
        texts = ["\n\n".join(paragraphs[(7 * n + k) % len(paragraphs)] for k in range(12)) for n in range(MANY)]
        texts = [f"第{number}篇\n\n{text}" for number, text in enumerate(texts, start=1)]
    return [Text(f"{number:04d}.txt", text) for number, text in enumerate(texts)]


def write_task(path: Path, asked: dict[str, Set], *, models: dict[str, str], with_many: bool) -> None:
    """Write what one process has to do."""
    texts = many()
    task = {
        "models": models,
        "sets": [_as_json(name, *one) for name, one in asked.items()],
        "rate": _texts(texts[:RATED]),
        "many": _texts(texts) if with_many else [],
        "aside": str(path.parent / "aside"),
    }
    path.write_text(json.dumps(task, ensure_ascii=False), encoding="utf-8")


def write_tuned_encoder(home: Path, folder: Path) -> Path:
    """Return a folder with the encoder as ours is tuned, in the form that the others read."""
    from index.embedding.sentence_transformer import tuned_transformer

    if not folder.is_dir():
        tuned_transformer(bundled_model.unpack(home)).save(str(folder))
    return folder


def write_reader(home: Path, folder: Path) -> Path:
    """Return a folder with our reader's encoder and span head as transformers reads them, without its judge."""
    from transformers import BertConfig, BertForQuestionAnswering

    from index.embedding import weights
    from qa.answering.reader.network import build
    from qa.answering.reader.opening import WEIGHTS

    if folder.is_dir():
        return folder
    source = bundled_model.unpack(home)
    trained = build(source)
    weights.apply(trained, WEIGHTS)
    network = BertForQuestionAnswering(BertConfig.from_pretrained(source))
    network.bert.load_state_dict(trained.encoder.state_dict())
    network.qa_outputs.load_state_dict(trained.span.state_dict())
    network.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((source / name).read_bytes())
    return folder


def _written() -> Set:
    """Return the documents that our threshold was chosen on, with a draw of their questions that is always the same."""
    rows = [json.loads(line) for line in lzma.decompress(WRITTEN.read_bytes()).decode("utf-8").splitlines()]
    texts = [Text(f"{row['title'][:60].replace('/', '／')}.txt", row["text"]) for row in rows]
    questions = [
        Question(
            question_id=f"{row['document']}-{number:02d}",
            text=entry["question"],
            answerable=entry["answer"] is not None,
            document=text.name,
            answer=entry["answer"] or "",
        )
        for row, text in zip(rows, texts, strict=True)
        for number, entry in enumerate(row["questions"], start=1)
    ]
    return texts, _drawn(questions, ASKED["written"])


def _shipped() -> Set:
    files = sorted((sets.ROOT / "corpus" / "documents").glob("*.md"))
    texts = [Text(file.name, file.read_text(encoding="utf-8")) for file in files]
    questions = sets.read_questions(sets.ROOT / "corpus" / "golden.jsonl")
    return texts, _drawn([question for question in questions if not question.history], ASKED["shipped"])


def _drawn(questions: Sequence[Question], most: int) -> list[Question]:
    return sorted(questions, key=lambda question: sets.lot(question.question_id))[:most]


def _as_json(name: str, texts: Sequence[Text], questions: Sequence[Question]) -> dict[str, Any]:
    asked = [{"question_id": q.question_id, "text": q.text} for q in questions]
    return {"name": name, "documents": _texts(texts), "questions": asked}


def _texts(texts: Sequence[Text]) -> list[dict[str, str]]:
    return [asdict(text) for text in texts]
