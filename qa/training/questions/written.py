"""Training examples from questions written for documents: answered and unanswered ones as citizens type them."""

import json
import lzma
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Document, Passage, Span
from corpus.read import read as read_documents
from corpus.text.headings.plain import plain_headings
from corpus.text.passages import Splitter
from index.search.lexical import LexicalIndex
from index.snapshots.snapshot import indexed_text
from qa.evaluation.golden import GoldenQuestion
from qa.evaluation.squad import Paragraph, QuestionFileError
from qa.training.paragraphs.examples import Example

# Shares of what a question is read with, as the product reads: its passages, the quotation alone, a short document.
PASSAGE, SENTENCE, DOCUMENT = "passage", "sentence", "document"
SHARES: Mapping[str, float] = {PASSAGE: 0.72, SENTENCE: 0.22, DOCUMENT: 0.06}
# Of questions of known form, those that one sentence answers.
_ONE_SENTENCE = ("yesno", "lookup", "list", "why", "premise")
# Of answerable questions, the share that is also read with the best passage that does not hold the answer.
BESIDE = 0.4


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question on one document; `answer` is its span in the document's text, None where the document has none.

    `verdict` is True for yes and False for no, None where neither is asked for. A span that is not `exact` holds the
    shortest answer. `alike` asks the same in the language of the document: by its words those are chosen that seem to
    answer, with which a question in another language shares none; empty where that is the language of `text`.
    """

    text: str
    answer: Span | None
    kind: str
    verdict: bool | None = None
    exact: bool = True
    alike: str = ""

    @property
    def wording(self) -> str:
        """The question in the language of its document."""
        return self.alike or self.text


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A document with the questions that were written on it."""

    document: Document
    questions: tuple[WrittenQuestion, ...]


