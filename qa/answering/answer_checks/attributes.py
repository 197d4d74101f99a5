"""Checks that quoted texts tell the office-holder, the attribute, the reason or the measure asked for."""

import re
from collections.abc import Sequence

from qa.answering.answer_checks.answer_type import lacks_measure
from qa.answering.question.analysis import Question

_OFFICES = "(?:书记|省长|市长|区长|县长|主席|主任|校长|会长|局长|部长|董事长|经理|领导|负责人)"
_OFFICE = re.compile(_OFFICES)
_WHO = re.compile(rf"{_OFFICES}.{{0,6}}(?:谁|叫什么|名字|姓名|哪位)")
_PAST = re.compile(r"当时|时任|那时|曾|\d{4}|时(?:的|候)?[\u4e00-\u9fff]|前任|原来")
_ONCE = re.compile(r"时任|曾任|原任|前任")
_DISMISSED = re.compile("(?:免去|免除|不再担任|辞去)[^，,；;。]*$")
_LEAST_OFFICE = 4  # characters by which an office is told from others: 水利局局长
# Offices, persons, tickets and prices that go by no other name.
_WORD_FOR_WORD = (
    *("董事长", "总经理", "校长", "院长", "省长", "市长", "区长", "县长", "镇长", "局长", "监事长", "理事长", "秘书长"),
    *("讲解员", "主持人", "工作人员"),
    *("年卡", "月卡", "季卡", "年票", "月票", "季票", "套票", "通票", "联票", "团体票", "夜场票"),
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
        (r"(?:谁|哪[家个一])[^，,]{0,8}中标|中标(?:单位|公司|企业|人|的[是人])", r"中标|中选|成交|承建|施工|建设单位"),
        (r"设计师|设计单位|谁设计", r"设计"),
        *((word, word) for word in _WORD_FOR_WORD),
    )
)
# A row of a table gives no reason, unless a column does.
_WHY = re.compile(r"为什么|为何|为啥|凭什么|凭啥|什么原因|啥原因|原因是|\bwhy\b")
_OF_A_ROW = re.compile(r"[^：:；;。]{1,40}[：:][^；;。]+(?:[；;][^：:；;。]{1,40}[：:][^；;。]+){2,}[。；;]?")
_REASON = re.compile(r"(?:原因|理由|备注|说明|情况|依据|问题|不合格项目?)[：:]|因|由于")


def only_past_office(question: Question, quoted: Sequence[str]) -> bool:
    """Return whether a question asks who holds an office now, while the text names a former holder."""
    asked = _WHO.search(question.search)
    if not asked or _PAST.search(question.search):
        return False
    office = _OFFICE.search(question.search, asked.start())
    head = question.search[: office.end()] if office else ""
    return any(_ONCE.search(text) or _only_dismisses(text, head) for text in quoted)


def _only_dismisses(text: str, head: str) -> bool:
    """Return whether a text names the office with which the words of a question end only where somebody leaves it."""
    for start in range(max(0, len(head) - _LEAST_OFFICE + 1)):
        if (office := head[start:]) in text:
            return all(_DISMISSED.search(text[: match.start()]) for match in re.finditer(re.escape(office), text))
    return False


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
