import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering import replies
from qa.answering.forms.base import AnswerForm, Form
from qa.answering.reply import Abstention, Answer, Citation, Reason
from qa.web import html
from qa.web.translations import ENGLISH, SIMPLIFIED, TRADITIONAL, words

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
    "a",
    "b",
    "section",
    "ul",
    "time",
}
ATTRIBUTES = {"class", "lang", "href", "id", "datetime"}
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
        self.feed(str(markup))
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


def cited(text: str, *, title: str = "标题") -> Citation:
    return Citation("a.md", title, ("章",), 0, len(text), text)


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
    assert Shown(f"<p>{html.escape(text)}</p>").text == shown(text)


@given(st.text() | st.sampled_from(HOSTILE))
def test_escaped_text_holds_nothing_that_html_or_markdown_takes_for_its_own(text: str) -> None:
    rest = re.sub(r"&#\d+;", "", html.escape(text))
    assert not re.search(r"[!-/:-@\[-`{-~\x00-\x1f\x7f]", rest)


@given(st.text() | st.sampled_from(HOSTILE))
def test_text_that_comes_into_markup_is_escaped_on_every_way(text: str) -> None:
    start, end = html.Html("<p>"), html.Html("</p>")
    formatted = (html.Html("<p>{}</p>").format(text), html.Html("<p>%s</p>") % text)
    for markup in (*formatted, start + text + end, html.NOTHING.join([start, text, end])):
        assert isinstance(markup, html.Html) and Shown(markup).text == shown(text)


def test_markup_that_comes_into_markup_stays_markup() -> None:
    inner = html.Html("<b>字</b>")
    for markup in (html.Html("<p>{}</p>").format(inner), html.Html("<p>") + inner + html.Html("</p>")):
        assert Shown(markup).elements == {"p", "b"}


def exchange(question: str, answer: Answer) -> str:
    return html.exchange(replace(answer, question=question))


@given(question=texts, title=texts, heading=texts, quote=texts, name=texts, short=texts)
def test_hostile_text_adds_no_element_and_loses_no_character(
    question: str, title: str, heading: str, quote: str, name: str, short: str
) -> None:
    citation = replace(cited(quote, title=title), headings=(heading,), document=name, marks=((0, len(quote)),))
    markup = exchange(question, answered(citation, text=short + "另", short=short or None, understood=title + "？"))
    page = Shown(markup)
    assert page.elements <= ELEMENTS and page.attributes <= ATTRIBUTES
    assert "\n" not in markup
    assert question == "" or shown(question) in page.texts["asked"][0]
    assert page.texts.get("mark", [""]) == [shown(quote.rstrip())]
    assert shown(title) in page.texts["origin"][0] and shown(short) in page.text


@given(text=texts, nearest=texts, contact=texts, office=texts)
def test_a_refusal_shows_hostile_text_as_it_is(text: str, nearest: str, contact: str, office: str) -> None:
    refusal = replace(REFUSAL, text=text, nearest=(cited(nearest),), contacts=(office,))
    page = Shown(html.exchange(refusal, ways=html.Ways(contact)))
    assert shown(office) in page.text
    assert page.elements <= ELEMENTS and page.attributes <= ATTRIBUTES
    assert shown(text) in page.text and shown(nearest.strip()) in page.text and shown(contact) in page.text


@pytest.mark.parametrize(
    "marks, marked",
    [
        (((0, 2), (1, 3)), "<mark>一二</mark><mark>三</mark>四"),
        (((2, 9),), "一二<mark>三四</mark>"),
        (((1, 1),), "一二三四"),
        (((2, 3), (0, 1)), "<mark>一</mark>二<mark>三</mark>四"),
    ],
)
def test_marked_ranges_may_overlap_and_come_in_any_order(marks: tuple[tuple[int, int], ...], marked: str) -> None:
    assert f'lang="zh-CN">{marked}<a class="ref"' in html.exchange(answered(replace(cited("一二三四"), marks=marks)))


