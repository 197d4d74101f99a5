"""Which column a question means by another word, by its unit, or not at all."""

import pytest

from corpus.document import Span
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.forms.tables.cells.telling import said
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.qa.answering.forms.tables.cells.test_cells import read
from tests.qa.answering.forms.tables.cells.test_named_cells import line
from tests.support.doubles.toy import document

STATIONS = document(
    "站点：东关站；站长：钱立；手机：13800010001；备注：副站长待定。\n站点：西关站；站长：孙苗；手机：13800010002；备注：新站。"
)
DEPUTIES = document(
    "站点：东关站；站长：钱立；手机：13800010001；备注：副站长李禾13800010009。\n"
    "站点：西关站；站长：孙苗；手机：13800010002；备注：无。"
)
HOTLINES = document("处室：基建科；科长：钱立；投诉电话：6230001。\n处室：财务科；科长：孙苗；投诉电话：6230002。")
WARDS = document(
    "项目：护林补助①；标准：900元/人·月；安排资金：45；单位：万元。\n项目：巡河补助②；标准：600元/人·月；安排资金：30；单位：万元。"
)
CARE = document(
    "院舍：南院；床位费：800元/月；接送车：有；食堂：收费另定。\n院舍：北院；床位费：760元/月；接送车：免费；食堂：有。"
)
HALLS = document(
    "场地：小礼堂；规格：半天（4小时内）；租金：900元①。\n场地：小礼堂；规格：整场；租金：1500元①。\n"
    "场地：画廊*；规格：每周；租金：700元。\n场地：画廊*；规格：每月；租金：2000元。"
)
GRADES = document(
    "学段：小学（一年级）；学校：城南小学；招生：149人。\n学段：小学（一年级）；学校：溪口镇中心小学；招生：163人。\n"
    "学段：小学（一年级）；学校：小计；招生：312人。\n学段：初中（七年级）；学校：城南初中；招生：412人。\n"
    "学段：初中（七年级）；学校：小计；招生：412人。"
)
FINES = document(
    "文号：岭卫罚〔2025〕3号；当事人：平安诊所；违法事实：超范围行医；处罚：警告；罚款：2,000.00元；承办单位：东岭站。\n"
    "文号：岭卫罚〔2025〕8号；当事人：康泰诊所；违法事实：未登记；处罚：警告；罚款：5,500.00元；承办单位：执法大队。"
)
SAMPLES = document(
    "样品名称：话梅；被抽样单位：新河便利店；不合格项目：山梨酸；结果：2.1g/kg。\n"
    "样品名称：粉条；被抽样单位：溪口粮油店；不合格项目：铝；结果：310mg/kg。"
)
YIELDS = document("项目：茶叶产量；2023年：30吨；2024年：28吨。\n项目：茶叶面积；2023年：41亩；2024年：45亩。")


