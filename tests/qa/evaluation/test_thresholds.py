"""Moving the threshold trades wrong answers for right ones held back."""

from index.snapshots import snapshot as snapshots
from qa.answering.query_rewriting import Synonyms
from qa.evaluation.golden import GoldenQuestion
from qa.evaluation.thresholds import rates
from tests.qa.answering.test_assistant import FixedReader
from tests.support.doubles.toy import INDUSTRY, ToyEmbedder

GOLDEN = [
    GoldenQuestion("1", "华峰产业园落户多少年？", (("12",),), True, ()),
    GoldenQuestion("2", "华峰产业园的园长是谁？", (), False, ()),
]


def test_above_the_confidence_nothing_is_shown_and_nothing_wrong() -> None:
    embedder = ToyEmbedder()
    snapshot = snapshots.build((INDUSTRY,), embedder, max_tokens=60)
    low, high = rates(GOLDEN, snapshot, embedder, FixedReader(0.6), Synonyms([]), thresholds=(0.7, 0.5))
    assert (low.threshold, low.right, low.held_back, low.refused, low.wrong) == (0.5, 1, 0, 0, 1)
    assert (high.threshold, high.right, high.held_back, high.refused, high.wrong) == (0.7, 0, 1, 1, 0)
    assert (high.answerable, high.unanswerable) == (1, 1)
