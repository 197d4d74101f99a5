"""Units of figures as tables state them: in brackets behind a name, or for a whole table above it."""

import re

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
