"""Whether a figure or name that the reader found answers alone, or is only an operand of what the question asks."""

import re

from corpus.document import Span
from corpus.text.normalise import Normal
from qa.answering.forms.base import Form
from qa.answering.forms.computing.comparing import HOW_MUCH, content, held, is_of_unit, unit_asked
from qa.answering.forms.computing.implied.products import quantity_asked
from qa.answering.forms.computing.order import order_asked
from qa.answering.forms.computing.spans import apart_asked, until_asked
from qa.answering.forms.figures import Figure, facts
from qa.answering.question.words import has_han

_BORDER = re.compile(r"[，,；;。：:（(）)！!？?\n|]")
# Words of a clause that states the relation itself, so that its figure is the answer and no operand.
_DIFFERENCE = re.compile(
    r"[比较].{0,12}[多少增减升降高低涨快慢长短]|增|减|[提升降拉压缩][高低升降至短减]|涨|差|上浮|下调|同比|环比|超|节[约余省]"
)
# 增加到1402亿元 tells how much it is now.
_LEVEL = re.compile(r"(?:[增减涨升降高低加少]|扩大|压缩)了?[到至为成]$")
_TIMES = re.compile(r"倍|翻.?番|成(?!立|员|本|果|绩)|占|%|百分|比[例重]|一半")
_TOTAL = re.compile(r"共|合计|总|累计|全年|全部|加起来|达到?")
# Says itself what comes first; a date without such a word is that of one of two things.
_ORDER = re.compile(r"先|再|然后|之前|之后|早于|晚于")
_MOST = re.compile(r"最|第一|首位|居首|冠|领先|榜首|头名|倒数|末位|唯一|率先|主要")
# 手术多做了几台; 亏得最多的线
_MORE_ASKED = re.compile(rf"(?<![最至])[多少][\u4e00-\u9fff]{{1,2}}了{HOW_MUCH}")
_MOST_ASKED = re.compile(r"最[\u4e00-\u9fff]{1,2}的[\u4e00-\u9fff]{1,4}[?？]?$")
# 哪个区给得多, 贵的是哪家: one of them says nothing of which is more.
_MORE_OF_ASKED = re.compile(
    r"哪一?[\u4e00-\u9fff]{1,10}(?<!最)(?:便宜|(?<!多)[多高大贵长远重快](?![少大久长高远])|[少低小短近轻慢](?!少))[些点呢啊?？]*$|"
    r"(?:便宜|[多高大贵长远少低小短近])的?是?哪一?[\u4e00-\u9fff]{1,4}[呢啊?？]*$"
)
_COMPARES = re.compile("更|比|较|高于|低于|多于|少于|大于|小于|超过")
_SUPERLATIVE = re.compile(r"最[\u4e00-\u9fff]")
# The share of the question's words that the clause of a superlative has to hold.
_ASKED_FOR = 0.5
_NAMED = re.compile(r"(?:^|[；;\n])([^：；;。\n]{1,40})：[^：；;。\n]*$")
_REST = re.compile(r"没|未|不|无|除|其余|其他|剩|余|缺|差|免|非|空[余闲置]")
_TIMES_ASKED = re.compile(r"倍|翻番|占|百分之|比例|比重|[几多]成|\bper ?cent|\bpercentage|\btimes\b")
_SHARE_ASKED = re.compile("百分之[多几]|百分比|[多几][少大]?比例|[多几]个百分点")
_SHARES = frozenset(("%", "个百分点", "倍", "成"))
_TOTAL_ASKED = re.compile(r"一共|总共|合计|加起来|合起来|加在一起|总计|拢共|统共")
_REST_ASKED = re.compile(
    r"没(?![有得]?[?？]?$)|未|不(?!超|过|少|低|高|足|到|同|锈|动|良|等)|除了|除开|以外|之外|还剩|剩下|还差|还缺|其余|余下"
)
_BEFORE_ASKED = re.compile(r"去年|上年|前年|上一年|前一年|上个?月|同期")
_COMPARED_WITH = re.compile(r"^[^。；;\d]{0,6}[，,]?(?:比|较|同比)(?:[^，,。；;]{0,8})")
# A part of a year, whose figure is not the year's.
_PART_OF_YEAR = re.compile(r"季度|[上下]半年|[春夏秋冬]季|\d月")
_YEAR_ASKED = re.compile(r"全年|整年|一年|年度|\d{4}年")
_WHEN_ASKED = re.compile("什么时候|何时|哪[一几]?天|几号|几月")
_EACH = re.compile(r"[每一](?P<of>[\u4e00-\u9fff]{1,2})[^，,；;。\d]{0,8}$")


