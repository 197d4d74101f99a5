"""Checks whether a text holds the kind of thing that a question asks for: a date, a sum, a place."""

import re

from corpus.text.normalise import normalise

_NUMBER = r"(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)\s*(?:余|多)?"
_SPENT = r"(?:投|花|捐|赚)了?多少(?=[?？了呢吗啊]|$)"
_PEOPLE = r"人(?!次)|工人|员工|职工|学生|干部|医生|老师|教师|老人|专家|移民|会员|领导|employees|people|pupils|students"
# Left: what a question asks for. Right: what its answer then holds. The first match decides.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(held))
    for asked, held in (
        (r"百分之几|百分之多少|百分比|增速|增长率|增幅|占比|比例", r"%|百分之|[一二两三四五六七八九]成|倍"),
        (r"(?:哪一?|何)年|(?:which|what) year", r"\d{4}\s*年|[去今前明]年"),
        (
            r"什么时候|何时|哪一?天|几月|几号|日期|\bwhen\b",
            r"\d{4}\s*年|\d{1,2}\s*月|\d{1,2}\s*日|[年月日天]|时期|期间|以来|以后|之后|之前",
        ),
        (
            r"多久|多长时间|(?<!哪)几年|(?:多少|几)(?:天|个月|小时)|多少年|how long",
            r"(?<!\d)\d{1,3}\s*(?:余|多)?(?:年|个月|天|周|小时)|[一二两三四五六七八九十百]+多?(?:年|个月|天|周|小时)",
        ),
        (
            r"(?:电话|热线)(?:号码)?(?:是|为)?多少(?=[?？呢啊]|$)|(?:电话|手机)号码是",
            r"\d[\d\s—–-]{5,}\d|(?<!\d)[19]\d{2,4}(?!\d|[年个家人名元万亿吨所项位])",
        ),
        (r"第几|排名|排第", r"第[一二三四五六七八九十\d]|首位|前列"),
        (r"(?:多少|几)(?:人次|次|趟)", _NUMBER + r"[人批]?次"),
        (r"(?:多少|几)(?:名|位)|多少个?(?:" + _PEOPLE + r")|人数|how many (?:" + _PEOPLE + ")", _NUMBER + r"[名位人]"),
        (r"多少吨|几吨", _NUMBER + r"[万亿]?吨"),
        (r"多少亩|面积|多少平方", _NUMBER + r"[万亿]?(?:平方|亩|公顷)"),
        (r"多少公里|几公里|多远", _NUMBER + r"万?(?:公里|千米|米|里)"),
        (r"(?:多少|几)家", _NUMBER + r"[家户个]|、"),
        (
            r"多少钱|多少(?:资金|投资|经费|补贴|补助|利润|税|捐款|工资|费用|收入)|投资多少|金额是?多少|how much|"
            + _SPENT,
            _NUMBER + r"[万亿]*元",
        ),
        (
            r"(?<![有哪这那在上])几点(?=钟|开|关|上班|下班|收|到|结束|放|[?？]|$)|(?:上班|下班|开放|营业|办公)时间是",
            r"\d{1,2}\s*(?:[点:：]|时(?!代|期))|[一二三四五六七八九十]+[点时]|[上下]午|全天",
        ),
        (r"总投资|金额|产值|收入|资金", _NUMBER + r"[万亿]*元"),
        (r"多大", _NUMBER + r"(?:[万亿]?平方|亩|公顷|万?吨)"),
        (r"多少|(?<![那这])几(?:个|所|对|项|批)|how many|数量", _NUMBER),
        (r"哪里|哪儿|什么地方|何处|在哪", r"省|市|区|县|镇|乡|村|街道|城|园"),
    )
)


def fits(question: str, text: str) -> int:
    """Return 1 when the text holds the kind asked for, -1 when it does not, 0 when no known kind is asked for."""
    held = next((held for asked, held in _KINDS if asked.search(question)), None)
    if held is None:
        return 0
    return 1 if held.search(normalise(text)) else -1
