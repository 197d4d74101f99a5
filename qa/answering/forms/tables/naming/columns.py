"""Which column of a table a question names."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from os.path import commonprefix

from corpus.text.normalise import normalise
from qa.answering.forms.tables.naming.names import LEAST, joined, plain, shared
from qa.answering.forms.tables.reading import Cell, Row
from qa.answering.question.words import has_han

_TAKEN = "\0"  # in no name of a column, unlike a space: PM2.5 2023年
_PRICE = re.compile("[价费租薪]|(?<![资基奖])金(?!额)|工资")
_TELEPHONE = re.compile("电话|手机|热线|联系方式")
_OF_A_TELEPHONE = re.compile(r"联系|办公|移动|固定|[电座]话|手机|热线|方式|号码|号|\([^)]*\)")
_PERSON_ASKED = re.compile("谁|叫什么|姓名|名字|哪[个家位些]")
_DIGIT = re.compile(r"\d")
_UNIT_ASKED = re.compile(r"(?:多少|几)(?P<unit>[千万亿]{0,2}元)(?!以)")
WRITTEN_UNIT = re.compile(r"(?<=[\d.])\s*[千万亿]{0,2}元")
# What a question calls a column by, and what the column is called.
_MARKED = (
    (
        re.compile("还剩|剩[下余]|还空|空[着出余]|还有空|余下|还余"),
        re.compile("剩余?|空[余缺闲置]|[余][票位额量]|可[用售租约]|未[用售租约]"),
    ),
    (
        re.compile("为什么|为何|为啥|因何|凭什么|什么原因|啥原因|(?:因为?|犯了?|为了?)(?:什么|啥)事"),
        re.compile("违[法规]|案由|事由|原因|理由|事实"),
    ),
    (re.compile("外[县市省区地来](?!通|卖)|非本[县市省区地]"), re.compile("非本[县市省区地]|外[县市省区地来]")),
    (re.compile("头一?班|首一?班|第一班|最早[的一]{0,2}[班趟]"), re.compile("[首头]班|首车")),
    (re.compile("末班|尾班|最[后晚][的一]{0,2}[班趟]"), re.compile("末班|尾班|末车")),
)
MEAL = re.compile("([早午晚])饭")  # is called 餐 in the names of columns
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")
_IN_ENGLISH = (
    (re.compile(r"\badults?\b"), "成人"),
    (re.compile(r"\b(?:child(?:ren)?|kids?)\b"), "儿童"),
    (re.compile(r"\bstudents?\b"), "学生"),
    (re.compile(r"\b(?:seniors?|elderly)\b"), "老人"),
    (re.compile(r"\bdeposit\b"), "押金"),
)
_LIMIT = re.compile("以[上下内]|不[满足到]|超过")
_YEAR = re.compile(r"(?:19|20)\d\d")


def column_named(question: str, row: Row, rows: Sequence[Row]) -> int | None:
    """Return the column that a question names, other than the one that names the rows; None unless it is one.

    What the question calls the row by is not read as the name of a column.
    """
    telephone = _telephone_named(question, row)
    if telephone is not None:
        return telephone
    question, name = MEAL.sub(r"\1餐", joined(_in_chinese(question))), joined(row.name)
    if (marked := _column_marked(question, row)) is not None:
        return marked
    start, end = shared(name, question)
    rest = question[:start] + _TAKEN * (end - start) + question[end:] if end - start >= LEAST else question
    parts: dict[int, str] = {}
    columns = [joined(cell.column) for cell in row.cells]
    for number, column in enumerate(columns[row.key + 1 :], start=row.key + 1):
        start, end = shared(column, rest)
        part = rest[start:end]
        # A piece of a number names nothing: 202 of 2021年 in 2026年.
        told = (len(part) >= LEAST and (has_han(part) or _YEAR.fullmatch(part))) or part == column != ""
        if told and not _denies(column, part) and not _is_told(row.cells[number].text, part, question):
            parts[number] = part
    whole = [number for number, part in parts.items() if part == columns[number]]
    if len(whole) == 1:
        return whole[0]
    held = {
        # Of 护理费失能 and 护理费半失能 the first is all said.
        number: (
            len(part),
            _is_price(columns[number], rest),
            _held(columns[number], rest),
            all(char in rest for char in columns[number]),
        )
        for number, part in parts.items()
    }
    best = max(parts, key=held.__getitem__, default=0)
    # What names another column, too, the best one is called by as well, and by more: 每月 of 每月标准调整后, 原标准 of
    # 坪溪县原标准; 2024年11月以前 is of 2024年11月1日以前, not of 2024年11月1日起.
    rivals = [
        number
        for number, part in parts.items()
        if number != best and not (part in columns[best] and held[number] < held[best])
    ]
    return best if best and not rivals else None


def _in_chinese(question: str) -> str:
    """Return a question in which whom or what a price is for is told in Chinese, too: adult, of 成人."""
    return "".join([question, *(f" {name}" for asked, name in _IN_ENGLISH if asked.search(question))])


def _telephone_named(question: str, row: Row) -> int | None:
    """Return the one column of telephones where a question asks for one in any word: 手机 for 网格员电话."""
    if not _TELEPHONE.search(question) or _PERSON_ASKED.search(question):
        return None
    columns = [joined(cell.column) for cell in row.cells]
    own = [n for n, column in enumerate(columns) if n > row.key and _TELEPHONE.search(column)]
    return own[0] if len(own) == 1 and _OF_A_TELEPHONE.sub("", columns[own[0]]) in question else None


def names_a_deputy(question: str, row: Row) -> bool:
    """Return whether a question names the deputy of whom a column names, and no column or figure is of the deputy."""
    columns = [joined(cell.column) for cell in row.cells[row.key + 1 :]]
    asked = joined(question)
    deputies = {f"副{name}" for name in columns if len(name) >= LEAST and f"副{name}" in asked}
    told = [joined(f"{cell.column} {cell.text}") for cell in row.cells if _DIGIT.search(cell.text)]
    return bool(deputies) and not any(name in words for name in deputies for words in [*columns, *told])


def column_of_the_unit(question: str, row: Row, place: int) -> int | None:
    """Return the one cell in the unit that a question names (多少元, 每人每月), the one found being in another.

    None for other questions, and where no cell or several are in that unit.
    """
    asked = _UNIT_ASKED.search(question)
    if not asked or place <= row.key or _unit_of(row.cells[place]) in ("", asked["unit"]):
        return None
    found = [n for n, cell in enumerate(row.cells) if n > row.key and _unit_of(cell) == asked["unit"]]
    return found[0] if len(found) == 1 else None


def column_of_the_group(question: str, row: Row, place: int) -> int | None:
    """Return the column of the same thing under the group that a question names, where that found is under another.

    Example: 绿色通道案件期限 for 一般案件期限. None for other questions, and where several columns are.
    """
    columns = [joined(_BRACKETS.sub("", cell.column)) for cell in row.cells]
    found, asked = columns[place], joined(question)
    called: dict[int, int] = {}
    for number, column in enumerate(columns[row.key + 1 :], start=row.key + 1):
        end = len(commonprefix([column[::-1], found[::-1]]))
        groups = column[: len(column) - end], found[: len(found) - end]
        start, stop = shared(groups[1], asked)
        other = bool(groups[1]) and (stop - start >= LEAST or groups[1] in asked)
        named = len(groups[0]) >= LEAST and groups[0] in asked and not other
        # 登记费 tells not 登记费住宅 from 登记费非住宅.
        if end >= LEAST and named and has_han(groups[0]) and not groups[1].startswith(groups[0]):
            called[number] = len(groups[0])
    best = [number for number, length in called.items() if length == max(called.values())]
    return best[0] if len(best) == 1 else None


def _unit_of(cell: Cell) -> str:
    """Return the unit of a cell's figure as it is written, 万元 apart from 元; empty where there is no figure."""
    figure = cell.figure
    if not figure:
        return ""
    written = WRITTEN_UNIT.search(normalise(cell.said))
    return written[0] if written else figure.unit or cell.unit


