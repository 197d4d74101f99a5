"""Values of short answers, and whether a quotation tells one."""

import pytest

from qa.answering.reader.values import tells


@pytest.mark.parametrize(
    ("quotation", "value", "told"),
    [
        ("2014年5月开工；2018年4月通车。", "2014年5月", True),
        ("停车费每次15元。", "5元", False),
        ("停车费每次5元。", "5元", True),
        ("停车费每次5元。", "6元", False),
    ],
)
def test_a_quotation_tells_a_value_that_it_holds_as_a_whole(quotation: str, value: str, told: bool) -> None:
    assert tells(quotation, value) is told
