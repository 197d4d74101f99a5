"""Which questions the table of quality asks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.quality import sets
from benchmarks.quality.sets import Folder, Question, QuestionSet, SetMissing, lot, read_questions, thinned


def _set(*ids: str) -> QuestionSet:
    questions = tuple(Question(question_id=i, text="?", answerable=True) for i in ids)
    return QuestionSet("any", (Folder((), questions),))


def _ids(chosen: QuestionSet) -> set[str]:
    return {question.question_id for folder in chosen.folders for question in folder.questions}


def test_a_smaller_sample_is_part_of_a_greater_one() -> None:
    whole = _set(*(f"q{n}" for n in range(100)))
    few, more = _ids(thinned(whole, 10)), _ids(thinned(whole, 40))
    assert (len(few), len(more)) == (10, 40)
    assert few < more
    assert len(_ids(thinned(whole, 0))) == 100


def test_questions_left_out_take_no_place() -> None:
    assert len(_ids(thinned(_set("a", "b", "c"), 2, frozenset({"a"})))) == 2
    assert _ids(thinned(_set("a", "b", "c"), 0, frozenset({"a"}))) == {"b", "c"}
    assert _ids(thinned(_set("a@1", "a@50", "b@1"), 0, frozenset({"a"}))) == {"b@1"}


def test_a_dialogue_is_asked_whole_or_not_at_all() -> None:
    turns = [
        replace(q, dialogue=q.question_id[:2]) for q in _set(*(f"d{n % 3}-{n}" for n in range(9))).folders[0].questions
    ]
    chosen = thinned(QuestionSet("any", (Folder((), tuple(turns)),)), 3)
    assert len({name[:2] for name in _ids(chosen)}) == 1
    assert len({name[:2] for name in _ids(thinned(_set(*(q.question_id for q in turns)), 3))}) > 1


def test_every_dialogue_lies_over_documents_that_are_there() -> None:
    folders = sets.open_set("dialogues").folders
    turns = [question for folder in folders for question in folder.questions]
    assert len({turn.dialogue for turn in turns}) == 60 and all(folder.documents for folder in folders)
    unanswered = [turn for turn in turns if not turn.answerable]
    assert 0.45 < len(unanswered) / len(turns) < 0.55 and all(turn.must for turn in turns if turn.answerable)


def test_a_question_has_the_same_lot_in_folders_of_every_size() -> None:
    assert lot("w1-09-00-01@1") == lot("w1-09-00-01@50") != lot("w1-09-00-02@1")


def test_questions_are_read_with_what_their_reply_must_not_say(tmp_path: Path) -> None:
    entry = {
        "id": "f1",
        "file": "c11/指南.pdf",
        "question": "多少？",
        "must": [["5万元", "5 万元"]],
        "answerable": True,
    }
    entry |= {"short_must_not": ["15万元"], "history": [["谁办", "科技局"]]}
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")
    (question,) = read_questions(path)
    assert (question.document, question.tags, question.must) == ("c11/指南.pdf", ("c11",), (("5万元", "5 万元"),))
    assert (question.short_must_not, question.history[0].question) == (("15万元",), "谁办")


def test_a_set_without_its_files_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sets, "SHARED", tmp_path)
    with pytest.raises(SetMissing, match=r"citizen_dev\.jsonl is not there"):
        sets.open_set("citizen")


def test_written_documents_stand_in_folders_of_each_size(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = []
    for number in range(6):
        text = f"第{number}号通知\n押金{number}元。"
        question = {
            "question": "押金多少",
            "answer": f"{number}元",
            "start": text.index(f"{number}元"),
            "kind": "direct",
        }
        entry = {"document": f"d{number}", "title": f"第{number}号通知", "text": text, "questions": [question]}
        rows.append(json.dumps(entry, ensure_ascii=False))
    (tmp_path / "data" / "written").mkdir(parents=True)
    (tmp_path / "data" / "written" / "validation.jsonl").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr(sets, "SHARED", tmp_path)
    monkeypatch.setattr(sets, "SAMPLED", 1)
    folders = sets.open_set("written_folders").folders
    assert sorted(len(folder.documents) for folder in folders) == [1, 1, 1, 1, 1, 1, 1, 5, 6]
    for asked in (question for folder in folders for question in folder.questions):
        document = next(d for f in folders for d in f.documents if d.name == asked.document)
        assert document.text[asked.start :].startswith(asked.answer)
