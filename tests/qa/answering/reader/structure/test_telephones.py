"""Of several telephones of an office the one is read that the question names by its purpose."""

import pytest

from corpus.document import Document, Passage, Span
from corpus.text.normalise import normalise
from index.retrieve import Hit
from qa.answering.reader.base import Finding
from qa.answering.reader.structure.telephones import called_so

ORDER = "送餐站每周一休息，订餐请打预约电话5550101。"
FOOT = "值班电话：5550102　　投诉举报电话：5550103"
OFFICE = Document("送餐.docx", "送餐站须知", f"{ORDER}\n{FOOT}")
OTHER = Document("体检.docx", "体检须知", "监督电话：5550199")


def hit(document: Document, text: str) -> Hit:
    start = document.text.index(text)
    span = Span(start, start + len(text))
    return Hit(Passage(document, span, (), (span,)), 1.0, 0.5, 1.0)


@pytest.mark.parametrize(
    ("question", "read", "named"),
    [
        ("送餐站的投诉电话是多少", ORDER, True),
        ("送餐站的举报热线是多少", ORDER, True),
        ("送餐站的预约电话是多少", ORDER, False),  # it is the one read
        ("送餐站的投诉电话是多少", FOOT, False),
        ("送餐站的监督电话是多少", ORDER, False),  # only another office tells one
        ("送餐站的电话是多少", ORDER, False),
        ("送餐站的预约电话和投诉电话是多少", ORDER, False),
    ],
)
def test_the_passage_that_names_the_telephone_is_read_in_place_of_the_other(
    question: str, read: str, named: bool
) -> None:
    hits = [hit(OFFICE, ORDER), hit(OFFICE, FOOT), hit(OTHER, OTHER.text)]
    start = OFFICE.text.index(read)
    found = Finding(OFFICE, (), Span(start, start + len(read)), None)
    assert called_so(normalise(question), found, hits) == (hits[1:2] if named else [])
