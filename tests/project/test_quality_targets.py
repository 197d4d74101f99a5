"""How good the answers are: the figures that a release has to reach, over both texts."""

from collections.abc import Iterator

import pytest

from corpus.read import read
from corpus.text.passages import PASSAGE_TOKENS
from index.retrieve import retrieve
from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded, load_served
from index.snapshots.snapshot import Snapshot
from qa.answering.assistant import Assistant
from qa.answering.reply import Answer
from qa.bootstrap import service as bootstrap
from qa.bootstrap.service import Parts
from qa.evaluation.golden import Judgement, judge, read_golden
from qa.evaluation.squad import read_squad
from qa.runtime.settings import ROOT
from qa.runtime.settings import read as read_settings
from tests.support.counts import count
from tests.support.programs.serving import Served

SHARED = ROOT.parent / "shared"
TEXTS = ("the article", "the shipped documents")
EVERY = count(8, whole=1)  # of the questions


@pytest.fixture(scope="module")
def parts(served: Served) -> Parts:
    return bootstrap.open_parts(read_settings({"QA_HOME": str(served.home)}), lambda _: None)


@pytest.fixture(scope="module", params=TEXTS)
def snapshot(request: pytest.FixtureRequest, parts: Parts) -> Iterator[Snapshot]:
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} does not exist here")
    if request.param == "the article":
        yield snapshots.build(read(SHARED / "corpus").documents, parts.embedder, max_tokens=PASSAGE_TOKENS)
    else:
        yield load_served(parts.store, model=parts.embedder.name).snapshot


@pytest.fixture(scope="module")
def judgements(snapshot: Snapshot, parts: Parts) -> list[Judgement]:
    assistant = Assistant(lambda: Loaded(snapshot), parts.embedder, parts.reader, parts.synonyms)
    return judge(read_golden(SHARED / "eval" / "gold_dev.jsonl")[::EVERY], assistant.ask)


def share(judgements: list[Judgement], verdict: str) -> float:
    return sum(judgement.verdict == verdict for judgement in judgements) / len(judgements)


def test_the_facts_stand_in_the_five_best_passages(snapshot: Snapshot, parts: Parts) -> None:
    asked = [q for q in read_golden(SHARED / "eval" / "gold_dev.jsonl") if q.answerable and not q.history]
    found = 0
    for question in asked:
        hits = retrieve(snapshot, parts.embedder, question.question, count=5)
        text = "\n".join(hit.passage.text for hit in hits)
        found += all(any(string in text for string in group) for group in question.must)
    assert found / len(asked) >= 0.97


def test_answerable_questions_are_answered_right(judgements: list[Judgement]) -> None:
    assert share([j for j in judgements if j.golden.answerable], "right") >= 0.80


def test_off_topic_questions_are_refused(judgements: list[Judgement]) -> None:
    assert share([j for j in judgements if "off-topic" in j.golden.tags], "refused") >= 0.95


def test_questions_about_something_else_are_refused_and_quote_nothing_false(snapshot: Snapshot, parts: Parts) -> None:
    """100 on an encyclopedia, which nothing was fitted on."""
    paragraphs = read_squad(SHARED / "data" / "drcd_test.json")
    asked = [paragraph.questions[0].text for paragraph in paragraphs[:: len(paragraphs) // 100]][:100]
    assistant = Assistant(lambda: Loaded(snapshot), parts.embedder, parts.reader, parts.synonyms)
    replies = [assistant.ask(question) for question in asked[::EVERY]]
    answers = [reply for reply in replies if isinstance(reply, Answer)]
    print(f"{len(answers)} of {len(replies)} answered", [(reply.question, reply.text) for reply in answers])
    assert len(answers) <= 0.05 * len(replies)
    texts = {document.name: document.text for document in snapshot.documents}
    for citation in (citation for reply in answers for citation in reply.citations):
        assert texts[citation.document][citation.start : citation.end] == citation.text


def test_every_quotation_is_the_exact_slice_of_its_document(snapshot: Snapshot, judgements: list[Judgement]) -> None:
    texts = {document.name: document.text for document in snapshot.documents}
    citations = [c for j in judgements if isinstance(j.reply, Answer) for c in j.reply.citations]
    assert citations
    for citation in citations:
        assert texts[citation.document][citation.start : citation.end] == citation.text
        assert citation.before + citation.text + citation.after in texts[citation.document]
