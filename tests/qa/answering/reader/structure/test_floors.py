"""Directories of houses tell the floor of what they list."""

import pytest

from corpus.document import Document
from qa.answering.question.analysis import Question
from qa.answering.reader.structure.floors import floor_of

HALL = Document(
    "a.txt",
    "松岭市图书馆楼层索引",
    "松岭市图书馆楼层索引\n【主楼】\n　1F　总服务台、还书处\n"
    "　2F\n　　　少儿阅览室（周一闭馆）\n　　　外文室\n　　　　　日文书库………210室\n"
    "　3F　古籍部\n【附楼】\n　1F　报告厅\n　4F　古籍部展厅\n总服务台电话：5550001\n",
)
FLAT = Document("b.txt", "政务大厅", "政务大厅\n\n一楼\n社保窗口\n医保窗口\n\n二楼\n不动产窗口\n\n投诉窗口在大门旁。\n")


def said(question: str, *documents: Document) -> tuple[str, str] | None:
    reading = floor_of(Question.of(question), documents)
    if not reading:
        return None
    (found,) = reading.findings
    assert found.short is not None and found.short.lies_in(found.quote)
    return found.short.of(found.document.text), found.quote.of(found.document.text)


@pytest.mark.parametrize(
    ("question", "floor"),
    [
        ("松岭图书馆还书处在几楼", "1F"),
        ("少儿阅览室在几楼", "2F"),  # further in below the floor
        ("松岭市图书馆的日文书库在哪层", "2F"),
        ("古籍部在哪个楼层", "3F"),
        ("古籍部展厅在几楼", "4F"),  # the longer name, in the other house
        ("请问松岭市图书馆报告厅在第几层", "1F"),
    ],
)
def test_the_floor_of_what_is_listed_answers(question: str, floor: str) -> None:
    found = said(question, HALL)
    assert found is not None and found[0] == floor


@pytest.mark.parametrize(
    "question",
    [
        "松岭市图书馆电子阅览室在几楼",  # listed nowhere
        "松岭市图书馆老年外文室在几楼",  # another room
        "桃源县图书馆少儿阅览室在几楼",  # another house
        "松岭市图书馆主楼有几层",
        "松岭市图书馆古籍部几点开门",
    ],
)
def test_what_no_floor_of_the_house_lists_has_none(question: str) -> None:
    assert said(question, HALL) is None


def test_lines_below_a_floor_that_stands_alone_are_of_it_up_to_a_blank_line() -> None:
    assert said("医保窗口在几楼", FLAT) == ("一楼", "一楼\n社保窗口\n医保窗口")
    assert said("不动产窗口在几楼", HALL, FLAT) == ("二楼", "二楼\n不动产窗口")
    assert said("投诉窗口在几楼", FLAT) is None


def test_the_house_is_quoted_with_the_floor() -> None:
    found = said("报告厅在几楼", HALL)
    assert found is not None and found[1] == "【附楼】\n　1F　报告厅"
    twice = Document("c.txt", HALL.title, HALL.text.replace("报告厅", "还书处"))
    assert said("还书处在几楼", twice) is None  # on two floors
