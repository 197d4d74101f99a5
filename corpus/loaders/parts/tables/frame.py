"""The surroundings of a table: its title, the unit of its figures, notes below."""

import re

from corpus.loaders.parts.tables.grid import Grid, distinct
from corpus.text.measures import MEASURE, unit_of

_IN_BRACKETS = re.compile(rf"[（(]\s*(?=[^）)\s])({MEASURE})\s*[）)]$")
_NOTE = re.compile(r"(?:[*※]|(?:备?注|说明|附注|数据来源|资料来源|来源)\s*\d*\s*[：:]|\d+[.、．]|[（(]?注\d*[）)]?)")
_NO_TITLE = re.compile(
    r"附件\s*\d*[：:]?$|(?:填报|编制|制表|主管|报送)|.{0,6}(?:日期|时间|单位)\s*[：:]|\d{4}年\d{1,2}月(?:\d{1,2}日)?$"
)
_TITLE = re.compile(
    r"(?:续?(?:附表|表)\s*[\d一二三四五六七八九十]|.*(?:表|一览|名单|目录|清单|统计|情况|标准|明细|汇总|公示|名录|概况|指标|计划|安排)(?:[（(].*[）)])?$)"
)
_LABELLED = re.compile(r"[\u4e00-\u9fff（）()、 ]{2,12}[：:]")
LONGEST_TITLE = 60
_MOST_OF_TITLE = 3  # lines


def unit_in_title(title: str) -> str:
    """Return the unit in brackets at the end of a table's title: 月度用电量（万千瓦时）; empty without one."""
    found = _IN_BRACKETS.search(title)
    return found[1] if found else ""


def is_note(text: str) -> bool:
    """Return whether words below a table are a note on it."""
    return bool(_NOTE.match(text))


def is_title(text: str) -> bool:
    """Return whether words above a table may be its title. A cell that stands alone over it needs no more than this."""
    return 1 < len(text) <= LONGEST_TITLE and not text.endswith(("。", "；", "，")) and not _NO_TITLE.match(text)


def titles_a_table(text: str) -> bool:
    """Return whether a paragraph before a table is its title, and not text that continues below it."""
    return is_title(text) and not text.endswith(("：", ":")) and bool(_TITLE.match(text))


def stands_alone(grid: Grid, row: int) -> str:
    """Return the words of a row with a single cell; empty for any other row."""
    cells = list(distinct(grid.rows[row]))
    return cells[0].text if len(cells) == 1 else ""


def title_of_cover(grid: Grid) -> str:
    """Return the title that the first lines of a cover say together, office and name; empty where they say none."""
    lines: list[str] = []
    for row in range(len(grid.rows)):
        if not any(distinct(grid.rows[row])) and not lines:
            continue
        words = stands_alone(grid, row)
        if not words or _LABELLED.match(words) or not is_title(words):
            break
        lines.append(words)
    title = "".join(lines)
    return title if len(lines) <= _MOST_OF_TITLE and is_title(title) and _TITLE.match(title) else ""


def is_signed(grid: Grid, row: int) -> bool:
    """Return whether a row says who answers for the table: 审核人：王某, 填表人：李某."""
    cells = list(distinct(grid.rows[row]))
    return len(cells) > 1 and all(_LABELLED.match(cell.text) for cell in cells)


def is_lead(grid: Grid, row: int) -> bool:
    """Return whether a row belongs above the header: one cell, or a few of which one states the unit."""
    cells = list(distinct(grid.rows[row]))
    if len(cells) == 1:
        return True
    return 1 < len(cells) <= 3 and any(unit_of(cell.text) or _NO_TITLE.match(cell.text) for cell in cells)
