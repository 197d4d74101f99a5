"""A unit in brackets stands behind each figure that it measures, and nowhere else."""

import pytest

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET


def lines(rows: str) -> list[str]:
    text = convert("表.csv", rows.encode(), DEFAULT_BUDGET).text
    return [line for line in text.split("\n") if line.endswith("。")]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ("品种,单价（元/公斤）,产量（吨）\n早稻,3.2,150\n晚稻,3.6,90", "品种：早稻；单价：3.2元/公斤；产量：150吨。"),
        ("品种,单价(元)\n早稻,3\n晚稻,4\n糯稻,5", "品种：早稻；单价：3元。"),
        ("品种,单价（元）,级\n早稻,免费,一\n晚稻,4,二\n糯稻,5,三", "品种：早稻；单价（元）：免费；级：一。"),
        ("品种,单价（元）\n早稻,3角\n晚稻,4\n糯稻,5", "品种：早稻；单价（元）：3角。"),
        ("品种,单价（元）\n早稻,3元\n晚稻,4\n糯稻,5", "品种：早稻；单价（元）：3元。"),
        ("品种,票价（元）\n早稻,3-5\n晚稻,4\n糯稻,5", "品种：早稻；票价：3-5元。"),
        ("品种,票价（元）\n早稻,3-5②\n晚稻,4\n糯稻,5", "品种：早稻；票价：3-5元②。"),  # the mark of a note
        ("镇,人数（含外来）\n甲,30\n乙,40\n丙,50", "镇：甲；人数（含外来）：30。"),
        ("镇,面积（亩）（公顷）\n甲,30\n乙,40\n丙,50", "镇：甲；面积（亩）（公顷）：30。"),
    ],
)
def test_a_unit_of_a_column_stands_behind_its_figures(rows: str, line: str) -> None:
    assert line in lines(rows)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (
            "指标,2021,2022\n粮食（万吨）,8.1,8.4\n油料（万吨）,1.1,1.2",
            "指标：粮食；2021年：8.1万吨；2022年：8.4万吨。",
        ),
        # A rank or a growth is not of the row's unit, which then stays where it is.
        (
            "指标,2021,2022,位次\n粮食（万吨）,8.1,8.4,3\n油料（万吨）,1,2,4",
            "指标：粮食（万吨）；2021年：8.1；2022年：8.4；位次：3。",
        ),
        (
            "指标,2021,2022,同比（%）\n粮食（万吨）,8.1,8.4,3.7\n油料（万吨）,1,2,4",
            "指标：粮食；2021年：8.1万吨；2022年：8.4万吨；同比：3.7%。",
        ),
    ],
)
def test_a_unit_of_a_row_stands_behind_the_figures_of_its_years(rows: str, line: str) -> None:
    assert line in lines(rows)


def test_a_single_number_as_a_name_is_not_taken_for_a_year() -> None:
    assert "型号：甲；2022：40。" in lines("型号,2022,备注\n甲,40,\n乙,50,\n丙,60,好")


def test_a_column_with_its_own_unit_is_not_measured_by_the_tables() -> None:
    found = lines("单位：万元\n科目,决算,人数（人）\n教育,80,12\n卫生,90,15")
    assert "科目：教育；决算：80；人数：12人；单位：万元。" in found
    assert "科目：教育；人数：12人。" in lines("单位：万元\n科目,人数（人）\n教育,12\n卫生,15\n文化,20")


def test_the_viewer_shows_a_figure_with_its_unit() -> None:
    document = convert("表.csv", "品种,单价（元）\n早稻,3\n晚稻,4\n糯稻,5".encode(), DEFAULT_BUDGET)
    (table,) = document.tables
    assert table.columns == ("品种", "单价（元）")
    assert [value.of(document.text) for value in table.rows[0] if value] == ["早稻", "3元"]


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("渔获统计（单位：吨；产值：万元）", "镇：甲；2023年渔获：30；2023年产值：8.5万元；单位：吨。"),
        ("渔获统计（单位：吨）", "镇：甲；2023年渔获：30；2023年产值：8.5；单位：吨。"),
    ],
)
def test_a_unit_that_the_title_states_for_some_columns_stands_behind_their_figures(above: str, line: str) -> None:
    rows = f"{above},,\n镇,2023年渔获,2023年产值\n甲,30,8.5\n乙,41,9.6\n丙,28,7.7"
    assert line in lines(rows)
