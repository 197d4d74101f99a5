"""A row is the one whose cells a question names, and none where no row has them all."""

import pytest

from qa.answering.forms.tables.cells.telling import said
from tests.qa.answering.forms.tables.cells.test_cells import read
from tests.support.doubles.toy import document

CLINIC = document(
    "科室：内科；时段：上午；周一：岑雨；周二：毕岚；周三：停诊。\n"
    "科室：内科；时段：下午；周一：停诊；周二：岑雨；周三：池芳。\n"
    "科室：皮肤科；时段：上午；周一：窦宁；周二：停诊；周三：窦宁。"
)
COURTS = document(
    "场馆：东馆；项目：羽毛球；平日：30元/小时；周末：45元/小时。\n"
    "场馆：东馆；项目：乒乓球；平日：15元/小时；周末：20元/小时。\n"
    "场馆：西馆；项目：羽毛球；平日：25元/小时；周末：35元/小时。"
)
GRAVES = document(
    "墓区：望山园双穴；价格：9800元；年费：80元。\n墓区：望山园单穴；价格：6200元；年费：50元。\n墓区：听泉园卧碑；价格：4100元；年费：40元。"
)
DUTY = document(
    "单位：水务站；日期：10月1日；夜班：阮青。\n单位：水务站；日期：10月2日；夜班：蓝知。\n单位：环卫站；日期：10月1日；夜班：薛禾。\n"
    "单位：环卫站；日期：10月2日；夜班：温言。"
)
FLATS = document(
    "小区：南苑；一居室月租：700元；两居室月租：1100元。\n小区：北苑；一居室月租：650元；两居室月租：980元。"
)
FUND = document(
    "类型：多层，无电梯；甲区：45；乙区：40；单位：元。\n类型：多层，有电梯；甲区：65；乙区：60；单位：元。\n"
    "类型：别墅（无电梯）；甲区：70；乙区：66；单位：元。"
)
ROOMS = document(
    "书房：西门书房；周一至周四：20:00；周五：21:00；周末：22:00。\n书房：东门书房；周一至周四：19:00；周五：20:00；周末：21:00。"
)
ROADS = document("类别：县道；每公里：9000元。\n类别：乡道；每公里：5000元。")
AIR = document("子站：东站；PM2.5 2023年：36；臭氧2023年：142。\n子站：西站；PM2.5 2023年：31；臭氧2023年：150。")
SHARES = document(
    "类型：多层；甲区、乙区原标准：45；甲区、乙区新标准：55；桐丙县原标准：35；桐丙县新标准：42；单位：元。\n"
    "类型：高层；甲区、乙区原标准：95；甲区、乙区新标准：118；桐丙县原标准：70；桐丙县新标准：85；单位：元。"
)
GAS = document(
    "档次：第一档；东源公司年用气量：300立方米以内；东源公司价格：2.9元；西诚公司价格：3.0元。\n"
    "档次：第二档；东源公司年用气量：301—500立方米；东源公司价格：3.4元；西诚公司价格：3.6元。"
)


def line(of: object, number: int) -> str:
    text: str = of.text  # type: ignore[attr-defined]
    return text.split("\n")[number]


@pytest.mark.parametrize(
    ("question", "of", "found", "short", "answer"),
    [
        ("内科周二下午是谁坐诊", CLINIC, 0, "毕岚", "岑雨"),
        ("内科周二上午是谁坐诊", CLINIC, 1, "岑雨", "毕岚"),
        ("内科周二上午是谁坐诊", CLINIC, 0, "毕岚", "毕岚"),
        ("东馆打乒乓球周末多少钱", COURTS, 0, "45元", "20元/小时"),
        ("水务站10月2日谁值夜班", DUTY, 0, "阮青", "蓝知"),
        ("甲区多层无电梯交多少", FUND, 2, "70", "45元"),  # what stands in brackets elsewhere names less
        ("甲区多层无电梯交多少", FUND, 0, "45", "45元"),
        ("东站2023年的臭氧是多少", AIR, 0, "36", "142"),  # a space within a name is no part of the question
        ("桐丙县多层的房子交多少，按原标准", SHARES, 0, "45", "35元"),  # both parts of a column's name, apart
        ("东源的气价第二档多少", GAS, 1, "301—500立方米", "3.4元"),
    ],
)
def test_the_row_of_all_cells_named_answers(question: str, of: object, found: int, short: str, answer: str) -> None:
    finding = read(question, of, line(of, found), short)
    assert finding and said(finding) == answer


