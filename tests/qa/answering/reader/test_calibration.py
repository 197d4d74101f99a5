"""How sure a reading is: features of passages, the constants fitted on them, and what both come to."""

import json
from pathlib import Path

import numpy as np
import pytest

from corpus.text.passages import Splitter
from index.embedding.weight_file import WeightsError
from index.retrieve import Hit
from qa.answering.question.analysis import Question
from qa.answering.reader import calibration
from qa.answering.reader.calibration import COMPARED, FEATURES, Calibration, QuestionFeatures, Read
from qa.training.linear import logistic
from qa.training.linear.confidence import Sample, fit
from tests.support.doubles.toy import COOPERATION

PASSAGE = Splitter(len, 60).split(COOPERATION)[0]


def features(question: str, quote: str, read: Read, *, dense: float = 0.5) -> dict[str, float]:
    return QuestionFeatures(Question.of(question)).of(Hit(PASSAGE, 0.0, dense, 10.0), quote, read)


def test_every_feature_is_told_and_none_depends_on_how_many_passages_there_are() -> None:
    known = features("商会有多少家会员企业？", "商会有会员企业237家。", Read(2.0, 1.0, "237家"))
    assert set(known) == {*FEATURES, *COMPARED}
    assert (known["margin"], known["judged"], known["dense"]) == (2.0, 1.0, 0.5)
    assert 0 < known["quoted"] <= 1 and 0 < known["pairs"] <= 1
    other = QuestionFeatures(Question.of("商会有多少家会员企业？")).of(
        Hit(PASSAGE, 9.9, 0.5, 2.0), "商会有会员企业237家。", Read(2.0, 1.0, "237家")
    )
    assert other == known, "the fused score and BM25 depend on what else there is"


def test_a_year_that_the_quotation_lacks_counts_against_it() -> None:
    sure = calibration.read()
    right = features("商会2020年成立了吗？", "商会2020年成立。", Read(1.0, 1.0, "2020年"))
    wrong = features("商会2015年成立了吗？", "商会2020年成立。", Read(1.0, 1.0, "2020年"))
    assert (right["figures"], wrong["figures"]) == (0.0, 1.0)
    assert sure.probability(wrong) < sure.probability(right)


def test_the_shipped_constants_are_of_known_features_and_a_better_reading_is_surer() -> None:
    known = calibration.read()
    assert set(known.weights) == set(FEATURES)
    assert 0 < known.threshold < 1
    low, high = (features("商会什么时候成立？", "商会2020年成立。", Read(m, m, "2020年")) for m in (-3.0, 3.0))
    assert 0 < known.probability(low) < known.probability(high) < 1


@pytest.mark.parametrize(
    "content", ["", "[]", '{"weights": {"margin": 1}}', '{"weights": {"luck": 1}, "bias": 0, "threshold": 0.5}']
)
def test_constants_of_another_form_are_a_named_error(content: str, tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"calibration\.json"):
        calibration.read(path)
    path.unlink()
    with pytest.raises(WeightsError, match="missing"):
        calibration.read(path)
    good = tmp_path / "good.json"
    good.write_text(json.dumps({"weights": {"margin": 1}, "bias": 0, "threshold": 0.5}), encoding="utf-8")
    assert calibration.read(good) == Calibration({"margin": 1.0}, 0.0, 0.5)


def test_the_regression_finds_the_weights_that_made_the_labels() -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(4000, 2))
    labels = (chance.random(4000) < logistic.probability(rows @ np.array([2.0, -1.0]) + 0.5)).astype(float)
    assert logistic.fit(rows, labels, np.ones(4000)) == pytest.approx([2.0, -1.0, 0.5], abs=0.2)


def test_the_calibration_error_is_none_where_shares_are_as_told_and_half_where_they_are_not() -> None:
    told, right = np.full(1000, 0.5), np.tile([0.0, 1.0], 500)
    assert logistic.calibration_error(told, right) == pytest.approx(0.0)
    assert logistic.calibration_error(np.full(1000, 0.999), right) == pytest.approx(0.499)


def test_a_confidence_is_held_out_from_its_own_fold() -> None:
    rows = np.array([[1.0], [1.0], [-1.0], [-1.0]] * 5)
    labels = np.array([1.0, 1.0, 0.0, 0.0] * 5)
    own = np.array([[5.0]])
    folds = np.append(np.repeat([0, 1, 2, 3, 4], 4), 5)
    found = logistic.held_out(np.vstack([rows, own]), np.append(labels, 0.0), np.ones(21), folds)
    assert found[-1] > 0.9, "its own label, which says otherwise, was not seen"


def test_logits_lead_back_to_their_probabilities() -> None:
    told = np.array([0.01, 0.3, 0.5, 0.99])
    assert logistic.probability(logistic.logits(told)) == pytest.approx(told)
    assert np.isfinite(logistic.logits(np.array([0.0, 1.0]))).all()


def test_the_surest_passage_of_a_question_is_right_as_often_as_it_says() -> None:
    """Of four passages each one answers as often as its feature says; the surest one was picked for it."""
    chance = np.random.default_rng(5)
    found = []
    for question in range(1500):
        for _ in range(4):
            margin = chance.normal()
            answers = bool(chance.random() < logistic.probability(np.array([2 * margin - 3]))[0])
            features = tuple(margin if name == "margin" else 0.0 for name in FEATURES)
            found.append(Sample(str(question), f"d{question % 25}", features, answers, answerable=True))
    fitted = fit(found)
    assert fitted.report["calibration_error"] < 0.04
    assert fitted.weights["margin"] > 1.0
