import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import privacy


def identity_card(first: str) -> str:
    """A number that holds by GB 11643-1999, made from its first 17 digits."""
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def bank_card(first: str) -> str:
    """A number that holds by the Luhn check, made from all its digits but the last."""
    digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(first))]
    return first + str(-sum(number // 10 + number % 10 for number in digits) % 10)


CARD = identity_card("50010219900307123")
BANK = bank_card("621700123456789012")


@pytest.mark.parametrize(
    "text, masked",
    [
        (f"我的身份证{CARD}能办吗", "我的身份证【身份证号】能办吗"),
        (f"{CARD[:6]} {CARD[6:14]} {CARD[14:]}", "【身份证号】"),
        (identity_card("11010519491231002").lower(), "【身份证号】"),
        (f"卡号{BANK[:4]} {BANK[4:8]} {BANK[8:12]} {BANK[12:16]} {BANK[16:]}。", "卡号【银行卡号】。"),
        ("打13812345678找我", "打【手机号】找我"),
        ("打+86 138-1234-5678找我", "打【手机号】找我"),
        ("打１３８１２３４５６７８找我", "打【手机号】找我"),
        (f"{CARD}，13912345678", "【身份证号】，【手机号】"),
    ],
)
def test_personal_numbers_are_masked(text: str, masked: str) -> None:
    assert privacy.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        CARD[:-1] + str((int(CARD[-1].replace("X", "0")) + 1) % 10),
        "500102199013071231",
        BANK[:-1] + str((int(BANK[-1]) + 1) % 10),
        "13812345678元",
        "总投资13800000000万元",
        "12812345678",
        "138123456789",
        "2020年11月21日成立，会员237家，投资3.5亿元",
        "12345",
        "023-72222222",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert privacy.find(text) == []
    assert privacy.mask(text) == text


@given(st.text(alphabet="0123456789 -Xx一１", max_size=80))
def test_numbers_found_never_overlap(text: str) -> None:
    found = privacy.find(text)
    assert all(found[i].span.end <= found[i + 1].span.start for i in range(len(found) - 1))


def test_the_request_names_each_kind_once() -> None:
    request = privacy.request_to_remove(privacy.find("13812345678 13912345678"))
    assert request.startswith("您的问题里像是有手机号。")
