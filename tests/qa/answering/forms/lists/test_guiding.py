"""A broad question gets the fields of the guide that it names; any other question gets none."""

import pytest

from corpus.document import Document, Passage, Span
from corpus.text.headings.plain import plain_headings
from corpus.text.normalise import normalise
from index.retrieve import Hit
from qa.answering.forms.base import Form
from qa.answering.forms.conclusions.polarity import Polarity
from qa.answering.forms.lists import guiding
from qa.answering.forms.lists.guiding import card_fields, features, guide
from qa.answering.forms.shaping import shape
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Reading

GUIDE = """临河区社会保障卡补领办事指南
【对象】卡片遗失的参保人员。
【材料】身份证原件。
【流程】先口头挂失，
再到窗口领新卡。
【时限】当场办结。
【收费】每张16元。
【监督电话】12333。"""
TITLE = "临河区社会保障卡补领办事指南"


@pytest.fixture(autouse=True)
def constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Surely a broad question is one that asks how, has all its characters in the title, and asks for no one thing."""
    weights = {"titled": 20.0, "how": 10.0, "one thing": -20.0}
    monkeypatch.setattr(guiding, "constants", lambda: Polarity(weights, -25.0, 0.9))


def hit(text: str = GUIDE, title: str = TITLE, *, out_of_force: str = "", dense: float = 0.9) -> Hit:
    document = Document(f"{title}.txt", title, text, headings=tuple(plain_headings(text)))
    passage = Passage(document, Span(0, len(text)), (), (Span(0, len(text)),))
    return Hit(passage, dense, dense, dense, out_of_force=out_of_force)


def labels(question: str, *hits: Hit) -> list[str]:
    found = guide(Question.of(normalise(question)), hits, 0.1)
    return [operand.of for operand in found[0].operands] if found else []


def test_a_broad_question_gets_the_fields_in_the_order_of_need() -> None:
    found = shape(Question.of("社保卡怎么办"), Reading((), 0.0), [hit()], shown=False)
    assert found is not None
    assert found.form.kind is Form.PARTS
    assert found.form.line == f"《{TITLE}》"
    assert [(operand.of, operand.text) for operand in found.form.operands] == [
        ("对象", "卡片遗失的参保人员。"),
        ("材料", "身份证原件。"),
        ("流程", "先口头挂失， 再到窗口领新卡。"),
        ("时限", "当场办结。"),
        ("收费", "每张16元。"),
    ]
    quotes = [finding.quote.of(GUIDE) for finding in found.findings]
    assert quotes[1:3] == ["【材料】身份证原件。", "【流程】先口头挂失，\n再到窗口领新卡。"]
    assert not any(finding.short for finding in found.findings)


def test_a_label_on_its_line_or_above_its_words_is_quoted_with_them() -> None:
    text = "居住证指南\n一、条件\n1. 住满半年；\n2. 有住所。\n二、材料\n身份证。\n收费：免费"
    found = guide(Question.of("居住证怎么办"), [hit(text, "居住证指南")], 0.1)
    assert found is not None
    quotes = [finding.quote.of(text) for finding in found[1]]
    assert quotes == ["条件\n1. 住满半年；\n2. 有住所。", "材料\n身份证。", "收费：免费"]


@pytest.mark.parametrize("question", ["社保卡补领怎么弄", "我想领社会保障卡，咋个办嘛？", "社会保障卡补领 流程"])
def test_citizens_ask_it_in_many_ways(question: str) -> None:
    assert labels(question, hit()) == ["对象", "材料", "流程", "时限", "收费"]


@pytest.mark.parametrize(
    "question",
    [
        "社保卡补领收多少钱怎么办",  # one field is asked for
        "居住证怎么办",
        "社保卡",
        "社会保障卡补领卡片遗失临河区办事指南社会保障卡补领卡片遗失临河区办事指南怎么弄",  # too long for a broad one
    ],
)
def test_no_other_question_gets_a_card(question: str) -> None:
    assert labels("社保卡怎么办", hit())  # the control
    assert not labels(question, hit())


def test_a_guide_that_does_not_speak_of_the_year_asked_for_is_not_meant() -> None:
    dated = hit(title=TITLE.replace("临河区", "临河区2025年"))
    assert labels("2025年社保卡怎么办", dated)
    assert not labels("2024年社保卡怎么办", dated)


def test_only_the_best_document_in_force_is_a_guide() -> None:
    other = hit("全文没有字段。", "社会保障卡宣传月")
    assert labels("社保卡怎么办", hit(), other)
    assert not labels("社保卡怎么办", other, hit())
    assert not labels("社保卡怎么办", hit(out_of_force="已废止"))
    assert not labels("社保卡怎么办")


def test_the_best_document_is_compared_with_the_next_one() -> None:
    question = Question.of("社保卡怎么办")
    alone = features(question, [hit()], 0.5)
    beside = features(question, [hit(), hit("别的。", "社会保障卡宣传月", dense=0.6)], 0.5)
    assert (alone["ahead"], round(beside["ahead"], 2)) == (0.9, 0.3)
    assert alone["sure"] == 0.5


def test_a_list_of_several_matters_is_no_guide() -> None:
    assert len(card_fields(hit().passage.document)) == 5
    several = "材料：身份证；窗口：1号；时限：当场\n材料：户口簿；窗口：2号；时限：三天"
    assert not card_fields(hit(several).passage.document)


def test_an_address_is_shown_before_an_office_and_a_number_before_a_name() -> None:
    text = "指南\n实施机构：区社保局\n联系人：贺敏\n联系电话：5550238\n办理地点：大厅一楼\n时限：三天"
    shown = [part.text.of(text) for part in card_fields(hit(text).passage.document)]
    assert shown == ["大厅一楼", "三天", "5550238"]


def test_what_is_paid_stands_behind_for_whom() -> None:
    text = "指南\n办理流程：到村委会申请\n补贴标准：每人每年260元\n补贴对象：残疾人\n收费标准：不收费"
    shown = [part.text.of(text) for part in card_fields(hit(text).passage.document)]
    assert shown == ["残疾人", "每人每年260元", "到村委会申请", "不收费"]
