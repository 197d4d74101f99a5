"""Every format gives the words that its file shows, with headings, pages and tables in place."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.errors import FileProblem, Quarantined
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders import LOADERS
from corpus.loaders.parts.tables.sheets.date_formats import shown_date, shown_time
from corpus.loaders.parts.tables.sheets.number_formats import shown_number, shown_text
from corpus.text.cleaning import without_gaps
from corpus.text.passages import Splitter
from tests.support.files import office_files

MAKERS: dict[str, Callable[[], bytes]] = {
    ".docx": office_files.docx_file,
    ".pptx": office_files.pptx_file,
    ".xlsx": office_files.xlsx_file,
    ".csv": office_files.csv_file,
    ".html": office_files.html_file,
    ".epub": office_files.epub_file,
    ".pdf": office_files.pdf_file,
    ".md": lambda: f"# {office_files.TITLE}\n\n".encode() + "\n\n".join(office_files.SENTENCES).encode(),
    ".txt": lambda: "\n".join(office_files.SENTENCES).encode("gb18030"),
}


def converted(suffix: str, content: bytes) -> Document:
    return convert(f"报告{suffix}", content, DEFAULT_BUDGET)


def headings(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.span.of(document.text)) for heading in document.headings]


def test_every_format_is_made_somewhere_in_the_tests() -> None:
    scans, same = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}, {".htm", ".markdown"}
    # Made by tests/corpus/offices, as LibreOffice has to be there or files lie within files.
    elsewhere = {suffix for suffix, loader in LOADERS.items() if loader.office or loader.container} | {".ofd"}
    assert len(elsewhere) > 10
    assert MAKERS.keys() | scans | same | elsewhere == LOADERS.keys()


@pytest.mark.parametrize("suffix", [suffix for suffix in MAKERS if suffix != ".csv"])
def test_every_sentence_is_found_word_for_word(suffix: str) -> None:
    text = converted(suffix, MAKERS[suffix]()).text
    assert [sentence for sentence in office_files.SENTENCES if sentence not in text] == []


@pytest.mark.parametrize("suffix", [".docx", ".html", ".pdf"])
def test_titles_and_headings_stand_where_they_stood(suffix: str) -> None:
    document = converted(suffix, MAKERS[suffix]())
    assert headings(document) == [(1, office_files.TITLE), (2, "教育合作"), (2, "产业合作")]
    assert document.title.startswith(office_files.TITLE)


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".csv", ".html"])
def test_a_row_of_a_table_names_its_cells(suffix: str) -> None:
    assert office_files.ROW in converted(suffix, MAKERS[suffix]()).text.split("\n")


@pytest.mark.parametrize("suffix", MAKERS)
def test_passages_are_slices_of_the_text(suffix: str) -> None:
    document = converted(suffix, MAKERS[suffix]())
    passages = Splitter(lambda text: len("".join(text.split())), 40).split(document)
    assert passages
    for passage in passages:
        assert passage.text == document.text[passage.span.start : passage.span.end]
        assert all(passage.span.start <= part.start < part.end <= passage.span.end for part in passage.sentences)
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(document.text.split())


@pytest.mark.parametrize(
    ("suffix", "label"),
    [
        (".pdf", "第1页"),
        (".pptx", "第3张幻灯片"),
        (".xlsx", "工作表“情况”"),
        (".docx", ""),
        (".html", ""),
        (".epub", ""),
    ],
)
def test_a_sentence_knows_its_page(suffix: str, label: str) -> None:
    document = converted(suffix, MAKERS[suffix]())
    assert document.place(document.text.index("涪陵浙江商会")) == label


def of_lines(*centred: str, below: Sequence[str] = ("本县居民可以申请。",)) -> Document:
    """Return what is read of a Word file without styles, whose first lines are centred."""

    def plain(document: Any) -> None:
        for paragraph in list(document.paragraphs):
            paragraph._element.getparent().remove(paragraph._element)
        for line in centred:
            document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
        for text in below:
            document.add_paragraph(text)

    return converted(".docx", office_files.docx_file(plain))


@pytest.mark.parametrize(
    ("centred", "title"),
    [
        (
            ("青川县协作办公室", "青协办〔2026〕1号", "青川县2025年工作总结"),
            "青川县2025年工作总结",
        ),  # issuer and number
        (("青川县民政局", "局长办公会议纪要", "〔2026〕3号"), "青川县民政局 局长办公会议纪要"),  # a number below
        (("救助办理指南", "青川县民政局救助科 2026年1月"), "救助办理指南"),
        (("大客流应急预案", "（2024年版）", "轨道交通公司 编号：GD-06"), "大客流应急预案 （2024年版）"),
        (("养老机构收费办法", "第一章 总则"), "养老机构收费办法"),
        (("养老机构收费办法", "青府办〔2026〕1号", "2026年1月5日"), "养老机构收费办法 青府办〔2026〕1号 2026年1月5日"),
        (("青川县养老服务中心", "老年食堂菜谱 2026年3月"), "青川县养老服务中心 老年食堂菜谱 2026年3月"),
    ],
)
def test_the_title_of_a_word_file_is_neither_who_issues_it_nor_its_number_nor_a_chapter(
    centred: tuple[str, ...], title: str
) -> None:
    assert of_lines(*centred).title == title


def test_a_word_file_without_heading_styles_has_the_headings_of_official_documents() -> None:
    below = ("各乡镇人民政府：", "一、总体要求", "坚持互利共赢。", "（一）教育", "结对帮扶。")
    document = of_lines("关于推进浙涪合作的通知", below=below)
    assert headings(document) == [(1, "关于推进浙涪合作的通知"), (6, "一、总体要求"), (7, "（一）教育")]


def test_a_word_file_shows_insertions_text_boxes_and_controls_and_not_what_is_deleted_or_hidden() -> None:
    def edit(document: Any) -> None:
        w = nsdecls("w")
        body = document.element.body
        for xml in (
            f"<w:p {w}><w:ins w:id='1' w:author='a'><w:r><w:t>补充了一句。</w:t></w:r></w:ins></w:p>",
            f"<w:p {w}><w:del w:id='2' w:author='a'><w:r><w:delText>删去一句。</w:delText></w:r></w:del></w:p>",
            f"<w:p {w}><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏一句。</w:t></w:r></w:p>",
            f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>控件一句。</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            f"<w:p {w}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框内一句。</w:t></w:r></w:p></w:txbxContent></w:pict>"
            "</w:r></w:p>",
        ):
            body.insert(0, parse_xml(xml))

    text = converted(".docx", office_files.docx_file(edit)).text
    assert [words in text for words in ("补充了一句", "控件一句", "框内一句")] == [True] * 3
    assert [words in text for words in ("删去一句", "隐藏一句")] == [False] * 2


def test_merged_cells_of_a_word_table_say_the_same_in_each_row() -> None:
    def merge(document: Any) -> None:
        table = document.add_table(rows=3, cols=3)
        for row, texts in zip(
            table.rows, (("区县", "学校", "对数"), ("涪陵", "一中", "3"), ("", "二中", "4")), strict=True
        ):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        table.cell(1, 0).merge(table.cell(2, 0))

    assert "区县：涪陵；学校：二中；对数：4。" in converted(".docx", office_files.docx_file(merge)).text


def test_speakers_notes_and_hidden_slides_are_not_public() -> None:
    assert "讲稿" not in converted(".pptx", office_files.pptx_file()).text
    hidden = converted(".pptx", office_files.pptx_file(lambda shown: shown.slides[2].element.set("show", "0")))
    assert "237家" not in hidden.text
    assert [page.label for page in hidden.pages] == ["第1张幻灯片", "第2张幻灯片", "第4张幻灯片"]


def test_a_sheet_gives_values_as_they_show_and_never_evaluates() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet("格式")
        sheet.append(("项目", "占比", "金额", "日期"))
        sheet.append(("甲", 0.625, 1234567.5, datetime.date(2021, 9, 1)))
        sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", "#,##0.00"
        sheet.append(("乙", "=1+1", '=WEBSERVICE("http://x.cn")', None))
        workbook.create_sheet("内部").append(("不公开",))
        workbook["内部"].sheet_state = "hidden"

    document = converted(".xlsx", office_files.xlsx_file(fill))
    assert "项目：甲；占比：62.5%；金额：1,234,567.50；日期：2021年9月1日。" in document.text
    assert "不公开" not in document.text and "WEBSERVICE" not in document.text
    assert document.remark.startswith("有2个公式没有保存结果")


def test_a_cached_value_of_a_formula_is_read() -> None:
    parts = office_files.unzipped(office_files.xlsx_file(lambda workbook: workbook["投资"].append(("合计", "=B2+B3"))))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<f>B2+B3</f><v />", b"<f>B2+B3</f><v>310.1</v>")
    parts[sheet] = parts[sheet].replace(b"<f>B2+B3</f><v></v>", b"<f>B2+B3</f><v>310.1</v>")
    document = converted(".xlsx", office_files.zip_file(parts))
    assert "项目：合计；投资：310.1亿元。" in document.text
    assert document.remark == ""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_web_page_is_read_in_its_encoding(encoding: str) -> None:
    page = f"<html><head><meta charset='{encoding}'></head><body><p>涪陵商會</p></body></html>".encode(encoding)
    assert converted(".html", page).text.strip() == "涪陵商會"


def test_an_icon_of_a_web_page_does_not_make_it_unreadable() -> None:
    page = f"<meta charset=utf-8><i>\ue001</i><p>{'涪陵浙江商会有会员企业237家。' * 5}</p>"
    assert "会员企业" in converted(".html", page.encode()).text


def test_a_web_page_gives_what_shows() -> None:
    extra = (
        "<div style='display:none'>看不见</div><p hidden>藏起来</p><!-- 注释 --><p>第一<br>第二</p>"
        "<p>长句在源文件里\n   换行。</p><ul><li>甲<li>乙</ul><textarea>填好了</textarea>"
        "<button>表单</button><p>&lt;b&gt;不是标签</p>"
        "<table><tr><td><table><tr><td>版面</td></tr></table></td></tr></table>"
    )
    text = converted(".html", office_files.html_file(extra)).text
    for words in ("第一\n第二", "长句在源文件里换行。", "- 甲", "- 乙", "填好了", "<b>不是标签", "版面"):
        assert words in text
    for words in ("看不见", "藏起来", "注释", "脚本", "表单", "首页", "p {}"):
        assert words not in text


def test_a_pdf_loses_what_runs_along_and_keeps_what_does_not() -> None:
    document = converted(".pdf", office_files.pdf_file(pages=4))
    assert "内部编号" not in document.text and "— 2 —" not in document.text
    assert [page.label for page in document.pages] == ["第1页", "第2页", "第3页", "第4页"]
    for number, page in enumerate(document.pages[1:], start=1):
        assert document.text[page.start :].startswith(f"附件{number}")
    assert document.text.count(office_files.SENTENCES[0]) == 4


def test_a_short_pdf_keeps_a_header_that_only_one_page_has() -> None:
    assert "内部编号" in converted(".pdf", office_files.pdf_file()).text


def test_an_epub_gives_its_chapters_in_the_order_of_the_spine() -> None:
    document = converted(".epub", office_files.epub_file())
    assert document.title == office_files.TITLE
    assert headings(document) == [(1, "教育合作"), (1, "产业合作")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("项目,金额\n甲,3\n乙,4", ["项目：甲；金额：3。", "项目：乙；金额：4。"]),
        ("联系人,张三\n电话,023-7286", ["联系人：张三。", "电话：023-7286。"]),
        ("附表,,\n单位,人数,备注\n一中,3,", ["附表", "单位：一中；人数：3。"]),
        ("甲;乙;丙\n一;二;三", ["甲：一；乙：二；丙：三。"]),
        ("只有一列\n第二行", ["只有一列", "第二行"]),
        (
            "指标,2022,2023\n产值,7,8\n人口,3,4",
            ["指标：产值；2022年：7；2023年：8。", "指标：人口；2022年：3；2023年：4。"],
        ),
        (",2022年,2023年\n产值,7,8", ["产值；2022年：7；2023年：8。"]),
        (
            ",小学,,初中,\n年份,人数,校数,人数,校数\n2023,9,1,8,2",
            ["年份：2023；小学人数：9；小学校数：1；初中人数：8；初中校数：2。"],
        ),
        (
            "水厂,甲厂,乙厂\n能力（万吨）,5.5,3.2\n建成,2019年6月1日,2022年1月5日\n范围,城区,白石镇",
            [
                "水厂：甲厂；能力：5.5万吨；建成：2019年6月1日；范围：城区。",
                "水厂：乙厂；能力：3.2万吨；建成：2022年1月5日；范围：白石镇。",
            ],
        ),
        (
            "单位：万元\n科目,决算\n项目支出,8\n基本,9",
            ["单位：万元", "科目：项目支出；决算：8；单位：万元。", "科目：基本；决算：9；单位：万元。"],
        ),
        (
            "姓名,李一,性别,男\n出生,1990年2月1日,电话,7286001",
            ["姓名：李一；性别：男。", "出生：1990年2月1日；电话：7286001。"],
        ),
        ("镇,村,户数\n青山镇,一村,5\n,二村,6", ["镇：青山镇；村：一村；户数：5。", "镇：青山镇；村：二村；户数：6。"]),
    ],
)
def test_tables_become_lines_that_can_be_quoted(text: str, lines: list[str]) -> None:
    assert converted(".csv", text.encode()).text.strip().split("\n") == lines


def test_a_long_row_is_several_statements_that_each_name_it() -> None:
    names, values = [f"{month}月的办件数量" for month in range(1, 13)], [str(7000 + month) for month in range(1, 13)]
    document = converted(".csv", "\n".join(",".join(row) for row in (["窗口", *names], ["一号窗口", *values])).encode())
    lines = document.text.strip().split("\n")
    assert len(lines) == 2 and all(line.startswith("窗口：一号窗口；") and line.endswith("。") for line in lines)
    assert [value and value.of(document.text) for value in document.tables[0].rows[0]] == ["一号窗口", *values]


def test_what_a_sheet_hides_is_not_read() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet("房源")
        for row in (("小区", "套数", "成本"), ("桂花苑", 32, 7.1), ("竹林苑", 26, 7.2), ("梅园", 95, 7.3)):
            sheet.append(row)
        sheet.column_dimensions["C"].hidden = True
        sheet.row_dimensions[3].hidden = True
        sheet.merge_cells("E1:E2")

    text = converted(".xlsx", office_files.xlsx_file(fill)).text
    assert "小区：桂花苑；套数：32。\n小区：梅园；套数：95。" in text
    assert "竹林苑" not in text and "7.1" not in text


def test_a_merged_cell_shows_in_what_is_left_of_it_where_its_first_row_or_column_is_hidden() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet("网格")
        for row in (
            ("街道", "社区", "联系方式", ""),
            ("", "", "证件", "电话"),
            ("北街", "甲社区", "A1", 5551),
            ("", "乙社区", "A2", 5552),
        ):
            sheet.append(row)
        for area in ("A1:A2", "B1:B2", "C1:D1", "A3:A4"):
            sheet.merge_cells(area)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    text = converted(".xlsx", office_files.xlsx_file(fill)).text
    assert "街道：北街；社区：乙社区；联系方式电话：5552。" in text
    assert "甲社区" not in text and "A2" not in text


def test_the_day_of_the_week_is_read_where_a_sheet_shows_it() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet("值班")
        for row in (("姓名", "值班日期"), ("王某", datetime.date(2024, 3, 5)), ("李某", datetime.date(2024, 3, 6))):
            sheet.append(row)
        sheet["B2"].number_format = sheet["B3"].number_format = "[$-804]aaaa;@"

    assert "姓名：王某；值班日期：星期二。" in converted(".xlsx", office_files.xlsx_file(fill)).text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "sep=;\n窗口;电话\n社保;55510001\n医保;55510002\n",
            ["窗口：社保；电话：55510001。", "窗口：医保；电话：55510002。"],
        ),
        ('站,编号\n甲站,="0128"\n乙站,="0129"\n', ["站：甲站；编号：0128。", "站：乙站；编号：0129。"]),
    ],
)
def test_what_excel_writes_for_itself_into_a_csv_file_is_not_read(text: str, lines: list[str]) -> None:
    assert converted(".csv", text.encode()).text.strip().split("\n") == lines


def test_each_table_of_a_sheet_has_its_own_title_names_and_notes() -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.create_sheet("决算")
        for row in (
            ("2024年部门决算表",),
            ("单位：万元",),
            ("科目", "预算", "决算"),
            ("项目支出", 89, 84),
            (),
            ("附：公务接待情况",),
            ("事项", "批次", "人数"),
            ("公务接待", 18, 96),
            ("注：批次减少，因压减接待。",),
        ):
            sheet.append(row)
        sheet.merge_cells("A1:C1")

    document = converted(".xlsx", office_files.xlsx_file(fill))
    assert "科目：项目支出；预算：89；决算：84；单位：万元。" in document.text
    assert "事项：公务接待；批次：18；人数：96；单位：万元。\n注：批次减少，因压减接待。" in document.text
    own = [table for table in document.tables if "决算" in table.title]
    assert [table.title for table in own] == ["2024年部门决算表", "2024年部门决算表 附：公务接待情况"]
    passages = Splitter(lambda text: len(text), 160).split(document)
    over = [passage.headings for passage in passages if "公务接待；" in passage.text]
    assert over == [("决算", "2024年部门决算表 附：公务接待情况")]


def test_rows_of_a_pdf_without_rules_keep_their_columns_where_cells_are_empty() -> None:
    rows = (("", "2022年", "2023年", "备注"), ("青山镇", "3.1", "3.2", "含社区"), ("白石乡", "", "2.2", ""))
    placed = [
        (60.0 + 120 * at, 700.0 - 20 * row, text) for row, cells in enumerate(rows) for at, text in enumerate(cells)
    ]
    document = converted(".pdf", office_files.placed_pdf([(60.0, 740.0, "表1 年末人口情况表"), *placed]))
    assert document.text.strip().split("\n")[-2:] == [
        "青山镇；2022年：3.1；2023年：3.2；备注：含社区。",
        "白石乡；2023年：2.2。",
    ]
    assert document.tables[0].title == "表1 年末人口情况表"
    assert document.title == "报告"


def test_a_row_of_several_sentences_stays_one() -> None:
    document = converted(".csv", "事项,条件\n甲,年满十八岁。有本地户口。\n乙,年满六十岁。".encode())
    passage = Splitter(lambda text: len(text), 160).split(document)[0]
    assert [span.of(document.text) for span in passage.sentences] == [
        "事项：甲；条件：年满十八岁。有本地户口。",
        "事项：乙；条件：年满六十岁。",
    ]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1287, "00000", "01287"),
        (12.5, '0.0"百万元"', "12.5百万元"),
        (0.625, "0.0%", "62.5%"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (-7, "0_);(0)", "-7"),
        (1_250_000, "#,##0,", "1,250"),
        (6, "[$¥-804]0.00", "¥6.00"),
        (2_372_860_001, "000-00000000", "023-72860001"),
        (3, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (3, '0"天";;"无"', "3天"),
        (0, '0"天";;"无"', "无"),
        (2.5, "0.##", "2.5"),
        (2.0, "0.##", "2"),
        (7, "# ?/?", "7"),
        (0.5, "# ?/?", "1/2"),
        (-1.25, "# ?/?", "-1 1/4"),
        (3.14159, "# ??/??", "3 14/99"),
        (1.75, "?/?", "7/4"),
        (0.3, "# ?/8", "2/8"),
        (1.5, '# ?/?"寸"', "1 1/2寸"),
        (1e15, "# ?/?", "1000000000000000"),
        (1e16, "General", "10000000000000000"),
        (1_234_567_890, '0!.0,"万元"', "123456.8万元"),
        (25, ";;;", ""),
        (0, "#,##0;-#,##0;", ""),
        (1, '[=1]"男";[=2]"女"', "男"),
        (2, '[=1]"男";[=2]"女"', "女"),
        (3, '[=1]"男";[=2]"女"', "3"),
        (0, '[=1]"是";[=0]"否"', "否"),
        (1_250_000, '[>=1000000]0.0,,"百万";[>=1000]0.0,"千";0', "1.3百万"),
        (5000, '[>=1000000]0.0,,"百万";[>=1000]0.0,"千";0', "5.0千"),
        (500, '[>=1000000]0.0,,"百万";[>=1000]0.0,"千";0', "500"),
        (-500, '[>=1000000]0.0,,"百万";[>=1000]0.0,"千";0', "-500"),
        (-3, '[<0]"亏"0;0', "亏3"),
        (59, '[<60]"不合格";0"分"', "不合格"),
        (60, '[<60]"不合格";0"分"', "60分"),
        (-7, "[Red]0;-0", "-7"),
        (123, "[DBNum1]General", "一百二十三"),
        (105, "[DBNum2]General", "壹佰零伍"),
        (2024, "[DBNum1]0", "二〇二四"),
        (0.125, "0.00", "0.13"),
        (1.005, "0.00", "1.01"),
        (10 / 3, "General", "3.333333333"),
        (123_456_789.125, "General", "123456789.13"),
        (1e-300, "General", "1e-300"),
        (1e308, "0%", "1" + "0" * 310 + "%"),
        (0.00001234, "General", "0.00001234"),
    ],
)
def test_a_number_is_written_as_its_sheet_shows_it(value: float, form: str, shown: str) -> None:
    assert shown_number(value, form) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("General", "东河"),
        ("@", "东河"),
        ('@"镇"', "东河镇"),
        ('0;-0;0;@"镇"', "东河镇"),
        (";;;", ""),
        ("0.00", "东河"),
    ],
)
def test_words_are_written_as_their_sheet_shows_them(form: str, shown: str) -> None:
    assert shown_text("东河", form) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ('yyyy"年"m"月"', "2024年3月"),
        ("yyyy-mm-dd", "2024年3月5日"),
        ("m/d/yy h:mm", "2024年3月5日08:30"),
        ("m/d/yy h:mm AM/PM", "2024年3月5日8:30 AM"),
        ('m"月"d"日"', "3月5日"),
        ("yyyy", "2024年"),
        ("aaaa", "星期二"),
        ("h:mm", "08:30"),
    ],
)
def test_a_date_is_written_with_the_parts_that_its_sheet_shows(form: str, shown: str) -> None:
    assert shown_date(datetime.datetime(2024, 3, 5, 8, 30), form) == shown


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ('[DBNum1][$-804]yyyy"年"m"月"d"日";@', "二〇二四年三月十五日"),
        ('[DBNum2]yyyy"年"m"月"', "贰零贰肆年叁月"),
        ('[$-804]yyyy"年"m"月"d"日"', "2024年3月15日"),
    ],
)
def test_a_date_is_written_in_the_numerals_of_its_format(form: str, shown: str) -> None:
    assert shown_date(datetime.date(2024, 3, 15), form) == shown


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (datetime.time(0, 3, 25), "mm:ss", "03:25"),
        (datetime.time(9, 5), "h:mm", "09:05"),
        (datetime.time(9, 5, 7), "h:mm:ss", "09:05:07"),
        (datetime.time(14, 30), "h:mm AM/PM", "2:30 PM"),
        (datetime.time(0, 5), "hh:mm AM/PM", "12:05 AM"),
        (datetime.time(14, 30), '[$-804]AM/PM h"时"mm"分"', "下午2时30分"),
        (datetime.time(9, 5), "上午/下午h:mm", "上午9:05"),
        (datetime.time(12, 0), "h AM/PM", "12 PM"),
        (datetime.time(9, 5), 'h"时"mm"分"', "9时05分"),
        (datetime.time(9, 0), 'h"时"', "9时"),
        (datetime.time(9, 0), "General", "09:00"),
        (datetime.timedelta(hours=26, minutes=5), "[h]:mm", "26:05"),
        (datetime.timedelta(hours=1, minutes=5, seconds=9), "[mm]:ss", "65:09"),
    ],
)
def test_a_time_is_written_with_the_parts_that_its_sheet_shows(
    value: datetime.time | datetime.timedelta, form: str, shown: str
) -> None:
    assert shown_time(value, form) == shown


@pytest.mark.parametrize("suffix", [suffix for suffix in MAKERS if suffix not in (".md", ".txt", ".csv", ".html")])
def test_a_truncated_file_is_a_reason(suffix: str) -> None:
    content = MAKERS[suffix]()
    with pytest.raises(FileProblem, match="[。；，]"):
        converted(suffix, content[: len(content) // 3])


def test_loaders_say_what_made_a_document() -> None:
    assert LOADERS[".pdf"].identity.startswith("pdf-26 pypdfium2-5")


@pytest.mark.long
def test_formatted_cells_far_below_the_values_are_no_rows() -> None:
    def fill(workbook: Any) -> None:
        workbook.active.cell(1_048_000, 1).font = Font(bold=True)

    assert "项目：华峰产业园" in convert("表.xlsx", office_files.xlsx_file(fill), DEFAULT_BUDGET).text

    def more(workbook: Any) -> None:
        workbook.active.cell(1_048_000, 1).value = "末行"

    with pytest.raises(Quarantined, match="万行"):
        convert("表.xlsx", office_files.xlsx_file(more), DEFAULT_BUDGET)


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("于 2024 年 6 月 12 日", "于2024年6月12日"),
        ("（2025 年 1 月 8 日）", "（2025年1月8日）"),
        ("不超过 1 小时", "不超过1小时"),
        ("4800 元", "4800元"),
        ("共 3 个 PET 项目", "共3个PET项目"),
        ("180 立方米以下", "180立方米以下"),
        ("2024 版政策", "2024版政策"),
        # A single space was typed.
        ("表1 便民中心", "表1 便民中心"),
        ("图2 人员名单", "图2 人员名单"),
        ("1 总则", "1 总则"),
        ("A 区", "A 区"),
    ],
)
def test_gaps_that_pages_show_around_figures_are_no_spaces(shown: str, read: str) -> None:
    assert without_gaps(shown) == read


def test_lines_of_an_item_that_hang_below_its_words_belong_to_it() -> None:
    full = "举办专场招聘会十四场，其中乡镇巡回招聘会九场；零工市场建成一个，另一个因选"
    lines = [(60.0, "1. " + full), (78.0, "址未定没有动工。"), (60.0, "2. 新增结对学校六对，结对学校达到二十三对。")]
    indented = [
        (84.0, "第一段只有这一整行文字而且正好写到页面右边为止所以它看起来像是没有写完的一行。"),
        (84.0, "第二段另起。"),
    ]
    placed = [(x, 700.0 - 20 * number, text) for number, (x, text) in enumerate([*lines, *indented])]
    document = converted(".pdf", office_files.placed_pdf([(60.0, 740.0, "工作总结"), *placed]))
    assert f"1. {full}址未定没有动工。\n\n2. 新增" in document.text
    assert "没有写完的一行。\n\n第二段另起。" in document.text


def test_a_title_in_lines_far_apart_is_one_and_ends_with_the_kind_of_document() -> None:
    lines = [
        "青川县民政局",
        "关于调整2025年度残疾人护理补贴发放标准的通知",
        "各镇政府、街道办事处：",
        "有关事项通知如下。",
    ]
    placed = [(60.0, 740.0 - 30 * number, text) for number, text in enumerate(lines)]
    document = converted(".pdf", office_files.placed_pdf(placed))
    assert document.title == "青川县民政局关于调整2025年度残疾人护理补贴发放标准的通知"
    assert "通知\n\n各镇政府" in document.text
