"""OFD: characters in their places become lines, columns, tables and pages; what does not show is not read."""

import pytest

from corpus.errors import Failed, Quarantined
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders import ofd
from tests.support.files.ofd_files import ofd_file, text_object
from tests.support.files.office_files import ROW, SENTENCES, TITLE, docx_file


def text_of(*pages: list[str], template: str = "") -> str:
    return ofd.load("文.ofd", ofd_file(pages, template=template), DEFAULT_BUDGET).text


def test_a_report_has_its_title_headings_sentences_and_table() -> None:
    document = ofd.load("报告.ofd", ofd_file(), DEFAULT_BUDGET)
    assert document.title == TITLE
    assert [h.span.of(document.text) for h in document.headings] == [TITLE, "教育合作", "产业合作"]
    assert all(sentence in document.text for sentence in SENTENCES) and ROW in document.text


def test_pages_are_those_of_the_file() -> None:
    document = ofd.load(
        "文.ofd", ofd_file([[text_object("甲。", 20, 40)], [text_object("乙。", 20, 40)]]), DEFAULT_BUDGET
    )
    assert [page.label for page in document.pages] == ["第1页", "第2页"]
    assert document.place(document.text.index("乙")) == "第2页"


def test_lines_are_read_from_the_top_whatever_the_order_of_drawing() -> None:
    assert text_of([text_object("第二条 乙。", 20, 60), text_object("第一条 甲。", 20, 40)]).split() == [
        *("第一条", "甲。", "第二条", "乙。")
    ]


def test_two_columns_are_read_one_after_the_other_and_a_table_across() -> None:
    left = [text_object(f"左栏第{number}行的文字写满了这一栏。", 20, 40 + 7 * number) for number in range(6)]
    right = [text_object(f"右栏第{number}行的文字写满了这一栏。", 110, 40 + 7 * number) for number in range(6)]
    mixed = [part for pair in zip(left, right, strict=True) for part in pair]
    text = text_of(mixed)
    assert text.index("左栏第5行") < text.index("右栏第0行")
    rows = [("项目", "金额"), ("检测", "30元"), ("复核", "45元"), ("鉴定", "60元"), ("公证", "80元"), ("翻译", "90元")]
    cells = [text_object(cell, 20 + 90 * n, 40 + 7 * m) for m, row in enumerate(rows) for n, cell in enumerate(row)]
    assert "项目：复核；金额：45元。" in text_of(cells) or "复核：45元" in text_of(cells)


def test_a_form_printed_below_the_page_is_read_with_it() -> None:
    text = text_of([text_object("张三", 50, 40)], template=text_object("姓名：", 20, 40))
    assert "姓名：" in text and "张三" in text and text.index("姓名") < text.index("张三")


def test_steps_are_read_in_short_too_and_letters_get_their_spaces() -> None:
    short = (
        '<ofd:TextObject ID="1" Boundary="20 40 90 6" Font="1" Size="4">'
        '<ofd:TextCode X="0" Y="4" DeltaX="g 3 4 2">甲乙丙丁A</ofd:TextCode></ofd:TextObject>'
    )
    words = [text_object("Open", 20, 60, size=4), text_object("Fixed", 30, 60, size=4)]
    assert text_of([short, *words]).strip() == "甲乙丙丁A Open Fixed"


@pytest.mark.parametrize("more", [' Visible="false"', ' Alpha="0"'])
def test_what_does_not_show_is_not_read(more: str) -> None:
    hidden = text_object("看不见的字", 20, 60, more=more)
    tiny, outside = text_object("太小的字", 20, 80, size=0.1), text_object("纸外的字", 20, 400)
    assert text_of([text_object("看得见。", 20, 40), hidden, tiny, outside]).strip() == "看得见。"


def test_bold_type_drawn_twice_is_read_once() -> None:
    assert text_of([text_object("加粗。", 20, 40), text_object("加粗。", 20.1, 40)]).strip() == "加粗。"


def test_a_page_that_is_a_picture_is_a_remark() -> None:
    picture = '<ofd:ImageObject ID="3" Boundary="0 0 210 297" ResourceID="4"/>'
    document = ofd.load("文.ofd", ofd_file([[text_object("首页有字。", 20, 40)], [picture]]), DEFAULT_BUDGET)
    assert document.remark.startswith("第2页是扫描图像，未读入")


def test_an_encrypted_file_and_one_of_another_kind_say_so() -> None:
    with pytest.raises(Quarantined, match="密码"):
        ofd.load("密.ofd", ofd_file(more={"Encryptions.xml": b"<x/>"}), DEFAULT_BUDGET)
    with pytest.raises(Quarantined, match="内容却不是"):
        ofd.load("假.ofd", docx_file(), DEFAULT_BUDGET)
    with pytest.raises(Failed, match="损坏"):
        ofd.load("坏.ofd", ofd_file()[:-40], DEFAULT_BUDGET)


def test_entities_are_refused() -> None:
    declared = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(Quarantined, match="实体声明"):
        ofd.load("害.ofd", ofd_file(more={"Doc_0/Extra.xml": declared}), DEFAULT_BUDGET)
