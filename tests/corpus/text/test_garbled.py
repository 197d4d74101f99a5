"""Texts of other peoples are texts; what is decoded wrongly is not."""

import pytest

from corpus.text.garbled import garbled

KOREAN = "2020년 3월 30일 0시 기준 현재 코로나바이러스감염증 환자의 치료와 검사에 드는 비용은 국가가 부담한다."
ARABIC = "تحسين الإنتاجية وحل المشكلات من خلال البرمجة بلغة R وPython في عام 2024"
TIBETAN = "བོད་རང་སྐྱོང་ལྗོངས་ཀྱི་སློབ་གྲྭ་ཁག་གི་དུས་ཚོད།"
CHINESE = "临时救助金每户每次最高不超过五千元，由镇人民政府审核。"


@pytest.mark.parametrize("text", [KOREAN, ARABIC, TIBETAN, CHINESE, f"{CHINESE}\n{KOREAN}"])
def test_a_text_in_one_script_is_no_garbled_text(text: str) -> None:
    assert garbled(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        CHINESE.encode().decode("latin-1"),
        CHINESE.encode("gb18030").decode("utf-16-be", "replace"),
        "".join(chr(0x3AB + 293 * number % 7000) for number in range(60)),  # numbers of glyphs taken for characters
        f"{KOREAN}{CHINESE.encode().decode('latin-1')}",
    ],
)
def test_what_was_decoded_wrongly_is_garbled(text: str) -> None:
    assert "字符" in garbled(text)
