"""Forms laid out in cells, margins and merged columns of sheets: what is read of tables that were made to look good."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from tests.corpus.tables.test_shapes import lines

Merged = dict[tuple[int, int], tuple[int, int]]


def sheet(fill: Callable[[Any], None]) -> Document:
    workbook = openpyxl.Workbook()
    fill(workbook.active)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return convert("表.xlsx", buffer.getvalue(), DEFAULT_BUDGET)


def put(place: Any, *rows: tuple[Any, ...], top: int = 1, left: int = 1) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value != "":
                place.cell(top + number, left + column, value)


def test_a_form_with_a_photograph_says_what_each_name_is() -> None:
    rows = ("姓名|王小明|性别|男|照片", "民族|汉|籍贯|浙江枫浦|", "学历|本科|毕业院校|浙江大学|", "现任职务|副局长|||")
    assert lines(*rows, merged={(0, 4): (3, 1), (3, 1): (1, 4)}) == [
        "姓名：王小明；性别：男；照片。",
        "民族：汉；籍贯：浙江枫浦。",
        "学历：本科；毕业院校：浙江大学。",
        "现任职务：副局长。",
    ]


def test_words_beside_values_are_names_where_some_of_their_column_are_usual_ones() -> None:
    rows = (
        "事项名称|小餐饮登记|实施机关|市场监管局",
        "办理形式|☑窗口办理 □邮寄办理|是否收费|□是 ☑否",
        "法定时限|20个工作日|承诺时限|5个工作日",
        "现场核查||结果送达|☑邮寄",
        "有效期|＿＿年|咨询电话|58670226",
    )
    assert lines(*rows) == [
        "事项名称：小餐饮登记；实施机关：市场监管局。",
        "办理形式：☑窗口办理 □邮寄办理；是否收费：□是 ☑否。",
        "法定时限：20个工作日；承诺时限：5个工作日。",
        "现场核查；结果送达：☑邮寄。",
        "有效期；咨询电话：58670226。",
    ]


BLANK = (
    "申请人姓名||性别||出生年月||照片",
    "身份证号|||联系电话|||",
    "家庭成员|姓名|关系|身份证号|工作单位|月收入|",
    "||||||",
    "申请理由||||||",
    "街道意见|（盖章）|||||",
)
BLANK_MERGED: Merged = {(0, 6): (2, 1), (1, 1): (1, 2), (1, 4): (1, 2), (2, 0): (2, 1), (2, 5): (1, 2), (5, 1): (1, 6)}


def test_a_form_to_fill_in_names_what_it_asks_for_and_answers_nothing() -> None:
    assert list(filter(None, lines(*BLANK, merged=BLANK_MERGED))) == [
        "申请人姓名；性别；出生年月；照片。",
        "身份证号；联系电话。",
        "家庭成员；姓名；关系；身份证号；工作单位；月收入。",
        "申请理由",
        "街道意见：（盖章）。",
    ]


@pytest.mark.parametrize(
    "blank",
    ["年", "      年", "万元", "人", "%", "＿＿", "____元", "共  人", "（  ）天", "年　月　日", "年 月 日至 年 月 日"],
)
def test_a_field_that_only_prints_what_is_to_be_filled_in_is_blank(blank: str) -> None:
    for words, first, alone in ((blank, "有效期；", "有效期"), ("3年", "有效期：3年；", "有效期：3年。")):
        rows = ("单位名称|青禾公司|法定代表人|陈某", f"有效期|{words}|联系电话|57110001", "成立日期|2015年|职工人数|86")
        assert lines(*rows)[1] == f"{first}联系电话：57110001。"
        assert lines("许可项目|餐饮", f"有效期|{words}", "负责人|陈某")[1] == alone


def test_a_cell_below_a_name_that_only_prints_the_place_for_a_date_is_blank() -> None:
    rows = ("姓名|领取日期|份数", "陈某|2025年3月1日|2", "李某|年　月　日|1", "王某|＿＿＿|3")
    assert lines(*rows)[1:] == ["姓名：李某；份数：1。", "姓名：王某；份数：3。"]


def test_a_unit_that_is_the_value_itself_stays() -> None:
    rows = ("名称|冬小麦|计量单位|吨", "编号|17|联系电话|57110001", "品种|济麦|产地|枫浦")
    assert "计量单位：吨" in "".join(lines(*rows))
    assert lines("指标|单位", "产量|吨", "面积|亩")[1:] == ["产量：吨。", "面积：亩。"]
    assert "单位：吨" in lines("指标|单位|2024年", "产量|吨|320", "面积|亩|56")[0]


@pytest.mark.parametrize(
    "rows",
    [
        ("学校|校长|所属小区", "实验学校|王某|桂花小区", "中心学校|李某|松柏小区", "希望学校|赵某|紫薇小区"),
        ("项目|投资（亿元）|竣工年份", "华峰园|309.6|2019", "友谊学校|0.5|2021"),
        ("单位名称|地址|负责人", "区财政局|金河路1号|王某", "区民政局|金河路2号|李某", "区教育局|金河路3号|赵某"),
    ],
)
def test_a_table_whose_words_end_like_names_is_no_form(rows: tuple[str, ...]) -> None:
    names = rows[0].split("|")
    cells = [zip(names, row.split("|"), strict=True) for row in rows[1:]]
    written = ["；".join(f"{name}：{value}" for name, value in row) + "。" for row in cells]
    assert [line.replace("亿元", "") for line in lines(*rows)] == [line.replace("（亿元）", "") for line in written]


def test_two_columns_of_names_and_values_have_no_header() -> None:
    rows = (
        "项目名称|滨河公园",
        "总投资（万元）|3200",
        "占地面积（亩）|56",
        "开工日期|2024年3月5日",
        "联系电话|57112345",
    )
    assert lines(*rows)[:2] == ["项目名称：滨河公园。", "总投资：3200万元。"]
    named = lines("指标|数值", "耕地面积（亩）|56", "参保人数（人）|3200", "联系电话|57112345")
    assert named[0] == "指标：耕地面积；数值：56亩。"


def test_blank_columns_at_the_left_are_a_margin() -> None:
    table = (("小区", "套数", "月租金（元）"), ("桂花苑", 320, 650), ("松柏苑", 180, 580))
    form = (("企业名称", "青禾公司", "法定代表人", "陈某"), ("注册资本", "500万元", "成立日期", "2015年6月"))
    assert "小区：桂花苑；套数：320；月租金：650元。" in sheet(lambda place: put(place, *table, top=3, left=3)).text
    text = sheet(lambda place: put(place, *form, ("电话", "5551", "人数", 86), top=3, left=2)).text
    assert "注册资本：500万元；成立日期：2015年6月。" in text

    def titled(place: Any) -> None:
        put(place, ("公租房一览",))
        put(place, *table, top=2, left=3)

    assert sheet(titled).tables[0].title == "公租房一览"


def test_columns_that_cells_only_reach_into_are_none() -> None:
    def fill(place: Any) -> None:
        put(
            place,
            ("窗口", "负责人", "地点", "", "备注"),
            ("社保", "王某", "一楼", "", "午休"),
            ("医保", "李某", "二楼", "", ""),
        )
        for row in (1, 2, 3):
            place.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)
            place.merge_cells(start_row=row, end_row=row, start_column=5, end_column=6)

    document = sheet(fill)
    assert document.tables[0].columns == ("窗口", "负责人", "地点", "备注")
    assert "窗口：社保；负责人：王某；地点：一楼；备注：午休。" in document.text
    assert "窗口：医保；负责人：李某；地点：二楼。" in document.text


def test_tables_side_by_side_share_the_title_and_the_unit_above_both() -> None:
    def fill(place: Any, *, over_both: bool = True) -> None:
        put(place, ("各镇参保情况",), ("单位：人",) if over_both else ("",))
        put(
            place,
            ("乡镇", "养老", "医疗", "", "社区", "养老", "医疗"),
            ("青山镇", 1203, 1500, "", "河东", 311, 420),
            top=3,
        )
        put(place, ("白石镇", 987, 1100, "", "河西", 287, 391), top=5)
        place.merge_cells("A1:G1" if over_both else "A1:C1")

    both = sheet(fill)
    assert [table.title for table in both.tables] == ["各镇参保情况"] * 2
    assert "社区：河东；养老：311；医疗：420；单位：人。" in both.text
    assert [table.title for table in sheet(lambda place: fill(place, over_both=False)).tables] == ["各镇参保情况", ""]


def test_items_on_lines_of_a_cell_are_apart_and_names_on_two_lines_are_whole() -> None:
    table = (
        ("事项", "申请\n材料", "说明"),
        ("居住证", "身份证\n户口簿", "2024年\n起"),
        ("敬老卡", "身份证；\n照片", "免费\n（二期）"),
    )
    text = sheet(lambda place: put(place, *table)).text
    assert (
        "事项：居住证；申请材料：身份证 户口簿；说明：2024年起。" in text
        and "申请材料：身份证；照片；说明：免费（二期）。" in text
    )


def test_a_blank_line_behind_each_row_parts_no_tables() -> None:
    rows = "区域,首小时（元）\r\r\n一类,6\r\r\n二类,4\r\r\n".encode()
    assert (
        convert("表.csv", rows, DEFAULT_BUDGET).text.strip() == "区域：一类；首小时：6元。\n区域：二类；首小时：4元。"
    )


def test_who_answers_for_a_table_is_no_row_of_it() -> None:
    rows = ("序号|姓名|月补贴（元）", "1|甲一|800", "2|乙二|750", "审核人：王某||填表人：李某", "注：一式两份。||")
    assert lines(*rows)[2:] == ["审核人：王某", "填表人：李某", "注：一式两份。"]
    hours = ("窗口|工作日|周末", "社保|上午：八点半|不开放", "医保|上午：九点|上午：十点")
    assert lines(*hours)[-1] == "窗口：医保；工作日：上午：九点；周末：上午：十点。"


def test_a_name_that_stands_again_belongs_to_the_name_at_its_left() -> None:
    rows = (
        "日期|带班领导|电话|值班人员|电话",
        "2月9日（除夕）|张某|57110001|李某|57110002",
        "2月10日|王某|57110003|赵某|57110004",
    )
    assert lines(*rows)[0] == (
        "日期：2月9日（除夕）；带班领导：张某；带班领导电话：57110001；值班人员：李某；值班人员电话：57110002。"
    )
    assert lines("甲一|是|乙二|是", "丙三|否|丁四|是")[0] == "甲一；是；乙二；是。"
