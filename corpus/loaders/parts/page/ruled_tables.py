"""Tables drawn by rules: cells between rules, merged where no rule separates them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.loaders.parts.layout.lines import Drawn, joined
from corpus.loaders.parts.page.drawing import MOST_RULES, NEAR, Drawing, Rule, places
from corpus.loaders.parts.page.open_tables.cell_lines import cell_on_page, margin
from corpus.loaders.parts.page.open_tables.spaced import joined_boxes
from corpus.loaders.parts.page.open_tables.unmerged import Mark, is_turned, lines_of, opened, reach_over
from corpus.loaders.parts.tables.grid import EMPTY, Cell, Grid, Row

_TOUCHING = 4.0  # points: gap of rules that still touch
_SAME_COLUMN = 6.0  # points between the rules of one table on two pages
_MOST_CELLS = 20_000
_LEAST_CELLS = 4
_MOST_JOINED = 60  # columns of which words are looked for between them


@dataclass(slots=True, eq=False)
class RuledTable:
    """Cells between the rules at `xs` and `ys`; `cell_of` numbers the cell of each field, equal for merged fields.

    `shaded` says that colours alone show its columns.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cell_of: tuple[tuple[int, ...], ...]
    shaded: bool = False
    begun: bool = False
    _marks: dict[int, list[Mark]] = field(default_factory=dict)
    _last: list[Mark] = field(default_factory=list)

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def add(self, mark: Mark) -> None:
        """Add a character to the cell around its middle."""
        column = min(bisect_right(self.xs, (mark.left + mark.right) / 2) - 1, len(self.xs) - 2)
        row = min(bisect_right(self.ys, mark.middle) - 1, len(self.ys) - 2)
        self._last = self._marks.setdefault(self.cell_of[row][column], [])
        self._last.append(mark)
        self.begun = True

    def space(self, character: str = " ") -> None:
        """Add a blank after the last character."""
        if self._last:
            self._last.append(self._last[-1]._replace(character=character))

    def is_readable(self) -> bool:
        """Return whether its cells can be told where rules between them are left out."""
        return opened(self.xs, self.cell_of, self._marks, free=self._free()) is not None

    def holds_words(self) -> bool:
        """Return whether at least half of its fields hold upright words; coloured fields of a chart do not."""
        turned = sum(is_turned(marks) for marks in self._marks.values())
        fields = [cell for row in self.cell_of for cell in row]
        return 2 * turned <= len(self._marks) and 2 * sum(cell in self._marks for cell in fields) >= len(fields)

    def joined_by_words(self) -> "RuledTable":
        """Return the table, without words, with one cell in place of those of a row that words reach over."""
        fields = [list(row) for row in self.cell_of] if len(self.xs) <= _MOST_JOINED else []
        for row, own in enumerate(fields):
            marks = [mark for cell in set(own) for mark in self._marks.get(cell, ()) if not mark.character.isspace()]
            for column in range(1, len(own)):
                if own[column] != own[column - 1] and reach_over(marks, self.xs[column]):
                    gone, kept = own[column], own[column - 1]
                    fields[row] = own = [kept if cell == gone else cell for cell in own]
        return RuledTable(self.xs, self.ys, tuple(map(tuple, fields)) or self.cell_of, self.shaded)

    def with_rows(self, above: Sequence[float], below: Sequence[float]) -> "RuledTable":
        """Return the table, without words, with rows up to places above it and down to places below it."""
        width = len(self.xs) - 1
        ys, fields = list(self.ys), [list(row) for row in self.cell_of]
        for edge in (*above, *below):
            free = max(cell for row in fields for cell in row) + 1
            at = 0 if edge < ys[0] else len(ys)
            ys.insert(at, edge)
            fields.insert(at, list(range(free, free + width)))
        return RuledTable(self.xs, tuple(ys), tuple(map(tuple, fields)), self.shaded)

    def goes_on(self, below: Drawn) -> bool:
        """Return whether a table that begins the next page lies between the same rules."""
        if not isinstance(below, RuledTable) or len(self.xs) != len(below.xs):
            return False
        return all(abs(a - b) < _SAME_COLUMN for a, b in zip(self.xs, below.xs, strict=True))

    def words(self) -> str:
        """Return all words of the table."""
        return " ".join(_words(marks) for marks in self._marks.values())

    def _free(self) -> float:
        """Return how far words stand from the sides of their cells, in points."""
        sides = self._sides()
        lines = ((sides[number], line) for number, marks in self._marks.items() for line in lines_of(marks))
        return margin((line.left - left, right - line.right, line) for (left, right), line in lines)

    def _cells(self, page: int, free: float) -> dict[int, Cell]:
        """Return the cells that hold words, by number."""
        sides = self._sides()
        lines = {number: lines_of(marks) for number, marks in self._marks.items()}
        widest: dict[tuple[float, float], tuple[float, float]] = {}
        for number, own in lines.items():
            at = sides[number]
            left, right = widest.get(at, (at[0] + free, at[1] - free))
            widest[at] = min([left, *(line.left for line in own)]), max([right, *(line.right for line in own)])
        return {number: cell_on_page(own, widest[sides[number]], page=page) for number, own in lines.items()}

    def _sides(self) -> dict[int, tuple[float, float]]:
        """Return where each cell begins and ends."""
        found: dict[int, tuple[float, float]] = {}
        for row in self.cell_of:
            for column, cell in enumerate(row):
                left, _ = found.get(cell, (self.xs[column], 0.0))
                found[cell] = min(left, self.xs[column]), self.xs[column + 1]
        return found

    def grid(self, page: int) -> Grid:
        """Return the table as a grid without empty rows and columns; `page` counts from 0."""
        free = self._free()
        cells = self._cells(page, free)
        apart = opened(self.xs, self.cell_of, self._marks, free=free) or {}
        rows: list[Row] = []
        for number, fields in enumerate(self.cell_of):
            usual = [cells.get(cell, EMPTY) for cell in fields]
            rows += [_opened(usual, own, page) for own in apart.get(number, [[]])]
        rows = [row for row in rows if any(cell.text for cell in row)]
        filled = [any(row[column].text for row in rows) for column in range(len(self.xs) - 1)]
        # A narrow blank column may part two tables, which their words tell.
        kept = [at for at, own in enumerate(filled) if own or (any(filled[:at]) and any(filled[at:]))]
        return Grid(tuple(tuple(row[column] for column in kept) for row in rows))


