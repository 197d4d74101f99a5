"""Reads which texts a document repeals: 《…》同时废止, by title or number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from corpus.document import Document
from corpus.metadata.dates import DAY, read_day, with_digits
from corpus.metadata.force import HOUR, read_force
from corpus.metadata.own_words import NUMBER, number_of, statements
from corpus.text.normalise import normalise

_ENDS = r"废止|作废|停止执行|停止施行|停止使用|终止执行|不再执行|不再使用|失效"
_REPLACES = re.compile(r"(?<![不可能以])(?<!不得)(?:取代|代替|替代)")
_OWN_TEXT = re.compile(r"本[\u4e00-\u9fff]{1,12}")
_REPEALS = re.compile(rf"(?<!不得)(?<!是否)(?<!建议)(?<!未)(?<!不)(?<!拟)(?:{_ENDS})")
_NAME = re.compile(rf"《([^《》]{{2,80}}(?:〈[^〉]*〉[^《》]*)?)》(?:\s*[（(\[]?\s*(?:{NUMBER})\s*[）)\]]?)?|{NUMBER}")
# Words after which a text is only referred to, or repealed in part.
_REFERRED_TO = re.compile(
    r"(?:根据|依据|依照|按照|贯彻|落实|违反)[^，,。；;《》]{0,12}$|(?:按|印发|发布|公布|制定|修订|执行|参照|结合)$"
)
_PART = re.compile(r"^\s*(?:第[\d一二三四五六七八九十百、至]+[条款项章节]|中的?|有关|的?部分|附件|的(?:规定|附))")
_HOLDS_NOW = re.compile(r"^[^，,。；;]{0,4}自[^，,。；;]{0,16}起[^，,。；;]{0,4}(?:施行|执行|实施|生效)")
# A list of repealed texts: what announces it, and the columns of a table by their names.
_TEXTS = r"(?:文件|规章|法规|政策|制度|办法|规定|通知|公告|标准)"
_LISTS = re.compile(
    rf"(?:附件|附表|下列|以下)[^，,。；;]{{0,24}}{_TEXTS}|{_TEXTS}[^，,。；;]{{0,24}}(?:目录|清单|如下)|(?:{_ENDS})的?[^，,。；;《]{{0,12}}{_TEXTS}"
)
_NAMED = re.compile(rf"(?:^|[；;])(?:[^；;：:]{{0,3}}{_TEXTS})?(?:名称|标题|题目)[：:]\s*《?([^；;《》]{{4,100}})")
_RESULT = re.compile(r"(?:^|[；;])[^；;：:]{0,4}(?:结果|意见|方式|情况|结论|状态)[：:]\s*([^；;。]+)")
_STAYS = re.compile(r"继续有效|现行有效|保留|修改|修订|继续执行")
_LONGEST_CAPTION = 60
_LIST_ITEM = re.compile(r"^\s*(?:\d+[.、．]|[（(]?[一二三四五六七八九十\d]+[）)、]|《)")
# The date of the repeal; 自…起施行 states when another text comes into force.
_WHEN = re.compile(rf"自?\s*({DAY}){HOUR}\s*起(?!\s*(?:正式|开始)?(?:施行|执行|实施|生效|试行))")
_ISSUING = re.compile(r"^(?:[\u4e00-\u9fff]{2,30})?关于(?:印发|发布|公布|转发)(.{4,})的(?:通知|公告|通告|决定)$")
BRACKETS = re.compile(r"[（(\[【][^（）()\[\]【】]*[）)\]】]$")
_BRACKETS_BACKWARDS = re.compile(r"[）)\]】][^（）()\[\]【】]*[（(\[【]")
_NEAR = 14  # characters between 废止 and the first title after it


@dataclass(frozen=True, slots=True)
class Repeal:
    """A text named as repealed by title or number, the date of the repeal if stated, and the words that say so.

    It `waits` where its document begins to hold on a day that is stated and not read.
    """

    title: str
    number: str
    since: date | None
    words: str
    waits: bool = False


def repeals(document: Document) -> Iterator[Repeal]:
    """Yield the texts that a document repeals as a whole."""
    if not (_REPEALS.search(document.text) or _REPLACES.search(document.text)):
        return
    parts = statements(document)
    force = read_force(parts, None)
    last = max(force.since) if len(force.since) > 1 else None  # its parts begin one after another
    for repeal in (*_stated(parts), *_replaced(parts)):
        yield repeal if repeal.since else replace(repeal, since=last, waits=force.awaited)


def _stated(parts: Sequence[str]) -> Iterator[Repeal]:
    listing = table = False
    for part in parts:
        verbs = list(_REPEALS.finditer(part))
        if row := _NAMED.search(part):
            if _ends_in_row(part, table):
                yield from _in_row(part, row)
        elif verbs:
            yield from _in_sentence(part, verbs)
            table = bool(_LISTS.search(part))
            listing = table or part.endswith(("：", ":"))
        elif listing and _LIST_ITEM.match(part):
            yield from _names(part, 0, len(part), None)
        else:
            listing = False
            table = table and not (len(part) <= _LONGEST_CAPTION and _STAYS.search(part))


def _ends_in_row(row: str, table: bool) -> bool:
    """Return whether the text of a row is repealed: by the result that stands in it, else by what the table lists."""
    result = _RESULT.search(row)
    return bool(_REPEALS.search(result[1])) if result else table


def _in_row(row: str, named: re.Match[str]) -> Iterator[Repeal]:
    number = re.search(NUMBER, row[: named.start()]) or re.search(NUMBER, row[named.end() :])
    yield Repeal(named[1].rstrip("。"), number_of(number) if number else "", None, row)


def _replaced(parts: Sequence[str]) -> Iterator[Repeal]:
    """Yield what a text takes the place of: 本标准代替《…》."""
    for part in parts:
        for verb in _REPLACES.finditer(part):
            before = part[: verb.start()]
            end = re.compile(r"[。；;，,]|$").search(part, verb.end())
            if end and (_OWN_TEXT.search(before) or not before.strip()) and not re.search(r"[被由][^，。；]*$", before):
                yield from _names(part, verb.end(), end.start(), None)


def _in_sentence(part: str, verbs: Sequence[re.Match[str]]) -> Iterator[Repeal]:
    begin = 0
    for verb in verbs:
        stated = _WHEN.search(with_digits(part[begin : verb.start()]))
        since = read_day(stated[1]) if stated else None
        found = list(_names(part, begin, verb.start(), since))
        if not found:  # 同时废止《…》
            rest = re.search(r"[。；;]|$", part[verb.end() :])
            assert rest is not None
            behind = verb.end() + rest.start()
            follows = 0 <= part.find("《", verb.end(), behind) - verb.end() < _NEAR
            found = list(_names(part, verb.end(), behind, since)) if follows else []
        yield from found
        begin = verb.end()


def _names(part: str, begin: int, end: int, since: date | None) -> Iterator[Repeal]:
    for match in _NAME.finditer(part, begin, end):
        before, behind = part[begin : match.start()], part[match.end() :]
        if _REFERRED_TO.search(before) or _PART.match(behind) or _HOLDS_NOW.match(behind):
            continue
        numbered = re.search(NUMBER, match[0][len(match[1]) + 2 :] if match[1] else match[0])
        number = number_of(numbered) if numbered else ""
        yield Repeal(match[1] or "", number, since, part)


def base_title(title: str) -> str:
    """Return a title for comparison: without 关于印发…的通知, and without brackets at its end."""
    title = plain_title(title)
    backwards, cut = title[::-1], 0
    while (match := _BRACKETS_BACKWARDS.match(backwards, cut)) and match.end() < len(title):
        cut = match.end()
    return title[: len(title) - cut]


def plain_title(title: str) -> str:
    """Return a title for comparison: normalised, without quotation marks, of what a notice issues the thing issued."""
    title = re.sub(r"[\s《》〈〉“”\"]", "", normalise(title))
    issued = _ISSUING.match(title)
    return issued[1] if issued else title
