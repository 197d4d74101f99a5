import pytest

from qa.answering.question.days import day_alone, days


def test_days_are_the_same_however_written() -> None:
    assert days("8月2号到08月16日") == days("8月2日、8月16日") == {(8, 2), (8, 16)}


@pytest.mark.parametrize(
    ("text", "day"), [("2月19日", (2, 19)), ("2月19号", (2, 19)), ("2月19日下午", None), ("2月", None)]
)
def test_a_text_of_one_day_alone_is_that_day(text: str, day: tuple[int, int] | None) -> None:
    assert day_alone(text) == day
