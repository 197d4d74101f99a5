"""What a text loses when it is cleaned."""

import pytest

from corpus.text.cleaning import cleaned


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("每月租金__860__元，提前_15_天交。", "每月租金860元，提前15天交。"),
        ("每月________元，由____方交。", "每月________元，由____方交。"),
        ("编号：LS-____", "编号：LS-____"),
        ("附件 a_b_c 见 file_2_final版", "附件 a_b_c 见 file_2_final版"),
    ],
)
def test_the_line_to_write_on_goes_where_words_stand_on_it(text: str, read: str) -> None:
    assert cleaned(text) == read