def test_a_question_of_several_parts_is_answered_by_a_list() -> None:
    form = AnswerForm(Form.PARTS, "几号发准考证：6月10日\n在哪里领：<二楼>")
    markup = html.exchange(replace(answered(cited("6月10日在<二楼>领准考证。")), form=form))
    assert Shown(markup).texts["short text lines"] == ["几号发准考证：6月10日在哪里领：<二楼>"]
    assert all(f"<li>{html.escape(line)}</li>" in markup for line in form.line.split("\n"))


def test_one_line_is_no_list() -> None:
    form = AnswerForm(Form.PARTS, "几号发准考证：6月10日")
    assert Shown(html.exchange(replace(answered(cited("6月10日。")), form=form))).texts["short text"] == [form.line]


@pytest.mark.parametrize(("kind", "said"), [(Form.YES_NO, True), (Form.LOOKUP, False)])
def test_whoever_asks_for_yes_or_no_is_told_first_that_the_documents_say_neither(kind: Form, said: bool) -> None:
    refusal = replace(REFUSAL, form=AnswerForm(kind, "文件没有说。"))
    page = html.exchange(refusal)
    assert ("w-not_said" in page) is said
    assert page.find("w-not_said") < page.index("w-no_answer")


def test_the_short_answer_comes_before_the_quotation() -> None:
    page = Shown(html.exchange(answered(cited("共结成7对。"), text="共结成7对。", short="7对")))
    assert page.texts["short text"] == ["7对"]
    assert page.text.index("7对") < page.text.index("共结成7对。")
    assert page.text.count("共结成7对。") == 1


@pytest.mark.parametrize("length, kind", [(60, "quotes only brief"), (61, "quotes only")])
def test_without_a_short_answer_the_quotation_is_the_answer(length: int, kind: str) -> None:
    text = "长" * length
    assert kind in Shown(html.exchange(answered(cited(text), text=text))).texts


def test_a_quotation_that_answers_only_in_part_stands_in_small_letters() -> None:
    reply = answered(cited("芦桥中心14个。"), text="芦桥中心14个。")
    kinds = [Shown(html.exchange(replace(reply, form=AnswerForm(form)))).texts for form in (Form.LOOKUP, Form.COMPARE)]
    assert ["quotes only brief" in one for one in kinds] == [True, False]


def test_a_document_has_one_chip_and_every_quotation_its_number() -> None:
    first, second, third = cited("一。"), replace(cited("二。", title="乙"), document="b.md"), cited("三。")
    page = Shown(html.exchange(replace(answered(first), citations=(first, second, third))))
    assert page.texts["ref"] == ["1", "2", "1"]
    assert page.texts["chip source"] == ["1标题章文件没有写日期", "2乙章文件没有写日期"]


def test_a_chip_leads_to_all_quotations_of_its_document() -> None:
    first, second = (
        replace(cited("一。"), document="年 报/a&b.md"),
        replace(cited("二。"), document="年 报/a&b.md", start=7, end=9),
    )
    markup = unescape(html.exchange(replace(answered(first), citations=(first, second), snapshot="s-1")))
    address = "/source?snapshot=s-1&document=%E5%B9%B4+%E6%8A%A5%2Fa%26b.md&at=0-2&at=7-9#m1"
    assert f'href="{address}"' in markup


