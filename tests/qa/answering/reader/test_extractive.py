"""The trained reader: from the network's numbers to exact words."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from corpus.document import Passage, Span
from corpus.text.normalise import normalise
from corpus.text.passages import Splitter
from index.embedding import bundled_model
from index.embedding.running import Arrays
from index.retrieve import Hit
from index.snapshots import snapshot as snapshots
from qa.answering.question.analysis import Question
from qa.answering.reader.calibration import Calibration
from qa.answering.reader.encoding import PairEncoder, Window, best_span
from qa.answering.reader.extractive import LEAST_TOKENS, ExtractiveReader
from qa.answering.reader.quotations import units_around
from qa.answering.reader.similarity import QuestionTerms
from qa.answering.reader.verifier.judging import Quoted, Verdict, Verifier
from tests.support.doubles.toy import COOPERATION, ToyEmbedder, document
from tests.support.programs.serving import Served


@pytest.fixture(scope="module")
def encoder(served: Served) -> PairEncoder:
    return PairEncoder(bundled_model.unpack(served.home), max_tokens=96)


@pytest.mark.parametrize("answer", ["13对", "2004年5月", "《光荣》", "PET"])
def test_tokens_lead_back_to_the_exact_characters(encoder: PairEncoder, answer: str) -> None:
    passage = f"学校结成了{answer}。后来，\n\n更多"
    (window,) = encoder.encode([("是什么？", passage)])
    start = passage.index(answer)
    tokens = window.tokens_of(start, start + len(answer))
    assert tokens is not None
    first, last = (token - window.first for token in tokens)
    assert passage[window.offsets[first][0] : window.offsets[last][1]] == answer


def test_a_long_passage_is_read_in_windows_that_cover_it(encoder: PairEncoder) -> None:
    passage = "。".join(f"第{i}句写着浙江与涪陵合作" for i in range(40))
    windows = encoder.encode([("短", "一。"), ("写着什么？", passage)])
    assert [window.passage for window in windows][:2] == [0, 1]
    covered = {i for window in windows[1:] for start, end in window.offsets for i in range(start, end)}
    assert covered == set(range(len(passage)))


def test_a_question_of_many_tokens_leaves_room_for_the_passage(encoder: PairEncoder) -> None:
    windows = encoder.encode([("ﷺ" * 160, "一共13对。")])
    assert all(len(window.ids) <= 96 for window in windows)
    assert {place for window in windows for place in window.offsets} >= {(2, 4), (4, 5)}


WINDOW = Window([0] * 8, 3, [(0, 2), (2, 4), (4, 5), (5, 7)], 0)


def logits(*values: float) -> npt.NDArray[np.float32]:
    return np.array(values, dtype=np.float32)


def test_the_best_span_starts_before_it_ends() -> None:
    start, end = logits(1, -9, -9, 0, 0, 5, 0, -9), logits(1, -9, -9, 0, 8, 0, 4, -9)
    score, span = best_span(start, end, WINDOW)
    assert (score, span) == (5 + 4 - 2, (4, 7))


def test_characters_of_the_heading_are_no_answer() -> None:
    start = end = logits(0, -9, -9, 8, 7, 1, 2, -9)
    assert best_span(start, end, WINDOW, after=4)[1] == (5, 7)
    assert best_span(start, end, WINDOW, after=9) == (-np.inf, (0, 0))


def test_coverage_is_the_share_of_the_words_held() -> None:
    texts = [normalise("浙江商会在涪陵成立"), normalise("学校结成对子")]
    asked = QuestionTerms(Question.of("浙江商会何时成立"), texts)
    assert asked.held(texts[0]) == pytest.approx(1.0)
    assert asked.held(texts[1]) == 0.0


class Pointing:
    """A network that points at the first passage token for `13`, and is sure when there is one."""

    def __init__(self, encoder: PairEncoder) -> None:
        (window,) = encoder.encode([("", "成13对")])
        self._token = window.ids[window.first + window.offsets.index((1, 3))]

    def __call__(self, arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
        hit = (arrays["input_ids"] == self._token) & (arrays["passage_mask"] == 1)
        logits = np.where(hit, 9.0, -9.0).astype(np.float32)
        judged = np.where(hit.any(axis=1), 6.0, -6.0).astype(np.float32)
        return [logits, logits, judged]


def test_the_surest_passage_answers_with_its_sentence_and_its_words(encoder: PairEncoder) -> None:
    other = document("别处\n\n这里没有数字。\n", name="别.txt", title="别")
    snapshot = snapshots.build((other, COOPERATION), ToyEmbedder(), max_tokens=60)
    hits = [Hit(passage, 0.0, 0.0, 0.0) for passage in snapshot.passages]
    reading = ExtractiveReader(Pointing(encoder), encoder).read("结成多少对？", hits)
    (found,) = reading.findings
    assert found.quote.of(COOPERATION.text) == "两地学校结成13对帮扶对子。"
    assert found.short is not None
    assert found.short.of(COOPERATION.text).startswith("13")


def test_what_is_only_taken_for_the_answer_is_not_read_as_one(encoder: PairEncoder) -> None:
    texts = ["提前一天买门票减13元。", "每张13元。"]
    splitter = Splitter(ToyEmbedder().count_tokens, 60)
    hits = [Hit(splitter.split(document(text, name=f"{i}.txt"))[0], 3.0, 0.0, 0.0) for i, text in enumerate(texts)]
    reader = ExtractiveReader(Pointing(encoder), encoder)
    (found,) = reader.read("门票多少钱", hits).findings
    assert found.quote.of(found.document.text) == texts[1]
    (found,) = reader.read("提前买门票减多少钱", hits).findings
    assert found.quote.of(found.document.text) == texts[0]


@pytest.mark.parametrize(
    ("question", "short"),
    [("哪一年奠基的？", "2004年"), ("奠基于何年？", "2004年"), ("什么时候奠基的？", "2004年5月13日")],
)
def test_who_asks_for_the_year_gets_the_year_and_who_asks_when_the_whole_date(
    encoder: PairEncoder, question: str, short: str
) -> None:
    passages = Splitter(ToyEmbedder().count_tokens, 60).split(document("学校于2004年5月13日奠基。", name="a.txt"))
    (found,) = ExtractiveReader(Pointing(encoder), encoder).read(question, [Hit(passages[0], 3.0, 0.0, 0.0)]).findings
    assert found.short is not None and found.short.of(found.document.text) == short


def test_without_hits_there_is_nothing_to_read(encoder: PairEncoder) -> None:
    assert ExtractiveReader(Pointing(encoder), encoder).read("问", []).findings == ()


@pytest.mark.parametrize(
    ("question", "answer_at", "threshold", "cosines", "read"),
    [
        ("结成多少对？", 0, 0.5, (0.5, 0.5, 0.5, 0.5), 1),
        ("结成多少对？", 1, 0.5, (0.5, 0.5, 0.5, 0.5), 2),
        ("结成多少对？", 3, 0.5, (0.5, 0.5, 0.5, 0.5), 4),
        ("结成的分别是多少对？", 0, 0.5, (0.5, 0.5, 0.5, 0.5), 4),
        ("结成多少对？", 0, 1.0, (0.5, 0.5, 0.5, 0.5), 4),  # not sure enough for staff who ask for more
        ("结成多少对？", 3, 0.5, (0.3, 0.3, 0.4, 0.5), 3),  # the first two are read, however far
    ],
)
def test_a_passage_is_read_only_where_those_before_do_not_answer_and_it_is_near(
    encoder: PairEncoder, question: str, answer_at: int, threshold: float, cosines: Sequence[float], read: int
) -> None:
    texts = ["这里没有数字。", "那里也没有。", "后面还是没有。"]
    texts.insert(answer_at, "两地学校结成13对帮扶对子。")
    splitter = Splitter(ToyEmbedder().count_tokens, 60)
    passages = [splitter.split(document(text, name=f"{i}.txt"))[0] for i, text in enumerate(texts)]
    network, rows = Pointing(encoder), 0

    def counting(arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
        nonlocal rows
        rows += len(arrays["input_ids"])
        assert arrays["input_ids"].shape[1] >= LEAST_TOKENS
        return network(arrays)

    reading = ExtractiveReader(counting, encoder, threshold=threshold).read(
        question, [Hit(p, 3.0, cosine, 0.0) for p, cosine in zip(passages, cosines, strict=True)]
    )
    assert "13" in reading.findings[0].quote.of(reading.findings[0].document.text)
    assert rows == read


class Judging(Verifier):
    """Judges a quotation with 6 where it holds a word, else with -6; counts what it judges."""

    def __init__(self, word: str) -> None:
        self.judged, self._word = 0, word

    def judge(self, question: str, quoted: Sequence[Quoted]) -> list[Verdict]:
        self.judged += len(quoted)
        return [Verdict(6.0 if self._word in one.quote else -6.0) for one in quoted]


@pytest.mark.parametrize(("word", "judged", "shown"), [("两地", 5, True), ("没有这个词", 4, False)])
def test_what_is_not_shown_is_verified_no_further_than_the_surest(
    encoder: PairEncoder, word: str, judged: int, shown: bool
) -> None:
    texts = ["这里没有13。", "那里也没有13。", "后面还是没有13。", "两地学校结成13对帮扶对子。", "最后没有13。"]
    splitter = Splitter(ToyEmbedder().count_tokens, 60)
    hits = [Hit(splitter.split(document(text, name=f"{i}.txt"))[0], 3.0, 0.0, 0.0) for i, text in enumerate(texts)]
    known = Calibration({"settles": 1.0}, 0.0, 0.5)
    verifier = Judging(word)
    reading = ExtractiveReader(Pointing(encoder), encoder, verifier, known=known).read("结成多少对？", hits)
    assert (reading.confidence >= 0.5) == shown
    assert verifier.judged == judged


@pytest.mark.parametrize(("judged_weight", "verified"), [(0.1, 4), (2.0, 1)])
def test_what_no_verdict_can_lift_over_the_threshold_is_not_verified(
    encoder: PairEncoder, judged_weight: float, verified: int
) -> None:
    texts = ["两地学校结成13对帮扶对子。", "这里没有13。", "那里也没有13。", "后面还是没有13。"]
    splitter = Splitter(ToyEmbedder().count_tokens, 60)
    hits = [Hit(splitter.split(document(text, name=f"{i}.txt"))[0], 3.0, 0.0, 0.0) for i, text in enumerate(texts)]
    known = Calibration({"settles": 0.1, "judged": judged_weight}, 0.0, 0.5)
    network, verifier = Pointing(encoder), Judging("两地")
    judgements = iter([6.0, -6.0, -6.0, -6.0])

    def doubting(arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
        start, end, _ = network(arrays)
        return [start, end, np.array([next(judgements)], dtype=np.float32)]

    reader = ExtractiveReader(doubting, encoder, verifier, known=known, threshold=0.5)
    reader.read("结成的分别是多少对？", hits)
    assert verifier.judged == verified


def test_words_outside_of_all_sentences_of_a_stored_passage_are_quoted_alone() -> None:
    # As snapshots of earlier versions may hold them, whose passages have lost a sentence.
    of = document("第一句在这里。第二句在这里。")
    passage = Passage(of, Span(0, 14), (), (Span(0, 7),))
    assert units_around(passage, Span(9, 11)) == (Span(9, 11), Span(9, 11))
    assert units_around(passage, Span(2, 3)) == (Span(0, 7), Span(0, 7))
