"""Checks that quoted text fits a question: its figures, its premise, its place, its office-holder, its attribute.

Quoted texts are given as normalised copies.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import rjieba

from corpus.text.normalise import Normal, normalise
from corpus.text.numerals import years_in_digits
from qa.answering.question.analysis import Question, Tagged, tagged_clauses
from qa.answering.question.weekdays import weekdays
from qa.answering.reader.answer_type import lacks_measure

_YEAR = re.compile(r"(?:19|20)\d{2}(?=\s*年|\b)")
_QUANTITY = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(?:余|多)?(万亿|亿|万|千)?")
_COUNTED = re.compile(_QUANTITY.pattern + r"(?=\s*(?:吨|元|人|家|个|所|项|名|位|对|次|平方))")
_TIMES = {"": 1, "千": 10**3, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_WHO = re.compile(
    r"(?:书记|省长|市长|区长|县长|主席|主任|校长|会长|局长|部长|董事长|经理|领导|负责人).{0,6}(?:谁|叫什么|名字|姓名|哪位)"
)
_PAST = re.compile(r"当时|时任|那时|曾|\d{4}|时(?:的|候)?[\u4e00-\u9fff]|前任|原来")
_UNIT_OF_PLACE = re.compile(r"(?<=..)[省市区县]$")
_ONCE = re.compile(r"时任|曾任|原任|前任")
_FALLS = r"下降|下滑|跌|降低|减少|回落|萎缩|负增长"
_RISES = r"增长|增加|增至|增到|上升|上涨|提高|提升|扩大|翻番"
_WHY_SO = r"(?:为什么|为何|原因|怎么会|咋)"
_ENDS = r"解散|撤销|关闭|停办|停产|停工|倒闭|破产|拆除|终止"
# A text is taken to say that something ended only where it has a word for ending.
_ENDED = re.compile(
    r"(?:为什么|为何|为啥|什么原因|怎么会|什么时候|何时|哪一?年).*?(?:停|中断|中止|终止|取消|退出|撤|解散|关闭|倒闭|破产|放弃)"
)
_ENDING = re.compile(r"停|中断|[中终]止|取消|退出|撤|解散|关闭|倒闭|破产|放弃|不再|结束|期满|拆")
# Each row: a question that presupposes an event, the words of that event, and the words of its opposite.
_OPPOSITES = tuple(
    (re.compile(granted), re.compile(event), re.compile(opposite))
    for granted, event, opposite in (
        (rf"{_WHY_SO}.*?(?:{_FALLS})|(?:{_FALLS})(?:了|到|的原因)", _FALLS, _RISES),
        (_ENDS, _ENDS, r"成立|设立|创办|开办|投产|开工|启用|建成|揭牌|落成"),
    )
)
# Offices, persons and prices that go by no other name.
_WORD_FOR_WORD = (
    *("董事长", "总经理", "校长", "院长", "省长", "市长", "区长", "县长", "镇长", "局长", "监事长", "理事长", "秘书长"),
    *("讲解员", "主持人", "工作人员"),
    *("原价", "底价", "进价", "成本价", "批发价", "零售价", "成交价", "中标价", "起拍价", "评估价"),
)
# A question about a named attribute (headquarters, phone, fees …) is answered only by text that mentions the
# attribute. Left: pattern in the question. Right: words one of which the quoted text must contain.
_NAMED = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (r"总部", r"总部|总公司"),
        (r"电话|热线|手机号|联系方式|phone", r"电话|热线|手机|(?<!\d)(?:\d{3,4}-)?\d{7,8}(?!\d)|1\d{10}"),
        (
            r"[\u4e00-\u9fff]率(?:是|为|有)?(?:多少|多高|几|好多|[?？]|$)|率 ",
            r"率|%|百分|[一二两三四五六七八九]成|比|‰",
        ),
        (
            r"(?<![有哪这那在上])几点(?!建议)",
            r"\d[:：]\d\d|\d\s*[点时]|[一二两三四五六七八九十]+[点时]|[上下]午|全天|零时|正午",
        ),
        (r"副(?=[主局校院镇县区市经书会队站])", r"副"),
        (r"邮箱|e-?mail", r"邮箱|@"),
        (r"网址|官网|website", r"网址|网站|官网|www|http"),
        (r"公众号|微信", r"公众号|微信"),
        (r"邮编", r"邮编|邮政编码"),
        (r"学费", r"学费|收费|免费"),
        (r"门票|票价", r"票"),
        (r"利润|盈利|赚了?多少|profit", r"利|盈|赚|亏"),
        (r"(?:缴|交|纳|多少)税|税收", r"税"),
        (r"工资|月薪|年薪|薪资|薪酬", r"资|薪|收入|待遇"),
        (r"年龄|几岁|多少岁|多大年纪", r"岁|年龄|出生|生于"),
        (r"注册资本|注册资金", r"注册"),
        (r"市值|股价|股票", r"市值|股"),
        (r"报销|医保", r"报销|医保|医疗保险"),
        (r"分数线|录取线", r"分"),
        (r"中标|招标|承建", r"标|承建|施工|建设单位"),
        (r"设计师|设计单位|谁设计", r"设计"),
        *((word, word) for word in _WORD_FOR_WORD),
    )
)
# A row of a table gives no reason, unless a column does.
_WHY = re.compile(r"为什么|为何|为啥|凭什么|凭啥|什么原因|啥原因|原因是|\bwhy\b")
_OF_A_ROW = re.compile(r"[^：:；;。]{1,40}[：:][^；;。]+(?:[；;][^：:；;。]{1,40}[：:][^；;。]+){2,}[。；;]?")
_REASON = re.compile(r"(?:原因|理由|备注|说明|情况|依据|问题|不合格项目?)[：:]|因|由于")
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
_FEASTS = re.compile("元旦|春节|元宵|清明|五一(?![路广街店])|端午|中秋|(?<![王李张刘陈杨赵周吴])国庆|重阳")
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
_GOES = frozenset(
    ("到", "赴", "来", "去", "给", "前往", "来到", "派往", "派到", "援助", "支援", "援建", "放到", "放在")
)


def unsupported_figures(question: Question, quoted: Sequence[str]) -> list[str]:
    """Return the years and figures of a question that stand in none of the texts.

    Units are converted: 500万元 matches 0.05亿元. Rounding is allowed: 21亿元 and 20亿元 match 20.57亿元.
    """
    asked = question.search
    texts = [years_in_digits(text) for text in quoted]
    years = [year for year in _YEAR.findall(asked) if not any(year in text for text in texts)]
    values = [_value(match) for text in texts for match in _QUANTITY.finditer(text)]
    figures = [match for match in _COUNTED.finditer(asked) if not any(_rounds_to(value, match) for value in values)]
    return years + [match.group() for match in figures if not _YEAR.fullmatch(match.group())]


def _value(quantity: re.Match[str]) -> float:
    return float(quantity.group(1).replace(",", "")) * _TIMES[quantity.group(2) or ""]


def _rounds_to(value: float, asked: re.Match[str]) -> bool:
    number = asked.group(1).replace(",", "")
    scale: float = 10 ** len(number.partition(".")[2])
    inexact = value / _TIMES[asked.group(2) or ""] * scale
    wanted = round(float(number) * scale)
    # A whole number without 万 or 亿 is a count: 5 is not 5.4.
    if not asked.group(2) and scale == 1:
        return math.isclose(inexact, wanted)
    return wanted in (math.floor(inexact + 1e-6), round(inexact))


def answers_something_else(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether the texts answer for another office-holder, place or attribute than the question asks about."""
    return (
        only_past_office(question, quoted)
        or of_another_place(question, quoted)
        or goes_the_other_way(question, quoted)
        or leaves_unnamed(question, quoted)
        or gives_no_reason(question, quoted)
        or tells_no_measure(question, quoted)
        or tells_how_often(question, quoted)
        or of_another_feast(question, quoted)
        or of_another_part_of_the_year(question, quoted)
        or of_other_weekdays(question, quoted)
    )


