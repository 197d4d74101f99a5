"""Titles of documents, as their first lines tell them."""

import pytest

from corpus.document import Heading, Span
from corpus.text.headings.official import below_masthead, with_whole_title
from corpus.text.headings.paths import HeadingPaths
from corpus.text.headings.plain import plain_headings
from corpus.text.headings.titles import title_of, title_of_plain, title_or_name


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("关于开展2027年青年手工艺集市的通知\n\n一、时间\n集市于5月1日举行。\n", "关于开展2027年青年手工艺集市的通知"),
        (
            "关于举办省乡村小学教师数学教学能力提升班的通知\n各单位：\n一、时间\n8月1日。\n",
            "关于举办省乡村小学教师数学教学能力提升班的通知",
        ),
        ("劳务协作工作简报（第7期）\n一、总体进展\n已转移3人。\n", "劳务协作工作简报（第7期）"),
        ("2024年5月1日 星期三\n\n一、时间\n5月1日。\n", "一、时间"),
        ("2024年12月31日 来源：日报\n\n好消息传来\n\n正文在这里。\n", "好消息传来"),
        ("张三 李四\n\n春到山乡\n\n正文在这里。\n", "春到山乡"),
        ("全区增长5%，\n\n一、综合\n全年增长5%。\n", "一、综合"),
    ],
)
def test_a_first_line_that_is_no_sentence_is_the_title(text: str, title: str) -> None:
    assert title_of_plain(plain_headings(text), text) == title


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            "某区人民政府办公室\n会议纪要\n〔2025〕第22期\n某区对口协作第五次联席会议纪要",
            "某区对口协作第五次联席会议纪要",
        ),
        ("某区工作简报\n第9期\n\n农情平稳", "某区工作简报 第9期"),  # no official title below
        ("某区对口协作会议纪要\n\n会议听取了汇报。\n第22期", "某区对口协作会议纪要"),  # a sentence is no masthead
    ],
)
def test_the_official_title_stands_below_a_masthead(head: str, title: str) -> None:
    text = head + "\n\n2025年9月11日召开会议。\n一、资金\n安排3200万元。\n"
    assert title_of_plain(plain_headings(text), text) == title
    assert title_of(plain_headings(text), text) == title


BODY = "\n\n各镇政府：\n现将有关事项通知如下。\n一、对象\n本区居民。\n"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            "青川县医疗保障局\n关于做好2025年度居民参保缴费工作的通知",
            "青川县医疗保障局关于做好2025年度居民参保缴费工作的通知",
        ),
        ("青川县民政局\n\n关于调整津贴标准和\n审批流程的通知", "青川县民政局关于调整津贴标准和审批流程的通知"),
        ("青川县民政局文件\n青民发〔2024〕31号\n青川县民政局\n关于停办的通告", "青川县民政局关于停办的通告"),
        ("青川县民政局 青川县残联\n关于办法的意见（试行）", "青川县民政局 青川县残联关于办法的意见（试行）"),
        # No title on two lines: what comes below speaks of something, or the first line is a sentence.
        ("青川县民政局\n关于低保，大家问得最多。", "青川县民政局"),
        ("青川县民政局\n青川县临时救助办法（试行）\n青民发〔2023〕1号", "青川县临时救助办法（试行）"),
        ("青川县民政局 青川县财政局\n青川县临时救助办法\n（2025年修订）", "青川县临时救助办法 （2025年修订）"),
        ("青川县民政局\n局长办公会议纪要", "青川县民政局 局长办公会议纪要"),  # of no place but the office's
        ("我们开会。\n关于修路的决定", "关于修路的决定"),
    ],
)
def test_who_issues_a_document_and_what_about_are_one_title(head: str, title: str) -> None:
    text = head + BODY
    headings = plain_headings(text)
    assert title_of_plain(headings, text) == title
    below = HeadingPaths(headings, text).at(text.index("本区居民"))
    assert below[-1] == "一、对象"
    assert HeadingPaths(headings, text).at(text.index("现将"))[:1] == (title,)