def test_how_the_answer_was_made_is_told() -> None:
    assert Shown(html.exchange(answered(cited("答")))).texts["made"] == ["原文摘录，不是人工智能编写"]


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2026-03-09", ["2026年3月9日"]),
        ("二〇二六年三月九日", ["2026年3月9日"]),
        ("2026年3月", ["2026年3月"]),
        ("", ["文件没有写日期"]),
    ],
)
def test_a_source_shows_the_day_of_its_document(date: str, shown: list[str]) -> None:
    page = Shown(html.exchange(answered(replace(cited("答"), date=date))))
    assert page.texts.get("dated", []) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("《两地合作上台阶》，某报", ["这份文件是转述，原件是：《两地合作上台阶》，某报"]),
        ("区教委网站", ["来源：区教委网站"]),
        ("", []),
    ],
)
def test_a_document_that_retells_another_says_so_under_an_answer_and_beside_the_nearest_words(
    source: str, shown: list[str]
) -> None:
    place = replace(cited("答"), source=source)
    twice = (place, replace(place, document="b.md"))
    for markup in (
        html.exchange(replace(answered(place), citations=twice)),
        html.exchange(replace(REFUSAL, nearest=twice)),
    ):
        assert Shown(markup).texts.get("retold", []) == shown


def test_the_question_as_understood_shows_only_when_it_differs() -> None:
    assert "我的理解：" not in Shown(html.exchange(answered(cited("答")))).text
    assert "我的理解：完整的问题" in Shown(html.exchange(answered(cited("答"), understood="完整的问题"))).text


def test_what_the_documents_do_not_say_is_told() -> None:
    markup = html.exchange(replace(answered(cited("答")), missing="2022年的数字"))
    assert "文件中没有写到：2022年的数字" in Shown(markup).text


def test_the_best_passage_stands_open_with_the_words_of_the_question_marked_and_the_others_are_folded() -> None:
    best, other = replace(cited("近似的话。"), marks=((0, 2),)), replace(cited("远的话。"), document="b.md")
    markup = html.exchange(replace(REFUSAL, nearest=(best, other)))
    page = Shown(markup)
    assert "没有直接的答案。最接近的原文：" in page.text and page.texts["mark"] == ["近似"]
    assert markup.index("近似") < markup.index("<details>") < markup.index("远的话")
    assert "reply abstained" in page.texts and "reply answered" not in page.texts


def test_of_a_word_all_places_stand_open() -> None:
    places = (cited("榨菜一。"), replace(cited("榨菜二。"), document="b.md"))
    page = Shown(html.exchange(replace(REFUSAL, reason=Reason.KEYWORD, nearest=places)))
    assert "文件里写到它的地方" in page.text and "details" not in page.elements


@pytest.mark.parametrize(
    "change, told",
    [({}, True), ({"reason": Reason.SMALL_TALK}, False), ({"rejected": True}, False), ({"card": "crisis"}, False)],
)
def test_whom_to_ask_is_told_when_there_is_no_answer(change: dict[str, Any], told: bool) -> None:
    markup = html.exchange(replace(REFUSAL, **change), ways=html.Ways("区政务大厅 023-72212345"))
    assert ("区政务大厅" in Shown(markup).text) == told
    assert ('href="tel:02372212345"' in markup) == told


def test_the_office_that_a_document_names_comes_before_that_of_the_settings_and_each_once() -> None:
    refusal = replace(REFUSAL, contacts=("合作办", "大厅"))
    page = Shown(html.exchange(refusal, ways=html.Ways("大厅")))
    assert page.texts["contact"][0].startswith("找人问合作办大厅12345")


def test_questions_to_ask_instead_are_links_that_work_without_a_script() -> None:
    markup = html.exchange(REFUSAL, ways=html.Ways(further=["有多少对？"]))
    assert "/ask?q=" in unescape(markup)
    assert "您是不是想问" in Shown(markup).text
    assert "您是不是想问" not in Shown(html.exchange(REFUSAL)).text


def test_a_card_stands_above_an_answer_and_its_numbers_dial() -> None:
    markup = html.exchange(replace(answered(cited("答")), card="danger"))
    assert markup.index('href="tel:119"') < markup.index("blockquote")
    assert "tel:" not in html.exchange(answered(cited("答")))


