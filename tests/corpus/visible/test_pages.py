"""PDF pages: columns, running heads, footnotes, hyphens, hidden text, red heads, turned pages."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus.conversion.convert import convert
from corpus.document import Document
from corpus.limits import DEFAULT_BUDGET
from tests.support.files import hostile_pdfs

_FONT = "STSong-Light"
_FULL = "为了方便群众办事现将有关安排公布如下请大家相互转告"


def made(*pages: Callable[[Canvas], object], turn: int = 0) -> Document:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for draw in pages:
        if turn:
            canvas.setPageRotation(turn)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return convert("报告.pdf", buffer.getvalue(), DEFAULT_BUDGET)


def put(canvas: Canvas, x: float, y: float, text: str, size: float = 12, *, font: str = _FONT) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def text_page(
    canvas: Canvas, *, header: str = "", footer: str = "", body: str = _FULL, last: str = "以上安排自明天起执行。"
) -> None:
    for row in range(6):
        put(canvas, 90, 650 - 20 * row, body)
    put(canvas, 90, 530, last)
    put(canvas, 200, 800, header, 9)
    put(canvas, 200, 40, footer, 9)


def squeezed(document: Document) -> str:
    return "".join(document.text.split())


def test_columns_drawn_row_by_row_are_read_one_after_the_other() -> None:
    left = (
        "县里决定从下个月起调整公共",
        "汽车票价成人票由两元降为一",
        "元学生凭证件半价老人继续免",
        "费乘坐请大家相互转告办理。",
    )
    right = (
        "自来水公司提醒冬季注意给水",
        "管保温遇到爆管请拨打抢修电",
        "话工作人员四十分钟内到场维",
        "修并且不收取任何上门费用。",
    )

    def draw(canvas: Canvas) -> None:
        for row, (first, second) in enumerate(zip(left, right, strict=True)):
            put(canvas, 60, 700 - 18 * row, first)
            put(canvas, 320, 700 - 18 * row, second)

    assert squeezed(made(draw)) == "".join(left + right)


def below_a_line_over_both(*columns: tuple[str, ...]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        put(canvas, 60, 760, "民生简报第三十一期由县政府办公室编印每月一期免费赠阅")
        for x, column in zip((60, 320), columns, strict=True):
            for row, line in enumerate(column):
                put(canvas, x, 700 - 18 * row, line)

    return draw


def test_what_stands_over_two_columns_breaks_no_sentence_within_them() -> None:
    left = (
        "农贸市场固定摊位费由每月三",
        "百八十元下调到二百六十",
        "元临时摊位费每天下调到八元",
        "请大家相互转告并办理。",
    )
    right = (
        "自来水公司提醒冬季注意给水",
        "管保温遇到爆管请拨打抢",
        "修电话工作人员到场进行维修",
        "并且不收取任何费用。",
    )
    lines = [line for line in made(below_a_line_over_both(left, right)).text.split("\n") if line]
    assert lines[1:] == ["".join(left), "".join(right)]


def below_a_title_in_the_middle(lines: tuple[str, ...]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        put(canvas, 200, 740, "关于冬季供暖收费标准的情况通报")
        for row, line in enumerate(lines):
            put(canvas, 60, 700 - 18 * row, line)

    return draw


def test_running_text_in_one_column_of_a_page_is_joined_below_a_title_in_its_middle() -> None:
    text = (
        "本季供暖自十一月中旬开始",
        "居民每平方米每月收费五元",
        "不满一个月的按照日数折算",
        "已缴费用户退费比例不低于",
        "98.3%，由供热单位办理。",
    )
    found = [line for line in made(below_a_title_in_the_middle(text)).text.split("\n") if line]
    assert found[1:] == ["".join(text)]
    names = ("青山镇卫生院门诊部一楼", "白石乡中心", "河口镇第一小学南校区", "石桥街道办", "新华社区")
    found = [line for line in made(below_a_title_in_the_middle(names)).text.split("\n") if line]
    assert found[1:] == list(names)  # a list is none


def test_entries_in_two_columns_below_a_line_stay_apart() -> None:
    left, right = ("张建国", "李小红", "王秀英", "赵卫东"), ("陈志强", "刘桂兰", "周文华", "吴玉梅")
    lines = [line for line in made(below_a_line_over_both(left, right)).text.split("\n") if line]
    assert lines[1:5] == [*left]


def test_a_table_of_short_cells_stays_a_table() -> None:
    def draw(canvas: Canvas) -> None:
        rows = (("名称", "单价"), ("成人票", "2元"), ("学生票", "1元"), ("老人票", "免费"), ("月票", "60元"))
        for row, (first, second) in enumerate(rows):
            put(canvas, 60, 700 - 18 * row, first)
            put(canvas, 320, 700 - 18 * row, second)

    assert "成人票" in made(draw).text and "2元" in made(draw).text.split("成人票")[1].split("学生票")[0]


@pytest.mark.parametrize(
    ("headers", "gone"),
    [
        (("办事指南汇编", "办事指南汇编"), ["办事指南汇编"]),
        (("", "办事指南汇编", "办事指南汇编"), ["办事指南汇编"]),
        (("云溪县政府公报", "2025年第3号"), ["云溪县政府公报", "2025年第3号"]),
        (("首页专用的", "办事指南汇编", "办事指南汇编"), ["首页专用的", "办事指南汇编"]),
        (("奇数页眉", "偶数页眉", "奇数页眉", "偶数页眉", "奇数页眉", "偶数页眉"), ["奇数页眉", "偶数页眉"]),
    ],
)
def test_running_heads_of_short_files_are_left_out(headers: tuple[str, ...], gone: list[str]) -> None:
    pages = [lambda canvas, header=header: text_page(canvas, header=header) for header in headers]
    text = made(*pages).text
    assert [header for header in gone if header in text] == []
    assert text.count("以上安排自明天起执行。") == len(headers)


@pytest.mark.parametrize("header", ["办事指南", "云溪县政务服务中心"])
def test_a_head_that_repeats_the_title_is_left_out_and_another_is_kept(header: str) -> None:
    def first(canvas: Canvas) -> None:
        put(canvas, 200, 740, "办事指南", 20)
        text_page(canvas, footer="1")

    document = made(first, lambda canvas: text_page(canvas, header=header, footer="2"))
    assert document.title == "办事指南"
    assert document.text.count(header) == 1


def test_words_of_other_pages_in_small_type_are_kept() -> None:
    """Notes at the foot of pages, sentences at their top, lines as large as the others."""

    def draw(canvas: Canvas, page: int) -> None:
        text_page(canvas, footer=f"{'①②'[page]} 指本县户籍的{'老年人儿童'[3 * page :]}")
        put(canvas, 90, 800, ("本页所列的都是县里的事项。", "下面所列的是乡镇的事项。")[page], 9)
        put(canvas, 90, 760, ("便民服务", "交通出行")[page], 12)

    text = made(lambda canvas: draw(canvas, 0), lambda canvas: draw(canvas, 1)).text
    said = ("①", "②", "老年人", "儿童", "县里的事项。", "乡镇的事项。", "便民服务", "交通出行")
    assert [words for words in said if words not in text] == []


@pytest.mark.parametrize("heads", [("只有一页的页眉", ""), ("附件1", "附件2")])
def test_lines_at_the_top_that_do_not_run_along_are_kept(heads: tuple[str, str]) -> None:
    text = made(*(lambda canvas, head=head: text_page(canvas, header=head) for head in heads)).text
    assert [head for head in heads if head not in text] == []


@pytest.mark.parametrize("number", ["— {} —", "第{}页", "第 {} 页 共 2 页", "{}/2", "- {} -", "{}"])
def test_page_numbers_are_left_out(number: str) -> None:
    pages = [lambda canvas, page=page: text_page(canvas, footer=number.format(page)) for page in (1, 2)]
    assert squeezed(made(*pages)) == (_FULL * 6 + "以上安排自明天起执行。") * 2


def test_a_footnote_does_not_break_a_sentence_that_goes_on_over_the_page() -> None:
    def first(canvas: Canvas) -> None:
        for row in range(5):
            put(canvas, 90, 260 - 20 * row, _FULL)
        put(canvas, 90, 120, "① 指本县户籍的老年人。", 9)

    def second(canvas: Canvas) -> None:
        put(canvas, 90, 700, "并按月发放。")

    text = squeezed(made(first, second))
    assert _FULL * 5 + "并按月发放。" in text
    assert "①指本县户籍的老年人。" in text


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [("inter-", "national", "international"), ("A-", "Level", "A-Level"), ("2024-", "2025", "2024-2025")],
)
def test_words_broken_at_the_end_of_a_line_are_whole(first: str, second: str, whole: str) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 700, f"The office answers questions about rules of {first}", font="Helvetica")
        put(canvas, 90, 684, f"{second} exchange between our two towns every day.", font="Helvetica")

    assert f"rules of {whole} exchange" in " ".join(made(draw).text.split())


def test_invisible_text_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 700, "看得见的一行。")
        hidden = canvas.beginText(90, 600)
        hidden.setFont(_FONT, 12)
        hidden.setTextRenderMode(3)
        hidden.textLine("密看不见的一行。")
        canvas.drawText(hidden)

    assert squeezed(made(draw)) == "看得见的一行。"


def test_a_layer_that_is_switched_off_is_not_read() -> None:
    text = convert("图层.pdf", layered(), DEFAULT_BUDGET).text
    assert text.split() == ["Shown", "on", "the", "page."]


def layered() -> bytes:
    """A page with a layer that shows and one that is switched off."""
    content = (
        "BT /F 12 Tf 50 700 Td /OC /On BDC (Shown on the page.) Tj EMC ET "
        "BT /F 12 Tf 50 600 Td /OC /Off BDC (Hidden words.) Tj EMC ET"
    )
    return hostile_pdfs.pdf(
        [
            "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R 6 0 R]/D<</ON[5 0 R]/OFF[6 0 R]>>>>>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 7 0 R>>"
            "/Properties<</On 5 0 R/Off 6 0 R>>>>>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream",
            "<</Type/OCG/Name(On)>>",
            "<</Type/OCG/Name(Off)>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def test_control_characters_between_words_are_spaces() -> None:
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def 1 begincodespacerange <00> <FF> "
        "endcodespacerange 3 beginbfchar <41> <7532> <42> <001F> <43> <4E59> endbfchar endcmap end end"
    )
    content = "BT /F 12 Tf 50 700 Td (AAAABCCCC) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    assert squeezed(convert("控制符.pdf", hostile_pdfs.pdf(objects), DEFAULT_BUDGET)) == "甲甲甲甲乙乙乙乙"


def test_neither_the_red_head_nor_the_contents_are_the_title() -> None:
    def first(canvas: Canvas) -> None:
        put(canvas, 150, 720, "云溪县人民政府文件", 32)
        put(canvas, 230, 660, "云府发〔2025〕8号", 14)
        put(canvas, 150, 610, "关于印发停车办法的通知", 22)
        put(canvas, 90, 560, "各乡镇人民政府：")
        put(canvas, 90, 540, "现将办法印发给你们，请遵照执行。")

    def second(canvas: Canvas) -> None:
        put(canvas, 260, 740, "目　录", 26)
        put(canvas, 90, 700, "第一章 总则……………………3")

    assert made(first, second).title == "关于印发停车办法的通知"


def test_a_title_set_apart_letter_by_letter_is_closed_up() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 200, 740, "通", 22)
        put(canvas, 300, 740, "知", 22)
        put(canvas, 90, 690, "明天八时至十七时停水，请提前储水。")

    document = made(draw)
    assert (document.title, squeezed(document)) == ("通知", "通知明天八时至十七时停水，请提前储水。")


def test_the_header_is_the_title_where_the_text_has_none() -> None:
    pages = [lambda canvas: text_page(canvas, header="云溪县停水安排表")] * 3
    assert made(*pages).title == "云溪县停水安排表"


def test_the_number_of_a_page_is_no_part_of_a_running_title() -> None:
    pages = [lambda canvas, n=n: text_page(canvas, header=f"云溪县政府公报　第{n}页") for n in (1, 2, 3)]
    assert made(*pages).title == "云溪县政府公报"


def test_a_red_head_is_not_the_title_of_what_is_issued_below_it() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 150, 770, "云 溪 县 民 政 局", 30)
        put(canvas, 220, 730, "云民发〔2025〕12号", 14)
        put(canvas, 150, 680, "关于做好冬季取暖工作的通知", 20)
        text_page(canvas)

    document = made(draw)
    headings = [heading.span.of(document.text) for heading in document.headings]
    assert (document.title, headings) == ("关于做好冬季取暖工作的通知", ["关于做好冬季取暖工作的通知"])


def test_an_official_title_on_centred_lines_is_one_and_a_line_of_its_own_below_it_is_not() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(_FONT, 16)
        for row, words in enumerate(("青山县人民政府关于做好今年冬春季节森林防灭火工作的通", "知", "各乡镇人民政府")):
            canvas.drawCentredString(300, 780 - 22 * row, words)
        text_page(canvas)

    document = made(draw)
    assert document.title == "青山县人民政府关于做好今年冬春季节森林防灭火工作的通知"
    assert "\n各乡镇人民政府\n" in document.text


def test_a_figure_that_the_end_of_a_line_cuts_is_whole_and_figures_of_a_list_stay_apart() -> None:
    def draw(canvas: Canvas) -> None:
        text_page(canvas)
        put(canvas, 90, 510, "《关于夜间施工噪声管理的通告》（青建通〔20")
        put(canvas, 90, 490, "19〕3号）同时废止。")
        put(canvas, 90, 450, "The office opens daily for everybody at floor 20")
        put(canvas, 90, 430, "19 rooms are open.")

    text = made(draw).text
    assert "（青建通〔2019〕3号）同时废止。" in text
    assert "2019 rooms" not in text


def test_the_mark_of_a_footnote_is_no_figure_and_an_exponent_is() -> None:
    def draw(canvas: Canvas) -> None:
        text_page(canvas)
        for row, (words, mark, rest) in enumerate(
            (("补助每天60元", "3", "。"), ("占地25米", "2", "以上的除外。"), ("第", "5", "条"))
        ):
            put(canvas, 90, 490 - 40 * row, words)
            end = 90 + pdfmetrics.stringWidth(words, _FONT, 12)
            low = words == "第"
            put(canvas, end, 490 - 40 * row + (0 if low else 5), mark, 12 if low else 7)
            put(canvas, end + (6 if low else 4), 490 - 40 * row, rest)

    text = made(draw).text
    assert "补助每天60元。" in text
    assert "占地25米2以上的除外。" in text
    assert "第5条" in text


def test_each_footnote_is_a_paragraph() -> None:
    def draw(canvas: Canvas) -> None:
        text_page(canvas)
        put(canvas, 90, 100, "1 本办法所称村民，是指户籍在本村并且实际居住一年以上的人员。", 9)
        put(canvas, 90, 86, "2 通行证有效期三十日，期满可以向原来的窗口申请续领一次。", 9)

    notes = [line for line in made(draw).text.split("\n") if line[:2] in ("1 ", "2 ")]
    assert [line[2:6] for line in notes] == ["本办法所", "通行证有"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_shows(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        match turn:
            case 90:
                canvas.translate(A4[0], 0)
            case 180:
                canvas.translate(*A4)
            case _:
                canvas.translate(0, A4[0])
        canvas.rotate(turn if turn != 270 else -90)
        for row, (name, price) in enumerate((("名称", "单价"), ("成人票", "两元"), ("学生票", "一元"))):
            put(canvas, 100, 400 - 20 * row, name)
            put(canvas, 300, 400 - 20 * row, price)

    lines = made(draw, turn=turn).text.split("\n")
    assert [line for line in lines if "成人票" in line and "两元" in line]


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_table_on_a_turned_page_is_read_by_its_rules(turn: int, stated: bool) -> None:
    rows = (("窗口", "办理事项", "期限"), ("一号", "医保参保登记", "当场"), ("二号", "公积金提取", "三天"))

    def draw(canvas: Canvas) -> None:
        canvas.translate(*{90: (A4[0], 0), 180: A4, 270: (0, A4[not stated])}[turn])  # the file swaps the sides
        canvas.rotate(turn)
        put(canvas, 60, 500, "便民中心窗口一览表。各窗口周末轮流值班，节假日照常办理。")
        for row, cells in enumerate(rows):
            for column, words in enumerate(cells):
                put(canvas, 66 + 150 * column, 460 - 50 * row, words[:4])
                put(canvas, 66 + 150 * column, 445 - 50 * row, words[4:])
        canvas.grid([60, 210, 360, 510], [478, 428, 378, 328])

    text = squeezed(made(draw, turn=turn if stated else 0))
    assert "窗口：一号；办理事项：医保参保登记；期限：当场。窗口：二号；办理事项：公积金提取；期限：三天。" in text
    assert text.startswith("便民中心窗口一览表。各窗口周末轮流值班，节假日照常办理。")


def test_what_is_filled_into_a_form_is_read_beside_its_label() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 60, 780, "临时占道申请表", 18)
        put(canvas, 60, 740, "Fee (yuan):")
        put(canvas, 60, 700, "本表一式两份，交城管窗口办理。")
        canvas.acroForm.textfield(name="fee", x=130, y=732, width=200, height=20, value="thirty per day")

    text = made(draw).text
    assert "Fee (yuan):thirty per day\n" in text
    assert text.index("thirty") < text.index("本表一式两份")


def test_a_watermark_across_a_page_is_neither_its_title_nor_in_its_words() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(300, 420)
        canvas.rotate(45)
        put(canvas, -100, 0, "内部资料", 50)
        canvas.restoreState()
        put(canvas, 200, 780, "公共汽车票价", 20)
        text_page(canvas)

    document = made(draw, draw)
    assert document.title == "公共汽车票价"
    assert "内部资料" not in document.text


def test_white_words_on_white_paper_are_not_read_and_those_on_a_colour_are() -> None:
    def draw(canvas: Canvas) -> None:
        text_page(canvas)
        canvas.setFillGray(1)
        put(canvas, 90, 400, "看不见的字")
        canvas.setFillGray(0)
        canvas.rect(80, 340, 200, 30, fill=1)
        canvas.setFillGray(1)
        put(canvas, 90, 350, "黑底上的字")

    text = made(draw).text
    assert "看不见的字" not in text and "黑底上的字" in text


def test_a_running_head_close_to_a_table_over_two_pages_is_left_out() -> None:
    def draw(canvas: Canvas, rows: range) -> None:
        put(canvas, 200, 815, "云溪县山坪塘责任表", 9)
        for row in range(len(rows) + 1):
            canvas.line(60, 790 - 24 * row, 500, 790 - 24 * row)
        for x in (60, 280, 500):
            canvas.line(x, 790, x, 790 - 24 * len(rows))
        for row, number in enumerate(rows):
            put(canvas, 70, 775 - 24 * row, f"第{number}村民委员会")
            put(canvas, 290, 775 - 24 * row, f"每{number}天巡查一次")

    text = made(lambda canvas: draw(canvas, range(1, 29)), lambda canvas: draw(canvas, range(29, 35))).text
    assert "责任表" not in text
    assert "第34村民委员会" in text
