"""Two rows that a question calls by parts of names, by years or in clauses are set beside each other."""

import pytest

from corpus.document import Document
from qa.answering.forms.tables.rowwise.beside import beside
from qa.answering.question.analysis import Question
from tests.support.doubles.toy import document

TOWNS = document("""全县各乡镇情况
乡镇：梨树镇；常住人口：31200人；行政村：12个；水库：4座。
乡镇：白沙镇；常住人口：28900人；行政村：15个；水库：6座。
乡镇：高桥乡；常住人口：9700人；行政村：9个；水库：2座。""")
SCHOOLS = document("""2025年初中招生计划
学校 | 班级 | 人数
江东一中 | 6 | 300
江东二小 | 4 | 180
新渡中学 | 5 | 240
""")
POOL = document("""收费表
项目：滑冰场；时段：平日，每场；成人：40元；学生：25元。
项目：滑冰场；时段：假日，每场；成人：55元；学生：35元。
项目：保龄球馆；时段：平日，每局；成人：20元；学生：15元。
项目：保龄球馆；时段：假日，每局；成人：30元；学生：22元。""")
GAS = document("""天然气价格
用气类别：居民用气；每立方米：2.9元。
用气类别：集体户（学校、福利院）；每立方米：3.1元。
用气类别：工商业用气（饭店、工厂）；每立方米：4.4元。""")
BEDS = document("""租赁价目
品名：护理床（手摇）；押金：800元；租金：180元/月。
品名：护理床（电动）；押金：1500元；租金：320元/月。
品名：电动轮椅；押金：2000元；租金：2400元/年。""")
VISITS = document("""义诊日程
日期 | 科室 | 限号
5月7日 | 骨伤、针灸 | 80人
5月8日 | 骨伤、内科 | 40人
5月9日 | 儿科、针灸 | 50人
""")
YEARS = document("""各院门诊人次
单位：城东卫生院；年份：2022年；门诊：41200人次。
单位：城东卫生院；年份：2024年；门诊：47300人次。
单位：石门卫生院；年份：2022年；门诊：13900人次。
单位：石门卫生院；年份：2024年；门诊：13100人次。""")
GRAIN = document("储备粮食\n全县储备粮食2.1万吨，其中稻谷1.3万吨、小麦0.5万吨、玉米0.3万吨。", title="储备粮食")


@pytest.mark.parametrize(
    ("question", "of", "line"),
    [
        ("梨树镇跟白沙镇哪个人多", TOWNS, "31200人 > 28900人：梨树镇"),  # 人 is the unit of one column
        ("梨树镇比白沙镇少几座水库", TOWNS, "6座 − 4座 = 2座"),
        ("江东一中今年比江东二小多招几个学生", SCHOOLS, "300 − 180 = 120"),  # 小 is a part of the name
        ("学生滑冰，假日比平日贵几块", POOL, "35元 − 25元 = 10元"),  # rows of one item that differ in one column
        ("成人打保龄球假日比平日贵多少", POOL, "30元 − 20元 = 10元"),
        ("开饭店每立方米比福利院贵多少", GAS, "4.4元 − 3.1元 = 1.3元"),  # in brackets, and in no other row
        ("手摇床和电动床哪个押金高", BEDS, "800元 < 1500元：护理床（电动）"),
        ("城东24年门诊比22年多多少", YEARS, "47300人次 − 41200人次 = 6100人次"),
        ("稻谷比小麦多储备几万吨", GRAIN, "1.3万吨 − 0.5万吨 = 0.8万吨"),
        ("储备粮里稻谷和玉米哪个多", GRAIN, "1.3万吨 > 0.3万吨：稻谷"),
    ],
)
def test_rows_are_named_by_what_no_other_row_has(question: str, of: Document, line: str) -> None:
    found = beside(Question.of(question).search, [of])
    assert found is not None and found[0].line == line
    for operand in found[0].operands:
        finding = found[1][operand.citation]
        assert finding.short and operand.text in finding.short.of(of.text)


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("梨树镇和白沙镇哪个老人多", TOWNS),  # of them the table says nothing
        ("2019年梨树镇和白沙镇哪个人多", TOWNS),  # nor of that year
        ("江东一中和新渡中学哪个实际报到的人多", SCHOOLS),
        ("手摇床和电动轮椅哪个租金贵", BEDS),  # for a month and for a year
        ("电动的和手摇床哪个押金高", BEDS),  # two are 电动
        ("城东24年药费比22年多多少", YEARS),
        ("骨伤科和儿科哪个号多", VISITS),  # 骨伤 is in two rows
        ("稻谷比大豆多储备几万吨", GRAIN),
    ],
)
def test_nothing_is_computed_where_a_row_a_column_or_a_unit_is_not_sure(question: str, of: Document) -> None:
    assert beside(Question.of(question).search, [of]) is None