def answers_alone(question: Normal, kind: Form | None, quote: str, short: Span | None) -> bool:
    """Return whether the shortest answer of a quotation may stand in large letters by itself.

    `kind` is what the question asks to be concluded, where nothing was; `quote` holds the answer at `short`.
    """
    if short is None:
        return kind is None
    words = short.of(quote)
    figures = facts(words).figures
    clause = _clause(quote, short)
    if apart_asked(question) or until_asked(question):
        return not facts(words).dates
    if kind is Form.COMPUTE:
        relation = _TIMES if _TIMES_ASKED.search(question) else _DIFFERENCE
        return bool(relation.search(clause)) and not _LEVEL.search(quote[: short.start])
    if kind is Form.COMPARE and order_asked(question):
        return not facts(quote).dates or bool(_ORDER.search(quote))
    if kind is Form.COMPARE:
        return not has_han(question) and not figures
    if kind is Form.SUPERLATIVE or _MOST_ASKED.search(question):
        asked = content(_MOST_ASKED.sub("", _SUPERLATIVE.sub("", question)))
        return bool(_MOST.search(clause)) and held(asked, clause) >= _ASKED_FOR
    if _MORE_OF_ASKED.search(question):
        return bool(_MOST.search(clause) or _COMPARES.search(clause))
    if _MORE_ASKED.search(question):
        return bool(_DIFFERENCE.search(clause))
    # Of 4月18日—22日 the end is no figure that something else could be asked of.
    is_when = kind is None and _WHEN_ASKED.search(question) and facts(words).dates
    return not figures or bool(is_when) or _is_asked_for(question, quote, short, clause, figures[0])


def asks_total(question: Normal) -> bool:
    """Return whether a question asks for a sum: 一共, 总共."""
    return bool(_TOTAL_ASKED.search(question))


def tells_total(quote: str, short: Span) -> bool:
    """Return whether the clause of the shortest answer says that it tells a sum."""
    return bool(_TOTAL.search(_clause(quote, short)))


def _is_asked_for(question: Normal, quote: str, short: Span, clause: str, figure: Figure) -> bool:
    """Return whether a figure is asked for: no whole of a rest, no summand, of this time, not of one of many."""
    if _REST_ASKED.search(question) and not _REST.search(_column(quote, short) + clause):
        return False
    if _TOTAL_ASKED.search(question) and not _TOTAL.search(clause) and _is_one_of_several(quote, short, figure):
        return False
    if _BEFORE_ASKED.search(question) and _COMPARED_WITH.search(quote[short.end :]):
        return bool(_BEFORE_ASKED.search(quote[: short.start]))
    of_year = _YEAR_ASKED.search(question) or _TOTAL_ASKED.search(question)
    if of_year and _PART_OF_YEAR.search(clause) and not _PART_OF_YEAR.search(question):
        return False
    units = {one.unit for one in facts(short.of(quote)).figures}
    if _SHARE_ASKED.search(question) and "" not in units and not units & _SHARES:
        return False
    many, each = quantity_asked(question), _EACH.search(quote[: short.start])
    if many and each and many[1].startswith(each["of"][0]):
        return False
    return is_of_unit(unit_asked(question), figure.unit)


def _is_one_of_several(quote: str, short: Span, figure: Figure) -> bool:
    """Return whether the quotation holds other figures of that unit."""
    found = facts(quote)
    return any(other.unit == figure.unit and not (short.start <= other.start < short.end) for other in found.figures)


def _column(quote: str, short: Span) -> str:
    """Return the name of the column before the shortest answer of a row: 剩余货位 of 剩余货位：7个."""
    named = _NAMED.search(quote[: short.start])
    return named[1] if named else ""


def _clause(quote: str, short: Span) -> str:
    """Return the clause that holds the shortest answer."""
    before = [match.end() for match in _BORDER.finditer(quote, 0, short.start)]
    behind = _BORDER.search(quote, short.end)
    return quote[before[-1] if before else 0 : behind.start() if behind else len(quote)]
