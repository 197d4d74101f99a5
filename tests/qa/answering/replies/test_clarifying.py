"""A question that fits two documents leaves the choice to whoever asks; a question that says which does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from corpus.document import Document, Span
from corpus.text.normalise import normalise
from index.retrieve import Hit
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading, finding
from qa.answering.replies.clarifying import told_apart
from qa.answering.reply import Answer, Choice, as_json
from qa.storage.reply_json import pack, unpack
from tests.support.doubles.toy import ToyEmbedder, document

TOWN = document("每人每年缴费380元。\n", name="城镇.txt", title="青川县城镇居民取暖补贴办法")
VILLAGE = document("每人每年缴费250元。\n", name="农村.txt", title="青川县农村居民取暖补贴办法")
QUESTION = "每人每年缴费多少元？"


def labels(question: str, *titles: str) -> tuple[str, ...]:
    return told_apart(normalise(question), [document("文", name=f"{n}.txt", title=t) for n, t in enumerate(titles)])


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("青川县城镇居民取暖补贴办法", "青川县农村居民取暖补贴办法"), ("城镇居民", "农村居民")),
        (("东街道办关于停水的通知", "西河镇停水公告"), ("《东街道办关于停水的通知》", "《西河镇停水公告》")),
        (("小学招生简章", "初中招生简章", "高中招生简章"), ("小学", "初中", "高中")),
        (("2019年救助办法", "2025年救助办法"), ()),  # editions of one document
        (("救助办法（试行）", "救助办法"), ()),
        (("关于印发救助办法的通知", "救助办法实施细则"), ()),
        (("县路内停车收费公示", "县路内停车收费标准"), ()),  # kinds of documents about one subject
        (("停车收费标准表", "停车收费公示"), ()),
        (("养犬办理指南", "养犬办理须知（2024年）"), ()),
        (("低保标准公示", "高龄津贴标准"), ("《低保标准公示》", "《高龄津贴标准》")),
        (("城镇低保单人户标准", "城镇低保多人户标准"), ("单人户", "多人户")),
        (("救助办法", "救助办法"), ()),
        (("救助办法",), ()),
    ],
)  # fmt: skip
def test_documents_are_named_by_what_tells_them_apart(titles: Sequence[str], expected: Sequence[str]) -> None:
    assert labels("每人多少元？", *titles) == tuple(expected)


@pytest.mark.parametrize(
    ("question", "open_"), [("缴费多少元？", True), ("农村缴费多少元？", False), ("居民缴费多少元？", True)]
)
def test_a_question_with_words_of_one_title_only_says_which_it_means(question: str, open_: bool) -> None:
    assert bool(labels(question, TOWN.title, VILLAGE.title)) is open_


@dataclass
class Figures:
    """Finds the sum in each document of the hits; all are as sure."""

    threshold: float = 0.5
    rivals: bool = True

    def at(self, threshold: float) -> "Figures":
        return Figures(threshold, self.rivals)

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
        found = [_sum(hit) for hit in hits]
        return Reading(tuple(found[:1]), 0.9, rivals=tuple(found[1:]) if self.rivals else ())


def _sum(hit: Hit) -> Finding:
    sentence = hit.passage.sentences[-1]
    start = hit.passage.document.text.index("费") + 1
    return finding(hit.passage, sentence, Span(start, start + 4))


def assistant(*documents: Document, rivals: bool = True) -> Assistant:
    snapshot = snapshots.build(documents, ToyEmbedder(), max_tokens=60)
    return Assistant(lambda: Loaded(snapshot), ToyEmbedder(), Figures(rivals=rivals), Synonyms([]))


def test_a_question_that_fits_two_documents_offers_both_and_quotes_both() -> None:
    reply = assistant(TOWN, VILLAGE).ask(QUESTION)
    assert isinstance(reply, Answer)
    assert set(reply.choices) == {Choice("城镇.txt", "城镇居民"), Choice("农村.txt", "农村居民")}
    assert {citation.document for citation in reply.citations} == {"城镇.txt", "农村.txt"}
    assert sorted((reply.short or "").split("；")) == ["农村居民：250元", "城镇居民：380元"]
    assert unpack(pack(reply)) == reply
    assert as_json(reply)["choices"] == [{"document": one.document, "label": one.label} for one in reply.choices]


def test_two_kinds_of_documents_about_one_subject_are_set_against_each_other_by_their_years() -> None:
    kinds = (("公示2024", "青川县停车收费公示", "5元"), ("标准2019", "青川县停车收费标准", "3元"))
    found = [document(f"停车收费{value}。\n", name=f"{name}.txt", title=title) for name, title, value in kinds]

    class Contradicting(Figures):
        def at(self, threshold: float) -> "Contradicting":
            return self

        def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
            both = [finding(hit.passage, hit.passage.sentences[-1], Span(4, 6)) for hit in hits]
            return Reading(tuple(both), 0.9, contradictory=True)

    snapshot = snapshots.build(found, ToyEmbedder(), max_tokens=60)
    reply = Assistant(lambda: Loaded(snapshot), ToyEmbedder(), Contradicting(), Synonyms([])).ask("停车收费多少元？")
    assert isinstance(reply, Answer)
    assert (reply.choices, reply.short) == ((), "2024年的文件写的是5元；2019年的写的是3元")


def test_a_document_that_is_chosen_answers_alone() -> None:
    asked = assistant(TOWN, VILLAGE)
    for name, short in (("城镇.txt", "380元"), ("农村.txt", "250元")):
        reply = asked.ask(QUESTION, document=name)
        assert isinstance(reply, Answer)
        assert (reply.document, reply.short, reply.choices) == (name, short, ())
    gone = asked.ask(QUESTION, document="没有.txt")
    assert isinstance(gone, Answer) and gone.choices and not gone.document, "asked of all documents"


def test_one_document_that_plainly_answers_leaves_no_choice() -> None:
    for asked in (assistant(TOWN), assistant(TOWN, VILLAGE, rivals=False)):
        reply = asked.ask(QUESTION)
        assert isinstance(reply, Answer) and reply.choices == () and len(reply.citations) == 1
