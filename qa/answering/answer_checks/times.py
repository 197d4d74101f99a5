"""Checks that quoted texts tell of the time asked for: the weekday, the holiday, the part of a year, how long."""

import re
from collections.abc import Sequence

from qa.answering.question.analysis import Question
from qa.answering.question.weekdays import weekdays

# Of an opening or a service, not of what somebody did on such a day.
_WHEN_ON_A_DAY = re.compile(r"[几多]点|几时|什么时间|时间是|时间段")
_WORKING_DAYS = re.compile(r"(?:\d|[一二两三四五六七八九十个])\s*工作日")
_EVERY_DAY = re.compile("[每天]天|每日|全年|全天候|24小时")
_HOLIDAY = re.compile("节假日|假期")
# How long something takes is not told by how often it happens.
_HOW_LONG = re.compile(r"(?:[要得坐开走骑等花用办需])多(?:久|长时间)(?![^，,。]{0,6}[一1][次班趟回针轮])|how long")
_HOW_OFTEN = re.compile(r"(?:每隔?|间隔[^,。;；]{0,4}?)(?:\d+|[一两三四五六七八九十]+)个?(?:分钟|小时|天|周|月)")
_LENGTH = re.compile(
    r"(?:(?<!\d)\d{1,3}|[一两三四五六七八九十半]+)(?:余|多)?(?:个半?)?(?:分钟|小时|天|工作日|日内|周|星期|(?<=个)月|年)"
)
_FEASTS = re.compile("元旦|春节|元宵|清明|五一(?![路广街店])|劳动节|端午|中秋|(?<![王李张刘陈杨赵周吴])国庆|重阳")
_BUT_FOR = re.compile(r"除了?[^，,。;；]{0,12}|[^，,。;；]{0,8}(?:除外|以外)")
# What is counted over a time: 达标率, 投诉多少件; a fee or an opening hour is not.
_COUNTED_IN_TIME = re.compile(
    r"率|多少[件起例户个家对批]|几[件起例]|人次|人数|[产总销客]量|产值|销售额|营收|收入|投诉|受理|接待|完成|增长|增速|下降|达标"
)
_MONTHS = re.compile(r"(?<!\d)(1[0-2]|[1-9])月?(?:[至到]|[-—–~～]+)(1[0-2]|[1-9])月(?![\d一二三])")
_PARTS_OF_THE_YEAR = tuple(
    (re.compile(words), months)
    for words, months in (
        (r"全年|整年", (1, 12)),
        (r"上半年", (1, 6)),
        (r"下半年", (7, 12)),
        (r"前[三3]个?季度|前三季", (1, 9)),
        (r"第?[一1]季度|首季", (1, 3)),
        (r"第?[二2]季度", (4, 6)),
        (r"(?<!前)第?[三3]季度", (7, 9)),
        (r"第?[四4]季度", (10, 12)),
    )
)


def tells_how_often(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks how long something takes, and the texts tell only how often it happens."""
    text = "\n".join(quoted)
    if not _HOW_LONG.search(question.search) or not _HOW_OFTEN.search(text):
        return False
    return not _LENGTH.search(_HOW_OFTEN.sub("", text))


def of_another_feast(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question names a holiday and the texts name only others: 春节 where it asks of 中秋."""
    return names_other_feasts(question.search, quoted)


def names_other_feasts(question: str, quoted: Sequence[str]) -> bool:
    """Return the same of a question in the form for matching."""
    asked = _feasts(question)
    named = {feast for text in quoted for feast in _feasts(_BUT_FOR.sub("", text))}
    return bool(asked and named) and not asked & named


def _feasts(text: str) -> set[str]:
    return {"五一" if feast == "劳动节" else feast for feast in _FEASTS.findall(text)}


def of_other_weekdays(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks when on a weekday, and the texts tell times of others alone: 工作日 for 周六."""
    asked = weekdays(question.search) if _WHEN_ON_A_DAY.search(question.search) else set()
    told = [days for text in quoted if (days := weekdays(_WORKING_DAYS.sub("", text)))]
    if any(asked & days for days in told) or _HOLIDAY.search(question.search) or any(map(_EVERY_DAY.search, quoted)):
        return False
    return bool(asked and told)


def of_another_part_of_the_year(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks what was counted in a part of a year, and the texts name only other parts."""
    asked = _parts_of_the_year(question.search) if _COUNTED_IN_TIME.search(question.search) else set()
    named = {part for text in quoted for part in _parts_of_the_year(text)}
    return bool(asked and named) and not asked & named


def _parts_of_the_year(text: str) -> set[tuple[int, int]]:
    """Return the first and the last month of each part of a year that a text names; 5-9月 is none, but a season."""
    found = {months for words, months in _PARTS_OF_THE_YEAR if words.search(text)}
    spans = {(int(match[1]), int(match[2])) for match in _MONTHS.finditer(text)}
    return found | {span for span in spans if span[0] == 1 or span in {months for _, months in _PARTS_OF_THE_YEAR}}
