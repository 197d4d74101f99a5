"""Word files with other files inside, SmartArt, strict names; and what is said of what cannot be read."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm
from lxml import etree

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders.parts.office.drawings import diagram_lines
from corpus.loaders.parts.office.word.numerals import numeral
from tests.corpus.visible.samples.word_samples import _NAMES
from tests.support.files import office_files


def read(document: Any) -> Document:
    buffer = io.BytesIO()
    document.save(buffer)
    return convert("文件.docx", buffer.getvalue(), DEFAULT_BUDGET)


def inner_word() -> bytes:
    document: Any = docx.Document()
    buffer = io.BytesIO()
    document.add_paragraph("内层文件的一段。")
    document.save(buffer)
    return buffer.getvalue()


_ARCHIVE = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "<html><body><p>存档的一段。</p></body></html>\r\n--b--\r\n"
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.html", "<meta charset=utf-8><p>网页的一段。</p>".encode(), "网页的一段。"),
        ("a.txt", "文本的一段。".encode(), "文本的一段。"),
        ("a.docx", inner_word(), "内层文件的一段。"),
        ("a.mht", _ARCHIVE.encode(), "存档的一段。"),
    ],
)
def test_an_inserted_part_is_read_in_its_place(name: str, content: bytes, words: str) -> None:
    document = with_chunk(name, content)
    assert document.text.split() == ["前一段。", words, "后一段。"]
    assert document.remark == ""


def test_an_inserted_part_that_cannot_be_read_is_a_remark() -> None:
    document = with_chunk("a.rtf", b"{\\rtf1 hidden}")
    assert document.text.split() == ["前一段。", "后一段。"]
    assert "RTF" in document.remark and "另存为.docx" in document.remark


def test_an_inserted_part_within_a_table_is_read_after_it_or_told() -> None:
    page, rich = "<meta charset=utf-8><p>格内网页。</p>".encode(), b"{\\rtf1 hidden}"
    words = ["事项：登记；时限：三日。", "格内网页。", "后一段。"]
    document = with_chunk("a.html", page, in_table=True)
    assert (document.text.split()[1:], document.remark) == (words, "")
    document = with_chunk("a.rtf", rich, in_table=True)
    assert document.text.split()[1:] == [words[0], words[2]]
    assert "RTF" in document.remark


def with_chunk(name: str, content: bytes, *, in_table: bool = False) -> Document:
    document: Any = docx.Document()
    document.add_paragraph("前一段。")
    part = Part(PackURI(f"/word/{name}"), "application/octet-stream", content, document.part.package)
    identity = document.part.relate_to(
        part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
    )
    chunk = parse_xml(f"<w:altChunk {_NAMES} r:id='{identity}'/>")
    if in_table:
        table = document.add_table(rows=2, cols=2)
        for place, text in enumerate(("事项", "时限", "登记", "三日")):
            table.cell(*divmod(place, 2)).text = text
        table.cell(1, 1)._tc.append(chunk)
    else:
        document.element.body.insert(1, chunk)
    document.add_paragraph("后一段。")
    return read(document)


def test_large_pictures_are_a_remark_and_small_ones_are_not() -> None:
    picture = io.BytesIO(office_files.image_file(size=(200, 200)))
    document: Any = docx.Document()
    document.add_paragraph("正文。")
    document.add_picture(picture, width=Cm(3))
    assert read(document).remark == ""
    document.add_picture(picture, width=Cm(12))
    assert read(document).remark.startswith("有1张大图片")


def smart_art(points: dict[int, str], *links: tuple[int, int]) -> Any:
    """Return the data of SmartArt: points with their words, and links from a point to one below it, in order."""
    names = (
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    written = "".join(
        f"<dgm:pt modelId='{number}'{kind}><dgm:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for number, kind, words in [(1, " type='doc'", ""), *((number, "", words) for number, words in points.items())]
    )
    unseen = "<dgm:pt modelId='99' type='pres'><dgm:t><a:p><a:r><a:t>密样式</a:t></a:r></a:p></dgm:t></dgm:pt>"
    joined = "".join(
        f"<dgm:cxn srcId='{above}' destId='{below}' srcOrd='{order}'/>" for order, (above, below) in enumerate(links)
    )
    inside = f"<dgm:ptLst>{written}{unseen}</dgm:ptLst><dgm:cxnLst>{joined}</dgm:cxnLst>"
    return etree.fromstring(f"<dgm:dataModel {names}>{inside}</dgm:dataModel>")


def test_smart_art_is_read_from_the_top_of_its_tree_with_each_leaf_behind_what_it_is_of() -> None:
    data = smart_art({3: "受理", 2: "申请", 5: "材料", 6: "照片"}, (1, 2), (1, 3), (2, 5), (2, 6))
    assert diagram_lines(data) == ["申请：材料；照片", "受理"]


def test_a_branch_of_smart_art_that_has_branches_itself_stands_on_a_line_of_its_own() -> None:
    data = smart_art({2: "镇政府", 3: "党政办", 4: "文书", 5: "农业办"}, (1, 2), (2, 3), (3, 4), (2, 5))
    assert diagram_lines(data) == ["镇政府", "党政办：文书", "农业办"]


def test_strict_open_xml_is_read() -> None:
    strict = {
        name: part.replace(b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/").replace(
            b"/2006/", b"/"
        )
        if name.startswith("word/document") or name.endswith("_rels/.rels")
        else part
        for name, part in office_files.unzipped(office_files.docx_file()).items()
    }
    assert office_files.SENTENCES[0] in convert("文件.docx", office_files.zip_file(strict), DEFAULT_BUDGET).text


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [
        (10, "chineseCounting", "十"),
        (23, "chineseCountingThousand", "二十三"),
        (105, "chineseCountingThousand", "一百零五"),
        (1198, "chineseCountingThousand", "一千一百九十八"),
        (10_010, "chineseCountingThousand", "一万零一十"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "decimalEnclosedCircle", "③"),
        (28, "lowerLetter", "bb"),
        (1994, "upperRoman", "MCMXCIV"),
        (12, "ideographTraditional", "乙"),
        (7, "decimalZero", "07"),
        (5, "unknown", "5"),
    ],
)
def test_numbers_are_written_as_word_writes_them(number: int, form: str, written: str) -> None:
    assert numeral(number, form) == written


def outlined(document: Any, text: str) -> None:
    level = parse_xml(f"<w:outlineLvl {_NAMES} w:val='0'/>")
    document.add_paragraph(text)._p.get_or_add_pPr().append(level)


def headings(document: Document) -> list[str]:
    return [heading.span.of(document.text) for heading in document.headings]


def test_a_centred_line_above_numbered_headings_is_the_title() -> None:
    document: Any = docx.Document()
    document.add_paragraph("河道保洁管理规定").alignment = 1
    outlined(document, "第一章 总则")
    document.add_paragraph("乡镇每周巡查不少于两次。")
    outlined(document, "第二章 职责")
    document.add_paragraph("巡查应当留痕。")
    found = read(document)
    assert found.title == "河道保洁管理规定"
    assert headings(found) == ["河道保洁管理规定", "第一章 总则", "第二章 职责"]


@pytest.mark.parametrize("heading", ["附件1　申领问答", "附件：申领问答", "附录一 申领问答"])
def test_a_centred_line_above_the_headings_of_annexes_is_the_title(heading: str) -> None:
    document: Any = docx.Document()
    document.add_paragraph("区民政局关于发放冬令物资的通知").alignment = 1
    document.add_paragraph("各街道：现将申领问答印发给你们。")
    outlined(document, heading)
    document.add_paragraph("凭身份证领取。")
    assert read(document).title == "区民政局关于发放冬令物资的通知"


def test_a_centred_line_above_a_heading_without_a_number_is_not_the_title() -> None:
    document: Any = docx.Document()
    document.add_paragraph("云溪县民政局").alignment = 1
    outlined(document, "高龄津贴发放办法")
    document.add_paragraph("年满八十周岁的可以申请。")
    assert read(document).title == "高龄津贴发放办法"


def test_the_lines_of_a_table_of_contents_head_nothing() -> None:
    document: Any = docx.Document()
    document.add_paragraph("采购公告").alignment = 1
    begin, end = (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r>",
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
    )
    for text in (f"{begin}<w:r><w:t>一、项目概况</w:t><w:tab/><w:t>1</w:t></w:r>",
                 f"<w:r><w:t>二、报名方式</w:t><w:tab/><w:t>3</w:t></w:r>{end}"):  # fmt: skip
        document.element.body.insert(-1, parse_xml(f"<w:p {_NAMES}>{text}</w:p>"))
    for words in ("一、项目概况", "预算金额38万元。", "二、报名方式", "现场报名。"):
        document.add_paragraph(words)
    found = read(document)
    assert "一、项目概况 1" in found.text
    assert headings(found) == ["采购公告", "一、项目概况", "二、报名方式"]


_WHITE = "<w:color w:val='FFFFFF' w:themeColor='background1'/>"
_BY_WPS = (
    "<w14:textFill xmlns:w14='http://schemas.microsoft.com/office/word/2010/wordml'><w14:solidFill>"
    "<w14:schemeClr w14:val='{}'/></w14:solidFill></w14:textFill>"
)


def white(*, look: str = "", change: Callable[[Any], None] = lambda document: None) -> str:
    """What is read of a file whose second sentence is white, with a look of its own besides."""
    document: Any = docx.Document()
    document.add_paragraph("黑字一句。")
    body = f"<w:p {_NAMES}><w:r><w:rPr>{_WHITE}{look}</w:rPr><w:t>白字一句。</w:t></w:r></w:p>"
    document.element.body.insert(1, parse_xml(body))
    change(document)
    return read(document).text


@pytest.mark.parametrize("look", ["", _BY_WPS.format("bg1"), "<w:b/>", "<w:highlight w:val='none'/>"])
def test_white_type_on_paper_is_not_read(look: str) -> None:
    assert white(look=look).split() == ["黑字一句。"]


def _page_colour(document: Any) -> None:
    document.element.insert(0, parse_xml(f"<w:background {_NAMES} w:color='1F3864'/>"))


def _header_picture(document: Any) -> None:
    paragraph = document.sections[0].header.paragraphs[0]._p
    paragraph.append(parse_xml(f"<w:r {_NAMES}><w:pict><v:rect style='width:600pt;height:900pt'/></w:pict></w:r>"))


def _picture_below(document: Any) -> None:
    shape = "<w:r {}><w:pict><v:rect style='position:absolute;z-index:-251658240'/></w:pict></w:r>"
    document.paragraphs[0]._p.append(parse_xml(shape.format(_NAMES)))


def _in_a_table_of_a_dark_style(document: Any) -> None:
    style = "<w:style {} w:type='table' w:styleId='Dark'><w:tblStylePr w:type='firstRow'><w:tcPr><w:shd w:val='clear' "
    style += "w:fill='1F3864'/></w:tcPr></w:tblStylePr></w:style>"
    document.styles.element.append(parse_xml(style.format(_NAMES)))
    table = document.add_table(rows=2, cols=2)
    table._tbl.tblPr.insert(0, parse_xml(f"<w:tblStyle {_NAMES} w:val='Dark'/>"))
    table.cell(0, 0)._tc.append(document.paragraphs[1]._p)


@pytest.mark.parametrize("change", [_page_colour, _header_picture, _picture_below, _in_a_table_of_a_dark_style])
def test_white_type_is_read_where_its_ground_is_not_certain(change: Callable[[Any], None]) -> None:
    assert "白字一句" in white(change=change)


@pytest.mark.parametrize("look", [_BY_WPS.format("accent1"), "<w:outline/>", "<w:shd w:val='pct50' w:fill='FFFFFF'/>"])
def test_white_type_with_an_edge_or_ground_of_its_own_is_read(look: str) -> None:
    assert "白字一句" in white(look=look)


def test_a_watermark_in_the_header_is_not_the_title_and_a_header_of_words_is() -> None:
    mark = f'<w:p {_NAMES}><w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r></w:p>'

    def titled(header: str) -> str:
        document: Any = docx.Document()
        document.add_paragraph("窗口周一至周五开放，节假日不开放。")
        document.sections[0].header.is_linked_to_previous = False
        document.sections[0].header._element.append(parse_xml(header))
        return read(document).title

    assert titled(mark) == "文件"
    assert titled(f"<w:p {_NAMES}><w:r><w:t>内部资料</w:t></w:r></w:p>") == "内部资料"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["云 溪 县 民 政 局", "云民发〔2025〕12号", "关于做好冬季取暖工作的通知"], "关于做好冬季取暖工作的通知"),
        (["云溪县人大常委会公告", "第12号", "云溪县养犬管理条例"], "云溪县养犬管理条例"),
    ],
)
def test_centred_lines_above_and_with_the_number_are_no_part_of_the_title(lines: list[str], title: str) -> None:
    document: Any = docx.Document()
    for line in lines:
        document.add_paragraph(line).alignment = 1
    document.add_paragraph("各乡镇人民政府：")
    document.add_paragraph("现将有关事项通知如下。")
    assert read(document).title == title


def _fill(table: Any, *rows: str) -> None:
    for row, words in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, words.split("|"), strict=True):
            cell.text = text


def test_tables_in_the_cells_of_one_that_arranges_them_stand_below_their_own_headings() -> None:
    def fill(document: Any) -> None:
        outer = document.add_table(rows=1, cols=2)
        for cell, head, row in zip(
            outer.rows[0].cells, ("东厅", "西厅"), ("1号|社保|3天", "2号|户籍|5天"), strict=True
        ):
            cell.text = head
            _fill(cell.add_table(rows=2, cols=3), "窗口|事项|时限", row)

    text = convert("甲.docx", office_files.docx_file(fill), DEFAULT_BUDGET).text
    assert "东厅\n\n窗口：1号；事项：社保；时限：3天。\n\n西厅\n\n窗口：2号；事项：户籍；时限：5天。" in text


def test_a_table_in_one_cell_of_another_is_called_by_the_name_of_its_row() -> None:
    def fill(document: Any) -> None:
        outer = document.add_table(rows=2, cols=2)
        _fill(outer, "名称|渔业协会", "会费标准|自三月起收取，新会员减半。")
        _fill(outer.cell(1, 1).add_table(rows=2, cols=3), "会员|金额|期限", "个人|20元|一年")

    text = convert("甲.docx", office_files.docx_file(fill), DEFAULT_BUDGET).text
    assert "会费标准\n会员：个人；金额：20元；期限：一年。" in text
