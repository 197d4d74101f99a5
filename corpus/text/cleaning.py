"""Text without invisible characters."""

import re

# Line ends of Word (vertical tab) and of Unicode count as line ends; other control characters show nothing.
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u00ad]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# Letters and digits with a gap on each side that adjoins a Chinese character. A single one was typed: 表1 收费标准.
_HAN, _RUN = r"[\u4e00-\u9fff]", r"[0-9A-Za-z][0-9A-Za-z.,%:/~+-]*"
_MARK = r"[，。、；：！？（）《》“”()\[\]]"
_UNITS = r"[十百千万亿]*(?:元|人|吨|个|家|户|对|名|项|岁|周岁|[天日月年时]|小时|分钟|公里|平方|[亩次套层件册米])"
_GAPS = re.compile(
    rf"(?<={_HAN}) ({_RUN})(?: (?={_HAN})|(?={_MARK}|$))|(?<={_MARK})({_RUN}) (?={_HAN})|"
    rf"(?<![表图件录第\d.,])(\d[\d,.]*) (?={_UNITS})",
    re.MULTILINE,
)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a]+")


def cleaned(text: str) -> str:
    """Return the text without invisible characters; lines are trimmed, empty lines dropped."""
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    return "\n".join(filter(None, (_SPACES.sub(" ", line).strip() for line in text.split("\n"))))


def without_gaps(text: str) -> str:
    """Return the text without the gaps around letters and digits among Chinese characters: 于 2024 年 is 于2024年.

    Pages show a gap there that nobody typed, and programs that make PDF write a space for it.
    """
    return _GAPS.sub(lambda match: match[1] or match[2] or match[3], text)
