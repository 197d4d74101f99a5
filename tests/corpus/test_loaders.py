"""Files become documents; what cannot be read is named."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.conversion.convert import convert
from corpus.errors import Quarantined
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders import markdown, text
from corpus.read import DocumentsMissing, FileStatus, read
from corpus.text.decoding import UnknownEncoding, decode
from corpus.text.passages import Splitter

NOT_READ = (FileStatus.QUARANTINED, FileStatus.FAILED)
WORDS = "第一章 总则\n\n浙江与涪陵对口合作，到位资金30.964亿元。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    assert text.load("总则.txt", WORDS.encode(encoding)).text == WORDS


def test_shift_jis_is_read_and_rare_chinese_is_never_taken_for_it() -> None:
    japanese = "駅名,電話\n東口駅,8811\nごみの収集日は毎週月曜日です。\n"
    assert decode(japanese.encode("shift_jis")) == japanese
    for rare in ("䶮氏居㙦村，𠮷祥里。", "繁體中文測試：東門站。", "㙦䶮㳇㙟", "偺傜偣住在埗头村。"):
        assert decode(rare.encode("gb18030")) == rare


TRADITIONAL = "鄉鎮圖書館借閱須知\n每人每次可借五冊，借期三十天；逾期者每日每冊酌收滯還金。服務電話為二樓櫃檯。\n"


@pytest.mark.parametrize("encoding", ["big5", "gb18030"])
def test_traditional_characters_are_read_in_either_encoding(encoding: str) -> None:
    assert text.load("須知.txt", TRADITIONAL.encode(encoding)).text == TRADITIONAL


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode("utf-16-le")[:-1],
        "ab".encode("utf-16-le"),  # in the other order of bytes a word, too
        WORDS.encode("utf-32-le"),
        "\ue001页".encode("utf-16-le") + WORDS.encode("utf-16-le"),
        b"\xff\xfe\x00\xd8",
        WORDS.encode("big5", "replace") + b"\xff",
        b"\x00\x01\x02",
        b"PK\x03\x04\x14\x00",
    ],
)
def test_other_bytes_are_a_named_error(content: bytes) -> None:
    with pytest.raises(UnknownEncoding):
        decode(content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "名单.xls",
            b"\xef\xbb\xbf\r\n<HTML><table><tr><td>1</td></tr></table>",
            "是网页；请核对来源，把扩展名改成.html",
        ),
        (
            "通知.doc",
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
            "是网页存档；请核对来源，把扩展名改成.mht",
        ),
        ("名单.xlsx", b"<?xml version='1.0'?><Workbook/>", "是XML文件；请核对来源，用Excel或Word打开后另存"),
        ("名单.xls", "姓名\t电话".encode(), "不是这种文件；请核对来源，改正扩展名"),
    ],
)
def test_what_other_programs_call_an_office_file_is_named(name: str, content: bytes, said: str) -> None:
    with pytest.raises(Quarantined) as raised:
        convert(name, content, DEFAULT_BUDGET)
    assert said in str(raised.value)


def test_line_ends_are_made_one() -> None:
    assert decode("一\r\n二\r三".encode()) == "一\n二\n三"


def test_markdown_keeps_the_lines_of_a_plain_text_and_joins_those_that_the_layout_cut() -> None:
    plain = (
        "某区摊贩管理办法（2025年修订）\n（自5月1日起施行）\n\n第一条 为了规范经营，制定本办法。\n第二条 本区适用。\n"
    )
    document = markdown.load("a.md", plain.encode())
    assert document.title == "某区摊贩管理办法（2025年修订）"
    assert "制定本办法。\n第二条" in document.text
    cut = f"为维护租户和消费者的利益{'并规范农贸市场使用的计价秤和收费标准' * 2}\n现将有关事项通知如下，\n请照办。\n"
    assert markdown.load("b.md", cut.encode()).text.count("\n") == 2  # of the paragraph's end


def test_markdown_gives_words_without_marks_and_headings_in_place() -> None:
    source = (
        "---\ntitle: 标题\ntopic: 数据\nsource: 报道\n---\n# 大\n\n**粗**体与`码`和[链](http://x.y)。\n第二行。\n\n"
        "## 小\n\n1. 甲\n2. 乙\n   - 丙\n\n| 年 | 额 |\n|---|---|\n| 2017 | 9 |\n| 2018 | 11 |\n"
    )
    document = markdown.load("a.md", source.encode())
    assert (document.title, document.topic, document.source) == ("标题", "数据", "报道")
    assert (
        document.text
        == "大\n\n粗体与码和链。\n第二行。\n\n小\n\n1. 甲\n2. 乙\n  - 丙\n\n年：2017；额：9。\n年：2018；额：11。\n\n"
    )
    assert [(h.level, h.span.of(document.text)) for h in document.headings] == [(1, "大"), (2, "小")]


def test_what_markdown_strikes_through_is_left_out_and_a_remark_says_so() -> None:
    items = "- ~~夜钓另收20元~~\n- 夜钓 ~~至22点~~ 至23点\n"
    source = f"# 收费\n\n钓鱼证每本 ~~80~~ 60 元。\n\n{items}\n|项|价|\n|--|--|\n|竿|~~9~~ 8元|\n"
    document = markdown.load("a.md", source.encode())
    assert document.text == "收费\n\n钓鱼证每本 60 元。\n\n- 夜钓 至23点\n\n项：竿；价：8元。\n\n"
    assert "划掉" in document.remark
    kept = markdown.load("a.md", "# 收费\n\n全程约~80元，`~~80~~`是写法。\n".encode())
    assert kept.text == "收费\n\n全程约~80元，~~80~~是写法。\n\n" and not kept.remark


def test_the_unit_in_the_heading_above_is_that_of_a_table() -> None:
    table = "| 食堂 | 早餐 | 午餐 |\n|---|---|---|\n| 东街 | 3 | 10 |\n| 西街 | 4 | 12 |\n"
    document = markdown.load("价目.md", f"## 价格（元/份）\n\n{table}\n## 人数\n\n{table}".encode())
    assert document.text.count("食堂：东街；早餐：3；午餐：10；单位：元/份。") == 1
    assert document.text.count("食堂：东街；早餐：3；午餐：10。") == 1
    between = markdown.load("价目.md", f"## 价格（元/份）\n\n另有一段话在中间。\n\n{table}".encode())
    assert "单位" not in between.text


@pytest.mark.parametrize(
    "table",
    [
        "食堂\t早餐\t午餐\n东街\t3\t10\n西街\t4\t12\n",
        "| 食堂 | 早餐 | 午餐 |\n|---|---|---|\n| 东街 | 3 | 10 |\n| 西街 | 4 | 12 |\n",
    ],
)
def test_a_table_in_a_plain_text_is_read_as_one(table: str) -> None:
    document = text.load("价目.txt", f"青川县食堂价目\n\n就餐价格（元/份）\n{table}\n凭卡就餐。\n".encode())
    assert document.text.startswith(
        "青川县食堂价目\n\n就餐价格（元/份）\n食堂：东街；早餐：3；午餐：10。\n食堂：西街；"
    )
    assert document.text.endswith("\n\n凭卡就餐。\n")
    assert document.title == "青川县食堂价目"
    assert [one.columns for one in document.tables] == [("食堂", "早餐", "午餐")]


def test_a_first_line_that_announces_a_table_is_the_title_of_a_plain_text() -> None:
    document = text.load(
        "新.txt", "青川县食堂价目一览（含夜宵）\n食堂\t早餐\t午餐\n东街\t3\t10\n西街\t4\t12\n".encode()
    )
    assert document.title == "青川县食堂价目一览（含夜宵）"


@pytest.mark.parametrize(
    "lines",
    [
        "甲方：张\t乙方：李\n日期：\t\n",  # two columns of a signature
        "\t第一段。\n\t第二段。\n\t第三段。\n",  # indented
        "东\t3\t1\n西\t4\n南\t5\t2\n",  # unequal
        "东\t3\t1\n\n西\t4\t2\n\n南\t5\t2\n",  # apart
    ],
)
def test_other_lines_with_tabs_stay_as_they_are(lines: str) -> None:
    document = text.load("信.txt", lines.encode())
    assert (document.text, document.tables) == (lines, ())


@pytest.mark.parametrize("front", ["---\n[1, 2\n---\n", "---\n- 甲\n---\n", "---\n没有结尾\n"])
def test_a_front_matter_that_is_none_loses_nothing(front: str) -> None:
    document = markdown.load("甲.md", (front + "\n正文。\n").encode())
    assert "正文。" in document.text
    assert document.title != ""


def test_a_heading_without_words_is_none() -> None:
    document = markdown.load("a.md", "# \n\n## 有\n\n文字。\n".encode())
    assert [heading.span.of(document.text) for heading in document.headings] == ["有"]


HTML_TABLE = """## 票价

