"""A question tried on any snapshot shows all that was found, and changes nothing that is served."""

from pathlib import Path

import pytest

from index.files.locks import Holder
from index.snapshots.errors import SnapshotMissing
from qa.answering.reply import REVIEWED, Answer
from qa.runtime.errors import Unfit
from qa.staff.quality.trial import Counting
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.feedback_office import LoopOffice

QUESTION = "涪陵浙江商会有会员企业多少家？"
GOLDEN = '{"id": "g1", "question": "商会有会员企业多少家？", "must": [["237家"]], "answerable": true}\n'


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


def test_every_passage_found_is_shown_with_its_scores_on_its_side_of_the_threshold(office: LoopOffice) -> None:
    trial = office.console().trial.ask(QUESTION, threshold=0.3)
    hits = [*trial.above, *trial.below]
    assert {hit.document for hit in hits} == {"合作.txt", "产业.txt"}
    assert all(hit.reader >= 0.3 for hit in trial.above) and all(hit.reader < 0.3 for hit in trial.below)
    assert sorted(hit.rank for hit in hits) == list(range(1, len(hits) + 1))
    (first,) = [hit for hit in hits if hit.rank == 1]
    assert first.fused == max(hit.fused for hit in hits)
    for hit in hits:
        if hit.document == "合作.txt":
            assert hit.text == COOPERATION.text[hit.start : hit.end]


def test_the_threshold_moves_passages_and_what_a_citizen_sees(office: LoopOffice) -> None:
    desk = office.console().trial
    low, high = desk.ask(QUESTION, threshold=0.0), desk.ask(QUESTION, threshold=1.0)
    assert (low.below, isinstance(low.reply, Answer)) == ((), True)
    assert (high.above, isinstance(high.reply, Answer)) == ((), False)
    assert desk.ask(QUESTION).threshold == 0.3, "that of the reader in use"
    with pytest.raises(Unfit):
        desk.ask(QUESTION, threshold=1.5)


def test_an_older_snapshot_is_tried_while_the_published_one_is_served(office: LoopOffice) -> None:
    office.publish(COOPERATION.text.replace("237家", "250家"))
    store = office.console()._store
    before = (store.published(), store.signature())
    old = office.console().trial.ask(QUESTION, snapshot="snapshot-000001", threshold=0.0)
    new = office.console().trial.ask(QUESTION, threshold=0.0)
    assert ("237家" in old.reply.text, "250家" in new.reply.text) == (True, True)
    assert (store.published(), store.signature()) == before
    with pytest.raises(SnapshotMissing):
        office.console().trial.ask(QUESTION, snapshot="snapshot-000099")


def test_a_reviewed_answer_is_what_a_citizen_sees(office: LoopOffice) -> None:
    office.review(QUESTION)
    trial = office.console().trial.ask(QUESTION)
    assert isinstance(trial.reply, Answer) and trial.reply.made_by == REVIEWED
    assert [*trial.above, *trial.below], "what was found is shown beside it"


@pytest.mark.long
def test_error_rates_are_counted_once_for_snapshot_and_golden_questions(
    office: LoopOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.golden.write_text(GOLDEN, encoding="utf-8")
    desk = office.console().trial
    assert desk.known_rates() is None
    rates = desk.rates()
    assert [one.threshold for one in rates] == sorted(one.threshold for one in rates)
    assert (rates[0].right, rates[0].answerable) == (1, 1)
    monkeypatch.setattr("qa.evaluation.thresholds.rates", None)  # asking again would fail
    assert office.console().trial.rates() == office.console().trial.known_rates() == rates
    office.golden.write_text(GOLDEN * 1 + GOLDEN.replace("g1", "g2").replace("多少家", "几家"), encoding="utf-8")
    assert desk.known_rates() is None


def test_while_one_counts_error_rates_another_is_told(office: LoopOffice) -> None:
    office.golden.write_text(GOLDEN, encoding="utf-8")
    trial = office.console("李明").trial
    told: list[Holder | None] = []

    def meanwhile() -> None:
        told.append(trial.counting())
        with pytest.raises(Counting, match="王芳正在计算"):
            trial.rates()

    assert office.console("王芳").trial.rates(begun=meanwhile)
    assert told[0] is not None and told[0].who == "王芳" and trial.counting() is None
    assert trial.rates()