@pytest.mark.parametrize(
    ("question", "of", "number", "short", "answer"),
    [
        ("东关站站长电话是多少", STATIONS, 0, "钱立", "13800010001"),
        ("东关站站长的联系方式", STATIONS, 0, "钱立", "13800010001"),
        ("东关站站长是谁，电话打得通吗", STATIONS, 0, "钱立", "钱立"),
        ("基建科科长电话是多少", HOTLINES, 0, "钱立", "钱立"),  # that for complaints is not the head's
        ("基建科投诉电话是多少", HOTLINES, 0, "钱立", "6230001"),
        ("护林补助每人每月多少元", WARDS, 0, "45", "900元/人·月"),
        ("护林补助安排资金多少元", WARDS, 0, "45", "45万元"),  # a column is named
        ("护林补助多少万元", WARDS, 0, "45", "45万元"),
        ("北院接送车收多少钱", CARE, 1, "760元/月", "免费"),
        ("南院有没有接送车", CARE, 0, "有", "有"),
        ("小礼堂半天多少钱", HALLS, 0, "900元①", "900元"),
        ("新河便利店抽检不合格的是什么东西", SAMPLES, 0, "山梨酸", "话梅"),  # no 不合格项目
        ("新河便利店抽检不合格的是什么项目", SAMPLES, 0, "山梨酸", "山梨酸"),
        ("平安诊所为什么被罚", FINES, 0, "警告", "超范围行医"),  # the row is called by the party, and not by its number
        ("平安诊所因为什么事被处罚", FINES, 0, "警告", "超范围行医"),
        ("康泰诊所是哪个站查的", FINES, 1, "康泰诊所", "康泰诊所"),  # no cell is a station
        ("平安诊所是那个站查的", FINES, 0, "平安诊所", "东岭站"),
        ("平安诊所违法处罚了多少钱", FINES, 0, "超范围行医", "2,000.00元"),  # 违法 shares with a column of no money
        ("2024年茶叶产了多少吨", YIELDS, 0, "28吨", "28吨"),  # 产了 is no other thing than 产量
        ("溪口镇中心小学一年级招了多少人", GRADES, 1, "163人", "163人"),
    ],
)
def test_the_column_is_the_one_that_is_meant(question: str, of: object, number: int, short: str, answer: str) -> None:
    found = read(question, of, line(of, number), short)
    assert found is not None and said(found) == answer


@pytest.mark.parametrize(
    ("question", "of", "number", "short", "shown"),
    [
        ("东关站副站长电话是多少", STATIONS, 0, "13800010001", False),
        ("东关站副站长电话是多少", DEPUTIES, 0, "13800010009", True),
        ("南院接送车收多少钱", CARE, 0, "有", False),  # how much it says not
        ("画廊半天多少钱", HALLS, 2, "700元", False),  # 半天 is of another hall, whatever marks stand behind the names
        ("画廊每月多少钱", HALLS, 2, "700元", True),
        ("小学招了多少人", GRADES, 0, "149人", True),
    ],
)
def test_what_the_row_does_not_tell_is_not_shown(
    question: str, of: object, number: int, short: str, shown: bool
) -> None:
    assert (read(question, of, line(of, number), short) is not None) is shown


NOTED = document(f"{HALLS.text}\n注：① 节假日上浮20%；② 学生七折。\n* 须提前3天申请。\n负责人：钱立")


@pytest.mark.parametrize(
    ("question", "number", "short", "notes"),
    [
        ("小礼堂半天多少钱", 0, "900元①", ["① 节假日上浮20%"]),
        ("画廊每周多少钱", 2, "700元", ["* 须提前3天申请。"]),  # a note to the row
        ("小礼堂半天多少钱", 0, "半天（4小时内）", []),  # the answer bears no mark
    ],
)
def test_the_note_to_the_answer_is_quoted_behind_it(question: str, number: int, short: str, notes: list[str]) -> None:
    row = line(NOTED, number)
    start = NOTED.text.index(row)
    place = NOTED.text.index(short, start)
    found = Finding(NOTED, (), Span(start, start + len(row)), Span(place, place + len(short)))
    reading = in_the_right_cell(Question.of(question), Reading((found,), 0.9))
    assert [one.quote.of(NOTED.text) for one in reading.findings[1:]] == notes


HIRE = document(
    "物品：遮阳棚；计费单位：顶；收费标准：75元；会员：不优惠。\n物品：折叠桌；计费单位：张；零租：6元；会员：4元。"
)


@pytest.mark.parametrize(
    ("question", "number", "unit", "answer"),
    [
        ("租遮阳棚 一顶", 0, "顶", "75元"),
        ("遮阳棚按一顶算吗", 0, "顶", "顶"),  # the unit itself is asked for
        ("遮阳棚的计费单位", 0, "顶", "顶"),
        ("折叠桌 一张", 1, "张", "张"),  # two figures: none is sure
    ],
)
def test_who_names_one_of_the_unit_asks_for_the_only_figure(question: str, number: int, unit: str, answer: str) -> None:
    found = read(question, HIRE, line(HIRE, number), unit)
    assert found is not None and said(found) == answer