def only_past_office(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks who holds an office now, while the text names a former holder."""
    asks_today = _WHO.search(question.search) and not _PAST.search(question.search)
    return bool(asks_today) and any(_ONCE.search(text) for text in quoted)


def leaves_unnamed(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks for an attribute of `_NAMED` that the texts do not mention."""
    asked, text = question.search, "\n".join(quoted)
    return any(wanted.search(asked) and not told.search(text) for wanted, told in _NAMED)


def gives_no_reason(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks why, and the texts are rows of tables without a reason."""
    if not _WHY.search(question.search):
        return False
    lines = [text.rpartition("\n")[2] for text in quoted]
    return all(_OF_A_ROW.fullmatch(line) and not _REASON.search(line) for line in lines)


def tells_no_measure(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether sentences do not speak of the measure that a question asks for: 几度 is not told by 48小时.

    In rows of tables the measure is often left out.
    """
    lines = [text.rpartition("\n")[2] for text in quoted]
    return not any(map(_OF_A_ROW.fullmatch, lines)) and all(lacks_measure(question.search, text) for text in quoted)


def tells_how_often(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks how long something takes, and the texts tell only how often it happens."""
    text = "\n".join(quoted)
    if not _HOW_LONG.search(question.search) or not _HOW_OFTEN.search(text):
        return False
    return not _LENGTH.search(_HOW_OFTEN.sub("", text))


def of_another_feast(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question names a holiday and the texts name only others: 春节 where it asks of 中秋."""
    asked = set(_FEASTS.findall(question.search))
    named = {feast for text in quoted for feast in _FEASTS.findall(_BUT_FOR.sub("", text))}
    return bool(asked and named) and not asked & named


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


def says_the_opposite(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether the texts say the opposite of what a question presupposes: 为什么下降, where they say 增长.

    A question that presupposes an end also counts when the texts mention no end.
    """
    asked, text = question.search, "\n".join(quoted)
    if _ENDED.search(asked) and not _ENDING.search(text):
        return True
    return any(
        granted.search(asked) and opposite.search(text) and not event.search(text)
        for granted, event, opposite in _OPPOSITES
    )


def moves_the_other_way(asked: Normal, clause: str) -> bool:
    """Return whether a question takes for granted that something fell or rose, and a clause says the opposite of it.

    Example: 为什么下降, where the clause says 增加到.
    """
    for moved, other in ((_FALLS, _RISES), (_RISES, _FALLS)):
        if re.search(rf"{_WHY_SO}.*?(?:{moved})|(?:{moved})(?:了|到|的原因)", asked) and not re.search(other, asked):
            said = normalise(clause)
            return bool(re.search(other, said)) and not re.search(moved, said)
    return False


def of_another_place(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question is about one place and the texts name only others.

    Example: 浙江省2021年的总产值 is not answered by 涪陵总产值…….
    """
    place = _place_asked_about(question)
    if not place or any(place in text for text in quoted):
        return False
    named = {word for text in quoted for word, tag in rjieba.tag(text) if tag == "ns" and len(word) > 1}
    return bool(named) and not any(word in question.search for word in named)


def goes_the_other_way(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether the texts describe the opposite direction, or leave the question's origin out.

    Example: how many people 浙江 sent 到涪陵 is not answered by how many 涪陵 sent 到浙江, nor by how many 涪陵 has.
    """
    asked = set(_ways(question.clauses))
    if not asked:
        return False
    text = "\n".join(quoted)
    told = {way for part in quoted for way in _ways(tagged_clauses(part))}
    return any(way not in told and (way[::-1] in told or (way[1] in text and way[0] not in text)) for way in asked)


def _ways(clauses: Iterable[Tagged]) -> Iterator[tuple[str, str]]:
    """Yield (origin, goal) for each verb of movement that stands between two places of one clause."""
    for tagged in clauses:
        places = [(i, _UNIT_OF_PLACE.sub("", word)) for i, (word, tag) in enumerate(tagged) if tag == "ns"]
        for i, (word, _) in enumerate(tagged):
            if word in _GOES:
                origins = [place for at, place in places if at < i]
                goals = [place for at, place in places if i < at <= i + 2]
                if origins and goals and origins[-1] != goals[0]:
                    yield origins[-1], goals[0]


def _place_asked_about(question: Question) -> str:
    """Return the place that a question begins with, without 省 or the like; empty when it begins otherwise."""
    tagged = list(question.tagged)
    while tagged and (tagged[0][1] in ("t", "m", "x", "r") or tagged[0][0] in ("请问", "年", "年度", "，", ",")):
        tagged.pop(0)
    if not tagged or tagged[0][1] != "ns" or len(tagged) < 2:
        return ""
    behind = [
        (word, tag) for word, tag in tagged[1:] if not (tag in ("t", "m") or word in ("省", "市", "区", "县", "年"))
    ]
    of_it = bool(behind) and (behind[0][0] == "的" or behind[0][1] in ("n", "nz", "l", "j", "eng"))
    return _UNIT_OF_PLACE.sub("", tagged[0][0]) if of_it else ""
