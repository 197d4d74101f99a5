"""Takes off what a turn begins with besides its question: a correction of the turn before, a word that goes on."""

import re

import rjieba

from index.search.names import NAME_TAGS
from qa.answering.question.new_parts import COUNTED
from qa.answering.question.topics import NOUNS
from qa.answering.question.words import has_han

LONGEST_NAME = 20

# 不是，我问的是二期; 我是说二期; 不是一期，是二期.
_NO = r"(?:不是|不对|错了|搞错了|弄错了|no)[^，,。！!、；; ]{0,4}[，,。！!、；; ]+"
_SAID = "(?:想问|要问|问|说|指|讲)"
_CORRECTS = (
    re.compile(rf"^(?:{_NO})?我(?:{_SAID}的就?是|是{_SAID}(?:的就?是|的)?)[，,：: ]*(?P<meant>.{{2,}})$"),
    re.compile(rf"^{_NO}我{_SAID}的?[，,：: ]*(?P<meant>.{{2,}})$"),
    re.compile(r"^(?:我(?:问|说)的)?不是[^，,。；;]{1,12}[，,；; ]+(?:我(?:问|说)的)?是(?P<meant>.{2,})$"),
)
# 那 that points at nothing: 那多久能办 but not 那里, 那几天.
_GOES_ON = re.compile(r"^(?:那么|那(?![里儿边个些位家所次项种年天时几种张只条样么])|还有|另外)[，, ]*(?=.{2})")


def meant(question: str) -> str:
    """Return what a correction puts in the place of the turn before; empty where a turn corrects nothing."""
    for pattern in _CORRECTS:
        if match := pattern.match(question):
            return match["meant"]
    return ""


def bare(question: str) -> str:
    """Return a question without the words that only say that it goes on."""
    return _GOES_ON.sub("", question)


# What is only named: 榆荫路一期, 二楼的. A sentence has a person, a denial or a deed in it.
_SAYS = re.compile(r"[我你您们了吗呢不没是有]|[，,。；;？?！!]|谢|好的|再见|请|帮")


_MOST_WORDS = 2  # apart from each other that name one thing


def names_only(text: str) -> bool:
    """Return whether a text only names something: by a name, a number, or with 的; search words by themselves ask."""
    if len(text.split()) > _MOST_WORDS or not 2 <= len(text) <= LONGEST_NAME or _SAYS.search(text) or not has_han(text):
        return False
    tagged = rjieba.tag(text)
    last, tag = tagged[-1]
    counted = COUNTED.fullmatch(last) is not None or tag in ("m", "q")
    ends = counted or last == "的" or tag in NOUNS
    # A mere noun (总投资) may as well be asked of what the turn before was about.
    tells = counted or last == "的" or any(tag in NAME_TAGS for _, tag in tagged)
    return ends and tells and len(tagged) > 1 and tagged[0][1][0] not in "vdrp"