def test_a_card_in_the_words_of_staff_dials_their_numbers() -> None:
    ways = html.Ways(cards={"crisis": "请打 023-8888 9999 或 400-161-9995，2026年有效"})
    markup = html.exchange(replace(REFUSAL, reason=Reason.HELP, card="crisis"), ways=ways)
    assert re.findall(r"tel:(\d+)", markup) == ["4001619995"]


def test_the_heading_path_leaves_out_what_repeats_the_title() -> None:
    citation = replace(cited("答", title="教育"), headings=("教育", "结对"))
    assert Shown(html.exchange(answered(citation))).texts["origin"] == ["教育结对"]


def test_the_words_of_the_page_come_in_other_languages_and_the_texts_of_documents_stay() -> None:
    text = '出处<span class="w w-sources">x'
    markup = html.exchange(answered(replace(cited(text), date="2026年3月9日")))
    page = Shown(html.in_language(markup, ENGLISH))
    assert "Sources" in page.text and text in page.text and "9 March 2026" in page.text
    assert "原文摘錄" in Shown(html.in_language(markup, TRADITIONAL)).text


@pytest.mark.parametrize(
    ("question", "page", "language"),
    [
        ("Who founded it?", "", ENGLISH),
        ("Who founded it?", SIMPLIFIED, ENGLISH),
        ("谁创办的？", "", SIMPLIFIED),
        ("谁创办的？", ENGLISH, SIMPLIFIED),
        ("谁创办的？", TRADITIONAL, TRADITIONAL),
        ("誰創辦的？", "", TRADITIONAL),
        ("誰創辦的？", SIMPLIFIED, TRADITIONAL),
        ("2021?", ENGLISH, SIMPLIFIED),
    ],
)
def test_the_words_around_a_reply_are_in_the_language_of_its_question(question: str, page: str, language: str) -> None:
    citation = replace(cited("答"), date="2026年3月9日")
    answer = replace(answered(citation, understood="问"), question=question, missing="三")
    markup = html.exchange(answer, page=page)
    if page:  # a page without scripts puts all its words into its own language
        markup = html.in_language(html.label("sources") + markup, page)
        assert Shown(markup).text.startswith(words(page)["sources"])
    shown = Shown(markup).text
    for key in ("missing", "made"):
        assert words(language)[key] in shown
    assert ("9 March 2026" if language == ENGLISH else "2026年3月9日") in shown
    assert f'<div class="exchange" lang="{language}">' in markup
    assert words(language)["missing"] + "三" in html.plain(answer) or page == TRADITIONAL


def test_why_there_is_no_answer_is_told_in_the_language_of_the_question() -> None:
    refusal = replace(REFUSAL, text=replies.ABSTAINED[REFUSAL.reason])
    assert replies.ABSTAINED[REFUSAL.reason] in Shown(html.exchange(refusal, page=ENGLISH)).text
    refusal = replace(REFUSAL, question="Why?", text=replies.ABSTAINED_ENGLISH[REFUSAL.reason])
    assert replies.ABSTAINED_ENGLISH[REFUSAL.reason] in Shown(html.exchange(refusal, page=SIMPLIFIED)).text
    refusal = replace(REFUSAL, text="请输入一个问题。", rejected=True)
    assert "请输入一个问题。" in Shown(html.exchange(refusal)).text


def test_a_copied_answer_carries_its_references() -> None:
    first, second = cited("一。"), replace(cited("二。", title="乙"), document="b.md")
    answer = replace(answered(first, short="一"), citations=(first, second), missing="三")
    assert html.plain(answer) == "一\n“一。”[1]\n“二。”[2]\n文件中没有写到：三\n[1] 《标题》章\n[2] 《乙》章"


def test_a_source_shows_its_page_and_that_it_is_out_of_force() -> None:
    plain, noted = cited("甲"), replace(cited("甲"), place="第3页", note="已失效")
    assert "注意：此件" not in Shown(html.exchange(answered(plain))).text
    text = Shown(html.exchange(answered(noted))).text
    assert "第3页" in text and "注意：此件已失效" in text
