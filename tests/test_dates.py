"""Days in Chinese numerals become digits, and nothing else does."""

import pytest

from corpus.dates import with_digits


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
