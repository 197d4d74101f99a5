"""Fit when a question gets the card of a guide, on broad questions and on others that look like them.

Rows are questions with `document` (the name of the guide, empty without one), `question`, and `kind`: *broad* asks for
the whole guide, *narrow* for one thing of it, *other* for a matter that no document guides to. Beside them each guide's
own written questions are asked. How far the result can be trusted is measured five-fold, by document.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.text.normalise import digits
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding.base import Embedder
from index.retrieve import retrieve
from index.snapshots import snapshot as snapshots
from qa.answering.forms.base import Form
from qa.answering.forms.lists.guiding import features
from qa.answering.lookup.searching import HITS
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Reader
from qa.training.linear.answer_forms import Row, Sample, fit, read_rows, save
from qa.training.questions.written import WrittenDocument, read_written

OTHERS = 300  # documents beside the guides
ORDINARY = 8  # of the questions written on each guide


def train_guides(
    questions: Sequence[Path],
    forms: Sequence[Path],
    *,
    embedder: Embedder,
    reader: Reader,
    synonyms: Synonyms,
    out: Path,
    progress: Callable[[str], None],
) -> Path:
    """Fit the constants; return their file. `forms` are the broad questions. Raises `QuestionFileError`."""
    written = {one.document.title: one for path in questions for one in read_written(path)}
    rows = [row for row in read_rows(forms) if row["document"] in ("", *written)]
    guides = {row["document"] for row in rows} & set(written)
    drawn = sorted(set(written) - guides, key=_lot)[:OTHERS]
    documents = tuple(
        replace(written[title].document, name=f"{number:04}.txt")
        for number, title in enumerate([*sorted(guides), *drawn])
    )
    built = snapshots.build(documents, embedder, max_tokens=PASSAGE_TOKENS)
    found: list[Sample] = []
    for row in [*rows, *_ordinary(written, sorted(guides))]:
        search = digits(matching_copy(row["question"], synonyms))
        question = Question(row["question"], row["question"], search)
        hits = retrieve(built, embedder, search, count=HITS)
        if features(question, hits, 0.0):  # a guide is found first: only then is it worth a reading
            known = features(question, hits, reader.read(question, hits).confidence)
            title = hits[0].passage.document.title
            found.append(Sample(row["document"], known, row["kind"] == "broad" and title == row["document"]))
    broad = sum(row["kind"] == "broad" for row in rows)
    progress(f"{broad} broad questions, {sum(bool(sample.label) for sample in found)} of them find their guide first")
    return save({Form.PARTS.value: fit(found, both=False)}, out / "guides.json", progress)


def _ordinary(written: Mapping[str, WrittenDocument], titles: Sequence[str]) -> list[Row]:
    """Return questions on the guides that ask for one thing, as they were written for the reader."""
    rows: list[Row] = []
    for title in titles:
        drawn = sorted((one.text for one in written[title].questions), key=_lot)[:ORDINARY]
        rows += [{"document": title, "question": text, "kind": "ordinary"} for text in drawn]
    return rows


def _lot(words: str) -> str:
    """Return a place in an order by lot, the same in every run."""
    return hashlib.sha256(words.encode()).hexdigest()
