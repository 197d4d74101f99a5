"""The shipped documents and the golden questions asked over them keep their promises."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted((ROOT / "corpus" / "documents").glob("*.md"))
GOLDEN = ROOT / "corpus" / "golden.jsonl"
ARTICLE = ROOT.parent / "shared" / "corpus" / "fuling-zhejiang.txt"
FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
RUN_LENGTH = 20


def split(path: Path) -> tuple[dict[str, str], str]:
    match = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    assert match, f"{path.name} has no front matter"
    pairs = (line.split(":", 1) for line in match[1].splitlines())
    return {key.strip(): value.strip() for key, value in pairs}, match[2]


def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_between_six_and_ten_documents_are_shipped() -> None:
    assert 6 <= len(DOCUMENTS) <= 10


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_its_title_topic_and_source(path: Path) -> None:
    meta, body = split(path)
    assert all(meta.get(key) for key in ("title", "topic", "source"))
    assert body.lstrip().startswith(f"# {meta['title']}\n")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_takes_over_no_run_of_the_article(path: Path) -> None:
    if not ARTICLE.exists():
        pytest.skip(f"the article is not here: {ARTICLE}")
    article, text = (
        squeezed(ARTICLE.read_text(encoding="utf-8")),
        squeezed(path.read_text(encoding="utf-8")),
    )
    windows = (text[start : start + RUN_LENGTH] for start in range(len(text) - RUN_LENGTH + 1))
    assert [window for window in windows if window in article] == []


def test_golden_questions_have_unique_ids_and_wordings() -> None:
    rows = questions()
    assert len({row["id"] for row in rows}) == len(rows)
    assert len({row["question"] for row in rows}) == len(rows)


def test_golden_questions_all_have_the_same_form() -> None:
    keys = {"id", "question", "must", "evidence", "tags", "answerable", "history"}
    assert all(set(row) == keys and row["question"] and row["tags"] for row in questions())


def test_the_evidence_of_an_answerable_question_stands_in_a_document() -> None:
    bodies = [split(path)[1] for path in DOCUMENTS]
    answerable = [row for row in questions() if row["answerable"]]
    assert [row["id"] for row in answerable if not any(row["evidence"] in body for body in bodies)] == []


def test_every_required_answer_stands_in_a_document() -> None:
    bodies = "\n".join(split(path)[1] for path in DOCUMENTS)
    groups = [(row["id"], group) for row in questions() for group in row["must"]]
    assert [key for key, group in groups if not any(string in bodies for string in group)] == []


def test_an_answerable_question_requires_something_and_an_unanswerable_one_nothing() -> None:
    for row in questions():
        assert row["answerable"] == bool(row["must"]) == (row["evidence"] is not None)
