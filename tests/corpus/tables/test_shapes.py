"""Shapes of tables that offices use: names repeated across, forms, timetables, numbered columns."""

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.parts.tables.grid import grid_of
from corpus.loaders.parts.tables.regions import Region
from corpus.loaders.parts.tables.statements import Columns, lines_of, statements


def lines(*rows: str, merged: dict[tuple[int, int], tuple[int, int]] | None = None) -> list[str]:
    return lines_of(grid_of([row.split("|") for row in rows], merged=merged))


def test_names_repeated_across_are_one_table_folded() -> None:
    found = lines("序号|姓名|岗位|序号|姓名|岗位", "1|甲一|护林员|3|丙三|护路员", "2|乙二|保洁员|||")
    assert found == [
        "序号：1；姓名：甲一；岗位：护林员。",
        "序号：2；姓名：乙二；岗位：保洁员。",
        "序号：3；姓名：丙三；岗位：护路员。",
    ]


_GROUPED = "乡镇|户数|金额", "东片||", "青山镇|10|20", "{0}|10|20", "西片||", "河口镇|12|22", "{1}|12|22", "{2}|22|42"


@pytest.mark.parametrize(
    ("names", "own", "shown"),
    [
        (("小计", "小计", "合计"), "西片；乡镇：小计；户数：12；金额：22。", "乡镇：合计；户数：22；金额：42。"),
        (("合计", "合计", "总 计"), "西片；乡镇：合计；户数：12；金额：22。", "乡镇：总 计；户数：22；金额：42。"),
        (("合计", "合计", "合计"), "西片；乡镇：合计；户数：12；金额：22。", "乡镇：合计；户数：22；金额：42。"),
        (("松柏镇", "白石镇", "总计"), "西片；乡镇：白石镇；户数：12；金额：22。", "乡镇：总计；户数：22；金额：42。"),
        (
            ("合计", "白石镇", "合计"),
            "西片；乡镇：白石镇；户数：12；金额：22。",
            "西片；乡镇：合计；户数：22；金额：42。",
        ),
        (
            ("松柏镇", "白石镇", "小计"),
            "西片；乡镇：白石镇；户数：12；金额：22。",
            "西片；乡镇：小计；户数：22；金额：42。",
        ),
    ],
)
def test_the_total_of_all_groups_at_the_end_is_in_none_of_them(names: tuple[str, ...], own: str, shown: str) -> None:
    merged = {(1, 0): (1, 3), (4, 0): (1, 3)}
    assert lines(*(row.format(*names) for row in _GROUPED), merged=merged)[-2:] == [own, shown]


def test_a_table_without_rows_has_no_total() -> None:
    assert list(statements(Region(grid_of([]), header=0), Columns(("",)))) == []
    assert lines("", "合计") == ["合计"]


def test_the_total_of_a_table_with_one_group_stays_in_it() -> None:
    rows = "乡镇|户数|金额", "东片||", "青山镇|10|20", "白石镇|12|22", "合计|22|42"
    assert lines(*rows, merged={(1, 0): (1, 3)})[-1] == "东片；乡镇：合计；户数：22；金额：42。"


def test_names_and_values_side_by_side_are_a_form_also_under_longer_names() -> None:
    rows = (
        "企业名称|青禾公司|法定代表人|陈某",
        "注册资本|500万元|成立日期|2015年6月",
        "经营范围|粮食加工||",
        "联系电话|55512345|从业人数|86",
    )
    assert lines(*rows, merged={(2, 1): (1, 3)}) == [
        "企业名称：青禾公司；法定代表人：陈某。",
        "注册资本：500万元；成立日期：2015年6月。",
        "经营范围：粮食加工。",
        "联系电话：55512345；从业人数：86。",
    ]  # fmt: skip


def test_names_that_end_with_a_colon_are_a_form() -> None:
    assert lines("索引号：|01234|主题：|环保", "发文：|县政府|成文：|2023-08-28") == [
        "索引号：01234；主题：环保。",
        "发文：县政府；成文：2023-08-28。",
    ]


