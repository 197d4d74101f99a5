"""Articles by number: numerals, exact search, quotation."""

import pytest

from corpus.document import Document
from corpus.loaders import text
from corpus.text.articles import article_of, articles
from corpus.text.numerals import whole_number
from index.retrieve import retrieve
from index.search.articles import asked_article
from index.snapshots.snapshot import build
from qa.answering.reader.structure.articles import article
from tests.support.doubles.toy import ToyEmbedder

RULES = """云溪县停车管理条例

第三条 停车人应当登记。
第四条 有下列情形之一的，免收停车费：
（一）执行任务的消防车；
（二）停放不超过三十分钟的机动车。
第十三条 违反第三条的，处二百元罚款。
第一百九十八条 直接送达。
第一千一百九十八条 配备引导员。
第一千二百六十条之一 临时规定。
"""
DOCUMENT = text.load("条例.txt", RULES.encode())


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三", 3),
        ("十", 10),
        ("二十一", 21),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一千零四十七", 1047),
        ("一千二百六十", 1260),
        ("一万零三", 10003),
        ("一〇四七", 1047),
        ("198", 198),
        ("廿三", 23),
        ("一百卅五", 135),
        ("壹佰", 100),
        ("贰拾叁", 23),
    ],
)
def test_numerals_have_their_values(numeral: str, value: int) -> None:
    assert whole_number(numeral) == value


@pytest.mark.parametrize("wrong", ["", "甲", "三乙"])
def test_other_words_are_no_numerals(wrong: str) -> None:
    with pytest.raises(ValueError):
        whole_number(wrong)


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("第三条", (3, 0)),
        ("第一千二百六十条之一", (1260, 1)),
        ("第廿三条", (23, 0)),
        ("第壹佰条", (100, 0)),
        ("违反第三条", None),
        ("三条", None),
    ],
)
def test_a_heading_begins_an_article_or_does_not(label: str, wanted: tuple[int, int] | None) -> None:
    assert article_of(label) == wanted


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ((198, 0), ["第一百九十八条 直接送达。"]),
        ((1198, 0), ["第一千一百九十八条 配备引导员。"]),
        ((1260, 1), ["第一千二百六十条之一 临时规定。"]),
        ((1260, 0), []),
    ],
)
def test_an_article_is_found_by_its_number_exactly(wanted: tuple[int, int], words: list[str]) -> None:
    assert [span.of(DOCUMENT.text) for span in articles(DOCUMENT, wanted)] == words


@pytest.mark.parametrize(
    "question", ["第三条规定了什么？", "请问停车管理条例第三条的内容", "《停车条例》第3条", "第三条，登记期限多久"]
)
def test_a_question_asks_for_an_article(question: str) -> None:
    asked = asked_article(question)
    assert asked is not None and asked.number == (3, 0)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("民法典1198条规定了什么", (1198, 0)),
        ("《民法典》1198条", (1198, 0)),
        ("民法典一千一百九十八条是什么", (1198, 0)),
        ("停车管理条例十三条第二款怎么说", (13, 0)),
        ("停车管理办法1260条之一的内容", (1260, 1)),
        ("第廿三条讲什么", (23, 0)),
        ("第壹佰条", (100, 0)),
    ],
)
def test_an_article_is_asked_for_as_people_write_it(question: str, number: tuple[int, int]) -> None:
    asked = asked_article(question)
    assert asked is not None and asked.number == number


@pytest.mark.parametrize(
    "question",
    [
        "停车管理办法一共十八条是什么",
        "停车管理办法有十八条吗",
        "这个停车办法十八条怎么这么多",
        "停车管理办法十八条规定都讲什么",
        "县里十八条公交线路怎么走",
        "稳增长措施十八条是什么",
        "办事方法十八条是什么",
        "1198条是什么",
        "违反停车管理条例十三条怎么罚",
    ],
)
def test_a_count_of_rules_or_roads_is_no_article(question: str) -> None:
    assert asked_article(question) is None


