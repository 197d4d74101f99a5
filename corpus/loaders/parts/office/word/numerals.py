"""Numbers of lists as Word writes them (ST_NumberFormat of ECMA-376)."""

from collections.abc import Callable, Mapping

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x")
_ROMAN_REST = (9, "ix"), (5, "v"), (4, "iv"), (1, "i")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


def chinese(number: int) -> str:
    """Return a number from 0 to 99,999,999 in Chinese: 1198 → 一千一百九十八, 10 → 十."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        between = "零" if 0 < low < 1000 else ""
        return f"{chinese(high)}万{between}{_below_ten_thousand(low) if low else ''}"
    text = _below_ten_thousand(number)
    return text[1:] if text.startswith("一十") else text


def numeral(number: int, number_format: str) -> str:
    """Return a number in one of Word's formats; unknown formats are decimal."""
    write = _FORMATS.get(number_format, str)
    return write(number) if number >= 0 else str(number)


def _below_ten_thousand(number: int) -> str:
    if number == 0:
        return _DIGITS[0]
    text = ""
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += _DIGITS[digit] + _UNITS[power]
        elif text and not text.endswith("零") and number % 10**power:
            text += "零"
    return text


def _counting(number: int) -> str:
    return chinese(number) if number < 100 else "".join(_DIGITS[int(digit)] for digit in str(number)).replace("零", "○")


def _digital(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number)).replace("零", "〇")


def _letters(number: int) -> str:
    # After z comes aa, then bb: the letter is repeated.
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30) if number else ""


def _roman(number: int) -> str:
    text = ""
    for size, sign in (*_ROMAN, *_ROMAN_REST):
        count, number = divmod(number, size)
        text += sign * min(count, 100)
    return text


def _enclosed(first: int, last: int) -> Callable[[int], str]:
    return lambda number: chr(first + number - 1) if 1 <= number <= last else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: "".join(chr(0xFF10 + int(digit)) for digit in str(number)),
    "decimalEnclosedCircle": _enclosed(0x2460, 20),
    "decimalEnclosedCircleChinese": _enclosed(0x2460, 20),
    "decimalEnclosedParen": _enclosed(0x2474, 20),
    "decimalEnclosedFullstop": _enclosed(0x2488, 20),
    "ideographEnclosedCircle": _enclosed(0x3280, 10),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "chineseLegalSimplified": lambda number: _below_ten_thousand(number % 10_000).translate(_LEGAL),
    "ideographLegalTraditional": lambda number: _below_ten_thousand(number % 10_000).translate(_LEGAL),
    "ideographDigital": _digital,
    "japaneseDigitalTenThousand": _digital,
    "taiwaneseDigital": _digital,
    "ideographTraditional": lambda number: _STEMS[(number - 1) % 10],
    "ideographZodiac": lambda number: _BRANCHES[(number - 1) % 12],
}
