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

# Measures that nothing else is counted by. Left: as asked. Right: one of these stands in the answer, or in the name of
# its column.
_MEASURES: tuple[tuple[str, str], ...] = (
    ("度", "度|℃|°"),
    ("道题|题", "题"),
    ("平方米|平米|平方", "平方|㎡|m2"),
    ("立方米|立方|方水", "立方|m3|方|吨"),
    ("公里|千米", "公里|千米|km|里"),
    ("厘米", "厘米|公分|cm|米"),
    ("毫升|升", "升|ml|l"),
    ("亩", "亩|公顷"),
    ("吨", "吨|斤|千克|kg"),
    ("公斤|千克|斤", "斤|千克|kg|克"),
    ("学时|课时", "学时|课时|节"),
    ("学分", "学分"),
    ("层|楼", "层|楼"),
    ("栋|幢", "栋|幢|楼"),
    ("辆", "辆|车"),
    ("艘", "艘|船"),
    ("页", "页"),
    ("岁", "岁|龄|年"),
    ("年", "年|月|日|天|周|永久|长期"),
    ("个月", "月|年|日|天|周"),
    ("小时|分钟", "时|分|:|天|日|周"),
)
_MEASURED = re.compile(
    "(?<![好有这那前上近十第大分])(?:多少|几)("
    + "|".join(sorted((name for asked, _ in _MEASURES for name in asked.split("|")), key=len, reverse=True))
    + ")(?![内级])"
)
_HELD = {name: re.compile(held) for asked, held in _MEASURES for name in asked.split("|")}
# What names of a kind hold: 财政局 is an office, 墨溪乡 no village.
_NAMES = {
    "村": "村|社区|组|寨|屯",
    "学校|中学|小学|大学": "学|校|园|[一二三四五六七八九十]中",
    "医院": "院|中心|站|所|室",
    "银行": "行|社|储",
    "路|街": "路|街|巷|道|桥|线",
    "乡|镇|街道": "乡|镇|街|区",
    "小区": "区|苑|园|家|院|城|庭|村|府|居|里|湾|庄|栋|楼",
    "部门|单位|机构": "[局委办处科站部会所院校社厅队馆行联府厂团室司署台网园店组方]|中心|窗口",
    "科室": "科|室|部|中心",
    "县|区|市": "县|区|市|旗|州|港",
}
_WHICH_NAME = re.compile(
    "哪(?:[一几两三四五]?[个家所条些]|几)?("
    + "|".join(sorted((name for kinds in _NAMES for name in kinds.split("|")), key=len, reverse=True))
    + r")(?![长委民路道头务内])"
)
_NAMED = {name: re.compile(held) for kinds, held in _NAMES.items() for name in kinds.split("|")}


def lacks_measure(question: str, text: str) -> bool:
    """Return whether a question asks for a number of something (几度, 多少升) that a text does not speak of."""
    asked = _MEASURED.search(question)
    return asked is not None and not _HELD[asked[1]].search(text)


def lacks_name(question: str, words: str) -> bool:
    """Return whether a question asks which of a kind (哪个部门, 哪几个村) and the words found name none of it."""
    asked = _WHICH_NAME.search(question)
    return asked is not None and not _NAMED[asked[1]].search(normalise(words))


def fits(question: str, text: str) -> int:
    """Return 1 when the text holds the kind asked for, -1 when it does not, 0 when no known kind is asked for."""
    held = next((held for asked, held in _KINDS if asked.search(question)), None)
    if held is None:
        return 0
    return 1 if held.search(normalise(text)) else -1
