"""What stands around a table: its title, the unit of its figures, notes below."""

import re

from corpus.loaders.parts.tables.grid import Grid, distinct
from corpus.loaders.parts.tables.kinds import MEASURE

_UNIT = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:计量|金额|货币)?单位\s*[：:]\s*((?:{MEASURE})(?:\s*[、,，/和]\s*(?:{MEASURE}))*)\s*(?=$|[)）】\]；;\s])"
)
_NOTE = re.compile(r"(?:[*※]|(?:备?注|说明|附注|数据来源|资料来源|来源)\s*\d*\s*[：:]|\d+[.、．]|[（(]?注\d*[）)]?)")
_NO_TITLE = re.compile(
    r"附件\s*\d*[：:]?$|(?:填报|编制|制表|主管|报送)|.{0,6}(?:日期|时间|单位)\s*[：:]|\d{4}年\d{1,2}月(?:\d{1,2}日)?$"
)
_TITLE = re.compile(
    r"(?:续?(?:附表|表)\s*[\d一二三四五六七八九十]|.*(?:表|一览|名单|目录|清单|统计|情况|标准|明细|汇总|公示|名录|概况|指标|计划|安排)(?:[（(].*[）)])?$)"
)
LONGEST_TITLE = 60


def unit_of(text: str) -> str:
    """The unit that a line states for a whole table, empty when it states none: 单位：万元."""
    found = _UNIT.search(text)
    return found[1].strip() if found else ""


def is_note(text: str) -> bool:
    """Whether words below a table are a note on it."""
    return bool(_NOTE.match(text))


def is_title(text: str) -> bool:
    """Whether words above a table may be its title; of a cell that stands alone over it this is all that is asked."""
    return 1 < len(text) <= LONGEST_TITLE and not text.endswith(("。", "；", "，")) and not _NO_TITLE.match(text)


def titles_a_table(text: str) -> bool:
    """Whether a paragraph before a table is its title, and not a text that goes on below it."""
    return is_title(text) and not text.endswith(("：", ":")) and bool(_TITLE.match(text))


def stands_alone(grid: Grid, row: int) -> str:
    """The words of a row that holds one cell only; empty when it holds more, or nothing."""
    cells = list(distinct(grid.rows[row]))
    return cells[0].text if len(cells) == 1 else ""


def is_lead(grid: Grid, row: int) -> bool:
    """Whether a row above the header is part of none: one cell, or a few of which one states the unit."""
    cells = list(distinct(grid.rows[row]))
    if len(cells) == 1:
        return True
    return 1 < len(cells) <= 3 and any(unit_of(cell.text) or _NO_TITLE.match(cell.text) for cell in cells)
