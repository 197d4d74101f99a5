"""Units of figures as tables state them: in brackets behind a name, or for a whole table above it."""

import re
from collections.abc import Sequence

# Alone or per something: 元, 万元, 元/平方米.
MEASURE = (
    r"(?:[%％‰]|[十百千万亿]*(?:美元|欧元|元|人次|人天|人|户|个|吨|公里|千米|厘米|毫米|平方公里|平方千米|㎡|㎥|平方米|立方米|方|米|里|"
    r"公顷|亩|千克|公斤|克|毫升|升|千瓦时|千瓦|兆瓦|度|家|所|张|件|台|辆|套|次|天|日|岁|周岁|年|个?月|小时|分钟|秒|名|位|对|只|头|株|"
    r"册|篇|项|处|座|间|床|宗|批|期|场|人年|标准煤|百分点|倍|分)?(?:[/／·每](?:[\u4e00-\u9fff㎡㎥]{1,4}))*)"
)
# Units that begin as a multiplier does: 15千瓦时 are 15 of them, no 15,000.
MULTIPLES = r"(?:千(?:瓦|伏|克|米|卡(?!片)|焦|帕|赫|字)|百(?:帕|分点))"
_OF_A_TABLE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:计量|金额|货币)?单位\s*[：:]\s*((?:{MEASURE})(?:\s*[、,，/和]\s*(?:{MEASURE}))*)\s*(?=$|[)）】\]；;\s])"
)

# Behind the unit of a table that of one kind of its columns: （单位：吨；产值：万元）.
_OF_COLUMNS = re.compile(
    rf"[；;，,、]\s*(?P<name>[\u4e00-\u9fff]{{2,6}})(?:的?单位)?\s*[：:为]\s*(?P<unit>{MEASURE})"
    r"\s*(?=$|[)）】\]；;，,])"
)


def unit_of(text: str) -> str:
    """Return the unit that a line states for a whole table, as 单位：万元; empty if it states none."""
    found = _OF_A_TABLE.search(text)
    return found[1].strip() if found else ""


def units_of_columns(text: str) -> dict[str, str]:
    """Return the units that a line states for columns, by a word of their names, behind the unit of the whole table."""
    found = _OF_A_TABLE.search(text)
    others = _OF_COLUMNS.finditer(text, found.end(1)) if found else ()
    return {match["name"]: match["unit"] for match in others if match["unit"]}


# What columns are called whose figures are in a unit, where a table states several units: 单位：公里、万元.
_MEASURED_IN = (
    (re.compile(r"公里|千米|米|里"), r"里程|长度|全长|总长|距离|路程|管长"),
    (re.compile(r"[十百千万亿]*元"), r"资金|金额|投资|经费|收入|支出|费|价|款|补助|补贴|产值|造价|预算|决算|税"),
    (re.compile(r"[万]?(?:亩|公顷|平方米|平方公里|㎡)"), r"面积"),
    (re.compile(r"[万]?(?:吨|公斤|千克|斤)"), r"产量|重量|销量|用量"),
    (re.compile(r"[万]?(?:人次|人|名)"), r"人数|人口|人次|人员"),
    (re.compile(r"[万]?户"), r"户数"),
)
_NAMES_BETWEEN = re.compile(r"\s*[、,，/和]\s*")


def units_by_name(unit: str, names: Sequence[str]) -> dict[str, str]:
    """Return the units that a table states together, each by the names of its columns; empty where that is not sure.

    Each unit is of some columns, and no column is of two.
    """
    units = _NAMES_BETWEEN.split(unit)
    found: dict[str, str] = {}
    for one in units if len(units) > 1 else ():
        calls = next((calls for of, calls in _MEASURED_IN if of.fullmatch(one)), "")
        own = [name for name in names if calls and re.search(calls, name)]
        if not own or found.keys() & set(own):
            return {}
        found.update(dict.fromkeys(own, one))
    return found