def test_a_table_of_words_with_four_columns_is_no_form() -> None:
    rows = ("学校|负责老师|类别|片区", "实验学校|王某|公办|东区", "中心学校|李某|民办|西区", "希望学校|赵某|公办|西区")
    assert lines(*rows)[0] == "学校：实验学校；负责老师：王某；类别：公办；片区：东区。"


def test_a_row_with_a_name_over_each_column_has_no_further_names_below_it() -> None:
    rows = (
        "科室|时段|周一|周二|周三",
        "心内科|上午|张主任||李主任",
        "|下午||张主任|",
        "骨科|上午||王主任|王主任",
        "|下午|赵主任||",
    )
    found = lines(*rows, merged={(1, 0): (2, 1), (3, 0): (2, 1)})
    assert found[0] == "科室：心内科；时段：上午；周一：张主任；周三：李主任。"
    assert found[3] == "科室：骨科；时段：下午；周一：赵主任。"


def test_a_row_of_units_below_complete_names_belongs_to_the_header() -> None:
    rows = ("景区|接待人次|门票收入", "|（万人）|（万元）", "云台|12.6|880", "石林|30.2|1560", "古镇|45.9|310")
    assert lines(*rows)[-1].endswith("门票收入：310万元。")


def test_a_row_that_numbers_the_columns_is_no_row_of_values() -> None:
    rows = ("科目|预算|决算", "栏次|1|2", "教育支出|820|815.5", "卫生支出|310|300")
    assert lines(*rows) == [
        "栏次 1 2",
        "科目：教育支出；预算：820；决算：815.5。",
        "科目：卫生支出；预算：310；决算：300。",
    ]


@pytest.mark.parametrize("title", ["月度用电量（万千瓦时）", "各镇户数(户)"])
def test_a_unit_in_a_tables_title_is_that_of_its_figures_and_bare_years_are_years(title: str) -> None:
    unit = title.rstrip("）)").replace("(", "（").rsplit("（", 1)[1]
    text = convert("表.csv", f"{title},,\n,1月,2月\n2022,310.5,288\n2023,330.2,301\n".encode(), DEFAULT_BUDGET).text
    assert f"2023年；1月：330.2；2月：301；单位：{unit}。" in text


def test_a_note_in_a_tables_title_is_no_unit() -> None:
    text = convert("表.csv", "医疗价格（部分）,,\n项目,一级,二级\n诊察,6,9\n床位,20,36\n".encode(), DEFAULT_BUDGET).text
    assert "单位" not in text


def test_a_name_over_two_columns_whose_row_below_holds_values_is_the_whole_header() -> None:
    rows = (
        "对象||公交|轮渡|凭证",
        "老人|七十以上|免费|免费|老人卡",
        "|六十以上|半价|全价|优待卡",
        "学生|中小学生|五折|五折|学生卡",
    )
    found = lines(*rows, merged={(0, 0): (1, 2), (1, 0): (2, 1)})
    assert found == [
        "对象：老人；对象：七十以上；公交：免费；轮渡：免费；凭证：老人卡。",
        "对象：老人；对象：六十以上；公交：半价；轮渡：全价；凭证：优待卡。",
        "对象：学生；对象：中小学生；公交：五折；轮渡：五折；凭证：学生卡。",
    ]
    values = (row.replace("免费", "3元") for row in rows[1:])
    split = ("对象||票价||凭证", "|类别|市内|郊外|", *values)
    merged = {(0, 0): (1, 2), (0, 2): (1, 2), (0, 4): (2, 1), (2, 0): (2, 1)}
    first = lines(*split, merged=merged)[0]
    assert first == "对象：老人；对象类别：七十以上；票价市内：3元；票价郊外：3元；凭证：老人卡。"


