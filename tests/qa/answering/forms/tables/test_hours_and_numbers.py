"""Rows of hours, of points and of numbers: the time, the result and the number of the question decide."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.forms.tables.cells.telling import said
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.qa.answering.forms.tables.cells.test_cells import read
from tests.support.doubles.toy import document

BERTHS = document(
    "泊位：东码头；时段：日间；时间：7:00—19:00；费用：8元/小时。\n泊位：东码头；时段：夜间；时间：19:00—次日7:00；费用：3元/小时。\n"
    "泊位：西码头；时段：日间；时间：8:00—18:00；费用：6元/小时。\n泊位：西码头；时段：夜间；时间：18:00—次日8:00；费用：2元/小时。"
)
COURTS = document("时段：早场；时间：6:00—9:00；费用：10元。\n时段：晚场；时间：18:00—21:30；费用：30元。")
WORKS = document(
    "标段号：1；内容：路基；限价：310万元；工期：90天。\n标段号：2；内容：绿化；限价：96万元；工期：60天。\n"
    "标段号：3；内容：照明；限价：128万元；工期：45天。"
)
STARS = document(
    "结果：优等；标准：95分以上，每季3000元；发放：次月。\n结果：良等；标准：85分以上不满95分，每季1000元；发放：次月。"
)
LEVELS = document(
    "级别：Ⅰ级（特大）；受灾人数：500人以上；批准：省里。\n级别：Ⅱ级（重大）；受灾人数：200人以上；批准：市里。\n"
    "级别：Ⅲ级（较大）；受灾人数：50人以上；批准：区里。"
)
KINDS = document(
    "用途：商铺用水；时段：旺季；管径：不满50毫米；水价：4.6元。\n用途：商铺用水；时段：旺季；管径：50毫米及以上；水价：4.1元。\n"
    "用途：商铺用水；时段：淡季；管径：不满50毫米；水价：3.6元。\n用途：商铺用水；时段：淡季；管径：50毫米及以上；水价：3.1元。"
)


def row(of: Document, number: int) -> str:
    return of.text.split("\n")[number]


@pytest.mark.parametrize(
    ("question", "of", "found", "short", "answer"),
    [
        ("东码头凌晨两点停一小时多少钱", BERTHS, 0, "8元/小时", "3元/小时"),
        ("东码头晚上11点停一小时多少钱", BERTHS, 0, "8元/小时", "3元/小时"),
        ("东码头下午三点半停一小时多少钱", BERTHS, 1, "3元/小时", "8元/小时"),
        ("西码头7:30停一小时多少钱", BERTHS, 2, "6元/小时", "2元/小时"),  # the other berth begins at 7:00
        ("东码头晚上七点停一小时多少钱", BERTHS, 0, "8元/小时", "3元/小时"),  # the last minute begins the next span
        ("晚上八点打一场多少钱", COURTS, 0, "10元", "30元"),
        ("早上七点打一场多少钱", COURTS, 0, "10元", "10元"),
        ("2标段限价多少", WORKS, 0, "310万元", "96万元"),
        ("第三标段工期几天", WORKS, 0, "90天", "45天"),
        ("考核得了88分每季发多少钱", STARS, 0, "每季3000元", "每季1000元"),  # the part of the cell that was read
        ("考核得了97分每季发多少钱", STARS, 1, "每季1000元", "每季3000元"),
        ("商铺用水管径50毫米以上的，淡季多少钱", KINDS, 2, "3.6元", "3.1元"),  # 及以上 is 以上
    ],
)
def test_the_row_of_the_hour_the_points_or_the_number_answers(
    question: str, of: Document, found: int, short: str, answer: str
) -> None:
    one = read(question, of, row(of, found), short)
    assert one is not None and said(one) == answer


@pytest.mark.parametrize(
    "question",
    ["下午三点打一场多少钱", "打一场便宜一点多少钱", "早上七点到晚上八点打一场多少钱"],  # in no row; no time; two times
)
def test_without_one_time_that_a_row_holds_the_row_found_stays(question: str) -> None:
    found = read(question, COURTS, row(COURTS, 0), "10元")
    assert found is not None and row(COURTS, 0) in found.quote.of(COURTS.text)


def test_a_number_that_no_row_has_answers_nothing() -> None:
    assert read("3标段限价多少", WORKS, row(WORKS, 0), "310万元") is not None
    assert read("4标段限价多少", WORKS, row(WORKS, 0), "310万元") is None
    lots = document("户号：11；水费：30元；滞纳金：1元。\n户号：12；水费：42元；滞纳金：2元。")
    assert read("一户水费多少", lots, row(lots, 0), "30元") is not None  # 一户 may be any
    assert read("绿化4人干，限价多少", WORKS, row(WORKS, 1), "96万元") is not None


def test_a_row_named_beyond_several_that_were_read_answers() -> None:
    both = Span(0, LEVELS.text.index("\n级别：Ⅲ"))
    question = Question.of("Ⅲ级的受灾人数是多少")
    (moved,) = in_the_right_cell(question, Reading((Finding(LEVELS, (), both, None),), 0.9)).findings
    assert said(moved) == "50人以上"
    (kept,) = in_the_right_cell(Question.of("Ⅱ级谁批准"), Reading((Finding(LEVELS, (), both, None),), 0.9)).findings
    assert kept.quote == both
