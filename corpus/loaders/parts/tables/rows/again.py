"""Names of columns that stand again below the first ones: of a page typed anew, or of another table."""

import re
from collections.abc import Sequence

from corpus.loaders.parts.tables.frame import stands_alone
from corpus.loaders.parts.tables.grid import Grid, Row, distinct
from corpus.loaders.parts.tables.header import header_rows
from corpus.loaders.parts.tables.kinds import FIGURES, Kind, kind

_LEAST_ROWS, _LEAST_NAMES = 2, 2
_TYPED_AGAIN = re.compile(r"[（(【\[]\s*(?:续|接上)(?:上?[表页])?[一二三四五六七八九\d]*[）)】\]]$")


def names_again(rows: Sequence[Row], first: int, row: int) -> bool:
    """Return whether a row names columns anew: another word over the first one, another's own name again, no figure.

    The first column holds nothing but codes or figures above, and below the row, too.
    """
    texts = [cell.text for cell in rows[row]]
    if len(set(filter(None, texts))) < _LEAST_NAMES or any(
        kind(text) not in (Kind.WORDS, Kind.NOTHING) for text in texts
    ):
        return False
    top = next((at for at in range(first, row) if len(list(distinct(rows[at]))) > 1), row)
    names = [cell.text for cell in rows[top]] if row - top > 1 else []
    again = [at for at, (own, name) in enumerate(zip(texts, names, strict=False)) if own and own == name]
    beside = [*rows[top + 1 : row], *rows[row + 1 : row + 2]]
    codes = all(kind(one[0].text) in (*FIGURES, Kind.PERIOD) for one in beside)
    return bool(again) and 0 not in again and codes and row + 1 < len(rows)


def typed_once(block: Grid) -> tuple[Row, ...]:
    """Return the rows without a title and names of columns that somebody has typed again where a page begins."""
    first = next((row for row in range(len(block.rows)) if not stands_alone(block, row)), 0)
    names = [cell.text for cell in block.rows[first]] if len(block.rows) > first + _LEAST_ROWS else []
    again = [row for row in range(first + 1, len(block.rows)) if names == [cell.text for cell in block.rows[row]]]
    if not again or len(set(names)) < _LEAST_ROWS or header_rows(Grid(block.rows[first:])) != 1:
        return block.rows
    titles = {_closed(stands_alone(block, row)) for row in range(first)}
    left_out: set[int] = set()
    for row in again:
        top = row
        while stands_alone(block, top - 1):
            top -= 1
        above = [_closed(stands_alone(block, at)) for at in range(top, row)]
        if all(text in titles or _TYPED_AGAIN.search(text) for text in above):
            left_out.update(range(top, row + 1))
    return tuple(row for number, row in enumerate(block.rows) if number not in left_out)


def _closed(text: str) -> str:
    return "".join(text.split())
