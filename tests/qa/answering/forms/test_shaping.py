"""A reply takes the form of its question, and cites what its conclusion rests on."""

from datetime import date

import pytest

from corpus.document import Document, Passage, Span
from index.retrieve import Hit
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.concluding import CONCLUDERS
from qa.answering.forms.conclusions import computed, polarity
from qa.answering.forms.conclusions.polarity import Polarity
from qa.answering.forms.shaping import Shaped, shape
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.verifier.judging import Verdict

TABLE = """中心名称：芦桥中心；窗口数：14个。
中心名称：望梅中心；窗口数：11个。
中心名称：双渚中心；窗口数：9个。"""
RULE = "年满80周岁的老年人可以享受高龄津贴。"
ALWAYS = {form: Polarity({}, 9.0, 0.9) for form in CONCLUDERS}


@pytest.fixture(autouse=True)
def constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every comparison is sure; what lies within a limit is surely yes."""
    monkeypatch.setattr(computed, "comparisons", lambda: ALWAYS)
    known = {
        Form.YES_NO: Polarity({"within the limit": 9.0}, 0.0, 0.9),
        Form.PREMISE: Polarity({"settles": 1.0, "holds": -3.0}, -6.0, 0.9),
    }
    monkeypatch.setattr(polarity, "constants", lambda: known)


def shaped(
    question: str, text: str, *, shown: bool = True, short: Span | None = None, verdict: Verdict | None = None
) -> Shaped | None:
    document = Document("a.txt", "一览", text)
    passage = Passage(document, Span(0, len(text)), (), (Span(0, len(text)),))
    reading = Reading((Finding(document, (), Span(0, len(text)), short, verdict),), 0.9)
    return shape(Question.of(question), reading, [Hit(passage, 0.9, 0.9, 0.9)], shown=shown)


@pytest.mark.parametrize(
    ("question", "kind", "shown"),
    [
        ("芦桥中心和望梅中心哪个窗口数多", Form.COMPARE, True),
        ("芦桥中心和望梅中心哪个窗口数多", Form.COMPARE, False),
        ("哪个中心的窗口数最多", Form.SUPERLATIVE, True),
        ("哪个中心的窗口数最多", Form.SUPERLATIVE, False),  # its column is named, and nothing else is said
    ],
)
def test_what_is_compared_is_computed_and_cites_the_rows_it_rests_on(question: str, kind: Form, shown: bool) -> None:
    found = shaped(question, TABLE, shown=shown)
    assert found is not None
    assert (found.form.kind, found.form.verdict) == (kind, "芦桥中心")
    assert found.form.operands[:2] == (Operand("14个", "芦桥中心", 0), Operand("11个", "望梅中心", 1))
    for operand in found.form.operands:
        finding = found.findings[operand.citation]
        assert finding.short and finding.short.of(finding.document.text) == operand.text


def test_a_threshold_shows_both_figures() -> None:
    found = shaped("79岁能不能领高龄津贴", RULE)
    assert found is not None
    assert found.form == AnswerForm(
        Form.YES_NO, "不能：79岁 < 80周岁", "no", (Operand("80周岁", "", 0),), found.form.how
    )


def test_figures_that_speak_against_a_verdict_are_not_shown_as_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polarity, "constants", lambda: {Form.YES_NO: Polarity({"holds": 9.0}, 0.0, 0.9)})
    lines = []
    for verdict in (Verdict(3.0, -4.0), Verdict(3.0, 4.0)):
        found = shaped("79岁能不能领高龄津贴", RULE, verdict=verdict)
        assert found is not None
        lines.append(found.form.line)
    assert lines == ["不能：79岁 < 80周岁", "能。"]


@pytest.mark.parametrize(("rows", "verdict"), [(1, "no"), (2, None)])
def test_several_rows_of_a_table_say_neither_yes_nor_no(
    monkeypatch: pytest.MonkeyPatch, rows: int, verdict: str | None
) -> None:
    monkeypatch.setattr(polarity, "constants", lambda: {Form.YES_NO: Polarity({"holds": 9.0}, 0.0, 0.9)})
    text = "网点：东门；能否办卡：能。\n网点：西门；能否办卡：只换卡。"
    quote = Span(0, text.index("\n") if rows == 1 else len(text))
    reading = Reading((Finding(Document("a.txt", "网点", text), (), quote, None, Verdict(3.0, -4.0)),), 0.9)
    found = shape(Question.of("卡能不能寄到家"), reading, [], shown=True)
    assert found and found.form.verdict == verdict


def test_where_yes_or_no_is_not_sure_the_document_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polarity, "constants", lambda: {Form.YES_NO: Polarity({}, 0.0, 0.9)})
    found = shaped("能不能领高龄津贴", RULE, short=Span(RULE.index("可以"), len(RULE) - 1))
    assert found is not None
    assert (found.form.verdict, found.form.line) == (None, "文件写的是：可以享受高龄津贴")


@pytest.mark.parametrize("shown", [True, False])
def test_a_wrong_premise_is_put_right_by_the_words_of_the_document(shown: bool) -> None:
    text = "学校于2004年5月奠基。"
    instead = Span(text.index("2004"), text.index("奠基"))
    found = shaped("2010年谁给学校剪彩", text, shown=shown, short=instead, verdict=Verdict(3.0, -4.0))
    assert found is not None
    assert (found.form.kind, found.form.verdict) == (Form.PREMISE, "no")
    assert found.form.line == "文件写的不是这样：2004年5月"
    assert shaped("谁给学校剪彩", text, shown=shown, short=instead, verdict=Verdict(3.0, 4.0)) is None
    assert shaped("谁给学校剪彩", text, shown=shown, short=instead) is None


def test_what_rose_is_said_where_a_question_takes_a_fall_for_granted() -> None:
    text = "产量2017年是40万吨，2021年增加到60万吨。"
    rose = Span(text.index("2021"), len(text) - 1)
    found = shaped("产量为什么下降", text, short=rose)
    assert found is not None and found.form.kind is Form.PREMISE
    assert found.form.line == "文件写的不是这样：2021年增加到60万吨"
    assert shaped("产量为什么增加", text, short=rose) is None
    assert shaped("产量为什么下降", text, short=rose, shown=False) is None  # not sure to be of the same


def test_an_operand_of_what_is_asked_is_not_said_first() -> None:
    text = "芦桥中心有窗口14个；望梅中心另有若干。"
    short = Span(text.index("14"), text.index("14") + 3)
    found = shaped("芦桥中心比望梅中心多几个窗口", text, short=short)
    assert found is not None
    assert (found.form.kind, found.form.line, found.form.verdict) == (Form.COMPUTE, "", None)
    assert shaped("芦桥中心有几个窗口", text, short=short) is None


def test_a_brief_quotation_of_several_figures_is_left_to_the_reader() -> None:
    text = "芦桥中心窗口14个，望梅中心约11个。"
    found = shaped("芦桥中心和望梅中心哪个窗口多", text, short=Span(text.index("14"), text.index("14") + 3))
    assert found is not None
    assert (found.form.kind, found.form.verdict) == (Form.COMPARE, None)
    assert found.form.line == f"文件写的是：{text}"


def test_two_rows_are_computed_whatever_the_reader_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computed, "comparisons", lambda: {form: Polarity({}, -9.0, 0.9) for form in CONCLUDERS})
    found = shaped("望梅中心比芦桥中心少几个窗口", TABLE, shown=False)
    assert found is not None and found.form.line == "14个 − 11个 = 3个"
    reversed_question = "望梅中心比芦桥中心多几个窗口"  # both rows are quoted, but not where the reader is not sure
    assert shaped(reversed_question, TABLE, shown=False) is None
    quoted = shaped(reversed_question, TABLE)
    assert quoted is not None and quoted.form.line == "" and len(quoted.findings) == 2


def test_a_question_of_no_such_form_is_left_to_its_quotation() -> None:
    assert shaped("高龄津贴谁能领", RULE) is None


def test_the_shipped_constants_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert all(0.5 < one.threshold <= 1 for one in polarity.constants().values())
    assert computed.comparisons().keys() == ALWAYS.keys()


def test_a_difference_is_computed_and_cites_both_of_its_figures() -> None:
    found = shaped("芦桥中心比望梅中心的窗口多几个", TABLE, shown=False)
    assert found is not None
    assert (found.form.kind, found.form.line) == (Form.COMPUTE, "14个 − 11个 = 3个")
    assert found.form.operands == (Operand("14个", "芦桥中心", 0), Operand("11个", "望梅中心", 1))


def test_whether_something_has_doubled_is_told_by_how_many_times() -> None:
    text = "2019年接待游客5万人次，2023年接待游客12万人次。"
    found = shaped("2023年接待游客比2019年翻番了吗", text)
    assert found is not None
    assert (found.form.kind, found.form.line) == (Form.COMPUTE, "12万人次 ÷ 5万人次 = 2.4倍")
    other = shaped("2023年接待游客比2019年多吗", text)
    assert other is not None and other.form.kind is Form.YES_NO


@pytest.mark.parametrize(
    ("question", "line"),
    [("有哪几个渡口", "3个：甲渡、乙渡、丙渡"), ("有哪些渡口開放", "3個：甲渡、乙渡、丙渡")],
)
def test_a_list_is_said_with_its_number(question: str, line: str) -> None:
    text = "开放的有甲渡、乙渡、丙渡。"
    found = shaped(question, text, short=Span(text.index("甲"), len(text) - 1))
    assert found is not None
    assert (found.form.kind, found.form.line, found.form.verdict) == (Form.COUNT, line, line[:2])


def test_a_list_of_which_the_reader_is_not_sure_is_not_counted() -> None:
    text = "开放的有甲渡、乙渡、丙渡。"
    assert shaped("有哪几个渡口", text, shown=False, short=Span(text.index("甲"), len(text) - 1)) is None


@pytest.mark.parametrize(
    ("question", "text", "verdict"),
    [
        ("分馆和阅览室一共多少个", "全县有分馆12个，社区阅览室36个。", "48个"),
        ("分馆和阅览室差多少个", "全县有分馆12个，社区阅览室36个。", None),  # only a sum is shown by itself
        ("藏书和童书一共多少册", "藏书48万册，其中童书11万册。", None),  # a part of the other
        ("分馆和书亭一共多少个", "全县有分馆12个，阅览室36个。", None),  # one has no figure
        ("分馆和阅览室一共多少个", "全县有分馆12个，其中新馆3个。社区阅览室36个。", None),  # not in one sentence
        ("省和县一共出多少", "省出20元，县出155元。", None),  # one character is no name
    ],
)
def test_a_sum_of_two_that_one_sentence_names_is_said_whatever_the_constants_say(
    monkeypatch: pytest.MonkeyPatch, question: str, text: str, verdict: str | None
) -> None:
    monkeypatch.setattr(computed, "comparisons", lambda: {form: Polarity({}, -9.0, 0.9) for form in CONCLUDERS})
    found = shaped(question, text)
    assert (found.form.verdict if found else None) == verdict


def test_what_was_first_may_stand_in_two_documents() -> None:
    opened, closed = Document("a.txt", "旧馆", "旧馆1998年5月关门。"), Document("b.txt", "新馆", "新馆2001年3月开门。")
    hits = [
        Hit(Passage(one, Span(0, len(one.text)), (), (Span(0, len(one.text)),)), 0.9, 0.9, 0.9)
        for one in (opened, closed)
    ]
    reading = Reading((Finding(opened, (), Span(0, len(opened.text))),), 0.9)
    found = shape(Question.of("旧馆关门和新馆开门哪个在前"), reading, hits, shown=True)
    assert found is not None and found.form.line == "1998年5月早于2001年3月：旧馆关门"
    assert [one.document for one in found.findings] == [opened, closed]


def test_the_days_that_are_left_are_counted_from_today_and_cite_the_date() -> None:
    text, question = "扩建工程计划2027年6月30日完工。", Question.of("离扩建工程完工还有几天")
    document = Document("a.txt", "年报", text)
    hit = Hit(Passage(document, Span(0, len(text)), (), (Span(0, len(text)),)), 0.9, 0.9, 0.9)
    found = shape(question, Reading((), 0.0), [hit], shown=False, today=date(2027, 6, 1))
    assert found is not None and found.form.line == "2027年6月30日 − 2027年6月1日 = 29天"
    assert found.form.operands == (Operand("2027年6月30日", "扩建工程计划完工", 0),)
    assert shape(question, Reading((), 0.0), [hit], shown=False) is None
