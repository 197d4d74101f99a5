import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.document import Document, Heading, Span
from qa.answering.reply import Abstention, Answer, Reply, Turn
from qa.evaluation.golden import GoldenQuestion
from qa.service.suggestions import EXAMPLES, FEWEST_EXAMPLES, FOLLOW_UPS, Suggestions
from tests.support.doubles.web import GOLDEN, IN_ENGLISH, FakeAssistant, answer, citation


def suggestions(assistant: FakeAssistant, file: Path, golden: Sequence[GoldenQuestion] = GOLDEN) -> Suggestions:
    return Suggestions(
        assistant.ask, golden, served=lambda: assistant.status.snapshot, idle=lambda: True, file=file / "offered.json"
    )


def golden(question: str, **change: Any) -> GoldenQuestion:
    return replace(GOLDEN[0], question_id=question, question=question, **change)


def test_only_questions_that_the_snapshot_answers_rightly_are_offered(tmp_path: Path) -> None:
    asked = [
        golden("结成多少对？"),
        golden("明天天气多少度？"),  # refused by the fake
        golden("另有多少对？", must=(("8对",),)),  # answered wrongly
        golden("多少对呢？", history=(Turn("问", "答"),)),
        golden("没有的有多少？", answerable=False),
        golden("多少" + "长" * 40 + "？"),
        golden("学校 结对 多少"),
        golden("学校结对好多对哦，多少？", tags=("dialect",)),
    ]
    offered = suggestions(FakeAssistant(), tmp_path, asked)
    assert offered.examples() == []
    offered.check("000001")
    assert offered.examples() == ["结成多少对？"]


def test_examples_come_from_as_many_documents_as_there_are(tmp_path: Path) -> None:
    def reply(question: str, history: Sequence[Turn]) -> Reply:
        given = answer(question)
        assert isinstance(given, Answer)
        name = "b.md" if "乙" in question else "a.md"
        return replace(given, citations=(replace(citation(), document=name),))

    asked = [golden(f"甲{number}校教育结对多少？") for number in range(9)] + [golden("乙校教育结对多少？")]
    offered = suggestions(FakeAssistant(reply), tmp_path, asked)
    offered.check("000001")
    assert len(offered.examples()) == EXAMPLES
    assert "乙校教育结对多少？" in offered.examples()[:2]


def test_where_few_questions_are_good_to_begin_with_others_fill_up(tmp_path: Path) -> None:
    asked = [golden("教育结对多少？"), *(golden(f"甲{number}有多少？") for number in range(9))]
    offered = suggestions(FakeAssistant(), tmp_path, asked)
    offered.check("000001")
    assert len(offered.examples()) == FEWEST_EXAMPLES and offered.examples()[0] == "教育结对多少？"


def test_english_questions_are_offered_to_readers_of_english_alone(tmp_path: Path) -> None:
    asked = [golden("教育结对多少？"), golden("结成多少对？"), IN_ENGLISH, golden("So many words " * 9 + "of English?")]
    offered = suggestions(FakeAssistant(), tmp_path, asked)
    assert offered.examples(english=True) == []
    offered.check("000001")
    assert offered.examples(english=True) == [IN_ENGLISH.question]
    assert offered.examples() == ["教育结对多少？", "结成多少对？"]
    assert offered.after(answer("How many?")) == [IN_ENGLISH.question]
    assert IN_ENGLISH.question not in offered.after(answer("学校有多少？"))
    chinese = suggestions(FakeAssistant(), tmp_path / "other", asked[:2])
    chinese.check("000001")
    assert chinese.examples(english=True) == chinese.examples() != []


def test_after_an_answer_come_other_questions_about_its_document(tmp_path: Path) -> None:
    offered = suggestions(FakeAssistant(), tmp_path)
    offered.check("000001")
    further = offered.after(answer(GOLDEN[0].question))
    assert len(further) == FOLLOW_UPS and GOLDEN[0].question not in further
    elsewhere = answer("多少")
    assert isinstance(elsewhere, Answer)
    other = replace(elsewhere, citations=(replace(citation(), document="other.md"),))
    assert offered.after(other) == []


def test_after_a_refusal_come_only_questions_that_are_alike(tmp_path: Path) -> None:
    offered = suggestions(FakeAssistant(), tmp_path)
    offered.check("000001")
    assert offered.after(answer("学校结对的总数和天气"))[0] == "学校结对的总数是多少？"
    assert offered.after(answer("明天天气怎么样")) == []


def test_another_snapshot_is_asked_anew_and_the_same_one_is_not(tmp_path: Path) -> None:
    assistant = FakeAssistant()
    first = suggestions(assistant, tmp_path)
    first.check("000001")
    assert len(assistant.asked) == len(GOLDEN)
    again = suggestions(assistant, tmp_path)
    again.check("000001")
    assert len(assistant.asked) == len(GOLDEN) and again.examples() == first.examples()
    assistant.status = replace(assistant.status, snapshot="000002")
    again.check("000002")
    assert len(assistant.asked) == 2 * len(GOLDEN)


def test_a_kept_file_that_is_damaged_is_asked_anew(tmp_path: Path) -> None:
    (tmp_path / "offered.json").write_text("[", encoding="utf-8")
    assistant = FakeAssistant()
    suggestions(assistant, tmp_path).check("000001")
    assert len(assistant.asked) == len(GOLDEN)


def test_the_end_waits_for_the_question_under_way_and_asks_no_further(tmp_path: Path) -> None:
    assistant = FakeAssistant(gate=threading.Event())
    offered = suggestions(assistant, tmp_path)
    offered.start()
    while not assistant.asked:
        time.sleep(0.01)
    ended = threading.Thread(target=offered.close)
    ended.start()
    ended.join(0.2)
    assert ended.is_alive() and assistant.gate
    assistant.gate.set()
    ended.join(20)
    assert not ended.is_alive() and len(assistant.asked) == 1


def test_a_question_that_only_asks_alike_is_not_offered_instead(tmp_path: Path) -> None:
    asked = [golden("两地学校结对是多少？"), golden("商会结对是多少？")]
    offered = suggestions(FakeAssistant(), tmp_path, asked)
    offered.check("000001")
    refused = answer("天气")
    assert isinstance(refused, Abstention)
    assert offered.after(replace(refused, standalone_question="商会电话是多少")) == ["商会结对是多少？"]


def test_after_a_refusal_headings_that_name_what_was_asked_come_after_the_questions_as_questions(
    tmp_path: Path,
) -> None:
    offered = suggestions(FakeAssistant(), tmp_path)
    text = "汇总\n\n一、榨菜产业发展措施\n\n写了产业。\n\n二、榨菜丰收\n\n写了榨菜。\n\n三、路灯改造范围\n\n写了路灯。"
    heads = ("一、榨菜产业发展措施", "二、榨菜丰收", "三、路灯改造范围")
    spans = [Span(text.index(words), text.index(words) + len(words)) for words in heads]
    summary = Document("a.md", "汇总", text, tuple(Heading(2, span) for span in spans))
    refused = answer("天气和榨菜的关系")
    assert isinstance(refused, Abstention)
    assert offered.after(refused, [summary]) == ["榨菜产业发展措施有哪些？"]
    assert offered.after(replace(refused, standalone_question="明天天气"), [summary]) == []
    assert offered.after(replace(refused, card="crisis"), [summary]) == []