def test_a_value_over_several_columns_is_said_with_all_of_their_names() -> None:
    rows = (
        "类别|公交|地铁|轮渡|凭证",
        "老人|免费|半价|免费|老人卡",
        "外地老人|不享受|||身份证",
        "学生|五折|五折|免费|学生卡",
    )
    found = lines(*rows, merged={(2, 1): (1, 3)})
    assert found[1:] == [
        "类别：外地老人；公交、地铁、轮渡：不享受；凭证：身份证。",
        "类别：学生；公交：五折；地铁：五折；轮渡：免费；凭证：学生卡。",
    ]


def test_a_second_row_of_names_below_a_unit_is_found_where_the_merged_cell_beside_it_was_left_blank() -> None:
    rows = (
        "类别|园所|保教费（元/月）||伙食费（元/天）|延时费（元/月）",
        "||大班|托班||",
        "示范园|东园|560|820|15|120",
        "|南园|560|不开设|15|120",
        "一级园|北园|420|640|14|100",
    )
    found = lines(*rows)[2]
    assert found.startswith("类别：一级园；园所：北园；保教费大班：420元/月；保教费托班：640元/月；伙食费：14元/天")


@pytest.mark.parametrize("beside", ["", "项目"])
def test_a_name_written_out_over_several_names_is_a_merged_cell(beside: str) -> None:
    rows = ("项目|旺季|旺季|淡季|淡季", f"{beside}|成人|优惠|成人|优惠", "大门票|85|42|60|30", "观光车|30|30|停运|停运")
    assert lines(*rows) == [
        "项目：大门票；旺季成人：85；旺季优惠：42；淡季成人：60；淡季优惠：30。",
        "项目：观光车；旺季成人：30；旺季优惠：30；淡季成人：停运；淡季优惠：停运。",
    ]


def test_values_that_stand_again_are_no_merged_cell() -> None:
    assert (
        lines("科室|上午|下午", "内科|王医生|王医生", "内科|李医生|张医生")[0]
        == "科室：内科；上午：王医生；下午：王医生。"
    )
    assert lines("窗口|上午|下午|备注", "一号|开放|开放|老人优先", "二号|开放|关闭|") == [
        "窗口：一号；上午：开放；下午：开放；备注：老人优先。",
        "窗口：二号；上午：开放；下午：关闭。",
    ]


def test_a_colon_within_the_name_of_a_column_does_not_end_the_name() -> None:
    rows = ("单位|合计|其中：女|8:30前到", "一中|40|21|38", "二中|36|20|30")
    assert lines(*rows)[0] == "单位：一中；合计：40；其中女：21；8:30前到：38。"


@pytest.mark.parametrize("period", ["采暖季", "学年", "年度", "年", ""])
def test_seasons_and_school_years_name_columns_of_figures(period: str) -> None:
    before, after = f"2023—2024{period}", f"2024—2025{period}"
    rows = (
        "换热站|供热面积||用户数|投诉件数|",
        f"|{before}|{after}|{after}|{before}|{after}",
        "砚山站|62.4|65.1|5,830|412|287",
    )
    found = lines(*rows, "学林站|48.7|48.7|4,416|265|198", merged={(0, 0): (2, 1), (0, 1): (1, 2), (0, 4): (1, 2)})
    assert found[0].startswith(f"换热站：砚山站；供热面积{before}：62.4；供热面积{after}：65.1；用户数{after}：5,830；")


def test_a_cell_that_says_the_same_as_above_or_at_the_left_has_its_words() -> None:
    rows = ("站名|地址|平日|周末", "东站|东街1号|8时至17时|停办", "西站|同上|8时至12时|同左", "南站|〃|（同上）|停办")
    assert lines(*rows)[1:] == [
        "站名：西站；地址：东街1号；平日、周末：8时至12时。",
        "站名：南站；地址：东街1号；平日：8时至12时；周末：停办。",
    ]
    assert lines("站名|地址|平日|周末", "东站|同上楼道|8时|停办", "西站|二楼|9时|停办")[0].startswith(
        "站名：东站；地址：同上楼道；"
    )


