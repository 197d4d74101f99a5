"""Cards go to those who need them, and questions to the documents."""

from pathlib import Path

import pytest

from qa.answering.screening.cards import CARDS, EMERGENCIES, HELPS, TALK
from qa.answering.screening.router import KINDS, ORDINARY, read_router, route
from qa.training.linear.router import HELD_OUT, TRAIN, UNSEEN, Line, fit, measure, read_lines, save


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("救命啊，我家着火了", "danger"),
        ("110", "danger"),
        ("我想自杀", "crisis"),
        ("I want to kill myself", "crisis"),
        ("我被老公打了", "women"),
        ("同学天天欺负我", "youth"),
        ("老板拖欠工资不给", "complaint"),
        ("转人工", "person"),
        ("谢谢您", "thanks"),
        ("再见", "goodbye"),
        ("你是谁？", "who"),
        ("你能做什么", "ability"),
        ("你是机器人吗", "machine"),
        ("你存了我什么信息", "stored"),
        ("你真蠢", "insult"),
        ("您好！", "greeting"),
    ],
)
def test_each_need_has_its_card(text: str, card: str) -> None:
    assert route(text) == card


@pytest.mark.parametrize(
    "text",
    [
        "忘记密码怎么办？",
        "公积金账号在哪里查？",
        "帮我查一下总投资",
        "你好，请问商会什么时候成立？",
        "谢谢，那医保怎么报销？",
        "火灾起数下降多少？",
        "榨菜",
        "GDP",
        "商会",
        "两地学校结成多少对？",
    ],
)
def test_questions_that_sound_alike_are_looked_up(text: str) -> None:
    assert route(text) == ""


def test_every_kind_has_a_card_in_two_languages_and_every_emergency_a_number() -> None:
    assert set(CARDS) == {*HELPS, *TALK} and set(KINDS) == {*CARDS, ORDINARY}
    assert all(chinese and english for chinese, english in CARDS.values())
    assert all("110" in text for name in EMERGENCIES for text in CARDS[name])


def test_the_halves_share_no_line() -> None:
    train, held_out, unseen = ({line.text for line in read_lines(path)} for path in (TRAIN, HELD_OUT, UNSEEN))
    assert len(train) > 1500 and len(held_out) > 1500 and len(unseen) == 400
    assert not train & held_out and not unseen & (train | held_out)


def test_nearly_all_emergencies_and_hardly_any_question_get_a_card_among_lines_never_trained_on() -> None:
    found = measure(read_router(), read_lines(UNSEEN))
    # At most two of 200 are missed, and at most one question of 200 is misrouted.
    assert found["emergencies"]["lines"] == 200 and found["emergencies"]["caught"] >= 0.99
    assert found["ordinary"]["lines"] == 200 and found["ordinary"]["with a card"] <= 0.005


@pytest.mark.long
def test_a_router_comes_back_from_its_file_and_is_measured_by_kind(tmp_path: Path) -> None:
    lines = [
        Line("我想死", "crisis"),
        Line("不想活了", "crisis"),
        Line("榨菜产量多少", ORDINARY),
        Line("有几家企业", ORDINARY),
    ]
    save(fit(lines), tmp_path / "router.json", {})
    router = read_router(tmp_path / "router.json")
    assert (router.card("我想死"), router.card("榨菜产量多少")) == ("crisis", "")
    assert measure(router, lines)["emergencies"] == {"lines": 2, "caught": 1.0}


def test_a_line_of_no_known_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "lines.tsv").write_text("别的\t你好\n", encoding="utf-8")
    with pytest.raises(ValueError, match="别的"):
        read_lines(tmp_path / "lines.tsv")