def _opened(usual: Sequence[Cell], own: Iterable[tuple[range, Cell]], page: int) -> Row:
    """Return a row of cells with its own words in some columns."""
    row = list(usual)
    for at, cell in own:
        row[at.start : at.stop] = [replace(cell, page=page) if cell.text else EMPTY] * len(at)
    return tuple(row)


def _words(marks: Iterable[Mark]) -> str:
    """Return the lines of a cell as one text."""
    return joined([line.text for line in lines_of(marks)])


def ruled_tables(drawn: Drawing) -> list[RuledTable]:
    """Return the tables of a page from the top; empty if rules are too few, or more than any table has."""
    down = (*drawn.down, *drawn.shades)
    if not drawn.across or not down or len(drawn.across) + len(down) > MOST_RULES:
        return []
    boxes = [table for group in _connected(drawn.across, down) if (table := _table(*group))]
    tables = [RuledTable(*box) for box in joined_boxes((box.xs, box.ys, box.cell_of) for box in boxes)]
    for table in tables:
        inner = table.xs[1:-1]
        ruled = [rule.at for rule in drawn.down if rule.start < table.ys[-1] and rule.end > table.ys[0]]
        table.shaded = 2 * sum(any(abs(x - at) <= NEAR for at in ruled) for x in inner) < len(inner)
    return sorted(tables, key=lambda table: (table.ys[0], table.xs[0]))


def _connected(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield groups of rules that touch one another."""
    free = sorted(down, key=lambda rule: rule.start)
    left = sorted(across, key=lambda rule: rule.at)
    while left:
        ours, theirs = [left.pop(0)], list[Rule]()
        waiting: list[tuple[Rule, bool]] = [(ours[0], True)]
        while waiting:
            rule, horizontal = waiting.pop()
            others = free if horizontal else left
            touching = [other for other in others if _touch(rule, other)]
            for other in touching:
                others.remove(other)
                (theirs if horizontal else ours).append(other)
                waiting.append((other, not horizontal))
        if theirs:
            yield ours, theirs


def _touch(one: Rule, other: Rule) -> bool:
    """Return whether two rules of different directions meet."""
    return (
        one.start - _TOUCHING <= other.at <= one.end + _TOUCHING
        and other.start - _TOUCHING <= one.at <= other.end + _TOUCHING
    )


def _table(across: Sequence[Rule], down: Sequence[Rule]) -> RuledTable | None:
    # A table may be open at its sides.
    xs = places([*(rule.at for rule in down), min(rule.start for rule in across), max(rule.end for rule in across)])
    ys = places([*(rule.at for rule in across), min(rule.start for rule in down), max(rule.end for rule in down)])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 2 or not _LEAST_CELLS <= height * width <= _MOST_CELLS:
        return None
    cell_of = [[row * width + column for column in range(width)] for row in range(height)]
    for row in range(height):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(width):
            centre = (xs[column] + xs[column + 1]) / 2
            if column and not _parts(down, xs[column], middle):
                cell_of[row][column] = cell_of[row][column - 1]
            elif row and not _parts(across, ys[row], centre):
                cell_of[row][column] = cell_of[row - 1][column]
    if len({number for row in cell_of for number in row}) < _LEAST_CELLS:
        return None
    return RuledTable(tuple(xs), tuple(ys), tuple(map(tuple, cell_of)))


def _parts(rules: Sequence[Rule], at: float, along: float) -> bool:
    return any(abs(rule.at - at) <= NEAR and rule.start - NEAR <= along <= rule.end + NEAR for rule in rules)