<table>
<thead><tr><th>票种</th><th>淡季<br>（元）</th><th>旺季</th></tr></thead>

  <tr><td rowspan="2">成人</td><td>20</td><td>30</td></tr>

  <tr><td>18</td><td>28</td></tr>
</table>
购票后当日有效。
"""


def test_a_table_in_html_within_markdown_is_read_as_a_table() -> None:
    document = markdown.load("a.md", HTML_TABLE.encode())
    assert "票种：成人；淡季：20元；旺季：30。\n票种：成人；淡季：18元；旺季：28。" in document.text
    assert "购票后当日有效。" in document.text
    assert "<" not in document.text
    shown = markdown.load("a.md", f"```\n{HTML_TABLE}```\n".encode())  # code shows what is typed
    assert "<td>20</td>" in shown.text


@pytest.mark.parametrize("source", ["<table>\n<tr><td>没有写完", "<table><tr><td><table></table></td></tr></table>"])
def test_what_is_no_table_in_markdown_stays_text(source: str) -> None:
    assert markdown.load("a.md", source.encode()).text.strip() == source


def test_a_cell_of_markdown_holds_lines() -> None:
    table = "| 项目 | 费用<br/>（元） |\n|---|---|\n| 复印<br>打印 | 1 |\n"
    assert "项目：复印 打印；费用：1元。" in markdown.load("a.md", table.encode()).text


def test_html_in_markdown_is_text() -> None:
    assert "<script>" in markdown.load("a.md", b"<script>alert(1)</script>\n").text


def test_a_bad_file_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "好.txt").write_text("可以读。", encoding="utf-8")
    (tmp_path / "坏.txt").write_bytes(WORDS.encode("utf-32-le"))
    (tmp_path / "图.xyz").write_bytes(b"?")
    (tmp_path / "空.md").write_text("  \n", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text("看不见。", encoding="utf-8")
    reading = read(tmp_path)
    assert [document.name for document in reading.documents] == ["好.txt"]
    assert [file.name for file in reading.files if file.status in NOT_READ] == ["图.xyz", "坏.txt", "空.md"]


def test_a_missing_or_empty_folder_is_a_named_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(DocumentsMissing, match=str(folder)):
            read(folder)


def test_a_document_below_a_folder_is_named_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "教育").mkdir()
    (tmp_path / "教育" / "学校.md").write_text("# 学校\n\n结对。\n", encoding="utf-8")
    assert [document.name for document in read(tmp_path).documents] == ["教育/学校.md"]


def test_names_and_front_matter_of_any_kind_do_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "好.txt").write_text("可以读。", encoding="utf-8")
    (tmp_path / "日期.md").write_text("---\ntitle: 会议: 纪要\ndate: 2024-02-30\n---\n\n正文。\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb8\xa2\xc1\xea.txt")).write_text("涪陵。", encoding="utf-8")
    (tmp_path / "换\n行\x1b[31m.txt").write_text("名字不好。", encoding="utf-8")
    (tmp_path / "关于\u3000通知.txt").write_text("全角空格。", encoding="utf-8")
    os.mkfifo(tmp_path / "管道.md")
    (tmp_path / "设备.txt").symlink_to("/dev/zero")
    reading = read(tmp_path)
    assert sorted(document.name for document in reading.documents) == [
        "关于\u3000通知.txt",  # a blank of Chinese typesetting can be shown
        "好.txt",
        "换�行�[31m.txt",
        "日期.md",
        "涪陵.txt",
    ]
    assert "会议: 纪要" in [document.title for document in reading.documents]
    assert [file.name for file in reading.files if file.status in NOT_READ] == ["管道.md", "设备.txt"]


@pytest.mark.long
@pytest.mark.parametrize("text_of", [lambda n: "名" * n, lambda n: "张三\n" * n, lambda n: "甲" + " " * n + "乙"])
def test_the_time_to_read_and_split_grows_with_the_length_only(text_of: Callable[[int], str]) -> None:
    """Counted in calls and characters, not in seconds: 8 times the text, about 8 times the work."""
    work = []
    for size in (2_000, 16_000):
        counted = 0

        def count(piece: str) -> int:
            nonlocal counted
            counted += len(piece)
            return len("".join(piece.split()))

        Splitter(count, 160).split(text.load("长.txt", text_of(size).encode()))
        work.append(counted)
    assert work[1] <= 10 * work[0]
