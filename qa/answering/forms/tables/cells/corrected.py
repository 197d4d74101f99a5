"""Puts the answer of a notice of correction into the column of what holds: 更正后, not 原公告内容."""

import re
from dataclasses import replace

from qa.answering.forms.tables.reading import Row
from qa.answering.reader.base import Finding

_CORRECTED = "(?:更正|变更|修改|修正|修订|勘误|澄清|改正)"
_FORMER = re.compile(f"^原(?!因|产|籍|料|件|[材则])|{_CORRECTED}(?:之)?前")
_PRESENT = re.compile(f"{_CORRECTED}(?:之)?[后为]|^[应]?改为|^现(?![场金状住职任])")
# What was before, or both.
_ASKS_FORMER = re.compile(
    "原来|原先|原定|原本|原公告|原[价文]|本来|起初|当初|之前|以前|[正更改订误清]前|从.*[改变调降涨]|相[差比]|[差少多]了|比|分别|变化|哪些"
)


def as_corrected(question: str, finding: Finding, row: Row) -> Finding:
    """Return a finding with what a correction puts in place of the answer found, unless that is asked for itself."""
    short = finding.short
    former = [cell for cell in row.cells[row.key + 1 :] if _FORMER.search(cell.column)]
    present = [cell for cell in row.cells[row.key + 1 :] if _PRESENT.search(cell.column)]
    if not short or len(former) != 1 or len(present) != 1 or former == present or _ASKS_FORMER.search(question):
        return finding
    return replace(finding, short=present[0].span) if short.overlaps(former[0].span) and present[0].text else finding
