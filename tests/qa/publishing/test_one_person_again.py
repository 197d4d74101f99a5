"""One person alone brings nothing false before citizens where nothing true is left, or where others agreed before."""

import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from index.embedding import bundled_model
from index.snapshots.served import load_served
from qa.bootstrap import service
from qa.bootstrap.refreshing import inputs_of
from qa.evaluation.gate import Gate
from qa.evaluation.golden import GoldenQuestion
from qa.publishing.inputs import Order
from qa.publishing.progress import State
from qa.runtime.settings import read
from qa.storage import reviewed_answers
from tests.support.doubles.toy import ToyEmbedder
from tests.support.programs.lone_publisher import (
    ASKED,
    FALSE,
    LATER,
    LIBRARY,
    NAME,
    OTHER,
    SOURCE,
    TODAY,
    TOMORROW,
    TRUE,
    WELLS,
    Hands,
    Meanwhile,
    do,
    opened,
)
from tests.support.programs.refresh_office import GOLDEN

WRONG = TRUE.replace("13对", "77对")


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    return opened(tmp_path)


@pytest.fixture
def wrong(hands: Hands) -> Hands:
    """The same, where two colleagues published another figure than the golden question wants."""
    hands.office.write(NAME, WRONG)
    hands.office.asked = []
    hands.office.refresh(who="李强")
    assert agreed(hands, "李强", "赵敏") and "77对" in hands.told()
    return hands


def agreed(hands: Hands, *names: str) -> bool:
    """Whether the newest snapshot is published by these persons, one after the other, with a reason."""
    newest = hands.office.store.names()[-1]
    return [hands.console(who).publish(newest, why="看过了") for who in names][-1]


def ask_wells(hands: Hands) -> None:
    """Another golden question, which the other file answers."""
    wells = GoldenQuestion("g0", "村里有几口井？", (("3口井",),), True, ("direct",))
    hands.office.golden = [wells, *GOLDEN[1:]]
    hands.office.keep_golden()


OVER_WRONG: dict[str, list[str | Meanwhile]] = {
    "in its place": ["false", {}, "newest", "newest, with a reason"],
    "under another name": ["other name", "delete", {}, "newest"],
    "beside it": ["other name", {}, "withdraw"],
    "it ends": ["other name", "ends today", {}, "newest"],
    "withdrawn": ["withdraw", "delete", "other name", {}, "newest"],
}


@pytest.mark.parametrize("order", OVER_WRONG.values(), ids=OVER_WRONG)
def test_a_question_that_is_answered_wrongly_guards_against_another_wrong_reply(
    wrong: Hands, order: list[str | Meanwhile]
) -> None:
    do(wrong, order)


def test_a_wrong_reply_holds_nothing_back_that_leaves_it_or_puts_it_right(wrong: Hands) -> None:
    wrong.office.write("村里.txt", "村里\n\n村里有5口塘。\n")
    assert wrong.office.refresh().published and "77对" in wrong.told()
    assert wrong.move("true") and wrong.office.refresh().published and "13对" in wrong.told()


def test_another_wrong_reply_is_published_by_two_persons(wrong: Hands) -> None:
    wrong.move("false")
    wrong.move("publish")
    assert "77对" in wrong.told() and agreed(wrong, "王芳", "李强") and "99对" in wrong.told(), "the control"


def test_a_withdrawn_document_that_returns_while_the_refresh_judges_is_judged_again(hands: Hands) -> None:
    """Tomorrow it would answer alone."""
    do(hands, ["other name", {}, "withdraw the other", "ends today", {"publish": ["reinstate the other"]}])
    assert hands.console("王芳").snapshots()[-1].published is False
    assert [one.document for one in hands.console("王芳").documents.withdrawn()] == [], "the control: it returned"


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Act after today's questions and before those of later days, with the clock some seconds on."""
    ahead = Gate.ahead

    def acted(self: Gate, *args: Any, **kwargs: Any) -> Any:
        act()
        later = SimpleNamespace(monotonic=lambda: time.monotonic() + 10)
        monkeypatch.setattr(reviewed_answers, "time", later)
        return ahead(self, *args, **kwargs)

    monkeypatch.setattr(Gate, "ahead", acted)


