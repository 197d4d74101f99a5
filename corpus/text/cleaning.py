"""Text without invisible characters."""

import re
import unicodedata

from corpus.text.measures import MEASURE

# Line ends of Word (vertical tab) and of Unicode count as line ends; other control characters show nothing.
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\u00ad]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# Gaps before and behind a run of letters and digits among Chinese characters, but for columns of figures, what is
# numbered (表1 收费标准), and a number that opens a line (1 总则).
_HAN, _RUN = r"[\u4e00-\u9fff]", r"[0-9A-Za-z][0-9A-Za-z.,%:/~+×—–-]*"
_GAP_BEFORE = re.compile(rf"(?<={_HAN}) (?=[0-9A-Za-z])(?!{_RUN} [0-9])")
_GAP_BEHIND = re.compile(
    rf"(^|[\u4e00-\u9fff\u3000，。、；：！？（）《》〔〕【】“”()\[\]])({_RUN}) (?={_HAN})", re.MULTILINE
)
_NUMBERED = "表图件录"
_UNIT = re.compile(rf" (版|号|{MEASURE})")
# A blank of a form that is filled in, with what is left of its line at either side: 租金__33600__元.
_FILLED_IN = re.compile(
    r"(?<![_0-9A-Za-z])_{1,3}(?P<filled>[^\s_，。；：、（）()《》“”]{1,20})_{1,3}(?=[\u4e00-\u9fff，。；：、（）])"
)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a]+")


def cleaned(text: str) -> str:
    """Return the text without invisible characters; lines are trimmed, empty lines dropped.

    The line to write on goes where words stand on it.
    """
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    text = _FILLED_IN.sub(r"\g<filled>", text) if "_" in text else text
    return "\n".join(filter(None, (_SPACES.sub(" ", line).strip() for line in text.split("\n"))))


def printable(text: str, keep: str = "") -> str:
    """Return the text with � for what cannot be shown or could steer a terminal, but for the characters of `keep`.

    Blanks of all widths are shown: the one of Chinese typesetting is as common as a space.
    """
    return "".join(
        char if char.isprintable() or char in keep or unicodedata.category(char) == "Zs" else "\ufffd" for char in text
    )


def without_gaps(text: str) -> str:
    """Return the text without the gaps around letters and digits among Chinese characters: 于 2024 年 is 于2024年.

    Pages show a gap there that nobody typed, and programs that make PDF write a space for it.
    """

    def closed(match: re.Match[str]) -> str:
        unit = _UNIT.match(match.string, match.end() - 1)
        numbers = match[1] in _NUMBERED if match[1] else not (unit and unit[1])
        return match[0] if numbers else match[1] + match[2]

    return _GAP_BEHIND.sub(closed, _GAP_BEFORE.sub("", text))
