"""Sentences tile the text and end where Chinese sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text.sentences import sentences

CHINESE = st.text(st.sampled_from("涪陵浙江合作。！？；：，、“”‘’（）《》…—1234.年 \n\t\r\u3000aB\u2028"), max_size=200)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.long
@given(CHINESE | st.text(max_size=80))
def test_sentences_tile_any_text(text: str) -> None:
    ranges = sentences(text)
    assert "".join(text[start:end] for start, end in ranges) == text
    assert [start for start, _ in ranges[1:]] == [end for _, end in ranges[:-1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他说：“你好。”走了。", ["他说：“你好。”", "走了。"]),
        ("费用3.5元！\n\n第二条 办理；", ["费用3.5元！\n\n", "第二条 办理；"]),
        ("到位1.46亿元。增长！真的？", ["到位1.46亿元。", "增长！", "真的？"]),
        ("（见第三条。）然后呢？", ["（见第三条。）", "然后呢？"]),
        ("It works. So does this. No.5 too", ["It works. ", "So does this. ", "No.5 too"]),
        ("……", ["……"]),
        ("   \n", ["   \n"]),
        ("", []),
    ],
)
def test_sentences_end_at_their_marks(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_sentence_cut_by_the_layout_is_one_sentence() -> None:
    first = "大力协作开展了百名党政领导干部、千名专业技术人才、万名移民致富能手“涪陵百千万三峡人才”培"
    assert len(cut(f"{first}\n\n养工程，创新了模式。\n另一句。")) == 2


def test_a_heading_after_a_long_line_without_end_mark_stays_apart() -> None:
    line = "本办法所称对口支援资金是指浙江省各级财政安排用于涪陵区经济社会发展项目的各类资金总和"
    assert len(cut(f"{line}\n\n资金管理\n\n资金专款专用。")) == 3


def test_speech_without_marks_is_cut_where_a_speaker_begins_anew() -> None:
    talk = (
        "大家好今天介绍一下几件事情首先是二手房过户需要带双方的身份证和户口本然后说一下费用登记费是八十元一件最后提醒"
    )
    talk += "一下证书遗失的要先到登记中心的综合窗口说明情况再在报纸上刊登声明满十五个工作日以后才能补发新的证书"
    assert cut(talk) == [
        "大家好今天介绍一下几件事情",
        "首先是二手房过户需要带双方的身份证和户口本",
        "然后说一下费用登记费是八十元一件",
        "最后提醒一下证书遗失的要先到登记中心的综合窗口说明情况再在报纸上刊登声明满十五个工作日以后才能补发新的证书",
    ]
    assert cut(talk.replace("然后", "，然后")) == [talk.replace("然后", "，然后")]