def read_written(path: Path) -> list[WrittenDocument]:
    """Read a file of documents with questions, one JSON object a line, also packed as .xz.

    Raises `QuestionFileError` naming the line.
    """
    try:
        content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
        lines = content.decode("utf-8").splitlines()
    except (OSError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise QuestionFileError(f"{path} cannot be read; give a UTF-8 file with one document a line") from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_document(json.loads(line), f"{number:04}.txt"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionFileError(f"{path}, line {number}: {error}") from error
    return found


def of_golden(golden: Sequence[GoldenQuestion], folder: Path) -> list[WrittenDocument]:
    """Return an office's documents with the golden questions on them: the answer is the string that must be shown.

    A question whose string stands in no document, or in several, or that needs several strings, is left out; one
    without an answer goes with the first document, for none holds it.
    """
    documents = read_documents(folder).documents
    found: dict[str, list[WrittenQuestion]] = {document.name: [] for document in documents}
    for question in golden:
        if question.history:
            continue
        if not question.answerable:
            for document in documents[:1]:
                found[document.name].append(WrittenQuestion(question.question, None, "golden"))
        elif len(question.must) == 1:
            places = [
                (document, document.text.index(string))
                for document in documents
                for string in question.must[0][:1]
                if document.text.count(string) == 1
            ]
            if len(places) == 1:
                document, start = places[0]
                span = Span(start, start + len(question.must[0][0]))
                found[document.name].append(WrittenQuestion(question.question, span, "golden"))
    return [WrittenDocument(document, tuple(found[document.name])) for document in documents if found[document.name]]


def of_paragraphs(paragraphs: Sequence[Paragraph]) -> list[WrittenDocument]:
    """Return paragraphs in SQuAD form as documents; a question whose answer is not at its place is left out."""
    found = []
    for number, paragraph in enumerate(paragraphs):
        text = paragraph.text
        questions = tuple(
            WrittenQuestion(question.text, Span(start, start + len(answer)), "paragraph")
            for question in paragraph.questions
            for answer, start in question.answers[:1]
            if answer.strip() and text[start : start + len(answer)] == answer
        )
        document = Document(name=f"paragraph-{number:05}.txt", title=paragraph.title, text=text)
        found.append(WrittenDocument(document, questions))
    return found


def _document(row: dict[str, object], name: str) -> WrittenDocument:
    # Not by a loader, which may write tables otherwise: the places of the answers are those of this text.
    text = str(row["text"])
    document = Document(name, str(row["title"]), text, tuple(plain_headings(text)))
    questions = row["questions"]
    assert isinstance(questions, list)
    return WrittenDocument(document, tuple(_question(question, document.text) for question in questions))


def _question(row: dict[str, object], text: str) -> WrittenQuestion:
    answer, start, alike = row["answer"], row["start"], str(row.get("alike") or "")
    if answer is None:
        return WrittenQuestion(str(row["question"]), None, str(row["kind"]), alike=alike)
    span = Span(int(str(start)), int(str(start)) + len(str(answer)))
    if span.of(text) != answer:
        raise ValueError(f"the answer {answer!r} does not stand at {start}")
    return WrittenQuestion(str(row["question"]), span, str(row["kind"]), verdict_of(row), alike=alike)


def merged(documents: Iterable[WrittenDocument]) -> list[WrittenDocument]:
    """Return each document once, with its questions of all files: a later file may ask more about an earlier one's.

    The documents are numbered anew, for each file begins with the first.
    """
    found: dict[tuple[str, str], WrittenDocument] = {}
    for written in documents:
        key = written.document.title, written.document.text
        fresh = WrittenDocument(replace(written.document, name=f"{len(found) + 1:04}.txt"), ())
        known = found.get(key, fresh)
        found[key] = WrittenDocument(known.document, known.questions + written.questions)
    return list(found.values())


def verdict_of(row: Mapping[str, object]) -> bool | None:
    """Return whether a row's `verdict` is yes (True) or no (False); None for all else."""
    return {"yes": True, "no": False}.get(str(row.get("verdict")))


def with_forms(documents: Sequence[WrittenDocument], rows: Iterable[Mapping[str, Any]]) -> list[WrittenDocument]:
    """Return the documents with those questions of known form (`forms.jsonl.xz`) that one sentence answers, or none.

    A question whose document is not among them is left out.
    """
    found = {written.document.title: list(written.questions) for written in documents}
    texts = {written.document.title: written.document.text for written in documents}
    for row in rows:
        if row["document"] in found and (question := _of_form(row, texts[row["document"]])):
            found[row["document"]].append(question)
    return [WrittenDocument(written.document, tuple(found[written.document.title])) for written in documents]


def _of_form(row: Mapping[str, Any], text: str) -> WrittenQuestion | None:
    if row["label"] == "unanswered":
        return WrittenQuestion(row["question"], None, row["form"])
    if row["form"] not in _ONE_SENTENCE or len(row["quotes"]) != 1 or text.count(row["quotes"][0]) != 1:
        return None
    start, quote, answer = text.index(row["quotes"][0]), row["quotes"][0], row.get("answer") or row.get("instead") or ""
    exact = bool(answer) and quote.count(answer) == 1
    span = Span(start, start + len(quote))
    if exact:
        span = Span(start + quote.index(answer), start + quote.index(answer) + len(answer))
    return WrittenQuestion(row["question"], span, row["form"], verdict_of(row), exact)


class WrittenExamples:
    """Draws one epoch's examples after another from documents with questions."""

    def __init__(self, documents: Sequence[WrittenDocument], count_tokens: Callable[[str], int], max_tokens: int):
        splitter = Splitter(count_tokens, max_tokens)
        self._documents = documents
        self._passages = [splitter.split(written.document) for written in documents]
        self._all = [passage for passages in self._passages for passage in passages]
        self._first = [0, *accumulate(map(len, self._passages))]
        self._lexical = LexicalIndex.build([indexed_text(passage) for passage in self._all])
        self._ranked: dict[tuple[int, int], list[Passage]] = {}

    def passages(self, number: int) -> Sequence[Passage]:
        """Return the passages of a document, in order."""
        return self._passages[number]

    def beside(self, number: int, place: int) -> list[Passage]:
        """Return the passages most like an answerable question in which the words of its answer do not stand."""
        written = self._documents[number]
        question = written.questions[place]
        assert question.answer
        words = question.answer.of(written.document.text)
        return [passage for passage in self._best(number, place, question) if words not in passage.text]

    def epoch(self, seed: int | str) -> Iterator[Example]:
        """Yield each question once with something to read, some answerable ones with a passage beside the answer."""
        chance = random.Random(f"written/{seed}")
        for number, written in enumerate(self._documents):
            for place, question in enumerate(written.questions):
                group = f"{number}/{place}"
                kind = chance.choices(list(SHARES), list(SHARES.values()))[0]
                if example := self._example(number, place, question, kind=kind, group=group, chance=chance):
                    yield example
                if question.answer and chance.random() < BESIDE:
                    beside = self.beside(number, place)[:4]
                    if beside:
                        yield Example(question.text, indexed_text(chance.choice(beside)), -1, -1, "beside", group)

    def _example(
        self, number: int, place: int, question: WrittenQuestion, *, kind: str, group: str, chance: random.Random
    ) -> Example | None:
        document = self._documents[number].document
        if kind == DOCUMENT:
            span = question.answer
            start, end = (span.start, span.end) if span else (-1, -1)
            return Example(question.text, document.text, start, end, kind, group, question.exact)
        if question.answer:
            return self._answered(number, question, question.answer, kind, group)
        best = [p for p in self._best(number, place, question) if p.document is document][:2]
        passage = chance.choice(best) if best else None
        if passage is None:
            return None
        if kind == SENTENCE:
            sentence = self._nearest_sentence(passage, question.wording)
            passage = Passage(document, sentence, passage.headings, (sentence,))
        return Example(question.text, indexed_text(passage), -1, -1, kind, group)

    def _answered(self, number: int, question: WrittenQuestion, answer: Span, kind: str, group: str) -> Example | None:
        for passage in self._passages[number]:
            if answer.lies_in(passage.span):
                break
        else:
            return None
        if kind == SENTENCE:
            around = [s for s in passage.sentences if s.start < answer.end and s.end > answer.start]
            quote = Span(around[0].start, around[-1].end)
            passage = Passage(passage.document, quote, passage.headings, (quote,))
        text = indexed_text(passage)
        above = len(text) - len(passage.text)
        start = above + answer.start - passage.span.start
        end = start + len(answer)
        return Example(question.text, text, start, end, kind, group, question.exact)

    def _best(self, number: int, place: int, question: WrittenQuestion) -> list[Passage]:
        """Return the passages that share most terms with a question, first those of its own document."""
        if (number, place) not in self._ranked:
            scores = self._lexical.scores(question.wording)
            rows = np.argsort(-scores, kind="stable")[:12]
            of_document = range(self._first[number], self._first[number + 1])
            own = sorted(of_document, key=lambda row: -scores[row])[:3]
            ranked = dict.fromkeys([*own, *map(int, rows)])
            self._ranked[number, place] = [self._all[row] for row in ranked]
        return self._ranked[number, place]

    def _nearest_sentence(self, passage: Passage, question: str) -> Span:
        text = passage.document.text
        pairs = {question[i : i + 2] for i in range(len(question) - 1)}
        return max(passage.sentences, key=lambda span: sum(pair in span.of(text) for pair in pairs))
