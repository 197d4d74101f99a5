"""Word files with one thing each that is easily lost or wrongly read; hidden words begin with 密."""
# ruff: noqa: E501  # lines of XML

import io
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"


def _p(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"
    )


def _listed(text: str, level: int = 0, number: int = 50) -> str:
    return _p(text, f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>")


def _field(code: str, result: str) -> str:
    return (
        f"<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText xml:space='preserve'>{code}</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>{result}</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )


def _sign(font: str, code: str, words: str) -> str:
    return f"<w:p><w:r><w:sym w:font='{font}' w:char='{code}'/></w:r><w:r><w:t>{words}</w:t></w:r></w:p>"


def _box(content: str) -> str:
    return (
        "<w:p><w:r><w:t>框外的一行。</w:t></w:r><w:r><w:pict><v:rect style='width:200pt;height:60pt'><v:textbox>"
        f"<w:txbxContent>{content}</w:txbxContent></v:textbox></v:rect></w:pict></w:r></w:p>"
    )


_TABLE = (
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='4000'/><w:gridCol w:w='4000'/></w:tblGrid>"
    "<w:tr><w:tc><w:p><w:r><w:t>事项</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>时限</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>"
)

_WHITE = "<w:color w:val='FFFFFF'/>"
_DARK_CELL = "<w:tc><w:tcPr><w:shd w:val='clear' w:color='auto' w:fill='404040'/></w:tcPr>"
_DARK_TABLE = "<w:tblPr><w:tblStyle w:val='DarkTable'/></w:tblPr>"

# The lists: 50 第N条 with （一） below, 51 一、（一）1.（1）, 52 1. 1.1 1.1.1, 53 goes on with 50's count, 54 restarts it.
_LEVELS: Mapping[int, tuple[tuple[str, str], ...]] = {
    50: (("chineseCountingThousand", "第%1条"), ("chineseCounting", "（%2）")),
    51: (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."), ("decimal", "（%4）")),
    52: (("decimal", "%1."), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3")),
    55: (("upperRoman", "%1."), ("lowerLetter", "%2)"), ("decimalEnclosedCircle", "%3")),
    56: (("ideographTraditional", "%1、"), ("upperLetter", "%2."), ("lowerRoman", "%3.")),
}


def _numbering() -> str:
    abstract = "".join(
        f"<w:abstractNum w:abstractNumId='{number}'><w:multiLevelType w:val='multilevel'/>"
        + "".join(
            f"<w:lvl w:ilvl='{level}'><w:start w:val='1'/><w:numFmt w:val='{kind}'/><w:suff w:val='space'/>"
            f"<w:lvlText w:val='{text}'/></w:lvl>"
            for level, (kind, text) in enumerate(levels)
        )
        + "</w:abstractNum>"
        for number, levels in _LEVELS.items()
    )
    lists = "".join(f"<w:num w:numId='{n}'><w:abstractNumId w:val='{n}'/></w:num>" for n in _LEVELS)
    restart = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride>"
    lists += "<w:num w:numId='53'><w:abstractNumId w:val='50'/></w:num>"
    lists += f"<w:num w:numId='54'><w:abstractNumId w:val='50'/>{restart}</w:num>"
    return f"<w:numbering {_NAMES}>{abstract}{lists}</w:numbering>"


_BODIES: Mapping[str, str] = {
    "plain": _p("办事指南如下。") + _p("窗口周一至周五开放。"),
    "articles": _listed("为了规范，制定本办法。") + _listed("适用于本县。") + _listed("学校；", 1) + _listed("医院。", 1)
    + _listed("自公布之日起施行。"),
    "official_levels": _listed("总体要求", 0, 51) + _listed("基本原则", 1, 51) + _listed("便民。", 2, 51)
    + _listed("一次办好。", 3, 51) + _listed("高效。", 2, 51) + _listed("组织实施", 0, 51) + _listed("分工", 1, 51),
    "decimal_levels": _listed("范围", 0, 52) + _listed("适用对象。", 1, 52) + _listed("老人。", 2, 52)
    + _listed("儿童。", 2, 52) + _listed("术语", 0, 52) + _listed("低保。", 1, 52),
    "roman_and_letters": _listed("甲类", 0, 55) + _listed("一档", 1, 55) + _listed("二档", 1, 55)
    + _listed("细目", 2, 55) + _listed("乙类", 0, 55),
    "stems": _listed("东区", 0, 56) + _listed("街道", 1, 56) + _listed("社区", 2, 56) + _listed("西区", 0, 56),
    "lists_that_go_on": _listed("甲。") + _listed("乙。", 0, 53) + _listed("丙。"),
    "lists_that_restart": _listed("甲。") + _listed("乙。") + _listed("丙。", 0, 54) + _listed("丁。", 0, 54),
    "many_articles": "".join(_listed(f"内容甲{number}。") for number in range(1, 24)),
    "a_deleted_item_is_not_counted": _listed("甲。")
    + "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='50'/></w:numPr><w:rPr><w:del w:id='1' w:author='a'/></w:rPr>"
    "</w:pPr><w:del w:id='2' w:author='a'><w:r><w:delText>密删去。</w:delText></w:r></w:del></w:p>" + _listed("丙。"),
    "numbers_in_tables": _TABLE.format(_listed("登记。") + _listed("年检。"), _p("三日")) + _listed("以后继续。"),
    "hidden_run": _p("看得见。") + _p("密看不见。", run="<w:vanish/>"),
    "hidden_by_style": _p("看得见。") + _p("密样式隐藏。", run="<w:rStyle w:val='Unseen'/>"),
    "hidden_paragraph_style": _p("看得见。") + _p("密整段隐藏。", "<w:pStyle w:val='UnseenParagraph'/>"),
    "shown_again": _p("看得见。") + _p("又显示。", "<w:pStyle w:val='UnseenParagraph'/>", "<w:vanish w:val='0'/>"),
    "revisions": "<w:p><w:r><w:t>每月</w:t></w:r><w:del w:id='3' w:author='a'><w:r><w:delText>密五十元</w:delText></w:r></w:del>"
    "<w:ins w:id='4' w:author='a'><w:r><w:t>八十元</w:t></w:r></w:ins></w:p>",
    "moved": "<w:p><w:moveFrom w:id='5' w:author='a'><w:r><w:t>密移走的。</w:t></w:r></w:moveFrom><w:r><w:t>留下的。</w:t></w:r></w:p>"
    "<w:p><w:moveTo w:id='6' w:author='a'><w:r><w:t>移来的。</w:t></w:r></w:moveTo></w:p>",
    "box": _box(_p("框内一句。")),
    "box_with_list": _box(_listed("框内第一。") + _listed("框内第二。")),
    "box_in_table": _TABLE.format(_box(_p("表内框中。")), _p("当日")),
    "new_box": "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><wp:extent cx='2000000' "
    "cy='500000'/><wp:docPr id='9' name='b'/><a:graphic><a:graphicData "
    "uri='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'><wps:wsp><wps:cNvSpPr txBox='1'/><wps:spPr>"
    "<a:xfrm><a:off x='0' y='0'/><a:ext cx='2000000' cy='500000'/></a:xfrm><a:prstGeom prst='rect'><a:avLst/></a:prstGeom>"
    f"</wps:spPr><wps:txbx><w:txbxContent>{_p('新式框内。')}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData>"
    "</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape style='width:99pt;height:40pt'><v:textbox>"
    f"<w:txbxContent>{_p('新式框内。')}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
    "</w:r></w:p>",
    "control": f"<w:sdt><w:sdtPr/><w:sdtContent>{_p('控件里的一段。')}</w:sdtContent></w:sdt>",
    "control_in_line": "<w:p><w:r><w:t>姓名：</w:t></w:r><w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>王某</w:t></w:r></w:sdtContent>"
    "</w:sdt></w:p>",
    "row_in_control": _TABLE.format(_p("补办"), f"<w:sdt><w:sdtPr/><w:sdtContent>{_p('五日')}</w:sdtContent></w:sdt>"),
    "ticked_symbols": _sign("Wingdings", "F0FE", "同意") + _sign("Wingdings", "F0A8", "不同意")
    + _sign("Wingdings 2", "F052", "已办") + _sign("Wingdings 2", "F0A3", "未办"),
    "form_boxes": "".join(
        f"<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='{ticked}'/></w:checkBox></w:ffData>"
        "</w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
        f"<w:r><w:t>{words}</w:t></w:r></w:p>"
        for ticked, words in ((1, "城镇户口"), (0, "农村户口"))
    ),
    "field": "<w:p><w:bookmarkStart w:id='9' w:name='_Ref1'/><w:r><w:t>第三条</w:t></w:r><w:bookmarkEnd w:id='9'/></w:p>"
    f"<w:p><w:r><w:t>依据</w:t></w:r>{_field('REF _Ref1 ', '第三条')}<w:r><w:t>办理。</w:t></w:r></w:p>",
    "field_code_is_hidden": f"<w:p>{_field('DOCPROPERTY 密属性 ', '公开的值')}</w:p>",
    "link": "<w:p><w:hyperlink w:anchor='a'><w:r><w:t>查看附件说明</w:t></w:r></w:hyperlink></w:p>",
    "breaks": "<w:p><w:r><w:t>第一行</w:t><w:br/><w:t>第二行</w:t><w:tab/><w:t>同行</w:t></w:r></w:p>",
    "no_break_hyphen": "<w:p><w:r><w:t>023</w:t><w:noBreakHyphen/><w:t>62310000</w:t></w:r></w:p>",
    "centred_title": _p("关于开展登记的通知", "<w:jc w:val='center'/>") + _p("各村：") + _p("现通知如下。"),
    "spaced_title": _p("通　知", "<w:jc w:val='center'/>") + _p("明天停水。"),
    "red_head": _p("云溪县人民政府文件", "<w:jc w:val='center'/>") + _p("云府发〔2025〕8号", "<w:jc w:val='center'/>")
    + _p("关于印发办法的通知", "<w:jc w:val='center'/>") + _p("各乡镇人民政府："),
    "contents": _p("目　录", "<w:jc w:val='center'/>") + _p("第一章 总则……1") + _p("实施细则", "<w:jc w:val='center'/>")
    + _p("本细则自今日起施行。"),
    "nested_table": _TABLE.format(_TABLE.format(_p("内层"), _p("两日")) + _p("外层"), _p("四日")),
    "deleted_row": _TABLE.format(_p("留着"), _p("一日")).replace(
        "</w:tbl>",
        "<w:tr><w:trPr><w:del w:id='7' w:author='a'/></w:trPr>"
        + "<w:tc><w:p><w:del w:id='8' w:author='a'><w:r><w:delText>密去掉</w:delText></w:r></w:del></w:p></w:tc>" * 2
        + "</w:tr></w:tbl>",
    ),
    "white_type": _p("看得见。") + _p("密白字。", run=_WHITE) + _p("密近白。", run="<w:color w:val='FCFDFC'/>")
    + _p("密白底。", run=_WHITE + "<w:shd w:val='clear' w:fill='FFFFFF'/>") + _p("密样式白字。", run="<w:rStyle w:val='White'/>")
    + _p("密段落样式。", "<w:pStyle w:val='WhiteParagraph'/>") + _TABLE.format(_p("密格中", run=_WHITE), _p("三日"))
    + _p("密同色。", "<w:shd w:val='clear' w:fill='1F3864'/>", "<w:color w:val='1F3864'/>"),
    "white_type_on_a_colour": _p("黑段白字。", "<w:shd w:val='clear' w:fill='1F3864'/>", _WHITE)
    + _p("黑底白字。", run=_WHITE + "<w:highlight w:val='black'/>")
    + _p("样式底色。", run="<w:rStyle w:val='White'/><w:shd w:val='clear' w:fill='800000'/>")
    + _p("段落样式改色。", "<w:pStyle w:val='WhiteParagraph'/>", "<w:color w:val='auto'/>")
    + _TABLE.format(_p("深格白字", run=_WHITE), _p("浅格黑字")).replace("<w:tc>", _DARK_CELL)
    + _TABLE.format(_p("表格底色", run=_WHITE), _p("一日", run=_WHITE)).replace("<w:tblPr/>", _DARK_TABLE)
    .replace("<w:t>事项", "<w:t>名称"),
    "small_type": _p("小字说明。", run="<w:sz w:val='10'/>"),
    "struck": _p("船票每位", run="<w:strike w:val='0'/>") + _p("三十元", run="<w:strike/>") + _p("四十元。"),
}  # fmt: skip


def _style(kind: str, name: str, properties: str) -> str:
    return f"<w:style {_NAMES} w:type='{kind}' w:styleId='{name}'><w:name w:val='{name}'/>{properties}</w:style>"


_STYLES = (
    _style("character", "Unseen", "<w:rPr><w:vanish/></w:rPr>"),
    _style("paragraph", "UnseenParagraph", "<w:rPr><w:vanish/></w:rPr>"),
    _style("character", "White", f"<w:rPr>{_WHITE}</w:rPr>"),
    _style("paragraph", "WhiteParagraph", f"<w:rPr>{_WHITE}</w:rPr>"),
    _style("table", "DarkTable", "<w:tcPr><w:shd w:val='clear' w:fill='203864'/></w:tcPr>"),
)


def word_samples() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name and maker of each file."""
    for name, body in _BODIES.items():
        yield name, partial(_file, body)
    for kind in ("footnote", "endnote"):
        yield f"{kind}s", partial(_with_notes, kind)
    yield "headers", partial(_with_headers, first=False)
    yield "other_header_on_first_page", partial(_with_headers, first=True)
    yield "comment", _with_comment


def _file(body: str) -> bytes:
    return _saved(_document(body))


def _document(body: str) -> Any:
    document: Any = docx.Document()
    for style in _STYLES:
        document.styles.element.append(parse_xml(style))
    # Otherwise LibreOffice prints what was deleted, struck through.
    document.settings.element.insert(0, parse_xml(f"<w:revisionView {_NAMES} w:markup='0' w:insDel='0'/>"))
    numbering = document.part.numbering_part
    numbering._element = parse_xml(_numbering())
    for block in parse_xml(f"<w:body {_NAMES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, block)
    return document


def _with_notes(kind: str) -> bytes:
    document = _document(
        f"<w:p><w:r><w:t>每月发放二百元</w:t></w:r><w:r><w:{kind}Reference w:id='2'/></w:r><w:r><w:t>，按季领取。</w:t></w:r></w:p>"
        + _p("其他事项另行通知。")
    )
    notes = (
        f"<w:{kind}s {_NAMES}><w:{kind} w:type='separator' w:id='0'><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>"
        f"<w:{kind} w:id='2'>{_p('户籍不在本县的除外。')}</w:{kind}></w:{kind}s>"
    )
    _attach(document, kind, notes)
    return _saved(document)


def _with_comment() -> bytes:
    document = _document("<w:p><w:r><w:t>正文一句。</w:t></w:r><w:r><w:commentReference w:id='0'/></w:r></w:p>")
    _attach(
        document,
        "comment",
        f"<w:comments {_NAMES}><w:comment w:id='0' w:author='a'>{_p('密批注。')}</w:comment></w:comments>",
    )
    return _saved(document)


def _attach(document: Any, kind: str, xml: str) -> None:
    part = Part(PackURI(f"/word/{kind}s.xml"), _FOOTNOTES.format(f"{kind}s"), xml.encode(), document.part.package)
    document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind}s".upper()))


def _with_headers(*, first: bool) -> bytes:
    over = "<w:p><w:r><w:br w:type='page'/><w:t>第二页的字。</w:t></w:r></w:p>" if first else ""
    document = _document(_p("正文第一段，说明事项。") + over)
    section = document.sections[0]
    section.header.paragraphs[0].text = "其他各页页眉" if first else "云溪县办事指南"
    section.footer.paragraphs[0].text = "其他各页页脚" if first else "咨询窗口在一楼"
    if first:
        section.different_first_page_header_footer = True
        section.first_page_header.paragraphs[0].text = "首页页眉文字"
        section.first_page_footer.paragraphs[0].text = "首页页脚文字"
    return _saved(document)


def _saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