_DUTIES = ("岗位|1|2|3|4|5|6", "岗位|日|一|二|三|四|五", "夜班|李一|王二|张三|赵四|李一|王二", "司机|陈五||||周六")


def test_a_roster_whose_columns_are_days_is_told_by_day() -> None:
    merged = {(0, 0): (2, 1), (3, 1): (1, 4), (3, 5): (1, 2)}
    found = lines(
        "白塔镇2025年6月值班表", *_DUTIES, merged={(at + 1, left): size for (at, left), size in merged.items()}
    )
    assert found[1] == "日期：6月1日（周日）；夜班：李一；司机：陈五。"
    assert found[4:] == [
        "日期：6月4日（周三）；夜班：赵四；司机：陈五。",
        "日期：6月5日（周四）；夜班：李一；司机：周六。",
        "日期：6月6日（周五）；夜班：王二；司机：周六。",
    ]


@pytest.mark.parametrize("names", ["岗位|1日|2日|3日|4日|5日|6日", "岗位|1|2|3|4|5|6", "岗位|2|1|3|4|5|6"])
def test_numbers_alone_are_no_days(names: str) -> None:
    found = lines(names, *_DUTIES[2:3], "备勤|王二|张三|赵四|李一|王二|张三")
    assert (found[0] == "日期：1日；夜班：李一；备勤：王二。") == ("1日" in names)


def test_prices_of_one_row_below_a_timetable_are_a_table_of_their_own_whatever_note_ends_the_sheet() -> None:
    times = ["车次|县城开|山口开|备注", "1|6:30|7:40|", "2|13:00|14:10|"]
    prices = ["票价|票价|票价|票价", "种类|成人|学生|行李", "元|15|8|3"]
    note = "大雾时停开，复开另行通知，已买的票可以全额退，也可以改坐下一班。"
    spans = {(3, 0): (1, 4), (6, 0): (1, 4)}
    found = lines(*times, *prices, "|".join([note] * 4), merged=spans)
    assert "种类：元；成人：15；学生：8；行李：3。" in found and note in found
    # A row of words under a name of a group names no columns.
    group = lines(*times, "节日加开|||", "3|待定|待定|看通知", "4|20:00|21:10|", "|".join([note] * 4), merged=spans)
    assert "节日加开；车次：4；县城开：20:00；山口开：21:10。" in group


def test_hours_in_brackets_behind_the_names_of_columns_make_them_no_values() -> None:
    assert lines("场地|上午（8:00—12:00）|夜间（18:00—21:30）", "羽毛球馆|20元|40元", "门球场|免费|10元")[1:] == [
        "场地：门球场；上午（8:00—12:00）：免费；夜间（18:00—21:30）：10元。"
    ]


_DITCHES = (
    "序号|渠道|起点|长度|投资",
    "一、干渠||小计|21.5|430",
    "1|东干渠|闸口|12.0|240",
    "2|西干渠|闸口|9.5|190",
    "二、支渠||小计|6.5|52",
    "3|柳支渠|柳桥|6.5|52",
    "合计|||28.0|482",
)
_UNITS = "单位：公里、万元||||"


def test_rows_numbered_in_chinese_with_a_sum_head_the_rows_below_them() -> None:
    merged = {(1, 0): (1, 2), (4, 0): (1, 2)}
    assert lines(*_DITCHES, merged=merged) == [
        "一、干渠；序号：小计；长度：21.5；投资：430。",
        "一、干渠；序号：1；渠道：东干渠；起点：闸口；长度：12.0；投资：240。",
        "一、干渠；序号：2；渠道：西干渠；起点：闸口；长度：9.5；投资：190。",
        "二、支渠；序号：小计；长度：6.5；投资：52。",
        "二、支渠；序号：3；渠道：柳支渠；起点：柳桥；长度：6.5；投资：52。",
        "序号：合计；长度：28.0；投资：482。",
    ]