@pytest.mark.parametrize(
    ("question", "of", "found", "short", "answered"),
    [
        ("西馆打乒乓球周末多少钱", COURTS, 2, "35元", False),  # only the other hall has a table
        ("西馆打羽毛球周末多少钱", COURTS, 2, "35元", True),
        ("听泉园双穴多少钱", GRAVES, 0, "9800元", False),  # the beginning of one row's name, the end of another's
        ("望山园双穴多少钱", GRAVES, 0, "9800元", True),
        ("内科周六上午是谁坐诊", CLINIC, 0, "岑雨", False),  # no column is of that day
        ("水务站10月6日谁值夜班", DUTY, 0, "阮青", False),  # no row is
        ("南苑三居室月租多少", FLATS, 0, "700元", False),
        ("南苑一居室月租多少", FLATS, 0, "700元", True),
        ("西门书房周六开到几点", ROOMS, 0, "22:00", True),  # 周末 is that day, too
        ("西门书房周三开到几点", ROOMS, 0, "20:00", True),
        ("澜水县县道每公里补多少", ROADS, 0, "9000元", True),  # a word behind a place that no dictionary has
        ("西馆和东馆打乒乓球哪里便宜", COURTS, 2, "35元", True),  # asks of several rows
    ],
)
def test_no_row_answers_for_one_that_is_not_there(
    question: str, of: object, found: int, short: str, answered: bool
) -> None:
    assert (read(question, of, line(of, found), short) is not None) == answered


LIBRARIES = document(
    "书房：西门书房；早餐：3元；午餐：12元；午餐时间：11:00；总座位：80个；空余座位：6个。\n"
    "书房：东门书房；早餐：4元；午餐：13元；午餐时间：11:30；总座位：60个；空余座位：9个。\n"
    "书房：云溪书房；早餐：3元；午餐：11元；午餐时间：11:10；总座位：40个；空余座位：2个。"
)
TICKETS = document(
    "票种：套票；本市居民：20元；非本市居民：45元；退票：见《票务办法》。\n票种：单票；本市居民：12元；非本市居民：25元；退票：3天内。"
)
HELPED = document(
    "对象：孤儿、低保学生；每月：500元。\n对象：低保边缘学生；每月：260元。\n对象：走读、寄宿学生；每月：90元。"
)


@pytest.mark.parametrize(
    ("question", "of", "number", "short", "answer"),
    [
        ("西门书房还剩几个座位", LIBRARIES, 0, "80个", "6个"),
        ("西门书房有几个座位", LIBRARIES, 0, "80个", "总座位80个，空余座位6个"),
        ("云溪书房午饭多少钱", LIBRARIES, 2, "3元", "11元"),  # the same of the part asked for
        ("外地游客买套票多少钱", TICKETS, 0, "20元", "45元"),
        ("低保学生每月多少", HELPED, 1, "260元", "500元"),  # one of the names that a row joins
        ("低保边缘学生每月多少", HELPED, 1, "260元", "260元"),
    ],
)
def test_a_row_and_a_column_are_named_in_other_words(
    question: str, of: object, number: int, short: str, answer: str
) -> None:
    found = read(question, of, line(of, number), short)
    assert found is not None and said(found) == answer


@pytest.mark.parametrize(
    ("asked", "other", "of", "number", "short"),
    [
        ("东门书房午饭几点", "东门书房晚饭几点", LIBRARIES, 1, "11:30"),  # of another part of the day
        ("云溪书房总座位多少", "荷塘书房总座位多少", LIBRARIES, 2, "40个"),  # a proper name of no row
        ("2024年云溪书房总座位多少", "荷塘书房总座位多少", LIBRARIES, 2, "40个"),  # 年云溪 is no word
    ],
)
def test_another_part_and_another_of_the_kind_answer_nothing(
    asked: str, other: str, of: object, number: int, short: str
) -> None:
    found = read(asked, of, line(of, number), short)
    assert found is not None and said(found) == short
    assert read(other, of, line(of, number), short) is None


def test_a_cell_that_only_refers_elsewhere_answers_nothing() -> None:
    assert read("套票退票几天内", TICKETS, line(TICKETS, 0), "见《票务办法》") is None
    assert read("套票退票见哪份文件", TICKETS, line(TICKETS, 0), "见《票务办法》") is not None
