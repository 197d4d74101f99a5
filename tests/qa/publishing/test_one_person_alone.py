"""One person alone brings nothing false before citizens that a golden question guards, in whatever order."""

import random
from pathlib import Path

import pytest

from index.embedding import bundled_model
from tests.support.counts import count
from tests.support.programs.lone_publisher import Hands, Meanwhile, do, opened


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """One document published, its golden question, and a question that citizens ask in vain."""
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    hands = opened(tmp_path)
    assert "13对" in hands.told() and hands.console("王芳").documents.withdrawn() == ()
    return hands


PUT_BACK: Meanwhile = {"embed": ["true"], "judge": ["withdraw"]}
ORDERS: dict[str, list[str | Meanwhile]] = {
    "judged while it was withdrawn": ["withdraw", "false", {}, "reinstate"],
    "reinstated while it is judged": ["withdraw", "false", {"publish": ["true", "reinstate"]}, "reinstate"],
    "put back and withdrawn while it is read": ["false", {**PUT_BACK, "publish": ["reinstate"]}, "reinstate"],
    "the same, held back unseen": ["false", "unasked", PUT_BACK, "reinstate", "newest", "newest, with a reason"],
    "withdrawn while held back unseen": ["unasked", {}, "withdraw", "false", "newest", {}, "reinstate", "newest"],
    "under another name": ["withdraw", "other name", {}],
    "under another name, unseen": ["withdraw", "other name", "unasked", {}, "newest"],
    "deleted and reinstated": ["withdraw", "delete", {}, "reinstate", "false", {}],
    "deleted, under another name": ["withdraw", "delete", {}, "reinstate", "other name", {}],
    "beside it": ["other name", {}, "withdraw"],
    "beside it, withdrawn before": ["other name", {}, "withdraw the other", "withdraw", "reinstate the other"],
    "beside it, gone back to": ["other name", {}, "delete the other", {}, "withdraw", "the one before", "newest"],
    "beside it, withdrawn while judged": ["other name", {"judge": ["withdraw"]}, "newest"],
    "beside it, withdrawn while published": ["other name", {"publish": ["withdraw"]}, "newest", {}],
    "beside it, unseen": ["other name", "unasked", {}, "withdraw", "newest", {}, "newest"],
    "left out": ["false", {}, "leave it out", {}, "withdraw", "put it back", {}, "reinstate", "newest"],
    "its deletion left out": ["withdraw", "delete", "leave it out", {}, "false", "put it back", {}, "reinstate"],
    "the other left out": ["other name", "leave the other out", {}, "withdraw", "put the other back", {}, "newest"],
    "left out as it is": ["leave it out", "other name", "delete", {}, "newest", "put it back", {}, "newest"],
    "back and forth": ["withdraw", "false", {}, "the first", "true", {}, "reinstate", "the one before", "newest"],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_one_person_alone_brings_nothing_false_before_citizens(hands: Hands, order: list[str | Meanwhile]) -> None:
    do(hands, order)


SINGLE = ["withdraw", "reinstate", "false", "true", "unasked", "delete"]
SINGLE += ["other name", "withdraw the other", "reinstate the other", "delete the other"]
SINGLE += ["leave it out", "leave the other out", "put it back", "put the other back"]
SINGLE += ["newest", "newest, with a reason", "the one before", "the first"]
MOVES = SINGLE + ["publish"] * 5


@pytest.mark.parametrize("seed", range(count(12, whole=120)))
def test_nor_in_any_other_order(hands: Hands, seed: int) -> None:
    chance = random.Random(seed)
    order: list[str | Meanwhile] = []
    for _ in range(12):
        move = chance.choice(MOVES)
        steps = chance.sample(["embed", "judge", "publish"], chance.choice([0, 0, 1, 2, 3]))
        meanwhile = {step: chance.sample(SINGLE, chance.choice([1, 2])) for step in steps}
        order.append(meanwhile if move == "publish" else move)
    do(hands, order)


def test_another_person_may_answer_for_what_changed_and_is_asked_once(hands: Hands) -> None:
    for move in ("withdraw", "false", "publish"):
        assert hands.move(move)
    assert not hands.move("reinstate") and "99对" not in hands.told()
    assert hands.move("reinstate", who="李强") and "99对" in hands.told(), "the control: it would be noticed"
    assert hands.move("unasked") and hands.move("publish") and hands.move("newest")
    assert "99对" in hands.told() and hands.office.store.published() == "snapshot-000003", "nothing is held back for it"


def test_what_was_published_unjudged_comes_back_by_two_persons(hands: Hands) -> None:
    for move in ("withdraw", "false", "publish"):
        assert hands.move(move)
    for move, who in (("true", "李强"), ("publish", "李强"), ("reinstate", "赵敏")):
        assert hands.move(move, who=who), "colleagues put it right"
    assert not hands.move("the one before"), "a reason is asked for"
    one = next(one for one in hands.console("王芳").snapshots() if one.name == "snapshot-000002")
    assert one.was_published and one.unguarded and "检验的时候合作.txt停止引用" in one.unjudged
    assert hands.console("王芳").publish("snapshot-000002", why="要换回去") is False and "13对" in hands.told()
    assert not hands.console("王芳").snapshots()[1].forced
    assert hands.console("李强").publish("snapshot-000002", why="同意") and "99对" in hands.told()


def test_a_withdrawn_document_holds_back_nothing_that_answers_no_question_of_it(hands: Hands) -> None:
    hands.move("withdraw")
    hands.office.write("村里.txt", "村里\n\n村里有5口塘。\n")
    assert hands.office.refresh().published, "its question has no answer"
    hands.move("reinstate")
    hands.office.write("村里.txt", "村里\n\n村里有6口塘。\n")
    assert hands.office.refresh().published and "13对" in hands.told()
