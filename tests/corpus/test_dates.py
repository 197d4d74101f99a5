"""Days are read as officials write them; Chinese numerals of days become digits, and nothing else does."""

from datetime import date

import pytest

from corpus.metadata.dates import read_day, with_digits


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("二〇二四年三月一日", "2024年3月1日"),
        ("二○二四年十二月三十一日", "2024年12月31日"),
        ("二零二五年十月二十日", "2025年10月20日"),
        ("一九九七年六月十八日", "1997年6月18日"),
        ("2024年十一月5日", "2024年11月5日"),
        ("2024-12-31", "2024-12-31"),
        ("三十家企业", "三十家企业"),
    ],
)
def test_numerals_of_a_day_become_digits(written: str, digits: str) -> None:
    assert with_digits(written) == digits


@pytest.mark.parametrize("written", ["2024-03-01", "2024/3/1", "2024.3.1", " 2024年3月1日 ", "二〇二四年三月一日"])
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert read_day(written) == date(2024, 3, 1)


@pytest.mark.parametrize("written", ["", "明年", "2024-02-30", "2024-13-01", "2024年3月", "24-3-1", "2024-03-01起"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert read_day(written) is None
