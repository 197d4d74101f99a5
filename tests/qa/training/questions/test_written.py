"""Questions as they are written for training: their form, and the examples made of them."""

import json
from pathlib import Path

import pytest

from corpus.document import Document
from qa.evaluation.golden import GoldenQuestion
from qa.evaluation.squad import Paragraph, QuestionFileError, SquadQuestion
from qa.training.questions import forms
from qa.training.questions.written import (
    BESIDE,
    WrittenDocument,
    WrittenExamples,
    merged,
    of_golden,
    of_paragraphs,
    read_written,
    with_forms,
)

TEXT = """云溪区便民卡通知
一、办理
市民可到白鹭镇窗口办理便民卡，工本费20元。自受理之日起七个工作日内发卡。
二、补办
补办便民卡收取工本费30元，三日内发卡。"""
ROW = {
    "document": "d1",
    "title": "云溪区便民卡通知",
    "genre": "通知",
    "text": TEXT,
    "questions": [
        {"question": "办便民卡要好多钱", "answer": "20元", "start": TEXT.index("20元"), "kind": "dialect"},
        {"question": "老年人办卡优惠多少", "answer": None, "start": None, "kind": "attribute"},
    ],
}


def written_file(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_question_file_gives_documents_with_their_answers_in_place(tmp_path: Path) -> None:
    (one,) = read_written(written_file(tmp_path / "q.jsonl", ROW))
    answered, unanswered = one.questions
    assert answered.answer and answered.answer.of(one.document.text) == "20元"
    assert unanswered.answer is None


@pytest.mark.parametrize("alike", ["补办便民卡可以减免吗", ""])
def test_a_question_in_another_language_is_read_with_what_its_wording_in_this_one_is_near(
    alike: str, tmp_path: Path
) -> None:
    foreign = {"question": "is a new card free for me", "answer": None, "start": None, "kind": "english"}
    row = {**ROW, "questions": [foreign | {"alike": alike}]}
    drawn = WrittenExamples(read_written(written_file(tmp_path / "q.jsonl", row)), len, 45)
    read = {e.passage.splitlines()[-1] for seed in range(60) for e in drawn.epoch(seed) if e.kind == "sentence"}
    assert ("补办便民卡收取工本费30元，三日内发卡。" in read) is bool(alike)


@pytest.mark.parametrize("start", [0, 10_000, "x", None])
def test_an_answer_that_does_not_stand_at_its_place_names_the_line(start: object, tmp_path: Path) -> None:
    broken = {**ROW, "questions": [{"question": "?", "answer": "20元", "start": start, "kind": "direct"}]}
    with pytest.raises(QuestionFileError, match="line 2"):
        read_written(written_file(tmp_path / "q.jsonl", ROW, broken))


def test_an_epoch_gives_every_question_and_passages_without_the_answer_beside_some(tmp_path: Path) -> None:
    documents = read_written(written_file(tmp_path / "q.jsonl", ROW))
    examples = WrittenExamples(documents, len, 60)
    seen = [example for seed in range(40) for example in examples.epoch(seed)]
    assert list(examples.epoch(1)) == list(examples.epoch(1))
    for example in seen:
        assert not example.answerable or example.passage[example.start : example.end] == "20元"
        assert example.kind != "beside" or "20元" not in example.passage
    assert {example.kind for example in seen} == {"passage", "sentence", "document", "beside"}
    assert {example.answerable for example in seen if example.question == "老年人办卡优惠多少"} == {False}
    assert 0.5 * BESIDE < sum(example.kind == "beside" for example in seen) / 40 < 1.5 * BESIDE


FORM = """## 云溪区便民卡通知
? 补办要几天
= 三日内 || 三日内发卡
~ howmany
? 补办能不能寄到家
!
~ procedure
? 办便民卡要好多钱
= 20元
~ dialect

## 新的公告
@ 公告
图书馆周一闭馆。

? 图书馆哪天不开
= 周一
~ paraphrase
? 图书馆谁管
= 管理处
~ role
"""


def test_questions_of_a_later_file_join_those_of_the_same_document(tmp_path: Path) -> None:
    asked = {"question": "补办要几天", "answer": "三日内", "start": TEXT.index("三日内"), "kind": "paraphrase"}
    more = {**ROW, "questions": [asked]}
    other = {**ROW, "text": TEXT + "\n三、附则"}
    files = [written_file(tmp_path / f"{number}.jsonl", row) for number, row in enumerate((ROW, more, other))]
    joined = merged(written for path in files for written in read_written(path))
    # A document of the same title with another text is another version, to which the places do not belong.
    assert [len(written.questions) for written in joined] == [3, 2]
    assert [written.document.name for written in joined] == ["0001.txt", "0002.txt"]
    examples = WrittenExamples(joined[:1], len, 60)
    assert "补办要几天" in {example.question for example in examples.epoch(1)}


def test_forms_add_questions_and_documents_and_say_what_they_leave_out(tmp_path: Path) -> None:
    path = tmp_path / "01.txt"
    path.write_text(FORM + "\n## 没有的文件\n? 什么\n!\n~ time\n", encoding="utf-8")
    rows, problems = forms.merged([ROW], [path])
    old, new = rows
    assert [question["question"] for question in old["questions"]] == [
        "办便民卡要好多钱",
        "老年人办卡优惠多少",
        "补办要几天",
        "补办能不能寄到家",
    ]
    assert all(q["answer"] is None or old["text"][q["start"] :].startswith(q["answer"]) for q in old["questions"])
    assert (new["title"], [question["answer"] for question in new["questions"]]) == ("新的公告", ["周一"])
    assert len(problems) == 2
    assert "管理处" in problems[0] and "没有的文件" in problems[1]


def test_forms_keep_the_verdict_of_an_answered_question(tmp_path: Path) -> None:
    lines = "## 云溪区便民卡通知\n? 补办三天发卡吗\n= 三日内发卡\n~ yesno yes\n? 补办能寄吗\n!\n~ yesno no\n"
    path = tmp_path / "01.txt"
    path.write_text(lines, encoding="utf-8")
    rows, problems = forms.merged([ROW], [path])
    added = rows[0]["questions"][2:]
    assert [(q["kind"], q.get("verdict")) for q in added] == [("yesno", "yes"), ("yesno", None)]
    assert problems == []
    document = read_written(written_file(tmp_path / "q.jsonl", *rows))[0]
    assert [question.verdict for question in document.questions[2:]] == [True, None]


def test_golden_questions_become_questions_on_the_document_that_alone_holds_the_answer(tmp_path: Path) -> None:
    (tmp_path / "卡.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "馆.txt").write_text("图书馆开放公告\n\n图书馆周一闭馆，其他日子开放。", encoding="utf-8")

    def golden(question: str, *must: str, answerable: bool = True) -> GoldenQuestion:
        return GoldenQuestion(question, question, (must,) if must else (), answerable, ())

    found = of_golden(
        [golden("图书馆哪天不开", "周一"), golden("要钱吗", "便民卡"), golden("谁管图书馆", answerable=False)], tmp_path
    )
    questions = {question.text: question for written in found for question in written.questions}
    assert set(questions) == {"图书馆哪天不开", "谁管图书馆"}, "便民卡 stands often"
    assert questions["谁管图书馆"].answer is None
    answer = questions["图书馆哪天不开"].answer
    assert (
        answer
        and answer.of(next(w.document.text for w in found if questions["图书馆哪天不开"] in w.questions)) == "周一"
    )


def test_questions_of_known_form_that_one_sentence_answers_or_none_are_read_with_their_document() -> None:
    text = "停车场收费\n每小时收3元。夜间不收费。"
    written = WrittenDocument(Document("a.txt", "停车场收费", text), ())

    def row(question: str, form: str, **more: object) -> dict[str, object]:
        return {"document": "停车场收费", "question": question, "form": form, "label": "answered", **more}

    rows = [
        row("晚上要钱不", "yesno", verdict="no", quotes=["夜间不收费。"]),
        row("收3元对吗", "yesno", verdict="yes", quotes=["每小时收3元。"], answer="3元"),
        row("白天比晚上贵多少", "compute", verdict="3元", quotes=["每小时收3元。"]),
        {**row("停车场在哪", "lookup"), "label": "unanswered"},
        {**row("别处收多少", "yesno", verdict="yes", quotes=["每小时收3元。"]), "document": "另一份"},
    ]
    (found,) = with_forms([written], rows)
    known = [(q.text, q.answer.of(text) if q.answer else None, q.verdict, q.exact) for q in found.questions]
    assert known == [
        ("晚上要钱不", "夜间不收费。", False, False),
        ("收3元对吗", "3元", True, True),
        ("停车场在哪", None, None, True),
    ]


def test_paragraphs_become_documents_without_questions_whose_answer_is_not_in_its_place() -> None:
    text = "便民卡七日内发出。"
    asked = (
        SquadQuestion("1", "几天发卡", (("七日", text.index("七日")), ("七日内", 3))),
        SquadQuestion("2", "谁发卡", (("窗口", 0),)),
        SquadQuestion("3", "哪里发卡", ()),
    )
    (written,) = of_paragraphs([Paragraph("便民卡", text, asked)])
    (question,) = written.questions
    assert (written.document.title, question.text) == ("便民卡", "几天发卡")
    assert question.answer is not None and question.answer.of(written.document.text) == "七日"
