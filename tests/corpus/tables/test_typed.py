"""Tables typed into plain texts with blanks, tabs or strokes between the cells."""

import pytest

from corpus.limits import DEFAULT_BUDGET
from corpus.loaders import markdown, text
from corpus.loaders.containers import mail

ALIGNED = """青川县乡镇人口统计表
单位：人
乡镇      户数    人口     其中：男
东河镇    1200    3456    1780
西坪乡    800     2100    1050
合计      2000    5556    2830
注：数据截至2024年底。
"""


def read(content: str) -> str:
    return text.load("表.txt", content.encode()).text


def test_columns_parted_by_blanks_are_a_table_with_its_title_and_unit() -> None:
    document = text.load("表.txt", ALIGNED.encode())
    assert "乡镇：西坪乡；户数：800；人口：2100；其中男：1050；单位：人。\n" in document.text
    assert document.text.endswith("\n注：数据截至2024年底。\n")
    assert [table.title for table in document.tables] == ["青川县乡镇人口统计表"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param(
            "日期　　　　姓　名　　　电　　话　　　　备　注\n"
            "2月16日　　李小一　　　0570-1234567　　上午\n"
            "2月17日　　王　二　　　0570-1234568\n"
            "2月18日　　赵　三　　　0570-1234569　　下午\n",
            "日期：2月17日；姓名：王二；电话：0570-1234568。\n日期：2月18日；姓名：赵三；电话：0570-1234569；备注：下午。",
            id="letter-spaced names and a blank place",
        ),
        pytest.param(
            "              2024年            2025年\n"
            "乡镇        计划    完成      计划    完成\n"
            "东河镇      120     131       140     150\n"
            "西坪乡      80      79        90      95\n",
            "乡镇：西坪乡；2024年计划：80；2024年完成：79；2025年计划：90；2025年完成：95。",
            id="names over two columns each",
        ),
        pytest.param(
            "窗口    业务              经办人    电话\n"
            "1号     社保卡申领        张三      0570-1111111\n"
            "        社保卡补换\n"
            "2号     医保登记          李四      0570-2222222\n",
            "窗口：1号；业务：社保卡申领 社保卡补换；经办人：张三；电话：0570-1111111。",
            id="a cell on two lines",
        ),
        pytest.param(
            "岗位  县城站  栗塘站\n战斗员        6        12\n驾驶员   1    2\n",
            "岗位：驾驶员；县城站：1；栗塘站：2。",
            id="equally many cells, not aligned",
        ),
        pytest.param(
            "收费项目        收费标准\n────────────────\n清洗费          30元/次\n检测费          45元/次\n",
            "收费项目：检测费；收费标准：45元/次。",
            id="a line drawn below the names",
        ),
        pytest.param(
            "┌───┬──┬──┐\n│乡镇  │户数│人口│\n├───┼──┼──┤\n│东河镇│120 │345 │\n│西坪乡│80  │210 │\n└───┴──┴──┘\n",
            "乡镇：西坪乡；户数：80；人口：210。",
            id="drawn with strokes",
        ),
        pytest.param(
            "┏━━━━┯━━━┯━━━┯━━━┓\n┃指标    │限值  │东厂  │西厂  ┃\n┠────┼───┼───┼───┨\n"
            "┃余氯    │≥0.05│0.22  │0.02  ┃\n┃（mg/L）│      │      │不合格┃\n┠────┼───┼───┼───┨\n"
            "┃浑浊度  │≤1   │0.31  │      ┃\n┗━━━━┷━━━┷━━━┷━━━┛\n",
            "窗口安排\n\n指标：余氯（mg/L）；限值：≥0.05；东厂：0.22；西厂：0.02 不合格。\n"
            "指标：浑浊度；限值：≤1；东厂：0.31。\n",
            id="cells on two lines between strokes, and a blank one",
        ),
    ],
)
def test_a_row_is_one_statement(lines: str, said: str) -> None:
    assert said in read("窗口安排\n\n" + lines + "\n附后。\n")


def test_lines_around_a_table_stay_lines() -> None:
    lines = "项目      数量    金额\n花草      12      300\n树木      5       900\n"
    document = read(f"制表单位：园林所      2024年\n{lines}审核人：王一        填表人：李二\n")
    assert "项目：树木；数量：5；金额：900。" in document
    assert document.startswith("制表单位：园林所      2024年\n")
    assert document.endswith("\n审核人：王一        填表人：李二\n")


@pytest.mark.parametrize(
    "lines",
    [
        "通　　知\n\n各科室：\n    今天  请大家  来开会。\n    第二  请大家  准备材料。\n    第三  会后  讨论。\n",
        "甲方：民政局      乙方：华峰\n地址：东街1号     地址：西街2号\n电话：0570-1234   电话：0570-7654\n",
        "地  址  簿\n青川县  东河镇  东街1号\n青川县  西坪乡  西街22号\n青川县  南桥镇  南街333号\n",
        "目  录\n第一章  总则    1\n第二章  申请    3\n第三章  附则    9\n",
        "出席：张三  李四  王五  赵六\n列席：钱七  孙八  周九  吴十\n张小三  李小四  王小五  赵小六\n",
        "项目      数量    金额\n花草      12      300\n",
        "周一  陈一（民庭）  二号室\n周二  李二（立案庭）  三号室\n周三  王三（民庭）  二号室\n",
        "青  川  县  民  政  局\n公          告\n二  〇  二  四  年\n",
    ],
    ids=["prose", "signatures", "addresses", "contents", "names", "two lines", "days", "letter-spaced"],
)
def test_what_only_stands_in_columns_is_no_table(lines: str) -> None:
    document = text.load("信.txt", lines.encode())
    assert (document.text, document.tables) == (lines, ())
    assert text.load("表.txt", (lines + "\n\n" + ALIGNED).encode()).tables


TREE = "林场\n├── 场长：石某\n├── 护林队\n│   ├── 东队：6人\n│   └── 西队：4人\n└── 苗圃\n    └── 工人：3人\n"
LIST = "林场\n- 场长：石某\n- 护林队\n  - 东队：6人\n  - 西队：4人\n- 苗圃\n  - 工人：3人\n"


def test_a_tree_drawn_with_branches_is_read_as_a_list() -> None:
    assert text.load("机构.txt", TREE.encode()).text == LIST
    ascii_tree = "林场\n|-- 场长：石某\n|-- 护林队\n|   |-- 东队：6人\n|   `-- 西队：4人\n`-- 苗圃\n    `-- 工人：3人\n"
    assert text.load("机构.txt", ascii_tree.encode()).text == LIST
    assert LIST in markdown.load("机构.md", f"# 机构\n\n```\n{TREE}```\n".encode()).text
    ruled = "+----+----+\n| 甲 | 乙 |\n+----+----+\n|---|---|\n"  # lines of a table, no branches
    assert "- " not in text.load("表.txt", ruled.encode()).text


def test_a_table_typed_into_a_mail_is_read_as_one() -> None:
    head = b"Subject: a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    found = mail.unpack("信.eml", head + ALIGNED.encode(), DEFAULT_BUDGET)
    assert found.document is not None
    assert "乡镇：西坪乡；户数：800；人口：2100；其中男：1050；单位：人。" in found.document.text
