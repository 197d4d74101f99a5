"""One person alone brings nothing false before citizens later: on another day, without an answer, by an old version."""

import random
from pathlib import Path

import pytest

from index.embedding import bundled_model
from qa.evaluation.golden import GoldenQuestion
from tests.support.counts import count
from tests.support.programs.lone_publisher import LATER, NAME, SOURCE, TODAY, TOMORROW, Hands, Meanwhile, do, opened
from tests.support.programs.refresh_office import GOLDEN

WELLS_ASKED = GoldenQuestion("g0", "村里有几口井？", (("口井",),), True, ("direct",))


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    return opened(tmp_path)


@pytest.fixture
def answered(hands: Hands) -> Hands:
    """The same, and an answer that two colleagues gave to the question, from another file."""
    hands.office.asked = []
    hands.review()
    assert "13对" in hands.told() and "13对" in hands.told(LATER)
    return hands


DATED: dict[str, list[str | Meanwhile]] = {
    "the true one ends": ["other name", "ends today", {}, "newest"],
    "the true one ends beside it": ["other name", {}, "ends today", {}, "newest"],
    "the true one ended": ["other name", {}, "ended", {}, "newest"],
    "the false one begins": ["other name", "the other begins tomorrow", {}, "ends today", {}],
    "one ends, the other begins": ["other name", "the other begins tomorrow", "ends today", {}, "newest"],
    "ends, held back unseen": ["other name", "ends today", "unasked", {}, "newest"],
    "begins, then withdrawn": ["other name", "the other begins tomorrow", {}, "withdraw"],
    "ends, then written": ["ends today", {}, "other name", {}, "newest"],
    "ends, then back": ["other name", "ends today", {}, "lasts", {}, "the one before", "newest", "the first"],
    "ends while it is withdrawn": ["other name", {}, "withdraw", "ends today", {}, "reinstate the other", "reinstate"],
    "repealed by its own words": ["other name", {}, "repealed from tomorrow", {}, "newest"],
    "judged while withdrawn": ["withdraw", "false", "the other begins tomorrow", {}, "reinstate"],
}
HIDDEN: dict[str, list[str | Meanwhile]] = {
    "beside it": ["other name", {}, "stop the answer", {}],
    "in its place": ["false", {}, "stop the answer", {}],
    "in its place, the source stopped": ["false", {}, "stop the source", {}],
    "in its place, the source changed": ["false", {}, "change the source", {}],
    "in its place, the source ends": ["false", {}, "the source ends today", {}],
    "stopped while judged": ["false", {"judge": ["stop the answer"]}, {}, "newest"],
    "stopped while published": ["false", {"publish": ["stop the answer"]}, {}, "newest"],
    "the source stopped while published": ["false", {"publish": ["stop the source"]}, {}, "newest"],
    "the true one ends": ["other name", "ends today", {}, "stop the answer"],
    "withdrawn under it": ["other name", {}, "withdraw", "stop the answer", "reinstate the other"],
    "withdrawn under it, then the source": ["other name", {}, "withdraw", "stop the source", "reinstate the source"],
    "source first": ["stop the source", "false", {}, "reinstate the source", {}, "stop the answer"],
    "deleted under it": ["delete", "other name", {}, "stop the answer", {}, "newest"],
    "held back unseen": ["false", "unasked", {}, "newest", "stop the answer", "newest"],
}


@pytest.mark.parametrize("order", DATED.values(), ids=DATED)
def test_one_person_alone_has_nothing_false_answer_from_another_day_on(
    hands: Hands, order: list[str | Meanwhile]
) -> None:
    do(hands, order)


@pytest.mark.parametrize("false", ["false", "other name"])
def test_nor_after_going_back_to_a_version_from_before_the_true_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, false: str
) -> None:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    hands = opened(tmp_path, late=True)
    hands.move("the first")
    assert "13对" not in hands.told(TODAY), "it was gone back to"
    do(hands, ["delete", false, {}, "newest"])


@pytest.mark.parametrize("order", HIDDEN.values(), ids=HIDDEN)
def test_nor_once_an_answer_that_hides_it_is_gone(answered: Hands, order: list[str | Meanwhile]) -> None:
    do(answered, order)


