"""Flat OpenDocument files, from which LibreOffice itself makes office files; hidden words begin with 密."""
# ruff: noqa: E501  # lines of XML

from collections.abc import Iterator, Mapping

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}"'
    for prefix, name in (
        ("office", "office:1.0"),
        ("text", "text:1.0"),
        ("table", "table:1.0"),
        ("style", "style:1.0"),
        ("draw", "drawing:1.0"),
        ("fo", "xsl-fo-compatible:1.0"),
        ("svg", "svg-compatible:1.0"),
        ("presentation", "presentation:1.0"),
    )
)
_STYLES = (
    '<style:style style:name="Unseen" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." '
    'style:num-suffix="、"/></text:list-style>'
    '<style:style style:name="Away" style:family="table-row"><style:table-row-properties style:row-height="0.5cm"/></style:style>'
    '<style:style style:name="Off" style:family="table"><style:table-properties table:display="false"/></style:style>'
    '<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout>'
)  # fmt: skip


def _p(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def _cells(*values: str) -> str:
    cells = "".join(f'<table:table-cell office:value-type="string">{_p(value)}</table:table-cell>' for value in values)
    return cells


def _row(*values: str, more: str = "") -> str:
    return f"<table:table-row{more}>{_cells(*values)}</table:table-row>"


def _table(name: str, *rows: str, more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}><table:table-column table:number-columns-repeated="2"/>{"".join(rows)}</table:table>'


def _frame(words: str, y: int, more: str = "") -> str:
    place = f'svg:x="2cm" svg:y="{y}cm" svg:width="20cm" svg:height="2cm"'
    return f"<draw:frame {place}{more}><draw:text-box>{_p(words)}</draw:text-box></draw:frame>"


_NOTE = (
    '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body>'
    "</text:note>"
)
_WRITER: Mapping[str, str] = {
    "paragraphs": _p("办事指南如下。") + _p("窗口周一至周五开放，节假日休息。"),
    "hidden_words": _p('看得见的一句。<text:span text:style-name="Unseen">密看不见。</text:span>'),
    "footnote": _p("每月发放二百元" + _NOTE.format(_p("户籍不在本县的除外。")) + "，按季领取。"),
    "numbered": '<text:list text:style-name="L">'
    + "".join(f"<text:list-item>{_p(words)}</text:list-item>" for words in ("总体要求", "基本原则", "组织实施"))
    + "</text:list>",
    "table": _p("收费标准如下。") + _table("甲", _row("事项", "时限"), _row("登记", "三日"), _row("年检", "五日")),
    "comment": _p("正文一句。<office:annotation>" + _p("密批注。") + "</office:annotation>还有半句。"),
    "frame": _p("框外的一行。") + _p(_frame("框内的一句。", 4, ' text:anchor-type="paragraph"')),
}
_CALC: Mapping[str, str] = {
    "sheet": _table("公开表", _row("小区", "套数"), _row("桂花苑", "320"), _row("松柏苑", "180")),
    "hidden_row": _table(
        "公开表", _row("小区", "套数"), _row("桂花苑", "320"), _row("密行", "1", more=' table:visibility="collapse"')
    ),
    "hidden_sheet": _table("公开表", _row("小区", "套数"), _row("桂花苑", "320"))
    + _table("密表", _row("密甲", "密乙"), more=' table:style-name="Off"'),
}
_IMPRESS: Mapping[str, str] = {
    "slide": f'<draw:page draw:name="甲" draw:master-page-name="M">{_frame("办事流程", 2)}{_frame("先登记，再领证。", 6)}</draw:page>',
    "slide_notes": f'<draw:page draw:name="甲" draw:master-page-name="M">{_frame("公开的内容。", 2)}'
    f"<presentation:notes>{_frame('密讲稿。', 2)}</presentation:notes></draw:page>",
}
_KINDS = {"text": (_WRITER, ".fodt", ".docx"), "spreadsheet": (_CALC, ".fods", ".xlsx")} | {
    "presentation": (_IMPRESS, ".fodp", ".pptx")
}


def flat_samples() -> Iterator[tuple[str, str, bytes]]:
    """Yield the name of each flat file, the suffix of the office file to be made, and the flat file's content."""
    for kind, (bodies, suffix, made) in _KINDS.items():
        for name, body in bodies.items():
            yield f"made_{name}{suffix}", made, _file(kind, body)


def _file(kind: str, body: str) -> bytes:
    master = (
        '<office:master-styles><style:master-page style:name="M" style:page-layout-name="P"/></office:master-styles>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:version="1.3" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}"><office:automatic-styles>{_STYLES}'
        f"</office:automatic-styles>{master}<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()
