"""Tells what is easily taken for the answer to a question: a discount for a price, a mean for a limit.

None of these doubts held back a right answer of the question sets, so that such words are not read as an answer.
"""

import re

from corpus.text.normalise import Normal
from qa.answering.answer_checks.answer_type import lacks_name

_PRICE_ASKED = re.compile(r"多少钱|[几多少][块元](?!以|内|起)|(?<![涨提加])[价费票]多少|工资|工钱|薪")
_TAKEN_OFF = r"扣除?|扣减|立?减免?|返还?|抵扣?|优惠"
# 优惠价20元 is a price.
_BEFORE_TAKEN_OFF = re.compile(rf"(?:{_TAKEN_OFF})(?![价票后])[^，,。；;：:\s\d]{{0,2}}$")
_BEGINS_TAKEN_OFF = re.compile(rf"^(?:{_TAKEN_OFF})\D{{0,2}}\d")
_ASKED_TAKEN_OFF = re.compile("扣|罚|减|少|返|抵|优惠|便宜|折|省|滞|违|赔|迟|缺|旷|损|丢|坏|逾|超|没|不|降")
_LIMIT_ASKED = re.compile("[多几]少?个?(?:工作)?[天日月]|多久|多长时间|时限|期限")
_MEAN = re.compile("平均(?:用时|时间|天数|时长)?[为是约]{0,2}$")
_MEAN_ASKED = re.compile(r"均|一般|大概|大约|通常|实际|[去上前]年|(?:19|20)\d\d")
_EARLIER_ASKED = re.compile("[上前]一?[轮届](?!会|全)|上一[期次批]|上个(?:合同期|年度|季度)")
_EARLIER = re.compile(r"[上前]一?[轮届期次批个年]|第[一二三四五六七八九十\d]+[轮届期次批]|原|旧|从前|以前|此前")
_FREE_ASKED = re.compile("(?:能|可以|可不可以|能不能)[^，,。]{0,4}(?:免[交缴收费]|减免|[缓减][交缴])")
_FREE = re.compile("免|减|缓|退|代|承担|财政|不(?:收|交|缴|用|需)|无[需须]")
_FEE_ITSELF = re.compile("([\u4e00-\u9fff]{2}[费金价])(?:本身|自身)")
_WITHOUT = re.compile("(?<!有)没有([\u4e00-\u9fff]{3,6}?)的")
# An office may go by a name that says nothing of what it is: 由民政负责.
_WHICH_OFFICE = re.compile("哪[^，,。]{0,3}(?:部门|单位|机构|科室)")
# The month is named: 5月几号. A day may be told as 初八, 月底 or a day of the week.
_DAY_ASKED = re.compile(r"(?<!几)月份?的?(?:是|在)?几[号日](?![楼线门院馆台库车])")
_DAY = re.compile(r"[日号天周初旬底末]|星期|礼拜|\d[-./]\d")
# Nothing is 亿 a head.
_PER_HEAD = re.compile(r"人均(?![可应须能需要])|\bper (?:person|capita|head)\b")
_CLAUSE_END = re.compile("[，,。；;\n]")


def is_taken_for_the_answer(question: Normal, quoted: str, words: str) -> bool:
    """Return whether words of a quotation are of another kind than a question asks for.

    `quoted` is a normalised copy that ends with the quotation, its headings before it.
    """
    at = quoted.rfind(words) if words else -1
    before = _CLAUSE_END.split(quoted[:at])[-1] if at >= 0 else ""
    return (
        _is_taken_off(question, before, words)
        or _is_a_mean(question, before, words)
        or bool(_EARLIER_ASKED.search(question) and not _EARLIER.search(quoted))
        or bool(_FREE_ASKED.search(question) and not _FREE.search(quoted))
        or bool(_DAY_ASKED.search(question) and not _DAY.search(words))
        or bool(_PER_HEAD.search(question) and "亿" in words)
        or _has_what_it_lacks(question, quoted)
        or _is_of_another_fee(question, before + words)
        or (lacks_name(question, quoted) and not _WHICH_OFFICE.search(question))
    )


def _is_taken_off(question: Normal, before: str, words: str) -> bool:
    """Return whether a price is asked for, and the words tell what is taken off: 缺勤一天扣100元, 减10元."""
    if not _PRICE_ASKED.search(question) or _ASKED_TAKEN_OFF.search(question.replace("多少", "")):
        return False
    return bool(_BEGINS_TAKEN_OFF.search(words) or (words[:1].isdecimal() and _BEFORE_TAKEN_OFF.search(before)))


def _is_a_mean(question: Normal, before: str, words: str) -> bool:
    """Return whether it is asked how long something may take, and the words tell how long it took on average."""
    mean = words.startswith("平均") or _MEAN.search(before)
    return bool(mean and _LIMIT_ASKED.search(question) and not _MEAN_ASKED.search(question))


def _is_of_another_fee(question: Normal, clause: str) -> bool:
    """Return whether one fee itself is asked for, and the clause that answers is of another: 认证费本身, 代办费60元."""
    asked = _FEE_ITSELF.search(question)
    return bool(asked and asked[1] not in clause)


def _has_what_it_lacks(question: Normal, quoted: str) -> bool:
    """Return whether it is asked of what lacks something (没有房产证的房子), and the words tell of what has it."""
    asked = _WITHOUT.search(question)
    if not asked or asked[1] not in quoted:
        return False
    return not re.search(f"(?:没有?|无|未|不|缺|非)[^，,。；;]{{0,6}}{asked[1]}", quoted)