def test_a_number_in_a_column_of_its_own_heads_the_rows_below_and_its_row_stays_as_it_is() -> None:
    found = lines("序号|工种|人数", "一|泥工|12", "1|初级|8", "2|高级|4", "二|木工|5", "1|初级|5")
    assert found[:2] == ["序号：一；工种：泥工；人数：12。", "一 泥工；序号：1；工种：初级；人数：8。"]
    assert found[-1] == "二 木工；序号：1；工种：初级；人数：5。"


def test_rows_numbered_in_chinese_alone_head_nothing() -> None:
    found = lines("序号|事项|时限", "一|登记|3天", "二|变更|2天", "三|注销|1天")
    assert found == [
        "序号：一；事项：登记；时限：3天。",
        "序号：二；事项：变更；时限：2天。",
        "序号：三；事项：注销；时限：1天。",
    ]


def test_units_stated_together_stand_behind_the_figures_of_their_columns() -> None:
    found = lines(_UNITS, *_DITCHES[:1], *_DITCHES[2:4])
    assert found[1:] == [
        "序号：1；渠道：东干渠；起点：闸口；长度：12.0公里；投资：240万元。",
        "序号：2；渠道：西干渠；起点：闸口；长度：9.5公里；投资：190万元。",
    ]
    unsure = lines(_UNITS.replace("公里", "亩"), *_DITCHES[:1], *_DITCHES[2:4])
    assert unsure[1].endswith("长度：12.0；投资：240；单位：亩、万元。")


def test_a_title_and_names_that_are_typed_again_in_a_table_let_it_go_on() -> None:
    names, *rows = _DITCHES
    merged = {(0, 0): (1, 5), (3, 0): (1, 2), (6, 0): (1, 5), (8, 0): (1, 2)}
    again = lines("渠道计划|||||", _UNITS, names, *rows[:3], "渠道计划（续）|||||", names, *rows[3:], merged=merged)
    assert [line.split("；")[1] for line in again[2:]] == [
        "序号：小计", "序号：1", "序号：2", "序号：小计", "序号：3", "长度：28.0公里",
    ]  # fmt: skip
    assert not any("（续）" in line for line in again)
    other = lines("渠道计划|||||", names, *rows[1:3], "渠道决算|||||", names, *rows[1:3])
    assert "渠道决算" in other


def test_a_corner_names_the_rows_where_the_columns_say_that_they_are_years() -> None:
    found = lines(
        "指标\n年份||2023年|2024年",
        "种植|蓝莓（吨）|30|1.2万",
        "|桑葚（吨）|20|25",
        merged={(0, 0): (1, 2), (1, 0): (2, 1)},
    )
    assert found == [
        "指标：种植；指标：蓝莓；2023年：30吨；2024年：1.2万吨。",
        "指标：种植；指标：桑葚；2023年：20吨；2024年：25吨。",
    ]
    other = lines("村名\n作物|蓝莓|桑葚", "东村|30|12", "西村|20|25")
    assert other[0] == "村名作物：东村；蓝莓：30；桑葚：12。"


def test_rows_of_a_pivot_table_stand_with_the_group_that_adds_them_up() -> None:
    rows = (
        "求和项:件数|列标签||",
        "行标签|路灯|井盖|总计",
        "南片|5|3|8",
        "1月|2|1|3",
        "2月|3|2|5",
        "北片|4||4",
        "1月|4||4",
        "总计|9|3|12",
    )
    assert lines(*rows) == [
        "求和项:件数　列标签",
        "行标签：南片；路灯：5；井盖：3；总计：8。",
        "南片；行标签：1月；路灯：2；井盖：1；总计：3。",
        "南片；行标签：2月；路灯：3；井盖：2；总计：5。",
        "行标签：北片；路灯：4；总计：4。",
        "北片；行标签：1月；路灯：4；总计：4。",
        "行标签：总计；路灯：9；井盖：3；总计：12。",
    ]
    apart = lines(*rows[:2], "南片|5|3|8", "北片|4||4", "总计|9|3|12")
    assert apart[2] == "行标签：北片；路灯：4；总计：4。"
