"""What decides the form of an answer is fitted on questions with their right form."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document
from corpus.text.passages import Splitter
from index.retrieve import Hit
from qa.answering.forms.base import Form
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Reading
from qa.answering.reader.extractive import ExtractiveReader, Reckoning, quotation
from qa.answering.reader.verifier.judging import Verdict
from qa.evaluation.squad import QuestionFileError
from qa.training.linear.answer_forms import WANTED, Sample, comparison_samples, fit, polarity_samples, read_rows

TEXT = "馆藏一览\n全馆有一级文物9件、二级文物34件。"


def row(question: str, form: str, verdict: str | None, **more: Any) -> dict[str, Any]:
    return {
        "document": "馆藏一览",
        "question": question,
        "form": form,
        "verdict": verdict,
        "quotes": ["全馆有一级文物9件、二级文物34件。"],
        "operands": [],
        "label": "answered",
        **more,
    }


def test_the_threshold_is_the_lowest_at_which_enough_of_what_is_shown_is_right() -> None:
    """The feature tells all but the samples at 0, of which half are right."""
    sure = [Sample(f"d{n}", {"told": 1.0 if n % 2 else -1.0}, bool(n % 2)) for n in range(200)]
    unsure = [Sample(f"d{n}", {"told": 0.0}, n < 220) for n in range(200, 240)]
    fitted = fit([*sure, *unsure], both=True)
    assert 200 / 240 - 0.001 < fitted["report"]["shown"] < 1
    assert fitted["report"]["right of those shown"] >= WANTED
    shown = fitted["report"]["shown at"]
    assert shown["0.90"] > shown["0.95"] == fitted["report"]["shown"] >= shown["0.97"] > 0
    assert fitted["weights"]["told"] > 0


def test_a_near_miss_is_wrong_where_it_is_shown_and_teaches_to_be_unsure() -> None:
    """What settles nothing has the same verdicts as what does; only another feature tells them apart."""
    right = [
        Sample(f"d{n}", {"told": 1.0 if n % 2 else -1.0, "told and settled": 1.0 if n % 2 else -1.0}, bool(n % 2))
        for n in range(200)
    ]
    near = [Sample(f"d{n}", {"told": 1.0 if n % 2 else -1.0}, None) for n in range(100)]
    fitted = fit([*right, *near], both=True)
    report = fitted["report"]
    assert (report["questions"], report["without a right conclusion"], report["right of all"]) == (200, 100, 1.0)
    assert report["shown"] == report["right of those shown"] == 1.0
    alike = fit([*right, *(Sample(one.document, right[n].features, None) for n, one in enumerate(near))], both=True)
    assert alike["report"]["shown"] == 0 and alike["threshold"] == 1.0


@pytest.mark.parametrize(("verdict", "right"), [("二级文物", True), ("一级文物", False)])
def test_a_comparison_is_right_where_it_names_the_winner_written_down(verdict: str, right: bool) -> None:
    found = comparison_samples([row("一级文物和二级文物哪个多", "compare", verdict)], {"馆藏一览": TEXT}, Form.COMPARE)
    assert [sample.label for sample in found] == [right]


@pytest.mark.parametrize(
    ("form", "verdict", "right"),
    [("compute", "25件", True), ("compute", "43件", False), ("lookup", "25件", False)],
)
def test_a_computed_value_is_right_where_the_question_asks_for_it(form: str, verdict: str, right: bool) -> None:
    asked = row("二级文物比一级文物多几件", form, verdict)
    found = comparison_samples([asked], {"馆藏一览": TEXT}, Form.COMPUTE)
    assert [sample.label for sample in found] == [right]


def test_the_rows_of_a_list_are_right_where_they_are_those_written_down() -> None:
    rows = ["服务：助餐；价格：8元", "服务：助医；价格：40元"]
    asked = [row("有哪些服务", "list", None, quotes=quotes) for quotes in (rows, rows[:1])]
    found = comparison_samples(asked, {"馆藏一览": "\n".join(rows)}, Form.COUNT)
    assert [sample.label for sample in found] == [True, False]


class SaysYes(ExtractiveReader):
    """Reads every passage whole, and yes from it."""

    def __init__(self, confidence: float = 0.9) -> None:
        self.threshold, self.confidence = 0.4, confidence

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
        return Reading((quotation(self.reckon(question, hits)[0], question),), self.confidence)

    def reckon(
        self, question: Question | str, hits: Sequence[Hit], *, since: int = 0, until: int | None = None
    ) -> list[Reckoning]:
        return [Reckoning(hit, hit.passage.span, {}, 0.9, verdict=Verdict(0.5, 2.5)) for hit in hits]


def test_yes_and_no_are_learned_from_the_passage_that_is_cited_and_near_misses_from_what_would_be_shown() -> None:
    document = Document("a.txt", "馆藏一览", TEXT)
    passages = {"馆藏一览": Splitter(len, 30).split(document)}
    rows = [row("有一级文物吗", "yesno", said) for said in ("yes", "no")]
    near = row("有三级文物吗", "yesno", "unsaid", label="unanswered", quotes=[])
    elsewhere = row("有一级文物吗", "yesno", "yes", quotes=["没有这一句。"])
    other = row("一级文物几件", "yesno", "yes")  # is not taken for a question for yes or no
    asked = [*rows, near, elsewhere, other]
    found = polarity_samples(asked, passages, SaysYes())
    assert [(sample.label, sample.features["holds"]) for sample in found] == [(True, 2.5), (False, 2.5), (None, 2.5)]
    assert [sample.label for sample in polarity_samples(asked, passages, SaysYes(confidence=0.3))] == [True, False]


def test_a_file_that_is_no_json_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps(row("有吗", "yesno", "yes")) + "\n", encoding="utf-8")
    bad.write_text("{\n", encoding="utf-8")
    assert len(read_rows([good])) == 1
    with pytest.raises(QuestionFileError, match=r"bad\.jsonl"):
        read_rows([good, bad])
