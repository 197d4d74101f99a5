"""Names of columns in two rows that only their merged cells tell, and names that stand anew below other rows."""

import pytest

from corpus.loaders.parts.tables.grid import grid_of
from corpus.loaders.parts.tables.statements import lines_of

Merged = dict[tuple[int, int], tuple[int, int]]
_HEAD: Merged = {(0, 0): (2, 1), (0, 1): (1, 2), (0, 3): (1, 2)}


def lines(*rows: str, merged: Merged | None = None) -> list[str]:
    return lines_of(grid_of([row.split("|") for row in rows], merged=merged))


@pytest.mark.parametrize(
    ("over", "under", "first"),
    [
        (
            "6月7日（周日）||6月8日（周一）|",
            "上午8:30—10:00|下午15:00—16:30|上午8:30—10:00|下午15:00—16:30",
            "6月7日（周日）上午8:30—10:00：语文；6月7日（周日）下午15:00—16:30：数学；",
        ),
        ("南门||北门|", "早班|晚班|早班|晚班", "南门早班：语文；南门晚班：数学；"),
    ],
)
def test_a_head_of_two_rows_is_known_by_its_merged_cells(over: str, under: str, first: str) -> None:
    found = lines(f"班组|{over}", f"|{under}", "甲组|语文|数学|英语|物理", "乙组|历史|地理|—|化学", merged=_HEAD)
    assert found[0].startswith(f"班组：甲组；{first}")
    assert len(found) == 2


def test_a_merged_cell_that_reaches_down_to_the_values_is_no_head() -> None:
    rows = "甲班|早||晚|", "|王一|李二|张三|赵四", "乙班|钱五|孙六|周七|吴八", "丙班|郑九|冯十|陈甲|褚乙"
    assert (
        lines(*rows, merged=_HEAD | {(0, 0): (3, 1)})[0]
        != "甲班：丙班；早王一：郑九；早李二：冯十；晚张三：陈甲；晚赵四：褚乙。"
    )
    figures = lines("名称|2024年||2025年|", "|12|13|14|15", "甲村|16|17|18|19", "乙村|20|21|22|23", merged=_HEAD)
    assert any("12" in line and "甲村" not in line for line in figures)


def test_names_that_stand_anew_below_codes_begin_a_table() -> None:
    rows = "区域码|释义|时限", "11|河东片|2天", "12|河西片|3天", "缴费码|释义|", "7|未交|", "8|已交|"
    assert lines(*rows) == [
        "区域码：11；释义：河东片；时限：2天。",
        "区域码：12；释义：河西片；时限：3天。",
        "缴费码：7；释义：未交。",
        "缴费码：8；释义：已交。",
    ]


def test_a_value_that_is_called_as_its_column_begins_no_table() -> None:
    rows = "姓名|岗位|备注", "王一|保洁|", "李二|岗位|外聘", "张三|保安|"
    assert lines(*rows)[1:] == ["姓名：李二；岗位；备注：外聘。", "姓名：张三；岗位：保安。"]
