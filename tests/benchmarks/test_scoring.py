"""What counts as right in the table of quality."""

from dataclasses import replace

import pytest

from benchmarks.quality.scoring import FALSE_PREMISE, holds, judge
from benchmarks.quality.sets import Question
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.reply import Abstention, Answer, Choice, Citation, Reason

TEXT = "押金100元。退证时全额退还。周一闭馆。"


def _answer(*quotes: tuple[int, int], short: str | None = None, document: str = "图书馆.txt") -> Answer:
    citations = tuple(Citation(document, "图书馆", (), start, end, TEXT[start:end]) for start, end in quotes)
    text = "\n".join(citation.text for citation in citations)
    return Answer(
        question="?", standalone_question="?", snapshot="", text=text, citations=citations, confidence=0.9, short=short
    )


def _abstention(text: str = "没有找到") -> Abstention:
    return Abstention(question="?", standalone_question="?", snapshot="", reason=Reason.NOT_IN_DOCUMENTS, text=text)


def _written(answer: str = "100元", start: int = 2) -> Question:
    return Question(
        question_id="w-1", text="?", answerable=True, document="图书馆.txt", answer=answer, start=start
    )  # fmt: skip


def test_a_quotation_with_the_answer_at_its_place_is_right() -> None:
    verdict = judge(_written(), _answer((0, 7)))
    assert (verdict.outcome, verdict.placed) == ("right", True)


def test_the_same_words_in_another_document_are_wrong() -> None:
    verdict = judge(_written(), _answer((0, 7), document="别处.txt"))
    assert (verdict.outcome, verdict.placed) == ("wrong", False)


def test_other_words_of_the_right_document_are_wrong() -> None:
    assert judge(_written(), _answer((7, 15))).outcome == "wrong"


def test_an_answerable_question_without_an_answer_is_held() -> None:
    assert judge(_written(), _abstention()).outcome == "held"


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("奖励 １５ 万元", "15万元", True),
        ("共1,500人。", "1500人", True),
        ("周一、周三", "周一周三", True),
        ("奖励15万元", "5万元", False),
        ("上涨2.5%", "5%", False),
        ("上涨2.5%", "25%", False),
        ("第1号和第12号", "1", True),
        ("第12号", "1", False),
    ],
)
def test_an_answer_is_held_however_it_is_written_but_never_as_part_of_a_figure(
    text: str, answer: str, held: bool
) -> None:
    assert holds(text, answer) is held


def _asked(**known: object) -> Question:
    return Question(**{"question_id": "c-1", "text": "?", "answerable": True, "must": (("100元",),), **known})  # type: ignore[arg-type]


def test_every_group_has_to_be_shown() -> None:
    both = _asked(must=(("100元",), ("周一", "礼拜一")))
    assert judge(both, _answer((0, 7), (15, 20))).outcome == "right"
    assert judge(both, _answer((0, 7))).outcome == "wrong"


def test_the_large_line_counts_apart_from_the_quotation() -> None:
    question = _asked(short_must=(("100元",),), short_must_not=("全额",))
    assert judge(question, _answer((0, 15), short="100元")).outcome == "right"
    assert judge(question, _answer((0, 15), short="周一")).outcome == "wrong"
    assert judge(question, _answer((0, 15), short="100元全额")).outcome == "wrong"
    assert judge(question, _answer((0, 15))).outcome == "right"  # the quotation itself is read


def test_what_would_mislead_must_not_be_the_large_line_but_may_be_quoted() -> None:
    question = _asked(forbid=("全额",))
    assert judge(question, _answer((0, 15), short="100元")).outcome == "right"
    assert judge(question, _answer((0, 15), short="全额100元")).outcome == "wrong"


@pytest.mark.parametrize("kind", [Form.SUPERLATIVE, Form.COMPARE])
@pytest.mark.parametrize("turned", [False, True])  # the operands of a comparison stand as the question names them
@pytest.mark.parametrize("misleading", [(), ("80册",)])
@pytest.mark.parametrize(("winner", "outcome"), [("总馆", "right"), ("分馆", "wrong")])
def test_of_a_computed_comparison_the_winner_is_judged_and_not_the_figure_beside_it(
    kind: Form, turned: bool, misleading: tuple[str, ...], winner: str, outcome: str
) -> None:
    rows = (Operand("100册", "总馆", 0), Operand("80册", "分馆", 1))
    first, second = rows[::-1] if turned else rows
    form = AnswerForm(kind, f"{first.text} > {second.text}：{winner}", winner, (first, second))
    reply = replace(_answer((0, 7), (15, 20), short=form.line), form=form, text="总馆100册，分馆80册")
    question = _asked(must=(("总馆",), ("100册",)), short_must_not=misleading)
    assert judge(question, reply).outcome == outcome


@pytest.mark.parametrize(
    ("short", "outcome", "said"),
    [
        ("是，押金100元", "right", "as it is"),
        ("不是，押金100元", "wrong", "contrary"),
        ("没有。", "wrong", "contrary"),
        ("押金100元", "right", "not said"),
        ("有100元押金", "right", "not said"),
        ("不超过100元", "right", "not said"),
        ("Yes, 100元", "right", "as it is"),
        ("No: 100元", "wrong", "contrary"),
    ],
)
def test_yes_for_no_is_wrong(short: str, outcome: str, said: str) -> None:
    verdict = judge(_asked(polarity="yes"), _answer((0, 7), short=short))
    assert (verdict.outcome, verdict.polarity) == (outcome, said)


def test_a_question_without_an_answer_is_refused_shown_or_refused_in_forbidden_words() -> None:
    question = _asked(answerable=False, must=(), forbid=("不能处理",))
    assert judge(question, _abstention()).outcome == "refused"
    assert judge(question, _answer((0, 7))).outcome == "shown"
    assert judge(question, _abstention("这个请求我不能处理")).outcome == "unfit"


def test_to_leave_a_choice_is_no_answer_where_several_things_may_be_meant() -> None:
    vague = _asked(answerable=False, must=(), ask_back=True)
    left_open = replace(_answer((0, 7)), choices=(Choice("图书馆.txt", "图书馆"),))
    assert judge(vague, left_open).outcome == "refused"
    assert judge(vague, _answer((0, 7))).outcome == "shown"
    assert judge(replace(vague, ask_back=False), left_open).outcome == "shown"


def test_a_premise_put_right_answers_a_false_one_and_no_other_question() -> None:
    put_right = replace(_answer((0, 7)), form=AnswerForm(Form.PREMISE, "文件写的不是这样：2004年", "no"))
    false = _asked(answerable=False, must=(), tags=(FALSE_PREMISE,))
    assert judge(false, put_right).outcome == "refused"
    assert judge(false, _answer((0, 7))).outcome == "shown"
    assert judge(replace(false, tags=()), put_right).outcome == "shown"