ORDER = "《青川县养犬管理办法》已经县政府第5次常务会议通过，现予公布。"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("青川县民政局\n青民发〔2025〕12号\n关于做好冬季取暖的通知", "关于做好冬季取暖的通知"),
        ("青 川 县 民 政 局\n青民函〔2025〕12号\n青川县民政局\n关于取暖的通知", "青川县民政局关于取暖的通知"),
        ("中共青川县委办公室\n青川县政府办公室\n青委办〔2025〕7号\n关于印发《办法》的通知", "关于印发《办法》的通知"),
        ("青川县卫生健康委员会\n2025年第12号\n关于接种疫苗的通告", "关于接种疫苗的通告"),
        ("特急\n青川县民政局\n青民发〔2025〕12号\n关于国庆节放假安排", "关于国庆节放假安排"),
        ("青川县民政局\n青民发〔2025〕12号 签发人：王某\n冬季取暖救助实施方案", "冬季取暖救助实施方案"),
        ("青川县人民代表大会常务\n委员会公告\n第十二号\n青川县养犬管理条例", "青川县养犬管理条例"),
        (f"青川县人民政府令\n第 3 号\n{ORDER}\n县长 王某\n2025年3月1日\n青川县养犬管理办法", "青川县养犬管理办法"),
    ],
)
def test_who_issues_a_document_by_number_is_not_its_title(head: str, title: str) -> None:
    text = head + BODY
    assert title_of(below_masthead(plain_headings(text), text), text) == title
    assert title_of_plain(plain_headings(text), text) == title


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("青川县人民政府公告\n第3号", "青川县人民政府公告 第3号"),  # nothing below is a title
        (f"青川县人民政府令\n第3号\n{ORDER}\n县长 王某\n2025年3月1日", "青川县人民政府令 第3号"),
        ("青川县民政局\n养老服务指南", "青川县民政局 养老服务指南"),  # no number says that it is issued
    ],
)
def test_who_issues_stays_in_the_title_where_none_is_below(head: str, title: str) -> None:
    text = head + BODY
    assert title_of(below_masthead(plain_headings(text), text), text) == title


def test_what_a_file_marks_above_the_number_is_no_heading() -> None:
    text = f"青川县民政局\n\n青民发〔2025〕12号\n\n关于取暖的通知\n\n（试行）{BODY}"
    office = Heading(1, Span(0, 6))
    of = below_masthead([office, Heading(2, Span(text.index("一、"), text.index("一、") + 4))], text)
    assert [(heading.level, heading.span.of(text)) for heading in of] == [(1, "关于取暖的通知"), (2, "一、对象")]
    whole = Heading(1, Span(text.index("关于"), text.index("（试行）") + 4))
    assert below_masthead([office, whole], text) == [whole]


@pytest.mark.parametrize(
    ("title", "name", "called"),
    [
        ("青川县政务服务管理局公告", "通知/政务中心搬迁公告.txt", "政务中心搬迁公告"),
        ("", "通知/新.txt", "新"),
        ("青川县政务服务管理局公告", "公告5.txt", "青川县政务服务管理局公告"),  # the name says no more
        ("青川县政务服务管理局公告", "政务服务管理局公告.txt", "青川县政务服务管理局公告"),
        ("青川县政务服务管理局关于搬迁的公告", "政务中心搬迁公告.txt", "青川县政务服务管理局关于搬迁的公告"),
        ("政务中心搬迁公告", "新的政务中心开门了.txt", "政务中心搬迁公告"),
        ("第一章 总则", "养犬管理条例.docx", "养犬管理条例"),
        ("第一章总则", "养犬管理条例.docx", "养犬管理条例"),
        ("第一章 总则", "条例.docx", "第一章 总则"),
        ("第一章 总则", "第一章 养犬管理总则.docx", "第一章 总则"),
        ("第一节约用水月活动方案", "节水月活动的方案.docx", "第一节约用水月活动方案"),
    ],
)
def test_a_title_without_a_subject_gives_way_to_the_name_of_the_file(title: str, name: str, called: str) -> None:
    assert title_or_name(title, name) == called


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["青川县民政局", "关于调整津贴的通知", "一、对象"], ["青川县民政局\n\n关于调整津贴的通知", "一、对象"]),
        (["青川县民政局", "津贴", "一、对象"], ["青川县民政局", "津贴", "一、对象"]),
        (["关于调整津贴的通知", "一、对象"], ["关于调整津贴的通知", "一、对象"]),
    ],
)
def test_headings_that_are_lines_of_one_title_are_one(lines: list[str], expected: list[str]) -> None:
    text = "\n\n".join([*lines, "本区居民可以申请。\n"])
    marked = [Heading(1, Span(text.index(line), text.index(line) + len(line))) for line in lines]
    assert [heading.span.of(text) for heading in with_whole_title(marked, text)] == expected
