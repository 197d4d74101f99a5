import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.pages import render
from qa.reply import Abstention, Answer, Citation, Reason

VOID = {"img", "br", "hr", "input", "meta", "link"}
ELEMENTS = {
    "div",
    "h1",
    "h2",
    "h3",
    "p",
    "span",
    "ol",
    "li",
    "cite",
    "blockquote",
    "mark",
    "strong",
    "details",
    "summary",
}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</div></blockquote><iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>",
    "<form action=http://evil.example><input name=q></form>",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "[链接](javascript:alert(1)) ![图](http://evil.example/x.png)",
    "**粗** _斜_ `码` ~~删~~ # 题\n\n> 引\n\n- 列\n\n```\n块\n```",
    "a\n\n<img src=x>\n\nb",
    '$$x$$ \\(y\\) \\[z\\] :smile: __i18n__{"key":"x"}',
    "\ttab\r\nline\u2028line\x85line\x0b\x00\x1b[0m\u202egnirts\u200b",
    "{{value}} ${value} @children",
]
texts = st.text(max_size=80) | st.sampled_from(HOSTILE)


class Shown(HTMLParser):
    """What a browser makes of a piece of HTML: its texts by class, its elements, whether all are closed."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.texts: dict[str, list[str]] = {}
        self.feed(markup)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            kind = dict(attrs).get("class") or tag
            self.open.append((tag, kind))
            self.texts.setdefault(kind, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for _, kind in self.open:
            self.texts[kind][-1] += data


def shown(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", text)


def cited(text: str, *, title: str = "标题", before: str = "", after: str = "") -> Citation:
    return Citation("a.md", title, ("章",), 0, len(text), text, (), before, after)


def answered(citation: Citation, *, text: str = "摘录", short: str | None = None, understood: str = "问") -> Answer:
    return Answer(
        question="问",
        standalone_question=understood,
        snapshot="1",
        text=text,
        citations=(citation,),
        confidence=0.5,
        short=short,
    )


REFUSAL = Abstention(
    question="问", standalone_question="问", snapshot="1", reason=Reason.NOT_IN_DOCUMENTS, text="没有找到。"
)


@given(st.text() | st.sampled_from(HOSTILE))
def test_escaped_text_shows_as_it_is(text: str) -> None:
    assert Shown(f"<p>{render.escape(text)}</p>").text == shown(text)


@given(st.text() | st.sampled_from(HOSTILE))
def test_escaped_text_holds_nothing_that_html_or_markdown_takes_for_its_own(text: str) -> None:
    rest = re.sub(r"&#\d+;", "", render.escape(text))
    assert not re.search(r"[!-/:-@\[-`{-~\x00-\x1f\x7f]", rest)


@given(question=texts, title=texts, heading=texts, quote=texts, around=texts, short=texts)
def test_hostile_text_adds_no_element_and_loses_no_character(
    question: str, title: str, heading: str, quote: str, around: str, short: str
) -> None:
    citation = replace(cited(quote, title=title, before=around, after=around), headings=(heading,))
    markup = render.exchange(question, answered(citation, text=short + "另", short=short or None, understood=around))
    page = Shown(markup)
    assert page.elements <= ELEMENTS and page.attributes == {"class"}
    assert "\n" not in markup
    assert question == "" or shown(question) in page.texts["asked"][0]
    assert page.texts["mark"] == [shown(quote)]
    assert shown(title) in page.texts["source"][0] and shown(short) in page.text


@given(text=texts, nearest=texts)
def test_a_refusal_shows_hostile_text_as_it_is(text: str, nearest: str) -> None:
    page = Shown(render.exchange("问", replace(REFUSAL, text=text, nearest=(cited(nearest),))))
    assert page.elements <= ELEMENTS and page.attributes == {"class"}
    assert shown(text) in page.text and shown(nearest.strip()) in page.text


def test_the_quote_is_marked_within_its_surroundings_and_the_shortest_answer_within_the_quote() -> None:
    citation = replace(cited("共结成7对帮扶对子。", before="前文。", after="后文。"), marks=((3, 5),))
    markup = render.exchange("问", answered(citation))
    assert Shown(markup).texts["mark"] == ["共结成7对帮扶对子。"]
    assert "<mark>共结成<strong>7对</strong>帮扶对子。</mark>" in markup
    assert '<span class="around">前文。</span><mark>' in markup
    assert '</mark><span class="around">后文。</span>' in markup


@pytest.mark.parametrize(
    "marks, strong",
    [
        (((0, 2), (1, 3)), "<strong>一二</strong><strong>三</strong>四"),
        (((2, 9),), "一二<strong>三四</strong>"),
        (((1, 1),), "一二三四"),
        (((2, 3), (0, 1)), "<strong>一</strong>二<strong>三</strong>四"),
    ],
)
def test_marked_ranges_may_overlap_and_come_in_any_order(marks: tuple[tuple[int, int], ...], strong: str) -> None:
    assert f"<mark>{strong}</mark>" in render.exchange("问", answered(replace(cited("一二三四"), marks=marks)))


@pytest.mark.parametrize(
    "start, before, seen",
    [
        (5, "开头的话。", "开头的话。"),
        (9, "半句的话。", "…半句的话。"),
        (9, "上一段。\n\n同一段。", "同一段。"),
        (9, "上一段。\n \n", ""),
        (9, "", ""),
    ],
)
def test_before_the_quote_its_own_paragraph_shows(start: int, before: str, seen: str) -> None:
    citation = replace(cited("答", before=before), start=start, end=start + 1)
    assert Shown(render.exchange("问", answered(citation))).texts.get("around", [""]) == [seen]


@pytest.mark.parametrize(
    "after, seen",
    [("整句。", "整句。"), ("半句", "半句…"), ("同一段。\n\n下一段", "同一段。"), ("\n\n下一段", ""), ("", "")],
)
def test_after_the_quote_its_own_paragraph_shows(after: str, seen: str) -> None:
    assert Shown(render.exchange("问", answered(cited("答", after=after)))).texts.get("around", [""]) == [seen]


def test_the_short_answer_comes_first_and_words_shown_in_the_source_are_not_repeated() -> None:
    page = Shown(render.exchange("问", answered(cited("共结成7对。"), text="共结成7对。", short="7对")))
    assert page.texts["short text"] == ["7对"]
    assert page.text.count("共结成7对。") == 1


def test_without_a_short_answer_the_quoted_words_come_first() -> None:
    page = Shown(render.exchange("问", answered(cited("共结成7对。"), text="共结成7对。")))
    assert page.texts["quoted text"] == ["共结成7对。"]


def test_the_question_as_understood_shows_only_when_it_differs() -> None:
    assert render.UNDERSTOOD not in render.exchange("问", answered(cited("答")))
    assert "我的理解：" in Shown(render.exchange("问", answered(cited("答"), understood="完整的问题"))).text


def test_what_the_documents_do_not_say_is_told() -> None:
    markup = render.exchange("问", replace(answered(cited("答")), missing="2022年的数字"))
    assert "文件中没有写到：2022年的数字" in Shown(markup).text


def test_nearest_passages_are_labelled_as_no_answer_and_not_marked() -> None:
    page = Shown(render.exchange("问", replace(REFUSAL, nearest=(cited("近似的话。"),))))
    assert "最接近的段落（不是答案，仅供参考）" in page.text and "近似的话。" in page.text
    assert "mark" not in page.elements
    assert "reply abstained" in page.texts and "reply answered" not in page.texts


def test_the_heading_path_leaves_out_what_repeats_the_title() -> None:
    citation = replace(cited("答", title="教育"), headings=("教育", "结对"))
    assert Shown(render.exchange("问", answered(citation))).texts["source"] == ["教育结对"]


def test_a_source_shows_its_page_and_that_it_is_out_of_force() -> None:
    plain, noted = cited("甲"), replace(cited("甲"), place="第3页", note="已失效")
    assert render.OUT_OF_FORCE not in Shown(render.exchange("问", answered(plain))).text
    text = Shown(render.exchange("问", answered(noted))).text
    assert "第3页" in text and f"{render.OUT_OF_FORCE}已失效" in text