def test_an_answer_that_is_stopped_before_later_days_are_asked_held_for_this_judging(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.office.asked = []
    hands.review()
    stopped: list[bool] = []
    between(monkeypatch, lambda: stopped.append(hands.move("stop the answer")))
    do(hands, ["false", {}, "newest"])
    assert stopped == [True], "the control: it was stopped"


def test_the_gate_of_the_settings_keeps_the_answers_that_it_began_with(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.review()
    office = hands.office
    places = {"QA_HOME": str(office.home), "QA_DOCUMENTS": str(office.folder), "QA_READER": "similarity"}
    inputs = inputs_of(read(places), lambda: office.embedder)
    served = load_served(office.store, model="toy-1").snapshot
    assert inputs.gate is not None
    kept, later = inputs.gate().reviewed, inputs.gate().reviewed
    assert kept and later and kept.find(ASKED, served, TODAY)
    assert hands.move("stop the answer", who="李强")
    monkeypatch.setattr(reviewed_answers, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + 10))
    assert kept.find(ASKED, served, TODAY) and not later.find(ASKED, served, TODAY), "the other looks now"


def test_what_two_persons_published_and_a_colleague_went_back_from_needs_two_again(hands: Hands) -> None:
    hands.move("false")
    hands.move("publish")
    assert agreed(hands, "王芳", "李强") and "99对" in hands.told()
    assert hands.move("the first", who="赵敏") and "13对" in hands.told()
    do(hands, ["newest", "newest, with a reason"])
    assert hands.console("李强").publish(hands.office.store.names()[-1], why="同意") and "99对" in hands.told()


def test_a_forced_version_releases_only_the_questions_that_it_was_forced_over(hands: Hands) -> None:
    """By one person: where four eyes are off, a question that lost its document guards against another wrong reply."""
    ask_wells(hands)
    office = hands.office
    office.four_eyes, office.asked = False, []
    office.write(OTHER, FALSE)
    assert office.refresh().published and "13对" in hands.told()
    assert hands.move("withdraw") and "99对" in hands.told(), "one person is enough here"
    (office.folder / NAME).unlink()
    assert office.refresh().published
    office.write(SOURCE, WELLS.format(4))
    assert office.refresh(force=True, why="新打了一口").forced
    office.write(OTHER, WRONG)
    assert office.refresh().refused and "99对" in hands.told()
    assert office.refresh(force=True, why="新的数字").forced and "77对" in hands.told()
    office.write(OTHER, FALSE)
    assert office.refresh().published, "the control: it was forced over this question"


def test_an_update_compares_with_what_was_published_and_serves_that(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands.office.asked = []
    hands.move("false")
    hands.office.embedder = ToyEmbedder("toy-2")
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-2")
    report = hands.office.refresh(who="server")
    assert report.refused and "答得不如现行版本" in report.why
    assert "13对" in hands.told(), "the server starts with what was published"
    assert not hands.office.refresh(who="王芳").published and "13对" in hands.told()
    assert agreed(hands, "王芳", "李强") and "99对" in hands.told(), "the control"


def test_an_update_of_an_unchanged_folder_is_published_at_once(hands: Hands) -> None:
    hands.office.embedder = ToyEmbedder("toy-2")
    report = hands.office.refresh(who="server")
    assert report.published == report.built and report.golden_right == 1 and "13对" in hands.told()


def test_a_server_without_an_index_has_four_eyes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order] = []

    def noted(settings: object, order: Order, *args: object, **kwargs: object) -> SimpleNamespace:
        orders.append(order)
        return SimpleNamespace(refused=False)

    monkeypatch.setattr(service, "run_refresh", noted)
    for told in ("yes", "no"):
        service._build(read({"QA_HOME": str(tmp_path), "QA_FOUR_EYES": told}))
    assert [order.four_eyes for order in orders] == [True, False]


def test_a_wish_counts_only_as_long_as_what_it_was_for_is_the_same(hands: Hands) -> None:
    ask_wells(hands)
    hands.office.asked = []
    hands.office.write(SOURCE, WELLS.format(4))
    hands.move("other name")
    assert hands.office.refresh().refused, "one question would be answered wrongly"
    assert not agreed(hands, "李强") and hands.move("withdraw"), "now two would be"
    assert not agreed(hands, "王芳") and "99对" not in hands.told()
    assert agreed(hands, "李强") and "99对" in hands.told(), "the control"


def test_a_wish_counts_while_all_is_as_it_was(hands: Hands) -> None:
    ask_wells(hands)
    hands.office.asked = []
    hands.office.write(SOURCE, WELLS.format(4))
    assert hands.office.refresh(force=True, why="新打了一口", who="李强").refused
    assert agreed(hands, "王芳")


def test_what_was_published_before_its_question_was_written_comes_back_by_two_persons(hands: Hands) -> None:
    """The refresh that asked the new question of it compared it with nothing."""
    ask_wells(hands)
    office = hands.office
    office.asked, office.golden = [], office.golden[:1]
    office.keep_golden()
    assert hands.move("false") and hands.move("publish") and "99对" in hands.told(), "nobody asks yet"
    ask_wells(hands)
    assert hands.move("publish", who="李强") and hands.move("the first", who="赵敏") and "13对" in hands.told()
    do(hands, ["newest", "newest, with a reason"])
    assert hands.console("李强").publish(office.store.names()[-1], why="同意") and "99对" in hands.told(), "the control"


def test_an_answer_that_colleagues_gave_since_the_judging_is_not_undone_by_one(wrong: Hands) -> None:
    wrong.office.asked = [LIBRARY]
    for move in ("change the source", "unasked", "publish"):
        assert wrong.move(move)
    waiting = wrong.office.store.names()[-1]
    assert not wrong.console("王芳").snapshots()[-1].published, "it waits for a look"
    wrong.review()
    assert "13对" in wrong.told()
    for why in ("", "看过了"):
        wrong.move("newest, with a reason" if why else "newest")
        assert "13对" in wrong.told(), why
    assert wrong.console("李强").publish(waiting, why="同意") and "77对" in wrong.told(), "the control"


def test_what_one_wrote_stands_in_on_no_later_day_behind_what_a_colleague_wrote(hands: Hands) -> None:
    """The colleague's answers today, and ends; it stays, for two persons took part."""
    hands.office.asked = []
    colleague = hands.console("李强").documents
    colleague.upload("旧的.txt", BytesIO(TRUE.replace("13对", "12对").encode()))
    known = colleague.metadata("旧的.txt")
    colleague.edit("旧的.txt", {**known.values, "in_force_until": TODAY.isoformat()}, version=known.version)
    assert hands.move("publish", who="李强")
    do(hands, ["other name", "the other begins tomorrow", {}])
    do(hands, ["withdraw"])
    assert {one.document for one in hands.console("王芳").documents.withdrawn()} == {NAME, OTHER}
    assert "12对" in hands.told(), "the control: a colleague's answers"


def test_an_answer_that_colleagues_give_while_a_refresh_judges_is_not_undone_by_it(
    wrong: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert wrong.move("change the source")
    with monkeypatch.context() as while_it_judges:
        between(while_it_judges, wrong.review)
        assert wrong.move("publish")
    assert "13对" in wrong.told() and not wrong.console("王芳").snapshots()[-1].published
    assert not wrong.move("newest") and "13对" in wrong.told()
    assert agreed(wrong, "王芳", "李强") and "77对" in wrong.told(), "the control"


def test_a_wish_ends_with_an_answer_that_the_version_lacks(hands: Hands) -> None:
    """The other would have published a version that nobody judged beside that answer."""
    office = hands.office
    office.write(SOURCE, WELLS.format(4))
    assert hands.move("false") and not office.refresh(who="王芳").published
    newest = office.store.names()[-1]
    assert hands.console("王芳").publish(newest, why="新的数字") is False
    hands.review()
    listed = hands.console("李强").snapshots()[-1]
    assert not listed.wished and "人工答案" in listed.lapsed and "不再算数" in listed.wish
    assert hands.console("李强").publish(newest, why="同意") is False and "13对" in hands.told()
    assert hands.console("李强").snapshots()[-1].wished, "it is his own wish now"
    assert hands.console("王芳").publish(newest, why="同意") and "99对" in hands.told(), "the control"


def test_a_wish_outlasts_an_answer_whose_words_the_version_holds(hands: Hands) -> None:
    office = hands.office
    assert hands.move("false") and not office.refresh(who="王芳").published
    newest = office.store.names()[-1]
    assert hands.console("王芳").publish(newest, why="新的数字") is False
    hands.review()
    assert hands.console("李强").snapshots()[-1].wished
    assert hands.console("李强").publish(newest, why="同意") and "13对" in hands.told()


def test_a_wish_of_a_refresh_knows_no_answer_that_was_approved_while_it_judged(hands: Hands) -> None:
    office = hands.office
    office.write(SOURCE, WELLS.format(4))
    hands.move("false")
    reviewed: list[str] = []

    def review(state: State) -> None:
        if state.step == "judge" and state.done and not reviewed:
            reviewed.append("once")
            hands.review()

    office.each = review
    assert office.refresh(who="王芳", force=True, why="新的数字").refused and reviewed
    office.each = lambda state: None
    assert hands.console("李强").publish(office.store.names()[-1], why="同意") is False and "13对" in hands.told()


def test_what_is_left_out_stays_after_an_update(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    """No index can be opened then, and the first version was built without it."""
    assert hands.move("false") and hands.office.refresh(who="王芳").refused
    console = hands.console("王芳")
    console.documents.leave_out([NAME], why="拦住发布", built=hands.office.store.names()[-1])
    hands.office.embedder = ToyEmbedder("toy-2")
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-2")
    assert hands.office.refresh(who="server").published
    assert all("13对" in hands.told(day) for day in (TODAY, TOMORROW, LATER))