SINGLE = ["withdraw", "reinstate", "false", "true", "delete", "other name", "withdraw the other", "reinstate the other"]
SINGLE += ["ends today", "ended", "lasts", "the other begins tomorrow", "the other holds", "repealed from tomorrow"]
SINGLE += ["stop the answer", "stop the source", "reinstate the source", "change the source", "the source ends today"]
SINGLE += ["newest", "newest, with a reason", "the one before", "the first"]


@pytest.mark.parametrize("seed", range(count(8, whole=120)))
def test_nor_in_any_other_order_of_days_and_answers(answered: Hands, seed: int) -> None:
    chance = random.Random(seed)
    order: list[str | Meanwhile] = []
    for _ in range(12):
        steps = chance.sample(["embed", "judge", "publish"], chance.choice([0, 0, 0, 1, 2]))
        meanwhile = {step: chance.sample(SINGLE, chance.choice([1, 2])) for step in steps}
        order.append(meanwhile if chance.random() < 0.3 else chance.choice(SINGLE))
    do(answered, order)


def test_two_persons_may_have_it_answer_from_tomorrow_on(hands: Hands) -> None:
    for move in ("other name", "ends today"):
        assert hands.move(move)
    hands.move("publish")
    held = hands.console("王芳").snapshots()[-1]
    assert not held.published and f"从{TOMORROW.year}年{TOMORROW.month}月{TOMORROW.day}日起" in held.why_not
    assert hands.console("王芳").publish(held.name, why="明天换新办法") is False
    assert hands.console("李强").publish(held.name, why="同意") and "13对" in hands.told()
    assert "99对" in hands.told(TOMORROW), "the control: it would be noticed"
    hands.office.write("村里.txt", "村里\n\n村里有5口塘。\n")
    assert hands.office.refresh().published, "what two persons agreed to holds nothing back"


def test_two_persons_may_stop_the_answer(answered: Hands) -> None:
    answered.move("false")
    answered.move("publish")
    held = answered.console("王芳").snapshots()[-1]
    assert not held.published and "不看人工审核答案时" in held.why_not
    assert answered.console("王芳").publish(held.name, why="新的数字") is False
    assert answered.console("李强").publish(held.name, why="同意") and "13对" in answered.told()
    assert not answered.move("stop the answer"), "he wrote what would answer instead"
    assert answered.move("stop the answer", who="李强") and "99对" in answered.told(), "the control"


def test_whoever_wrote_what_an_answer_corrects_does_not_stop_that_answer(hands: Hands) -> None:
    """Two persons published it, so no refresh judges it; until the answer ends, it is read by nobody."""
    hands.office.asked = []
    hands.move("false")
    held = hands.console("王芳").snapshots
    hands.move("publish")
    assert hands.console("王芳").publish(held()[-1].name, why="新的数字") is False
    assert hands.console("李强").publish(held()[-1].name, why="同意") and "99对" in hands.told()
    hands.review()
    do(hands, ["stop the answer", "stop the source", {}], days=(TODAY, TOMORROW))
    assert {one.document for one in hands.console("王芳").documents.withdrawn()} == {NAME, SOURCE}


def test_an_old_version_is_asked_the_golden_questions_of_today(hands: Hands) -> None:
    office = hands.office
    office.golden = [WELLS_ASKED]
    hands.move("false", who="李强")
    hands.move("publish", who="李强")
    assert "99对" in hands.told(), "nobody guards it yet"
    office.golden = [WELLS_ASKED, *GOLDEN[1:]]
    hands.move("true", who="李强")
    hands.move("publish", who="李强")
    wrong, now = (one.name for one in hands.console("王芳").snapshots()[-2:])
    assert "13对" in hands.told() and office.store.published() == now
    do(hands, ["the one before", "the first"])
    assert office.store.published() == "snapshot-000001", "the control: an old version that is right"
    assert hands.console("王芳").publish(now) and not hands.move("the one before")
    assert hands.console("王芳").publish(wrong, why="要换回去") is False and "13对" in hands.told()
    one = next(one for one in hands.console("王芳").snapshots() if one.name == wrong)
    assert one.wished and "会答错" in one.why_not
    assert hands.console("李强").publish(wrong, why="同意") and "99对" in hands.told()


def test_one_person_is_enough_where_the_office_says_so(answered: Hands) -> None:
    answered.office.four_eyes = False
    for move in ("false", "ends today"):
        assert answered.move(move)
    assert answered.office.refresh().published and "13对" in answered.told()
    assert answered.move("the first") and answered.move("newest")
    assert answered.move("stop the answer") and "99对" in answered.told()
