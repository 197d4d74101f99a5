"""Tables as lines that can be quoted: each row names its cells by the words above them."""

import re
from collections.abc import Sequence

_FIGURE = re.compile(r"\d")
_FAQ = re.compile(r"(?:常见)?(?:问题|提问|问)\|(?:答案|答复|回答|解答|回复|答)")


def table_lines(rows: Sequence[Sequence[str]], *, header: bool = False) -> list[str]:
    """A line a row: 项目：华峰；投资：30万元。 A title over the table stays a line of its own.

    `header` says that the first row is known to name the columns; otherwise it is told from the cells.
    """
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    width = max((len(row) for row in cells), default=0)
    cells = [row + [""] * (width - len(row)) for row in cells]
    lines: list[str] = []
    while width > 1 and len(cells) > 1 and sum(map(bool, cells[0])) == 1:
        lines.append(next(filter(None, cells.pop(0))))
    if not cells:
        return lines
    if len(cells) > 1 and width > 1 and (header or _names_columns(cells)):
        names = cells.pop(0)
        return lines + [_row([_named(name, cell) for name, cell in zip(names, row, strict=True)]) for row in cells]
    if width == 2:
        return lines + [_row([_named(*row)]) for row in cells]
    return lines + [_row(row) if sum(map(bool, row)) > 1 else "".join(row) for row in cells]


def _names_columns(cells: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: full of different words. Two columns may also be names and their values."""
    first, rest = cells[0], cells[1:]
    if _FAQ.fullmatch("|".join(first)):
        return True
    figures = sum(bool(_FIGURE.search(cell)) for cell in first)
    if not all(first) or len(set(first)) < len(first) or _FIGURE.search(first[0]) or figures > len(first) // 2:
        return False
    return len(first) > 2 or (not figures and len(rest) > 1 and all(_FIGURE.search(row[1]) for row in rest))


def _named(name: str, cell: str) -> str:
    return f"{name.rstrip('：:')}：{cell}" if name and cell and name != cell else cell or ""


def _row(cells: Sequence[str]) -> str:
    text = "；".join(cell.rstrip("；;。") for cell in cells if cell)
    return f"{text}。" if text else ""