@pytest.mark.parametrize(
    "question", ["违反第三条罚多少钱？", "违反本条例第三条规定的怎么处罚", "第一条高速公路多长？", "有几条规定"]
)
def test_a_question_about_violations_or_roads_asks_for_none(question: str) -> None:
    assert asked_article(question) is None


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("停车条例第三条规定了什么？", "第三条 停车人应当登记。"),
        ("第三条的内容是什么？", "第三条 停车人应当登记。"),
        ("第三条的具体规定有哪些呢", "第三条 停车人应当登记。"),
        ("第三条是什么时候改的？", None),
        ("第四条第二项是什么？", "（二）停放不超过三十分钟的机动车。"),
        ("第四条第二项停车多少钱？", "（二）停放不超过三十分钟的机动车。"),
        ("第四条第二项什么时候改的？", None),
        (
            "停车管理条例第四条规定哪些情形免费？",
            "第四条 有下列情形之一的，免收停车费：\n（一）执行任务的消防车；\n（二）停放不超过三十分钟的机动车。",
        ),
        ("第四条规定的三十分钟怎么算？", None),
        ("第一百九十八条讲什么？", "第一百九十八条 直接送达。"),
        ("停车管理条例一千一百九十八条是什么", "第一千一百九十八条 配备引导员。"),
    ],
)
def test_an_article_is_quoted_as_it_stands(question: str, quote: str | None) -> None:
    reading = article(question, [DOCUMENT])
    assert (reading and reading.findings[0].quote.of(DOCUMENT.text)) == quote


BIKES = Document(
    "a.docx",
    "共享单车使用规则",
    "共享单车使用规则\n2 租还\n2.1 每次六十分钟以内免费。\n2.10 停用的卡可以恢复。\n3.1 违反2.1的停用。",
)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("共享单车使用规则2.1规定了什么", "2.1 每次六十分钟以内免费。"),
        ("《共享单车使用规则》3.1的内容是什么？", "3.1 违反2.1的停用。"),
        ("共享单车使用规则2.10是什么", "2.10 停用的卡可以恢复。"),
        ("共享单车使用规则2.9规定了什么", None),  # there is none
        ("违反共享单车使用规则2.1规定的怎么罚", None),
        ("停车管理条例2.1规定了什么", None),  # of another rule
        ("共享单车使用规则2.1元是什么钱", None),
    ],
)
def test_a_clause_is_quoted_by_its_decimal_number(question: str, quote: str | None) -> None:
    reading = article(question, [BIKES])
    assert (reading and reading.findings[0].quote.of(BIKES.text)) == quote


@pytest.mark.parametrize("question", ["停车管理条例第十一条规定了什么？", "第四条第九项是什么？"])
def test_an_article_that_is_not_there_is_not_answered(question: str) -> None:
    reading = article(question, [DOCUMENT])
    assert reading is not None and reading.findings == ()


def test_the_article_asked_for_is_found_first_among_all_documents() -> None:
    other = text.load("其他.txt", "养犬规定\n\n第一百九十八条 犬只送达。\n第三条 犬只登记。\n".encode())
    embedder = ToyEmbedder()
    snapshot = build([DOCUMENT, other], embedder, max_tokens=40)
    for question, words in (
        ("停车条例第一百九十八条是什么？", "第一百九十八条 直接送达。"),
        ("停车条例第一千一百九十八条是什么？", "第一千一百九十八条 配备引导员。"),
        ("养犬规定第三条是什么？", "第三条 犬只登记。"),
    ):
        assert retrieve(snapshot, embedder, question, count=3)[0].passage.text == words


def test_an_article_of_a_hidden_document_is_not_found() -> None:
    embedder = ToyEmbedder()
    snapshot = build([DOCUMENT], embedder, max_tokens=40)
    assert retrieve(snapshot, embedder, "第三条是什么？", count=3, hidden=lambda document: True) == []
    assert "第三条 停车人" in retrieve(snapshot, embedder, "第三条是什么？", count=3)[0].passage.text
