"""The verifier learns from questions with the quotations that settle them, and with those that only seem to."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from corpus.document import Document, Span
from corpus.text.normalise import digits
from corpus.text.passages import Splitter
from index.embedding import weights
from index.retrieve import Hit
from qa.answering.reader.extractive import Reckoning
from qa.answering.reader.verifier import network as networks
from qa.answering.reader.verifier.judging import Quoted
from qa.training.questions.readings import Readings
from qa.training.questions.written import WrittenDocument, WrittenQuestion
from qa.training.verifier.pairs import Pair, VerifierPairs, batched, pairs_of, with_verdicts_repeated
from qa.training.verifier.train import Recipe, fit
from tests.qa.answering.reader.verifier.test_judging import Characters
from tests.support.small_bert import small_bert

pytestmark = pytest.mark.long

TEXT = "便民卡通知\n市民到白鹭镇窗口办理便民卡。工本费20元，不收其他费用。自受理之日起七日内发卡。"
RECIPE = Recipe(batch=8, learning_rate=2e-3, head_learning_rate=2e-3, checkpoint_every=30)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads of a network this small do nothing but wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def asked(text: str, answer: str | None, kind: str, *, verdict: bool | None = None) -> WrittenQuestion:
    span = Span(TEXT.index(answer), TEXT.index(answer) + len(answer)) if answer else None
    return WrittenQuestion(text, span, kind, verdict)


def drawn_from(*questions: WrittenQuestion) -> list[Pair]:
    document = WrittenDocument(Document("a.txt", "便民卡通知", TEXT), questions)
    drawn = VerifierPairs([document], len, 60)
    assert list(drawn.epoch(1)) == list(drawn.epoch(1))
    return [pair for seed in range(30) for pair in drawn.epoch(seed)]


def test_an_answered_question_stands_with_its_sentence_and_with_others() -> None:
    pairs = drawn_from(asked("办卡要几天", "七日", "when"))
    assert {pair.quoted.quote for pair in pairs if pair.settles} == {"自受理之日起七日内发卡。"}
    assert {pair.quoted.above for pair in pairs} == {"便民卡通知\n"}
    others = {pair.quoted.quote for pair in pairs if not pair.settles}
    assert others
    assert not any("七日" in quote for quote in others)


def test_what_seems_to_answer_a_foreign_question_is_near_its_wording_in_the_language_of_the_document() -> None:
    foreign = WrittenQuestion("can the fee be waived", None, "english", alike="工本费可以减免吗")
    quotes = [pair.quoted.quote for pair in drawn_from(foreign)]
    assert max(set(quotes), key=quotes.count) == "工本费20元，不收其他费用。"
    assert {pair.question for pair in drawn_from(foreign)} == {digits("can the fee be waived")}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        (asked("办卡要不要交别的钱", "不收其他费用", "yesno", verdict=False), False),
        (asked("在白鹭镇能不能办卡", "白鹭镇窗口", "yesno", verdict=True), True),
        (asked("在白鹭镇能不能办", "白鹭镇窗口", "yesno"), None),
        (asked("工本费几块", "20元", "howmany"), True),
        (asked("免费以后谁出工本费", "工本费20元", "premise", verdict=False), False),
    ],
)
def test_what_holds_is_the_verdict_and_else_the_premise_of_what_is_answered(
    question: WrittenQuestion, holds: bool | None
) -> None:
    settled = [pair for pair in drawn_from(question) if pair.settles]
    assert {pair.holds for pair in settled} == {holds}
    assert {pair.weight > 0 for pair in settled} == {holds is not None}


def test_an_unanswered_question_stands_with_what_is_like_it_unless_its_premise_may_be_put_right() -> None:
    pairs = drawn_from(asked("办便民卡要带什么", None, "procedure"))
    assert pairs
    assert not any(pair.settles for pair in pairs)
    assert drawn_from(asked("便民卡为什么停办了", None, "premise")) == []


def tiny() -> networks.VerifierNetwork:
    torch.manual_seed(0)
    encoder = small_bert(
        vocab_size=60_000,
        hidden_size=16,
        num_hidden_layers=networks.KEPT_LAYERS + 1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    return networks.VerifierNetwork(encoder)


def plan(batches: int = 90) -> list[list[Pair]]:
    """A quotation that begins with 甲 settles a question; what stands in the quotation behind it says yes or no."""
    chance = random.Random(4)
    pairs = []
    for _ in range(batches * 8):
        settles, holds = chance.random() < 0.5, chance.random() < 0.5
        quote = ("甲" if settles else "乙") * 3 + ("是" if holds else "否") * 3 + chance.choice("丙丁戊")
        pairs.append(Pair("问", Quoted("题", quote), settles, holds if settles else None, float(settles)))
    return batched(pairs, 8, chance)


def trained(folder: Path, batches: list[list[Pair]]) -> networks.VerifierNetwork:
    reader = folder / "reader.safetensors"
    reader.parent.mkdir(exist_ok=True)
    save_file({"span.weight": torch.zeros(1)}, reader)
    result = fit(tiny(), batches, Characters(), out=folder, recipe=RECIPE, reader_weights=reader)
    network = tiny()
    weights.apply(network, result)
    return network.eval()


def judged(network: networks.VerifierNetwork, quote: str) -> tuple[bool, bool]:
    ids = torch.tensor([[0, ord("问"), 2, ord("题"), *map(ord, quote)]])
    mask = torch.zeros_like(ids)
    mask[:, 4:] = 1
    settles, holds = network(ids, torch.ones_like(ids), mask)
    return settles.item() > 0, holds.item() > 0


def test_training_learns_what_settles_and_what_holds(tmp_path: Path) -> None:
    network = trained(tmp_path, plan(150))
    for settles in (True, False):
        assert judged(network, ("甲" if settles else "乙") * 3 + "是是是丙")[0] == settles
    assert judged(network, "甲甲甲是是是丙") == (True, True)
    assert judged(network, "甲甲甲否否否丙") == (True, False)


def test_a_training_that_was_ended_goes_on(tmp_path: Path) -> None:
    batches = plan(150)
    whole = trained(tmp_path / "whole", batches)
    fit_half = tmp_path / "half"
    fit_half.mkdir()
    save_file({"span.weight": torch.zeros(1)}, fit_half / "reader.safetensors")
    with pytest.raises(KeyboardInterrupt):
        fit(
            tiny(),
            Stopping(batches, 90),
            Characters(),
            out=fit_half,
            recipe=RECIPE,
            reader_weights=fit_half / "reader.safetensors",
        )
    assert (fit_half / "checkpoint.safetensors").is_file()
    resumed = trained(fit_half, batches)
    assert judged(resumed, "甲甲甲是是是丙") == judged(whole, "甲甲甲是是是丙") == (True, True)


class Stopping(list[list[Pair]]):
    """Batches of which reading one is interrupted."""

    def __init__(self, batches: list[list[Pair]], at: int) -> None:
        super().__init__(batches)
        self._at = at

    def __getitem__(self, step: Any) -> Any:
        if step == self._at:
            raise KeyboardInterrupt
        found = super().__getitem__(step)
        return Stopping(found, self._at) if isinstance(step, slice) else found


def test_pairs_with_a_verdict_come_as_often_as_the_recipe_says() -> None:
    yes = Pair("能办吗", Quoted("", "可以办理。"), True, True, 1.0)
    other = Pair("几天", Quoted("", "七天。"), True, True, 0.1)
    repeated = with_verdicts_repeated([yes, other], 3)
    assert (repeated.count(yes), repeated.count(other)) == (3, 1)


def read_as(text: str, question: WrittenQuestion, *spans: str) -> list[Pair]:
    """Return the pairs of a question whose passages, one each for `spans` in `text`, were read so."""
    document = Document("a.txt", "便民卡通知", text)
    (passage,) = Splitter(len, 400).split(document)
    hit = Hit(passage, 0.0, 0.0, 0.0)
    found = [Reckoning(hit, Span(text.index(words), text.index(words) + len(words)), {}, 0.5) for words in spans]
    return list(pairs_of(Readings(document, question, digits(question.text), found)))


def test_what_the_reader_would_quote_settles_a_question_where_it_holds_the_answer() -> None:
    pairs = read_as(TEXT, asked("办卡要几天", "七日", "when"), "七日", "七日内", "20元")
    assert [(pair.quoted.quote, pair.settles) for pair in pairs] == [
        ("自受理之日起七日内发卡。", True),
        ("工本费20元，不收其他费用。", False),
    ]


def test_what_the_reader_would_quote_for_an_unanswered_question_does_not_settle_it_unless_it_may_put_it_right() -> None:
    (pair,) = read_as(TEXT, asked("补卡要几天", None, "identity"), "七日")
    assert (pair.quoted, pair.settles) == (Quoted("便民卡通知\n", "自受理之日起七日内发卡。"), False)
    assert not read_as(TEXT, asked("为什么不发卡了", None, "premise"), "七日")


def test_the_same_words_elsewhere_are_no_wrong_quotation() -> None:
    again = TEXT + "补卡也是七日。"
    assert read_as(again, asked("办卡要几天", "20元", "howmany"), "补卡")  # other words elsewhere are one
    assert not read_as(again, asked("办卡要几天", "七日", "when"), "补卡")