def _column_marked(question: str, row: Row) -> int | None:
    """Return the one column of what is left, of those from elsewhere, or of the first run, asked for in other words.

    还剩几个 asks for 空余座位 and not for 总座位, 外地游客 for 非本市居民, 头班车 for 首班.
    """
    for asked, told in _MARKED:
        found = [n for n, cell in enumerate(row.cells) if n > row.key and told.search(cell.column)]
        if asked.search(question) and len(found) == 1:
            return found[0]
    return None


def _is_told(cell: str, part: str, question: str) -> bool:
    """Return whether a question tells what a cell says, so that it asks for another column: a limit, or 星期六.

    `part` is what it holds of the column's name, and holds only there.
    """
    words, asked = plain(cell), plain(question)
    if len(words) < LEAST or words not in asked:
        return False
    return bool(_LIMIT.search(cell)) or (part in words and part not in asked.replace(words, _TAKEN))


def _denies(column: str, part: str) -> bool:
    """Return whether the name of a column denies what a question holds of it: 非居民 for 居民."""
    before = column.partition(part)[0]
    return bool(part) and before.endswith(("非", "未", "无", "不"))


def _is_price(column: str, question: str) -> bool:
    """Return whether a question asks for a price and a column tells one: 气价 is of 恒暖价格, not of 恒暖年用气量."""
    return bool(_PRICE.search(question) and _PRICE.search(column))


def column_of_noun(noun: str, columns: Sequence[str], *, to_the_end: bool = False) -> int | None:
    """Return the first column that a noun calls: 岗 of 岗位, 镇 of 乡镇; None where it calls none.

    `to_the_end` takes only a part that says what the noun is: a 培训班 is no 培训地点.
    """
    begins = (n for n, column in enumerate(columns) if len(noun) >= LEAST and noun[:LEAST] in column)
    shares = (n for n, column in enumerate(columns) if _shares(column, noun, to_the_end=to_the_end))
    # 人 is not 人员类别.
    alone = (n for n, column in enumerate(columns) if noun[0] == column[-1:] or noun[0] == column[:-1])
    every = (shares,) if to_the_end else (begins, alone, shares)
    return next((place for places in every for place in places), None)


def _shares(column: str, noun: str, *, to_the_end: bool) -> bool:
    start, end = shared(column, noun)
    return end - start >= LEAST and (end == len(noun) or not to_the_end)


def _held(column: str, question: str) -> int:
    """Return how much of a column's name a question holds: characters in their order, and those beside each other."""
    blocks = SequenceMatcher(None, column, question, autojunk=False).get_matching_blocks()
    beside: set[int] = set()
    for place in range(len(column) - LEAST + 1):
        if column[place : place + LEAST] in question:
            beside.update(range(place, place + LEAST))
    return sum(block.size for block in blocks) + len(beside)
