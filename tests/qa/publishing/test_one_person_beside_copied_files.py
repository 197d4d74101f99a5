"""One person alone has no file answer wrongly of which nobody knows who copied it into the folder; no file is lost."""

import random
from contextlib import closing
from pathlib import Path

import pytest

from index.embedding import bundled_model
from qa.storage import runtime_settings
from qa.storage.database import DATABASE, open_database
from qa.web.staff.pages.home.todo import work
from tests.support.counts import count
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.lone_publisher import (
    ASKED,
    NAME,
    OTHER,
    SOURCE,
    TRUE,
    Hands,
    Meanwhile,
    do,
    opened,
)

MEMBERS = "涪陵浙江商会有会员企业多少家？"


@pytest.fixture
def hands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hands:
    monkeypatch.setattr(bundled_model, "embedder_name", lambda: "toy-1")
    hands = opened(tmp_path)
    hands.office.asked = []
    return hands


def withheld(hands: Hands) -> list[str]:
    """The golden questions that staff read are answered with nothing."""
    return [one.questions[0] for one in hands.console("王芳").golden.withheld()]


ORDERS: dict[str, list[str | Meanwhile]] = {
    "beside it": ["copied", {}, "withdraw"],
    "withdrawn before": ["copied", {}, "withdraw the other", "withdraw", "reinstate the other"],
    "withdrawn while judged": ["copied", {"judge": ["withdraw"]}, "newest", {}],
    "withdrawn while published": ["copied", {"publish": ["withdraw"]}, "newest", {}],
    "deleted, then reinstated": ["copied", {}, "withdraw", "delete", {}, "reinstate", {}],
    "copied again": ["copied", {}, "withdraw", "copied again", {}, "newest"],
    "two of them": ["copied", "copied again", {}, "withdraw", "withdraw the other", "reinstate the other"],
    "copied over": ["copied", {}, "withdraw", "copied over", {}, "reinstate", "newest"],
    "it begins tomorrow": ["copied", "the other begins tomorrow", {}, "withdraw", "ends today", {}, "newest"],
    "back and forth": ["copied", {}, "withdraw", "the first", "newest", "reinstate", "withdraw", "newest"],
}
UNDER_AN_ANSWER: dict[str, list[str | Meanwhile]] = {
    "stopped": ["withdraw", "stop the answer"],
    "its source stopped": ["withdraw", "stop the source", "reinstate the source"],
    "stopped first": ["stop the answer", "withdraw", "reinstate"],
    "its source changed": ["withdraw", "change the source", {}, "newest"],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_a_copied_file_answers_no_golden_question_wrongly(hands: Hands, order: list[str | Meanwhile]) -> None:
    do(hands, order)


@pytest.mark.parametrize("order", UNDER_AN_ANSWER.values(), ids=UNDER_AN_ANSWER)
def test_nor_once_an_answer_that_hides_it_is_gone(hands: Hands, order: list[str | Meanwhile]) -> None:
    do(hands, ["copied", {}])
    hands.review()
    do(hands, order)


def test_a_stopped_answer_uncovers_no_copied_file_that_two_persons_published_wrong(hands: Hands) -> None:
    hands.office.write(NAME, TRUE.replace("13对", "77对"))
    hands.office.refresh(who="李强")
    newest = hands.office.store.names()[-1]
    assert [hands.console(who).publish(newest, why="看过了") for who in ("李强", "赵敏")] == [False, True]
    assert "77对" in hands.told(), "the control"
    hands.review()
    assert "13对" in hands.told() and hands.move("stop the answer")
    assert "77对" not in hands.told() and withheld(hands) == [ASKED]


SINGLE = ["withdraw", "reinstate", "copied", "copied again", "copied over", "delete", "true"]
SINGLE += ["withdraw the other", "reinstate the other", "the other begins tomorrow", "the other holds", "ends today"]
SINGLE += ["lasts", "stop the answer", "stop the source", "reinstate the source"]
SINGLE += ["newest", "newest, with a reason", "the one before", "the first"]


@pytest.mark.parametrize("seed", range(count(6, whole=120)))
def test_nor_in_any_other_order(hands: Hands, seed: int) -> None:
    chance = random.Random(seed)
    hands.review()
    order: list[str | Meanwhile] = ["copied", {}]
    for _ in range(10):
        steps = chance.sample(["embed", "judge", "publish"], chance.choice([0, 0, 1, 2]))
        meanwhile = {step: chance.sample(SINGLE, chance.choice([1, 2])) for step in steps}
        order.append(meanwhile if chance.random() < 0.3 else chance.choice(SINGLE))
    do(hands, order)


def test_only_the_question_is_withheld_and_answered_again_with_the_true_file(hands: Hands) -> None:
    """Six copied files were once withdrawn with one, and nobody who had withdrawn anything could reinstate them."""
    do(hands, ["copied", {}, "withdraw"])
    assert [one.document for one in hands.console("王芳").documents.withdrawn()] == [NAME]
    assert "13对" not in hands.told() and "237家" in hands.told(asked=MEMBERS), "the copied file goes on answering"
    assert "99对" not in hands.told(asked="请问两地学校结成了多少对帮扶对子呢？"), "in other words"
    assert withheld(hands) == [ASKED] and any("先不回答" in one.what for one in work(hands.console("王芳")))
    assert hands.move("reinstate") and "13对" in hands.told() and withheld(hands) == []


def test_golden_questions_are_asked_once_of_several_files_and_after_they_are_withdrawn(hands: Hands) -> None:
    """In an emergency nothing waits for them."""
    do(hands, ["copied", {}])
    documents = hands.console("王芳").documents
    for name in (SOURCE, NAME):
        documents.withdraw(name, why="有误", look=False)
    assert "13对" not in hands.told() and "99对" in hands.told(), "the control: nobody has asked yet"
    assert documents.look_behind([SOURCE, NAME]) == () and "99对" not in hands.told()
    assert hands.move("reinstate the source") and withheld(hands) == [ASKED], "it gave no reply"
    assert hands.move("reinstate") and withheld(hands) == []


def test_a_changed_golden_question_has_the_copied_file_answer(hands: Hands) -> None:
    do(hands, ["copied", {}, "withdraw"])
    hands.change_golden("99对")
    assert "99对" in hands.told() and withheld(hands) == []


def test_a_golden_question_that_was_changed_by_hand_counts_from_the_next_refresh(hands: Hands) -> None:
    do(hands, ["copied", {}, "withdraw"])
    hands.office.golden = []
    hands.office.refresh(anew=True)
    with closing(open_database(hands.office.home / DATABASE)) as database:
        assert runtime_settings.withheld(database) == ()


def test_a_corrected_file_answers_and_staff_need_not_look_any_more(hands: Hands) -> None:
    do(hands, ["copied", {}, "withdraw"])
    hands.office.write(OTHER, f"{TRUE}\n校长每年来一次。\n")  # else it is the file that was withdrawn
    do(hands, [{}])
    assert "13对" in hands.told() and withheld(hands) == []


def test_one_person_is_enough_where_the_office_says_so(hands: Hands) -> None:
    hands.office.four_eyes = False
    hands.office.write(OTHER, COOPERATION.text.replace("13对", "99对"))
    assert hands.office.refresh().published
    assert hands.move("withdraw") and "99对" in hands.told(), "the control: it would be noticed"
