"""Recognises what a question compares (two names, or all of a kind), and which units fit it."""

import re
from dataclasses import dataclass

from corpus.text.normalise import Normal, normalise
from qa.answering.forms.computing.statements import Statement
from qa.answering.forms.figures import facts
from qa.answering.question.words import WH

_MORE = "多高大贵长远重快强久深厚宽热晚迟后"
_LESS = "少低小短近轻慢弱浅薄窄冷早先"
# 多久, 多大: how long and how large, not more.
_WORD = rf"(?:便宜|年轻|划算|靠前|靠后|在前|在先|(?<!多)(?!多[少久大远])[{_MORE}{_LESS}])"
_LESS_WORDS = ("便宜", "年轻", "划算", "靠前", "在前", "在先", "严", "紧", "闲")
WHICH = r"(?:哪一?(?:个|边|家|种|样|项|条|类|处|头|方|座|所|趟|批|年|季度|月|区|县|市|镇|乡|村)?|谁|啥)"
HOW_MUCH = r"(?:多少|好多|几多|好大|多大|多久|好久|几(?!乎))"
FURTHER = re.compile(r"[，,、；;。？?].*(?:谁|什么|啥|哪|多少|好多|几|怎|何|多久)")
_COUNTED_IN = re.compile(HOW_MUCH + r"(?P<unit>个?[\u4e00-\u9fff]{1,3})")
_AMOUNT = re.compile(rf"(?<![十好这那]){HOW_MUCH}")
_OF_SOMETHING = re.compile(r"哪|什么|啥|谁|怎|咋|为何|为啥")
OPENING = re.compile(r"^(?:请问|想问(?:一下)?|问一下|麻烦|我想知道|那|到底|喂)[，, ]*")
SHORT_YEAR = re.compile(r"(?<!\d)(?=[12]\d年)")
_COMPARED = (
    re.compile(
        r"^(?P<of>.*?)(?P<a>[^，,、]{1,20}?)(?:和|跟|与|同|还是|、)(?P<b>[^，,、]{1,24}?)(?:相比|比起来|比)?[，, ]*"
        rf"(?:这?两[个家边种者项]|之间|里|中)?{WHICH}(?P<what>[^，,？?]*?)(?P<dir>{_WORD})"
    ),
    re.compile(
        rf"^(?P<of>.*?)是?(?P<a>[^，,]{{1,20}}?)的?(?P<dir>{_WORD})些?[，,]?"
        rf"还是(?P<b>[^，,]{{1,20}}?)的?{_WORD}"
    ),
    re.compile(rf"^(?P<of>.*?)是?(?P<a>[^，,]{{1,20}}?)还是(?P<b>[^，,]{{1,20}}?)(?P<what>)(?P<dir>{_WORD})"),
    # A和B都在乡镇，补助哪个高: what is compared stands behind the names.
    re.compile(
        r"^(?P<of>)(?P<a>[^，,、]{2,12}?)(?:和|跟|与|同|、)(?P<b>[^，,、]{2,16}?)[，,](?P<what>[^，,？?]{2,14}?)"
        rf"(?:这?两[个家边种者项](?:里|中)?)?{WHICH}(?P<more>[^，,？?]{{0,6}}?)(?:要|更)?(?P<dir>{_WORD})"
    ),
)
_WHETHER = re.compile(r"[吗么吧嘛]$")
# 非住宅类每件: for how much, and no name.
_EACH = re.compile(r"(?<=..)每(?:[个一]?[\u4e00-\u9fff])$")
_SUPERLATIVE = re.compile(
    rf"最(?P<dir>{_WORD}|厉害|凶|严|紧|忙|闲)|(?P<last>垫底|末位|倒数第一)|(?P<first>排?第一|居首|头一)"
)
# 去哪里办 asks for a place, and not for one of two.
_PLACE = re.compile(r"(?:(?<![过出进])去|到|(?<!现)在)哪[里儿点]")
# These words compare dates, not figures.
_OF_TIME = "早晚先后迟前"
_GROWS = re.compile(r"[增涨升]|速")
# Units that a figure may have which answers a question for one of them: 几天 is answered by 15日.
_ALIKE = (("人", "人次"), ("天", "日"))
# Words for what is asked about, and the units it is measured in.
_UNITS_ASKED = tuple(
    (re.compile(asked), frozenset(units.split()))
    for asked, units in (
        (r"率|增速|占比|比例|[涨增降]得|增长", "% 个百分点"),
        (r"钱|贵|便宜|费|价|成本|租|投资|资金|经费|[补奖罚花赔]|工资|收入|预算|押金|产值|额|税|债|薪", "元"),
        (r"[人员师生](?!均)|游客|职工|岗", "人 人次"),
        (r"远|里程|长度|路程", "公里 米 海里"),
        (r"面积|多少地|耕地", "亩 公顷 平方米 平方公里"),
        (r"多久|时间|快|慢|等得", "天 分钟 小时 年 个月 日"),
    )
)
# What is long, and what is wide: the word alone says in what it is measured. 长 may be of a road or of a time.
_UNITS_OF_WORDS = {
    "长": frozenset(["公里", "米", "厘米", "海里", "年", "个月", "天", "日", "小时", "分钟"]),
    "宽": frozenset(["公里", "米", "厘米"]),
}
_UNITS_OF_WORDS |= {"短": _UNITS_OF_WORDS["长"], "窄": _UNITS_OF_WORDS["宽"]}
_DAYS = frozenset(("天", "日"))
# Units that measure the same, and counting words of the same things. What is told in one may be asked for in another.
_KINDS = tuple(
    frozenset(units.split())
    for units in (
        "年 个月 天 日 小时 分钟",
        "公里 米 厘米 毫米 海里",
        "平方公里 公顷 亩 平方米",
        "吨 公斤 克",
        "台 辆 部 架 艘 套",
        "家 所 处 座 间",
        "项 件 条 篇",
        "项 种 类",
        "场 次 期 轮",
        "户 家",
        "户 套",
        "头 只",
    )
)
# A sum of money may be told as a share or a multiple of another: 违法所得1倍以上3倍以下.
_OF_MONEY = frozenset(("元", "%", "倍"))
_FUNCTION = re.compile(
    r"哪一?[个边家种样项条类处头方座所趟批]?|谁|什么|最|多少|多|少|高|低|大|小|的|是|了|吗|呢|有|在|些|里|中|"
    r"和|跟|与|还是|比|请问|一下|几|到底|[，,？?。、“”（）() ]"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison that a question asks for: two names, or no names where it asks for the most or least of all.

    `word` is the comparing word; `more` is True where the greater value wins.
    """

    names: tuple[str, ...]
    about: str
    more: bool
    word: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A computed conclusion. `operands` begin with the winner's statement; `features` describe how well they fit.

    One that is `certain` is shown whatever the features say.
    """

    verdict: str
    line: str
    operands: tuple[Statement, ...]
    features: dict[str, float]
    certain: bool = False


def compared(question: Normal) -> Comparison | None:
    """Return the two things that a question compares; None when it compares no two."""
    copy = SHORT_YEAR.sub("20", OPENING.sub("", question.strip("？?。 ")))
    if "最" in copy or _WHETHER.search(copy):
        return None
    for pattern in _COMPARED:
        if match := pattern.search(copy):
            parts = match.groupdict()
            a, b = parts["a"].strip(" 的是"), parts["b"].strip(" 的是")
            named = a and b and a != b and not re.search(WH, a + "，" + b) and not _PLACE.search(match.group())
            if named and parts["dir"][-1] not in _OF_TIME:
                names, of_both = apart_from_both(a, b)
                about = " ".join(filter(None, (parts.get("of"), of_both, parts.get("what"), parts.get("more"))))
                return Comparison(names, about, direction(parts["dir"], copy), parts["dir"])
    return None


def apart_from_both(a: str, b: str) -> tuple[tuple[str, str], str]:
    """Return two names, and what the second says of both: 二孩, 三孩的奖励 are 二孩, 三孩 and 奖励."""
    a, b = _EACH.sub("", a), _EACH.sub("", b)
    name, of, tail = b.partition("的")
    if of and len(name) > 1 and len(tail) > 1 and "的" not in a:
        return (a, name), tail
    return (a, b), ""


def superlative(question: Normal) -> Comparison | None:
    """Return what a question asks the most or the least of; None when it asks for neither."""
    match = _SUPERLATIVE.search(question)
    if not match or (match["dir"] or "多")[-1] in _OF_TIME or not re.search(WHICH + "|什么", question):
        return None
    more = not match["last"] and (bool(match["first"]) or direction(match["dir"], question))
    return Comparison((), question[: match.start()] + " " + question[match.end() :], more, match["dir"] or "")


def units(question: str) -> frozenset[str]:
    """Return the units that fit what is asked about; empty when any may."""
    return next((names for asked, names in _UNITS_ASKED if asked.search(question)), frozenset())


def units_compared(word: str, about: str) -> frozenset[str]:
    """Return the units that fit what two are compared in: of 哪个长, lengths and times; empty when any may."""
    return units(word + about) or _UNITS_OF_WORDS.get(word, frozenset())


def amount_asked(copy: str) -> re.Match[str] | None:
    """Return where a normalised question asks for an amount; None where it asks for something else as well."""
    match = _AMOUNT.search(copy)
    if not match or FURTHER.search(copy, match.end()) or _OF_SOMETHING.search(copy, match.end()):
        return None
    return match


def unit_asked(question: Normal) -> frozenset[str]:
    """Return the unit that a question names behind its question word (几块, 多少人); empty where it names none."""
    match = _COUNTED_IN.search(question)
    if not match:
        return frozenset()
    named = match["unit"]
    if named.startswith(("块", "毛", "元", "钱", "万元", "千元", "万块", "亿元", "分钱")):
        return frozenset(("元",))
    if named.startswith(("个百分", "百分点", "个点", "点")):
        return frozenset(("%", "个百分点"))
    figures = facts("1" + named).figures
    unit = figures[0].unit if figures else ""
    alike = next((units for units in _ALIKE if unit in units), (unit,))
    return frozenset(alike) if unit not in ("", "个", "百分点") else frozenset()


def is_of_unit(wanted: frozenset[str], unit: str) -> bool:
    """Return whether a figure of a unit may be one of the units wanted; 30日 are 30天, 个 counts anything."""
    days = unit in _DAYS and bool(wanted & _DAYS)
    return not wanted or unit in ("", "个") or unit in wanted or days


def is_of_kind(wanted: frozenset[str], unit: str) -> bool:
    """Return whether a figure of a unit measures the same as the units wanted: 24小时 of 几天, 1.2公里 of 多少米."""
    alike = any(unit in kind and wanted & kind for kind in _KINDS)
    return is_of_unit(wanted, unit) or alike or (wanted == {"元"} and unit in _OF_MONEY)


def unit_fits(wanted: frozenset[str], unit: str) -> float:
    """Return 1 when the unit is one of those wanted, -1 when it is another, 0 when any may be."""
    return 0.0 if not wanted else 1.0 if unit in wanted else -1.0


def content(asked: str) -> set[str]:
    """Return the characters of words of a normalised question that are not function words."""
    return set(_FUNCTION.sub("", asked))


def held(wanted: set[str], text: str) -> float:
    """Return the share (0–1) of the wanted characters that a text holds."""
    copy = normalise(text)
    return sum(char in copy for char in wanted) / max(1, len(wanted))


def direction(word: str, question: str) -> bool:
    """Return whether a comparing word asks for the greater figure. What takes fewer days is faster."""
    if word in ("快", "慢") and not _GROWS.search(question):
        return word == "慢"  # fewer days are faster
    return word not in _LESS_WORDS and word[-1] not in _LESS
