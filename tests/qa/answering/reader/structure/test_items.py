"""An item asked for by its number below a heading, where each heading counts anew."""

import pytest

from corpus.document import Document, Heading, Span
from qa.answering.reader.structure.articles import article

TEXT = (
    "古渡镇图书室借阅须知\n\n一、办证\n\n1. 凭身份证办证。\n\n2. 押金50元。\n\n"
    "二、借书\n\n1. 每次三册。\n\n2. 借期30天。\n\n12. 古籍不外借。\n"
)


def rules(text: str = TEXT, name: str = "须知.docx") -> Document:
    heads = [(1, text.split("\n")[0]), (2, "一、办证"), (2, "二、借书")]
    headings = tuple(Heading(level, Span(text.index(one), text.index(one) + len(one))) for level, one in heads)
    return Document(name, text.split("\n")[0], text, headings)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("古渡镇图书室借阅须知里“借书”第2条是怎么规定的", "2. 借期30天。"),
        ("古渡镇图书室办证部分第二条规定了什么", "2. 押金50元。"),
        ("古渡镇图书室借阅须知借书第12条的内容", "12. 古籍不外借。"),
        ("古渡镇图书室借阅须知里“借书”第5条是怎么规定的", None),  # there is none
        ("古渡镇图书室借阅须知第2条是怎么规定的", None),  # below which heading
        ("白石镇阅览须知里“借书”第2条是怎么规定的", None),  # of another document
    ],
)
def test_an_item_is_quoted_by_the_heading_above_it_and_its_number(question: str, quoted: str | None) -> None:
    found = article(question, [rules()])
    assert ([one.quote.of(one.document.text) for one in found.findings] if found else []) == (
        [quoted] if quoted else []
    )


def test_an_item_that_two_documents_have_is_not_quoted() -> None:
    question = "古渡镇图书室借阅须知里“借书”第2条是怎么规定的"
    found = article(question, [rules(), rules(TEXT.replace("30天", "15天"), "旧须知.docx")])
    assert found is None or not found.findings
